"""What is done to calls and to proposals."""

from fundapp.proposals.operations.calls import (
    GivenTexts,
    Opened,
    ask_for,
    cancel_call,
    change_call,
    correct_texts,
    except_office,
    extend_call,
    open_call,
    prepare_call,
    stop_asking,
    take_over_call,
)

__all__ = [
    "GivenTexts",
    "Opened",
    "ask_for",
    "cancel_call",
    "change_call",
    "correct_texts",
    "except_office",
    "extend_call",
    "open_call",
    "prepare_call",
    "stop_asking",
    "take_over_call",
]
