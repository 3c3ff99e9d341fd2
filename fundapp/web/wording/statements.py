"""Sentences about statements, accounts and the auditor's pack."""

from fundapp.web.wording.marked import marked as _l

STATEMENTS = {
    "address.no-project": _l("There is no project account %(project)s."),
    "address.no-account": _l("The books have no account %(account)s."),
    "audit.closed": _l(
        "An interest keeps you from part of the spending of this fund; the auditor’s pack holds all of it. Ask somebody else to make it."
    ),
    "audit.year": _l("The books of %(fund)s have no entry in %(year)s."),
}
