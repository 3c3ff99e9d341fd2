"""What trustees say of a proposal, each for themselves: notes, questions, votes."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from advising import (
    ABSTAIN,
    AGAINST,
    FOR,
    WHY,
    Who,
    advised,
    all_declare,
    as_test,
    board,
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
from boards import opened
from calls import someone
from flask import Flask
from test_proposal_pages import as_person
from visiting import text_of

from fundapp.access.policy import Refused, Role
from fundapp.board.models import (
    Advice,
    AdviceOutcome,
    AdviceWay,
    Ballot,
    BoardQuestion,
    BoardSession,
    Considered,
    InterestKind,
    Trustee,
    TrusteeNote,
    TrusteeTerm,
    Vote,
)
from fundapp.board.operations.advising import ask, save_note, vote
from fundapp.board.queries.considering import Voice, ballots_on
from fundapp.board.queries.record import minutes_facts
from fundapp.board.queries.waiting import afoot, waiting_for
from fundapp.board.rules.advising import Count
from fundapp.funds.models import Fund
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work
from fundapp.publishing.documents.proposals_said import proposal_said
from fundapp.publishing.words import Words

# ------------------------------------------------------------------------------------------------- notes and questions


def test_a_note_is_its_trustees_own(shown: Flask) -> None:
    _of, one, trustees = ready()
    first, other = client_of(shown, trustees[0]), client_of(shown, trustees[1])
    answer = first.post(place(one, "/note"), data={"text": "Ask about the mayor.", "version": "0"})
    assert answer.status_code == 302 and "Ask about the mayor." in text_of(first, place(one))
    for client in (other, as_person(shown, someone(Role.SECRETARY))):
        assert "the mayor" not in text_of(client, place(one))
    with pytest.raises(Refused), unit_of_work(person_of(trustees[1])) as work:
        session = work.session
        as_one = Voice(session.get_one(Considered, one.id), session.get_one(Trustee, trustees[0].id))
        save_note(work, as_one, "Mine now.", 1)
    assert as_person(shown, someone(Role.SECRETARY)).post(place(one, "/note"), data={"text": "x"}).status_code == 404


def test_a_note_saves_itself_and_nothing_is_lost_between_two_pages(shown: Flask) -> None:
    _of, one, trustees = ready()
    client = client_of(shown, trustees[0])
    saved = client.post(place(one, "/note"), data={"text": "One"}, headers={"X-Draft": "1", "If-Match": '"0"'})
    assert saved.status_code == 200 and saved.json and saved.json["version"] == 1
    again = client.post(place(one, "/note"), data={"text": "One"}, headers={"X-Draft": "1", "If-Match": '"0"'})
    assert again.status_code == 200  # the answer was lost, and it is sent again
    clash = client.post(place(one, "/note"), data={"text": "Two"}, headers={"X-Draft": "1", "If-Match": '"0"'})
    assert clash.status_code == 412 and clash.json and "One" in clash.json["html"] and "Two" in clash.json["html"]
    page = client.post(place(one, "/note"), data={"text": "Two", "version": "0"})
    assert page.status_code == 409 and "One" in page.text and "Two" in page.text and 'value="1"' in page.text
    assert client.post(place(one, "/note"), data={"text": "Two", "version": "1", "choose": "mine"}).status_code == 302
    assert db.session.query(TrusteeNote).one().text == "Two"
    long = client.post(place(one, "/note"), data={"text": "x" * 20_001, "version": "2"})
    assert long.status_code == 422
    signed_out = shown.test_client().post(place(one, "/note"), data={"text": "Kept"}, headers={"X-Draft": "1"})
    assert signed_out.status_code == 401


def test_a_question_is_answered_for_all_who_read_the_proposal(shown: Flask) -> None:
    _of, one, trustees = ready()
    first, other = client_of(shown, trustees[0]), client_of(shown, trustees[1])
    desk = as_person(shown, someone(Role.DESK_OFFICER))
    answer = first.post(place(one, "/ask"), data={"question": "Who pays the mayor?\r\n"})
    assert answer.status_code == 302 and "Who pays the mayor?" in text_of(other, place(one))
    twice = first.post(place(one, "/ask"), data={"question": "Who pays the mayor?"})
    assert twice.status_code == 409 and "asked this already" in twice.text
    assert first.post(place(one, "/ask"), data={"question": " "}).status_code == 422
    assert first.post(place(one, "/ask"), data={"question": "x" * 2_001}).status_code == 422
    assert "Who pays the mayor?" in text_of(desk, place(one, "/questions/1"))
    assert desk.post(place(one, "/questions/1"), data={"text": "", "version": "1"}).status_code == 422
    assert desk.post(place(one, "/questions/1"), data={"text": "The city.", "version": "1"}).status_code == 302
    late = desk.post(place(one, "/questions/1"), data={"text": "Nobody.", "version": "1"})
    assert late.status_code == 409 and "The city." in late.text and "Nobody." in late.text
    assert "The city." in text_of(first, place(one))
    for wrong in (0, 2, 99_999_999):
        assert desk.get(place(one, f"/questions/{wrong}")).status_code == 404
    assert first.get(place(one, "/questions/1")).status_code == 403
    assert db.session.query(BoardQuestion).count() == 1


def test_a_trustee_whose_term_ended_yesterday_says_nothing(shown: Flask) -> None:
    of, one, trustees = ready()
    ballot = moved(one)
    with unit_of_work(someone(Role.SECRETARY)) as work:
        term = work.session.scalars(sa.select(TrusteeTerm).where(TrusteeTerm.trustee_id == trustees[3].id)).one()
        term.ended_on, term.end_reason = today() - timedelta(days=1), "Elected judge."
        as_test(work)
    with refused("advice.not-seated"):
        votes(ballot, trustees[3])
    with refused("advice.not-seated"):
        declares(rows(db.session().get_one(BoardSession, of))[1], trustees[3])
    with refused("advice.not-seated"), unit_of_work(person_of(trustees[3])) as work:
        session = work.session
        ask(work, Voice(session.get_one(Considered, one.id), session.get_one(Trustee, trustees[3].id)), "Why?")
    with refused("ballot.no-trustee"):
        shows_hands(ballot, {trustees[3].id: FOR})
    client = client_of(shown, trustees[3])
    assert client.get(place(one)).status_code == 404
    assert "do not sit at this session" in text_of(client, "/UPR/board/sessions/25/interests")


# ------------------------------------------------------------------------------------------------------------- votes


def test_five_trustees_vote_each_for_themselves(shown: Flask) -> None:
    _of, one, trustees = ready()
    secretary = as_person(shown, someone(Role.SECRETARY))
    data = {"outcome": "support", "amount": "10,000.00"}
    assert secretary.post(place(one, "/ballot"), data=data).status_code == 302
    for who, choice in zip(trustees, (FOR, FOR, AGAINST, ABSTAIN, FOR), strict=True):
        client = client_of(shown, who)
        assert "Your vote" in text_of(client, place(one))
        answer = client.post(place(one, "/vote"), data={"choice": choice.value, "reason": "So be it."})
        assert answer.status_code == 302
        page = text_of(client, place(one))
        assert "You voted:" in page and "Your vote" not in page and page.count("So be it.") == 0
    twice = client.post(place(one, "/vote"), data={"choice": "for"})
    assert twice.status_code == 409 or "voted already" in twice.text
    assert "5 trustees have voted" in text_of(secretary, place(one))
    assert secretary.post(place(one, "/ballot/close"), data={}).status_code == 302
    assert "3 for, 1 against, 1 abstaining" in text_of(client, place(one))
    late = client.post(place(one, "/vote"), data={"choice": "for"})
    assert late.status_code == 409 and "This vote is closed." in late.text
    form = text_of(secretary, place(one, "/advise"))
    assert 'value="10000.00"' in form and 'value="vote" checked' in form
    answer = secretary.post(place(one, "/advise"), data=data | {"way": "vote", "seen": "0"})
    assert answer.status_code == 302
    made = db.session.query(Advice).one()
    assert (made.votes_for, made.votes_against, made.abstained, made.taking_part) == (3, 1, 1, 5)
    assert made.outcome is AdviceOutcome.SUPPORT and made.amount_cents == 10_000_00


def test_a_vote_is_given_once(shown: Flask) -> None:
    _of, one, trustees = ready()
    ballot = moved(one)
    votes(ballot, trustees[0])
    with refused("ballot.voted"):
        votes(ballot, trustees[0], AGAINST)
    with refused("ballot.voted"):
        shows_hands(ballot, {trustees[1].id: FOR, trustees[0].id: AGAINST})
    assert db.session.query(Vote).count() == 1  # nothing half-done


def test_whoever_takes_no_part_is_away_or_has_not_declared_does_not_vote(shown: Flask) -> None:
    made, trustees = opened(), board()
    of, one = made.id, of_nobody(made)
    all_declare(one, trustees[:3])
    there(of, trustees[2:3], away=True)
    declares(one, trustees[3], InterestKind.OTHER, WHY)
    ballot = moved(one)
    for who, code in ((trustees[2], "away"), (trustees[3], "recused"), (trustees[4], "undeclared")):
        with refused(f"ballot.{code}"):
            shows_hands(ballot, {who.id: FOR})
    with refused("ballot.away"):
        votes(ballot, trustees[2])
    for who in trustees[3:]:
        with pytest.raises(Refused):
            votes(ballot, who)
    with refused("ballot.no-hands"):
        shows_hands(ballot, {})
    with refused("ballot.no-trustee"):
        shows_hands(ballot, {999_999: FOR})


def test_nobody_votes_for_somebody_else_or_on_something_else(shown: Flask) -> None:
    of, one, trustees = ready()
    other = rows(db.session().get_one(BoardSession, of))[-1]
    ballot = moved(one).id
    for seen, whose, who in ((one, trustees[1], trustees[0]), (other, trustees[0], trustees[0])):
        with pytest.raises(Refused), unit_of_work(person_of(who)) as work:
            session = work.session
            as_one = Voice(session.get_one(Considered, seen.id), session.get_one(Trustee, whose.id))
            vote(work, as_one, session.get_one(Ballot, ballot), FOR)


def test_one_vote_at_a_time_and_none_after_it_is_closed(shown: Flask) -> None:
    _of, one, trustees = ready()
    ballot = moved(one)
    with refused("ballot.open-already"):
        moved(one)
    with refused("ballot.still-open"):
        advised(one, way=AdviceWay.VOTE)
    with refused("ballot.still-open"):
        advised(one)
    closed(ballot)
    with refused("ballot.closed"):
        closed(ballot)
    with refused("ballot.closed"):
        votes(ballot, trustees[0])
    moved(one)


def test_a_show_of_hands_is_recorded(shown: Flask) -> None:
    _of, one, trustees = ready()
    ballot = moved(one)
    votes(ballot, trustees[0])
    client = as_person(shown, someone(Role.SECRETARY))
    page = text_of(client, place(one, "/hands"))
    assert trustees[1].name in page and f'name="choice_{trustees[0].id}"' not in page
    data = {f"choice_{who.id}": "for" for who in trustees[1:3]} | {f"choice_{trustees[4].id}": "maybe"}
    assert client.post(place(one, "/hands"), data=data).status_code == 302
    assert ballots_on(db.session(), present(one))[0].count == Count(3, 0, 0)
    assert client.post(place(one, "/hands"), data={}).status_code == 409


def test_what_waits_is_counted(shown: Flask) -> None:
    of, one, trustees = ready()
    ballot = moved(one)
    fund_id = db.session().get_one(Considered, one.id).fund_id

    def waits(who: Who) -> list[tuple[int, int, int]]:
        found = waiting_for(db.session(), person_of(who), fund_id)
        return [(one.number, one.to_declare, one.to_vote) for one in found]

    assert waits(trustees[0]) == [(25, 3, 1)]
    votes(ballot, trustees[0])
    assert waits(trustees[0]) == [(25, 3, 0)]
    declares(rows(db.session().get_one(BoardSession, of))[3], trustees[0], InterestKind.OTHER, WHY)
    assert waits(trustees[0]) == [(25, 2, 0)]
    with unit_of_work(person_of(trustees[0])) as work:
        session = work.session
        ask(work, Voice(session.get_one(Considered, one.id), session.get_one(Trustee, trustees[0].id)), "Why?")
    for who, many in ((someone(Role.SECRETARY), 1), (person_of(trustees[0]), 0)):
        assert afoot(db.session(), who, db.session.get_one(Fund, fund_id), today()).questions == many
    assert not waiting_for(db.session(), someone(Role.SECRETARY), fund_id)


def test_the_minutes_count_no_vote_of_whoever_declared_an_interest_afterwards(shown: Flask) -> None:
    of, one, trustees = ready()
    ballot = moved(one)
    for who in trustees:
        votes(ballot, who, AGAINST if who is trustees[1] else FOR)
    declares(one, trustees[4], InterestKind.WORKED_FOR, WHY)
    closed(ballot)
    advised(one, way=AdviceWay.VOTE)
    facts = minutes_facts(db.session(), db.session().get_one(BoardSession, of))
    found = next(each for item in facts.items for each in item.proposals if each.reference == one.reference)
    assert [who.name for who in found.recused] == [trustees[4].name]
    assert found.advice and (found.advice.in_favour, found.advice.against) == (3, 1)
    assert [each.name for each in found.advice.votes if not each.counts] == [trustees[4].name]
    page = text_of(as_person(shown, someone(Role.SECRETARY)), "/UPR/board/sessions/25/minutes")
    apart = page.partition("then counted no more for an interest:")[2].partition("</li>")[0]
    assert trustees[4].name in apart and trustees[0].name not in apart
    printed = "\n".join(map(str, proposal_said(found, Words("en"))))
    assert f"In favour: {trustees[0].name}, {trustees[2].name}, {trustees[3].name}" in printed
    assert f"Voted, then counted no more for an interest: {trustees[4].name}" in printed
