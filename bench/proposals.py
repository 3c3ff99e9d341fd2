"""The list of proposals beside Django's admin over the same rows; and a proposal's page beside an empty one: to others
than its office what was handed in, to its office what it has at work."""

from __future__ import annotations

import gc
import os
import statistics
from collections.abc import Iterator
from contextlib import redirect_stderr

import sqlalchemy as sa
from flask.testing import FlaskClient

from bench import admin, books, many, pages
from bench.measure import Measure, in_turns, ms, quantile
from fundapp.access.demonstration import invented
from fundapp.access.policy import Role
from fundapp.funds.queries import named_fund
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.proposals.models import Proposal, ProposalSection, ProposalVersion
from fundapp.proposals.rules.stages import Stage
from fundapp.web.seed import initialise

ADDRESS = "/UPR/proposals"
SIZE, LAST = 2_000, 30  # proposals, and a page deep in their list
SERIES = 5  # of which the quietest counts, as of other pages
WEIGHT = 40.0  # kB compressed
SUMMARY, TASKS = "app-keys", "govuk-task-list"  # what tells one page of a proposal from the other


def measure(rounds: int) -> Iterator[Measure]:
    """All of it."""
    with (
        open(os.devnull, "w", encoding="utf-8") as nowhere,
        redirect_stderr(nowhere),
        books.instance(mode="demonstration", WTF_CSRF_ENABLED=False, FUNDAPP_LOG="json") as app,
    ):
        initialise(demo=True)
        many.seed(db.session(), named_fund(db.session(), "UPR"), SIZE, now())
        client = pages.signed_in(app)  # an auditor, who sees all of them
        yield from _lists(client, rounds)
        newest = db.session().scalars(sa.select(Proposal.reference).order_by(Proposal.id.desc()).limit(1)).one()
        yield from _one("a proposal's page", client, f"{ADDRESS}/{newest}", SUMMARY, rounds)
        for name, role, holds in (("that says much", Role.AUDITOR, SUMMARY), ("at work", Role.FIELD_OFFICER, TASKS)):
            reader, address = pages.signed_in(app, role), _of_the_demonstration(role)
            yield from _one(f"a proposal's page {name}", reader, address, holds, rounds)


def _lists(client: FlaskClient, rounds: int) -> Iterator[Measure]:
    theirs = admin.changelist(books.database())
    for number in (1, LAST):
        address = f"{ADDRESS}?page={number}"
        with pages.asked() as queries:
            text = pages.get(client, address).get_data(as_text=True)
        if (
            text.count('role="rowheader"') != admin.PAGE
            or theirs(number).count(b'class="field-reference"') != admin.PAGE
        ):
            raise SystemExit(f"bench: page {number} does not have {admin.PAGE} proposals on both sides")
        times = _in_series(client, address, lambda number=number: theirs(number), rounds)
        pairs = [pair for series in times for pair in zip(*series, strict=True)]
        ours, other = (statistics.median(found) for found in zip(*pairs, strict=True))
        ratio = statistics.median(one / two for one, two in pairs)  # of each round, which meets the same neighbours
        name = f"list of {SIZE:,} proposals, page {number}"
        yield Measure(name, ms(ours), f"Django's admin {ms(other)}", ratio, 0.25)
        yield Measure(f"{name}, queries", str(len(queries)), "everything that the page asks", len(queries), 4)
        p99, middle = min(
            ((quantile(one, 0.99), statistics.median(one)) for one, _ in times), key=lambda two: two[0] / two[1]
        )
        yield Measure(f"{name}, p99 / p50", ms(p99), f"p50 {ms(middle)}", p99 / middle, 2.5)
        sent = len(pages.get(client, address, **{"Accept-Encoding": "gzip, br"}).data) / 1000
        yield Measure(f"{name}, weight", f"{sent:.1f} kB", f"{len(text) / 1000:.0f} kB before", sent, WEIGHT)


def _in_series(client: FlaskClient, address: str, theirs: object, rounds: int) -> list[list[list[float]]]:
    """Seconds of our page and of theirs, in turns, in several series."""
    assert callable(theirs)
    gc.collect()
    gc.freeze()  # as gunicorn.conf.py does once the program is loaded
    found = [in_turns(lambda: pages.get(client, address), theirs, rounds=rounds) for _ in range(SERIES)]
    gc.unfreeze()
    return found


def _of_the_demonstration(reader: Role) -> str:
    """The address of the proposal that says most: of an office's, what it has at work; of all, what was handed in."""
    person = invented(db.session(), reader)
    offices = [grant.office_id for grant in person.grants if grant.office_id] if person else []
    said = ProposalSection.proposal_id
    asked = sa.select(Proposal.reference).join(ProposalSection, said == Proposal.id).group_by(Proposal.reference)
    if offices:
        asked = asked.where(Proposal.office_id.in_(offices), Proposal.stage == Stage.DRAFT)
    else:
        asked = asked.where(Proposal.id.in_(sa.select(ProposalVersion.proposal_id)))
    return f"{ADDRESS}/{db.session().scalars(asked.order_by(sa.func.count().desc()).limit(1)).one()}"


def _one(name: str, client: FlaskClient, address: str, holds: str, rounds: int) -> Iterator[Measure]:
    """A proposal's page beside the empty page for the same person."""
    with pages.asked() as found:
        text = pages.get(client, address).get_data(as_text=True)
    if holds not in text:
        raise SystemExit(f"bench: {address} is not the page that is meant")
    gc.collect()
    gc.freeze()
    page, empty = in_turns(
        lambda: pages.get(client, address), lambda: pages.get(client, pages.EMPTY), rounds=rounds * 2
    )
    gc.unfreeze()
    ratio = statistics.median(one / two for one, two in zip(page, empty, strict=True))
    ours, other = statistics.median(page), statistics.median(empty)
    yield Measure(name, ms(ours), f"empty page {ms(other)}", ratio, 1.6)
    yield Measure(f"{name}, queries", str(len(found)), "everything that the page asks", len(found), 5)
