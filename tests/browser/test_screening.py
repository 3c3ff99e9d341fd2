"""A desk officer screens in a browser: one proposal from its arrival to the finding, another is returned."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta

import pytest
from browser.conftest import ROOT, Site, Visit, axe, no_sideways_scroll
from playwright.sync_api import Page, expect

from fundapp.kernel.clock import now

Arrive = Callable[[str], str]
# What lies in the instance of the site is written by a process of its own, through the same operations as a page.
ARRIVES = """
import sys
sys.path.insert(0, "tests")
from fundapp.web.assemble import create_app
with create_app(FUNDAPP_MODE="demonstration").app_context():
    from proposing import submitted
    print(submitted(sys.argv[1]).reference)
"""


@pytest.fixture
def arrive(site: Site) -> Arrive:
    """Have a proposal handed in to a call; its reference."""

    def made(call: str) -> str:
        environ = {**os.environ, "FUNDAPP_INSTANCE": site.folder, "FUNDAPP_DATABASE_URL": ""}
        done = subprocess.run(
            [sys.executable, "-c", ARRIVES, call], cwd=ROOT, env=environ, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout.split()[-1]

    return made


def look(page: Page) -> None:
    """What every page must be, wide and narrow."""
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 900})
        axe(page)
        no_sideways_scroll(page)
    page.set_viewport_size({"width": 1280, "height": 900})


def test_from_arrival_to_eligible(visit: Visit, arrive: Arrive) -> None:
    reference = arrive("2031-8")
    page = visit("desk-officer", f"/UPR/proposals/{reference}/screening")
    look(page)
    page.get_by_role("button", name="Start the screening").click()
    expect(page.get_by_role("heading", name="Screening")).to_be_visible()
    page.get_by_role("link", name="Questions and answers").first.click()
    page.get_by_label("About").select_option("budget")
    page.get_by_label("Question", exact=True).fill("Why so many days?")
    page.get_by_role("button", name="Ask").click()
    expect(page.get_by_text("waits for an answer")).to_be_visible()
    look(page)
    office = visit("head-of-office", f"/UPR/proposals/{reference}/questions")
    office.get_by_role("link", name=re.compile("^Answer")).click()
    office.get_by_label("Answer").fill("Two trainers.")
    office.get_by_role("button", name="Send the answer").click()
    expect(office.get_by_text("Two trainers.")).to_be_visible()
    look(office)
    page.get_by_role("link", name="Screening").first.click()
    page.get_by_role("button", name="Confirm all that the program sees fulfilled").click()
    expect(page.get_by_text("All points are marked.")).to_be_visible()
    look(page)
    page.get_by_role("link", name="Find it eligible").click()
    look(page)
    page.get_by_role("button", name=re.compile("eligible")).click()
    page.goto(page.url.partition("/UPR")[0] + f"/UPR/proposals/{reference}/screening")
    expect(page.locator(".app-head__sub")).to_contain_text("Eligible")


def test_a_return_with_a_deadline(visit: Visit, arrive: Arrive) -> None:
    reference = arrive("2031-9")
    page = visit("desk-officer", f"/UPR/proposals/{reference}/screening", java_script_enabled=False)
    page.get_by_role("button", name="Start the screening").click()
    page.locator("#gender-verdict-1").check()
    page.get_by_role("button", name="Save the marks").click()
    expect(page.get_by_role("alert")).to_contain_text("Say why the point is not fulfilled")
    page.locator("#gender-note").fill("Figures by sex are missing.")
    page.get_by_role("button", name="Save the marks").click()
    expect(page.get_by_text("The marks are saved.")).to_be_visible()
    page.get_by_role("link", name="Return it for changes").click()
    page.get_by_label("Reason").fill("Give the figures by sex.")
    page.locator("[name=until_on]").fill((now() + timedelta(days=10)).date().isoformat())
    page.get_by_role("button", name=re.compile("Return")).click()
    page.goto(page.url.partition("/UPR")[0] + f"/UPR/proposals/{reference}/screening")
    expect(page.get_by_role("heading", name="It is with the office for changes")).to_be_visible()
    office = visit("head-of-office", f"/UPR/proposals/{reference}/questions")
    expect(office.locator("body")).not_to_contain_text("Figures by sex are missing.")


def test_desks_and_the_choice_of_letters(visit: Visit) -> None:
    page = visit("secretary", "/UPR/proposals/desks")
    look(page)
    page.get_by_label("Region", exact=True).select_option("054")
    page.get_by_label("Desk officer", exact=True).select_option(index=1)
    page.get_by_role("button", name="Give the region").click()
    expect(page.get_by_text("The region is given.")).to_be_visible()
    look(page)
    page.goto(page.url.replace("/desks", "/telling"))
    look(page)
    page.get_by_label("A letter for each thing, at once").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your choice is saved.")).to_be_visible()
