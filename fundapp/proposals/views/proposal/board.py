"""Proposals by stage: how many stand where, what they ask for together, and which came last."""

from __future__ import annotations

from flask import render_template, request

from fundapp.access.gate import actor, needs
from fundapp.access.policy import Permission
from fundapp.access.views.address import language
from fundapp.kernel.clock import now, today
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault
from fundapp.proposals.forms.listing import ProposalsFilterForm
from fundapp.proposals.queries.board import FIRST, STANDING
from fundapp.proposals.queries.board import board as columns_of
from fundapp.proposals.queries.choices import known
from fundapp.proposals.views.calls.blueprint import fund_here, place
from fundapp.proposals.views.proposal.blueprint import blueprint


@blueprint.get("/board")
@needs(Permission.PROPOSAL_READ)
def board() -> tuple[str, int]:
    """The stages beside each other, of all calls or of one."""
    session, who, fund = db.session(), actor(), fund_here()
    spoken = language()
    offered = known(session, who, fund, spoken, now())
    form = ProposalsFilterForm(request.args).offer(offered, spoken)
    given, faults = form.call.data or "", []
    if given and given not in {value for value, _label in form.call.pairs}:
        faults = place(
            form, [Fault("address.not-offered", {"name": form.call.label.text, "text": given[:20]}, field="call")]
        )
        given = "0"  # of no call
    columns = columns_of(session, who, fund, int(given) if given else None)
    shown = render_template(
        "proposals/proposal/board.html",
        form=form,
        faults=faults,
        columns=columns,
        countries=offered.world.countries,
        calls=offered.calls,
        call=given,
        first=FIRST,
        total=sum(column.many for column in columns),
        today=today(),
        long=STANDING,
        beyond=offered.beyond,
    )
    return shown, 400 if form.errors else 200
