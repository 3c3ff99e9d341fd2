"""What the Board advises: by consensus, by vote, by silence; and the page that a proposal has before it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from advising import (
    ABSTAIN,
    AGAINST,
    FOR,
    SUPPORT,
    WHY,
    One,
    advised,
    all_declare,
    as_test,
    board,
    changed,
    client_of,
    closed,
    declares,
    moved,
    of_nobody,
    person_of,
    place,
    present,
    ready,
    refused,
    rows,
    shows_hands,
    there,
    votes,
)
from boards import FIRST, opened, planned
from calls import someone
from flask import Flask
from scoring import assigned, given, opened_round, reviewers
from test_proposal_pages import as_person
from visiting import statements, text_of

from fundapp.access.models import Person
from fundapp.access.policy import Role
from fundapp.board.models import (
    Advice,
    AdviceOutcome,
    AdviceWay,
    Ballot,
    BoardSession,
    Considered,
    InterestKind,
    SessionStage,
    Way,
)
from fundapp.board.queries.considering import ballots_on, shaken, table_for
from fundapp.board.rules.advising import Count, Said, advice_faults, counted, day_that_counts
from fundapp.kernel.clock import now, today
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.models import Proposal

# --------------------------------------------------------------------------------------------------------- the rules


def test_the_day_that_counts_lies_within_the_session() -> None:
    since, until = date(2026, 5, 4), date(2026, 5, 6)
    assert day_that_counts(since, until, date(2026, 1, 1)) == since
    assert day_that_counts(since, until, date(2026, 5, 5)) == date(2026, 5, 5)
    assert day_that_counts(since, until, date(2027, 1, 1)) == until


def test_more_for_than_against_carries() -> None:
    assert counted([FOR, FOR, AGAINST, ABSTAIN]) == Count(2, 1, 1)
    assert Count(2, 1, 2).carried and not Count(1, 1, 3).carried and not Count().carried


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        (Said("support"), ["advice.no-amount"]),
        (Said("support", 0), ["advice.no-amount"]),
        (Said("support", 101), ["advice.amount-more"]),
        (Said("support", 100, conditions="x"), ["advice.conditions-of-none"]),
        (Said("support-with-conditions", 100), ["advice.no-conditions"]),
        (Said("defer"), ["advice.no-reasons"]),
        (Said("not-support", 1, "why"), ["advice.amount-of-none"]),
        (Said("not-support", None, "x" * 10_001), ["call.long"]),
        (Said("not-support", None, "why"), []),
        (Said("support-with-conditions", 100, "", "if"), []),
    ],
)
def test_what_is_wrong_with_an_advice(said: Said, codes: list[str]) -> None:
    assert [fault.code for fault in advice_faults(said, 100)] == codes


# ------------------------------------------------------------------------------------------------------------ advice


def test_by_consensus_of_those_who_are_there(shown: Flask) -> None:
    _of, one, _trustees = ready(away=1)
    made = advised(one, Said(AdviceOutcome.CONDITIONS, 9_000_00, "Well made.", "A budget by quarter."))
    assert (made.taking_part, made.recused, made.way) == (4, 0, AdviceWay.CONSENSUS)


def test_without_a_quorum_there_is_no_advice(shown: Flask) -> None:
    made, trustees = opened(), board()
    of, one = made.id, of_nobody(made)
    all_declare(one, trustees)
    with refused("advice.no-quorum"):
        advised(one)  # nobody is said to be there
    there(of, trustees[:3])
    declares(one, trustees[0], InterestKind.OTHER, WHY)
    client = as_person(shown, someone(Role.SECRETARY))
    answer = client.post(place(one, "/advise"), data={"outcome": "support", "amount": "100", "way": "consensus"})
    assert answer.status_code == 409 and "no quorum for this item: 3 must take part, and 2 do" in answer.text
    assert "100" in answer.text and db.session.query(Advice).count() == 0
    there(of, trustees[3:4])
    assert advised(one).taking_part == 3


def test_where_the_chair_takes_no_part_the_next_of_the_trustees_chairs(shown: Flask) -> None:
    made, trustees = opened(), board()
    of, one = made.id, of_nobody(made)
    all_declare(one, trustees[1:])
    there(of, trustees)
    chair = next(
        seat
        for seat in table_for(db.session(), db.session().get_one(BoardSession, of), present(one), today()).seats
        if seat.chairs
    )
    declares(one, trustees[0], InterestKind.OTHER, WHY)
    found = table_for(db.session(), db.session().get_one(BoardSession, of), present(one), today())
    assert chair.trustee == trustees[0].id and found.chairs and found.chairs.trustee != trustees[0].id
    page = text_of(client_of(shown, trustees[1]), place(one))
    assert f"{chair.name} takes no part in it: the next of the trustees chairs the item." in page


def test_an_advice_by_vote_is_what_was_moved_and_carried(shown: Flask) -> None:
    _of, one, trustees = ready()
    with refused("advice.no-vote"):
        advised(one, way=AdviceWay.VOTE)
    lost = moved(one)
    shows_hands(lost, {who.id: AGAINST for who in trustees[:3]})
    closed(lost)
    with refused("ballot.lost"):
        advised(one, way=AdviceWay.VOTE)
    won = moved(one, Said(AdviceOutcome.DEFER))
    shows_hands(won, {who.id: FOR for who in trustees[:3]})
    closed(won)
    with refused("advice.not-as-moved"):
        advised(one, way=AdviceWay.VOTE)
    made = advised(one, Said(AdviceOutcome.DEFER, reasons="To the next session."), AdviceWay.VOTE)
    assert made.ballot_id == won.id and made.votes_for == 3


def test_a_vote_with_too_few_is_no_quorum(shown: Flask) -> None:
    made, trustees = opened(), board()
    _of, one = made.id, of_nobody(made)
    all_declare(one, trustees)
    ballot = moved(one)
    votes(ballot, trustees[0])
    votes(ballot, trustees[1])
    closed(ballot)
    with refused("advice.no-quorum"):
        advised(one, way=AdviceWay.VOTE)


def test_an_interest_declared_after_the_vote_shakes_the_advice(shown: Flask) -> None:
    _of, one, trustees = ready()
    ballot = moved(one)
    for who in trustees:
        votes(ballot, who)
    closed(ballot)
    advised(one, way=AdviceWay.VOTE)
    declares(one, trustees[2], InterestKind.OTHER, WHY)
    first = db.session.query(Advice).one()
    found = shaken(first, ballots_on(db.session(), present(one)))
    assert found and found.count == Count(4, 0, 0) and first.votes_for == 5  # it stands as it was recorded
    page = text_of(as_person(shown, someone(Role.SECRETARY)), place(one))
    assert "Somebody declared an interest after having voted" in page and "4 for, 0 against, 0 abstaining" in page
    made = advised(one, way=AdviceWay.VOTE)
    assert (made.votes_for, made.taking_part, made.recused) == (4, 4, 1)
    assert shaken(made, ballots_on(db.session(), present(one))) is None


def test_of_two_who_record_at_once_the_second_finds_the_first(shown: Flask) -> None:
    _of, one, _trustees = ready()
    client = as_person(shown, someone(Role.SECRETARY))
    data = {"outcome": "support", "amount": "5000", "way": "consensus", "seen": "0"}
    assert client.post(place(one, "/advise"), data=data).status_code == 302
    late = client.post(place(one, "/advise"), data=data | {"amount": "6000"})
    assert late.status_code == 409 and "meanwhile" in late.text and "6000" in late.text
    assert db.session.query(Advice).count() == 1
    assert client.post(place(one, "/advise"), data=data | {"amount": "6000", "seen": "1"}).status_code == 302
    page = text_of(client, place(one))
    assert "Recorded before" in page


@pytest.mark.parametrize(
    ("data", "code", "told"),
    [
        ({}, 422, "Say what the Board advises."),
        ({"outcome": "support", "way": "consensus"}, 422, "Say how much the Board advises."),
        ({"outcome": "support", "amount": "ten", "way": "consensus"}, 422, "ten"),
        ({"outcome": "support", "amount": "999999999", "way": "consensus"}, 422, "cannot advise more"),
        ({"outcome": "support", "amount": "100", "way": "loud"}, 422, "how the Board came to it"),
        ({"outcome": "support", "amount": "100", "way": "silence"}, 422, "how the Board came to it"),
        ({"outcome": "defer", "way": "consensus"}, 422, "Give the reasons"),
        ({"outcome": "<b>", "way": "consensus"}, 422, "Say what the Board advises."),
        ({"outcome": "defer", "reasons": "x" * 10_001, "way": "consensus"}, 422, "10"),
    ],
)
def test_what_is_typed_wrongly_is_said_beside_its_field(
    shown: Flask, data: dict[str, str], code: int, told: str
) -> None:  # fmt: skip
    _of, one, _trustees = ready()
    client = as_person(shown, someone(Role.SECRETARY))
    answer = client.post(place(one, "/advise"), data=data | {"seen": "0"})
    assert answer.status_code == code and told in answer.text and db.session.query(Advice).count() == 0


def test_counts_are_typed_for_the_past_alone_and_never_more_than_members(shown: Flask) -> None:
    of, one, _trustees = ready(away=1)
    with refused("advice.counts-past"):
        advised(one, way=AdviceWay.VOTE, counts=Count(3, 0, 0))
    changed(of, since=FIRST, until=FIRST)
    with refused("ballot.more-votes"):
        advised(one, way=AdviceWay.VOTE, counts=Count(4, 1, 0))
    with refused("ballot.few-votes"):
        advised(one, way=AdviceWay.VOTE, counts=Count(2, 0, 0))
    with refused("ballot.lost"):
        advised(one, way=AdviceWay.VOTE, counts=Count(2, 2, 0))
    client = as_person(shown, someone(Role.SECRETARY))
    data = {"outcome": "support", "amount": "10000", "way": "vote", "seen": "0", "votes_for": "three"}
    wrong = client.post(place(one, "/advise"), data=data)
    assert wrong.status_code == 422 and "no number of votes" in wrong.text
    assert client.post(place(one, "/advise"), data=data | {"votes_for": "3", "abstained": "1"}).status_code == 302
    assert db.session.query(Advice).one().ballot_id is None


def test_silence_is_consent_in_a_written_procedure(shown: Flask) -> None:
    of, one, trustees = ready()
    with refused("advice.silence-meeting"):
        advised(one, way=AdviceWay.SILENCE)
    changed(of, way=Way.WRITTEN, silent_until=now() + timedelta(days=3))
    with refused("advice.consensus-written"):
        advised(one)
    with refused("advice.no-vote"):
        advised(one, way=AdviceWay.SILENCE)
    ballot = moved(one)
    with refused("advice.silence-lasts"):
        advised(one, way=AdviceWay.SILENCE)
    with refused("ballot.no-reason"):
        votes(ballot, trustees[0], AGAINST)
    votes(ballot, trustees[1])
    changed(of, silent_until=now() - timedelta(minutes=1))
    with refused("ballot.silence-over"):
        votes(ballot, trustees[0], AGAINST, "Late.")
    made = advised(one, way=AdviceWay.SILENCE)
    assert (made.taking_part, made.votes_for) == (5, 1)
    assert db.session.query(Ballot).one().closed_at is not None


def test_an_objection_breaks_the_silence(shown: Flask) -> None:
    of, one, trustees = ready()
    changed(of, way=Way.WRITTEN, silent_until=now() + timedelta(days=3))
    votes(moved(one), trustees[0], AGAINST, "Not without a meeting.")
    changed(of, silent_until=now() - timedelta(minutes=1))
    with refused("advice.objection"):
        advised(one, way=AdviceWay.SILENCE)
    declares(one, trustees[0], InterestKind.OTHER, WHY)  # whose objection counts no more
    assert advised(one, way=AdviceWay.SILENCE).taking_part == 4


@pytest.mark.parametrize("stage", [SessionStage.PLANNED, SessionStage.CLOSED, SessionStage.CANCELLED])
def test_nothing_is_said_at_a_session_that_is_not_open(shown: Flask, stage: SessionStage) -> None:
    of, one, trustees = ready()
    ballot = moved(one)
    changed(of, stage=stage)
    code = f"advice.session-{stage}"
    with refused(code):
        votes(ballot, trustees[0])
    with refused(code):
        advised(one)
    with refused(code):
        closed(ballot)
    with refused(code):
        shows_hands(ballot, {trustees[0].id: FOR})
    client = as_person(shown, someone(Role.SECRETARY))
    assert "Record the advice" not in text_of(client, place(one))
    assert client_of(shown, trustees[0]).get(place(one)).status_code == (404 if stage == "planned" else 200)


def test_what_was_taken_off_is_not_advised_on(shown: Flask) -> None:
    _of, one, _trustees = ready()
    with unit_of_work(someone(Role.SECRETARY)) as work:
        work.session.get_one(Considered, one.id).removed_at = now()
        as_test(work)
    with refused("advice.taken-off"):
        advised(one)
    assert as_person(shown, someone(Role.SECRETARY)).get(place(one)).status_code == 404


def test_who_records_is_the_secretary(shown: Flask) -> None:
    _of, one, trustees = ready()
    for role in (Role.DESK_OFFICER, Role.APPROVING_OFFICER, Role.AUDITOR):
        client = as_person(shown, someone(role))
        assert client.get(place(one)).status_code == 200
        for page in ("/ballot", "/advise", "/hands", "/ballot/close"):
            assert client.get(place(one, page)).status_code == 403
    for role in (Role.REVIEWER, Role.FIELD_OFFICER, Role.FINANCE_OFFICER):
        assert as_person(shown, someone(role)).get(place(one)).status_code == 403
    assert client_of(shown, trustees[0]).get(place(one, "/advise")).status_code == 403


def test_addresses_of_nothing_are_not_there(shown: Flask) -> None:
    _of, one, trustees = ready()
    client = client_of(shown, trustees[0])
    for address in (
        "/UPR/board/sessions/26/proposals/2020-1-001", "/UPR/board/sessions/25/proposals/2020-1-999",
        "/UPR/board/sessions/99999999999999/proposals/2020-1-001",
        "/UPR/board/sessions/0/interests", "/AHA/board/sessions/25/interests",
    ):  # fmt: skip
        assert client.get(address).status_code in (403, 404), address
    assert client.post(place(one, "/vote"), data={"choice": "for"}).status_code == 404  # nothing is put to the vote
    moved(one)
    assert client.post(place(one, "/vote"), data={"choice": "yes"}).status_code == 422


def scored(one: One) -> None:
    """Two reviewers scored it."""
    code = db.session().get_one(Proposal, one.proposal).reference[:6]
    opened_round(code)
    for step, key in enumerate([who.id for who in reviewers(2)]):
        given(assigned(db.session().get_one(Proposal, one.proposal), db.session().get_one(Person, key)), 1 + step)


def test_the_page_shows_scores_with_their_spread_among_what_is_open(shown: Flask) -> None:
    _of, one, trustees = ready()
    scored(one)
    page = text_of(client_of(shown, trustees[0]), place(one))
    assert "Scores of the reviewers" in page and "of 1 proposal of the call that is open to you" in page
    assert "The proposal, to read here" in page and "From 2 score sheets." in page


def test_the_page_asks_little(shown: Flask) -> None:
    _of, one, trustees = ready()
    scored(one)
    ballot = moved(one)
    votes(ballot, trustees[1])
    closed(ballot)
    for who in (person_of(trustees[0]), someone(Role.SECRETARY)):
        client = as_person(shown, db.session().get_one(Person, who.id))
        text_of(client, place(one))
        with statements(shown) as asked:
            text_of(client, place(one))
        assert len(asked) <= 15, "\n".join(asked)


def test_a_session_that_is_planned_is_the_secretariats(shown: Flask) -> None:
    one = rows(planned())[0]
    assert as_person(shown, someone(Role.SECRETARY)).get(place(one)).status_code == 200
    assert client_of(shown, board()[0]).get(place(one)).status_code == 404


def test_what_is_supported_says_how_much() -> None:
    assert SUPPORT.amount_cents == 10_000_00
