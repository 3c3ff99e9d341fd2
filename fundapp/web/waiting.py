"""What waits for a person on their home page. A line in PROVIDERS for each kind; only facts, only for who can act."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from fundapp.access import queries as access
from fundapp.access.models import Office
from fundapp.access.policy import OF_AN_OFFICE, Permission, may
from fundapp.contributions.queries import scheduled
from fundapp.finance import queries as finance
from fundapp.finance.tie_out import tie_out
from fundapp.kernel.clock import now, today
from fundapp.proposals.models import Proposal
from fundapp.proposals.queries import closing_soon, drafts_ready
from fundapp.proposals.queries.beginning import answered, in_hand, on_the_desk, openings
from fundapp.proposals.queries.board import to_answer
from fundapp.proposals.rules.stages import Stage
from fundapp.proposals.views.calls.blueprint import text_for, time_left
from fundapp.recommendations.queries.plans import late_for
from fundapp.recommendations.queries.reviews import coming, every_review, reviews_of, without_letter
from fundapp.recommendations.queries.sent_in import to_decide
from fundapp.recommendations.views.blueprint import when_in_words
from fundapp.recommendations.words import MOMENTS
from fundapp.reference.queries import names_on
from fundapp.scoring.queries.sheets import desk
from fundapp.web import waiting_board as board
from fundapp.web import waiting_money as money
from fundapp.web.cases import Case, Provider, Waiting
from fundapp.web.funds import OfFund
from fundapp.web.languages import figure, language

MOST_LETTERS = 5  # that are named one by one; more are counted
DAYS_BEFORE_CLOSE = 14  # in which an office is told of a call
DAYS_AHEAD = 120  # of the moments that an office is told of


def differences(case: Case) -> Iterator[Waiting]:
    """Differences of the newest printed document that nobody has explained."""
    found = next(iter(finance.documents(case.session, case.fund)), None)
    if found is None:
        return
    printed = finance.printed_of(case.session, case.fund, found)
    # whether a row agrees takes the two printed sources alone; the books only explain it
    years = tie_out(printed.donors, scheduled(case.session, case.fund.id), {}, {}, {})
    known = finance.notes(case.session, found)
    open_by_year = {year.year: sum(not tie.agrees and tie.subject not in known for tie in year.ties) for year in years}
    if number := sum(open_by_year.values()):
        text = ngettext(
            "Explain %(num)d difference in the tie-out of %(symbol)s",
            "Explain %(num)d differences in the tie-out of %(symbol)s",
            number,
            symbol=found.symbol,
        )
        note = " · ".join(f"{year} ({count})" for year, count in open_by_year.items() if count)
        yield Waiting(text, url_for("finance.tie_out", symbol=found.symbol), note)


def unattributed(case: Case) -> Iterator[Waiting]:
    """Income of the newest year that the books attribute to no donor."""
    if case.year and case.lacking:
        text = _("Attribute %(amount)s of %(year)s to a donor", amount=figure(case.lacking), year=case.year.number)
        yield Waiting(text, url_for("finance.unattributed"), _("Received, and no donor is named for it"))


def people_without_second_factor(case: Case) -> Iterator[Waiting]:
    """People whose role asks for a second factor and who have set up none."""
    if number := access.without_second_factor(case.session):
        text = ngettext(
            "%(num)d person has not set up the second factor their role asks for",
            "%(num)d people have not set up the second factor their role asks for",
            number,
        )
        yield Waiting(text, url_for("access.people"), _("They are asked to when they sign in with a password"))


def invitations(case: Case) -> Iterator[Waiting]:
    """People who were invited and have not come."""
    number, since = access.invitations_open(case.session)
    if number:
        text = ngettext("%(num)d invitation is not taken up", "%(num)d invitations are not taken up", number)
        when = _("since %(day)s", day=since.date().isoformat()) if since else ""
        yield Waiting(text, url_for("access.people", state="invited"), when=when)


def letters(case: Case) -> Iterator[Waiting]:
    """Letters that could not be sent."""
    if number := access.letters_refused(case.session):
        text = ngettext("%(num)d letter could not be sent", "%(num)d letters could not be sent", number)
        yield Waiting(text, url_for("access.people"), _("The mail server refused them; they are tried again"), due=True)


def recovery_codes(case: Case) -> Iterator[Waiting]:
    """Somebody who would be locked out with their telephone lost."""
    if case.person.needs_second_factor() and not case.person.mf_recovery_codes:
        text = _("Make your recovery codes")
        yield Waiting(text, url_for("security.mf_recovery_codes"), _("Without them a lost telephone locks you out"))


def letters_to_record(case: Case) -> Iterator[Waiting]:
    """The High Commissioner's letters that were sent by now, and that nobody has recorded."""
    lacking = without_letter(every_review(case.session), today())
    names = names_on(case.session, language()) if lacking else {}
    for due in lacking[:MOST_LETTERS]:
        review = due.review
        text = _("Record the High Commissioner's letter to %(state)s", state=names[review.state])
        note = _("Adoption of the outcome of its review: %(when)s", when=when_in_words(due.point))
        yield Waiting(text, url_for("recommendations.new_letter", code=review.state, cycle=review.cycle), note)
    if (more := len(lacking) - MOST_LETTERS) > 0:
        text = ngettext("%(num)d more letter is not recorded", "%(num)d more letters are not recorded", more)
        yield Waiting(text, url_for("recommendations.states"))


def moments_of_the_office(case: Case) -> Iterator[Waiting]:
    """What comes next in the review of the States that the person's offices are in."""
    offices = {held.office_id for held in case.person.grants if held.role in OF_AN_OFFICE and held.office_id}
    if not offices:
        return
    states = case.session.scalars(sa.select(Office.country).where(Office.id.in_(offices)).distinct()).all()
    found = [due for state in states for due in coming(reviews_of(case.session, state), today(), DAYS_AHEAD)]
    names = names_on(case.session, language()) if found else {}
    for due in found:
        text = _("%(state)s: %(moment)s", state=names[due.review.state], moment=MOMENTS[due.point.moment])
        href = url_for("recommendations.state", code=due.review.state)
        yield Waiting(text, href, when=when_in_words(due.point))


def overdue_measures(case: Case) -> Iterator[Waiting]:
    """Measures whose day is over, in the plans of the countries of somebody's offices."""
    held = [grant for grant in case.person.grants if grant.role in OF_AN_OFFICE]
    offices = {grant.office_id for grant in held if grant.office_id and grant.fund_id in (None, case.fund.id)}
    for late in late_for(case.session, case.person, offices, today()) if offices else ():
        text = ngettext(
            "%(num)d measure of the plan “%(title)s” is overdue",
            "%(num)d measures of the plan “%(title)s” are overdue",
            late.count,
            title=late.title,
        )
        when = _("since %(day)s", day=late.first.isoformat())
        yield Waiting(text, url_for("recommendations.plan", key=late.plan, late="yes"), when=when, due=True)


def files_to_decide(case: Case) -> Iterator[Waiting]:
    """Files of recommendations that were read and wait for a decision."""
    found = to_decide(case.session)
    if len(found) == 1:
        text = _("Decide on %(name)s", name=found[0].name)
        yield Waiting(
            text, url_for("recommendations.upload", key=found[0].id), _("The file was read and waits for you")
        )
    elif found:
        text = ngettext(
            "Decide on %(num)d file of recommendations", "Decide on %(num)d files of recommendations", len(found)
        )
        when = _("since %(day)s", day=found[0].at.date().isoformat())
        yield Waiting(text, url_for("recommendations.imports"), _("They were read and wait for you"), when)


def drafts_to_open(case: Case) -> Iterator[Waiting]:
    """Drafts of calls that lack nothing; whoever prepared one reads that somebody else opens it."""
    for draft in drafts_ready(case.session, case.person, case.fund, now()):
        opens = may(case.person, Permission.CALL_OPEN, draft)
        text = _("Open the call %(code)s", code=draft.code) if opens else _("The call %(code)s waits", code=draft.code)
        note = text_for(draft.names) if opens else _("You prepared it, so somebody else opens it")
        yield Waiting(text, url_for("proposals.open", code=draft.code), note)


def calls_that_close(case: Case) -> Iterator[Waiting]:
    """Open calls for the States of somebody's offices that close soon."""
    for row in closing_soon(case.session, case.person, case.fund, now(), DAYS_BEFORE_CLOSE):
        assert row.closing
        text = _("The call %(code)s closes", code=row.code)
        yield Waiting(text, url_for("proposals.call", code=row.code), text_for(row.title), time_left(row.closing))


def proposals_in_hand(case: Case) -> Iterator[Waiting]:
    """What the person's office can move on: drafts that lack nothing, cleared proposals, returned ones."""
    for found in in_hand(case.session, case.person, case.fund):
        may_clear = may(case.person, Permission.PROPOSAL_CLEAR, found)
        href = url_for("proposal.one", reference=found.reference)
        if found.stage == Stage.RETURNED:
            text = _("Change the proposal %(reference)s, which was returned", reference=found.reference)
            late = bool(found.due_at and found.due_at < now())
            yield Waiting(text, href, found.title, time_left(found.due_at) if found.due_at else "", due=late)
        elif found.stage == Stage.CLEARED:
            text = _("Hand the proposal %(reference)s in", reference=found.reference)
            yield Waiting(text, href, _("It is cleared, and the secretariat does not see it yet"))
        elif may_clear:
            yield Waiting(_("Clear the proposal %(reference)s", reference=found.reference), href, found.title)


def questions_to_answer(case: Case) -> Iterator[Waiting]:
    """What the secretariat asks of the proposals of the person's office, and nobody has answered."""
    for one in to_answer(case.session, case.person, case.fund):
        text = ngettext(
            "Answer %(num)d question on the proposal %(reference)s",
            "Answer %(num)d questions on the proposal %(reference)s",
            one.many,
            reference=one.reference,
        )
        when = _("since %(day)s", day=one.at.date().isoformat())
        yield Waiting(text, url_for("proposal.questions", reference=one.reference), one.title, when)


def calls_to_answer(case: Case) -> Iterator[Waiting]:
    """Calls that are open to the person's office and for its State, and to which it has no proposal; those that close
    soon are named among what closes."""
    open_to = openings(case.session, case.person, case.fund, now())
    done = answered(case.session, case.person, case.fund) if open_to else set()
    for one in open_to:
        until = one.late or one.row.closing
        soon = until is not None and not one.late and until <= now() + timedelta(days=DAYS_BEFORE_CLOSE)
        if one.row.id not in done and not soon and not one.elsewhere:
            text = _("Begin a proposal to the call %(code)s", code=one.row.code)
            left = time_left(until) if until else ""
            yield Waiting(text, url_for("proposal.begin", call=one.row.code), text_for(one.row.title), left)


def proposals_on_the_desk(case: Case) -> Iterator[Waiting]:
    """What the person screens or is to screen, and what was handed in and is nobody's."""
    found = on_the_desk(case.session, case.person, case.fund, case.person.id)
    mine = [one for one in found if one.officer_id]
    for one in mine[:MOST_LETTERS]:
        begun = one.stage == Stage.IN_SCREENING
        name = _("Decide on the proposal %(reference)s") if begun else _("Screen the proposal %(reference)s")
        when = _("since %(day)s", day=one.stage_since.date().isoformat())
        yield Waiting(name % {"reference": one.reference}, _to_screen(one, begun), one.title, when)
    if (more := len(mine) - MOST_LETTERS) > 0:
        text = ngettext("%(num)d more proposal waits for you", "%(num)d more proposals wait for you", more)
        yield Waiting(text, _list_of(mine[MOST_LETTERS]))
    if nobodys := [one for one in found if one.officer_id is None and one.stage == Stage.SUBMITTED]:
        text = ngettext(
            "%(num)d proposal was handed in and is on nobody's desk",
            "%(num)d proposals were handed in and are on nobody's desk",
            len(nobodys),
        )
        when = _("since %(day)s", day=nobodys[0].stage_since.date().isoformat())
        yield Waiting(text, _list_of(nobodys[0]), when=when)


def sheets_to_give(case: Case) -> Iterator[Waiting]:
    """Score sheets that the person has not given yet, by the deadline that is next."""
    found = [one for one in desk(case.session, case.person, case.fund.id, language()) if one.to_give]
    if found:
        text = ngettext("Give %(num)d score sheet", "Give %(num)d score sheets", len(found))
        note = ", ".join(one.reference for one in found[:MOST_LETTERS]) + (" …" if len(found) > MOST_LETTERS else "")
        late = found[0].due_at < now()
        yield Waiting(text, url_for("scoring.desk"), note, time_left(found[0].due_at), late)


def _to_screen(found: Proposal, begun: bool) -> str:
    page = "proposal.screening" if begun else "proposal.one"
    return url_for(page, reference=found.reference)


def _list_of(found: Proposal) -> str:
    """The list of what stands there."""
    return url_for("proposal.proposals", stage=found.stage)


# Who can act on it -> what waits. Pages that are not there yet have nothing waiting on them.
PROVIDERS: tuple[tuple[Permission, str, Provider], ...] = (
    (Permission.PUBLISHED_ANNOTATE, "finance.tie_out", differences),
    (Permission.ENTRY_ATTRIBUTE, "finance.unattributed", unattributed),
    (Permission.YEAR_CLOSE, "finance.years", money.years_to_close),
    (Permission.RECOMMENDATION_IMPORT, "recommendations.imports", files_to_decide),
    (Permission.PERSON_ADD, "access.people", people_without_second_factor),
    (Permission.PERSON_ADD, "access.people", invitations),
    (Permission.PERSON_ADD, "access.people", letters),
    (Permission.REVIEW_RECORD, "recommendations.new_letter", letters_to_record),
    (Permission.FOLLOW_UP_RECORD, "recommendations.state", moments_of_the_office),
    (Permission.PLAN_RECORD, "recommendations.plan", overdue_measures),
    (Permission.CALL_OPEN, "proposals.open", drafts_to_open),
    (Permission.CALL_READ, "proposals.call", calls_that_close),
    (Permission.PROPOSAL_WRITE, "proposal.one", proposals_in_hand),
    (Permission.PROPOSAL_WRITE, "proposal.questions", questions_to_answer),
    (Permission.PROPOSAL_WRITE, "proposal.begin", calls_to_answer),
    (Permission.PROPOSAL_SCREEN, "proposal.one", proposals_on_the_desk),
    (Permission.SCORE, "scoring.desk", sheets_to_give),
    (Permission.TRUSTEE_SAY, "board.interests", board.for_a_trustee),
    (Permission.MINUTES_APPROVE, "board.minutes", board.minutes_to_approve),
    (Permission.DECISION_TAKE, "board.decisions", board.decisions_to_take),
    (Permission.PROPOSAL_WRITE, "board.conditions", board.conditions_of_the_office),
    (Permission.CONDITION_FOLLOW, "board.conditions", board.afoot_there),
    (Permission.RECEIPT_RECORD, "finance.receipts", money.to_record),
    (Permission.COMMITMENT_APPROVE, "finance.commitments", money.to_certify),
    (Permission.STATEMENT_REVIEW, "finance.certificates", money.to_look_through),
    (Permission.SIGNED_IN, "security.mf_recovery_codes", recovery_codes),
)


def waiting(case: Case, pages: frozenset[str]) -> list[Waiting]:
    """Everything that waits for the person in the fund, most pressing first. pages: the endpoints there are."""
    subject = OfFund(case.fund.id)
    found = [
        one
        for permission, page, provider in PROVIDERS
        if page in pages and may(case.person, permission, subject)
        for one in provider(case)
    ]
    return sorted(found, key=lambda one: not one.due)
