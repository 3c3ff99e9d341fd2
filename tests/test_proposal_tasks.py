"""The task list of a proposal: what is kept of it between two looks is never what stood there before."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from flask import Flask
from proposing import add_consent, again, begun, in_screening, write, writer
from test_proposal_pages import PLACE, as_person
from visiting import text_of

from fundapp.kernel.database import db
from fundapp.kernel.languages import LANGUAGES
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.models import Proposal
from fundapp.proposals.queries import facing
from fundapp.recommendations.models import REC
from fundapp.web import kept as kept_parts


def test_the_task_list_is_of_what_is_written_and_judged_once(registered: Flask) -> None:
    """The same text is not judged again; another text, another document or another limit is."""
    made = begun()
    key = made.id
    address, client = f"{PLACE}/{made.reference}", as_person(registered, writer())
    first = text_of(client, address)
    before = facing._judged.cache_info()
    assert text_of(client, address).partition("<main")[2] == first.partition("<main")[2]
    after = facing._judged.cache_info()
    assert (after.hits, after.misses) == (before.hits + 1, before.misses)

    def state(name: str) -> str:
        found = re.search(f'id="state-{name}"><span[^>]*>([^<]*)<', text_of(client, address))
        assert found, name
        return found[1]

    assert state("monitoring") == "not started" and state("consent") == "not started"
    write(made, {"monitoring": {"plan": "Every month."}})
    assert state("monitoring") == "complete"
    with unit_of_work(writer()) as work:
        add_consent(work, work.session.get_one(Proposal, key))
    assert state("consent") == "3 things lacking"
    noted = db.session.scalar(sa.select(sa.func.max(REC.c.number)).where(REC.c.standing, REC.c.position == "noted"))
    write(again(made), {"recommendations": {"linked": [{"number": str(noted)}]}})
    assert state("recommendations") == "1 thing lacking", "one that was only noted needs a reason"


def test_parts_that_are_kept_do_not_pile_up(registered: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_parts, "_MOST", 3)
    monkeypatch.setattr(kept_parts, "_PARTS", {})
    client = as_person(registered, writer())
    for reference in (begun().reference, in_screening("2031-2").reference):
        for language in LANGUAGES:
            assert text_of(client, f"{PLACE}/{reference}?lang={language}").count("0000-0-000") == 0
            assert len(kept_parts._PARTS) <= 3
