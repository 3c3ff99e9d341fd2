"""What donors promise: a pledge is a draft, adds up, is recorded once, and is somebody's to change until it binds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from calls import fund, someone
from deciding import before, reference, taken
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from pledges import bound, do, donor, drafted, numbered, refused, said
from receiving import pledge as written

from fundapp.access.policy import Refused, Role
from fundapp.contributions.models import Appeal, Instalment, Pledge, PledgeFile, PledgeStage
from fundapp.contributions.operations import (
    Paper,
    add_paper,
    cancel_pledge,
    change_appeal,
    change_pledge,
    draft_pledge,
    drop_paper,
    record_appeal,
)
from fundapp.contributions.queries.earmarks import projects
from fundapp.contributions.queries.pledges import (
    AppealsWanted,
    PledgesWanted,
    appeal_at,
    appeal_rows,
    by_currency,
    pledge_rows,
)
from fundapp.contributions.rules.pledges import GivenPledge, Part, pledge_faults, shares
from fundapp.contributions.rules.register import GivenAppeal
from fundapp.funds.queries import next_number
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.errors import Refusal
from fundapp.kernel.files import Kept
from fundapp.kernel.work import Work, unit_of_work
from fundapp.proposals.models import Proposal

SOON = today() + timedelta(days=30)
Given = dict[str, Any]


def test_a_pledge_is_a_draft_with_instalments_in_the_order_of_their_days(demo: Flask) -> None:
    parts = (Part(3_000_000, date(2020, 12, 31)), Part(2_000_000, date(2020, 6, 30)))
    found = drafted(parts=parts, support_cost_rate=Decimal("0.07"))
    assert (found.number, found.stage, found.minor, found.currency) == ("2020-001", PledgeStage.DRAFT, 5_000_000, "CHF")
    assert [(part.number, part.minor, part.due_on) for part in found.instalments] == [
        (1, 2_000_000, date(2020, 6, 30)),
        (2, 3_000_000, date(2020, 12, 31)),
    ]
    assert found.support_cost_rate == Decimal("0.07") and found.bound_at is None
    assert drafted("FRA").number == "2020-002"
    assert drafted("FRA", reference="x", announced_on=date(2019, 1, 1)).number == "2019-001"


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"donor": 0}, ("pledge.no-donor", "donor")),
        ({"donor": 10**9}, ("pledge.no-donor", "donor")),
        ({"kind": "gift"}, ("pledge.no-kind", "kind")),
        ({"minor": 0}, ("pledge.amount", "amount")),
        ({"minor": -5}, ("pledge.amount", "amount")),
        ({"minor": 10**16}, ("pledge.amount-large", "amount")),
        ({"minor": 4_999_999}, ("pledge.sum", "amount")),
        ({"parts": ()}, ("pledge.no-instalment", "amount_1")),
        ({"parts": (Part(6_000_000, SOON), Part(-1_000_000, SOON))}, ("pledge.part-amount", "amount_2")),
        ({"parts": (Part(5_000_000, date(1020, 1, 1)),)}, ("board.day-far", "due_1")),
        ({"parts": tuple(Part(1, SOON) for _ in range(25)), "minor": 25}, ("pledge.instalments", "amount_1")),
        ({"currency": "XXX"}, ("pledge.no-currency", "currency")),
        ({"currency": ""}, ("pledge.no-currency", "currency")),
        ({"currency": "HRK", "announced_on": date(2024, 1, 1)}, ("pledge.old-currency", "currency")),
        ({"announced_on": SOON}, ("pledge.announced-ahead", "announced_on")),
        ({"ends_on": date(2020, 3, 1)}, ("pledge.ends-early", "ends_on")),
        ({"binds_on": date(2020, 5, 1), "ends_on": date(2020, 4, 1)}, ("pledge.ends-early", "ends_on")),
        ({"report_due_on": date(2019, 1, 1)}, ("pledge.report-early", "report_due_on")),
        ({"support_cost_rate": Decimal("1.01")}, ("pledge.rate", "rate")),
        ({"support_cost_rate": Decimal("-0.01")}, ("pledge.rate", "rate")),
        ({"earmark": "moon"}, ("pledge.no-earmark-kind", "earmark")),
        ({"earmark": "country"}, ("pledge.no-earmark", "country")),
        ({"earmark": "country", "earmarked_for": "XXX"}, ("pledge.no-earmark", "country")),
        ({"earmark": "theme", "earmarked_for": "FRA"}, ("pledge.no-earmark", "theme")),
        ({"earmark": "project", "earmarked_for": "2020-1-999"}, ("pledge.no-earmark", "project")),
        ({"language": "de"}, ("donor.no-language", "language")),
        ({"reference": "x" * 81}, ("call.long", "reference")),
        ({"conditions": "x" * 5_001}, ("call.long", "conditions")),
    ],
)
def test_what_is_wrong_with_a_pledge_is_refused(demo: Flask, changed: Given, fault: tuple[str, str]) -> None:
    given_ = replace(said(), **changed)
    assert fault in refused(lambda work: draft_pledge(work, fund(), given_))


def test_it_is_recorded_once(demo: Flask) -> None:
    drafted()
    again, other = said(minor=100, parts=(Part(100, SOON),)), said(reference="another")
    assert refused(lambda work: draft_pledge(work, fund(), again)) == {("pledge.known", "reference")}
    do(lambda work: draft_pledge(work, fund(), other))
    plain = said("FRA", reference="")
    do(lambda work: draft_pledge(work, fund(), plain))
    assert refused(lambda work: draft_pledge(work, fund(), plain)) == {("pledge.known", "reference")}
    cancelled = numbered("2020-001")
    do(lambda work: cancel_pledge(work, cancelled, "Sent twice.", cancelled.version))
    do(lambda work: draft_pledge(work, fund(), again))


def test_a_draft_is_written_anew_with_fewer_or_more_instalments(demo: Flask) -> None:
    found = drafted()
    whole = said(parts=(Part(5_000_000, SOON),))
    do(lambda work: change_pledge(work, found, whole, found.version))
    found = numbered(found.number)
    assert [(part.number, part.minor) for part in found.instalments] == [(1, 5_000_000)]
    many = said(parts=tuple(Part(1_000_000, date(2021, month, 1)) for month in range(1, 6)))
    do(lambda work: change_pledge(work, found, many, found.version))
    assert [part.number for part in numbered(found.number).instalments] == [1, 2, 3, 4, 5]
    assert db.session.scalar(sa.select(sa.func.count(Instalment.id))) == 5


def test_only_the_draft_that_was_seen_is_changed(demo: Flask) -> None:
    found, same = drafted(), said()
    before = found.version
    later = replace(same, parts=(Part(5_000_000, SOON),))  # instalments alone count too
    do(lambda work: change_pledge(work, found, later, before))
    assert numbered(found.number).version == before + 1
    assert refused(lambda work: change_pledge(work, found, same, before)) == {("pledge.changed", None)}
    assert refused(lambda work: cancel_pledge(work, found, "No.", before)) == {("pledge.changed", None)}
    assert refused(lambda work: cancel_pledge(work, found, "", before + 1)) == {("pledge.no-reason", "reason")}


@pytest.mark.parametrize("stage", ["pledge.binds", "pledge.cancelled"])
def test_what_is_no_draft_any_more_is_not_changed(demo: Flask, stage: str) -> None:
    found, same = drafted(), said()
    if stage == "pledge.binds":
        bound(found)
    else:
        do(lambda work: cancel_pledge(work, found, "Nothing came of it.", found.version))
    found = numbered(found.number)
    assert refused(lambda work: change_pledge(work, found, same, found.version)) == {(stage, None)}
    assert refused(lambda work: cancel_pledge(work, found, "Why.", found.version)) == {(stage, None)}


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.SECRETARY, Role.CERTIFYING_OFFICER, Role.DESK_OFFICER])
def test_only_finance_officers_record_pledges(demo: Flask, role: Role) -> None:
    given_ = said()
    with pytest.raises(Refused), unit_of_work(someone(role)) as work:
        draft_pledge(work, fund(), given_)


def test_papers_are_kept_once_and_taken_off(demo: Flask) -> None:
    found = drafted()
    paper = Paper("note-verbale", "note.pdf", "application/pdf", Kept("a" * 64, 10))
    do(lambda work: add_paper(work, found, paper))
    assert refused(lambda work: add_paper(work, found, paper)) == {("pledge.paper-known", "file")}
    wrong = replace(paper, kind="poem")
    assert refused(lambda work: add_paper(work, found, wrong)) == {("pledge.no-paper-kind", "kind")}
    row = db.session.scalars(sa.select(PledgeFile)).one()
    do(lambda work: drop_paper(work, row))
    do(lambda work: add_paper(work, found, paper))
    assert [one.removed_at is None for one in db.session.scalars(sa.select(PledgeFile).order_by("id"))] == [False, True]


def test_lists_are_narrowed_and_summed(demo: Flask) -> None:
    drafted()
    bound(
        drafted(
            "FRA", reference="", currency="EUR", announced_on=date(2019, 5, 1), earmark="country", earmarked_for="GHA"
        )
    )
    cancelled = drafted("NOR", reference="n", currency="NOK")
    do(lambda work: cancel_pledge(work, cancelled, "No.", cancelled.version))

    def listed(**more: Any) -> list[str]:
        return [row.number for row in pledge_rows(db.session(), fund(), "en", PledgesWanted(**more), today())]

    assert listed() == ["2020-002", "2020-001", "2019-001"]
    assert listed(sort="donor") == ["2019-001", "2020-002", "2020-001"]
    assert listed(words="suisse") == [] and listed(words="switz 12/2020") == ["2020-001"]
    assert listed(stage=PledgeStage.BINDING) == ["2019-001"] and listed(year=2020, sort="number")[0] == "2020-001"
    assert listed(currency="NOK") == ["2020-002"]
    rows = pledge_rows(db.session(), fund(), "en", PledgesWanted(), today())
    assert by_currency(rows) == [("CHF", 5_000_000), ("EUR", 5_000_000)]


def answered_as(row: Appeal, wrong: GivenAppeal) -> Callable[[Work], None]:
    return lambda work: change_appeal(work, row, wrong, 1)


def test_a_request_leads_to_a_pledge_of_whoever_was_asked(demo: Flask) -> None:
    found, other = drafted(), donor("FRA").id
    asked = GivenAppeal(None, "Some Foundation", date(2020, 1, 5), "The session.", "USD", None, "open")
    key = do(lambda work: record_appeal(work, fund(), asked).id)
    assert refused(lambda work: record_appeal(work, fund(), asked)) == {("appeal.known", "purpose")}
    row = appeal_at(db.session(), fund(), key)
    assert row is not None
    answered = replace(asked, donor=found.donor_id, name="", answer="promised", pledge=found.id)
    for wrong, fault in (
        (replace(answered, donor=other), ("appeal.other-donor", "pledge")),
        (replace(answered, pledge=10**6), ("appeal.no-pledge", "pledge")),
        (replace(answered, answer="open"), ("appeal.pledge-early", "pledge")),
        (replace(answered, answer="perhaps"), ("appeal.no-answer", "answer")),
        (replace(answered, donor=None), ("appeal.nobody", "donor")),
        (replace(answered, name="Both"), ("appeal.two", "name")),
        (replace(answered, purpose=""), ("appeal.no-purpose", "purpose")),
        (replace(answered, asked_on=SOON), ("appeal.asked-ahead", "asked_on")),
        (replace(answered, follow_up_on=date(2019, 1, 1)), ("appeal.follow-early", "follow_up_on")),
        (replace(answered, currency="ZZZ"), ("pledge.no-currency", "currency")),
        (replace(answered, minor=0), ("pledge.amount", "amount")),
    ):
        assert fault in refused(answered_as(row, wrong))
    do(lambda work: change_appeal(work, row, answered, 1))
    assert refused(lambda work: change_appeal(work, row, answered, 1)) == {("appeal.changed", None)}
    listed = appeal_rows(db.session(), fund(), "fr", AppealsWanted())
    assert [(one.name, one.pledge) for one in listed] == [("Suisse", "2020-001")]


@given(st.integers(1, 10**12), st.integers(1, 24))
def test_equal_shares_add_up(minor: int, parts: int) -> None:
    found = shares(minor, parts)
    assert sum(found) == minor and max(found) - min(found) <= 1


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=24), st.integers(-3, 3))
def test_a_pledge_is_sound_exactly_when_its_instalments_add_up(amounts: list[int], off: int) -> None:
    total, day = sum(amounts) + off, date(2020, 6, 1)
    pledge = _pledge(total, tuple(Part(amount, day) for amount in amounts))
    codes = {fault.code for fault in pledge_faults(pledge, date(2021, 1, 1))}
    assert codes == (set() if off == 0 else {"pledge.amount"} if total <= 0 else {"pledge.sum"})


def _pledge(total: int, parts: tuple[Part, ...]) -> Any:
    return GivenPledge(1, "pledge", "", "USD", total, date(2020, 1, 1), parts)


def test_numbers_follow_the_year(demo: Flask) -> None:
    def following() -> str:
        return next_number(db.session(), Pledge.number, fund().id, "2020-", 3)

    assert following() == "2020-001"
    for number in ("2020-009", "2019-030"):
        written(number=number)
    assert following() == "2020-010"
    for number in ("2020-999", "2020-1000"):
        written(number=number)
    assert following() == "2020-1001"


def test_a_project_that_an_interest_closes_is_offered_to_nobody_it_keeps_away(shown: Flask) -> None:
    key = before()[0]
    taken(key)
    name, officer = reference(key), someone(Role.FINANCE_OFFICER)
    assert name in dict(projects(db.session(), officer, fund()))
    found = drafted(earmark="project", earmarked_for=name)
    same = said(earmark="none")
    closed = f"proposal:{db.session.scalars(sa.select(Proposal.id).where(Proposal.reference == name)).one()}"

    class Away:
        """The finance officer, kept from it."""

        id, grants, active = officer.id, officer.grants, True
        closed_names = frozenset({closed})

        def __str__(self) -> str:
            return str(officer)

    assert name not in dict(projects(db.session(), Away(), fund()))
    with pytest.raises(Refusal) as refusal, unit_of_work(Away()) as work:
        change_pledge(work, found, same, found.version)
    assert [fault.code for fault in refusal.value.faults] == ["pledge.closed-project"]
