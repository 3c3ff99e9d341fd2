"""What every statement opens and closes with."""

from __future__ import annotations

from datetime import datetime

from fundapp.finance.statements import FundFacts
from fundapp.publishing.blocks import Foot, Masthead, Note
from fundapp.publishing.words import Words

REGISTER = "REG"  # what documents of the register of recommendations are marked with


def masthead(fund: FundFacts, generated_at: datetime, words: Words, *particulars: str) -> Masthead:
    """The head of a statement: the fund, its code, when it was drawn and what standing it has."""
    drawn = words.text("Drawn on %(date)s", date=words.date(generated_at.date()))
    name, standing = words.name(fund.names, fund.code), words.text("Not certified")
    return Masthead(name, fund.code, (drawn, standing, *particulars), generated_at)


def register_masthead(generated_at: datetime, words: Words) -> Masthead:
    """The head of a document of the register of recommendations, and when it was drawn."""
    drawn = words.text("Drawn on %(date)s", date=words.date(generated_at.date()))
    return Masthead(words.text("Register of recommendations"), REGISTER, (drawn,), generated_at)


def register_foot(title: str, span: str, words: Words) -> Foot:
    """The foot of each page of a document of the register."""
    return Foot(f"{REGISTER} · {title} · {span}", words.text("Page %(page)s of %(pages)s"))


def register_origin(generated_at: datetime, words: Words) -> Note:
    """When the register was read."""
    return Note(
        words.text(
            "Drawn on %(date)s at %(time)s UTC from the register of recommendations.",
            date=words.date(generated_at.date()),
            time=words.time(generated_at),
        )
    )


def foot(fund: FundFacts, title: str, span: str, words: Words) -> Foot:
    """The foot of each page: fund, statement and the time it covers, so that no page is lost from its whole."""
    return Foot(f"{fund.code} · {title} · {span}", words.text("Page %(page)s of %(pages)s"))


def origin(entries: int, generated_at: datetime, words: Words) -> Note:
    """Where the figures come from: how many entries of the ledger, and when they were read."""
    sentence = words.ntext(
        "Drawn on %(date)s at %(time)s UTC from %(number)s entry in the ledger of the fund.",
        "Drawn on %(date)s at %(time)s UTC from %(number)s entries in the ledger of the fund.",
        entries,
        date=words.date(generated_at.date()),
        time=words.time(generated_at),
    )
    return Note(sentence)


def signs(words: Words) -> Note:
    """How to read the signs of a United Nations table."""
    return Note(words.text("Figures in parentheses are negative. A hyphen (-) means that the amount is nil."))


def basis(name: str, words: Words) -> str:
    """On which accounting basis the figures stand: "accrual" or "cash"."""
    if name == "cash":
        return words.text("Accounting basis: cash")
    return words.text("Accounting basis: accrual")


def recognised(name: str, words: Words) -> str:
    """When a contribution becomes income on that basis."""
    if name == "cash":
        return words.text("Contributions are counted as income when the money is received.")
    return words.text("Contributions are counted as income when the agreement with the donor becomes binding.")
