"""Reading a decision as facts for the letter to the office."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from fundapp.access.models import Office
from fundapp.board.models import BoardSession, Considered, Decision
from fundapp.board.queries.deciding import budgeted, conditions_of, standing_decision
from fundapp.board.rules.deciding import shares
from fundapp.board.rules.letter import Condition, LetterFacts
from fundapp.funds.models import Fund
from fundapp.proposals.models import Call, Proposal
from fundapp.reference.queries import country


def letter_facts(session: Session, proposal: Proposal, at: datetime) -> LetterFacts | None:
    """What the office is told of the decision that stands on its proposal; none before there is one. About ten
    queries."""
    made = standing_decision(session, proposal)
    if made is None:
        return None
    considered = session.get_one(Considered, made.considered_id)
    fund, call = session.get_one(Fund, proposal.fund_id), session.get_one(Call, proposal.call_id)
    of, asked = session.get_one(BoardSession, considered.session_id), budgeted(session, considered)
    state = country(session, proposal.country) if proposal.country else None
    before = session.get(Decision, made.supersedes_id) if made.supersedes_id else None
    classes = made.classes or (shares(made.amount_cents, asked.by_class) if made.amount_cents else {})
    conditions = [
        Condition(one.text, one.owner.value, one.due_on, one.before_allotment)
        for one in conditions_of(session, [made.id])[made.id]
    ]
    return LetterFacts(
        fund.code, fund.names, call.code, call.names, proposal.reference, proposal.title, proposal.language,
        session.get_one(Office, proposal.office_id).name, state.names if state else None,
        (of.number(fund.id), of.since, of.until), made.outcome.value, asked.total, made.amount_cents, classes,
        not made.classes, conditions, made.shared, made.at.date(), before.at.date() if before else None, at,
    )  # fmt: skip
