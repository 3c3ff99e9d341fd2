"""Where one can go: the tabs, the pages beside them, and the pages that lie under each. Data alone."""

from __future__ import annotations

from dataclasses import dataclass

from fundapp.access.policy import Permission
from fundapp.web.wording.marked import marked as _l


@dataclass(frozen=True, slots=True)
class Page:
    """A page in the navigation; `also` are the pages that lie under it. One the application lacks is not shown."""

    endpoint: str
    label: str
    permission: Permission
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the product: a tab, and the pages in the rail beside its pages."""

    label: str
    pages: tuple[Page, ...]


# Pages that lie under one of the register.
REGISTER = tuple(f"recommendations.{name}" for name in ("recommendation", "follow_up", "evidence", "judge"))
OF_A_STATE = tuple(
    f"recommendations.{name}"
    for name in (
        "state",
        "review",
        "letter",
        "new_letter",
        "area",
        "plan",
        "new_plan",
        "change_plan",
        "measure",
        "new_measure",
        "plan_import",
    )
)
IMPORTS = tuple(f"recommendations.{name}" for name in ("send", "upload", "imported", "undo"))
HOME = Area(_l("Home"), (Page("web.home", _l("Home"), Permission.SIGNED_IN, ("web.start",)),))
CALLS = tuple(
    f"proposals.{name}"
    for name in (
        "call",
        "new_call",
        "change",
        "new_item",
        "item",
        "open",
        "extend",
        "exception",
        "correct",
        "cancel",
    )
)
# Pages that lie under a proposal.
OF_A_PROPOSAL = tuple(
    f"proposal.{name}"
    for name in (
        "one",
        "begin",
        "copy",
        "languages",
        "text",
        "people",
        "comments",
        "section",
        "recommendations",
        "budget",
        "budget_import",
        "documents",
        "add_document",
        "replace_document",
        "step",
        "versions",
        "compare",
        "timeline",
        "screening",
        "questions",
        "answer",
        "telling",
        "bulk",
        "do_bulk",
        "bulk_done",
        "keep_view",
        "kept_views",
        "kept_view",
    )
)
# Pages that lie under the scoring of a call.
OF_A_ROUND = tuple(
    f"scoring.{name}"
    for name in (
        "round",
        "open_round",
        "change_round",
        "close_round",
        "reopen_round",
        "assign",
        "balance",
        "unassign",
        "exception",
        "recuse",
        "lift",
        "ranking",
        "matrix",
        "spread",
        "moderation",
        "disagreement",
        "say",
        "conclude",
        "given",
        "reopen_sheet",
        "scenarios",
        "scenario",
        "new_scenario",
        "compare_scenarios",
    )
)
# Pages that lie under the Board's members, and under one of its sessions.
OF_MEMBERS = tuple(
    f"board.{name}"
    for name in "new_trustee trustee change_trustee appoint term end_term resume chair end_chair rules".split()
)
OF_A_SESSION = (
    *(
        f"board.{name}"
        for name in (
            "session new_session change_session open_session close_session cancel_session reopen_session new_item item"
            " drop_item add_paper drop_paper put_proposals drop_proposal participants new_participant participant"
            " drop_participant interests declare declare_for considered note ask answer ballot close_ballot hands_shown"
            " vote advise minutes minutes_version minutes_texts approve paper keep actions action action_done"
            " action_reopened"
        ).split()
    ),
    "session_dossiers.dossier",
)
DECISION = ("board.decision", "board.prepare", "board.decide")
CONDITION = ("board.condition", "board.condition_step")
# Pages that lie under those of the money.
OF_A_DONOR = (
    *(f"donors.{name}" for name in "donor new_donor rename new_contact contact new_alias".split()),
    "finance.donor_account",
)
OF_A_PLEDGE = (
    *(f"donors.{name}" for name in "pledge new_pledge change cancel new_paper".split()),
    *(f"finance.{name}" for name in "bind pledge_money change_pledge".split()),
)
OF_A_RECEIPT = tuple(
    f"finance.{name}" for name in "receipt new_receipt settle_receipt undo_receipt_page refund thank".split()
)
OF_A_BANK = tuple(f"finance.bank_{name}" for name in "statements import line accept pass again".split())
OF_A_CHANGE = ("finance.pledge_change", "finance.pledge_change_step")
OF_A_PROJECT = tuple(
    f"finance.{name}"
    for name in "project open_project older_project close_project allot allotment allotment_step allotted".split()
)
OF_A_COMMITMENT = tuple(
    f"finance.{name}" for name in "commitment commitment_step commitment_raise commitments_carry".split()
)
OF_AN_EXTRACT = tuple(
    f"finance.{name}"
    for name in "send_extract extract undo_extract_page extracts_waiting extract_profiles extract_profile".split()
)
OF_A_MANUAL_ENTRY = ("finance.new_manual_entry", "finance.manual_entry")
OF_A_CERTIFICATE = ("finance.certificate_page", "finance.new_certificate")
OF_CRITERIA = ("scoring.revise", "scoring.criterion", "scoring.suggestion")
AREAS = (
    HOME,
    Area(
        _l("Proposals"),
        (
            Page("proposal.proposals", _l("Proposals"), Permission.PROPOSAL_READ, OF_A_PROPOSAL),
            Page("proposal.board", _l("By stage"), Permission.PROPOSAL_READ),
            Page("proposal.due", _l("What is due"), Permission.PROPOSAL_READ),
            Page("proposals.calls", _l("Calls"), Permission.CALL_READ, CALLS),
            Page("proposal.dossiers", _l("Dossiers"), Permission.DOSSIER_MAKE, ("proposal.dossier_job",)),
            Page("proposal.desks", _l("Desk officers"), Permission.PROPOSAL_ASSIGN),
        ),
    ),
    Area(
        _l("Scoring"),
        (
            Page("scoring.desk", _l("Mine to score"), Permission.SCORE, ("scoring.sheet", "scoring.abstain")),
            Page("scoring.rounds", _l("Calls being scored"), Permission.SCORING_READ, OF_A_ROUND),
            Page("scoring.reviewers", _l("Reviewers"), Permission.SCORING_RUN, ("scoring.reviewer",)),
            Page(
                "scoring.criteria",
                _l("Criteria"),
                Permission.CRITERIA_READ,
                OF_CRITERIA,
            ),
        ),
    ),
    Area(
        _l("Board"),
        (
            Page("board.sessions", _l("Sessions"), Permission.SESSION_READ, OF_A_SESSION),
            Page("board.decisions", _l("Decisions"), Permission.DECISION_READ, DECISION),
            Page("board.conditions", _l("Conditions"), Permission.DECISION_READ, CONDITION),
            Page("board.approved_last", _l("Approved in a year"), Permission.DECISION_READ, ("board.approved",)),
            Page("board.board", _l("Members"), Permission.BOARD_READ, OF_MEMBERS),
        ),
    ),
    Area(
        _l("Contributions"),
        (
            Page("finance.contributions", _l("By donor and period"), Permission.BOOKS_READ),
            Page("finance.unattributed", _l("Not attributed"), Permission.BOOKS_READ, ("finance.attribution",)),
            Page("donors.donors", _l("Donors"), Permission.DONOR_READ, OF_A_DONOR),
            Page("donors.pledges", _l("Pledges"), Permission.DONOR_READ, OF_A_PLEDGE),
            Page("donors.appeals", _l("Requests"), Permission.DONOR_READ, ("donors.appeal", "donors.new_appeal")),
            Page("finance.receipts", _l("Receipts"), Permission.DONOR_READ, OF_A_RECEIPT),
            Page("finance.bank", _l("Bank statements"), Permission.DONOR_READ, OF_A_BANK),
            Page("finance.ageing", _l("Unpaid instalments"), Permission.DONOR_READ, ("finance.remind",)),
            Page("finance.pledge_changes", _l("Reductions and refunds"), Permission.DONOR_READ, OF_A_CHANGE),
            Page("finance.rates", _l("Rates of exchange"), Permission.BOOKS_READ, ("finance.rates_import",)),
        ),
    ),
    Area(
        _l("Spending"),
        (
            Page("finance.projects", _l("Projects and their money"), Permission.SPENDING_READ, OF_A_PROJECT),
            Page("finance.commitments", _l("Commitments"), Permission.SPENDING_READ, OF_A_COMMITMENT),
            Page("finance.extracts", _l("Extracts"), Permission.SPENDING_READ, OF_AN_EXTRACT),
            Page("finance.manual", _l("Entries by hand"), Permission.BOOKS_READ, OF_A_MANUAL_ENTRY),
            Page("finance.support_costs", _l("Support costs"), Permission.SPENDING_READ),
            Page("reports.budget", _l("Budget against actual"), Permission.SPENDING_READ),
            Page("reports.commitments", _l("Commitments outstanding"), Permission.SPENDING_READ),
            Page("reports.available", _l("Available to commit"), Permission.BOOKS_READ),
        ),
    ),
    Area(
        _l("Finance"),
        (
            Page("finance.statement", _l("Income and expenditure"), Permission.BOOKS_READ),
            Page("reports.compared", _l("With the period before"), Permission.BOOKS_READ),
            Page("reports.balance", _l("Changes in balance"), Permission.BOOKS_READ),
            Page("reports.receivables", _l("Receivable, by age"), Permission.DONOR_READ),
            Page("reports.trial", _l("Trial balance"), Permission.BOOKS_READ, ("finance.account_card",)),
            Page("finance.entries", _l("Entries"), Permission.BOOKS_READ, ("finance.entry_page",)),
            Page("finance.periods", _l("Periods"), Permission.BOOKS_READ, ("finance.period_page",)),
            Page("finance.certificates", _l("Certified statements"), Permission.BOOKS_READ, OF_A_CERTIFICATE),
            Page("finance.years", _l("Years"), Permission.BOOKS_READ),
            Page("finance.published", _l("Printed documents"), Permission.PUBLISHED_READ, ("finance.document",)),
            Page("finance.tie_out", _l("Tie-out"), Permission.BOOKS_READ, ("finance.annotate",)),
            Page("reports.audit_pack", _l("Auditor's pack"), Permission.AUDIT_PACK),
        ),
    ),
    Area(
        _l("Recommendations"),
        (
            Page("recommendations.register", _l("Register"), Permission.RECOMMENDATION_READ, REGISTER),
            Page("recommendations.states", _l("States"), Permission.RECOMMENDATION_READ, OF_A_STATE),
            Page("recommendations.calendar", _l("Calendar"), Permission.RECOMMENDATION_READ),
            Page("recommendations.imports", _l("Imports"), Permission.RECOMMENDATION_IMPORT, IMPORTS),
            Page("recommendations.duplicates", _l("Duplicates"), Permission.RECOMMENDATION_JOIN),
        ),
    ),
    Area(
        _l("Administration"),
        (
            Page(
                "access.people",
                _l("People"),
                Permission.PERSON_READ,
                ("access.person", "access.invite", "access.give_role"),
            ),
            Page("access.offices", _l("Offices"), Permission.PERSON_READ),
            Page("web.terms", _l("Terms to check"), Permission.PERSON_READ),
            Page("access.trail", _l("Trail"), Permission.TRAIL_READ, ("access.trace", "access.trail_check")),
        ),
    ),
)
OWN = (Page("access.account", _l("Settings and sign-in"), Permission.SIGNED_IN),)
FOOTER = (
    Page("web.help", _l("Help"), Permission.ANYONE),
    Page("web.accessibility", _l("Accessibility"), Permission.ANYONE),
    Page("access.outbox", _l("Outbox"), Permission.DEMONSTRATION),
    Page("publishing.open_data", _l("Open data"), Permission.ANYONE),
)
