"""Who takes part in a session of the money in a browser, the files they send, and how a page is used and looked at."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from browser.board_steps import at
from browser.conftest import axe, no_sideways_scroll
from playwright.sync_api import Page, expect

FUND = "/UPR"
MONTH = "2021-03"  # a month that is over, in which nothing of the demonstration was booked
KENYA = "2020-1-013"  # before the demonstration's open session; no other test in a browser decides on it
DONOR = "Alpine Institute for Rights"
NOTE = "NV 2021/117"
# the bank's file: the first part of the pledge, and a fee that was paid out
MT940 = """{1:F01BANKCHZZAXXX0000000000}{4:\r
:20:STMT\r
:25:CH9300762011623852957\r
:28C:77/1\r
:60F:C210301CHF1000,00\r
:61:2103110311C12000,00NTRFNV 2021/117\r
:86:ALPINE INSTITUTE FOR RIGHTS FIRST PART\r
:61:2103120312D25,00NCHGNONREF\r
:86:CHARGES\r
:62F:C210331CHF12975,00\r
-}"""
RATES = "currency,effective_date,units_per_dollar\nCHF,2021-03-09,0.9\nCHF,2021-03-24,0.95\n"
COLUMNS = "Posting date,Document,Line,Fund,Project,Class,Text,Currency,Amount,Amount in USD,Kind,Commitment\n"
EXTRACT = (
    COLUMNS
    + "2021-03-05,M51001,1,UPR,,120,Hosting,USD,1000.00,1000.00,actual,\n"
    + "2021-03-17,M51002,1,UPR,UMJ-KEN-9,120,Training in Nairobi,USD,500.00,500.00,actual,\n"
)


@dataclass
class Money:
    """The page of each person who takes part, and what came of the steps so far."""

    officer: Page
    certifying: Page
    approving: Page
    auditor: Page
    folder: Path
    made: dict[str, str] = field(default_factory=dict)  # what -> its number or address
    seen: set[str] = field(default_factory=set)  # addresses that were looked at


def look(page: Page, money: Money) -> Page:
    """What a page must be, in English and in Arabic, on a desk and on a telephone; it is left as it was found."""
    address = re.sub(r"[?&]lang=\w+|#.*", "", page.url)
    for language in ("ar", "en"):
        page.goto(f"{address}{'&' if '?' in address else '?'}lang={language}")
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 900})
            axe(page)
            no_sideways_scroll(page)
    page.set_viewport_size({"width": 1280, "height": 900})
    money.seen.add(re.sub(r"^https?://[^/]+", "", address).partition("?")[0])
    return page


def look_here(page: Page) -> None:
    """The same for the answer to a form, which cannot be asked for again."""
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 900})
        axe(page)
        no_sideways_scroll(page)
    page.set_viewport_size({"width": 1280, "height": 900})


def through(page: Page, *names: str) -> Page:
    """From the first page of the fund along links of these names, as somebody does who knows no address."""
    page.goto(at(page, f"{FUND}/"))
    for name in names:
        page.get_by_role("navigation").get_by_role("link", name=name, exact=True).first.click()
    return page


def act(page: Page, name: str) -> None:
    """What a page offers to do, above its content."""
    page.locator("main").get_by_role("link", name=name, exact=True).first.click()


def at_field(page: Page, name: str, said: str) -> None:
    """A message stands at the field and above the page, and above it leads to the field; the page is in order."""
    expect(page.locator(f"#{name}-error")).to_contain_text(said)
    expect(page.locator(f'[name="{name}"]')).to_have_attribute("aria-describedby", re.compile(f"{name}-error"))
    told = page.get_by_role("alert").get_by_role("link", name=re.compile(re.escape(said)))
    assert told.first.get_attribute("href") == f"#{name}"
    look_here(page)


def refused(page: Page, *said: str) -> str:
    """What the page says is wrong."""
    alert = page.get_by_role("alert").first
    expect(alert).to_be_visible()
    text = " ".join(alert.inner_text().split())
    for one in said:
        assert one in text, (one, text)
    look_here(page)
    return text


def send(page: Page, path: Path) -> None:
    page.locator('input[type="file"]').set_input_files(path)


def kept(money: Money, name: str, text: str) -> Path:
    """A file on the disk of whoever sends it."""
    path = money.folder / name
    path.write_text(text, "utf-8", newline="")
    return path


def figures(page: Page) -> str:
    """The words of a page in one line, every space a plain one."""
    return " ".join(page.locator("main").inner_text().split())
