"""What periods, points of their checklists and certified statements are called on screen."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from fundapp.finance.models import CertificateStage, StatementKind
from fundapp.finance.rules.closing import Move, Point
from fundapp.ledger.models import PeriodStage

STAGES: dict[PeriodStage, LazyString] = {
    PeriodStage.OPEN: _l("open"),
    PeriodStage.CLOSING: _l("closing"),
    PeriodStage.CLOSED: _l("closed"),
}
POINTS: dict[Point, LazyString] = {
    Point.IMPORTS: _l("Imports complete"),
    Point.MATCHES: _l("Matches done"),
    Point.SUPPORT_COSTS: _l("Support costs run"),
    Point.COMMITMENTS: _l("Commitments reviewed"),
    Point.TIE_OUT: _l("Tie-out explained"),
}
MOVES: dict[Move, LazyString] = {
    Move.BEGUN: _l("Closing began"),
    Move.STOPPED: _l("Closing was left off"),
    Move.CLOSED: _l("Closed"),
    Move.OPENED: _l("Opened again"),
}
KINDS: dict[StatementKind, LazyString] = {
    StatementKind.INCOME: _l("Income and expenditure"),
    StatementKind.CONTRIBUTIONS: _l("Contributions by donor and period"),
    StatementKind.BALANCE: _l("Changes in balance"),
    StatementKind.BUDGET: _l("Budget against actual"),
    StatementKind.COMMITMENTS: _l("Commitments outstanding"),
    StatementKind.RECEIVABLES: _l("Receivable, by age"),
    StatementKind.AVAILABLE: _l("Available to commit"),
}
CERTIFICATE_STAGES: dict[CertificateStage, LazyString] = {
    CertificateStage.PREPARED: _l("Prepared, not yet looked through"),
    CertificateStage.REVIEWED: _l("Looked through"),
    CertificateStage.CERTIFIED: _l("Certified"),
    CertificateStage.WITHDRAWN: _l("Withdrawn"),
}
