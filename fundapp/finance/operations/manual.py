"""Entries made by hand: one person prepares them with the document they rest on, another certifies them."""

from __future__ import annotations

from collections.abc import Sequence

from fundapp.access.operation import operation
from fundapp.access.policy import Permission
from fundapp.contributions.queries import donors
from fundapp.finance.models import ManualEntry, ManualStage
from fundapp.finance.queries.extracts import project_codes
from fundapp.finance.rules.manual import LONGEST_ANSWER, GivenEntry, GivenLine, lines_from, wrong_with
from fundapp.funds.models import Fund
from fundapp.funds.queries import hold
from fundapp.kernel.clock import today
from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.kernel.work import Work
from fundapp.ledger.core import Entry, Line
from fundapp.ledger.operations import correct, post, reverse
from fundapp.ledger.queries import accounts, entry, first_open_day
from fundapp.proposals.operations.documents import Arrived


@operation(Permission.MANUAL_PREPARE)
def prepare_manual(work: Work, fund: Fund, given: GivenEntry, document: Arrived) -> ManualEntry:
    """Prepare an entry with the document it rests on; it is posted when somebody else certifies it."""
    if faults := wrong_with(given, today()):
        raise Refusal(*faults)
    _may_post(work, fund, given)
    assert given.on is not None
    made = ManualEntry(
        fund_id=fund.id, stage=ManualStage.PREPARED, entry_on=given.on, late_for=given.late_for, memo=given.memo,
        lines=given.as_kept(), corrects_id=given.corrects, document=document.name, media_type=document.media_type,
        digest=document.kept.digest, size=document.kept.size, prepared_by_id=getattr(work.actor, "id", None),
        prepared_by=str(work.actor), prepared_at=work.at, answer="",
    )  # fmt: skip
    work.session.add(made)
    work.session.flush()
    return made


@operation(Permission.MANUAL_CERTIFY)
def certify_manual(work: Work, prepared: ManualEntry, seen: int = 0) -> int:
    """Certify an entry that somebody else prepared, and post it; the number of the entry."""
    fund = _held(work, prepared, seen)
    kept = lines_from(prepared.lines)
    given = GivenEntry(prepared.entry_on, prepared.memo, kept, prepared.late_for, prepared.corrects_id)
    posted = _may_post(work, fund, given)
    if posted is None:
        assert prepared.corrects_id is not None
        number = reverse(work, fund, prepared.corrects_id, prepared.entry_on, _memo(given))
    elif prepared.corrects_id is not None:
        number = correct(work, fund, prepared.corrects_id, posted)[1]
    else:
        number = post(work, fund, posted)
    prepared.stage, prepared.entry_id = ManualStage.CERTIFIED, number
    prepared.settled_by, prepared.settled_at = str(work.actor), work.at
    return number


@operation(Permission.MANUAL_CERTIFY)
def refuse_manual(work: Work, prepared: ManualEntry, answer: str, seen: int = 0) -> None:
    """Refuse an entry that somebody else prepared, and say why; nothing is posted."""
    _held(work, prepared, seen)
    if not answer.strip() or len(answer) > LONGEST_ANSWER:
        raise Refusal(Fault("manual.no-answer", {"largest": LONGEST_ANSWER}, field="answer"))
    prepared.stage, prepared.answer = ManualStage.REFUSED, answer.strip()
    prepared.settled_by, prepared.settled_at = str(work.actor), work.at


def _held(work: Work, prepared: ManualEntry, seen: int) -> Fund:
    """The fund of an entry that waits, both held to the end."""
    fund = work.session.get_one(Fund, prepared.fund_id)
    hold(work.session, [fund])
    work.session.refresh(prepared)
    if prepared.stage is not ManualStage.PREPARED:
        raise refuse("manual.settled")
    if seen and seen != prepared.version:
        raise refuse("manual.changed")
    return fund


def _memo(given: GivenEntry) -> str:
    return f"{given.memo[:230]} ({given.late_for.isoformat()})" if given.late_for else given.memo


def _may_post(work: Work, fund: Fund, given: GivenEntry) -> Entry | None:
    """The entry as it would be posted now, none where one is only undone; refused where it cannot be."""
    session = work.session
    assert given.on is not None
    if (day := first_open_day(session, fund.id, given.on)) != given.on:
        values = {"day": given.on.isoformat(), "open": day.isoformat()}
        raise Refusal(Fault("manual.closed", values, field="on"))
    if given.corrects is not None:
        found = entry(session, given.corrects)
        if found is None or found.fund_id != fund.id:
            raise Refusal(Fault("manual.no-entry", {"entry": given.corrects}, field="corrects"))
        if found.corrected_by:
            raise refuse("entry.corrected", entry=found.id, by=found.corrected_by[0])
    if not given.lines:
        return None
    return Entry(fund.id, given.on, _memo(given), _lines(work, fund, given.lines))


def _lines(work: Work, fund: Fund, lines: Sequence[GivenLine]) -> tuple[Line, ...]:
    ids = accounts(work.session)
    known = {code: donor.id for code, donor in donors(work.session).items()}
    projects = {code: key for key, code in project_codes(work.session, fund, work.actor).items()}
    faults: list[Fault] = []
    for place, one in enumerate(lines, 1):
        if one.account not in ids:
            faults.append(Fault("manual.no-account", {"account": one.account[:40]}, field=f"account_{place}"))
        if one.donor and one.donor not in known:
            faults.append(Fault("manual.no-donor", {"donor": one.donor[:40]}, field=f"donor_{place}"))
        if one.project and one.project not in projects:
            faults.append(Fault("manual.no-project", {"project": one.project[:40]}, field=f"project_{place}"))
    if faults:
        raise Refusal(*faults)
    return tuple(
        Line(ids[one.account], one.cents, known.get(one.donor), projects.get(one.project)) for one in lines
    )  # fmt: skip
