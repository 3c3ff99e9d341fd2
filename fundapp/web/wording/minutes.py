"""Sentences about the minutes of a session and the actions that it asked for."""

from fundapp.web.wording.marked import marked as _l

MINUTES: dict[str, str] = {
    "minutes.nothing": _l("There is nothing to keep in minutes yet: the session has no item."),
}
