"""Tables of calls for proposals. Moments are UTC; the zone beside them is the one in which they were said.

What applicants rely on is fixed when a call is opened: its criteria are then copied, and never change. Extensions,
exceptions and corrections are only ever added; the database refuses anything else.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from fundapp.kernel.base import Entity, SixNames
from fundapp.kernel.languages import LANGUAGES
from fundapp.reference.rules import Group

BY = sa.String(255)
ZONE = sa.String(60)


class Call(Entity, SixNames):
    """A call for proposals of a fund; its name is its title, empty in the languages that have none. Amounts are cents
    of United States dollars. `prepared_by_id` is whoever worked on the draft last: somebody else opens it."""

    __tablename__ = "call"
    fund_id: Mapped[int] = mapped_column(sa.ForeignKey("fund.id"))
    code: Mapped[str] = mapped_column(sa.String(10))
    guidance_ar: Mapped[str] = mapped_column(sa.Text)
    guidance_zh: Mapped[str] = mapped_column(sa.Text)
    guidance_en: Mapped[str] = mapped_column(sa.Text)
    guidance_fr: Mapped[str] = mapped_column(sa.Text)
    guidance_ru: Mapped[str] = mapped_column(sa.Text)
    guidance_es: Mapped[str] = mapped_column(sa.Text)
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]  # as it was opened; an extension makes it later
    zone: Mapped[str] = mapped_column(ZONE)
    standing: Mapped[bool]  # it has no close
    envelope_cents: Mapped[int | None]  # for all proposals together
    floor_cents: Mapped[int | None]  # the least that one may ask for
    ceiling_cents: Mapped[int | None]  # the most
    prepared_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    prepared_by: Mapped[str] = mapped_column(BY)
    prepared_at: Mapped[datetime]
    opened_by: Mapped[str | None] = mapped_column(BY)
    opened_at: Mapped[datetime | None]
    cancelled_by: Mapped[str | None] = mapped_column(BY)
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str] = mapped_column(sa.Text)
    version: Mapped[int] = mapped_column()
    __table_args__ = (sa.UniqueConstraint("fund_id", "code"),)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - as SQLAlchemy asks for it

    @property
    def guidance(self) -> dict[str, str]:
        """Language -> what applicants are told."""
        return {language: str(getattr(self, f"guidance_{language}")) for language in LANGUAGES}


class CallArea(Entity):
    """A focus area of the fund that a call is for."""

    __tablename__ = "call_area"
    call_id: Mapped[int] = mapped_column(sa.ForeignKey("call.id"))
    area_id: Mapped[int] = mapped_column(sa.ForeignKey("focus_area.id"))
    __table_args__ = (sa.UniqueConstraint("call_id", "area_id"),)


class CallPlace(Entity):
    """A State, a regional group or a region that a call is for; a call without any is for every State."""

    __tablename__ = "call_place"
    call_id: Mapped[int] = mapped_column(sa.ForeignKey("call.id"), index=True)
    state: Mapped[str | None] = mapped_column(sa.String(3), sa.ForeignKey("country.code"))
    regional_group: Mapped[Group | None] = mapped_column(sa.ForeignKey("regional_group.code"))
    region: Mapped[str | None] = mapped_column(sa.String(3), sa.ForeignKey("region.code"))
    __table_args__ = (
        sa.CheckConstraint(
            "(state is not null and regional_group is null and region is null)"
            " or (state is null and regional_group is not null and region is null)"
            " or (state is null and regional_group is null and region is not null)",
            name="one_place",
        ),
    )


class CallCriterion(Entity, SixNames):
    """A criterion and its weight as they were when the call was opened: the fund's may change, these do not."""

    __tablename__ = "call_criterion"
    call_id: Mapped[int] = mapped_column(sa.ForeignKey("call.id"))
    position: Mapped[int]
    code: Mapped[str] = mapped_column(sa.String(40))
    weight: Mapped[int]
    __table_args__ = (sa.UniqueConstraint("call_id", "code"),)


class CallScale(Entity):
    """How a criterion of a call is scored, fixed with it: the question, the whole steps from lowest to highest, whether
    it may be scored "not applicable", the mean under which a proposal is marked; `edition` of the fund's criteria."""

    __tablename__ = "call_scale"
    criterion_id: Mapped[int] = mapped_column(sa.ForeignKey("call_criterion.id"))
    edition: Mapped[int]
    question_ar: Mapped[str] = mapped_column(sa.Text)
    question_zh: Mapped[str] = mapped_column(sa.Text)
    question_en: Mapped[str] = mapped_column(sa.Text)
    question_fr: Mapped[str] = mapped_column(sa.Text)
    question_ru: Mapped[str] = mapped_column(sa.Text)
    question_es: Mapped[str] = mapped_column(sa.Text)
    lowest: Mapped[int]
    highest: Mapped[int]
    may_skip: Mapped[bool]
    threshold: Mapped[Decimal | None]
    __table_args__ = (sa.UniqueConstraint("criterion_id"),)

    @property
    def question(self) -> dict[str, str]:
        """Language -> what is asked of a proposal."""
        return {language: str(getattr(self, f"question_{language}")) for language in LANGUAGES}


class CallAnchor(Entity, SixNames):
    """What a step of the scale stands for, fixed with it."""

    __tablename__ = "call_anchor"
    criterion_id: Mapped[int] = mapped_column(sa.ForeignKey("call_criterion.id"))
    step: Mapped[int]
    __table_args__ = (sa.UniqueConstraint("criterion_id", "step"),)


class CallDocument(Entity, SixNames):
    """A document that a proposal comes with: required, or asked for where there is one."""

    __tablename__ = "call_document"
    call_id: Mapped[int] = mapped_column(sa.ForeignKey("call.id"))
    position: Mapped[int]
    code: Mapped[str] = mapped_column(sa.String(40))
    required: Mapped[bool]
    __table_args__ = (sa.UniqueConstraint("call_id", "code"),)


class CallQuestion(Entity, SixNames):
    """A question that a proposal answers in at most so many words; its name is the question itself."""

    __tablename__ = "call_question"
    call_id: Mapped[int] = mapped_column(sa.ForeignKey("call.id"))
    position: Mapped[int]
    code: Mapped[str] = mapped_column(sa.String(40))
    required: Mapped[bool]
    word_limit: Mapped[int]
    __table_args__ = (sa.UniqueConstraint("call_id", "code"),)


class CallExtension(Entity):
    """A later close, and why; never changed and never taken back."""

    __tablename__ = "call_extension"
    call_id: Mapped[int] = mapped_column(sa.ForeignKey("call.id"), index=True)
    closes_at: Mapped[datetime]
    zone: Mapped[str] = mapped_column(ZONE)
    reason: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(BY)


class CallException(Entity):
    """An office that may submit although the call is closed, until when, and why; never changed."""

    __tablename__ = "call_exception"
    call_id: Mapped[int] = mapped_column(sa.ForeignKey("call.id"), index=True)
    office_id: Mapped[int] = mapped_column(sa.ForeignKey("office.id"))
    until: Mapped[datetime]
    zone: Mapped[str] = mapped_column(ZONE)
    reason: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(BY)


class CallCorrection(Entity):
    """That the guidance of an open call was corrected, and why; the record has both texts."""

    __tablename__ = "call_correction"
    call_id: Mapped[int] = mapped_column(sa.ForeignKey("call.id"), index=True)
    languages: Mapped[str] = mapped_column(sa.String(20))  # "fr,es": in which it was
    reason: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(BY)
