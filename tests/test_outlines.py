"""Tables as queries know them without the models are what the models say."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from fundapp.contributions import naming
from fundapp.finance import drawn
from fundapp.kernel.base import Base
from fundapp.kernel.outlines import OUTLINES
from fundapp.ledger import figures

assert all((naming, drawn, figures))  # imported for the outlines that they make


def kind(column: sa.ColumnElement[object]) -> type:
    """What a column holds, whatever the database."""
    found = column.type
    return next(base for base in (sa.Boolean, sa.Date, sa.Integer, sa.String) if isinstance(found, base))


def test_there_are_outlines() -> None:
    assert len(OUTLINES) >= 10


@pytest.mark.parametrize("outline", OUTLINES, ids=lambda outline: str(outline.name))
def test_an_outline_has_the_columns_of_its_table(outline: sa.TableClause) -> None:
    table = Base.metadata.tables[outline.name]
    for column in outline.columns:
        assert column.name in table.columns, f"{outline.name} has no {column.name}"
        assert kind(column) is kind(table.columns[column.name]), f"{outline.name}.{column.name} holds something else"
