"""Codes of SDG targets that there are not: kept as they came, named, and never counted as done."""

from __future__ import annotations

from calls import office, opened
from flask import Flask
from proposing import complete, head, write, writer
from test_proposal_pages import PLACE, as_person, at, post, step
from visiting import text_of

from fundapp.kernel.work import unit_of_work
from fundapp.proposals.models import Proposal
from fundapp.proposals.operations.writing import Beginning, copy_proposal
from fundapp.proposals.rules.content import unknown_targets

TOLD = "there is none with the code 16.99, 5.z."


def with_odd(targets: list[str]) -> str:
    """A proposal that lacks nothing but that some of its targets are not there."""
    made = complete()
    return write(made, {"goals": {"targets": targets, "alignment": "Reports feed the national review."}}).reference


def test_a_code_that_no_goal_has_is_named_and_stays_until_it_is_taken_off(registered: Flask) -> None:
    reference = with_odd(["16.6", "16.99", "5.z"])
    assert at(reference).done < 100
    author = as_person(registered, writer())
    page = text_of(author, f"{PLACE}/{reference}/write/goals")
    assert TOLD in page and "16.99 (not offered any more)" in page
    assert 'value="16.99" checked' in page and 'type="hidden" name="f.targets"' not in page
    code, page = step(as_person(registered, head()), reference, "clear", stage="draft")
    assert code in (409, 422) and at(reference).stage == "draft"
    assert TOLD in text_of(as_person(registered, head()), f"{PLACE}/{reference}/step/clear")
    data = {"version": "2", "f.targets": ["16.6", "16.99"]}  # saved again with one of them: it is not lost
    assert post(author, f"/{reference}/write/goals", **data)[0] == 302
    assert "none with the code 16.99." in text_of(author, f"{PLACE}/{reference}/write/goals")
    assert post(author, f"/{reference}/write/goals", version="3", **{"f.targets": ["16.6"]})[0] == 302
    assert at(reference).done == 100


def test_a_copy_says_so_too(registered: Flask) -> None:
    reference = with_odd(["16.99", "5.z"])
    call, earlier = opened("2031-2"), at(reference)
    with unit_of_work(writer()) as work:
        where = Beginning(call, office())
        made = copy_proposal(work, where, work.session.get_one(Proposal, earlier.id)).reference
    page = text_of(as_person(registered, writer()), f"{PLACE}/{made}/write/goals")
    assert 'value="16.99" checked' in page
    assert at(made).done < 100


def test_what_a_sentence_names_is_short() -> None:
    for sound in (None, {"targets": ["16.6", "1.a"]}, {"targets": "x"}):
        assert unknown_targets(sound) == ()
    assert unknown_targets({"targets": ["x" * 5000]}) == ("x" * 19 + "…",)
    assert len(unknown_targets({"targets": [f"99.{number}" for number in range(40)]})) == 10
