"""What finance, certifying and other officers do on the pages of the money, for tests in a real browser."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

from browser.board_steps import at, choose, decided, done, follow, press, write
from browser.conftest import axe, no_sideways_scroll
from playwright.sync_api import Locator, Page, expect

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


# ------------------------------------------------------------------------------------------------ a promise, written


def donor_added(money: Money) -> None:
    """Somebody who is no State is added; without a name it is refused at the field."""
    page = through(money.officer, "Contributions", "Donors")
    act(page, "Add a donor")
    page.get_by_label("What it is", exact=True).select_option("private")
    press(page, "Add")
    refused(page)
    write(page, name_en=DONOR)
    press(page, "Add")
    expect(page.get_by_role("heading", level=1)).to_have_text(DONOR)
    act(page, "Add a contact")
    write(page, name="Ursina Caduff", email="ursina@alpine.example")
    press(page, "Add")
    expect(page.locator("main")).to_contain_text("Ursina Caduff")
    page.get_by_role("row").filter(has_text="Ursina").get_by_role("link", name="Change").click()
    look(page, money)
    follow(page, "Back without a change")
    act(page, "Record a request")
    write(page, purpose="A contribution to the work of country teams.")
    press(page, "Record")
    page.get_by_role("row").filter(has_text=DONOR).get_by_role("link").first.click()
    look(page, money)


def pledge_written(money: Money) -> None:
    """A pledge in Swiss francs, in two parts; the amount is first no amount, then not that of its parts."""
    page = through(money.officer, "Contributions", "Donors")
    page.get_by_role("searchbox").fill(DONOR)
    press(page, "Filter")
    follow(page, DONOR)
    act(page, "Record a pledge")
    page.get_by_label("What it is", exact=True).select_option("pledge")
    page.get_by_label("Currency", exact=True).select_option("CHF")
    write(page, reference=NOTE, announced_on="2021-02-20", amount="20000,5,0")
    write(page, amount_1="12000", due_1="2021-03-10", amount_2="8000", due_2="2021-03-25")
    press(page, "Save the draft")
    at_field(page, "amount", "20000,5,0")
    write(page, amount="20 500")
    press(page, "Save the draft")
    refused(page, "to 20 000.00 CHF, the pledge to 20 500.00 CHF")
    write(page, amount="20 000")
    press(page, "Save the draft")
    number = re.search(r"/pledges/([\w-]+)", page.url)
    assert number, page.url
    money.made["pledge"] = number[1]
    look(page, money)


def pledge_bound(money: Money) -> None:
    """It binds: twice it is asked to, from two windows, and once it does."""
    page, address = money.officer, f"{FUND}/finance/pledges/{money.made['pledge']}/bind"
    act(page, "Change the draft")
    look(page, money)
    page.goto(at(page, f"{FUND}/donors/pledges/{money.made['pledge']}"))
    act(page, "Have it bind")
    look(page, money)
    other = page.context.new_page()
    other.goto(at(page, address))
    write(page, on="2021-03-02")
    press(page, "Let it bind")
    done(page, "binds.")
    write(other, on="2021-03-03")
    press(other, "Let it bind")
    refused(other)
    other.close()


def small_pledge(page: Page) -> str:
    """A draft of 500 dollars in one part; its number."""
    through(page, "Contributions", "Pledges")
    act(page, "Record a pledge")
    page.get_by_label("Donor", exact=True).select_option(label=DONOR)
    page.get_by_label("Currency", exact=True).select_option("USD")
    write(page, announced_on="2021-03-01", amount="500", due_1="2021-03-15")
    press(page, "Save the draft")
    return page.url.partition("?")[0].rpartition("/")[2]


def draft_left(money: Money) -> None:
    """A draft that comes to nothing is cancelled with the reason."""
    page = money.officer
    money.made["left"] = small_pledge(page)
    act(page, "Cancel the draft")
    look(page, money)
    write(page, reason="The donor thought better of it.")
    press(page, "Cancel the draft")
    expect(page.locator("main")).to_contain_text("The donor thought better of it.")


def written_off(money: Money) -> None:
    """What will not be paid is written off by two people; whoever prepared it is not asked to approve."""
    page = money.officer
    number = money.made["small"] = small_pledge(page)
    act(page, "Have it bind")
    write(page, on="2021-03-02")
    press(page, "Let it bind")
    act(page, "Reduce or write off")
    choose(page, "kind", "write-off")
    write(page, amount="500.01", on="2021-03-20", reason="The donor was dissolved.")
    press(page, "Prepare it")
    at_field(page, "amount", "500.00")
    write(page, amount="500")
    press(page, "Prepare it")
    done(page, "A certifying officer approves it.")
    for who in (page, money.certifying):
        through(who, "Contributions", "Reductions and refunds")
        who.get_by_role("row").filter(has_text=number).get_by_role("link").first.click()
        expect(who.get_by_role("button", name="Approve")).to_have_count(0 if who is page else 1)
    look(money.certifying, money)
    press(money.certifying, "Approve")
    done(money.certifying, "It is approved.")


def stages_of_the_pledges(money: Money) -> None:
    """The list says which bind and which came to nothing."""
    page = through(money.officer, "Contributions", "Pledges")
    page.get_by_role("searchbox").fill(DONOR)
    press(page, "Filter")
    for number, stage in (
        (money.made["pledge"], "Binding"),
        (money.made["small"], "Binding"),
        (money.made["left"], "Cancelled"),
    ):
        expect(page.get_by_role("row").filter(has_text=number)).to_contain_text(stage)


# --------------------------------------------------------------------------------------------------- what is paid


def rates_imported(money: Money) -> None:
    """Two rates come in as a file; a second time they change nothing, and others for the same days are refused."""
    page = through(money.officer, "Contributions", "Rates of exchange")
    act(page, "Import rates")
    send(page, kept(money, "rates.csv", RATES))
    press(page, "Look at the file")
    look_here(page)
    press(page, "Import the rates")
    done(page, "2 rates are imported.")
    page.get_by_label("Currency", exact=True).select_option("CHF")
    press(page, "Filter")
    expect(page.locator("main")).to_contain_text("2021-03-24")
    act(page, "Import rates")
    send(page, kept(money, "rates.csv", RATES))
    press(page, "Look at the file")
    expect(page.locator("main")).to_contain_text("All the rates of the file are here already.")
    send(page, kept(money, "other.csv", RATES.replace("0.95", "0.96")))
    press(page, "Look at the file")
    refused(page, "0.96")


def statement_taken_in(money: Money) -> None:
    """The bank's file, looked at and taken in; the same file again is refused, and says when it came."""
    page = through(money.officer, "Contributions", "Bank statements")
    for again in (False, True):
        act(page, "Take in a statement")
        send(page, kept(money, "march.sta", MT940))
        press(page, "Look at the file")
        if again:
            refused(page, "march.sta")
        else:
            look_here(page)
            press(page, "Take it in")
            done(page, "2 movements are taken in.")


def match_accepted(money: Money) -> None:
    """What came in is proposed for the first part, with the reason; accepted in one window, refused in another."""
    page = through(money.officer, "Contributions", "Bank statements")
    page.locator("main").get_by_role("link", name="2021-03-11").first.click()
    expect(page.locator("main")).to_contain_text(f"{money.made['pledge']}/1")
    look(page, money)
    other = page.context.new_page()
    other.goto(page.url)
    press(page, "Record the receipt")
    done(page, "Recorded as the receipt R2021-0001.")
    press(other, "Record the receipt")
    refused(other, "R2021-0001")
    other.close()


def received_by_hand(money: Money) -> None:
    """The second part, at another rate: an amount that is none is said at the field; then it settles the part."""
    page = through(money.officer, "Contributions", "Receipts")
    act(page, "Record a receipt")
    page.get_by_label("Donor", exact=True).select_option(label=DONOR)
    page.get_by_label("Currency", exact=True).select_option("CHF")
    write(page, on="2021-03-24", amount="-8000", reference="NV 2021/117 second part")
    press(page, "Record the receipt")
    at_field(page, "amount", "Write an amount above nil.")
    write(page, amount="8 000.00")
    press(page, "Record the receipt")
    expect(page.get_by_role("heading", level=1)).to_contain_text("R2021-0002")
    look(page, money)


def settled_by_hand(money: Money) -> None:
    """More than is left of the receipt is said at the field; what is left settles the second part."""
    page = through(money.officer, "Contributions", "Receipts")
    follow(page, "R2021-0002")
    write(page, amount="9000")
    press(page, "Settle the instalment")
    at_field(page, "amount", "8 000.00")
    write(page, amount="8000")
    press(page, "Settle the instalment")
    done(page, "It is settled.")


def exchange_shown(money: Money) -> None:
    """What exchange gave and took of the pledge: 12 000 at 0.903 and 0.9, 8 000 at 0.903 and 0.95."""
    page = through(money.officer, "Contributions", "Pledges")
    follow(page, money.made["pledge"])
    act(page, "What was booked and paid")
    text = figures(page)
    for said in ("13 289.04", "13 333.33", "44.29", "8 859.36", "8 421.05", "(438.31)"):
        assert said in text, (said, text)
    look(page, money)


# ------------------------------------------------------------------------------------------------ what is promised on


def approved(desk: Page, money: Money) -> None:
    """A decision that does not wait for the Board is prepared with the reason, and another takes it."""
    reason = "The office cannot wait for the session."
    decided(desk, money.approving, KENYA, "approve", amount="35000", shared="Supported.", against_advice=reason)


def account_opened(money: Money) -> None:
    """The approval waits under the projects, and becomes an account."""
    page = through(money.officer, "Spending", "Projects and their money")
    act(page, KENYA)
    look(page, money)
    write(page, erp_code="UMJ-KEN-1")
    press(page, "Open the account")
    done(page, "The project account is open.")


def allotted(money: Money) -> None:
    """One prepares it, above what was approved in vain; another releases it, once, whichever window says so."""
    page = through(money.officer, "Spending", "Projects and their money")
    follow(page, KENYA)
    act(page, "Prepare an allotment")
    for box in page.locator('input[name^="class_"]').all():
        box.fill("")
    write(page, class_120="40000", reason="As the decision has it.")
    press(page, "Prepare the allotment")
    refused(page, "35 000.00")
    write(page, class_120="twenty")
    press(page, "Prepare the allotment")
    at_field(page, "class_120", "twenty")
    write(page, class_120="20000", class_160="5000")
    press(page, "Prepare the allotment")
    done(page, "The allotment is prepared.")
    expect(page.get_by_role("button", name="Release the allotment")).to_have_count(0)  # of whoever prepared it
    page = through(money.certifying, "Spending", "Projects and their money")
    follow(page, KENYA)
    follow(page, "Allotment 1")
    look(page, money)
    other = page.context.new_page()
    other.goto(page.url)
    press(page, "Release the allotment")
    done(page, "The allotment is released.")
    press(other, "Release the allotment")
    refused(other)
    other.close()


def filled(page: Page, project: str, amount: str) -> None:
    """What a commitment says."""
    page.get_by_label("Project", exact=True).select_option(project)
    page.get_by_label("Line and class", exact=True).select_option("EXP.CONTRACT:120")
    write(
        page,
        amount=amount,
        payee="Nairobi Law Institute",
        purpose="Training",
        expires_on=page.locator('[name="committed_on"]').input_value(),
    )


def committed(money: Money) -> None:
    """Above the allotment and above the cash it is refused with the sums; a smaller one is approved by another."""
    page = through(money.officer, "Spending", "Projects and their money")
    follow(page, KENYA)
    act(page, "Raise a commitment")
    filled(page, KENYA, "20000.01")
    press(page, "Raise the commitment")
    refused(page, "20 000.01", "20 000.00")
    filled(page, "", "5 000 000")
    press(page, "Raise the commitment")
    refused(page, "5 000 000.00")
    filled(page, KENYA, "0")
    press(page, "Raise the commitment")
    at_field(page, "amount", "Write an amount above nil.")
    filled(page, KENYA, "12 000")
    press(page, "Raise the commitment")
    number = re.search(r"/commitments/(C[\d-]+)", page.url)
    assert number, page.url
    money.made["commitment"] = number[1]
    own_approval_refused(money)


def commitment_approved(money: Money) -> None:
    """By another person than raised it."""
    page = through(money.certifying, "Spending", "Commitments")
    follow(page, money.made["commitment"])
    look(page, money)
    press(page, "Approve the commitment")
    done(page, "The commitment is approved.")


def own_approval_refused(money: Money) -> None:
    """Whoever raised it is offered no approval, and one that is sent by hand is refused."""
    page = money.officer
    expect(page.get_by_role("button", name="Approve the commitment")).to_have_count(0)
    token = page.locator('input[name="csrf_token"]').first.get_attribute("value") or ""
    answer = page.context.request.post(
        at(page, f"{FUND}/finance/commitments/{money.made['commitment']}/approve"),
        form={"csrf_token": token, "version": "1"},
    )
    assert answer.status in (403, 404), answer.status
    page.reload()
    expect(page.locator("main")).to_contain_text("Waits to be approved")


def figures_of_the_project(money: Money, *said: str) -> None:
    """What the page of the project says of its money."""
    page = through(money.officer, "Spending", "Projects and their money")
    follow(page, KENYA)
    for one in ("25 000.00", *said):
        assert one in figures(page), one


# ---------------------------------------------------------------------------------------------------- what is spent


def extract_taken_in(money: Money) -> None:
    """An extract names a project that nobody knows: its line waits, is named, and is booked."""
    page = through(money.officer, "Spending", "Extracts")
    act(page, "Send a file")
    page.get_by_label("Profile", exact=True).select_option("umoja")
    send(page, kept(money, "march.csv", EXTRACT.replace("500.00,500.00", "500.00,5oo")))
    press(page, "Look at it first")
    refused(page, "5oo")
    page.get_by_label("Profile", exact=True).select_option("umoja")
    send(page, kept(money, "march.csv", EXTRACT))
    press(page, "Look at it first")
    expect(page.locator("main")).to_contain_text("UMJ-KEN-9")
    look_here(page)
    press(page, "Take it in")
    done(page, "1 line waits for a name.")
    look(page, money)
    page = through(money.officer, "Spending", "Extracts")
    act(page, "Waiting for a name")
    look(page, money)
    row = page.get_by_role("row").filter(has_text="UMJ-KEN-9")
    row.get_by_role("combobox").select_option(KENYA)
    row.get_by_role("button").click()
    done(page, "1 line is booked.")
    act(through(money.officer, "Spending", "Extracts"), "Send a file")
    page.get_by_label("Profile", exact=True).select_option("umoja")
    send(page, money.folder / "march.csv")
    press(page, "Take it in at once")
    done(page, "nothing was changed")


def support_costs_posted(money: Money) -> None:
    """13 per cent of the month's 1 500 dollars."""
    page = through(money.officer, "Spending", "Support costs")
    page.get_by_label("Year", exact=True).select_option(MONTH[:4])
    press(page, "Show")
    look(page, money)
    row = page.get_by_role("row").filter(has_text=MONTH).first
    expect(row).to_contain_text("195.00")
    row.get_by_role("button").click()
    done(page, "195.00")
    expect(page.get_by_role("row").filter(has_text=MONTH).first.get_by_role("button")).to_have_count(0)


# --------------------------------------------------------------------------------------------------------- the end


def closing_begun(money: Money) -> None:
    """Before the support costs of the month are run: the checklist says that they are missing."""
    page = through(money.officer, "Finance", "Periods")
    page.get_by_label("Year", exact=True).select_option(MONTH[:4])
    press(page, "Show")
    press(page, f"Begin to close {MONTH}")
    done(page, "The checklist is open.")
    expect(page.locator("main")).to_contain_text("It can be closed once every point of the checklist is in order.")
    look(page, money)


def checklist_answered(money: Money) -> None:
    """What the books do not tell is said by somebody; a note without words is refused at its place."""
    page = through(money.officer, "Finance", "Periods")
    page.get_by_label("Year", exact=True).select_option(MONTH[:4])
    press(page, "Show")
    follow(page, MONTH)
    point = note_of(page)
    point.get_by_role("button", name="It is seen to").click()
    refused(page)
    expect(page.locator("#note-tie-out-error")).to_be_visible()
    point.get_by_role("textbox").fill("Nothing of this month was printed.")
    point.get_by_role("button", name="It is seen to").click()
    done(page, "The checklist is up to date.")
    expect(page.locator("main")).to_contain_text("A certifying officer can close it now.")
    expect(page.get_by_role("button", name=f"Close {MONTH}")).to_have_count(0)


def note_of(page: Page) -> Locator:
    """Where something is said of the tie-out on the page of a period, opened."""
    point = page.locator("main").get_by_role("listitem").filter(has_text="Tie-out explained").first
    if point.locator("details").get_attribute("open") is None:
        point.locator("summary").click()
    return point


def period_closed(money: Money) -> None:
    """A certifying officer closes it; a second window that still shows it open is refused."""
    page = through(money.certifying, "Finance", "Periods")
    page.get_by_label("Year", exact=True).select_option(MONTH[:4])
    press(page, "Show")
    follow(page, MONTH)
    other = page.context.new_page()
    other.goto(page.url)
    press(page, f"Close {MONTH}")
    done(page, "The period is closed")
    look(page, money)
    press(other, f"Close {MONTH}")
    refused(other, MONTH)
    other.close()


def statement_certified(money: Money) -> None:
    """Prepared by one, looked through by another, certified by a third; whoever prepared it can do neither."""
    page = through(money.officer, "Finance", "Certified statements")
    act(page, "Prepare a statement")
    page.get_by_label("Statement", exact=True).select_option("income-expenditure")
    write(page, period="2021-04")
    press(page, "Prepare the statement")
    refused(page, "2021-04")
    write(page, period=MONTH)
    press(page, "Prepare the statement")
    done(page, "The statement is prepared.")
    expect(page.get_by_role("button", name="I have looked it through")).to_have_count(0)
    for reader, button, said in (
        (money.approving, "I have looked it through", "A third person certifies it."),
        (money.certifying, "Certify it", "it never changes again"),
    ):
        found = through(reader, "Finance", "Certified statements")
        found.locator("main").get_by_role("row").filter(has_text=MONTH).get_by_role("link").first.click()
        other = found.context.new_page()
        other.goto(found.url)
        press(found, button)
        done(found, said)
        press(other, button)
        refused(other)
        other.close()
    look(money.certifying, money)
    assert "1 695.00" in figures(money.certifying)  # 1 500 spent and the support costs of it


def pack_checked(money: Money) -> None:
    """The auditor takes the pack of the year; its sums are those of its files, and the certificate is in it."""
    page = through(money.auditor, "Finance", "Auditor's pack")
    look(page, money)
    with page.expect_download() as given:
        follow(page, f"Auditor’s pack of {MONTH[:4]} (zip)")
    path = money.folder / "pack.zip"
    given.value.save_as(path)
    with ZipFile(path) as pack:
        root = next(name for name in pack.namelist() if name.endswith("SHA256SUMS")).removesuffix("SHA256SUMS")
        sums = pack.read(f"{root}SHA256SUMS").decode().splitlines()
        for line in sums:
            digest, name = line.split(maxsplit=1)
            assert sha256(pack.read(root + name.lstrip("*"))).hexdigest() == digest, name
        told = {line.split(maxsplit=1)[1].lstrip("*") for line in sums}
        assert told == {name.removeprefix(root) for name in pack.namelist()} - {"SHA256SUMS"}
        journal = pack.read(f"{root}journal.csv").decode("utf-8-sig")
        assert any(name.startswith("certificates/") for name in told), told
    for said in ("13333.33", "8421.05", "195.00", "0.95"):
        assert said in journal, said
