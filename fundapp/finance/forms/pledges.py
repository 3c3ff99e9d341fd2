"""What people write of pledges, of their papers and of requests; and what lists of these are narrowed to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form, SelectField, StringField, TextAreaField

from fundapp.board.forms.members import NEVER, plain
from fundapp.contributions.models import Answered, Appeal, Earmark, Pledge, PledgeStage
from fundapp.contributions.queries.earmarks import Earmarks
from fundapp.contributions.queries.pledges import APPEAL_SORTS, NEWEST, SORTS, AppealsWanted, PledgesWanted
from fundapp.contributions.rules.pledges import MOST_INSTALMENTS, GivenPledge, Part
from fundapp.contributions.rules.register import GivenAppeal
from fundapp.finance.donor_words import ANSWERS, EARMARKS, PAPERS, PLEDGE_KINDS, PLEDGE_STAGES
from fundapp.finance.forms.donors import languages, search
from fundapp.kernel.errors import Fault
from fundapp.kernel.languages import decimal_mark
from fundapp.kernel.money import MoreDecimals, decimal_text, exponent, parse_typed, seen
from fundapp.proposals.forms.calls import DAY_HINT, ReasonForm, Versioned, choices, lines, typed_day, typed_line, whole
from fundapp.proposals.forms.documents import FileForm

OFFERED, FURTHER = 3, 6  # rows of instalments that are offered at first, and further ones that are asked for
DOLLARS = "USD"
OF_A_KIND = (Earmark.THEME, Earmark.REGION, Earmark.COUNTRY, Earmark.PROJECT)


def amount_of(text: str | None, currency: str, field: str, tongue: str, faults: list[Fault]) -> int | None:
    """Minor units of an amount that was typed; what is none goes to the faults, None where nothing was."""
    bare = (text or "").strip()
    try:
        return parse_typed(bare, exponent(currency), decimal_mark(tongue)) if bare else None
    except MoreDecimals:
        values = {"text": bare[:40], "currency": currency[:10], "places": exponent(currency)}
        faults.append(Fault("pledge.decimals", values, field=field))
    except ValueError:
        faults.append(Fault("call.no-amount", {"text": bare[:40]}, field=field))
    return None


def needed(text: str | None, field: str, faults: list[Fault]) -> date:
    """A day that must be said."""
    known = len(faults)
    found = typed_day(text, field, faults)
    if found is None and len(faults) == known:
        faults.append(Fault("board.no-day", field=field))
    return found or NEVER


def code_of(text: str | None) -> str:
    """A currency as it was typed or chosen."""
    return plain(text).upper()[:10]


class PledgeForm(Versioned):
    """A pledge or an agreement, as a draft."""

    donor = SelectField(_l("Donor"), validate_choice=False)
    kind = SelectField(_l("What it is"), validate_choice=False)
    reference = StringField(
        _l("Reference"),
        description=_l("By which the donor or its bank names it: the number of a note verbale or an agreement."),
    )
    currency = SelectField(_l("Currency"), validate_choice=False)
    amount = StringField(_l("Amount"), description=_l("What is promised in all, like 50 000.00"))
    announced_on = StringField(_l("Announced or signed on"), description=DAY_HINT)
    binds_on = StringField(
        _l("Binds from"), description=_l("Where it is agreed already: the day on which it becomes income.")
    )
    ends_on = StringField(_l("Ends on"), description=_l("Where the agreement says so."))
    earmark = SelectField(_l("Given for"), validate_choice=False)
    theme = SelectField(_l("Focus area"), validate_choice=False)
    region = SelectField(_l("Region"), validate_choice=False)
    country = SelectField(_l("Country"), validate_choice=False)
    project = SelectField(_l("Project"), validate_choice=False)
    conditions = TextAreaField(_l("Conditions"), description=_l("What the donor asks for before or while it pays."))
    rate = StringField(
        _l("Support-cost rate, per cent"),
        description=_l("Only where the agreement has one of its own; otherwise the rate of the fund holds."),
    )
    reporting = TextAreaField(_l("Reporting duties"), description=_l("What the donor is to be told, and when."))
    report_due_on = StringField(_l("Next report is due on"))
    language = SelectField(_l("The donor is written to in"), validate_choice=False)

    def offer(
        self, donors: Iterable[tuple[int, str]], currencies: Iterable[str], found: Earmarks
    ) -> PledgeForm:  # fmt: skip
        """Fill in what can be chosen."""
        self.donor.choices = choices(donors, _("Choose"))
        self.kind.choices = choices((kind.value, label) for kind, label in PLEDGE_KINDS.items())
        self.currency.choices = choices(((code, code) for code in currencies), _("Choose"))
        self.earmark.choices = choices((one.value, label) for one, label in EARMARKS.items())
        for one in OF_A_KIND:
            named = found.of.get(one, [])
            labels = [(code, f"{code} {name}") for code, name in named] if one is Earmark.PROJECT else named
            self[one.value].choices = choices(labels, _("None"))
        self.language.choices = choices(languages())
        return self

    @property
    def rows(self) -> list[tuple[Any, Any]]:
        """The rows of instalments that are offered: those that were filled, and some more."""
        filled = max((number for number in range(1, MOST_INSTALMENTS + 1) if any(self._row(number))), default=0)
        asked = FURTHER if self.more else 1 if filled else OFFERED
        return [(self[f"amount_{n}"], self[f"due_{n}"]) for n in range(1, min(filled + asked, MOST_INSTALMENTS) + 1)]

    @property
    def more(self) -> bool:
        """Whether further rows were asked for, and nothing else."""
        return request.method == "POST" and "more" in request.form

    def _row(self, number: int) -> tuple[str, str]:
        return (self[f"amount_{number}"].data or "").strip(), (self[f"due_{number}"].data or "").strip()

    def _closed_up(self) -> int:
        """Move what was typed up over empty rows, and say how many there are."""
        typed = [row for number in range(1, MOST_INSTALMENTS + 1) if any(row := self._row(number))]
        for number in range(1, MOST_INSTALMENTS + 1):
            amount, due = typed[number - 1] if number <= len(typed) else ("", "")
            self[f"amount_{number}"].data, self[f"due_{number}"].data = amount, due
        return len(typed)

    def said(self, faults: list[Fault], tongue: str) -> GivenPledge:
        """What was typed; what means nothing goes to the faults. tongue: the language that amounts are typed in."""
        currency, earmark = code_of(self.currency.data), self.earmark.data or ""
        known = len(faults)
        minor = amount_of(self.amount.data, currency, "amount", tongue, faults)
        if minor is None and len(faults) == known:
            faults.append(Fault("pledge.amount", field="amount"))
        days = {name: typed_day(self[name].data, name, faults) for name in ("binds_on", "ends_on", "report_due_on")}
        return GivenPledge(
            donor=whole(self.donor.data),
            kind=self.kind.data or "",
            reference=typed_line(self.reference.data),
            currency=currency,
            minor=minor or 0,
            announced_on=needed(self.announced_on.data, "announced_on", faults),
            parts=self._parts(currency, minor or 0, tongue, faults),
            earmark=earmark,
            earmarked_for=(self[earmark].data or "") if earmark in OF_A_KIND else "",
            conditions=lines(self.conditions.data),
            support_cost_rate=self._rate(tongue, faults),
            reporting=lines(self.reporting.data),
            language=self.language.data or "",
            **days,
        )

    def _parts(self, currency: str, minor: int, tongue: str, faults: list[Fault]) -> tuple[Part, ...]:
        """The instalments; the one whose amount is left open takes what is left."""
        read, open_ones = list[tuple[int, date]](), list[int]()
        for number in range(1, self._closed_up() + 1):
            amount, known = f"amount_{number}", len(faults)
            found = amount_of(self[amount].data, currency, amount, tongue, faults)
            if found is None and len(faults) == known:
                open_ones.append(number)
            read.append((found or 0, needed(self[f"due_{number}"].data, f"due_{number}", faults)))
        if len(open_ones) > 1:
            faults.append(Fault("pledge.open-twice", field=f"amount_{open_ones[1]}"))
        left = minor - sum(found for found, _due in read)
        return tuple(Part(left if number in open_ones else found, due) for number, (found, due) in enumerate(read, 1))

    def _rate(self, tongue: str, faults: list[Fault]) -> Decimal | None:
        bare = (self.rate.data or "").strip().removesuffix("%").strip()
        try:
            return Decimal(parse_typed(bare, mark=decimal_mark(tongue))).scaleb(-4) if bare else None
        except ValueError:
            faults.append(Fault("pledge.rate", field="rate"))
            return None

    def fill(self, known: Pledge) -> None:
        """Show a draft as it is."""
        places = exponent(known.currency)
        for name in ("reference", "currency", "conditions", "reporting", "language"):
            self[name].data = getattr(known, name)
        for name in ("announced_on", "binds_on", "ends_on", "report_due_on"):
            day = getattr(known, name)
            self[name].data = day.isoformat() if day else ""
        self.donor.data, self.kind.data, self.earmark.data = str(known.donor_id), known.kind.value, known.earmark.value
        if known.earmark in OF_A_KIND:
            self[known.earmark.value].data = known.earmarked_for
        self.amount.data = decimal_text(known.minor, places)
        rate = known.support_cost_rate
        self.rate.data = "" if rate is None else f"{(rate * 100).normalize():f}"
        for part in known.instalments:
            self[f"amount_{part.number}"].data = decimal_text(part.minor, places)
            self[f"due_{part.number}"].data = part.due_on.isoformat()
        self.version.data = str(known.version)


for _number in range(1, MOST_INSTALMENTS + 1):
    setattr(PledgeForm, f"amount_{_number}", StringField(_l("Amount of instalment %(number)s", number=_number)))
    setattr(PledgeForm, f"due_{_number}", StringField(_l("Instalment %(number)s is due on", number=_number)))


class CancelForm(ReasonForm):
    """Why a draft is left."""

    reason = TextAreaField(_l("Reason"), description=_l("It stays on record with the draft."))


class PaperForm(FileForm):
    """A paper of a pledge."""

    kind = SelectField(_l("What it is"), validate_choice=False)

    def offer(self) -> PaperForm:
        """Fill in what can be chosen."""
        self.kind.choices = choices((kind.value, label) for kind, label in PAPERS.items())
        return self


class AppealForm(Versioned):
    """A request for a contribution."""

    donor = SelectField(_l("Donor"), validate_choice=False)
    name = StringField(_l("Name, where it is no donor yet"))
    asked_on = StringField(_l("Asked on"), description=DAY_HINT)
    purpose = TextAreaField(_l("For what"))
    currency = SelectField(_l("Currency"), validate_choice=False)
    amount = StringField(_l("Amount asked for"), description=_l("Left empty where no sum was said."))
    answer = SelectField(_l("Answer"), validate_choice=False)
    pledge = SelectField(_l("Pledge that came of it"), validate_choice=False)
    follow_up_on = StringField(_l("To be followed up on"), description=DAY_HINT)
    note = TextAreaField(_l("Note"))

    def offer(
        self, donors: Iterable[tuple[int, str]], currencies: Iterable[str], pledges: Iterable[tuple[int, str]]
    ) -> AppealForm:
        """Fill in what can be chosen."""
        self.donor.choices = choices(donors, _("No donor yet"))
        self.currency.choices = choices((code, code) for code in currencies)
        self.answer.choices = choices((one.value, label) for one, label in ANSWERS.items())
        self.pledge.choices = choices(pledges, _("None"))
        return self

    def said(self, faults: list[Fault], tongue: str) -> GivenAppeal:
        """What was typed; what means nothing goes to the faults."""
        currency = code_of(self.currency.data)
        donor, pledge = plain(self.donor.data), plain(self.pledge.data)
        return GivenAppeal(
            donor=(whole(donor) or -1) if donor else None,
            name=typed_line(self.name.data),
            asked_on=needed(self.asked_on.data, "asked_on", faults),
            purpose=lines(self.purpose.data),
            currency=currency,
            minor=amount_of(self.amount.data, currency, "amount", tongue, faults),
            answer=self.answer.data or "",
            follow_up_on=typed_day(self.follow_up_on.data, "follow_up_on", faults),
            note=lines(self.note.data),
            pledge=(whole(pledge) or -1) if pledge else None,
        )

    def fill(self, known: Appeal) -> None:
        """Show a request as it is."""
        for name in ("name", "purpose", "currency", "note"):
            self[name].data = getattr(known, name)
        self.donor.data, self.pledge.data = str(known.donor_id or ""), str(known.pledge_id or "")
        self.asked_on.data, self.answer.data = known.asked_on.isoformat(), known.answer.value
        self.follow_up_on.data = known.follow_up_on.isoformat() if known.follow_up_on else ""
        self.amount.data = "" if known.minor is None else decimal_text(known.minor, exponent(known.currency))
        self.version.data = str(known.version)


def _year(text: str | None) -> int | None:
    """A year that a list is narrowed to; one that is none fits nothing, for a wider list could mislead."""
    bare = seen(text or "").strip()
    found = whole(bare)
    return (found if 0 < found <= 9999 else 9999) if bare else None


class PledgeFilterForm(Form):
    """What the list of pledges is narrowed to."""

    q = StringField(_l("Search"))
    stage = SelectField(_l("Stage"), validate_choice=False)
    earmark = SelectField(_l("Given for"), validate_choice=False)
    currency = SelectField(_l("Currency"), validate_choice=False)
    year = StringField(_l("Year"))

    def offer(self, currencies: Iterable[str]) -> PledgeFilterForm:
        """Fill in what can be chosen."""
        self.stage.choices = choices(((one.value, label) for one, label in PLEDGE_STAGES.items()), _("Any"))
        self.earmark.choices = choices(((one.value, label) for one, label in EARMARKS.items()), _("Any"))
        self.currency.choices = choices(((code, code) for code in currencies), _("Any"))
        return self

    def wanted(self, sort: str) -> PledgesWanted:
        """The filter; what an address has that is none is as if it were not there."""
        return PledgesWanted(
            search(self.q.data),
            PledgeStage(self.stage.data) if self.stage.data in set(PledgeStage) else None,
            None,
            Earmark(self.earmark.data) if self.earmark.data in set(Earmark) else None,
            code_of(self.currency.data)[:3],
            _year(self.year.data),
            sort=sort if sort.lstrip("-") in SORTS else NEWEST,
        )

    def chips(self) -> Iterator[tuple[str, str]]:
        """The filters in force: what each says, and its name."""
        if found := search(self.q.data):
            yield found, "q"
        if self.stage.data in set(PledgeStage):
            yield str(PLEDGE_STAGES[PledgeStage(self.stage.data)]), "stage"
        if self.earmark.data in set(Earmark):
            yield str(EARMARKS[Earmark(self.earmark.data)]), "earmark"
        for name in ("currency", "year"):
            if text := plain(self[name].data)[:10]:
                yield f"{self[name].label.text}: {text}", name


class AppealFilterForm(Form):
    """What the list of requests is narrowed to."""

    q = StringField(_l("Search"))
    answer = SelectField(_l("Answer"), validate_choice=False)
    year = StringField(_l("Year"))

    def offer(self) -> AppealFilterForm:
        """Fill in what can be chosen."""
        self.answer.choices = choices(((one.value, label) for one, label in ANSWERS.items()), _("Any"))
        return self

    def wanted(self, sort: str) -> AppealsWanted:
        """The filter; what an address has that is none is as if it were not there."""
        answer = Answered(self.answer.data) if self.answer.data in set(Answered) else None
        turn = sort if sort.lstrip("-") in APPEAL_SORTS else "-asked"
        return AppealsWanted(search(self.q.data), answer, _year(self.year.data), sort=turn)

    def chips(self) -> Iterator[tuple[str, str]]:
        """The filters in force: what each says, and its name."""
        if found := search(self.q.data):
            yield found, "q"
        if self.answer.data in set(Answered):
            yield str(ANSWERS[Answered(self.answer.data)]), "answer"
        if text := plain(self.year.data)[:10]:
            yield f"{self.year.label.text}: {text}", "year"
