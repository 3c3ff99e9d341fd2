"""What became of a recommendation: what is refused, the history, taking back, and the figures for a State's page."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, render_template_string
from lists import annotation, as_json
from reviewed import ahead, as_a, faults, questions, record, slovenia, take
from signing_in import done, one_of_each

from conftest import vandal
from fundapp.access.operations import Console
from fundapp.access.policy import Refused, Role
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work
from fundapp.recommendations.models import FollowUp, Recommendation, RecommendationImport
from fundapp.recommendations.operations import GivenFollowUp, record_follow_up, undo_import, withdraw_follow_up
from fundapp.recommendations.queries import named_import
from fundapp.recommendations.queries.following import follow_up_of, progress_in, statement_by_key
from fundapp.recommendations.rules import Progress, Says
from fundapp.recommendations.rules.following import is_link
from fundapp.recommendations.views.following import said_by

GIVEN = GivenFollowUp(
    Progress.UNDER_WAY, date(2026, 3, 1), Says.STATE, "Mid-term <i>report</i>", "en", "A bill is before parliament.",
    "https://example.org/a?b=1&c=2", "UPR/24/7",
)  # fmt: skip
TYPED = {
    "progress": "under-way", "as_of": "2026-03-01", "says": "state", "source": GIVEN.source, "language": "en",
    "evidence": GIVEN.evidence, "link": GIVEN.link, "project": GIVEN.project,
}  # fmt: skip


@pytest.fixture
def one_click(demo: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Flask:
    """The demonstration with two recommendations; its people sign in without proof."""
    monkeypatch.setitem(demo.config, "FUNDAPP_DEMONSTRATION", True)
    slovenia(tmp_path)
    return demo


def say(number: int, given: GivenFollowUp = GIVEN, by: Any = None, **more: Any) -> int:
    """Record what somebody says; its number."""
    with unit_of_work(by or Console()) as work:
        return record_follow_up(work, None, number, replace(given, **more)).id


def take_back(key: int, by: Any = None) -> None:
    said = statement_by_key(db.session(), key)
    assert said
    with unit_of_work(by or Console()) as work:
        withdraw_follow_up(work, said)


def newest(kind: type[FollowUp] | type[RecommendationImport] = FollowUp) -> int:
    """The number of what was recorded last: PostgreSQL counts on from test to test."""
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.max(kind.id))) or 0


def join(number: int, to: int) -> None:
    """As if a person had joined two records."""
    kept = Recommendation.__table__
    with vandal() as connection:
        connection.execute(sa.update(kept).where(kept.c.number == number).values(joined_to=to))


# -------------------------------------------------------------------------------------------------------- operations


def test_what_is_refused_is_said_at_its_field(seeded: Flask, tmp_path: Path) -> None:
    number, _ = slovenia(tmp_path)
    for given, wrong in (
        ({"as_of": ahead(1)}, ("follow-up.future", "as_of")),
        ({"as_of": date(2024, 12, 31)}, ("follow-up.before", "as_of")),  # its session was in January 2025
        ({"source": "  "}, ("follow-up.no-source", "source")),
        ({"source": "x" * 301}, ("follow-up.long", "source")),
        ({"evidence": "x" * 5001}, ("follow-up.long", "evidence")),
        ({"project": "x" * 201}, ("follow-up.long", "project")),
        ({"language": "de"}, ("follow-up.language", "language")),
        ({"link": "javascript:alert(1)"}, ("follow-up.link", "link")),
    ):
        with faults(wrong):
            say(number, **given)
    record()
    with faults(("follow-up.before", "as_of")) as found:
        say(number, as_of=date(2025, 1, 27))
    assert found[0].values["day"] == "2025-01-28"
    with faults(("follow-up.not-standing", None)):
        say(999_999)
    assert follow_up_of(db.session(), number).statements == ()
    say(number, as_of=date(2025, 1, 28))
    with faults(("follow-up.twice", "source")):
        say(number, as_of=date(2025, 1, 28), source=f" {GIVEN.source} ")


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("https://www.ohchr.org/en/hr-bodies/upr?x=1#y", True),
        ("http://localhost:8080/", True),
        ("HTTPS://EXAMPLE.ORG", True),
        ("https://例え.jp/", True),
        ("www.ohchr.org", False),
        ("ftp://example.org", False),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("https://", False),
        ("https:///path", False),
        ("https://user:secret@example.org", False),
        ("https://example.org:99999/", False),
        ("https://[::1/", False),
        ("https://example.org/a b", False),
        ('https://example.org/"><script>', False),
        ("https://example.org/\u202e", False),
        ("https://example.org/" + "x" * 500, False),
    ],
)
def test_links(text: str, good: bool) -> None:
    assert is_link(text) is good


def test_of_another_mechanism_the_document_s_day_counts(seeded: Flask, tmp_path: Path) -> None:
    take(as_json(tmp_path / "j.json", annotation(), annotation(AnnotationId="a2", PublicationDate="")))
    kept = Recommendation.__table__
    dated, undated = db.session.scalars(sa.select(kept.c.number).order_by(kept.c.issued.is_(None), kept.c.id)).all()
    with faults(("follow-up.before", "as_of")) as found:
        say(dated, as_of=date(2023, 3, 14))
    assert found[0].values["day"] == "2023-03-15"
    say(dated, as_of=date(2023, 3, 15))
    say(undated, as_of=date(1975, 1, 1))


def test_the_history_has_all_and_the_newest_counts(seeded: Flask, tmp_path: Path) -> None:
    number, _ = slovenia(tmp_path)
    first = say(number)
    say(number, as_of=date(2025, 6, 1), progress=Progress.NOT_STARTED)  # recorded later, and of an earlier day
    found = follow_up_of(db.session(), number)
    assert [one.as_of for one in found.statements] == [date(2026, 3, 1), date(2025, 6, 1)]
    assert found.now and found.now.id == first and found.otherwise is None
    say(number, as_of=date(2026, 4, 1), says=Says.CIVIL_SOCIETY, progress=Progress.NOT_STARTED)
    found = follow_up_of(db.session(), number)
    assert found.now and found.otherwise
    assert (found.now.says, found.otherwise.says) == (Says.CIVIL_SOCIETY, Says.STATE)
    last = say(number, as_of=date(2026, 5, 1), says=Says.INSTITUTION)  # agrees with the State
    assert follow_up_of(db.session(), number).otherwise is None
    take_back(last)
    found = follow_up_of(db.session(), number)
    assert found.now and found.now.says is Says.CIVIL_SOCIETY and len(found.statements) == 4
    with faults(("follow-up.withdrawn", None)):
        take_back(last)


def test_who_withdrew_what_and_when_is_in_the_history(seeded: Flask, tmp_path: Path) -> None:
    (number, _), people = slovenia(tmp_path), one_of_each()
    officer, secretary = people[Role.FIELD_OFFICER], people[Role.SECRETARY]
    own, other = say(number, by=officer), say(number, by=people[Role.HEAD_OF_OFFICE], source="Another")
    with pytest.raises(Refused):
        take_back(other, by=officer)
    for role in (Role.REVIEWER, Role.TRUSTEE, Role.AUDITOR, Role.FINANCE_OFFICER, Role.ADMINISTRATOR):
        with pytest.raises(Refused):
            take_back(own, by=people[role])
        with pytest.raises(Refused):
            say(number, by=people[role])
    take_back(own, by=officer)
    take_back(other, by=secretary)
    found = follow_up_of(db.session(), number)
    assert [(one.withdrawn_by, one.withdrawn_at is not None) for one in found.statements] == [
        (str(secretary), True),
        (str(officer), True),
    ]
    assert found.now is None and said_by(found)[str(officer)] == "A field-officer"
    assert done()[-2:] == ["recommendations.record_follow_up", "recommendations.withdraw_follow_up"]


def test_what_does_not_stand_takes_none(seeded: Flask, tmp_path: Path) -> None:
    number, other = slovenia(tmp_path)
    join(other, number)
    with faults(("follow-up.joined", None)) as found:
        say(other)
    assert found[0].values["kept"] == number
    brought = newest(RecommendationImport)
    with unit_of_work(Console()) as work:
        undo_import(work, named_import(work.session, brought))
    with faults(("follow-up.not-standing", None)):
        say(number)


def test_what_was_said_of_a_record_counts_for_the_one_it_is_joined_to(seeded: Flask, tmp_path: Path) -> None:
    number, other = slovenia(tmp_path)
    say(other, progress=Progress.IMPLEMENTED)
    join(other, number)
    found = follow_up_of(db.session(), number)
    assert found.now and found.now.progress is Progress.IMPLEMENTED
    assert progress_in(db.session(), "SVN", 4).counts == {Progress.IMPLEMENTED: 1}


def test_figures_of_a_review(seeded: Flask, tmp_path: Path) -> None:
    number, other = slovenia(tmp_path)
    found = progress_in(db.session(), "SVN", 4)
    assert (found.total, found.unknown, found.counts) == (2, 2, Counter())
    say(number, as_of=date(2026, 1, 1), progress=Progress.IMPLEMENTED)
    last = say(number)
    with questions() as asked:
        found = progress_in(db.session(), "SVN", 4)
    assert len(asked) == 1
    assert (found.total, found.unknown, found.counts) == (2, 1, {Progress.UNDER_WAY: 1})
    assert found.themes["right-health"] == {Progress.UNDER_WAY: 1, None: 1}
    assert found.themes["right-education"] == {Progress.UNDER_WAY: 1}
    take_back(last)
    assert progress_in(db.session(), "SVN", 4).counts == {Progress.IMPLEMENTED: 1}
    join(other, number)
    assert progress_in(db.session(), "SVN", 4).total == 1
    assert progress_in(db.session(), "SVN", 3).total == progress_in(db.session(), "FJI", 4).total == 0


def test_the_history_is_read_in_two_queries(seeded: Flask, tmp_path: Path) -> None:
    (number, _), people = slovenia(tmp_path), one_of_each()
    for role in (Role.FIELD_OFFICER, Role.SECRETARY, Role.DESK_OFFICER):
        say(number, by=people[role], source=role)
        with questions() as asked:
            follow_up_of(db.session(), number)
        assert len(asked) == 2


# --------------------------------------------------------------------------------------------------------- the page


def address(text: str = "140.7") -> tuple[str, int]:
    """The page of a recommendation's follow-up, and its number."""
    kept = Recommendation.__table__
    number = db.session.scalar(sa.select(kept.c.number).where(kept.c.paragraph == text))
    assert number
    return f"/recommendations/{number}/follow-up", number


def test_it_is_recorded_and_shown_as_text(one_click: Flask) -> None:
    path, number = address()
    client = as_a(one_click, "field-officer")
    before = client.get(path).text
    assert "Ratify the Protocol" in before and "Nobody has said yet" in before
    saved = client.post(path, data=TYPED | {"language": "ar"})
    assert (saved.status_code, saved.location) == (302, f"/recommendations/{number}")
    page = client.get(path).text
    assert '<span class="app-stage app-stage--3">Under way</span>' in page
    assert 'lang="ar" dir="rtl"><b>Mid-term &lt;i&gt;report&lt;/i&gt;</b>' in page
    assert 'href="https://example.org/a?b=1&amp;c=2" rel="noreferrer noopener external"' in page
    assert "UPR/24/7" in page and "Recorded by" in page


def test_bad_input_loses_nothing(one_click: Flask) -> None:
    path, _ = address()
    client = as_a(one_click, "desk-officer")
    for given, said in (
        ({"progress": ""}, "Choose how far it has come."),
        ({"progress": "done"}, "Not a valid choice"),
        ({"as_of": ""}, "Write the day for which this is said."),
        ({"as_of": "yesterday"}, "Write the day as year, month and day"),
        ({"as_of": ahead(3).isoformat()}, "is still to come"),
        ({"as_of": "2024-01-01"}, "was not made before 2025-01-01"),
        ({"says": ""}, "Choose who says so."),
        ({"source": " "}, "Say where this is said"),
        ({"source": "x" * 301}, "Write at most 300 characters."),
        ({"evidence": "x" * 5001}, "Write at most 5000 characters."),
        ({"link": "javascript:alert(1)"}, "Write the whole address of a page"),
    ):
        answer = client.post(path, data=TYPED | given)
        assert answer.status_code == 422 and said in answer.text, given
        assert "UPR/24/7" in answer.text and "app-stage" not in answer.text, given
    assert db.session.scalar(sa.select(sa.func.count()).select_from(FollowUp)) == 0


def test_who_may_and_where(one_click: Flask) -> None:
    path, number = address()
    for role in ("reviewer", "trustee", "auditor", "finance-officer"):
        client = as_a(one_click, role)
        assert client.get(path).status_code == 403 and client.post(path, data=TYPED).status_code == 403
    head, secretary = as_a(one_click, "head-of-office"), as_a(one_click, "secretary")
    assert head.get("/recommendations/999999/follow-up").status_code == 404
    assert head.post("/recommendations/follow-up/999999/withdraw").status_code == 404
    assert secretary.post(path, data=TYPED).status_code == 302
    assert "/withdraw" not in head.get(path).text  # somebody else's
    assert head.post(f"/recommendations/follow-up/{newest()}/withdraw").status_code == 403
    gone = secretary.post(f"/recommendations/follow-up/{newest()}/withdraw")
    assert (gone.status_code, gone.location) == (302, f"/recommendations/{number}")
    page = head.get(path).text
    assert '<span class="app-tag app-tag--bad">Withdrawn</span> <del>' in page
    assert "Withdrawn by Tomás Aldana (demonstration)" in page
    secretary.post(f"/recommendations/follow-up/{newest()}/withdraw")
    assert "This is withdrawn already." in secretary.get(path).text


def test_one_that_was_joined_or_undone(one_click: Flask) -> None:
    (path, number), (other, hidden) = address(), address("140.8")
    client = as_a(one_click, "desk-officer")
    join(hidden, number)
    led = client.get(other)
    assert (led.status_code, led.location) == (302, path)
    told = client.post(other, data=TYPED)
    assert told.status_code == 422 and f"has the number {number}" in told.text
    assert f'method="post" action="{path}"' in told.text and "UPR/24/7" in told.text  # sent again it goes there
    brought = newest(RecommendationImport)
    with unit_of_work(Console()) as work:
        undo_import(work, named_import(work.session, brought))
    for answer in (client.get(path), client.post(path, data=TYPED)):
        assert answer.status_code == 409 and "the import that brought it was undone" in answer.text


def test_the_page_asks_little(one_click: Flask) -> None:
    path, number = address()
    client, counts = as_a(one_click, "desk-officer"), []
    for day in (1, 2, 3):
        say(number, as_of=date(2026, 3, day))
        client.get(path)
        with questions() as asked:
            assert client.get(path).status_code == 200
        counts.append(len(asked))
    assert len(set(counts)) == 1 and counts[0] <= 8


def test_the_parts_on_other_pages(seeded: Flask, tmp_path: Path) -> None:
    number, _ = slovenia(tmp_path)
    say(number)
    say(number, says=Says.UNITED_NATIONS, progress=Progress.NOT_STARTED)
    part = '{% from "recommendations/_follow_up.html" import current, progress_table with context %}'
    part += "{{ current(found) }}{{ progress_table(figures) }}"
    with seeded.test_request_context("/?lang=en"):
        said = render_template_string(
            part, found=follow_up_of(db.session(), number), figures=progress_in(db.session(), "SVN", 4)
        )
    assert "Said otherwise:" in said and "The State" in said and "The United Nations" in said
    assert said.index("Not started") < said.index("Under way")  # the newest first
    assert '<th scope="row">Right to health</th>' in said
