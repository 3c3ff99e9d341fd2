"""Evidence for recommendations of the review: what was found and how, and what a person says of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from flask import Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from fundapp.access.gate import actor, exports, needs, signed_in
from fundapp.access.policy import Permission, may
from fundapp.access.queries import names_of
from fundapp.access.views.address import language, number
from fundapp.access.views.page import file, last_page, say
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.kernel.sheets import Cell
from fundapp.kernel.work import unit_of_work
from fundapp.recommendations import operations, words
from fundapp.recommendations.forms.judging import JudgementForm
from fundapp.recommendations.queries import (
    EvidenceFound,
    Which,
    between,
    evidence_for,
    named_judgement,
    to_add,
)
from fundapp.recommendations.queries.evidence import PAGE, Between, Hit
from fundapp.recommendations.queries.judgements import Judged
from fundapp.recommendations.rules import Mechanism, Verdict
from fundapp.recommendations.rules.evidence import Strength, Way
from fundapp.recommendations.views.blueprint import blueprint, theme_label
from fundapp.reference.queries import names_on

WHOLE = 999_999_999_999  # the largest number of a row that an address may name
MOST_ROWS = 10_000  # matches in a file
Choice = TypeVar("Choice", bound=StrEnum)
Said = Mapping[tuple[int, int | None, int | None], Judged]


def chosen() -> list[int]:
    """The recommendations that the address names, each once."""
    found: dict[int, None] = {}
    for text in request.args.getlist("r"):
        if not (text.isascii() and text.isdigit() and len(text) <= 12):
            raise refuse("address.no-number", name="r", text=text[:20])
        found[int(text)] = None
    return list(found)


def choice(name: str, kind: type[Choice]) -> Choice | None:
    """One of the choices, by the word in the address; a word that is none is refused by name."""
    text = request.args.get(name, "").strip()
    if not text:
        return None
    try:
        return kind(text)
    except ValueError:
        raise refuse("address.no-choice", name=name, text=text[:20], known=[one.value for one in kind]) from None


def said(found: EvidenceFound) -> Said:
    """What people said, by the recommendation that counts and what they spoke of; the latest word holds."""
    counts_as = {number: about.listed.number for about in found.about for number in about.numbers}
    return {(counts_as.get(one.number, one.number), one.found, one.area): one for one in found.judged}


def page_words(judged: Iterable[Judged]) -> dict[str, Any]:
    """What the pages of evidence say of people: their names, and whether the reader may judge."""
    return {
        "names": names_of(db.session(), {one.by for one in judged}),
        "judges": may(actor(), Permission.EVIDENCE_JUDGE),
    }


@blueprint.get("/evidence", endpoint="evidence")
@needs(Permission.RECOMMENDATION_READ)
def evidence_page() -> str:
    """What other mechanisms and letters say on the matters of the recommendations chosen."""
    numbers, page = chosen(), max(number("page") or 1, 1)
    if not numbers:
        return render_template("recommendations/evidence.html", found=None)
    which = Which(choice("mechanism", Mechanism), choice("strength", Strength), min(page, MOST_ROWS))
    found = evidence_for(db.session(), actor(), numbers, language(), which)
    return render_template(
        "recommendations/evidence.html",
        found=found,
        numbers=numbers,
        state=names_on(db.session(), language()).get(found.about[0].listed.state, ""),
        paragraphs={one.listed.number: one.listed.paragraph or str(one.listed.number) for one in found.about},
        said=said(found),
        at_least=words.AT_LEAST,
        others=(Mechanism.TREATY_BODY, Mechanism.SPECIAL_PROCEDURE),
        which=which,
        last=last_page(found.total, PAGE),
        **page_words(found.judged),
    )


@blueprint.get("/evidence.<any(csv, xlsx):kind>")
@needs(Permission.RECOMMENDATION_READ)
@exports
def evidence_file(kind: str) -> Response:
    """The evidence as it is filtered, a row for each recommendation and each match."""
    which = Which(choice("mechanism", Mechanism), choice("strength", Strength), rows=MOST_ROWS)
    found = evidence_for(db.session(), actor(), chosen(), language(), which)
    rows = list(cells(found))
    return file(kind, f"evidence-{found.about[0].listed.state}", headings(), rows, len(rows))


def headings() -> tuple[str, ...]:
    """Of the evidence as a file."""
    return (
        *(_("Recommendation"), _("Paragraph"), _("Mechanism"), _("Body"), _("Symbol"), _("Date"), _("Number")),
        *(_("Text"), _("Strength"), _("How it was found"), _("Reason")),
    )


def cells(found: EvidenceFound) -> Iterator[tuple[Cell, ...]]:
    """A row for each recommendation and each match."""
    paragraphs = {one.listed.number: one.listed.paragraph for one in found.about}
    told = said(found)
    for one in found.matches:
        facts = one.listed
        what = (
            str(words.MECHANISMS[facts.mechanism]),
            facts.body,
            facts.symbol,
            _day(one.issued),
            facts.number,
            facts.text,
        )
        for hit in one.hits:
            yield (
                hit.number,
                paragraphs.get(hit.number, ""),
                *what,
                *_how(hit, told.get((hit.number, facts.number, None))),
            )
    for named in found.areas:
        area = named.area
        what = (_("Letter of the High Commissioner"), "", "", _day(area.sent_on), area.id, area.sentence)
        for hit in named.hits:
            yield hit.number, paragraphs.get(hit.number, ""), *what, *_how(hit, told.get((hit.number, None, area.id)))


def _day(value: date | None) -> str:
    return value.isoformat() if value else ""


def _how(hit: Hit, judged: Judged | None) -> tuple[str, str, str]:
    """How strong a match is, how it was found, and why a person made it, in words."""
    match = hit.match
    common = {
        Way.SAME_THEME: [theme_label(code) for code in match.themes],
        Way.SAME_TARGET: list(match.targets),
        Way.RELATED_THEME: [f"{theme_label(one)} ~ {theme_label(of)}" for one, of in match.related],
    }
    listed = current_app.jinja_env.filters["listed"]
    ways = [
        f"{words.WAYS[way]}: {listed(common[way])}" if common.get(way) else str(words.WAYS[way]) for way in match.ways
    ]
    return str(words.STRENGTHS[match.strength]), "; ".join(ways), judged.reason if judged else ""


@blueprint.route(f"/<int(max={WHOLE}):number>/judge", endpoint="judge", methods=["GET", "POST"])
@needs(Permission.EVIDENCE_JUDGE)
def judge_page(number: int) -> str | BaseResponse | tuple[str, int]:
    """Say that something is evidence for a recommendation, or is none; or look for what to add."""
    asked = _beside(number)
    back = chosen() or [asked.about.listed.number]
    if asked.found is None and asked.area is None:
        return _searched(asked, back)
    form, faults = JudgementForm(), list[Fault]()
    if form.validate_on_submit():
        try:
            return _judge(asked, form, back)
        except Refusal as refusal:
            faults = list(refusal.faults)
            asked = _beside(number)
    if not form.is_submitted():
        form.verdict.data = (Verdict.REJECTED if asked.match else Verdict.ADDED).value
        if asked.judged:
            opposite = {Verdict.ADDED: Verdict.REJECTED, Verdict.REJECTED: Verdict.ADDED}
            form.verdict.data = opposite[asked.judged.verdict].value
    page = render_template(
        "recommendations/judge.html",
        form=form,
        faults=faults,
        asked=asked,
        back=back,
        **page_words([asked.judged] if asked.judged else []),
    )
    return page, 422 if form.errors or faults else 200


def _beside(about: int) -> Between:
    """What the address is about; 404 for what is not there."""
    found, area = number("found"), number("area")
    try:
        asked = between(db.session(), actor(), about, language(), found=found, area=None if found else area)
    except Refusal as refusal:
        if refusal.faults[0].code == "address.no-recommendation":
            abort(404)
        raise
    if (found is not None and asked.found is None) or (found is None and area is not None and asked.area is None):
        abort(404)
    return asked


def _judge(asked: Between, form: JudgementForm, back: Sequence[int]) -> BaseResponse:
    about, verdict, reason = asked.about.listed.number, Verdict(form.verdict.data), form.reason.data or ""
    found, area = asked.found.listed.number if asked.found else None, asked.area.id if asked.area else None
    with unit_of_work(signed_in()) as work:
        operations.judge(work, None, about, verdict, reason, found=found, area=area, language=language())
    told = _("It is evidence now, by your word.") if verdict is Verdict.ADDED else _("It is left out from now on.")
    flash(told, "success")
    return redirect(url_for("recommendations.evidence", r=list(back)))


def _searched(asked: Between, back: Sequence[int]) -> str:
    """The page with a box to search for what to add."""
    text = request.args.get("q", "").strip()[:200]
    facts = asked.about.listed
    results = to_add(db.session(), actor(), facts.state, text, language()) if text else None
    return render_template(
        "recommendations/judge_search.html", asked=asked, back=back, q=text, results=results, **page_words(())
    )


@blueprint.post(f"/judgements/<int(max={WHOLE}):judgement>/withdraw")
@needs(Permission.EVIDENCE_JUDGE)
def withdraw_judgement(judgement: int) -> BaseResponse:
    """Take a judgement back."""
    about = named_judgement(db.session(), judgement).recommendation_id
    try:
        with unit_of_work(signed_in()) as work:
            operations.withdraw_judgement(work, named_judgement(work.session, judgement))
        flash(_("The judgement is withdrawn."), "success")
    except Refusal as refusal:
        say(refusal)
    return redirect(url_for("recommendations.evidence", r=chosen() or [about]))
