"""Lists of proposals that people keep under a name, to find them again: each person their own."""

from __future__ import annotations

import sqlalchemy as sa

from fundapp.access.operation import operation
from fundapp.access.policy import Permission
from fundapp.funds.models import Fund
from fundapp.kernel.errors import Fault, Refusal
from fundapp.kernel.work import Work
from fundapp.proposals.models import SavedView

LONGEST_NAME, LONGEST_QUERY, MOST = 80, 2_000, 50


@operation(Permission.VIEW_SAVE)
def keep_view(work: Work, fund: Fund, name: str, query: str) -> SavedView:
    """Keep a list under a name; query: its filters and columns as an address has them."""
    mine = sa.select(SavedView.name).where(SavedView.person_id == work.actor.id, SavedView.fund_id == fund.id)
    known = set(work.session.scalars(mine))
    if len(known) >= MOST:
        raise Refusal(Fault("view.many", {"most": MOST}, field="name"))
    if len(query) > LONGEST_QUERY:
        raise Refusal(Fault("view.long", {"found": len(query), "largest": LONGEST_QUERY}, field="name"))
    made = SavedView(fund_id=fund.id, person_id=work.actor.id, query=query, at=work.at)
    made.name = _name(name, known)
    work.session.add(made)
    return made


@operation(Permission.VIEW_SAVE)
def rename_view(work: Work, view: SavedView, name: str) -> None:
    """Give a list of one's own another name."""
    others = sa.select(SavedView.name).where(
        SavedView.person_id == view.person_id, SavedView.fund_id == view.fund_id, SavedView.id != view.id
    )
    view.name = _name(name, set(work.session.scalars(others)))


@operation(Permission.VIEW_SAVE)
def drop_view(work: Work, view: SavedView) -> None:
    """Drop a list of one's own."""
    work.session.delete(view)


def _name(name: str, known: set[str]) -> str:
    """The name in one line; refused where it is empty, too long or another's of the same person."""
    text = " ".join("".join(sign if sign.isprintable() else " " for sign in name).split())
    if not text:
        raise Refusal(Fault("view.no-name", field="name"))
    if len(text) > LONGEST_NAME:
        raise Refusal(Fault("call.long", {"found": len(text), "largest": LONGEST_NAME}, field="name"))
    if text in known:
        raise Refusal(Fault("view.name-taken", {"text": text}, field="name"))
    return text
