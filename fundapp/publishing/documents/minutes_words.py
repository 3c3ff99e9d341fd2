"""What minutes call capacities, ways, advice and decisions. Pure."""

from __future__ import annotations

from fundapp.publishing.words import Words


def capacity(code: str, words: Words) -> str:
    """In what capacity people take part."""
    return {
        "chair": words.text("Chair"),
        "trustee": words.text("Trustees"),
        "secretariat": words.text("Secretariat"),
        "host": words.text("Hosts"),
        "observer": words.text("Observers"),
        "guest": words.text("Guests"),
    }.get(code, code)


def way(code: str, words: Words) -> str:
    """How a Board meets."""
    return {
        "place": words.text("In person"),
        "online": words.text("Online"),
        "written": words.text("By written procedure"),
    }.get(code, code)


def advice(outcome: str, how: str, words: Words) -> str:
    """What the Board advises, and how it came to that."""
    said = {
        "support": words.text("The Board supports the proposal"),
        "support-with-conditions": words.text("The Board supports the proposal with conditions"),
        "defer": words.text("The Board defers the proposal"),
        "not-support": words.text("The Board does not support the proposal"),
    }.get(outcome, outcome)
    came = {
        "consensus": words.text("by consensus"),
        "vote": words.text("by a recorded vote"),
        "silence": words.text("by silence"),
    }.get(how, how)
    return f"{said} · {came}"


def vote(choice: str, words: Words) -> str:
    """What a trustee votes."""
    return {
        "for": words.text("In favour"),
        "against": words.text("Against"),
        "abstain": words.text("Abstaining"),
    }.get(choice, choice)


def interest(kind: str, words: Words) -> str:
    """The interest for which a trustee took no part; empty where none was declared."""
    return {
        "nationality": words.text("national of the State"),
        "worked-for": words.text("worked for those who propose it"),
        "other": words.text("another interest"),
    }.get(kind, "")


def decision(outcome: str, words: Words) -> str:
    """What was decided."""
    return {
        "approve": words.text("Approved"),
        "approve-with-conditions": words.text("Approved with conditions"),
        "defer": words.text("Deferred"),
        "decline": words.text("Declined"),
    }.get(outcome, outcome)


def owner(code: str, words: Words) -> str:
    """Who sees to a condition."""
    return {"office": words.text("the office"), "secretariat": words.text("the secretariat")}.get(code, code)


def standing(code: str, words: Words) -> str:
    """What became of a condition."""
    return {"open": words.text("open"), "met": words.text("met"), "waived": words.text("waived")}.get(code, code)
