"""Scoring in a browser: a sheet that saves itself and is given, the line cut in between; a scenario from end to end."""

from __future__ import annotations

import re

from browser.conftest import Visit, axe, no_sideways_scroll
from playwright.sync_api import Page, expect

CODES = ("treaty-body-overlap", "high-commissioner-letter", "national-systems", "sdg-alignment", "gender-perspective")
SHEET, OTHER, NO_SCRIPT = (f"/UPR/scoring/sheets/2020-1-{number}" for number in ("027", "028", "026"))


def look(page: Page, *widths: int) -> None:
    """What every page must be, at each of these widths."""
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        axe(page)
        no_sideways_scroll(page)
    page.set_viewport_size({"width": 1280, "height": 900})


def fill(page: Page, code: str, step: str) -> None:
    page.locator(f'input[name="{code}.step"][value="{step}"]').check()
    page.locator(f'textarea[name="{code}.reason"]').fill(f"Because of what stands there: {step}.")
    apart = page.locator(f'textarea[name="{code}.apart"]')
    if apart.is_visible():
        apart.fill("What was counted is not what matters here.")


def test_a_sheet_saves_itself_survives_the_line_and_is_given(visit: Visit) -> None:
    page = visit("reviewer", "/UPR/scoring/mine")
    look(page, 1280, 360)
    page.locator(f'a[href$="{SHEET}"]').click()
    look(page, 1280, 820, 360)
    fill(page, CODES[0], "4")
    expect(page.locator("[data-total]")).to_have_text("100.00")
    expect(page.locator("[data-draft-said]")).to_contain_text("Saved at", timeout=8_000)
    page.context.set_offline(True)
    fill(page, CODES[1], "2")
    expect(page.locator("[data-draft-said]")).to_contain_text("Not sent yet", timeout=8_000)
    page.context.set_offline(False)
    expect(page.locator("[data-draft-said]")).to_contain_text("Saved at", timeout=15_000)
    page.reload()
    expect(page.locator(f'input[name="{CODES[1]}.step"][value="2"]')).to_be_checked()
    page.get_by_role("button", name="Give my sheet").click()
    expect(page.get_by_role("alert")).to_contain_text("blank is not zero")
    for code in CODES[2:]:
        fill(page, code, "3")
    total = page.locator("[data-total]").inner_text()
    page.get_by_role("button", name="Give my sheet").click()
    expect(page.get_by_text("Your sheet is given.")).to_be_visible()
    expect(page.locator(".app-table__total").first).to_contain_text(total)
    look(page, 1280, 360)
    ranking = visit("secretary", "/UPR/scoring/2020-1/ranking?q=2020-1-027")
    expect(ranking.get_by_role("row").filter(has_text="2020-1-027")).to_be_visible()


def test_a_sheet_by_keyboard_and_in_arabic(visit: Visit) -> None:
    page = visit("reviewer", OTHER, language="ar")
    look(page, 1280, 360)
    first = page.locator(f'input[name="{CODES[0]}.step"]').first
    first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(page.locator(f'input[name="{CODES[0]}.step"][value="3"]')).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.type("سبب يكفي للتقييم هنا")
    expect(page.locator("[data-draft-said]")).to_have_attribute("data-state", "Saved", timeout=8_000)


def test_a_sheet_without_scripts(visit: Visit) -> None:
    page = visit("reviewer", NO_SCRIPT, java_script_enabled=False)
    page.locator(f'input[name="{CODES[0]}.step"][value="1"]').check()
    page.get_by_role("button", name="Save and stop here").click()
    expect(page.get_by_text("Your sheet is saved.")).to_be_visible()
    page.locator(f'a[href$="{NO_SCRIPT}"]').click()
    expect(page.locator(f'input[name="{CODES[0]}.step"][value="1"]')).to_be_checked()


def test_a_scenario_from_its_limits_to_the_board(visit: Visit) -> None:
    page = visit("secretary", "/UPR/scoring/2020-1/scenarios/new")
    page.get_by_label("Name of the scenario").fill("One for each State")
    page.get_by_label("Envelope, in dollars").fill("700 000")
    page.get_by_label("At most so many proposals for one State").fill("1")
    page.get_by_label("Proposals that must be funded").fill("2020-1-003 2020-1-999")
    page.get_by_role("button", name="Solve and keep").click()
    expect(page.get_by_role("alert")).to_contain_text("2020-1-999")
    page.get_by_label("Proposals that must be funded").fill("2020-1-003")
    page.get_by_role("button", name="Solve and keep").click()
    expect(page.get_by_role("heading", name="One for each State")).to_be_visible()
    look(page, 1280, 360)
    page.get_by_role("link", name=re.compile("^What it would displace")).first.click()
    expect(page.get_by_text("What would change")).to_be_visible()
    page.get_by_role("button", name="Carry it to the Board").click()
    expect(page.get_by_text("for the Board", exact=True)).to_be_visible()
    page.goto(page.url.partition("/scenarios")[0] + "/scenarios")
    look(page, 1280, 360)
