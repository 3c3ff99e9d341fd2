"""A document sent from a browser: over a line that breaks, after the page was loaded again, and without scripts."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browser.addresses import THIS_YEAR
from browser.conftest import Site, Visit, axe, no_sideways_scroll
from calls import fund, office
from playwright.sync_api import Page, Route, expect
from sending_documents import PDF, pdf_of

from fundapp.access.operations import Console
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.operations.writing import Beginning, begin_proposal
from fundapp.proposals.queries import named_call
from fundapp.web.assemble import create_app

SOON = 20_000  # milliseconds
KB = 1024
SENT = re.compile(r"/documents#kind-consent$")
Add = Callable[..., Page]


@pytest.fixture
def add(visit: Visit, site: Site) -> Iterator[Add]:
    """add(language="en", width=1280): the page on which the consent of a new draft is added."""
    kept = os.environ.get("FUNDAPP_INSTANCE")
    os.environ["FUNDAPP_INSTANCE"] = site.folder
    try:
        app = create_app(FUNDAPP_MODE="demonstration", TESTING=True)
    finally:
        os.environ.pop("FUNDAPP_INSTANCE") if kept is None else os.environ.update(FUNDAPP_INSTANCE=kept)

    def open_page(language: str = "en", width: int = 1280, **more: bool) -> Page:
        with app.app_context():
            call = named_call(db.session(), fund(), f"{THIS_YEAR}-1")
            with unit_of_work(Console()) as work:
                reference = begin_proposal(work, Beginning(call, office("WAFRICA")), "en").reference
            db.session.remove()
        return visit("field-officer", f"/UPR/proposals/{reference}/documents/add?kind=consent", language, width, **more)

    yield open_page
    with app.app_context():
        db.engine.dispose()


def choose(page: Page, path: Path) -> None:
    page.get_by_label("File", exact=True).set_input_files(path)
    page.get_by_role("button", name="Send the file").click()


def file_of(folder: Path, size: int, name: str = "letter.pdf") -> Path:
    path = folder / name
    path.write_bytes(pdf_of(size) if size > len(PDF) else PDF)
    return path


def test_a_file_goes_on_where_the_line_broke(add: Add, tmp_path: Path) -> None:
    """The second part breaks off twice, and the answer to the third is lost."""
    page = add()
    broken: list[str] = []
    offsets: list[str] = []

    def line(route: Route) -> None:
        offset = route.request.headers.get("upload-offset", "")
        if route.request.method != "PATCH":
            route.continue_()
            return
        offsets.append(offset)
        if offset == str(512 * KB) and broken.count(offset) < 2:
            broken.append(offset)
            route.abort("connectionreset")
        elif offset == str(1024 * KB) and offset not in broken:
            broken.append(offset)
            route.fetch()  # it arrives
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/documents/uploads/*", line)
    choose(page, file_of(tmp_path, 1800 * KB))
    expect(page.get_by_role("status")).to_have_text(re.compile("The line is down"))
    expect(page).to_have_url(SENT, timeout=SOON)
    expect(page.get_by_role("link", name="letter.pdf")).to_be_visible()
    assert offsets.count("0") == 1 and offsets.count(str(512 * KB)) == 3 and offsets.count(str(1536 * KB)) == 1
    assert len(broken) == 3


def test_a_line_on_which_nothing_moves_counts_as_down(add: Add, tmp_path: Path) -> None:
    page = add()
    page.clock.install()
    page.reload()
    page.route("**/documents/uploads/*", lambda route: None)  # neither an answer nor an end
    choose(page, file_of(tmp_path, 600 * KB))
    expect(page.get_by_text("Sending the file: 0 per cent").first).to_be_visible()
    page.clock.run_for(301_000)
    expect(page.get_by_role("status")).to_have_text(re.compile("The line is down"))
    page.unroute_all(behavior="ignoreErrors")
    page.clock.run_for(2_000)
    expect(page).to_have_url(SENT, timeout=SOON)


def test_it_goes_on_after_the_page_was_loaded_again(add: Add, tmp_path: Path) -> None:
    page, path = add(), file_of(tmp_path, 1800 * KB, "again.pdf")

    def line(route: Route) -> None:
        late = int(route.request.headers.get("upload-offset", "0")) >= 1024 * KB
        route.abort("internetdisconnected") if late else route.continue_()

    page.route("**/documents/uploads/*", line)
    choose(page, path)
    expect(page.get_by_role("status")).to_have_text(re.compile("The line is down"), timeout=SOON)
    page.unroute("**/documents/uploads/*")
    address = page.url
    page.goto(address.partition("/add")[0])
    expect(page.get_by_text("56 per cent are there")).to_be_visible()
    axe(page)
    page.goto(address)
    offsets: list[str] = []
    page.on("request", lambda sent: offsets.append(sent.headers.get("upload-offset", "")))
    choose(page, path)
    expect(page).to_have_url(SENT, timeout=SOON)
    assert str(1024 * KB) in offsets and "0" not in offsets
    expect(page.get_by_text("per cent are there")).to_have_count(0)


def test_a_lie_is_told_and_another_file_may_be_sent(add: Add, tmp_path: Path) -> None:
    page = add()
    lie = tmp_path / "letter.pdf"
    lie.write_bytes(b"<!doctype html><p>Hello")
    choose(page, lie)
    expect(page.get_by_role("status")).to_contain_text("letter.pdf is a page of the web (HTML or XML)", timeout=SOON)
    axe(page)
    page.get_by_label("File", exact=True).set_input_files(file_of(tmp_path, 0, "true.pdf"))
    page.locator("form[data-upload]").evaluate("form => form.requestSubmit()")  # a button takes no click twice a second
    expect(page).to_have_url(SENT, timeout=SOON)


def test_one_that_is_too_large_is_said_before_it_is_sent(add: Add, tmp_path: Path) -> None:
    page = add()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    choose(page, file_of(tmp_path, 26 * KB * KB, "large.pdf"))
    expect(page.get_by_role("status")).to_contain_text("at most 25 MB are taken")
    assert "POST" not in sent


def test_without_javascript(add: Add, tmp_path: Path) -> None:
    page = add(java_script_enabled=False)
    choose(page, file_of(tmp_path, 0, "plain.pdf"))
    expect(page).to_have_url(SENT)
    with page.expect_download() as found:
        page.get_by_role("link", name="plain.pdf").click()
    assert found.value.path().read_bytes() == PDF and found.value.suggested_filename == "plain.pdf"


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("width", [1280, 360])
def test_both_pages_are_for_everyone(add: Add, tmp_path: Path, language: str, width: int) -> None:
    page = add(language, width)
    for address in (page.url, page.url.partition("/add")[0]):
        page.goto(address)
        axe(page)
        no_sideways_scroll(page)
