"""What comes in: a donor, its pledges, rates of exchange, what is paid by the bank's file and by hand."""

from __future__ import annotations

import re

from browser.board_steps import at, choose, done, follow, press, write
from browser.money_steps import (
    DONOR,
    FUND,
    MT940,
    NOTE,
    RATES,
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
from playwright.sync_api import Page, expect

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
