"""What a list of recommendations is narrowed to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from wtforms import Form, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from fundapp.recommendations.queries import Wanted
from fundapp.recommendations.rules import SESSIONS, Mechanism, Position
from fundapp.recommendations.words import MECHANISMS, POSITIONS

LONGEST = 200  # characters of the words that are looked for
Kind = TypeVar("Kind", bound=StrEnum)
Pairs = Sequence[tuple[str, str]]


def choices(pairs: Iterable[tuple[Any, Any]], nothing: str) -> list[SelectChoice]:
    """What a select offers, and first what asks for nothing."""
    return [SelectChoice("", nothing), *(SelectChoice(str(value), str(label)) for value, label in pairs)]


def one_of(kind: type[Kind], text: str | None) -> Kind | None:
    """The member that an address names; none for a word that is none."""
    return kind(text) if text in set(kind) else None


def whole(text: str | None) -> int | None:
    """A small number of an address; none for what is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 4 else None


_OPTION, _CHOSEN = Markup('<option value="{}">{}</option>'), Markup('<option value="{}" selected>{}</option>')


@lru_cache(maxsize=256)
def _drawn(pairs: tuple[tuple[str, str], ...], chosen: str) -> Markup:
    """Once for each language and choice: hundreds of options took longer than all else of a page."""
    marked = chosen if any(value == chosen for value, _label in pairs) else ""
    return Markup("").join((_CHOSEN if value == marked else _OPTION).format(value, label) for value, label in pairs)


class LongSelect(SelectField):
    """A filter that offers hundreds."""

    pairs: tuple[tuple[str, str], ...] = ()

    def offer(self, pairs: Iterable[tuple[str, str]], nothing: str) -> None:
        """Fill in what can be chosen, and first what asks for nothing."""
        self.pairs = (("", nothing), *pairs)

    def drawn(self) -> Markup:
        """The options as they stand in the select."""
        return _drawn(self.pairs, self.data or "")


class RegisterFilterForm(Form):
    """The box and the filters above the list; what an address has that is none is as if it were not there."""

    q = StringField(_l("Words, a paragraph or a symbol"))
    state = LongSelect(_l("State under review"), validate_choice=False)
    mechanism = SelectField(_l("Mechanism"), validate_choice=False)
    cycle = SelectField(_l("Cycle"), validate_choice=False)
    position = SelectField(_l("Position"), validate_choice=False)
    theme = LongSelect(_l("Theme"), validate_choice=False)
    goal = LongSelect(_l("Goal"), validate_choice=False)
    by = LongSelect(_l("Recommending State"), validate_choice=False)

    def offer(self, states: Pairs, themes: Pairs, goals: Pairs) -> RegisterFilterForm:
        """Fill in what can be chosen."""
        self.state.offer(states, _("All States"))
        self.by.offer(states, _("All States"))
        self.mechanism.choices = choices(MECHANISMS.items(), _("All"))
        self.cycle.choices = choices(((cycle, cycle) for cycle in sorted(SESSIONS, reverse=True)), _("All"))
        self.position.choices = choices(POSITIONS.items(), _("All"))
        self.theme.offer(themes, _("All themes"))
        self.goal.offer(goals, _("All"))
        return self

    def wanted(self) -> Wanted:
        """What is looked for."""
        return Wanted(
            words=(self.q.data or "")[:LONGEST],
            state=self.state.data or "",
            mechanism=one_of(Mechanism, self.mechanism.data),
            cycle=whole(self.cycle.data),
            position=one_of(Position, self.position.data),
            theme=self.theme.data or "",
            goal=whole(self.goal.data),
            recommending=self.by.data or "",
        )

    def chosen(self) -> list[tuple[str, str]]:
        """(name, label) of each filter in force, for the chips that take it away."""
        found = []
        for field in self:
            if isinstance(field, SelectField) and field.data:
                offered = field.pairs if isinstance(field, LongSelect) else field.iter_choices()
                label = next((label for value, label, *_ in offered if str(value) == field.data), field.data)
                found.append((field.name, f"{field.label.text}: {label}"))
        return found
