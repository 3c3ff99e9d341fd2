"""Dossiers that are made in the background: asking for them, how far they are, and the file."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, abort, jsonify, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from fundapp.access.gate import actor, exports, needs, signed_in
from fundapp.access.policy import Permission
from fundapp.access.views.address import language
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.kernel.languages import LANGUAGES, figure
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.forms.dossiers import FORM_NAMES, DossiersForm
from fundapp.proposals.forms.listing import kept_words
from fundapp.proposals.models import DossierJob
from fundapp.proposals.operations.jobs import ask_for_dossiers
from fundapp.proposals.queries.dossier import seen
from fundapp.proposals.queries.jobs import chosen, own_job, own_jobs
from fundapp.proposals.queries.listing import keys, named
from fundapp.proposals.rules.dossier_jobs import FORMS, KEPT, MOST, MOVING, JobStage
from fundapp.proposals.views.calls.blueprint import fund_here
from fundapp.proposals.views.proposal.blueprint import REFERENCE, blueprint
from fundapp.proposals.views.proposal.listing import asked
from fundapp.proposals.words import JOB_MARKS, JOB_STAGES, JOB_WHY
from fundapp.recommendations.inbox import arrived
from fundapp.recommendations.views.blueprint import files


@blueprint.route("/dossiers", methods=["GET", "POST"])
@needs(Permission.DOSSIER_MAKE)
def dossiers() -> str | BaseResponse | tuple[str, int]:
    """The dossiers that one asked for, and the form that asks for those of the proposals that the address means."""
    ids = _meant()
    form = DossiersForm().offer()
    faults: tuple[Fault, ...] = ()
    if form.validate_on_submit():
        try:
            return _asked(ids, form.language.data or "", form.form.data or "")
        except Refusal as refusal:
            faults = refusal.faults
    return _page(form, ids, faults), 422 if faults else 200


def _meant() -> list[int]:
    """The proposals that the address means: those that are named one by one, or those that the list's filters leave."""
    if request.args.get("chosen"):
        given = [text for text in request.args.getlist("chosen")[: MOST + 1] if REFERENCE.fullmatch(text)]
        return sorted(row.id for row in named(db.session(), actor(), fund_here(), given).values())
    if "ids" in request.args:
        return chosen(db.session(), actor(), fund_here(), {"ids": request.args.getlist("ids")})
    return list(keys(db.session(), asked().sound().question(), MOST + 1))


def _asked(ids: list[int], spoken: str, form: str) -> BaseResponse:
    with unit_of_work(signed_in()) as work:
        key = ask_for_dossiers(work, fund_here(), ids, spoken, form).id
    arrived.set()
    return redirect(url_for("proposal.dossier_job", key=key), 303)


def _page(form: DossiersForm, ids: list[int], faults: tuple[Fault, ...]) -> str:
    if form.language.data not in LANGUAGES:
        form.language.data = language()
    if form.form.data not in FORMS:
        form.form.data = FORMS[0]
    return render_template(
        "proposals/proposal/dossiers.html",
        form=form,
        faults=faults,
        many=len(ids),
        most=MOST,
        narrowed=bool(request.args.get("chosen") or "ids" in request.args or kept_words(request.args)),
        jobs=own_jobs(db.session(), actor(), fund_here()),
        marks=JOB_MARKS,
        stages=JOB_STAGES,
        form_names=FORM_NAMES,
        kept=KEPT.days,
    )


def _job(key: int) -> DossierJob:
    """The job of an address; 404 for anybody else's as for one that is not there."""
    found = own_job(db.session(), actor(), fund_here(), key)
    return found or abort(404)


@blueprint.get("/dossiers/<int(max=2147483647):key>")
@needs(Permission.DOSSIER_MAKE)
def dossier_job(key: int) -> str:
    """One job: how far it is, or the file and what is not in it."""
    job = _job(key)
    lacks = json.loads(job.failure) if job.failure else {}
    return render_template(
        "proposals/proposal/dossier_job.html",
        job=job,
        state=_state(job),
        moving=job.stage in MOVING,
        failed=lacks.get("failed", ()),
        gone=lacks.get("gone", 0),
        why=JOB_WHY.get(lacks.get("why", "")),
        mark=JOB_MARKS[job.stage],
        stage=JOB_STAGES[job.stage],
        form_name=FORM_NAMES[job.form],
        until=job.done_at + KEPT if job.done_at else None,
    )


@blueprint.get("/dossiers/<int(max=2147483647):key>/state")
@needs(Permission.DOSSIER_MAKE)
def dossier_state(key: int) -> Response:
    """How far a job is, for the script that asks every second."""
    return jsonify(_state(_job(key)))


def _state(job: DossierJob) -> dict[str, Any]:
    """Where a job stands, in dossiers, in thousandths of the whole, and in words."""
    text = str(JOB_STAGES[job.stage])
    if job.stage == JobStage.MAKING:
        made, total = (figure(number, language(), 0, nil="0") for number in (job.made, job.total))
        text = str(_("%(made)s of %(total)s dossiers", made=made, total=total))
    share = 1000 * job.made // job.total if job.total else 0
    return {"rows": job.made, "share": share or None, "text": text, "over": job.stage not in MOVING}


@blueprint.get("/dossiers/<int(max=2147483647):key>/dossiers.zip")
@needs(Permission.DOSSIER_MAKE)
@exports
def dossier_zip(key: int) -> Response:
    """The file of a job; not where a proposal in it is one that whoever asked may no longer see."""
    job = _job(key)
    if job.stage != JobStage.DONE or not job.digest or not (path := files().path(job.digest)).is_file():
        raise refuse("dossiers.not-there")
    inside = job.proposals["inside"]
    if len(seen(db.session(), actor(), fund_here(), inside)) < len(inside):
        raise refuse("dossiers.no-longer-yours")
    name = f"{fund_here().code}-dossiers-{job.id}-{job.language}.zip"
    return send_file(path, mimetype="application/zip", as_attachment=True, download_name=name, max_age=0)
