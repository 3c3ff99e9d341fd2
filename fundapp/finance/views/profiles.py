"""What of extracts waits for a name, and the profiles of their sources."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from fundapp.access.gate import actor, needs, signed_in
from fundapp.access.policy import Permission, may
from fundapp.access.views.address import language
from fundapp.access.views.page import say
from fundapp.finance.forms.extracts import NameForm, ProfileForm, named
from fundapp.finance.operations.extracts import book_waiting, name_and_book
from fundapp.finance.operations.profiles import keep_profile
from fundapp.finance.queries.extracts import (
    Profile,
    account_names,
    expenditure_accounts,
    profiles,
    project_codes,
    unknown,
)
from fundapp.finance.rules.extracts import PROJECT, STANDARD, Layout
from fundapp.finance.views.blueprint import blueprint, fund_for
from fundapp.finance.views.extracts import Answer
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.kernel.work import Work, unit_of_work
from fundapp.proposals.forms.calls import typed_line
from fundapp.proposals.views.calls.blueprint import do, status

NEW = "new"
OWN = "-"  # among the project accounts to choose from: none, it is the fund's own work


@blueprint.get("/extracts/waiting")
@needs(Permission.SPENDING_READ)
def extracts_waiting() -> str:
    """The projects and classes that nobody knows, and what waits for each."""
    fund, session = fund_for(Permission.SPENDING_READ), db.session()
    found = unknown(session, fund)
    names = dict.fromkeys(project_codes(session, fund, actor()).values(), "")
    accounts = account_names(session, expenditure_accounts(session), language())
    forms = []
    for n, one in enumerate(found):
        form = NameForm(formdata=None, prefix="")
        form.offer(
            named({OWN: _("The fund’s own work"), **names}, _("Choose"))
            if one.what == PROJECT
            else named(accounts, _("Choose"))
        )
        form.source.data, form.what.data, form.text.data = one.source, one.what, one.text
        form.means.id = f"means-{n}"
        forms.append(form)
    return render_template(
        "finance/extracts_waiting.html",
        rows=list(zip(found, forms, strict=True)),
        names_them=may(actor(), Permission.EXPENDITURE_IMPORT, fund),
    )


@blueprint.post("/extracts/waiting/name")
@needs(Permission.EXPENDITURE_IMPORT)
def name_unknown_page() -> Answer:
    """Say what an unknown name means; what waited for it is booked."""
    fund, form = fund_for(Permission.EXPENDITURE_IMPORT), NameForm()
    said = [str(field.data or "") for field in (form.source, form.what, form.text, form.means)]
    if form.validate():
        source, what, text, means = said
        try:
            if not means:
                raise refuse("extract.no-choice")
            with unit_of_work(signed_in()) as work:
                booked = name_and_book(work, fund, source, what, text, "" if means == OWN else means)
            flash(_booked(booked), "success")
        except Refusal as refusal:
            say(refusal)
    return redirect(url_for("finance.extracts_waiting"))


@blueprint.post("/extracts/waiting/book")
@needs(Permission.EXPENDITURE_IMPORT)
def book_waiting_page() -> Answer:
    """Book the lines whose project and class are known by now."""
    fund, form, booked = fund_for(Permission.EXPENDITURE_IMPORT), NameForm(), 0
    if form.validate():
        with unit_of_work(signed_in()) as work:
            for source in sorted({one.source for one in unknown(work.session, fund)}):
                booked += book_waiting(work, fund, source)
        flash(_booked(booked), "success")
    return redirect(url_for("finance.extracts_waiting"))


def _booked(lines: int) -> str:
    return str(ngettext("%(num)s line is booked.", "%(num)s lines are booked.", lines))


@blueprint.get("/extracts/profiles")
@needs(Permission.SPENDING_READ)
def extract_profiles() -> str:
    """How the sources of extracts write them."""
    fund = fund_for(Permission.SPENDING_READ)
    found, keeps = profiles(db.session(), fund), may(actor(), Permission.EXPENDITURE_IMPORT, fund)
    return render_template("finance/extract_profiles.html", profiles=found, keeps=keeps)


def _profile_at(code: str) -> Profile:
    """The profile of an address, or an empty one for a new one."""
    if code == NEW:
        return Profile("", "", 0, Layout({}, classes=STANDARD["umoja"][1].classes), None)
    there = profiles(db.session(), fund_for(Permission.EXPENDITURE_IMPORT))
    return next((one for one in there if one.code == code), None) or abort(404)


@blueprint.route("/extracts/profiles/<code>", methods=["GET", "POST"])
@needs(Permission.EXPENDITURE_IMPORT)
def extract_profile(code: str) -> Answer:
    """Write a profile, or change one."""
    fund, found, rest = fund_for(Permission.EXPENDITURE_IMPORT), _profile_at(code), list[Fault]()
    form = ProfileForm().offer()
    if request.method == "GET":
        form.show(found.code, found.name, found.edition, found.layout)
    elif form.validate():
        faults: list[Fault] = []
        layout, of = form.said(faults), found.code or typed_line(form.code.data)
        name, seen = typed_line(form.name.data), form.edition

        def change(work: Work) -> None:
            keep_profile(work, fund, of, name, layout, seen)

        rest = do(form, change, faults)
        if not rest and not form.errors:
            flash(_("The profile is kept."), "success")
            return redirect(url_for("finance.extract_profiles"))
    page = render_template("finance/extract_profile.html", form=form, faults=rest, found=found)
    return page, status(form, rest)
