"""Recommendations of one State from several mechanisms and sources, for tests of evidence and of duplicates."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from lists import CYCLE4, annotation, as_json, info, table, word
from signing_in import one_of_each, person

from fundapp.access.operation import operation
from fundapp.access.operations import Console
from fundapp.access.policy import Permission, Role
from fundapp.kernel.database import db
from fundapp.kernel.errors import Faults
from fundapp.kernel.work import Work, unit_of_work
from fundapp.recommendations.layouts import recognise
from fundapp.recommendations.layouts.incoming import incoming
from fundapp.recommendations.models import REC, TEXT, HighCommissionerLetter, LetterArea, LetterAreaGoal
from fundapp.recommendations.operations import Outcome, import_file
from fundapp.recommendations.queries import world
from fundapp.recommendations.rules import Reading

HEALTH = ("- Right to health", "- 3 - GOOD HEALTH AND WELL-BEING")


def take(path: Path, *, apply: bool = False) -> Outcome:
    """Take a file in as the command line does."""
    file = incoming(path)
    reading = Reading(file.name, world(db.session(), "en"), Faults())
    with unit_of_work(Console()) as work:
        return import_file(work, None, file, recognise(file), reading, apply_changes=apply)


def listed(path: Path, *body: tuple[str, str, str]) -> Path:
    """A list of the Office for Slovenia, cycle 4: (paragraph and text, themes, goals)."""
    rows = [(f"{text};", "Supported", themes, goals) for text, themes, goals in body]
    return word(path, table(CYCLE4, *rows))


def health(folder: Path) -> None:
    """Two recommendations of the review on health and education, and what others said."""
    take(
        as_json(
            folder / "uhri.json",
            annotation(AnnotationId="r7", Body="UPR", UprSession="48", Text="140.7 Ratify it", Sdgs=["3.4", "5.2"]),
            annotation(
                AnnotationId="r8", Body="UPR", UprSession="48", Text="140.8 Teach", Sdgs=[], Themes=["Right to work"]
            ),
            annotation(AnnotationId="both", PublicationDate="2023-03-15"),
            annotation(
                AnnotationId="theme", PublicationDate="2024-01-01", Body="SR on health", Symbol="A/HRC/1", Sdgs=["3"]
            ),
            annotation(AnnotationId="target", PublicationDate=None, Themes=["Right to food"], Sdgs=["5.2"]),
            annotation(
                AnnotationId="near", PublicationDate="2022-02-02", Themes=["Right to food"], Sdgs=["2"], Text="Feed"
            ),
            annotation(AnnotationId="where", Countries=["Fiji"]),
        )
    )  # fmt: skip


def number_of(mark: str) -> int:
    """The number of a recommendation of the index by its mark, to Slovenia."""
    key = mark if ":" in mark else f"uhri:{mark}:SVN"
    found = db.session.scalar(sa.select(REC.c.number).where(REC.c.key == key, REC.c.standing))
    db.session.remove()
    assert found is not None, mark
    return int(found)


def number_with(text: str) -> int:
    """The number of the recommendation whose text begins so."""
    asked = sa.select(REC.c.number).join(TEXT, TEXT.c.recommendation_id == REC.c.id)
    found = db.session.scalars(asked.where(TEXT.c.text.startswith(text), REC.c.standing)).all()
    db.session.remove()
    [number] = found
    return int(number)


@operation(Permission.REVIEW_RECORD, name="tests.write_letter")
def write_letter(
    work: Work, _: None, theme: str | None, goals: tuple[str, ...], state: str, more: dict[str, Any]
) -> int:
    """A letter with one area."""
    letter = HighCommissionerLetter(
        state=state, cycle=4, sent_on=date(2025, 10, 1), file_name="", file_digest=None, file_size=0, at=work.at,
        by="console", withdrawn_at=more.get("letter_withdrawn"),
    )  # fmt: skip
    work.session.add(letter)
    work.session.flush()
    area = LetterArea(
        letter_id=letter.id, theme=theme, sentence="Reach the rural areas.", language="en", at=work.at, by="console",
        withdrawn_at=more.get("area_withdrawn"),
    )  # fmt: skip
    work.session.add(area)
    work.session.flush()
    for code in goals:
        number, _dot, rest = code.partition(".")
        work.session.add(LetterAreaGoal(area_id=area.id, goal=int(number), target=code if rest else ""))
    return area.id


def letter(theme: str | None, *goals: str, state: str = "SVN", **more: Any) -> int:
    """The area of a letter that the command line recorded."""
    with unit_of_work(Console()) as work:
        return write_letter(work, None, theme, goals, state, more)


def people() -> None:
    """Somebody of each role, see `works`."""
    one_of_each()
    db.session.remove()


def works(role: Role) -> AbstractContextManager[Work]:
    """A unit of work of the person of a role."""
    return unit_of_work(person(f"{role.value}@fund.int"))


def two_sources(folder: Path) -> None:
    """A list of the Office and UPR Info on one review: 140.7 was made by two States, 140.8 by one."""
    take(
        listed(
            folder / "list.docx",
            ("140.7 Ratify the Optional Protocol to the Convention against Torture (Iceland) (Portugal)", *HEALTH),
            ("140.8 Train judges and police officers in human rights (Maldives)", *HEALTH),
            ("140.9 Build schools in rural areas (Fiji)", *HEALTH),
        )
    )
    take(
        info(
            folder / "info.csv",
            {
                "Text": "Ratify the Optional Protocol to the Convention against Torture",
                "From": "Iceland",
                "Session": "48",
            },
            {
                "Text": "Ratify the Optional Protocol to the Convention against Torture",
                "From": "Portugal",
                "Session": "48",
            },
            {"Text": "Train judges and all police in human rights", "From": "Maldives", "Session": "48"},
            {"Text": "Protect the sea", "From": "Fiji", "Session": "48"},
        )
    )
