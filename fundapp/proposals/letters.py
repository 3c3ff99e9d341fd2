"""Letters about proposals in words: in the language of whoever gets them, with links to where people reach the
program."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from flask import current_app
from flask_babel import force_locale, gettext, ngettext
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from fundapp.access.letters import address
from fundapp.access.models import Person
from fundapp.funds.models import Fund
from fundapp.kernel.database import db
from fundapp.kernel.languages import date_and_hour, long_date
from fundapp.proposals.queries.reminding import CALL_CLOSES, RETURN_DUE, Heard
from fundapp.proposals.rules import best, local
from fundapp.proposals.words import SECTIONS

# What happened, by kind of notice. Reasons follow where whoever reads the letter may read them.
KINDS: dict[str, LazyString] = {
    "proposal-cleared": _l("The head of office has cleared the proposal: it can be handed in."),
    "proposal-reopened": _l("The clearance was taken back: the proposal is being written again."),
    "proposal-received": _l("The proposal was handed in, and the secretariat has it."),
    "proposal-arrived": _l("A proposal was handed in: it waits to be screened."),
    "proposal-taken-back": _l("The office took the proposal back."),
    "proposal-changed": _l("The office handed the proposal in again, changed."),
    "proposal-withdrawn": _l("The office withdrew the proposal."),
    "proposal-discarded": _l("The draft was put aside."),
    "proposal-returned": _l("The secretariat returned the proposal for changes."),
    "return-lifted": _l("The return was lifted: nothing needs to be changed for now."),
    "proposal-eligible": _l("The proposal was found eligible: it goes on to be scored."),
    "proposal-ineligible": _l("The proposal was found not eligible."),
    "screening-reopened": _l("The secretariat takes up the screening of the proposal once more."),
    "proposal-reinstated": _l("The withdrawn proposal was put back where it stood."),
    "proposal-assigned": _l("You see to this proposal from now on."),
    "question-asked": _l("The secretariat asks a question."),
    "question-answered": _l("The office answered a question."),
    RETURN_DUE: _l("Changes are due soon, and the proposal has not been handed in again."),
    CALL_CLOSES: _l("The call closes soon."),
}
# Packages above this one add their kinds; where each leads (an endpoint, and whether it is told the reference); and how
# those that are of a call name the proposals that wait.
LINKS: dict[str, tuple[str, bool]] = {}
WAITING: dict[str, LazyString] = {}
# What else such a kind says, a line each: told the language of the letter.
SAYING: dict[str, Callable[[str, Heard], Iterable[str]]] = {}
WITH_REASON = frozenset({"proposal-returned", "proposal-ineligible", "proposal-withdrawn"})
ABOUT_QUESTIONS = frozenset({"question-asked", "question-answered"})


@dataclass(frozen=True, slots=True)
class Item:
    """A thing in a letter: what happened, and what else is said of it, a line each."""

    text: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A proposal or a call in a letter, where it is found, and what is told of it."""

    name: str
    link: str
    items: tuple[Item, ...]


def written(person: Person, told: Sequence[Heard]) -> tuple[str, str]:
    """Title and body of a letter with these things in it."""
    funds = {one.fund_id: db.session().get_one(Fund, one.fund_id) for one in told}
    with force_locale(person.language):
        groups = [
            _group(person.language, funds[fund_id], list(parts))
            for (fund_id, _), parts in groupby(told, key=lambda one: (one.fund_id, one.reference))
        ]
        link = _link("proposal.telling", next(iter(funds.values())))
        template = current_app.jinja_env.get_template("proposals/letters/digest.txt")
        return _title(told), template.render(person=person, groups=groups, link=link)


def _happened(one: Heard) -> str:
    return str(KINDS.get(one.notice.kind, one.notice.kind))


def _title(told: Sequence[Heard]) -> str:
    if len(told) == 1:
        return f"{told[0].reference}: {_happened(told[0])}"
    return str(ngettext("Proposals: %(num)d thing is new", "Proposals: %(num)d things are new", len(told)))


def _link(endpoint: str, fund: Fund, **values: Any) -> str:
    path = current_app.url_map.bind("localhost").build(endpoint, {"fund": fund.code, **values})
    return address(path)


def _group(language: str, fund: Fund, parts: list[Heard]) -> Group:
    first = parts[0]
    name = best(first.call.names, language).text if first.call is not None else first.title
    link = _where(fund, parts)
    items = tuple(Item(_happened(one), tuple(_lines(language, one))) for one in parts)
    return Group(f"{first.reference} {name}".strip(), link, items)


def _where(fund: Fund, parts: list[Heard]) -> str:
    """Where what is told of a proposal or a call is found."""
    first = parts[0]
    endpoint, named = LINKS.get(first.notice.kind, ("", False))
    if endpoint in current_app.view_functions and all(one.notice.kind == first.notice.kind for one in parts):
        return _link(endpoint, fund, **({"reference": first.reference} if named else {}))
    if first.call is not None:
        return _link("proposals.call", fund, code=first.reference)
    asked = all(one.notice.kind in ABOUT_QUESTIONS for one in parts)
    return _link("proposal.questions" if asked else "proposal.one", fund, reference=first.reference)


def _lines(language: str, one: Heard) -> list[str]:
    details = one.notice.details
    found = []
    if details.get("due"):
        moment = _moment(datetime.fromisoformat(details["due"]), one.zone, language)
        found.append(gettext("Until: %(moment)s", moment=moment))
    if (words := WAITING.get(one.notice.kind)) is not None:
        found.append(str(words) % {"proposals": ", ".join(one.unsent)})
    elif one.call is not None:
        waiting = ", ".join(one.unsent)
        found.append(
            gettext("Not handed in yet: %(proposals)s", proposals=waiting)
            if waiting
            else gettext("Your office has no proposal to it yet.")
        )
    if one.notice.kind in WITH_REASON and details.get("reason"):
        found.append(gettext("Reason: %(text)s", text=details["reason"]))
    if one.notice.kind in ABOUT_QUESTIONS:
        section = SECTIONS.get(details.get("section", ""))
        found.append(str(section) if section else gettext("The whole proposal"))
        found.append(str(details.get("text", "")))
    if (say := SAYING.get(one.notice.kind)) is not None:
        found += say(language, one)
    return found


def _moment(moment: datetime, zone: str, language: str) -> str:
    here = local(moment, zone)
    return date_and_hour(long_date(here.date(), language), f"{here:%H:%M} ({zone})", language)
