"""A file of recommendations from the form to the register, in a browser, with JavaScript and without."""

from __future__ import annotations

import re
from pathlib import Path

from browser.conftest import Visit, axe, no_sideways_scroll
from lists import info
from playwright.sync_api import Page, expect
from sent import thematic

SEND, IMPORTS = "/recommendations/imports/send", "/recommendations/imports"
SOON = 20_000  # milliseconds


def choose(page: Page, path: Path) -> None:
    """Send a file by the form."""
    page.get_by_label("File", exact=True).set_input_files(path)
    page.get_by_role("button", name="Send the file").click()
    expect(page).to_have_url(re.compile(r"/recommendations/imports/files/\d+$"))


def test_a_file_is_read_looked_at_and_taken_in(visit: Visit, tmp_path: Path) -> None:
    page = visit("secretary", SEND)
    axe(page)
    choose(page, thematic(tmp_path / "a.docx"))
    expect(page.get_by_role("heading", name="Your decision")).to_be_visible(timeout=SOON)
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        axe(page)
        no_sideways_scroll(page)
    page.get_by_role("button", name="Take in 2 recommendations").click()
    expect(page.get_by_role("heading", name="It is in the register")).to_be_visible(timeout=SOON)
    page.get_by_role("link", name="Open the import").click()
    axe(page)
    page.get_by_role("link", name="Undo the import").click()
    axe(page)
    page.get_by_role("button", name="Undo the import").click()
    expect(page.get_by_role("heading", name="This import was undone")).to_be_visible()
    page.goto(page.url.partition("/recommendations")[0] + IMPORTS)
    axe(page)
    no_sideways_scroll(page)


def test_progress_is_seen_and_the_page_comes_by_itself(visit: Visit, tmp_path: Path) -> None:
    """A file of some length, whose reading takes longer than the first question of the script."""
    page = visit("secretary", SEND)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    choose(page, info(tmp_path / "long.csv", *({"Text": f"Do the {n}th thing"} for n in range(200_000))))
    bar = page.get_by_role("progressbar", name="Reading the file")
    expect(bar).to_be_visible()
    expect(page.locator("[data-progress-now]")).to_contain_text(re.compile(r"\d rows"), timeout=SOON)
    axe(page)
    expect(page.get_by_role("heading", name="Your decision")).to_be_visible(timeout=3 * SOON)
    assert any(address.endswith("/state") for address in asked)
    page.get_by_role("button", name="Leave it").click()
    expect(page.get_by_role("heading", name="The file was given up")).to_be_visible()


def test_without_javascript(visit: Visit, tmp_path: Path) -> None:
    page = visit("desk-officer", SEND, java_script_enabled=False)
    choose(page, thematic(tmp_path / "b.docx", "140.9 Go on (Iceland);"))
    expect(page.get_by_role("heading", name="Your decision")).to_be_visible(timeout=SOON)  # the page loads itself again
    page.get_by_role("button", name=re.compile("Take in")).click()
    expect(page.get_by_role("heading", name="It is in the register")).to_be_visible(timeout=SOON)


def test_a_file_too_large_is_said_before_it_is_sent(visit: Visit, tmp_path: Path) -> None:
    page = visit("secretary", SEND)
    page.evaluate("document.querySelector('[data-largest]').dataset.largest = '10'")
    page.get_by_label("File", exact=True).set_input_files(thematic(tmp_path / "a.docx"))
    expect(page.get_by_role("status")).to_contain_text("The file is too large")
    page.get_by_role("button", name="Send the file").click()
    expect(page).to_have_url(re.compile("/send$"))
