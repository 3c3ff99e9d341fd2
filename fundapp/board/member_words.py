"""Terms in words."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

TERMS: dict[int, LazyString] = {
    1: _l("first term"),
    2: _l("second term"),
    3: _l("third term"),
    4: _l("fourth term"),
    5: _l("fifth term"),
}
