"""What trustees write of a proposal, and what the secretary records of the Board's advice."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, StringField, TextAreaField

from fundapp.board.advising_words import CHOICES, INTERESTS, OUTCOMES, WAYS
from fundapp.board.models import AdviceOutcome, AdviceWay, Ballot, InterestKind, VoteChoice
from fundapp.board.queries.considering import Seated
from fundapp.board.rules.advising import PAYS, Count, Said, interest_faults
from fundapp.kernel.errors import Fault, Refusal
from fundapp.kernel.money import decimal_text
from fundapp.proposals.forms.calls import Versioned, choices, lines, whole
from fundapp.proposals.rules.amounts import cents_of
from fundapp.scoring.forms.criteria import figure

REASON_HINT = _l("It stands in the record of the session.")


def _kinds(national: bool) -> list[tuple[str, str]]:
    """What can be declared; a nationality where it is that of the State."""
    found = [(one.value, label) for one, label in INTERESTS.items()]
    return [(value, str(label)) for value, label in found if national or value != InterestKind.NATIONALITY]


# ---------------------------------------------------------------------------------------------------------- interests


class DeclareForm(FlaskForm):
    """A declaration of one trustee on one proposal."""

    kind = RadioField(_l("Interest"), validate_choice=False)
    reason = TextAreaField(_l("Which interest, or why there is none"), description=REASON_HINT)
    offered: Collection[str] = ()

    def offer(self, *, national: bool, none: bool) -> DeclareForm:
        """Fill in what can be chosen; none: whether it can be declared that there is no interest."""
        found = [one for one in _kinds(national) if none or one[0] != InterestKind.NONE]
        self.kind.choices, self.offered = choices(found), {value for value, _label in found}
        if not self.is_submitted():
            self.kind.data = InterestKind.NATIONALITY.value if national else ""
        return self

    def said(self, faults: list[Fault], *, national: bool) -> tuple[InterestKind, str]:
        """What is declared; what is wrong goes to the faults."""
        reason = lines(self.reason.data)
        if self.kind.data not in self.offered:
            faults.append(Fault("declare.no-kind", field="kind"))
            return InterestKind.NONE, reason
        faults.extend(interest_faults(self.kind.data, reason, national=national))
        return InterestKind(self.kind.data), reason


def interests_form(nationals: Mapping[str, bool]) -> type[FlaskForm]:
    """The form in which a trustee declares on several proposals at once. nationals: reference -> whether it is for the
    State of their nationality, which is then proposed."""
    fields: dict[str, object] = {}
    for reference, national in nationals.items():
        fields[f"{reference}.kind"] = RadioField(
            _l("Interest"), choices=choices(_kinds(national)), validate_choice=False,
            default=InterestKind.NATIONALITY.value if national else None,
        )  # fmt: skip
        fields[f"{reference}.reason"] = TextAreaField(_l("Which interest, or why there is none"))
    return type("InterestsForm", (FlaskForm,), fields)


def declared(
    form: FlaskForm, nationals: Mapping[str, bool], faults: list[Fault]
) -> dict[str, tuple[InterestKind, str]]:  # fmt: skip
    """What a trustee declares of each proposal, those left open not; what is wrong goes to the faults."""
    found: dict[str, tuple[InterestKind, str]] = {}
    known = {one.value for one in InterestKind}
    for reference, national in nationals.items():
        kind, reason = form[f"{reference}.kind"].data or "", lines(form[f"{reference}.reason"].data)
        if kind not in known:
            if kind or reason:
                faults.append(Fault("declare.no-kind", field=f"{reference}.kind"))
            continue
        faults.extend(interest_faults(kind, reason, national=national, field=f"{reference}.reason"))
        found[reference] = (InterestKind(kind), reason)
    return found


# --------------------------------------------------------------------------------------------------- notes, questions


class TextForm(Versioned):
    """A text, and which version it was made from."""

    text = TextAreaField(_l("Text"))

    @property
    def said(self) -> str:
        """The text as it was written."""
        return lines(self.text.data)


class AskForm(FlaskForm):
    """A question to the secretariat."""

    question = TextAreaField(
        _l("Your question"), description=_l("The secretariat answers it here, for all trustees who read the proposal.")
    )

    @property
    def said(self) -> str:
        """The question as it was written."""
        return lines(self.question.data)


# -------------------------------------------------------------------------------------------------------------- votes


class OutcomeForm(FlaskForm):
    """What is advised, or moved to be."""

    outcome = RadioField(_l("Advice"), validate_choice=False)
    amount = StringField(_l("Amount, in dollars"), description=_l("With support alone: what the Board advises to pay."))

    def offer(self) -> OutcomeForm:
        """Fill in what can be chosen."""
        self.outcome.choices = choices((one.value, label) for one, label in OUTCOMES.items())
        return self

    def _chosen(self, language: str, faults: list[Fault]) -> tuple[str, int | None]:
        outcome = self.outcome.data or ""
        if outcome not in {one.value for one in AdviceOutcome}:
            faults.append(Fault("advice.no-outcome", field="outcome"))
        text, cents = self.amount.data or "", None
        try:
            cents = cents_of(text, language) if text.strip() else None
        except Refusal as refusal:
            faults.extend(Fault(one.code, one.values, field="amount") for one in refusal.faults)
            cents = 1 if outcome in PAYS else None  # some amount: that it is none is said already
        return outcome, cents


class MotionForm(OutcomeForm):
    """What is put to the vote."""

    motion = TextAreaField(
        _l("Conditions, or what else the motion says"), description=_l("The trustees read it when they vote.")
    )

    def said(self, language: str, faults: list[Fault]) -> Said:
        """What was written; what is wrong goes to the faults."""
        outcome, cents = self._chosen(language, faults)
        return Said(outcome, cents, conditions=lines(self.motion.data))


class VoteForm(FlaskForm):
    """A trustee's own vote."""

    choice = RadioField(_l("Your vote"), validate_choice=False)
    reason = TextAreaField(_l("Reason"), description=_l("It stands beside your vote, in the record of the session."))

    def offer(self) -> VoteForm:
        """Fill in what can be chosen."""
        self.choice.choices = choices((one.value, label) for one, label in CHOICES.items())
        return self

    def said(self, faults: list[Fault]) -> tuple[VoteChoice, str]:
        """What was chosen; what is wrong goes to the faults."""
        if self.choice.data in {one.value for one in VoteChoice}:
            return VoteChoice(self.choice.data), lines(self.reason.data)
        faults.append(Fault("ballot.no-choice", field="choice"))
        return VoteChoice.ABSTAIN, ""


def hands_form(seats: Iterable[Seated]) -> type[FlaskForm]:
    """The form for a show of hands: a choice for each of these trustees."""
    fields: dict[str, object] = {
        f"choice_{one.trustee}": RadioField(
            one.name, choices=choices((choice.value, label) for choice, label in CHOICES.items()), validate_choice=False
        )
        for one in seats
    }
    fields["reason"] = TextAreaField(_l("Reason of those against"))
    return type("HandsForm", (FlaskForm,), fields)


def hands(form: FlaskForm, seats: Iterable[Seated]) -> dict[int, tuple[VoteChoice, str]]:
    """What the trustees vote for whom something was chosen."""
    found: dict[int, tuple[VoteChoice, str]] = {}
    for one in seats:
        chosen = form[f"choice_{one.trustee}"].data or ""
        if chosen in {choice.value for choice in VoteChoice}:
            choice = VoteChoice(chosen)
            found[one.trustee] = (choice, lines(form["reason"].data) if choice is VoteChoice.AGAINST else "")
    return found


class CloseForm(FlaskForm):
    """That a vote is closed."""


class AdviseForm(OutcomeForm):
    """What the Board advises, and how it came to it. seen: how many advices there were when one looked."""

    seen = HiddenField()
    way = RadioField(_l("How the Board came to it"), validate_choice=False)
    reasons = TextAreaField(_l("Reasons"), description=_l("Needed where the Board defers, or does not support."))
    conditions = TextAreaField(_l("Conditions"), description=_l("With “support with conditions” alone."))
    votes_for = StringField(_l("Votes for"))
    votes_against = StringField(_l("Votes against"))
    abstained = StringField(_l("Abstentions"))
    offered: Collection[str] = ()

    def open_to(self, ways: Collection[AdviceWay], last: Ballot | None, seen: int) -> AdviseForm:
        """Fill in what can be chosen, and what was put to the vote last."""
        self.offer()
        self.way.choices, self.offered = choices((one.value, WAYS[one]) for one in WAYS if one in ways), set(ways)
        if not self.is_submitted():
            self.seen.data = str(seen)
            if last is not None:
                self.outcome.data, self.conditions.data = last.outcome.value, last.motion
                self.amount.data = decimal_text(last.amount_cents) if last.amount_cents is not None else ""
                self.way.data = next((one.value for one in ways if one is not AdviceWay.CONSENSUS), None)
        return self

    def said(self, language: str, faults: list[Fault]) -> tuple[Said, AdviceWay]:
        """What was written; what is wrong goes to the faults."""
        outcome, cents = self._chosen(language, faults)
        if self.way.data not in self.offered:
            faults.append(Fault("advice.no-way", field="way"))
        way = AdviceWay(self.way.data) if self.way.data in {one.value for one in AdviceWay} else AdviceWay.CONSENSUS
        return Said(outcome, cents, lines(self.reasons.data), lines(self.conditions.data)), way

    def counts(self, faults: list[Fault]) -> Count | None:
        """The counts that were typed; None where there are none."""
        typed = {name: figure(self[name].data) for name in ("votes_for", "votes_against", "abstained")}
        if not any(typed.values()):
            return None
        found = {}
        for name, text in typed.items():
            if text and not (text.isascii() and text.isdigit() and len(text) < 4):
                faults.append(Fault("ballot.no-number", {"text": text[:20]}, field=name))
            else:
                found[name] = int(text or 0)
        return Count(**found)

    @property
    def last_seen(self) -> int:
        """How many advices there were when one looked."""
        return whole(self.seen.data)
