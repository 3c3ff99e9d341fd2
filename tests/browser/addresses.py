"""Pages that are looked at in a browser: who opens them, and where. Everyone adds theirs; `None` has not signed in."""

from __future__ import annotations

PRINTED = "A/HRC/47/19"
ADDRESSES: list[tuple[str | None, str]] = [
    (None, "/login"),
    (None, "/reset"),
    (None, "/help"),
    (None, "/accessibility"),
    (None, "/outbox"),
    (None, "/no-such-page"),
    ("finance-officer", "/UPR/"),
    ("certifying-officer", "/UPR/"),
    ("trustee", "/UPR/"),
    ("auditor", "/UPR/"),
    ("administrator", "/UPR/"),
    ("field-officer", "/UPR/"),
    ("field-officer", "/UPR/finance/statement"),  # refused
    ("finance-officer", "/UPR/finance/statement"),
    ("auditor", "/UPR/finance/statement?from=2020-01-01&to=2020-06-30"),
    ("auditor", "/AHA/finance/statement"),
    ("finance-officer", "/UPR/finance/contributions"),
    ("finance-officer", "/UPR/finance/not-attributed"),
    ("finance-officer", "/UPR/finance/not-attributed/2020"),
    ("certifying-officer", "/UPR/finance/years"),
    ("auditor", "/UPR/finance/entries"),
    ("auditor", "/UPR/finance/entries/1"),
    ("auditor", "/UPR/finance/published"),
    ("auditor", f"/UPR/finance/published/{PRINTED}"),
    ("finance-officer", "/UPR/finance/tie-out"),
    ("finance-officer", f"/UPR/finance/annotate/2020-ROU/{PRINTED}"),
    ("administrator", "/people"),
    ("administrator", "/people?role=auditor&sort=-name"),
    ("administrator", "/people/1"),
    ("administrator", "/people/1/roles"),
    ("administrator", "/people/invite"),
    ("auditor", "/offices"),
    ("auditor", "/trail"),
    ("auditor", "/trail/1"),
    ("auditor", "/trail/check"),
    ("reviewer", "/account"),
]
