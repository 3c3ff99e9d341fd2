"""Tables as they were printed: an immutable copy, cell by cell, and what people say about them."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from fundapp.kernel.base import Base, Entity
from fundapp.kernel.work import OWN_TRAIL


class PublishedDocument(Entity):
    """A document that printed the fund's tables; `digest` is of its cells, `booked` says that it opened the books."""

    __tablename__ = "published_document"
    fund_id: Mapped[int] = mapped_column(sa.ForeignKey("fund.id"))
    symbol: Mapped[str] = mapped_column(sa.String(60))
    first: Mapped[date]
    last: Mapped[date]
    digest: Mapped[str] = mapped_column(sa.String(64))
    loaded_at: Mapped[datetime]
    booked: Mapped[bool]
    __table_args__ = (sa.UniqueConstraint("fund_id", "symbol"),)


class PublishedCell(Base):
    """One cell as it was printed. part: table1, table2 or stated; row counts the file's lines, the heading is 1."""

    __tablename__ = "published_cell"
    document_id: Mapped[int] = mapped_column(sa.ForeignKey("published_document.id"), primary_key=True)
    part: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    row: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    heading: Mapped[str] = mapped_column(sa.String(80))
    text: Mapped[str] = mapped_column(sa.Text)
    line: Mapped[str | None] = mapped_column(sa.String(20))  # of a figure of Table 1: its line, …
    cents: Mapped[int | None]  # … what it comes to, …
    places: Mapped[int | None]  # … and how many decimals it was printed with


class Annotation(Entity):
    """What a person says of a difference; it stands beside the figure and corrects nothing.

    subject: the id of a check ("table2-total") or a row of the tie-out ("2020-ROU").
    """

    __tablename__ = "annotation"
    document_id: Mapped[int] = mapped_column(sa.ForeignKey("published_document.id"), index=True)
    subject: Mapped[str] = mapped_column(sa.String(60))
    text: Mapped[str] = mapped_column(sa.Text)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[datetime]


OWN_TRAIL |= {"published_cell"}
