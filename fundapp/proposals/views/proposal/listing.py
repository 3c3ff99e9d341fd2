"""The proposals of a fund: to an office its own, to the secretariat what was handed in; narrowed by the address."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Response, render_template, request

from fundapp.access.forms import page_of
from fundapp.access.gate import actor, exports, needs
from fundapp.access.policy import Permission
from fundapp.access.views.address import language
from fundapp.access.views.page import file, last_page
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault, Refusal
from fundapp.proposals.forms.listing import (
    ProposalsFilterForm,
    boxes,
    columns_of,
    kept_words,
    offered_columns,
    query_of,
)
from fundapp.proposals.queries.choices import Known, known
from fundapp.proposals.queries.listing import NEWEST, PAGE, Narrowed, Wanted, every, found, narrowed, read, totals
from fundapp.proposals.queries.proposals import HandedIn
from fundapp.proposals.views.calls.blueprint import fund_here, place
from fundapp.proposals.views.proposal.blueprint import blueprint, does
from fundapp.proposals.views.proposal.table import Table


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for, and what is wrong with it."""

    known: Known
    form: ProposalsFilterForm
    wanted: Wanted
    columns: tuple[str, ...]
    faults: list[Fault]

    def sound(self) -> Asked:
        """Itself; refused where anything is wrong, for a file or a deed has no field to say it beside."""
        if self.faults:
            raise Refusal(*(Fault(one.code, one.values) for one in self.faults))
        return self

    def question(self) -> Narrowed:
        """What is asked of the proposals that the reader may see."""
        return narrowed(actor(), fund_here(), self.known, self.wanted)


def asked(words: Any = None) -> Asked:
    """What the address asks for, or these words; one query."""
    given = request.args if words is None else words
    spoken, who = language(), actor()
    offered = known(db.session(), who, fund_here(), spoken, now())
    form = ProposalsFilterForm(given).offer(offered, spoken)
    wanted, faults = form.wanted(offered, who.id, spoken, given.get("sort", ""))
    columns, strange = columns_of(given, offered.beyond, spoken)
    return Asked(offered, form, wanted if not strange else Wanted(nothing=True), columns, [*faults, *strange])


def actions() -> tuple[str, ...]:
    """What whoever looks may do with several proposals at once."""
    handed_in = HandedIn(fund_here().id)
    found = {
        "screen": does(Permission.PROPOSAL_SCREEN, handed_in),
        "assign": does(Permission.PROPOSAL_ASSIGN, handed_in),
        "dossiers": does(Permission.DOSSIER_MAKE),
    }
    return tuple(name for name, may in found.items() if may)


@blueprint.get("")
@needs(Permission.PROPOSAL_READ)
def proposals() -> tuple[str, int]:
    """The proposals, as they are filtered."""
    ask, page = asked(), page_of(request.args)
    question = ask.question()
    rows, total, cents = found(db.session(), question, page)
    last = last_page(total, PAGE)
    if page > last:
        page = last
        rows, total, cents = found(db.session(), question, page)
    table, may = Table(ask.known, ask.columns), actions()
    rest, words = place(ask.form, ask.faults), kept_words(request.args)
    query = query_of(request.args)
    shown = render_template(
        "proposals/proposal/proposals.html",
        form=ask.form,
        faults=rest,
        known=ask.known,
        table=table,
        body=table.body(rows, chosen=bool(may)),
        total=total,
        cents=cents,
        page=page,
        last=last,
        first=(page - 1) * PAGE + 1,
        shown=len(rows),
        actions=may,
        columns=boxes("columns", tuple(offered_columns(ask.known.beyond, language()).items()), frozenset(ask.columns)),
        words=words,
        query=query,
        keeps=does(Permission.VIEW_SAVE),
        newest=NEWEST,
        begins=does(Permission.PROPOSAL_WRITE),
    )
    return shown, 400 if ask.faults else 200


@blueprint.get("/list.<any(csv, xlsx):kind>")
@needs(Permission.PROPOSAL_READ)
@exports
def proposals_file(kind: str) -> Response:
    """The proposals as they are filtered, with the columns that are chosen."""
    ask = asked().sound()
    question = ask.question()
    table, (total, _) = Table(ask.known, ask.columns), totals(db.session(), question)
    # what is asked is worked out now; the rows of a file are read when the view is over and its session closed
    rows = _read(every(question))
    return file(kind, f"{fund_here().code}-proposals", table.headings(), table.cells(rows), total)


def _read(statement: Any) -> Iterator[Any]:
    yield from read(db.session(), statement)
