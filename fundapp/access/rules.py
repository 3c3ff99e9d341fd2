"""Of what the policy is made: roles, those who hold them, and rules asked of an actor and a subject. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any, Protocol


class Role(StrEnum):
    """What a person is to a fund; field officers and heads of office are so for an office."""

    FIELD_OFFICER = "field-officer"
    HEAD_OF_OFFICE = "head-of-office"
    DESK_OFFICER = "desk-officer"
    REVIEWER = "reviewer"
    SECRETARY = "secretary"
    TRUSTEE = "trustee"
    APPROVING_OFFICER = "approving-officer"
    FINANCE_OFFICER = "finance-officer"
    CERTIFYING_OFFICER = "certifying-officer"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class Held(Protocol):
    """A role that someone holds: in one fund or all of them, for one office or all."""

    @property
    def role(self) -> Role: ...
    @property
    def fund_id(self) -> int | None: ...
    @property
    def office_id(self) -> int | None: ...


class Actor(Protocol):
    """Someone who acts: a person, or the command line."""

    @property
    def id(self) -> int: ...
    @property
    def grants(self) -> Sequence[Held]: ...


Rule = Callable[[Actor, Any], bool]
Way = tuple[Rule, ...]


def holds(*roles: Role) -> Rule:
    """One of the roles, in the subject's fund, or in one of its funds, and for its office; where the subject names none
    of these, anywhere."""

    def rule(actor: Actor, subject: Any) -> bool:
        fund, office = getattr(subject, "fund_id", None), getattr(subject, "office_id", None)
        several = getattr(subject, "fund_ids", None)
        return any(
            held.role in roles
            and (fund is None or held.fund_id in (None, fund))
            and (several is None or held.fund_id is None or held.fund_id in several)
            and (office is None or held.office_id in (None, office))
            for held in actor.grants
        )

    return rule


def holds_for_it(*roles: Role) -> Rule:
    """One of the roles in the very fund that is given away; for all funds, only a role held in all of them."""

    def rule(actor: Actor, subject: Any) -> bool:
        if not hasattr(subject, "fund_id"):
            return any(held.role in roles for held in actor.grants)
        return any(held.role in roles and held.fund_id in (None, subject.fund_id) for held in actor.grants)

    return rule


def holds_everywhere(*roles: Role) -> Rule:
    """One of the roles in all funds: what it is asked for does not stop at one."""

    def rule(actor: Actor, subject: Any) -> bool:
        return any(held.role in roles and held.fund_id is None for held in actor.grants)

    return rule


def anyone(actor: Actor, subject: Any) -> bool:
    """Everybody, signed in or not."""
    return True


def is_known(actor: Actor, subject: Any) -> bool:
    """Somebody signed in."""
    return actor.id > 0


def is_the_subject(actor: Actor, subject: Any) -> bool:
    """The person it is about."""
    return bool(subject is not None and actor.id == subject.id)


def is_the_console(actor: Actor, subject: Any) -> bool:
    """The command line: whoever can run it can read the database file anyway."""
    return actor.id == 0


def not_the_subject(actor: Actor, subject: Any) -> bool:
    """Anybody but the person it is about."""
    return not is_the_subject(actor, subject)


def is_the_author(actor: Actor, subject: Any) -> bool:
    """The one who wrote it down."""
    return str(actor) == getattr(subject, "by", None)


def is_the_owner(actor: Actor, subject: Any) -> bool:
    """Whose own it is; of what nobody owns, anybody."""
    return getattr(subject, "person_id", None) in (None, actor.id)


def is_theirs(actor: Actor, subject: Any) -> bool:
    """Whose very own it is; of what nobody owns, nobody; of a fund, no more than the role."""
    return subject is None or not hasattr(subject, "person_id") or (actor.id > 0 and subject.person_id == actor.id)


def not_the_preparer(actor: Actor, subject: Any) -> bool:
    """Four eyes: anybody but the one who prepared it."""
    return bool(actor.id != getattr(subject, "prepared_by_id", None))


def is_opened_to(actor: Actor, subject: Any) -> bool:
    """What was opened to this very person, as a proposal is to its reviewers; of a subject that is opened to nobody by
    name, no more than the role."""
    opened = getattr(subject, "opened_to", None)
    return opened is None or actor.id in opened


def kept_from_nothing(actor: Actor, subject: Any) -> bool:
    """Whoever no interest keeps from anything."""
    return not getattr(actor, "closed_names", frozenset())


def is_handed_in(actor: Actor, subject: Any) -> bool:
    """What its office has handed in: before that, nobody beyond the office knows of it."""
    return bool(getattr(subject, "handed_in", True))


def not_the_reviewer(actor: Actor, subject: Any) -> bool:
    """Six eyes: anybody but the one who looked it through."""
    return bool(actor.id != getattr(subject, "reviewed_by_id", None))
