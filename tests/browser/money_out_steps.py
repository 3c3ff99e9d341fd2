"""What goes out and how it ends: an account, its allotment, commitments, expenditure; a month that closes."""

from __future__ import annotations

import re
from hashlib import sha256
from zipfile import ZipFile

from browser.board_steps import at, decided, done, follow, press, write
from browser.money_steps import (
    EXTRACT,
    FUND,
    KENYA,
    MONTH,
    Money,
    act,
    at_field,
    figures,
    kept,
    look,
    look_here,
    refused,
    send,
    through,
)
from playwright.sync_api import Locator, Page, expect

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
    page.get_by_label("Financial statement", exact=True).select_option("income-expenditure")
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
