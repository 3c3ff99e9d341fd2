"""Lines of budgets as tests look at them, and how to make any number of sound ones."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from fundapp.proposals.rules.budget import MONTH, TYPED, ErpClass, Line, Quarter

LINE = Line(ErpClass.CONTRACTUAL, "Translation of the plan", "day", 100_01, Decimal(3))
STAFF = Line(ErpClass.STAFF, "Programme officer", MONTH, 10_000_00, Decimal(2), grade="P-3")


def budget_line(**changed: Any) -> Line:
    """A line, otherwise as it is in most tests."""
    return Line(**({"erp_class": ErpClass.TRAVEL, "what": "Mission", "unit": "trip"} | _FIGURES | changed))


_FIGURES: dict[str, Any] = {"unit_cents": 1_500_00, "quantity": Decimal(2)}
WORDS = st.text(
    st.one_of(st.sampled_from("=+-@' \"\nabعمل预算éж,;1"), st.characters(exclude_categories=["C", "Z"])),
    min_size=1,
    max_size=12,
).map(lambda text: "\n".join(line.rstrip() for line in text.split("\n")).strip() or "x")
ONE_LINE = WORDS.map(lambda text: " ".join(text.split()))
QUARTERS = st.builds(Quarter, st.integers(2026, 2029), st.integers(1, 4))
QUANTITIES = st.integers(1, 6_000).map(lambda n: Decimal(n).scaleb(-2))


def _sound(line: Line) -> bool:
    return line.cents > 0


@st.composite
def _lines(draw: st.DrawFn) -> Line:
    kind = draw(st.sampled_from(TYPED))
    is_staff, is_grant = kind is ErpClass.STAFF, kind is ErpClass.GRANTS
    return Line(
        kind,
        draw(ONE_LINE),
        MONTH if is_staff else draw(ONE_LINE),
        draw(st.integers(1, 5_000_000)),
        draw(QUANTITIES),
        draw(st.one_of(st.just(""), ONE_LINE)),
        draw(st.one_of(st.none(), QUARTERS)),
        draw(ONE_LINE) if is_staff else "",
        draw(ONE_LINE) if is_grant else "",
    )


LINES = _lines().filter(_sound)
