"""What a movement may pay, and what speaks for and against it."""

from __future__ import annotations

from datetime import date

from fundapp.finance.rules.bank import Movement
from fundapp.finance.rules.matching import Match, Open, Strength, matches, names_of
from fundapp.kernel.money import Money
from fundapp.kernel.text import fold

FIRST, SECOND = date(2020, 6, 30), date(2020, 12, 31)
SWISS = ("200615", "C60000,00", "AGR 2020-001", "/ORDP/NAME/SWITZERLAND/REMI/VOLUNTARY FUND")


# ------------------------------------------------------------------------------------------- what it may pay, pure

NAMES = names_of(
    [
        (1, fold("Switzerland")), (1, fold("Schweizerische Eidgenossenschaft")), (2, fold("France")),
        (3, fold("Guinea")), (None, fold("Equatorial Guinea")), (4, "瑞士联邦"), (5, "uk"),
    ]
)  # fmt: skip


def an_open(key: int = 10, minor: int = 60_000_00, *, donor: int = 1, pledge: str = "2020-001", number: int = 1,
            reference: str = "AGR 77/2020", due: date = FIRST, currency: str = "CHF") -> Open:  # fmt: skip
    return Open(key, number, pledge, reference, donor, Money(minor, currency), due)


def found(text: str, *opens: Open, minor: int = 60_000_00, on: date = date(2020, 6, 25)) -> list[Match]:
    return matches(Movement(on, minor, "", "", text), "CHF", opens, NAMES)


def codes(match: Match) -> set[str]:
    return {reason.code for reason in match.reasons}


def test_amount_reference_name_and_day_together_settle_it_and_each_is_said() -> None:
    [one] = found("Agr-77/2020 SWITZERLAND", an_open())
    assert one.strength is Strength.STRONG
    assert codes(one) == {"match.reference", "match.donor", "match.amount", "match.before"}
    assert one.choice == "10:6000000"


def test_another_donor_in_the_text_speaks_against_it() -> None:
    assert found("FRANCE", an_open()) == []
    first, second = found("FRANCE, AGR 77/2020", an_open(), an_open(11, donor=2, pledge="2020-002", reference=""))
    assert (first.donor, second.donor) == (2, 1)
    assert "match.other-donor" in codes(second)


def test_a_longer_name_is_not_the_shorter_one_within_it() -> None:
    guinea = an_open(donor=3, reference="")
    [one] = found("REPUBLIC OF EQUATORIAL GUINEA", guinea)
    assert "match.donor" not in codes(one)
    [one] = found("MINISTRY OF FINANCE GUINEA", guinea)
    assert "match.donor" in codes(one)
    assert NAMES.named("guineas") == {}


def test_names_without_blanks_between_words_and_spellings_with_accents_are_found() -> None:
    assert NAMES.named("付款人瑞士联邦财政部") == {4: fold("瑞士联邦")}
    assert NAMES.named("SCHWEIZERISCHE  EIDGENOSSENSCHAFT, Bern") == {1: "schweizerische eidgenossenschaft"}
    assert NAMES.named("uk aid") == {}


def test_a_part_too_much_and_charges_are_told_apart() -> None:
    for minor, code in ((30_000_00, "match.part"), (59_990_00, "match.charges"), (70_000_00, "match.over")):
        [one] = found("SWITZERLAND", an_open(), minor=minor)
        assert code in codes(one)
        assert one.minor == min(minor, 60_000_00)


def test_instalments_of_one_pledge_that_come_to_the_amount_are_proposed_together() -> None:
    parts = [an_open(10, 40_000_00), an_open(11, 20_000_00, number=2, due=SECOND), an_open(12, 5_00, number=3)]
    first = found("SWITZERLAND", *parts[:2])[0]
    assert first.choice == "10:4000000+11:2000000"
    assert "match.amounts" in codes(first)


def test_what_is_more_than_the_first_instalment_goes_on_to_the_next() -> None:
    parts = [an_open(10, 40_000_00), an_open(11, 40_000_00, number=2, due=SECOND)]
    first = found("SWITZERLAND AGR 77/2020", *parts)[0]
    assert first.choice == "10:4000000+11:2000000"
    assert "match.part" in codes(first)


def test_nothing_is_proposed_for_what_was_paid_out_or_is_in_another_currency() -> None:
    assert found("SWITZERLAND AGR 77/2020", an_open(), minor=-60_000_00) == []
    assert found("SWITZERLAND AGR 77/2020", an_open(currency="EUR")) == []
    assert found("NOBODY", an_open(due=date(2019, 1, 1)), minor=1_00) == []
