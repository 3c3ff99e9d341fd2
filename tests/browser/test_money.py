"""A whole session of the money in a browser: what a donor promises and pays, what is promised on and spent, and the end
of a month. Each stage goes on where the one before it ended; a test is named by what its stage must have shown."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from browser.addresses import MADE
from browser.conftest import Site, visits
from browser.money_in_steps import (
    donor_added,
    draft_left,
    exchange_shown,
    match_accepted,
    pledge_bound,
    pledge_written,
    rates_imported,
    received_by_hand,
    settled_by_hand,
    stages_of_the_pledges,
    statement_taken_in,
    written_off,
)
from browser.money_out_steps import (
    account_opened,
    allotted,
    approved,
    checklist_answered,
    closing_begun,
    commitment_approved,
    committed,
    extract_taken_in,
    figures_of_the_project,
    pack_checked,
    period_closed,
    statement_certified,
    support_costs_posted,
)
from browser.money_steps import Money
from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def money(site: Site, chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Money]:
    """Those who take part, each with a window of their own."""
    with visits(site, chromium) as visit:
        pages = {role: visit(f"{role}-officer", "/UPR/") for role in ("finance", "certifying", "approving")}
        folder = tmp_path_factory.mktemp("money")
        yield Money(pages["finance"], pages["certifying"], pages["approving"], visit("auditor", "/UPR/"), folder)


@pytest.fixture(scope="module")
def promised(money: Money) -> Money:
    """A donor is there, and a pledge in Swiss francs binds."""
    donor_added(money)
    pledge_written(money)
    pledge_bound(money)
    draft_left(money)
    written_off(money)
    return money


@pytest.fixture(scope="module")
def paid(promised: Money) -> Money:
    """Both parts are paid: one by the bank's file, one by hand."""
    rates_imported(promised)
    statement_taken_in(promised)
    match_accepted(promised)
    received_by_hand(promised)
    settled_by_hand(promised)
    return promised


@pytest.fixture(scope="module")
def given(paid: Money, site: Site, chromium: Browser) -> Money:
    """A project is approved, has its account and its allotment."""
    with visits(site, chromium) as visit:
        approved(visit("desk-officer", "/UPR/"), paid)
    account_opened(paid)
    allotted(paid)
    return paid


@pytest.fixture(scope="module")
def spent(given: Money) -> Money:
    """Something is committed on it, and an extract is booked."""
    committed(given)
    commitment_approved(given)
    extract_taken_in(given)
    return given


@pytest.fixture(scope="module")
def closed(spent: Money) -> Money:
    """The month is closed: its checklist said first that support costs were missing."""
    closing_begun(spent)
    support_costs_posted(spent)
    checklist_answered(spent)
    period_closed(spent)
    return spent


def test_a_pledge_is_written_and_binds(promised: Money) -> None:
    stages_of_the_pledges(promised)


def test_what_is_paid_settles_it_and_exchange_is_shown_by_pledge(paid: Money) -> None:
    exchange_shown(paid)


def test_an_approval_becomes_an_account_with_an_allotment(given: Money) -> None:
    figures_of_the_project(given)


def test_what_is_above_allotment_or_cash_is_refused_and_what_is_not_is_spent(spent: Money) -> None:
    figures_of_the_project(spent, "12 000.00", "500.00")


def test_a_month_is_closed_certified_and_handed_to_the_auditor(closed: Money) -> None:
    statement_certified(closed)
    pack_checked(closed)
    for endpoint, address in MADE.items():  # some of them before, by the stages and tests above
        assert any(re.fullmatch(address, one) for one in closed.seen), endpoint
