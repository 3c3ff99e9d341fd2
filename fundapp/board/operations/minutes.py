"""Minutes: the words of the secretariat on an item, versions that are kept, and the chair's approval, which closes the
session."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from fundapp.access.operation import operation
from fundapp.access.policy import Permission
from fundapp.board.models import (
    AgendaItem,
    AgendaText,
    BoardSession,
    Minutes,
    MinutesApproval,
    SessionMove,
    SessionStage,
    Trustee,
)
from fundapp.board.queries.following import is_kept_from
from fundapp.board.queries.minutes import as_read, chair_of, is_approved, last_minutes, reader_of
from fundapp.board.queries.record import minutes_facts
from fundapp.board.rules.keeping import canonical, digest
from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.kernel.languages import LANGUAGES
from fundapp.kernel.work import Work

LONGEST = 20_000  # characters of a text on an item, in a language


@operation(Permission.MINUTES_WRITE)
def write_texts(work: Work, item: AgendaItem, texts: Mapping[str, str], seen: Mapping[str, int]) -> None:
    """Write what the minutes say on an item. texts: by language; an empty one takes it away. seen: by language the
    version of the text that one looked at, 0 for none; where somebody else wrote meanwhile nothing is changed."""
    of = _written_in(work, item.session)
    if item.removed_at is not None or item.session_id != of.id:
        raise refuse("minutes.no-item")
    asked = sa.select(AgendaText).where(AgendaText.item_id == item.id)
    there = {one.language: one for one in work.session.scalars(asked)}
    if is_kept_from(reader_of(work.session, work.actor, None, of.fund_ids), item, there.values()):
        raise refuse("minutes.kept")
    faults = [
        fault for language, text in texts.items()
        for fault in _text_faults(language, text.strip(), there.get(language), seen.get(language, 0))
    ]  # fmt: skip
    if faults:
        raise Refusal(*faults)
    for language, text in texts.items():
        _put_text(work, item, language, text.strip(), there.get(language))


def _text_faults(language: str, text: str, found: AgendaText | None, seen: int) -> list[Fault]:
    field = f"text_{language}"
    if language not in LANGUAGES:
        return [Fault("minutes.no-item")]
    if len(text) > LONGEST:
        return [Fault("call.long", {"found": len(text), "largest": LONGEST}, field=field)]
    if (found.version if found else 0) != seen and text != (found.text if found else ""):
        return [Fault("minutes.text-changed", field=field)]
    return []


def _put_text(work: Work, item: AgendaItem, language: str, text: str, found: AgendaText | None) -> None:
    if text == (found.text if found else ""):
        return
    if found is None:
        found = AgendaText(item_id=item.id, language=language)
        work.session.add(found)
    found.text, found.at, found.by = text, work.at, str(work.actor)


@operation(Permission.MINUTES_WRITE)
def keep_minutes(work: Work, of: BoardSession, seen: str) -> Minutes:
    """Keep the minutes as they are by now as their next version, for the trustees to read and the chair to approve.
    seen: the digest of what one looked at, so that nothing is kept that nobody read."""
    _written_in(work, of)
    facts = minutes_facts(work.session, of)
    if not facts.items:
        raise refuse("minutes.nothing")
    if as_read(work.session, work.actor, of, facts) != seen:
        raise refuse("minutes.moved")
    content, last = canonical(facts), last_minutes(work.session, of)
    if last is not None and last.content == content and not is_approved(work.session, last):
        raise refuse("minutes.same", number=last.number)
    made = Minutes(
        session_id=of.id, number=1 + (last.number if last else 0), content=content, digest=digest(content), at=work.at,
        by=str(work.actor),
    )  # fmt: skip
    work.session.add(made)
    return made


@operation(Permission.MINUTES_APPROVE)
def approve_minutes(work: Work, chair: Trustee, minutes: Minutes) -> MinutesApproval:
    """Approve minutes as the chair of the session, which closes it: the last version, if the record has not moved."""
    of = minutes.session
    _can_be_approved(work, of, minutes, chair)
    return _approve(work, of, minutes, chair, "")


@operation(Permission.MINUTES_WRITE)
def take_over_approval(work: Work, minutes: Minutes, reason: str) -> MinutesApproval:
    """Record that the chair approved minutes on paper: of a session whose chair does not sign in, and only of one. The
    reason says where the paper is."""
    of = minutes.session
    chair = chair_of(work.session, of)
    if chair is None or chair.person_id is not None:
        raise refuse("minutes.chair-alone")
    if not reason.strip():
        raise Refusal(Fault("minutes.no-paper", field="reason"))
    _can_be_approved(work, of, minutes, chair)
    return _approve(work, of, minutes, chair, reason.strip())


def _can_be_approved(work: Work, of: BoardSession, minutes: Minutes, chair: Trustee) -> None:
    _written_in(work, of)
    found = chair_of(work.session, of)
    if found is None or found.id != chair.id:
        raise refuse("minutes.not-chair")
    last = last_minutes(work.session, of)
    if last is None or last.id != minutes.id:
        raise refuse("minutes.not-last", number=last.number if last else 0)
    if is_approved(work.session, minutes):
        raise refuse("minutes.approved", number=minutes.number)
    if work.at.date() < of.since:
        raise refuse("minutes.early", day=of.since)
    if canonical(minutes_facts(work.session, of)) != minutes.content:
        raise refuse("minutes.record-moved", number=minutes.number)


def _approve(work: Work, of: BoardSession, minutes: Minutes, chair: Trustee, reason: str) -> MinutesApproval:
    made = MinutesApproval(minutes_id=minutes.id, trustee_id=chair.id, at=work.at, by=str(work.actor))
    of.stage, of.stage_since = SessionStage.CLOSED, work.at
    work.session.add(made)
    work.session.add(SessionMove(session_id=of.id, move="close", reason=reason, at=work.at, by=str(work.actor)))
    return made


def _written_in(work: Work, of: BoardSession) -> BoardSession:
    """The session, held to the end of the unit of work; refused where nothing is written in its minutes."""
    work.session.refresh(of, with_for_update=True)
    if of.stage is SessionStage.CLOSED:
        raise refuse("minutes.closed")
    if of.stage is not SessionStage.OPEN:
        raise refuse("minutes.not-open")
    return of
