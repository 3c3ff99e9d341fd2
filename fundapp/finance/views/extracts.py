"""Extracts of expenditure: what came in, a file sent and looked at, one taken back."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from fundapp.access.forms import page_of
from fundapp.access.gate import actor, exports, needs, signed_in
from fundapp.access.policy import Permission, may
from fundapp.access.queries import names_of
from fundapp.access.views.page import file as as_file
from fundapp.access.views.page import last_page
from fundapp.finance.forms.extracts import ReasonForm, SendForm, TakeForm
from fundapp.finance.models import ExtractBatch
from fundapp.finance.operations.extracts import Taken, looked_at, take_extract, undo_extract
from fundapp.finance.queries.extracts import (
    PAGE,
    batch,
    batches,
    built_on,
    lines,
    profiles,
    project_codes,
    unknown,
    waiting,
)
from fundapp.finance.queries.statements import account_ids
from fundapp.finance.rules.extracts import Plan
from fundapp.finance.views.blueprint import blueprint, fund_for
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.kernel.files import copied
from fundapp.kernel.sheets import Cell
from fundapp.kernel.work import Work, unit_of_work
from fundapp.proposals.rules.documents import file_name
from fundapp.proposals.views.calls.blueprint import do, place, status
from fundapp.proposals.views.proposal.counter import counter
from fundapp.recommendations.layouts.incoming import Incoming

Answer = str | BaseResponse | tuple[str, int]
LARGEST = 32 * 1024 * 1024  # bytes of a file that a page takes, some 200,000 lines; larger ones by the command line
BESIDE = 1024 * 1024  # bytes of a form beside its file
KEPT = "extracts"  # in the store of files: those that were looked at and not taken in yet
LARGEST_KEY = 2**31


@blueprint.url_value_preprocessor
def _make_room(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Let a large file in at this one address, and only from those who may send one."""
    if endpoint == "finance.send_extract" and request.method == "POST":
        if may(actor(), Permission.EXPENDITURE_IMPORT):
            request.max_content_length = LARGEST + BESIDE
        if (size := request.content_length or 0) > LARGEST + BESIDE:
            raise refuse("file.too-large", name=_("The file"), size=size, largest=LARGEST)


@blueprint.get("/extracts")
@needs(Permission.SPENDING_READ)
def extracts() -> str:
    """What came in, newest first, and what of it waits for a name."""
    fund, session, page = fund_for(Permission.SPENDING_READ), db.session(), page_of(request.args)
    found, total = batches(session, fund, page)
    return render_template(
        "finance/extracts.html",
        batches=found,
        total=total,
        page=page,
        last=last_page(total, PAGE),
        unknown=unknown(session, fund),
        takes=may(actor(), Permission.EXPENDITURE_IMPORT, fund),
        names=names_of(session, [one.by for one in found]),
    )


@blueprint.route("/extracts/send", methods=["GET", "POST"])
@needs(Permission.EXPENDITURE_IMPORT)
def send_extract() -> Answer:
    """Send a file: look at what it comes to, or take it in."""
    fund, rest, plan, take = fund_for(Permission.EXPENDITURE_IMPORT), list[Fault](), None, TakeForm(formdata=None)
    form = SendForm().offer((one.code, one.name) for one in profiles(db.session(), fund))
    if form.is_submitted() and form.validate():
        name = file_name(form.sent.filename) if form.sent else ""
        source = form.profile.data or ""
        try:
            if not name:
                raise Refusal(Fault("extract.none", field="file"))
            with _on_disk(form.sent.stream, name) as found:
                if request.form.get("do") == "take":
                    return _taken(found, source)
                plan = looked_at(db.session(), fund, found, source)
                take = _kept(found, source)
        except Refusal as refusal:
            db.session.rollback()
            rest = place(form, refusal.faults)
    page = render_template(
        "finance/extract_send.html", form=form, faults=rest, plan=plan, take=take, largest=LARGEST // 1024**2
    )
    return page, 422 if rest or form.errors else 200


def _kept(found: Incoming, source: str) -> TakeForm:
    """Keep a file that was looked at, so that it need not be sent again."""
    with found.path.open("rb") as content:
        kept = counter().store.within(KEPT).keep(content, found.name, LARGEST)
    form = TakeForm(formdata=None)
    form.digest.data, form.name.data, form.profile.data = kept.digest, found.name, source
    return form


@blueprint.post("/extracts/take")
@needs(Permission.EXPENDITURE_IMPORT)
def take_kept_extract() -> Answer:
    """Take in a file that was looked at."""
    fund_for(Permission.EXPENDITURE_IMPORT)
    form, store = TakeForm(), counter().store.within(KEPT)
    digest = form.digest.data or ""
    if not form.validate():
        return redirect(url_for("finance.send_extract"))
    try:
        content = store.open(digest)
    except (FileNotFoundError, ValueError):
        raise refuse("extract.gone") from None
    with content, _on_disk(content, file_name(form.name.data or "")) as found:
        answer = _taken(found, form.profile.data or "")
    store.drop(digest)
    return answer


@contextmanager
def _on_disk(stream: IO[bytes], name: str) -> Iterator[Incoming]:
    with tempfile.TemporaryDirectory(prefix="fundapp-extract-") as folder:
        path = Path(folder) / "file"
        copied(stream, path, name, LARGEST)
        yield Incoming(name, path)


def _taken(found: Incoming, source: str) -> BaseResponse:
    fund = fund_for(Permission.EXPENDITURE_IMPORT)
    with unit_of_work(signed_in()) as work:
        taken = take_extract(work, fund, found, source)
        key = taken.batch.id if taken.batch else None
    if key is None:
        flash(_("All its lines are there already; nothing was changed."), "success")
        return redirect(url_for("finance.extracts"))
    flash(_said(taken.plan), "success")
    _tell_strange(taken)
    return redirect(url_for("finance.extract", key=key))


def _said(plan: Plan) -> str:
    said = ngettext("%(num)s line is new.", "%(num)s lines are new.", plan.added)
    if plan.changed:
        said += " " + ngettext("%(num)s line changed.", "%(num)s lines changed.", plan.changed)
    if plan.waiting:
        said += " " + ngettext("%(num)s line waits for a name.", "%(num)s lines wait for a name.", plan.waiting)
    return str(said)


def _tell_strange(taken: Taken) -> None:
    if taken.strange:
        flash(_("Nobody knows these commitments: %(numbers)s.", numbers=", ".join(taken.strange[:20])), "warning")


def batch_at(key: int) -> ExtractBatch:
    """The batch of an address; 404 where the fund has none of that number."""
    fund = fund_for(Permission.SPENDING_READ)
    return (batch(db.session(), fund, key) if key < LARGEST_KEY else None) or abort(404)


@blueprint.get("/extracts/<int:key>")
@needs(Permission.SPENDING_READ)
def extract(key: int) -> str:
    """One batch: its figures and its lines."""
    found, fund, session = batch_at(key), fund_for(Permission.SPENDING_READ), db.session()
    page = page_of(request.args)
    rows, total = lines(session, key, page, actor())
    return render_template(
        "finance/extract.html",
        batch=found,
        rows=rows,
        page=page,
        last=last_page(total, PAGE),
        waits=len(waiting(session, fund, batch_id=key)) if found.waiting and not found.undone_at else 0,
        projects=project_codes(session, fund, actor()),
        accounts={account: code for code, account in account_ids(session).items()},
        names=names_of(session, [found.by, found.undone_by or ""]),
        undoes=found.undone_at is None and may(actor(), Permission.EXPENDITURE_UNDO, fund),
    )


@blueprint.get("/extracts/<int:key>/lines.<any(csv, xlsx):kind>")
@needs(Permission.SPENDING_READ)
@exports
def extract_file(key: int, kind: str) -> Response:
    """The lines of a batch as a file."""
    found, fund = batch_at(key), fund_for(Permission.SPENDING_READ)
    total = lines(db.session(), key, 1, actor())[1]
    headings = (
        "row", "posted_on", "booked_on", "document", "line", "project", "class", "text", "currency", "amount_usd",
        "commitment", "account", "entry", "waits",
    )  # fmt: skip
    accounts = {account: code for code, account in account_ids(db.session()).items()}
    return as_file(kind, f"{fund.code}-extract-{found.id}", headings, _cells(key, total, accounts), total)


def _cells(key: int, total: int, accounts: dict[int, str]) -> Iterator[tuple[Cell, ...]]:
    who = actor()
    for page in range(1, last_page(total, PAGE) + 1):
        for one in lines(db.session(), key, page, who)[0]:
            yield (
                one.row, one.posted_on.isoformat(), one.booked_on.isoformat() if one.booked_on else "", one.document,
                one.line, one.project, one.erp_class, one.text, one.currency, Decimal(one.cents).scaleb(-2),
                one.commitment, accounts.get(one.account_id or 0, ""), one.entry_id, one.waits,
            )  # fmt: skip


@blueprint.route("/extracts/<int:key>/undo", methods=["GET", "POST"])
@needs(Permission.EXPENDITURE_UNDO)
def undo_extract_page(key: int) -> Answer:
    """Take a batch back, with a reason."""
    found, fund, form, rest = batch_at(key), fund_for(Permission.EXPENDITURE_UNDO), ReasonForm(), list[Fault]()
    if form.is_submitted() and form.validate():
        why = form.why

        def change(work: Work) -> None:
            undo_extract(work, fund, work.session.get_one(ExtractBatch, key), why)

        rest = do(form, change)
        if not rest:
            flash(_("The extract is taken back; its entries are reversed."), "success")
            return redirect(url_for("finance.extract", key=key))
        found = batch_at(key)
    later = built_on(db.session(), key) if found.undone_at is None else None
    page = render_template("finance/extract_undo.html", batch=found, form=form, faults=rest, later=later)
    return page, status(form, rest)
