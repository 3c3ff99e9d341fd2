"""What waits for a person of what the Board does: to declare, to vote, to answer, to decide, to approve, to see to."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from fundapp.access.policy import Permission, may
from fundapp.board.queries.conditions import Wanted, conditions
from fundapp.board.queries.minutes import to_approve
from fundapp.board.queries.telling import waiting_for as decisions_waiting
from fundapp.board.queries.waiting import afoot, waiting_for
from fundapp.board.rules.following import Standing
from fundapp.kernel.clock import today
from fundapp.proposals.queries.calls import offices_of
from fundapp.proposals.queries.proposals import closed_to
from fundapp.web.cases import Case, Waiting
from fundapp.web.funds import OfFund


def for_a_trustee(case: Case) -> Iterator[Waiting]:
    """Proposals on which a trustee has not declared, and votes that are open to them."""
    for one in waiting_for(case.session, case.person, case.fund.id):
        if one.to_declare:
            text = ngettext(
                "Declare your interest in %(num)d proposal",
                "Declare your interest in %(num)d proposals",
                one.to_declare,
            )
            href = url_for("board.interests", number=one.number)
            yield Waiting(text, href, _("Before you have, their files are not open to you"), _of(one.number))
        if one.to_vote:
            text = ngettext("Vote on %(num)d proposal", "Vote on %(num)d proposals", one.to_vote)
            yield Waiting(text, url_for("board.session", number=one.number), when=_of(one.number))


def _of(number: int) -> str:
    return str(_("session %(number)s", number=number))


def minutes_to_approve(case: Case) -> Iterator[Waiting]:
    """Minutes that wait for the person who chairs."""
    for number in to_approve(case.session, case.person, case.fund):
        text = _("Approve the minutes of session %(number)s", number=number)
        yield Waiting(text, url_for("board.minutes", number=number))


def decisions_to_take(case: Case) -> Iterator[Waiting]:
    """Decisions that were prepared for the person to take."""
    if many := decisions_waiting(case.session, case.fund.id, sorted(closed_to(case.person))):
        text = ngettext("Take %(num)d decision that is prepared", "Take %(num)d decisions that are prepared", many)
        yield Waiting(text, url_for("board.decisions"))


def conditions_of_the_office(case: Case) -> Iterator[Waiting]:
    """Conditions whose day is over, to the office that sees to them."""
    if offices_of(case.person, case.fund.id):
        late = Wanted(standing=Standing.OVERDUE)
        yield from _late(len(conditions(case.session, case.person, case.fund, late, today())))


def afoot_there(case: Case) -> Iterator[Waiting]:
    """What the Board's work has the secretariat see to: questions, conditions, actions, seats."""
    found = afoot(case.session, case.person, case.fund, today())
    if found.questions and found.first is not None:
        text = ngettext("Answer %(num)d question of a trustee", "Answer %(num)d questions of trustees", found.questions)
        yield Waiting(text, url_for("board.session", number=found.first), when=_of(found.first))
    yield from _late(found.conditions)
    if found.actions:
        text = ngettext(
            "%(num)d action that a session asked for is overdue",
            "%(num)d actions that sessions asked for are overdue",
            found.actions,
        )
        yield Waiting(text, url_for("board.sessions"), due=True)
    if found.vacant and may(case.person, Permission.BOARD_SEAT, OfFund(case.fund.id)):
        text = ngettext(
            "%(num)d seat of the Board is vacant", "%(num)d seats of the Board are vacant", found.vacant
        )  # fmt: skip
        yield Waiting(text, url_for("board.board"))


def _late(many: int) -> Iterator[Waiting]:
    if many:
        text = ngettext(
            "%(num)d condition of a decision is overdue", "%(num)d conditions of decisions are overdue", many
        )
        yield Waiting(text, url_for("board.conditions", standing=Standing.OVERDUE), due=True)
