"""The same recommendation from several sources: proposed, joined, kept apart, undone; on both databases."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from evidence_rows import HEALTH, health, listed, number_of, number_with, people, take, two_sources, works
from flask import Flask
from lists import annotation, as_json, info

from conftest import vandal
from fundapp.access.operations import Console
from fundapp.access.policy import Refused, Role
from fundapp.kernel import trail
from fundapp.kernel.database import db
from fundapp.kernel.errors import Refusal
from fundapp.kernel.work import unit_of_work
from fundapp.recommendations.models import REC, EvidenceJudgement, Pairing
from fundapp.recommendations.operations import join, join_all, judge, keep_apart, part, undo_import
from fundapp.recommendations.queries import (
    Wanted,
    candidates,
    count,
    decided,
    evidence_for,
    imports,
    joined_numbers,
    named_import,
    named_pairing,
    search,
    sources,
    waiting,
)
from fundapp.recommendations.rules import Verdict

DESK = Role.DESK_OFFICER
LIST7, LIST8, LIST9 = "upr:SVN:4:140.7", "upr:SVN:4:140.8", "upr:SVN:4:140.9"


@pytest.fixture
def two(seeded: Flask, tmp_path: Path) -> Flask:
    """Two sources on one review, and people."""
    two_sources(tmp_path)
    people()
    return seeded


def infos() -> dict[str, int]:
    """Recommending State -> the number of the record of UPR Info."""
    rows = db.session.execute(
        sa.select(REC.c.key, REC.c.number).where(REC.c.key.startswith("upr-info"), REC.c.standing)
    )
    found = {key.split(":")[3] + (":sea" if number == _sea() else ""): number for key, number in rows}
    db.session.remove()
    return found


def _sea() -> int:
    return number_with("Protect the sea")


def proposed() -> list[tuple[int, int, int]]:
    """(list, UPR Info, the one to keep) of the pairs that wait."""
    found = [(one.pair.ours, one.pair.theirs, one.kept) for one in candidates(db.session(), "SVN", 4)]
    assert waiting(db.session(), [("SVN", 4)])["SVN", 4] == len(found)
    db.session.remove()
    return sorted(found)


def refused(work: Callable[[], object]) -> list[str]:
    with pytest.raises(Refusal) as error:
        work()
    db.session.remove()
    return [fault.code for fault in error.value.faults]


def joins(kept: int, other: int) -> int:
    with works(DESK) as work:
        return join(work, None, kept, other).id


def apart(ours: int, theirs: int) -> int:
    with works(DESK) as work:
        return keep_apart(work, None, ours, theirs).id


def parts(identity: int) -> None:
    with works(DESK) as work:
        part(work, named_pairing(work.session, identity))


def family(number: int) -> tuple[int, ...]:
    found = joined_numbers(db.session(), number)
    db.session.remove()
    return found


def listed_numbers() -> set[int]:
    found = {row.number for row in search(db.session(), Console(), Wanted(state="SVN"))}
    assert len(found) == count(db.session(), Console(), Wanted(state="SVN"))
    db.session.remove()
    return found


def test_pairs_are_proposed_with_the_richer_to_keep(two: Flask) -> None:
    given = infos()
    seven, eight = number_of(LIST7), number_of(LIST8)
    pairs = [(seven, given["ISL"], seven), (seven, given["PRT"], seven), (eight, given["MDV"], eight)]
    assert proposed() == sorted(pairs)
    [one] = sources(db.session())
    assert (one.state, one.cycle, dict(one.records), one.joined) == ("SVN", 4, {"ohchr-list": 3, "upr-info": 4}, 0)
    best = candidates(db.session(), "SVN", 4)[0]
    assert (best.pair.score, best.ours.states, best.theirs.states) == (1.0, ("ISL", "PRT"), ("ISL",))
    assert waiting(db.session(), []) == {} and candidates(db.session(), "FJI", 4) == []


def test_one_source_proposes_nothing(seeded: Flask, tmp_path: Path) -> None:
    take(info(tmp_path / "i.csv", {"Text": "Do"}, {"Text": "Do", "From": "Fiji"}))
    assert sources(db.session()) == [] == candidates(db.session(), "SVN", 2)


def test_several_rows_are_joined_to_one(two: Flask) -> None:
    given, seven, before = infos(), number_of(LIST7), listed_numbers()
    joins(seven, given["ISL"])
    joins(seven, given["PRT"])
    away = {given["ISL"], given["PRT"]}
    assert listed_numbers() == before - away
    assert family(seven) == family(given["PRT"]) == (seven, *sorted(away))
    assert [pair[1] for pair in proposed()] == [given["MDV"]]
    assert sources(db.session())[0].joined == 2
    found, total = decided(db.session(), "SVN", 4)
    assert total == 2 and {(one.kept.number, one.other.number) for one in found} == {(seven, one) for one in away}
    assert family(given["MDV"]) == (given["MDV"],) and family(999_999) == (999_999,)
    assert trail.verify(db.session())[1] is None


def test_a_join_is_undone(two: Flask) -> None:
    given, seven, before = infos(), number_of(LIST7), listed_numbers()
    waits = proposed()
    pairing = joins(seven, given["ISL"])
    parts(pairing)
    assert listed_numbers() == before and proposed() == waits and family(seven) == (seven,)
    assert decided(db.session(), "SVN", 4) == ([], 0)
    assert refused(lambda: parts(pairing)) == ["pair.undone"]
    assert joins(seven, given["ISL"]) != pairing


def test_two_that_are_two_are_not_proposed_again(two: Flask) -> None:
    given, eight = infos(), number_of(LIST8)
    said = apart(eight, given["MDV"])
    assert given["MDV"] not in {pair[1] for pair in proposed()}
    assert refused(lambda: joins(eight, given["MDV"])) == ["pair.apart-already"]
    assert refused(lambda: apart(given["MDV"], eight)) == ["pair.apart-already"]
    parts(said)
    joins(eight, given["MDV"])
    assert refused(lambda: apart(eight, given["MDV"])) == ["pair.joined-already"]


def test_what_cannot_be_joined(two: Flask, tmp_path: Path) -> None:
    take(listed(tmp_path / "more.docx", ("140.11 Ratify it (Iceland)", *HEALTH)))
    take(as_json(tmp_path / "u.json", annotation(), annotation(AnnotationId="old", Body="UPR", UprSession="30")))
    given, seven, eight, nine = infos(), number_of(LIST7), number_of(LIST8), number_of(LIST9)
    joins(seven, given["ISL"])
    for kept, other, code in (
        (seven, seven, "pair.itself"),
        (seven, given["ISL"], "pair.is-joined"),
        (eight, given["ISL"], "pair.is-joined"),
        (given["ISL"], given["PRT"], "pair.kept-is-joined"),
        (given["ISL"], seven, "pair.kept-is-joined"),
        (eight, seven, "pair.has-joined"),
        (eight, 999_999, "pair.not-standing"),
        (999_999, eight, "pair.not-standing"),
        (nine, number_of("a1"), "pair.not-of-the-review"),
        (nine, number_of("old"), "pair.other-review"),
    ):
        assert refused(lambda kept=kept, other=other: joins(kept, other)) == [code]  # type: ignore[misc]
    for ours, theirs, code in ((seven, seven, "pair.itself"), (nine, number_of("old"), "pair.other-review")):
        assert refused(lambda ours=ours, theirs=theirs: apart(ours, theirs)) == [code]  # type: ignore[misc]


def test_many_are_joined_or_none(two: Flask) -> None:
    given, seven, eight = infos(), number_of(LIST7), number_of(LIST8)

    def together(*pairs: tuple[int, int]) -> int:
        with works(DESK) as work:
            return join_all(work, None, pairs)

    bad = (seven, given["ISL"]), (eight, given["ISL"]), (eight, 999_999)
    with pytest.raises(Refusal) as error:
        together(*bad)
    db.session.remove()
    told = [(fault.code, fault.values["pair"]) for fault in error.value.faults]
    assert told == [("pair.is-joined", f"{eight}-{given['ISL']}"), ("pair.not-standing", f"{eight}-999999")]
    assert family(seven) == (seven,)
    assert together((seven, given["ISL"]), (seven, given["PRT"]), (eight, given["MDV"])) == 3
    assert proposed() == []


def test_a_later_version_stays_joined(two: Flask, tmp_path: Path) -> None:
    given, eight = infos(), number_of(LIST8)
    pairing = joins(eight, given["MDV"])
    text = {"Text": "Train judges and all police in human rights", "From": "Maldives", "Session": "48"}
    changed = info(tmp_path / "changed.csv", {**text, "Response": "Noted"})
    second = take(changed, apply=True)
    assert second.changed == 1 and family(eight) == (eight, given["MDV"])
    assert given["MDV"] not in listed_numbers()
    parts(pairing)
    assert given["MDV"] in listed_numbers()
    joins(eight, given["MDV"])
    with unit_of_work(Console()) as work:  # what stood before stands again, and is joined as well
        undo_import(work, named_import(work.session, second.import_id or 0))
    assert given["MDV"] not in listed_numbers() and family(eight) == (eight, given["MDV"])


def test_an_import_is_undone_only_when_its_records_are_parted(two: Flask) -> None:
    given, seven = infos(), number_of(LIST7)
    pairing = joins(seven, given["ISL"])
    kept = [one.id for one in imports(db.session())]

    def undo(number: int) -> int:
        with unit_of_work(Console()) as work:
            return undo_import(work, named_import(work.session, number))

    for number in kept:
        assert refused(lambda number=number: undo(number)) == ["import.paired"]  # type: ignore[misc]
    parts(pairing)
    assert [undo(number) for number in kept] == [4, 3]
    assert listed_numbers() == set()


def test_what_was_said_of_one_counts_for_the_one_it_is_joined_to(two: Flask, tmp_path: Path) -> None:
    health(tmp_path)
    given, seven, near = infos(), number_of(LIST7), number_of("near")
    with works(DESK) as work:
        judge(work, None, given["ISL"], Verdict.ADDED, "The same treaty.", found=near)
    joins(seven, given["ISL"])
    for number in (seven, given["ISL"]):
        found = evidence_for(db.session(), Console(), [number])
        assert [one.listed.number for one in found.about] == [seven]
        assert near in {one.listed.number for one in found.matches}
    with works(DESK) as work:
        judge(work, None, given["ISL"], Verdict.REJECTED, "It is another treaty.", found=near)
    db.session.rollback()
    last = db.session.scalars(sa.select(EvidenceJudgement).order_by(EvidenceJudgement.id)).all()
    assert [(one.recommendation_id, one.withdrawn_at is None) for one in last] == [(given["ISL"], False), (seven, True)]
    assert near not in {one.listed.number for one in evidence_for(db.session(), Console(), [seven]).matches}


def test_who_may_join(two: Flask) -> None:
    given, seven, allowed = infos(), number_of(LIST7), set()
    for role in Role:
        try:
            with works(role) as work:
                said = join(work, None, seven, given["ISL"]).id
        except Refused:
            db.session.remove()
            continue
        allowed.add(role)
        with works(role) as work:
            part(work, named_pairing(work.session, said))
    assert allowed == {Role.SECRETARY, DESK}
    assert refused(lambda: named_pairing(db.session(), 999_999)) == ["pair.unknown"]


def test_nobody_joins_while_a_file_is_taken_in(two: Flask) -> None:
    if db.engine.dialect.name == "sqlite":
        return  # one writer
    given, seven = infos(), number_of(LIST7)
    with vandal() as other:
        other.execute(sa.select(sa.func.pg_advisory_xact_lock(20261120)))
        assert refused(lambda: joins(seven, given["ISL"])) == ["pair.import-goes-on"]
    assert joins(seven, given["ISL"])
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Pairing)) == 1
