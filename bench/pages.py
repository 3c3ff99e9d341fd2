"""Pages as a person gets them: the demonstration's statement, timed and counted, and how much is sent.

In process, through Flask's test client: the network is not ours to measure.
"""

from __future__ import annotations

import gc
import os
import re
import statistics
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr
from contextvars import Context
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import Flask, render_template
from flask.testing import FlaskClient

from bench import books
from bench.measure import Measure, in_turns, ms, quantile
from fundapp.access.gate import needs
from fundapp.access.policy import Permission, Role
from fundapp.kernel.database import db
from fundapp.web.seed import initialise

STATEMENT, EMPTY = "/UPR/finance/statement?year=2020", "/UPR/bench-empty"
EMPTY_ENDPOINT = "bench_empty"
LATER = ("/UPR/", STATEMENT, "/UPR/finance/contributions", "/UPR/finance/entries?account=INC.CONTRIB&year=2020")
TARGETS = {"first": 60.0, "later": 15.0}  # kB compressed
_LINKED = re.compile(r"""(?:href|src)="([^"#]*/static/[^"]+\.(?:css|js|svg|woff2))[^"]*\"""")
SERIES = 5  # of which the quietest counts: others' work on the machine makes pages slow one at a time
Asked = list[tuple[Any, Any]]


def measure(rounds: int) -> Iterator[Measure]:
    """Time, queries and weight."""
    with (
        open(os.devnull, "w", encoding="utf-8") as nowhere,
        redirect_stderr(nowhere),  # the log of requests is written as ever, and read by nobody
        books.instance(mode="demonstration", WTF_CSRF_ENABLED=False, FUNDAPP_LOG="json") as app,
    ):
        initialise(demo=True)
        client = signed_in(app)
        yield from _timed(client, rounds)
        yield from _weighed(client)


def signed_in(app: Flask, role: Role = Role.AUDITOR) -> FlaskClient:
    """Somebody of a role, in an application of the demonstration that has the empty page beside its own."""
    if EMPTY_ENDPOINT not in app.view_functions:
        _add_empty_page(app)
    client = app.test_client()
    answer = Context().run(client.post, "/demonstration", data={"role": role.value})
    if answer.status_code != 302:
        raise SystemExit(f"bench: nobody could sign in: {answer.status}")
    db.session.remove()
    return client


def _add_empty_page(app: Flask) -> None:
    """The layout with nothing in it, for whoever is signed in: what any page costs before it says anything."""
    template = app.jinja_env.from_string("{% extends '_layout/page.html' %}")

    @needs(Permission.SIGNED_IN)
    def empty() -> str:
        return render_template(template)

    app.add_url_rule("/<fund:fund>/bench-empty", EMPTY_ENDPOINT, empty)


def get(client: FlaskClient, address: str, **headers: str) -> Any:
    """A page as whoever is signed in gets it."""
    # In a context of its own: a request would else share the session of the database with what is around it
    answer = Context().run(client.get, address, headers={"Accept-Language": "en", **headers})
    if answer.status_code != 200:
        raise SystemExit(f"bench: {address} answers {answer.status}")
    return answer


@dataclass(frozen=True, slots=True)
class Beside:
    """A page timed in turns with the empty page and with its own SQL alone."""

    series: list[list[list[float]]]
    queries: int
    common: int  # of them any page's

    def times(self, place: int) -> list[float]:
        """Seconds of each round: 0 the page, 1 the empty page, 2 the SQL."""
        return [time for times in self.series for time in times[place]]

    @property
    def ratio(self) -> float:
        """Of each round, since a page and the empty page after it meet the same neighbours: the middle one."""
        rounds = zip(self.times(0), self.times(1), self.times(2), strict=True)
        return statistics.median(one / (two + three) for one, two, three in rounds)

    def line(self, name: str, target: float) -> Measure:
        """The page against what it cannot do without."""
        whole, bare, sql = (statistics.median(self.times(place)) for place in range(3))
        return Measure(name, ms(whole), f"SQL {ms(sql)} + empty page {ms(bare)}", self.ratio, target)


def beside(client: FlaskClient, page: Callable[[], object], rounds: int, series: int = SERIES) -> Beside:
    """What a page, or what asks the database for it, takes beside the empty page and its own SQL."""

    def empty() -> object:
        return get(client, EMPTY)

    page(), empty()
    with asked() as of_page:
        page()
    with asked() as of_empty:
        empty()
    common = [str(statement) for statement, _ in of_empty]
    own = [one for one in of_page if str(one[0]) not in common]
    gc.collect()
    gc.freeze()  # as gunicorn.conf.py does once the program is loaded
    found = [in_turns(page, empty, _replay(own), rounds=rounds) for _ in range(series)]
    gc.unfreeze()
    db.session.remove()
    return Beside(found, len(of_page), len(common))


def _timed(client: FlaskClient, rounds: int) -> Iterator[Measure]:
    found = beside(client, lambda: get(client, STATEMENT), rounds)
    yield found.line("statement page, p50", 1.5)
    p99, middle = min(
        ((quantile(times[0], 0.99), statistics.median(times[0])) for times in found.series),
        key=lambda two: two[0] / two[1],
    )
    yield Measure("statement page, p99 / p50", ms(p99), f"p50 {ms(middle)}", p99 / middle, 2.5)
    yield Measure("statement page, queries", str(found.queries), f"of them any page's {found.common}", found.queries, 3)


@contextmanager
def asked() -> Iterator[Asked]:
    """What is asked of the database meanwhile, as the program puts it."""
    found: Asked = []

    def note(_: object, statement: Any, many: Any, one: Any, __: object) -> None:
        found.append((statement, many or one))

    sa.event.listen(db.engine, "before_execute", note)
    try:
        yield found
    finally:
        sa.event.remove(db.engine, "before_execute", note)


def _replay(own: Asked) -> Callable[[], object]:
    """The page's own SQL and nothing else: asked as the page asks it, its rows fetched."""
    connection = db.session.connection()
    return lambda: [connection.execute(statement, parameters).all() for statement, parameters in own]


def _weighed(client: FlaskClient) -> Iterator[Measure]:
    """What travels, compressed as browsers ask for it."""
    first = get(client, LATER[0], **{"Accept-Encoding": "gzip, br"})
    text = get(client, LATER[0]).get_data(as_text=True)
    linked = sorted(set(_LINKED.findall(text)))
    if not any(name.endswith(".css") for name in linked):
        raise SystemExit("bench: the page links no style sheet")
    weights = [len(first.data), *(len(get(client, name, **{"Accept-Encoding": "gzip, br"}).data) for name in linked)]
    kilobytes = sum(weights) / 1000
    yield Measure("first load of home", f"{kilobytes:.1f} kB", f"{len(linked)} files", kilobytes, TARGETS["first"])
    sizes = {path: len(get(client, path, **{"Accept-Encoding": "gzip, br"}).data) / 1000 for path in LATER}
    largest = max(sizes, key=lambda path: sizes[path])
    yield Measure("later pages, the largest", f"{sizes[largest]:.1f} kB", largest, sizes[largest], TARGETS["later"])
