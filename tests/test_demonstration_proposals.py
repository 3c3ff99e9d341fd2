"""The demonstration's proposals: each stage and each language is there, and all of it holds."""

from __future__ import annotations

import io
import json
from collections import Counter
from datetime import timedelta
from importlib import resources

import pytest
import sqlalchemy as sa
from calls import fund, someone
from flask import Flask
from pypdf import PdfReader

from conftest import ROOT
from fundapp.access.demonstration import EVERYBODY, OFFICES, PEOPLE, REVIEWERS, SECONDS, TRUSTEES, invented
from fundapp.access.operations import Console, disable
from fundapp.access.policy import Role
from fundapp.kernel import trail
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.languages import LANGUAGES
from fundapp.kernel.trail import Trace
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.models import (
    Call,
    Proposal,
    ProposalComment,
    ProposalDocument,
    ProposalFile,
    ProposalMove,
    ProposalRecommendation,
    ProposalSection,
    ProposalVersion,
    ProposalWriter,
    ScreeningAnswer,
    ScreeningMark,
    ScreeningQuestion,
)
from fundapp.proposals.queries import named_call
from fundapp.proposals.queries.board import STANDING
from fundapp.proposals.queries.proposals import asked_of, contents, judged, moves, versions, written_sections
from fundapp.proposals.queries.screening import desks, passed, unanswered
from fundapp.proposals.queries.timeline import Sight, timeline
from fundapp.proposals.rules.content import budget
from fundapp.proposals.rules.fields import COURTESY, fields_of, kept, rows_of
from fundapp.proposals.rules.record import canonical, differences, digest
from fundapp.proposals.rules.stages import COURSE, Stage
from fundapp.recommendations.models import REC
from fundapp.recommendations.views.blueprint import files
from fundapp.web import proposals, register
from fundapp.web.calls import MARK, this_year
from fundapp.web.seed import before_the_money
from fundapp.web.written import letter, table, words


def of_call(code: str) -> list[Proposal]:
    call = named_call(db.session(), fund(), code)
    asked = sa.select(Proposal).where(Proposal.call_id == call.id).order_by(Proposal.number)
    return list(db.session().scalars(asked))


def of_2020() -> list[Proposal]:
    return of_call("2020-1")


def of_this_year() -> list[Proposal]:
    return of_call(f"{this_year()}-1")


def call_of(proposal: Proposal) -> Call:
    return db.session().get_one(Call, proposal.call_id)


def lacking(proposal: Proposal) -> list[str]:
    session = db.session()
    whole = contents(written_sections(session, proposal))
    found = judged(session, proposal, whole, asked_of(session, call_of(proposal)), proposal.saved_at.date())
    return [f"{proposal.reference} {section} {fault.code}" for section, fault in found.lacking]


def test_each_country_of_2020_has_one_that_was_found_eligible(shown: Flask) -> None:
    found = of_2020()
    assert [one.country for one in found] == [row["state"] for row in table("proposals_2020.csv")]
    assert len(found) == 28 and {one.stage for one in found} == {Stage.ELIGIBLE.value}
    narrated = {row["state"]: row["paragraphs"] for row in table("proposals_2020.csv") if row["paragraphs"]}
    assert narrated == {
        "KHM": "30-31", "NGA": "32-34", "PER": "35-36", "MDA": "37-40", "SRB": "41-42", "URY": "43-44",
    }  # fmt: skip
    assert [lack for one in found for lack in lacking(one)] == []
    call = call_of(found[0])
    for one in found:
        assert call.opens_at and call.closes_at and one.submitted_at
        assert call.opens_at <= one.begun_at < one.submitted_at <= call.closes_at
        assert [step.move for step in moves(db.session(), one)] == [
            "clear", "submit", "start-screening", "find-eligible",
        ]  # fmt: skip


def test_no_two_say_the_same(shown: Flask) -> None:
    for found in (of_2020(), of_this_year()):
        texts = [canonical(contents(written_sections(db.session(), one))) for one in found]
        assert len(set(texts)) == len(texts)
        assert len({one.title for one in found if one.title}) == sum(bool(one.title) for one in found)


def test_the_open_call_shows_each_stage_and_each_language(shown: Flask) -> None:
    found = of_this_year()
    assert 24 <= len(found) <= 26
    assert {one.stage for one in found} == {stage.value for stage in Stage}
    languages = Counter(one.language for one in found)
    assert set(languages) == set(LANGUAGES) and min(languages.values()) >= 4
    assert len({one.office_id for one in found}) >= 8
    degrees = sorted(one.done for one in found if one.stage == Stage.DRAFT)
    assert degrees[0] < 15 and degrees[-1] > 60 and len(set(degrees)) == len(degrees)
    assert {one.courtesy for one in found} == {"", "en", "fr"}
    for one in found:
        whole = contents(written_sections(db.session(), one))
        assert (f"problem{COURTESY}" in whole.get("context", {})) == bool(one.courtesy and one.title), one.reference


def test_what_was_cleared_lacks_nothing(shown: Flask) -> None:
    whole = [one for one in of_this_year() if one.stage not in (Stage.DRAFT, Stage.DISCARDED)]
    assert [lack for one in whole for lack in lacking(one)] == []
    drafts = [one for one in of_this_year() if one.stage in (Stage.DRAFT, Stage.DISCARDED)]
    assert all(lacking(one) for one in drafts)


def test_figures_add_up_within_the_limits(shown: Flask) -> None:
    session, classes = db.session(), Counter[str]()
    for one in [*of_2020(), *of_this_year()]:
        whole = contents(written_sections(session, one))
        if one.stage == Stage.RETURNED:  # its columns say what was handed in, whatever the office has changed since
            whole = json.loads(versions(session, one)[-1].content)["sections"]
        found = judged(session, one, whole, asked_of(session, call_of(one)), one.saved_at.date())
        totals = budget(whole, found.world.rate).totals
        # while it is with its office again, lists say what was handed in
        assert one.stage == Stage.RETURNED or one.total_cents == totals.total
        assert totals.total == totals.direct + totals.support
        for view in (totals.by_class, totals.by_year, totals.by_activity, totals.by_quarter):
            assert sum(view.values()) == totals.total
        if totals.total:
            assert 10_000_00 <= totals.total <= 100_000_00 and len(totals.by_class) >= 6
            assert (one.marker, one.done) == (int(whole["gender"]["marker"]), 100)
        classes.update(found.value for found in totals.by_class)
        assert not rows_of(whole.get("budget"), "lines") or "010" in {found.value for found in totals.by_class}
    assert {"010", "120", "125", "130", "135", "145", "155", "160"} == set(classes)


def test_versions_hold_their_digests(shown: Flask) -> None:
    session = db.session()
    twice = 0
    for one in [*of_2020(), *of_this_year()]:
        found = versions(session, one)
        assert bool(found) == (one.stage not in (Stage.DRAFT, Stage.CLEARED, Stage.DISCARDED))
        for number, version in enumerate(found, 1):
            said = json.loads(version.content)
            assert version.number == number and version.digest == digest(version.content)
            assert canonical(said) == version.content and said["reference"] == one.reference
            assert said["documents"][0]["kind"] == "consent"
        if len(found) > 1:
            twice += 1
            first, last = (json.loads(version.content) for version in found[:2])
            fields = {(change.section, change.field) for change in differences(first["sections"], last["sections"])}
            assert {("context", "problem"), ("results", "indicators.target"), ("budget", "lines.quantity")} <= fields
            assert first["total_cents"] != last["total_cents"] == one.total_cents
            assert said["sections"] == contents(written_sections(session, one))
    assert twice == 2


def test_pages_are_kept_as_saving_keeps_them(shown: Flask) -> None:
    for row in db.session().scalars(sa.select(ProposalSection)):
        assert row.content == kept(fields_of(row.name, ("lasting",)), row.content), row.name


def test_moves_follow_the_course_and_nobody_clears_what_they_wrote(shown: Flask) -> None:
    session = db.session()
    writers: dict[int, set[str]] = {}
    for row in session.scalars(sa.select(ProposalWriter)):
        writers.setdefault(row.proposal_id, set()).add(f"person:{row.person_id}")
    for one in [*of_2020(), *of_this_year()]:
        stage, at = COURSE.begins, one.begun_at
        for step in moves(session, one):
            move = COURSE.move(step.move)
            assert stage in move.origins and step.origin == stage and step.to in COURSE.destinations(move)
            assert step.at >= at and step.by.startswith("person:")
            assert "reason-given" not in move.needs or step.reason
            assert "not-the-writer" not in move.needs or step.by not in writers[one.id]
            stage, at = step.to, step.at
        assert (one.stage == stage and one.stage_since == at) or not moves(session, one)
    back = session.scalars(sa.select(ProposalMove).where(ProposalMove.move == "return")).all()
    assert len(back) == 4 and all(step.due_at and step.due_at > step.at for step in back)


def test_recommendations_are_the_states_own_supported_ones_first(shown: Flask) -> None:
    session = db.session()
    link = ProposalRecommendation.__table__
    asked = (
        sa.select(Proposal.country, REC.c.state)
        .join(link, link.c.proposal_id == Proposal.id)
        .join(REC, REC.c.number == link.c.number)
    )
    pairs = session.execute(asked).all()
    assert len(pairs) > 90 and all(country == state for country, state in pairs)
    noted = 0
    for row in session.scalars(sa.select(ProposalSection).where(ProposalSection.name == "recommendations")):
        rows = rows_of(row.content, "linked")
        position = {
            str(number): standing
            for number, standing in session.execute(
                sa.select(REC.c.number, REC.c.position).where(REC.c.number.in_([int(one["number"]) for one in rows]))
            )
        }
        said = [position[one["number"]] for one in rows]
        assert said == sorted(said, reverse=True) and said[0] == "supported"
        assert all(bool(one.get("reason")) == (position[one["number"]] == "noted") for one in rows)
        noted += said.count("noted")
    assert noted >= 10


def test_screening_has_something_to_show(shown: Flask) -> None:
    session = db.session()
    for one in [*of_2020(), *of_this_year()]:
        assert passed(session, one) == (one.stage == Stage.ELIGIBLE), one.reference
        if one.stage == Stage.ELIGIBLE:
            assert unanswered(session, one) == 0
    assert sum(unanswered(session, one) for one in of_this_year()) >= 1
    for kind, least in ((ScreeningQuestion, 6), (ScreeningAnswer, 5), (ScreeningMark, 28 * 6), (ProposalComment, 3)):
        assert (session.scalar(sa.select(sa.func.count()).select_from(kind)) or 0) >= least, kind
    verdicts = set(session.scalars(sa.select(ScreeningMark.verdict)))
    assert verdicts == {"fulfilled", "not-fulfilled"}


def test_documents_are_files_that_open(shown: Flask) -> None:
    session = db.session()
    rows = session.scalars(sa.select(ProposalFile)).all()
    assert len(rows) > 50
    for row in rows:
        path = files().path(row.digest)
        assert path.stat().st_size == row.size and row.media_type == "application/pdf"
    assert "Demonstration: letter of consent" in PdfReader(files().path(rows[0].digest)).pages[0].extract_text()
    kinds = set(session.scalars(sa.select(ProposalDocument.kind)))
    assert kinds == {"consent", "partner-letter"}


def test_a_letter_is_a_sound_pdf() -> None:
    made = letter("Demonstration: (one) \\ two", "Côte d’Ivoire")
    text = PdfReader(io.BytesIO(made), strict=True).pages[0].extract_text()
    assert "Demonstration: (one) \\ two" in text and "Côte d’Ivoire" in text


def test_each_says_of_itself_that_it_is_invented(shown: Flask) -> None:
    for one in [*of_2020(), *of_this_year()]:
        assert not one.title or MARK[one.language] in one.title
        context = contents(written_sections(db.session(), one)).get("context")
        assert context is None or words(one.language)["mark"] in context["context"], one.reference
    for language in LANGUAGES:
        said = json.loads(
            resources.files("fundapp.web.demonstration").joinpath(f"proposals_{language}.json").read_text()
        )
        assert set(said) == {"mark", "themes", "pools", "said"} and len(said["themes"]) == 5


def test_twice_adds_nothing(held: Flask) -> None:
    def counted() -> list[int | None]:
        kinds = (Proposal, ProposalSection, ProposalVersion, ProposalMove, ProposalDocument, ScreeningMark)
        return [db.session().scalar(sa.select(sa.func.count()).select_from(kind)) for kind in kinds]

    before, length = counted(), trail.head(db.session())
    assert not proposals.demonstrate() and not before_the_money()
    assert (counted(), trail.head(db.session())) == (before, length)


def test_where_something_is_not_there_nothing_is_put_in(registered: Flask) -> None:
    """Without the recommendations to the States, or without somebody of an office."""
    length = trail.head(db.session())
    assert not proposals.demonstrate()
    assert trail.head(db.session()) == length
    assert register.beyond(db.session())
    gone = invented(db.session(), Role.HEAD_OF_OFFICE, "PERU")
    assert gone
    with unit_of_work(Console()) as work:
        disable(work, gone)
    assert not proposals.demonstrate() and not of_2020()


def test_the_trail_holds(shown: Flask) -> None:
    count, wrong = trail.verify(db.session())
    assert wrong is None and count > 1_000


def test_each_office_has_one_who_writes_and_one_who_clears(shown: Flask) -> None:
    for code, _, _ in OFFICES:
        for role in (Role.FIELD_OFFICER, Role.HEAD_OF_OFFICE):
            found = invented(db.session(), role, code)
            assert found and [grant.role for grant in found.grants] == [role]
    assert len({one.email for one in EVERYBODY}) == len(EVERYBODY)
    assert all(someone(role).email == next(one.email for one in PEOPLE if one.role is role) for role in Role)


def test_one_click_signs_in_either_of_the_two_of_an_office(shown: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(shown.config, "FUNDAPP_DEMONSTRATION", True)
    client = shown.test_client()
    page = client.get("/login?lang=en").text
    assert page.count('name="role"') == len(PEOPLE) + len(SECONDS) + len(REVIEWERS) + len(TRUSTEES) == 19
    for one in (*SECONDS, *REVIEWERS, *TRUSTEES):
        assert f'value="{one.key}"' in page and one.place in page
        assert client.post("/demonstration", data={"role": one.key}).status_code == 302
        assert one.name in client.get("/account").text
    for odd in ("head-of-office:NOWHERE", "head-of-office:", "auditor:WAFRICA", ":", "nobody:WAFRICA"):
        assert client.post("/demonstration", data={"role": odd}).status_code == (
            302 if odd.endswith("office:") else 404
        )


def test_the_files_of_rows_name_what_there_is() -> None:
    offices = {code for code, _, _ in OFFICES}
    for name in ("proposals_2020.csv", "proposals_open.csv"):
        for row in table(name):
            assert (
                row["office"] in offices and row["language"] in LANGUAGES and row.get("courtesy", "") != row["language"]
            )
    found = resources.files("fundapp.web.demonstration").joinpath("recommendations_beyond.json").read_text("utf-8")
    assert all(one["Symbol"].startswith("DEMO/") for one in json.loads(found))


def test_what_happened_to_the_open_call_lies_in_the_weeks_before(shown: Flask) -> None:
    session, recorded = db.session(), now()
    every = of_this_year()
    call = call_of(every[0])
    assert call.opens_at
    for one in every:
        steps = moves(session, one)
        days = [one.begun_at, *(step.at for step in steps)]
        assert days == sorted(days) and len(set(days)) == len(days), one.reference
        assert call.opens_at < days[0] and days[-1] < recorded - timedelta(days=1)
    assert len({step.at.date() for one in every for step in moves(session, one)}) > 12
    waiting = [(recorded - one.stage_since).days for one in every if one.stage in ("submitted", "in-screening")]
    assert min(waiting) < STANDING < max(waiting)


def test_documents_came_before_what_followed_them(shown: Flask) -> None:
    """Timelines tell when a document came, not when the demonstration was put in."""
    told, seeded = [], db.session.scalar(sa.select(sa.func.min(Trace.at))) or now()
    for one in (*of_this_year(), *of_2020()):
        events, _total = timeline(db.session(), one, Sight(own=True, screens=True), 1)
        told += [event for event in events if event.name.startswith("proposals.take_over")]
    assert {event.name for event in told} == {"proposals.take_over_papers", "proposals.take_over_proposal"}
    late = [event for event in told if event.at > seeded - timedelta(hours=1)]
    assert not late, late


def test_the_trail_says_when_it_was_recorded(shown: Flask) -> None:
    """Whatever moment the demonstration tells: each trace is no earlier than the one before."""
    told = list(db.session().scalars(sa.select(Trace.at).order_by(Trace.id)))
    assert told == sorted(told)
    places = [path.name for path in (ROOT / "fundapp").rglob("*.py") if "then=" in path.read_text("utf-8")]
    assert sorted(places) == [
        "board_sessions.py",
        "proposals.py",
    ]  # nobody else tells another moment than that of the clock


def test_each_region_has_a_desk_and_each_that_came_in_somebody_who_sees_to_it(shown: Flask) -> None:
    held = {row.region: row.name for row in desks(db.session(), Console(), fund().id)}
    assert set(held) == {"002", "009", "019", "142", "150"} and len(set(held.values())) == 2
    came_in = [one for one in of_this_year() if one.submitted_at]
    assert all(one.officer_id for one in came_in) and len({one.officer_id for one in came_in}) == 2
