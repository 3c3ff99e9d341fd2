"""The register of donors: the list, a donor, and taking one in or renaming it."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from fundapp.access.gate import exports, needs
from fundapp.access.policy import Permission
from fundapp.access.queries import names_of
from fundapp.access.views.address import language
from fundapp.access.views.page import file, filters, paged
from fundapp.contributions.models import Donor, DonorKind
from fundapp.contributions.operations.register import register_donor, rename_donor
from fundapp.contributions.queries.pledges import AppealsWanted, PledgesWanted, appeal_rows, by_currency, pledge_rows
from fundapp.contributions.queries.register import (
    PAGE,
    DonorRow,
    aliases_of,
    contacts_of,
    donor_rows,
    former_names,
    name_of,
)
from fundapp.finance.donor_words import DONOR_KINDS
from fundapp.finance.forms.donors import DonorFilterForm, DonorForm, RenameForm
from fundapp.finance.queries.receiving import due_by_pledge, paid_by_pledge
from fundapp.finance.views.donors.blueprint import Answer, blueprint, donor_here, has_page
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault
from fundapp.kernel.languages import DEFAULT
from fundapp.kernel.money import decimal_text, exponent
from fundapp.kernel.sheets import Cell
from fundapp.proposals.views.calls.blueprint import do, does, fund_here, status
from fundapp.reference.queries import countries

FILTERS = ("q", "what", "pledges")


def _listed() -> tuple[DonorFilterForm, list[DonorRow]]:
    form = DonorFilterForm(request.args).offer()
    wanted = form.wanted(request.args.get("sort", "name"))
    return form, donor_rows(db.session(), fund_here().id, language(), wanted)


@blueprint.get("")
@needs(Permission.DONOR_READ)
def donors() -> str:
    """Everybody who gives, gave or may give, with what those pledges promise that bind."""
    form, rows = _listed()
    return render_template(
        "contributions/donors.html",
        form=form,
        chips=list(form.chips()),
        **paged(rows, PAGE),
        filters=filters(FILTERS),
        keeps=does(Permission.DONOR_KEEP),
        records=does(Permission.PLEDGE_RECORD),
    )


@blueprint.get("/list.<any(csv, xlsx):kind>")
@needs(Permission.DONOR_READ)
@exports
def donors_file(kind: str) -> Response:
    """The same as it is filtered."""
    rows = _listed()[1]
    headings = (_("Code"), _("Donor"), _("Kind"), _("Binding pledges"), _("Drafts"), _("Promised"), _("Last announced"))
    return file(kind, f"{fund_here().code}-donors", headings, list(_cells(rows)), len(rows))


def _cells(rows: list[DonorRow]) -> Iterator[tuple[Cell, ...]]:
    for row in rows:
        promised = "; ".join(f"{decimal_text(minor, exponent(code))} {code}" for code, minor in row.promised)
        last = row.last.isoformat() if row.last else ""
        yield row.code, row.name, str(DONOR_KINDS[row.kind]), row.binding, row.drafts, promised, last


@blueprint.get("/register/<code>")
@needs(Permission.DONOR_READ)
def donor(code: str) -> str:
    """A donor: what it promised, whom to write to, what it is and was called, and when it was asked."""
    found, session, fund, spoken = donor_here(code), db.session(), fund_here(), language()
    due = due_by_pledge(session, fund.id, found.id)
    rows = pledge_rows(session, fund, spoken, PledgesWanted(donor=found.id), today(), due)
    contacts, aliases, former = contacts_of(session, found), aliases_of(session, found), former_names(session, found)
    return render_template(
        "contributions/donor.html",
        donor=found,
        name=name_of(session, found, spoken),
        pledges=rows,
        promised=by_currency(row for row in rows if row.stage == "binding"),
        paid=paid_by_pledge(session, fund.id, found.id),
        appeals=appeal_rows(session, fund, spoken, AppealsWanted(donor=found.id)),
        contacts=contacts,
        aliases=aliases,
        former=former,
        people=names_of(
            session, {one.by for one in contacts} | {one.by for one in aliases} | {one.by for one in former}
        ),
        keeps=does(Permission.DONOR_KEEP),
        records=does(Permission.PLEDGE_RECORD),
        has_account=has_page("finance.donor_account"),
    )


@blueprint.route("/new", methods=["GET", "POST"])
@needs(Permission.DONOR_KEEP)
def new_donor() -> Answer:
    """Take a donor into the register."""
    form, rest = DonorForm().offer(_states()), list[Fault]()
    if form.is_submitted():
        made: list[str] = []
        rest = do(form, lambda work: made.append(register_donor(work, None, form.said()).code))
        if made and not rest and not form.errors:
            flash(_("The donor is in the register."), "success")
            return redirect(url_for("donors.donor", code=made[0]))
    return render_template("contributions/donor_form.html", form=form, faults=rest), status(form, rest)


def _states() -> list[tuple[str, str]]:
    return [(one.code, one.name) for one in countries(db.session(), language())]


@blueprint.route("/register/<code>/rename", methods=["GET", "POST"])
@needs(Permission.DONOR_KEEP)
def rename(code: str) -> Answer:
    """Give a donor other names, or correct those it has."""
    found, form, rest = donor_here(code), RenameForm(), list[Fault]()
    before = found.name_en
    if not form.is_submitted():
        form.show(found)
        form.before.data = before
    else:
        faults: list[Fault] = []
        since = form.since_day(faults)
        rest = do(form, lambda work: rename_donor(work, found, form.names(), since, form.before.data or ""), faults)
        if not rest and not form.errors:
            flash(_("The donor has its new names."), "success")
            return redirect(url_for("donors.donor", code=code))
        form.before.data = found.name_en
    page = render_template(
        "contributions/rename.html", form=form, faults=rest, donor=found, name=_name(found), is_state=_is_state(found)
    )
    return page, status(form, rest)


def _name(found: Donor) -> str:
    return name_of(db.session(), found, language()) or found.name(DEFAULT)


def _is_state(found: Donor) -> bool:
    return found.kind is DonorKind.STATE
