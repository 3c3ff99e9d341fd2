"""Being told of proposals: a digest a day or single letters, reminders before deadlines, each once and to those alone
who may still hear of it."""

from __future__ import annotations

import email
import email.policy
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller
from calls import DAY, opened, someone
from commands import Command, command
from crowd import meeting, together
from flask import Flask
from proposing import begun, complete, head, in_screening, member, returned, submitted, write, writer
from test_access_outbox import Postbox, free_port, send
from visiting import as_a, text_of

from fundapp.access import demonstration
from fundapp.access.models import Letter, Office, Person
from fundapp.access.operations import Console, change_own_details, disable, end_grant, grant
from fundapp.access.policy import Refused, Role
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.errors import Refusal
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.letters import KINDS
from fundapp.proposals.models import Call, Notice, Proposal
from fundapp.proposals.operations import extend_call, moving
from fundapp.proposals.operations.letters import choose_telling, remind
from fundapp.proposals.operations.screening import ask_question
from fundapp.proposals.rounds import Told, tell_due
from fundapp.proposals.rules import Places
from fundapp.proposals.rules.reminders import digest_since, due_reminder
from fundapp.proposals.rules.stages import COURSE
from fundapp.web import herald

__all__ = ["command"]


def tomorrow(hour: int = 6, days: int = 1) -> datetime:
    """A moment after the digest of the next day."""
    return datetime.combine(now().date() + timedelta(days=days), time(hour))


def round_at(at: datetime) -> Told:
    """A round, as another process would."""
    db.session.remove()
    return tell_due(at)


def letters(to: str = "") -> list[Letter]:
    """Letters about proposals, to an address or all."""
    db.session.rollback()
    asked = sa.select(Letter).where(Letter.kind.like("proposals-%")).order_by(Letter.id)
    return [one for one in db.session.scalars(asked) if to in ("", one.recipient)]


def the_one() -> Proposal:
    """The test's proposal as the table has it now."""
    db.session.rollback()
    return db.session.scalars(sa.select(Proposal).where(Proposal.reference == "2031-1-001")).one()


def reminded_at(at: datetime) -> list[str]:
    """Who is reminded newly of the test's call and proposal in a round, by address; the demonstration has others."""
    before = _reminded()
    round_at(at)
    return sorted(_reminded()[len(before) :])


def _reminded() -> list[str]:
    db.session.rollback()
    call = db.session.scalar(sa.select(Call.id).where(Call.code == "2031-1"))
    asked = sa.select(Notice, Person.email).join(Person, Notice.person_id == Person.id).order_by(Notice.id)
    found = [(one, address) for one, address in db.session.execute(asked.where(Notice.once.is_not(None)))]
    later = {one.email for one in demonstration.EVERYBODY} - {one.email for one in demonstration.PEOPLE}
    found = [(one, address) for one, address in found if address not in later]
    return [address for one, address in found if one.proposal_id or one.details.get("call") == call]


def waiting() -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).where(Notice.told_at.is_(None))) or 0


def choose(person: Person, how: str) -> None:
    with unit_of_work(person) as work:
        choose_telling(work, person, how)


@pytest.fixture(autouse=True)
def in_english(registered: Flask) -> None:
    """Letters to the people of the demonstration are in English, where a test says nothing else."""
    for role in (Role.FIELD_OFFICER, Role.DESK_OFFICER):
        with unit_of_work(person := someone(role)) as work:
            change_own_details(work, person, person.name, "en")


def leave(person: Person) -> None:
    with unit_of_work(Console()) as work:
        end_grant(work, person, person.grants[0].id)


# ---------------------------------------------------------------------------------------------------------- the rules


def moment(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of June 2031."""
    return datetime.combine(date(2031, 6, day), time(hour, minute))


@pytest.mark.parametrize(
    ("left", "due"), [(16, None), (15, None), (14, 14), (8, 14), (7, 7), (2, 7), (1, 1), (0, 1), (-1, None)]
)
def test_the_reminder_that_is_due(left: int, due: int | None) -> None:
    at = moment(16, 9, 30)
    assert due_reminder(moment(16, 21, 59) + left * DAY, at) == due
    assert due_reminder(at, at) is None


def test_the_digest_of_a_day() -> None:
    assert digest_since(moment(16, 4, 59)) == moment(15, 5)
    assert digest_since(moment(16, 5)) == moment(16, 5)


def test_every_letter_of_the_course_has_words() -> None:
    assert {kind for move in COURSE.moves for kind in move.tells} <= KINDS.keys()


# ------------------------------------------------------------------------------------------------------------- digests


def test_a_digest_is_one_letter_a_day_with_all_that_is_new(registered: Flask) -> None:
    made = in_screening()
    reference = made.reference
    with unit_of_work(someone(Role.DESK_OFFICER)) as work:
        ask_question(work, made, "budget", "Why so many days?")
    at = tomorrow()
    assert round_at(at).letters >= 4 and waiting() == 0
    assert round_at(at) == Told(0, 0) == round_at(at + timedelta(hours=3))
    [letter] = letters("field-officer.pacific@example.org")
    assert letter.title == "Proposals: 2 things are new" and letter.body.count(reference) >= 1
    assert "The head of office has cleared the proposal" in letter.body and "Why so many days?" in letter.body
    assert f"/UPR/proposals/{reference}\n" in letter.body and "/UPR/proposals/telling" in letter.body
    assert "handed in, and" not in letter.body  # by whoever reads it
    made = the_one()
    with unit_of_work(someone(Role.DESK_OFFICER)) as work:
        ask_question(work, made, "", "And the other?")
    assert round_at(at + timedelta(hours=5)).letters == 0  # the digest of this day is written
    assert round_at(at + DAY).letters == 4
    assert [one.title for one in letters("field-officer.pacific@example.org")][1].startswith(
        f"{reference}: The secretariat"
    )


def test_nothing_new_is_no_letter(registered: Flask) -> None:
    begun()
    assert round_at(tomorrow()) == Told(0, 0) and letters() == []


def test_who_wants_single_letters_has_them_at_once(registered: Flask) -> None:
    made = in_screening()
    choose(writer(), "single")
    choose(writer(), "single")  # twice is one choice
    with unit_of_work(someone(Role.DESK_OFFICER)) as work:
        ask_question(work, made, "budget", "Why?")
    assert round_at(now()).letters == 2
    assert [one.kind for one in letters()] == ["proposals-single"] * 2
    assert round_at(now()).letters == 0
    choose(writer(), "digest")
    made = the_one()
    with unit_of_work(someone(Role.DESK_OFFICER)) as work:
        ask_question(work, made, "budget", "Why not?")
    assert round_at(now()).letters == 0


def test_a_choice_is_ones_own(registered: Flask) -> None:
    author, other = writer(), head()
    with pytest.raises(Refused), unit_of_work(other) as work:
        choose_telling(work, author, "single")
    with pytest.raises(Refusal), unit_of_work(author) as work:
        choose_telling(work, author, "never")


def test_the_page_of_the_choice(registered: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registered.config, "FUNDAPP_DEMONSTRATION", True)
    client = as_a(registered, "trustee")
    assert 'value="digest" checked' in text_of(client, "/UPR/proposals/telling")
    assert client.post("/UPR/proposals/telling", data={"how": "never"}).status_code == 422
    assert client.post("/UPR/proposals/telling", data={"how": "single"}).status_code == 302
    assert 'value="single" checked' in text_of(client, "/UPR/proposals/telling")


# ---------------------------------------------------------------------------------------------- what may still be heard


def test_whoever_left_the_office_hears_nothing_of_it(registered: Flask) -> None:
    in_screening()
    author = writer()
    leave(author)
    with unit_of_work(Console()) as work:
        asked = sa.select(Office).where(Office.code == "WAFRICA")
        grant(work, author, Role.FIELD_OFFICER, office=work.session.scalars(asked).one())
    with unit_of_work(Console()) as work:
        disable(work, head())
    round_at(tomorrow())
    assert letters("field-officer.pacific@example.org") == [] == letters("head-of-office.pacific@example.org")
    assert waiting() == 0


def test_the_secretariat_hears_nothing_of_what_was_taken_back(registered: Flask) -> None:
    made = submitted()
    with unit_of_work(writer()) as work:
        moving.take_back(work, made)
    round_at(tomorrow())
    assert letters("secretary@example.org") == []
    assert letters("head-of-office@example.org") != []


def test_the_secretariat_reads_the_title_that_was_handed_in_and_the_office_what_it_writes(registered: Flask) -> None:
    made = returned()
    with unit_of_work(someone(Role.SECRETARY)) as work:
        work.session.refresh(made)
    write(made, {"context": {"title": "A secret plan", "problem": "x", "context": "y"}})
    round_at(tomorrow())
    [letter] = letters("secretary@example.org")
    assert "A national mechanism that reports" in letter.body and "A secret plan" not in letter.body
    [letter] = letters("field-officer.pacific@example.org")
    assert "A secret plan" in letter.body and "Reason: Say more of the budget." in letter.body  # it is their own
    assert "A national mechanism that reports" not in letter.body


def test_letters_are_in_the_language_of_whoever_gets_them(registered: Flask) -> None:
    in_screening()
    with unit_of_work(author := writer()) as work:
        change_own_details(work, author, author.name, "fr")
    round_at(tomorrow())
    [letter] = letters("field-officer.pacific@example.org")
    assert letter.language == "fr"


# ----------------------------------------------------------------------------------------------------------- reminders


OFFICE = [f"{role}.pacific@example.org" for role in ("field-officer", "head-of-office")]
EVERYBODY = sorted([*OFFICE, "field-officer@example.org", "head-of-office@example.org"])
PACIFIC = sorted([*OFFICE, "head-of-office@example.org"])


def closes_in(days: float) -> Call:
    return opened("2031-1", closes_at=(now() + timedelta(days=days)).replace(second=0, microsecond=0))


def test_a_close_is_told_to_offices_with_a_draft_and_to_those_it_is_for(registered: Flask) -> None:
    closes_in(20)
    begun()
    assert reminded_at(now()) == []
    at = now() + 6 * DAY
    assert reminded_at(at) == EVERYBODY  # two of the test's office, and the demonstration's two
    assert reminded_at(at + timedelta(minutes=1)) == []  # once
    round_at(datetime.combine(at.date() + DAY, time(6)))
    [letter] = letters("field-officer.pacific@example.org")
    assert "Not handed in yet: 2031-1-001" in letter.body and "Europe/Zurich" in letter.body
    [letter] = letters("field-officer@example.org")  # of West Africa
    assert "Your office has no proposal to it yet." in letter.body and "2031-1-001" not in letter.body
    assert reminded_at(now() + 13 * DAY) == EVERYBODY and reminded_at(now() + 19 * DAY) == EVERYBODY
    assert reminded_at(now() + 21 * DAY) == []


def test_what_was_handed_in_is_not_reminded_of(registered: Flask) -> None:
    closes_in(10)
    made = complete()
    assert reminded_at(now()) == EVERYBODY
    made = the_one()
    with unit_of_work(head()) as work:
        moving.clear(work, made)
    with unit_of_work(writer()) as work:
        moving.submit(work, made)
    round_at(tomorrow())
    assert all("closes soon" not in one.body for one in letters("field-officer.pacific@example.org"))
    assert any("closes soon" in one.body for one in letters("field-officer@example.org"))
    assert reminded_at(now() + 4 * DAY) == ["field-officer@example.org"]


def test_a_close_that_moves_is_told_anew(registered: Flask) -> None:
    call = closes_in(7)
    key, later = call.id, call.closes_at
    assert later
    begun()
    assert reminded_at(now()) == EVERYBODY
    with unit_of_work(someone(Role.SECRETARY)) as work:
        extend_call(work, work.session.get_one(Call, key), later + 3 * DAY, "UTC", "A cyclone")
    assert reminded_at(now()) == EVERYBODY
    round_at(tomorrow())
    for letter in letters("field-officer.pacific@example.org"):
        assert letter.body.count("The call closes soon") == 1  # of the close as it is


def test_a_call_for_other_states_is_not_told(registered: Flask) -> None:
    opened("2031-1", closes_at=now() + 3 * DAY, places=Places(frozenset({"SEN"})))
    assert reminded_at(now()) == ["field-officer@example.org"]


def test_a_return_is_told_to_the_office_and_on_the_last_day_to_the_desk(registered: Flask) -> None:
    made = returned()
    due = made.due_at
    assert due
    assert reminded_at(now()) == PACIFIC
    assert reminded_at(due - 7 * DAY) == PACIFIC
    assert reminded_at(due - DAY) == sorted([*PACIFIC, "desk-officer@example.org"])
    assert reminded_at(due - timedelta(hours=1)) == [] == reminded_at(due + DAY)


def test_a_return_that_came_back_is_not_reminded_of(registered: Flask) -> None:
    made = returned()
    assert reminded_at(now()) == PACIFIC
    made = write(the_one(), {"monitoring": {"plan": "Each month."}})
    with unit_of_work(member(Role.HEAD_OF_OFFICE)) as work:
        moving.submit_again(work, made)
    round_at(tomorrow())
    assert all("Changes are due soon" not in one.body for one in letters())
    assert reminded_at(now() + 9 * DAY) == []


# ------------------------------------------------------------------------------------------------ two at once, sending


def test_two_processes_tell_each_thing_once(registered: Flask, tmp_path: Path) -> None:
    closes_in(7)
    in_screening()
    begun()
    db.session.remove()
    at = tomorrow()
    with meeting(registered, tmp_path) as shared:
        answers = together(shared, *[lambda: tell_due(at)] * 4)
        assert all(isinstance(one, Told) for one in answers), answers
        with shared.app_context():
            told = list(db.session.scalars(sa.select(Letter.recipient).where(Letter.kind == "proposals-digest")))
            assert len(told) == len(set(told)) == sum(one.letters for one in answers if isinstance(one, Told))
            keys = db.session.execute(sa.select(Notice.person_id, Notice.once).where(Notice.once.is_not(None))).all()
            assert len(keys) == len(set(keys)) == sum(one.reminders for one in answers if isinstance(one, Told))
            db.session.remove()


def test_single_letters_are_written_once_by_two_processes(registered: Flask, tmp_path: Path) -> None:
    in_screening()
    choose(writer(), "single")
    db.session.remove()
    at = now()
    with meeting(registered, tmp_path) as shared:
        answers = together(shared, *[lambda: tell_due(at)] * 4)
        assert [one.letters for one in answers if isinstance(one, Told)].count(1) == 1, answers


def test_letters_reach_a_mail_server(registered: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    in_screening()
    round_at(tomorrow())
    box = Postbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        monkeypatch.setitem(registered.config, "FUNDAPP_SMTP_URL", f"smtp+plain://127.0.0.1:{controller.port}")
        assert send(registered).failed == 0
    finally:
        controller.stop()
    found = {envelope.rcpt_tos[0]: envelope.content for envelope in box.taken}
    mail = email.message_from_bytes(found["secretary@example.org"] or b"", policy=email.policy.default)  # type: ignore[arg-type]
    body = mail.get_body()
    assert body is not None and "it waits to be screened" in body.get_content()


def test_the_herald_tells_and_can_be_ended(registered: Flask) -> None:
    in_screening()
    choose(writer(), "single")
    db.session.remove()
    herald.turn(registered)
    assert [one.recipient for one in letters()] == ["field-officer.pacific@example.org"]
    db.session.remove()
    end = herald.start(registered, every=60)
    end()


def test_the_command_tells_what_is_due(registered: Flask, command: Command) -> None:
    in_screening()
    choose(writer(), "single")
    said = command("notices", "tell")
    assert (said.status, said.out) == (0, "0 reminders are new, 1 letters were written.\n")
    assert command("notices", "tell").out == "0 reminders are new, 0 letters were written.\n"


def test_only_the_console_tells(registered: Flask) -> None:
    with pytest.raises(Refused), unit_of_work(someone(Role.SECRETARY)) as work:
        remind(work, None, now())
