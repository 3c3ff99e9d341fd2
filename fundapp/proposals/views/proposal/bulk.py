"""Something done with several proposals: what will happen to each, then what did. Each is a unit of work of its own,
so that one that is refused does not stop the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.datastructures import MultiDict

from fundapp.access.forms import Posted
from fundapp.access.gate import actor, needs, signed_in
from fundapp.access.models import Person
from fundapp.access.policy import Permission, Refused
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.kernel.work import Work, unit_of_work
from fundapp.proposals.forms.listing import kept_words, query_of
from fundapp.proposals.models import Proposal
from fundapp.proposals.operations.moving import start_screening
from fundapp.proposals.operations.screening import assign_officer
from fundapp.proposals.queries.choices import Known, known
from fundapp.proposals.queries.listing import named, references
from fundapp.proposals.queries.proposals import proposal as proposal_of
from fundapp.proposals.rules.stages import allowed
from fundapp.proposals.views.calls.blueprint import fund_here
from fundapp.proposals.views.proposal.blueprint import REFERENCE, Answer, blueprint
from fundapp.proposals.views.proposal.listing import actions, asked
from fundapp.recommendations.forms.register import LongSelect

MOST = 500  # proposals at a time: each is a unit of work
LONGEST_TOLD, LONGEST_QUERY = 6_000, 1_000  # letters of an address: servers take some eight thousand
SHOWN = 20  # letters of what somebody wrote for a reference
DEEDS = {"screen": _l("Begin screening"), "assign": _l("Name the desk officer")}
Sentence = Callable[[Fault], str]


class BulkForm(Posted):
    """Whom to name as desk officer; the proposals come beside it."""

    officer = LongSelect(_l("Desk officer"), validate_choice=False)

    def offer(self, known: Known) -> BulkForm:
        """Fill in who can be chosen."""
        self.officer.offer([(str(key), name) for key, name in known.officers.items()], _("Choose"))
        return self


@dataclass(frozen=True, slots=True)
class Line:
    """A proposal that was chosen: what is known of it (nothing of one that the reader may not see), and why nothing
    will become of it, or did."""

    reference: str
    row: Any = None
    why: tuple[Fault, ...] = ()


def _deed(words: Mapping[str, str]) -> str:
    """What is to be done; refused where it is nothing that this reader may do."""
    given = words.get("do", "")
    if given not in actions():
        raise refuse("address.not-offered", name=_("With the chosen proposals"), text=given[:SHOWN])
    return given


def _chosen(words: MultiDict[str, str]) -> list[str]:
    """The references that were chosen, each once; or of all that are filtered."""
    if words.get("all"):
        ask = asked(words).sound()
        found: Sequence[str] = references(db.session(), ask.question(), MOST + 1)
    else:
        found = list(dict.fromkeys(text.strip() for text in words.getlist("chosen") if text.strip()))
    if len(found) > MOST:
        raise refuse("bulk.many", most=MOST)
    if not found:
        raise refuse("bulk.none")
    return list(found)


def is_reference(text: str) -> bool:
    """Whether it may be the reference of a proposal."""
    return REFERENCE.fullmatch(text) is not None


def _lines(deed: str, chosen: Sequence[str]) -> list[Line]:
    """What will become of each; one query."""
    there = named(db.session(), actor(), fund_here(), [one for one in chosen if is_reference(one)])
    found = []
    for reference in chosen:
        row = there.get(reference)
        if row is None:
            found.append(Line(reference[:SHOWN], None, (Fault("bulk.not-there", {"reference": reference[:SHOWN]}),)))
        elif deed == "screen" and not allowed(row.stage, "start-screening"):
            found.append(Line(reference, row, (Fault("bulk.stage"),)))
        else:
            found.append(Line(reference, row))
    return found


@blueprint.get("/bulk")
@needs(Permission.PROPOSAL_READ)
def bulk() -> Answer:
    """What would happen to each of the proposals that were chosen; nothing does yet."""
    words = request.args
    deed = _deed(words)
    chosen = _chosen(words)
    if deed == "dossiers":
        return redirect(url_for("proposal.dossiers", chosen=chosen))
    return _confirm(deed, chosen, BulkForm(formdata=None), [], query_of(words)), 200


def _confirm(deed: str, chosen: Sequence[str], form: BulkForm, faults: Sequence[Fault], query: str) -> str:
    lines = _lines(deed, chosen)
    return render_template(
        "proposals/proposal/bulk.html",
        deed=deed,
        title=DEEDS[deed],
        form=form.offer(known(db.session(), actor(), fund_here(), "en", now())),
        faults=faults,
        able=[line for line in lines if not line.why],
        unable=[line for line in lines if line.why],
        back=f"{url_for('proposal.proposals')}{'?' if query else ''}{query}",
        query=kept_words(request.values),
    )


@blueprint.post("/bulk")
@needs(Permission.PROPOSAL_READ)
def do_bulk() -> Answer:
    """Do it to each that was on the page of confirmation, and lead to the page that says what became of each. Doing it
    again is harmless: what is done already is refused."""
    deed, form = _deed(request.form), BulkForm()
    chosen = _chosen(MultiDict([("chosen", one) for one in request.form.getlist("chosen")]))
    officer: Person | None = None
    if deed == "assign":
        form.offer(known(db.session(), actor(), fund_here(), "en", now()))
        offered = {value for value, _label in form.officer.pairs if value}
        if form.officer.data not in offered:
            form.officer.errors = [_("Choose a desk officer.")]
            return _confirm(deed, chosen, form, [], query_of(request.form)), 422
        officer = db.session().get_one(Person, int(form.officer.data))
    lines = [
        Line(one.reference, one.row, one.why or _did(deed, one.reference, officer)) for one in _lines(deed, chosen)
    ]
    return redirect(url_for("proposal.bulk_done", told=_sealed(deed, lines, query_of(request.form))))


def _seal() -> URLSafeSerializer:
    """What signs results, for whoever did it in this fund alone."""
    return URLSafeSerializer(current_app.config["SECRET_KEY"], f"bulk:{fund_here().code}:{signed_in().id}")


def _sealed(deed: str, lines: Sequence[Line], query: str) -> str:
    """What became of each, as an address carries it: no process keeps it, and nobody else can say it. Of what was
    refused as much as an address can hold, and how many more there are."""
    refused = [(line.reference, [(fault.code, dict(fault.values)) for fault in line.why]) for line in lines if line.why]
    said: dict[str, Any] = {"deed": deed, "query": query if len(query) < LONGEST_QUERY else ""}
    said |= {"done": [line.reference for line in lines if not line.why], "refused": refused, "more": 0}
    while len(text := str(_seal().dumps(said))) > LONGEST_TOLD and said["refused"]:
        cut = len(said["refused"]) // 2
        said |= {"refused": refused[:cut], "more": len(refused) - cut}
    return text


@blueprint.get("/bulk/done")
@needs(Permission.PROPOSAL_READ)
def bulk_done() -> str:
    """What became of each, and where it stands by now."""
    try:
        said = _seal().loads(request.args.get("told", ""))
    except BadData:
        abort(404)
    refused = {one: tuple(Fault(code, values) for code, values in why) for one, why in said["refused"]}
    shown = named(db.session(), actor(), fund_here(), [*said["done"], *(one for one in refused if is_reference(one))])
    return render_template(
        "proposals/proposal/bulk_done.html",
        title=DEEDS[said["deed"]],
        done=[Line(one, shown.get(one)) for one in said["done"]],
        refused=[Line(one, shown.get(one), why) for one, why in refused.items()],
        more=said["more"],
        back=f"{url_for('proposal.proposals')}{'?' if said['query'] else ''}{said['query']}",
    )


def _did(deed: str, reference: str, officer: Person | None) -> tuple[Fault, ...]:
    """Do it to one; what it was refused for, nothing where it is done."""
    try:
        with unit_of_work(signed_in()) as work:
            found = proposal_of(work.session, work.actor, fund_here(), reference)
            if found is None:
                return (Fault("bulk.not-there", {"reference": reference}),)
            _do(work, deed, found, officer)
    except Refusal as refusal:
        return refusal.faults
    except Refused:
        return (Fault("bulk.may-not"),)
    except StaleDataError:
        return (Fault("bulk.changed"),)
    return ()


def _do(work: Work, deed: str, proposal: Proposal, officer: Person | None) -> None:
    if deed == "screen":
        start_screening(work, proposal)
    elif officer is not None:
        if proposal.officer_id == officer.id:
            raise refuse("bulk.assigned", name=officer.name or officer.email)
        assign_officer(work, proposal, officer)
