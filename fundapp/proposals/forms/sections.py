"""A page of a proposal as it is posted: controls by name, and what was typed in them.

A control is named after its field, "f.problem"; of rows, "f.outcomes" lists their ids, "f.outcomes.C1.text" is a
column, "f.outcomes.C1.off" takes the row off. Nothing typed is refused here: a draft may be wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from fundapp.proposals.rules.fields import COURTESY, Content, Field, Kind, kept, rows_of

ROOT, OFF, CHOICE = "f.", "off", "choice."
MINE, THEIRS, BOTH = "mine", "theirs", "both"
Posted = MultiDict[str, str]


def typed(fields: Iterable[Field], form: Posted, prefix: str = ROOT) -> dict[str, Any]:
    """What was typed on a page; rows that are to be taken off are still there, and say so."""
    found: dict[str, Any] = {}
    for one in fields:
        name = prefix + one.name
        if one.kind is Kind.ROWS:
            found[one.name] = [_row(one, form, key) for key in dict.fromkeys(form.getlist(name)) if key.isalnum()]
        elif one.kind is Kind.SEVERAL:
            found[one.name] = form.getlist(name)
        else:
            found[one.name] = _text(form, name)
        if one.kind is Kind.TEXT and name + COURTESY in form:
            found[one.name + COURTESY] = _text(form, name + COURTESY)
    return found


def _text(form: Posted, name: str) -> str:
    return form.get(name, "").replace("\r\n", "\n")


def _row(field: Field, form: Posted, key: str) -> dict[str, Any]:
    prefix = f"{ROOT}{field.name}.{key}."
    row = {"id": key, **typed(field.columns, form, prefix)}
    return row | ({OFF: "1"} if prefix + OFF in form else {})


def staying(fields: Iterable[Field], content: Content) -> dict[str, Any]:
    """The same without the rows that are to be taken off."""
    found = dict(content)
    for one in fields:
        if one.kind is Kind.ROWS:
            found[one.name] = [row for row in rows_of(content, one.name) if OFF not in row]
    return found


def with_courtesy(fields: Iterable[Field], content: Content, before: Content, shown: bool) -> dict[str, Any]:
    """What was typed, with the translations that stand there already where the page had no room for any: a proposal
    whose language was changed loses none."""
    if shown:
        return dict(content)
    found = dict(content)
    for one in fields:
        if one.kind is Kind.ROWS:
            known = {row["id"]: row for row in rows_of(before, one.name)}
            rows = rows_of(content, one.name)
            found[one.name] = [with_courtesy(one.columns, row, known.get(row["id"], {}), shown) for row in rows]
        elif one.name + COURTESY in before:
            found.setdefault(one.name + COURTESY, before[one.name + COURTESY])
    return found


# ------------------------------------------------------------------------------------------------------- two who write


@dataclass(frozen=True, slots=True)
class Apart:
    """A field, or a row, in which two people wrote different things. key: the name of the control that chooses.
    names: field, row and column as they are called; chosen: what loses nothing."""

    key: str
    field: Field
    row: str
    theirs: Any
    mine: Any
    chosen: str

    @property
    def may_be_both(self) -> bool:
        """Whether one can be kept after the other."""
        return bool(self.theirs and self.mine) and (self.field.kind in (Kind.TEXT, Kind.ROWS) or self.courtesy)

    @property
    def courtesy(self) -> bool:
        """Whether it is the translation of a text."""
        return self.key.endswith(COURTESY)


def apart(fields: Iterable[Field], theirs: Content, mine: Content) -> list[Apart]:
    """Where what stands there differs from what somebody typed."""
    listed = list(fields)
    mine = kept(listed, staying(listed, mine))
    return [one for field in listed for one in _apart(field, theirs, mine)]


def _apart(field: Field, theirs: Content, mine: Content) -> Iterator[Apart]:
    if field.kind is Kind.ROWS:
        here = {row["id"]: row for row in rows_of(theirs, field.name)}
        ours = {row["id"]: row for row in rows_of(mine, field.name)}
        pairs = [(key, field, key, here.get(key), ours.get(key)) for key in dict.fromkeys([*here, *ours])]
        found = [(f"{field.name}.{key}", row, a, b) for key, _, row, a, b in pairs]
    else:
        names = [field.name] + ([field.name + COURTESY] if field.kind is Kind.TEXT else [])
        found = [(name, "", theirs.get(name), mine.get(name)) for name in names]
    for key, row, a, b in found:
        if (a or None) != (b or None):
            yield Apart(CHOICE + key, field, row, a, b, MINE if b else THEIRS)


def settled(fields: Iterable[Field], theirs: Content, mine: Content, form: Posted) -> dict[str, Any]:
    """What was typed, with what was chosen of the other's text in its place or before it."""
    found = dict(mine)
    for one in fields:
        if one.kind is Kind.ROWS:
            found[one.name] = _settled_rows(one, theirs, mine, form)
            continue
        for name in (one.name, one.name + COURTESY):
            choice = form.get(CHOICE + name)
            if choice == THEIRS:
                found[name] = theirs.get(name, [] if one.kind is Kind.SEVERAL else "")
            elif choice == BOTH and isinstance(found.get(name), str):
                found[name] = "\n\n".join(text for text in (theirs.get(name, ""), found[name]) if text)
    return found


def _settled_rows(field: Field, theirs: Content, mine: Content, form: Posted) -> list[dict[str, Any]]:
    here = {row["id"]: row for row in rows_of(theirs, field.name)}
    ours = {row["id"]: row for row in rows_of(mine, field.name)}
    found: list[dict[str, Any]] = []
    for key in dict.fromkeys([*here, *ours]):
        choice = form.get(f"{CHOICE}{field.name}.{key}", MINE)
        if choice in (THEIRS, BOTH) and key in here:
            found.append(here[key])
        if choice in (MINE, BOTH) and key in ours:
            found.append({**ours[key], "id": key if choice == MINE else ""})
    return found


# ------------------------------------------------------------------------------------------------------------- counts


def texts(fields: Iterable[Field], content: Content, prefix: str = ROOT) -> Mapping[str, str]:
    """Control -> text, of the texts and lines that are of no row."""
    known = (Kind.TEXT, Kind.LINE)
    return {prefix + one.name: str(content.get(one.name, "")) for one in fields if one.kind in known}
