"""Rounds beside the pages while the program runs: something is done every so often, until it is ended."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread

from flask import Flask


def begin(app: Flask, name: str, every: float, turn: Callable[[Flask], None]) -> Callable[[], None]:
    """Begin rounds of so many seconds, under a name; what is returned ends them."""
    over = Event()
    rounds = Thread(target=_go, args=(app, every, turn, over), name=name, daemon=True)
    rounds.start()

    def end() -> None:
        over.set()
        rounds.join()

    return end


def _go(app: Flask, every: float, turn: Callable[[Flask], None], over: Event) -> None:
    while not over.wait(every):
        turn(app)
