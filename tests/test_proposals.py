"""A proposal from its first word to its screening: what is kept, who may do what, what becomes fixed."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from calls import fund, office, opened, past, someone
from flask import Flask
from proposing import (
    again,
    begun,
    cleared,
    complete,
    head,
    in_screening,
    pages,
    returned,
    submitted,
    version_of,
    write,
    writer,
)

from fundapp.access.policy import Refused, Role
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.errors import Refusal
from fundapp.kernel.work import Work, unit_of_work
from fundapp.proposals.models import Notice, Proposal, ProposalRecommendation
from fundapp.proposals.operations import moving
from fundapp.proposals.operations.moving import Given
from fundapp.proposals.operations.writing import Beginning, begin_proposal, copy_proposal, save_section
from fundapp.proposals.queries.proposals import proposal as proposal_of
from fundapp.proposals.queries.proposals import versions, written_sections
from fundapp.proposals.rules.record import digest

Change = Callable[[Work, Proposal], Any]


def codes(change: Change, proposal: Proposal, by: Any) -> list[str]:
    """Why something is refused."""
    with pytest.raises(Refusal) as found, unit_of_work(by) as work:
        change(work, proposal)
    return [fault.code for fault in found.value.faults]


def test_a_draft_keeps_what_was_typed_and_its_columns_follow(registered: Flask) -> None:
    made = write(begun(), pages())
    assert made.reference == "2031-1-001"
    assert (made.title, made.country, made.marker) == ("A national mechanism that reports", "FJI", 2)
    assert made.total_cents == 22_600_00  # 20,000 and 13 per cent
    assert "fiji" in made.sought and "национальн" not in made.sought
    linked = db.session().scalars(sa.select(ProposalRecommendation.proposal_id)).all()
    assert linked == [made.id]
    assert 90 <= made.done < 100  # the document of consent


def test_a_draft_may_be_wrong_and_nothing_is_lost(registered: Flask) -> None:
    lines = [{"what": "A trainer", "unit_cost": "about 1,5 thousand", "quantity": "١٢٫٥", "class": ""}]
    made = write(begun(), {"budget": {"lines": lines}})
    kept = written_sections(db.session(), made)["budget"].content["lines"]
    assert kept == [{"id": "B1", "what": "A trainer", "unit_cost": "about 1,5 thousand", "quantity": "12.5"}]


def test_two_who_write_on_one_page_notice(registered: Flask) -> None:
    made = write(begun(), {"gender": {"analysis": "One"}})

    def late(work: Work, proposal: Proposal) -> None:
        save_section(work, proposal, "gender", {"analysis": "Two"}, 0, "en")

    assert codes(late, made, head()) == ["proposal.section-changed"]
    assert codes(late, made, writer()) == ["proposal.section-changed-by-you"]
    assert written_sections(db.session(), again(made))["gender"].content == {"analysis": "One"}


def test_the_same_again_is_no_new_version(registered: Flask) -> None:
    made = write(begun(), {"gender": {"analysis": "One"}})
    made = write(made, {"gender": {"analysis": "One"}})
    assert version_of(made, "gender") == 1


def test_an_unfinished_draft_is_not_cleared_and_says_why(registered: Flask) -> None:
    made = begun()
    found = codes(moving.clear, made, head())
    assert found == ["proposal.needs-complete", "proposal.needs-consent-given", "proposal.needs-budget-within-limits"]


def test_without_consent_nothing_else_helps(registered: Flask) -> None:
    made = write(begun(), pages())
    assert codes(moving.clear, made, head()) == ["proposal.needs-complete", "proposal.needs-consent-given"]


def test_whoever_wrote_does_not_clear_where_the_office_has_two(registered: Flask) -> None:
    made = write(complete(), {"gender": {"marker": "3", "analysis": "More."}}, head())
    assert codes(moving.clear, made, head()) == ["proposal.needs-not-the-writer"]


def test_a_field_officer_does_not_clear(registered: Flask) -> None:
    made = complete()
    with pytest.raises(Refused), unit_of_work(writer()) as work:
        moving.clear(work, made)


def test_what_is_handed_in_is_a_version_with_a_digest(registered: Flask) -> None:
    made = submitted()
    (version,) = versions(db.session(), made)
    assert version.digest == digest(version.content)
    said = json.loads(version.content)
    assert said["sections"]["gender"]["marker"] == "2"
    assert [one["name"] for one in said["documents"]] == ["letter.pdf"]
    kinds = db.session().scalars(sa.select(Notice.kind).where(Notice.proposal_id == made.id)).all()
    assert {"proposal-cleared", "proposal-received", "proposal-arrived"} == set(kinds)


def test_nobody_writes_in_what_was_handed_in(registered: Flask) -> None:
    made = submitted()

    def change(work: Work, proposal: Proposal) -> None:
        save_section(work, proposal, "gender", {"analysis": "Two"}, 1, "en")

    assert codes(change, made, writer()) == ["proposal.not-writable"]


def test_a_return_makes_a_second_version(registered: Flask) -> None:
    made = write(returned(), {"monitoring": {"plan": "Every month."}})
    with unit_of_work(head()) as work:
        moving.submit_again(work, made)
    made = again(made)
    assert made.stage == "submitted"
    assert [one.number for one in versions(db.session(), made)] == [1, 2]


def test_a_return_asks_for_a_reason_and_a_day_to_come(registered: Flask) -> None:
    made = in_screening()

    def hastily(work: Work, proposal: Proposal) -> None:
        moving.return_proposal(work, proposal, Given("", now() - timedelta(days=1)))

    found = codes(hastily, made, someone(Role.DESK_OFFICER))
    assert found == ["proposal.needs-reason-given", "proposal.needs-deadline-ahead"]


def test_taken_back_and_handed_in_again_while_the_call_is_open(registered: Flask) -> None:
    made = submitted()
    with unit_of_work(writer()) as work:
        moving.take_back(work, made)
    assert again(made).stage == "cleared"
    with unit_of_work(writer()) as work:
        moving.submit(work, made)
    assert [one.number for one in versions(db.session(), again(made))] == [1, 2]


def test_withdrawn_and_put_back_where_it_stood(registered: Flask) -> None:
    made = in_screening()
    with unit_of_work(head()) as work:
        moving.withdraw(work, made, Given("The ministry closed."))
    with unit_of_work(someone(Role.SECRETARY)) as work:
        moving.reinstate(work, made, Given("It opened again."))
    assert again(made).stage == "in-screening"


def test_eligible_only_with_the_checklist(registered: Flask) -> None:
    made = in_screening()
    assert codes(moving.find_eligible, made, someone(Role.DESK_OFFICER)) == ["proposal.needs-checklist-passed"]


def test_a_draft_put_aside_comes_back(registered: Flask) -> None:
    made = begun()
    with unit_of_work(writer()) as work:
        moving.discard(work, made)
    with unit_of_work(writer()) as work:
        moving.bring_back(work, made)
    assert again(made).stage == "draft"


def test_a_closed_call_takes_nothing(registered: Flask) -> None:
    call = past("2021-1")
    writer()
    with pytest.raises(Refusal) as found, unit_of_work(writer()) as work:
        begin_proposal(work, Beginning(call, office()), "en")
    assert [fault.code for fault in found.value.faults] == ["proposal.call-not-open"]


def test_an_earlier_proposal_is_copied_without_consent(registered: Flask) -> None:
    first = complete()
    other = opened("2031-2")
    with unit_of_work(writer()) as work:
        made = copy_proposal(work, Beginning(other, office()), first)
    rows = written_sections(db.session(), again(made))
    assert "consent" not in rows and rows["context"].content["title"] == "A national mechanism that reports"
    assert again(made).reference == "2031-2-001"


def test_offices_see_their_own_and_the_secretariat_what_was_handed_in(registered: Flask) -> None:
    made = cleared()
    stranger = writer("WAFRICA")
    desk = someone(Role.DESK_OFFICER)
    for person, sees in ((writer(), True), (stranger, False), (desk, False), (someone(Role.AUDITOR), True)):
        assert (proposal_of(db.session(), person, fund(), made.reference) is not None) == sees
    with unit_of_work(writer()) as work:
        moving.submit(work, made)
    for person, sees in ((stranger, False), (desk, True), (someone(Role.APPROVING_OFFICER), True)):
        assert (proposal_of(db.session(), person, fund(), made.reference) is not None) == sees
    with pytest.raises(Refused), unit_of_work(stranger) as work:
        save_section(work, made, "gender", {}, 1, "en")
