"""A budget in a real browser: what it comes to as one types, in French and in Arabic, and without a script."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping

import pytest
from browser.conftest import ROOT, Site, Visit, axe, no_sideways_scroll
from playwright.sync_api import Page
from proposing import YEAR

NBSP = "\u00a0"


@pytest.fixture(scope="module")
def address(site: Site) -> str:
    """The budget of a proposal in which none is written."""
    environ = {**os.environ, "FUNDAPP_INSTANCE": site.folder, "FUNDAPP_DATABASE_URL": ""}
    environ |= {"FUNDAPP_MODE": "demonstration", "FUNDAPP_ORIGIN": site.address}
    environ["PYTHONPATH"] = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    command = [sys.executable, "-m", "browser.one_proposal"]
    ran = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr[-2000:]
    return f"/UPR/proposals/{ran.stdout.split()[-1]}/budget"


def fill(page: Page, row: int, **given: str) -> None:
    """Type into a line."""
    for name, text in given.items():
        field = page.locator(f"[name=lines-{row}-{'class' if name == 'kind' else name}]")
        if name in ("kind", "activity", "quarter"):
            field.select_option(text)
        else:
            field.fill("")
            field.press_sequentially(text)


def figures(page: Page, *names: str) -> list[str]:
    """What the page says a sum is, wherever it says it, once the script has added up."""
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    found = []
    for name in names:
        said = {text.replace(NBSP, " ") for text in page.locator(f'[data-sum="{name}"]').all_text_contents()}
        assert len(said) == 1, (name, said)
        found.append(said.pop())
    return found


CASES: Mapping[str, tuple[str, str, list[str]]] = {
    "fr": ("1 234,56", "2,5", ["3 086,40", "401,23", "3 487,63"]),
    "ar": ("١٢٣٤٫٥٦", "٢٫٥", ["3 086.40", "401.23", "3 487.63"]),
}


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_it_adds_up_as_one_types_and_the_server_says_the_same(visit: Visit, address: str, language: str) -> None:
    cost, many, whole = CASES[language]
    page = visit("field-officer", address, language, 360)
    fill(page, 0, kind="120", what="x", unit="y", unit_cost=cost, quantity=many, activity="A1", quarter=f"{YEAR}-Q2")
    names = ("direct", "support", "total")
    assert figures(page, *names) == whole
    assert figures(page, "activity:A1", f"quarter:{YEAR}-Q2", f"year:{YEAR}") == [whole[2]] * 3
    assert page.locator('[data-verdict="below"]:visible').count() == 2
    assert page.locator('[data-verdict="above"]:visible').count() == 0
    no_sideways_scroll(page)
    axe(page)
    page.locator(".app-lines-bar button").click()
    page.wait_for_selector(".app-banner--good")  # the script saves first, then the form goes
    assert figures(page, *names) == whole
    assert page.locator("[name=lines-0-unit_cost]").input_value().replace(NBSP, " ") == whole_cost(language)
    axe(page)
    no_sideways_scroll(page)


def whole_cost(language: str) -> str:
    return "1 234,56" if language == "fr" else "1 234.56"


def test_lines_come_and_go(visit: Visit, address: str) -> None:
    page = visit("field-officer", address)
    rows = page.locator("[data-rows] > [data-row]")
    before = rows.count()
    page.locator("[data-more]").click()
    assert rows.count() == before + 1
    assert page.evaluate("document.activeElement.name") == f"lines-{before}-class"
    fill(page, before, kind="010", what="Officer", grade="P-3", unit_cost="1000", quantity="2")
    assert not page.locator(f"[name=lines-{before}-unit]").is_visible()
    [with_it] = figures(page, "total")
    rows.nth(before).locator("[name=take-off]").click()
    assert rows.count() == before
    assert figures(page, "total") != [with_it]
    page.locator("[data-taken-off] button").click()
    assert rows.count() == before + 1 and figures(page, "total") == [with_it]


def test_it_is_written_without_a_script(visit: Visit, address: str) -> None:
    page = visit("field-officer", address, java_script_enabled=False)
    rows = page.locator("[data-rows] > [data-row]")
    before = rows.count()
    page.locator("[data-more]").click()
    assert rows.count() > before
    row = before - 1
    fill(page, row, kind="160", what="Trip", unit="trip", unit_cost="100", quantity="1")
    page.locator(f"[name=lines-{row}-unit]").press("Enter")  # saves, and takes nothing off
    assert page.locator(".app-banner--good").count() == 1
    assert page.locator("textarea", has_text="Trip").count() == 1
    page.locator("tr", has=page.locator("textarea", has_text="Trip")).locator("[name=take-off]").click()
    assert page.locator("textarea", has_text="Trip").count() == 0
