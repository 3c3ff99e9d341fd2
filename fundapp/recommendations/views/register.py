"""The list of recommendations with its search, and one recommendation."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from flask import Response, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from fundapp.access.gate import actor, exports, needs, signed_in
from fundapp.access.policy import Permission, may
from fundapp.access.views.address import language
from fundapp.access.views.page import file
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.sheets import Cell
from fundapp.recommendations.forms import RegisterFilterForm
from fundapp.recommendations.queries import (
    EvidenceFound,
    Names,
    Wanted,
    Which,
    Whole,
    count,
    every,
    evidence,
    names,
    searched,
    whole,
)
from fundapp.recommendations.queries.following import follow_up_of
from fundapp.recommendations.queries.plans import measures_on
from fundapp.recommendations.rules import Mechanism, Recommended
from fundapp.recommendations.themes import person_name, theme_name, theme_names
from fundapp.recommendations.views.blueprint import blueprint
from fundapp.recommendations.views.following import said_by, withdrawable
from fundapp.recommendations.words import MECHANISMS, POSITIONS
from fundapp.reference.rules import order_key

PAGE = 50
FIRST = 10  # matches that a recommendation's own page shows
LARGEST = 2**63 - 1  # what a column holds
SEPARATOR = "; "


def filter_form(known: Names) -> RegisterFilterForm:
    """The filters of the address, with what can be chosen in the reader's language."""
    goals = [(str(number), f"{number} · {title}") for number, title in known.goals.items()]
    return RegisterFilterForm(request.args).offer(known.states, _themes(language()), goals)


@cache
def _themes(spoken: str) -> list[tuple[str, str]]:
    labels = {code: labels[spoken] for code, labels in theme_names().items()}
    return sorted(labels.items(), key=lambda pair: order_key(pair[1], pair[0], spoken))


def _after() -> int:
    """Where the page goes on: a turn has up to 19 figures; what is none is the beginning."""
    text = request.args.get("after", "")
    return min(int(text), LARGEST) if text.isascii() and text.isdigit() and len(text) < 20 else 0


@blueprint.get("", endpoint="register")
@needs(Permission.RECOMMENDATION_READ)
def register() -> str:
    """The recommendations that stand, searched and filtered."""
    session, who, known = db.session(), actor(), names(db.session(), language())
    form = filter_form(known)
    wanted = form.wanted()
    rows, total = searched(session, who, wanted, language=language(), limit=PAGE, after=_after())
    last = rows[-1].turn if len(rows) == PAGE else 0
    filters: dict[str, Any] = {name: value for name in form.data if (value := request.args.get(name))}
    return render_template(
        "recommendations/register.html",
        form=form,
        rows=rows,
        total=total,
        names=known,
        filters=filters,
        one_at=url_for("recommendations.recommendation", number=0).removesuffix("0"),
        state_at=url_for("recommendations.state", code="SVN").removesuffix("SVN"),
        next=url_for("recommendations.register", **filters, after=last) if last else None,
        first=url_for("recommendations.register", **filters) if request.args.get("after") else None,
    )


@blueprint.get("/list.<any(csv, xlsx):kind>")
@needs(Permission.RECOMMENDATION_READ)
@exports
def register_file(kind: str) -> Response:
    """The recommendations with the filters of the address, as a file."""
    spoken, known = language(), names(db.session(), language())
    wanted = filter_form(known).wanted()
    total = count(db.session(), actor(), wanted)
    return file(kind, "recommendations", headings(), cells(wanted, known, spoken), total)


def headings() -> tuple[str, ...]:
    """Of the list as a file."""
    return (
        *(_("Number"), _("State under review"), _("Mechanism"), _("Body"), _("Cycle"), _("Session"), _("Symbol")),
        *(_("Paragraph"), _("Recommendation"), _("Language"), _("Recommending States"), _("Position")),
        *(_("Source of the position"), _("Themes"), _("Groups of persons"), _("Goals and targets"), _("Date")),
    )


def cells(wanted: Wanted, known: Names, spoken: str) -> Iterator[tuple[Cell, ...]]:
    """A row for each recommendation. Runs when the view is over and its session closed: it asks for one of its own."""
    mechanisms = {kind: str(word) for kind, word in MECHANISMS.items()}
    positions = {kind: str(word) for kind, word in POSITIONS.items()}
    for number, one in every(db.session(), wanted):
        tongue = spoken if spoken in one.texts else next(iter(one.texts), "")
        yield (
            *(number, known.countries.get(one.state, one.state), mechanisms[one.mechanism], one.body, one.cycle),
            *(one.session, one.symbol, one.paragraph, one.texts.get(tongue, ""), tongue),
            SEPARATOR.join(known.countries.get(code, code) for code in one.states),
            *(positions[one.position] if one.position else "", one.position_source),
            *(SEPARATOR.join(labels) for labels in _labels(one, spoken)),
            *(SEPARATOR.join(one.goals), one.issued.isoformat() if one.issued else ""),
        )


def _labels(one: Recommended, spoken: str) -> tuple[list[str], list[str]]:
    """The themes and the groups of persons of a recommendation, in a language where they are in use."""
    themes = [theme_name(label.code, spoken) if label.code else label.text for label in one.themes]
    return themes, [person_name(label.code or label.text, spoken) for label in one.persons]


@blueprint.get("/<int:number>")
@needs(Permission.RECOMMENDATION_READ)
def recommendation(number: int) -> str | BaseResponse:
    """One recommendation: its words, what it is about, where it comes from and what became of it."""
    session, who, spoken = db.session(), signed_in(), language()
    found = whole(session, who, number)
    if found is None:
        abort(404)
    if found.stands and found.joined_to:
        return redirect(url_for("recommendations.recommendation", number=found.joined_to))
    themes, persons = _labels(found.facts, spoken)
    history = follow_up_of(session, number)
    return render_template(
        "recommendations/recommendation.html",
        found=found,
        one=found.facts,
        names=names(session, spoken),
        tongues=sorted(found.facts.texts, key=lambda code: (code != spoken, code)),
        themes=list(zip(found.facts.themes, themes, strict=True)),
        persons=persons,
        history=history,
        said_by=said_by(history),
        withdrawable=withdrawable(history),
        measures=measures_on(session, who, number, today()),
        evidence=_evidence(found) if found.stands and found.facts.mechanism is Mechanism.UPR else None,
        follows=may(who, Permission.FOLLOW_UP_RECORD),
        judges=may(who, Permission.EVIDENCE_JUDGE),
    )


def _evidence(found: Whole) -> EvidenceFound:
    """The strongest of what others said on the themes and targets that any source names."""
    facts = [found.facts, *(one.facts for one in found.joined)]
    themes = [label.code for one in facts for label in one.themes if label.code]
    targets = [goal for one in facts for goal in one.goals]
    about, first = found.numbers, Which(rows=FIRST)
    return evidence(
        db.session(), actor(), found.facts.state, themes, targets, about=about, language=language(), which=first
    )
