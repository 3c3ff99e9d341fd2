"""Who changes the books or the trail behind the program's back is found out, from the command line."""

from __future__ import annotations

import sqlite3

import pytest

from conftest import Instance

HARM = {
    "an amount": ("drop trigger line_fixed", "update posting set cents = cents + 100 where entry_id = 50"),
    "a memo": ("drop trigger entry_fixed", "update journal_entry set memo = 'nothing' where id = 50"),
    "a line gone": ("drop trigger line_kept", "delete from posting where entry_id = 50 and number = 1"),
    "an entry gone": (
        "drop trigger line_kept",
        "drop trigger entry_kept",
        "delete from posting where entry_id = 50",
        "delete from journal_entry where id = 50",
    ),
}
TRAIL = {
    "an edit": ("drop trigger trace_no_update", "update trace set actor = 'person:1' where id = 60"),
    "a gap": ("drop trigger trace_no_delete", "delete from trace where id = 60"),
    "a cut end": ("drop trigger trace_no_delete", "delete from trace where id = (select max(id) from trace)"),
}


def harm(instance: Instance, statements: tuple[str, ...]) -> None:
    """What somebody with the database file can do."""
    with sqlite3.connect(instance.folder / "fundapp.sqlite") as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


def test_untouched_books_and_trail_hold(demo_instance: Instance) -> None:
    assert demo_instance("ledger", "verify").status == 0
    assert demo_instance("trail", "verify").status == 0


@pytest.mark.parametrize("kind", HARM)
def test_the_books_say_which_entry_was_changed(demo_instance: Instance, kind: str) -> None:
    harm(demo_instance, HARM[kind])
    said = demo_instance("ledger", "verify")
    assert said.status == 1 and "50" in said.err and "found wanting" in said.out


@pytest.mark.parametrize("kind", TRAIL)
def test_the_trail_says_where_it_was_changed(demo_instance: Instance, kind: str) -> None:
    harm(demo_instance, TRAIL[kind])
    said = demo_instance("trail", "verify")
    assert said.status == 1 and said.err and "found wanting" in said.out
    assert demo_instance("ledger", "verify").status == 1  # it is compared with a trail that does not hold
