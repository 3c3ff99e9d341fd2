"""Pages that are looked at in a browser: who opens them, and where. Everyone adds theirs; `None` has not signed in."""

from __future__ import annotations

ADDRESSES: list[tuple[str | None, str]] = [
    (None, "/login"),
    (None, "/help"),
    (None, "/accessibility"),
    (None, "/no-such-page"),
    ("finance-officer", "/UPR/"),
    ("certifying-officer", "/UPR/"),
    ("secretary", "/UPR/"),
    ("trustee", "/UPR/"),
    ("auditor", "/UPR/"),
    ("administrator", "/UPR/"),
    ("field-officer", "/UPR/"),
    ("field-officer", "/no-such-page"),
]
