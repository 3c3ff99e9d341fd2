"""Sentences about periods, checklists and their reopening."""

from fundapp.web.wording.marked import marked as _l

CLOSING = {
    "entry.period-closed": _l("The period of that day is closed. Date it later, or ask that the period be opened again."),
    "period.none-open": _l("There is no open day for %(day)s until today. Ask that the period be opened again."),
}  # fmt: skip
