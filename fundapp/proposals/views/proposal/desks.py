"""Which desk officer sees to which region, and how one is told of proposals."""

from __future__ import annotations

from collections import defaultdict

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from fundapp.access.gate import needs, signed_in
from fundapp.access.models import Person
from fundapp.access.policy import Permission
from fundapp.access.views.address import language
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault
from fundapp.kernel.work import Work, unit_of_work
from fundapp.proposals.forms.screening import DeskForm, TellingForm
from fundapp.proposals.operations.letters import choose_telling
from fundapp.proposals.operations.screening import end_desk, give_desk
from fundapp.proposals.queries.reminding import wants_single
from fundapp.proposals.queries.screening import desks as desks_of
from fundapp.proposals.queries.screening import officers
from fundapp.proposals.views.calls.blueprint import Answer, do, fund_here, status
from fundapp.proposals.views.proposal.blueprint import blueprint
from fundapp.reference.models import Region
from fundapp.reference.queries import regions


def _ordered() -> list[tuple[Region, int]]:
    """Regions and how deep each lies: every region before those within it, by name."""
    within: defaultdict[str | None, list[Region]] = defaultdict(list)
    for one in sorted(regions(db.session()), key=lambda one: one.name(language())):
        within[one.within].append(one)
    found: list[tuple[Region, int]] = []

    def add(parent: str | None, depth: int) -> None:
        for one in within[parent]:
            found.append((one, depth))
            add(one.code, depth + 1)

    add(None, 0)
    return found


@blueprint.route("/desks", methods=["GET", "POST"])
@needs(Permission.PROPOSAL_ASSIGN)
def desks() -> Answer:
    """Who sees to which region; a POST gives one."""
    places = _ordered()
    form, rest = DeskForm(), list[Fault]()
    form.offer(officers(db.session(), fund_here().id))
    form.offer_regions([(one.code, "\u2003" * depth + one.name(language())) for one, depth in places])
    if form.is_submitted() and form.validate():
        rest = do(form, lambda work: _give(work, form))
        if not rest and not form.errors:
            flash(_("The region is given."), "success")
            return redirect(url_for("proposal.desks"))
    order = {one.code: number for number, (one, _depth) in enumerate(places)}
    page = render_template(
        "proposals/proposal/desks.html",
        form=form,
        faults=rest,
        rows=sorted(desks_of(db.session(), signed_in(), fund_here().id), key=lambda row: order.get(row.region, 0)),
        names={one.code: one.name(language()) for one, _depth in places},
    )
    return page, status(form, rest)


def _give(work: Work, form: DeskForm) -> None:
    give_desk(work, fund_here(), form.region.data or "", work.session.get(Person, form.person_id))


@blueprint.post("/desks/<int:key>/end")
@needs(Permission.PROPOSAL_ASSIGN)
def end_of_desk(key: int) -> Response:
    """Have nobody see to a region any more."""
    with unit_of_work(signed_in()) as work:
        end_desk(work, fund_here(), key)
    flash(_("Nobody sees to the region any more."), "success")
    return redirect(url_for("proposal.desks"))


@blueprint.route("/telling", methods=["GET", "POST"])
@needs(Permission.SIGNED_IN)
def telling() -> Answer:
    """How one wants to be told of proposals."""
    who = signed_in()
    form, rest = TellingForm().offer(), list[Fault]()
    if not form.is_submitted():
        form.how.data = "single" if wants_single(db.session(), who.id) else "digest"
    elif form.validate():
        rest = do(form, lambda work: choose_telling(work, who, form.how.data or ""))
        if not rest and not form.errors:
            flash(_("Your choice is saved."), "success")
            return redirect(url_for("proposal.telling"))
    return render_template("proposals/proposal/telling.html", form=form, faults=rest), status(form, rest)
