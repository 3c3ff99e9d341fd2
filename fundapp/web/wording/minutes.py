"""Sentences about the minutes of a session and the actions that it asked for."""

from fundapp.web.wording.marked import marked as _l

MINUTES: dict[str, str] = {
    "minutes.nothing": _l("There is nothing to keep in minutes yet: the session has no item."),
    "minutes.no-item": _l("This item is not on the agenda of the session: look at it again."),
    "minutes.text-changed": _l("Somebody else has written here meanwhile. Compare what is there with yours, then save again."),
    "minutes.kept": _l("An interest keeps you from a part of this text: somebody else of the secretariat writes here."),
    "minutes.moved": _l("The record changed since you looked at it. Read it again, then keep it."),
    "minutes.same": _l("Version %(number)s says the same: nothing has changed since."),
    "minutes.closed": _l("The minutes are approved and the session is closed: nothing more is written in them."),
    "minutes.not-open": _l("The session is not open: its minutes are written once it is."),
    "minutes.not-chair": _l("Minutes are approved by whoever chaired the session, and by nobody for them."),
    "minutes.chair-alone": _l("The chair of this session approves its minutes: nobody records it for them."),
    "minutes.no-paper": _l("Say where the approval of the chair is on paper."),
    "minutes.not-last": _l("This is not the last version of the minutes. The last one is version %(number)s."),
    "minutes.approved": _l("Version %(number)s is approved already."),
    "minutes.early": _l("The session begins on %(day)s: its minutes are approved after that."),
    "minutes.record-moved": _l("The record of the session changed since version %(number)s was kept. The secretariat keeps a new version first."),
    "minutes.no-version": _l("There is no version %(number)s of these minutes."),
    "minutes.none-kept": _l("No version of these minutes is kept yet. With --draft they are drawn as the record has them."),
    "action.no-text": _l("Say what is to be done."),
    "action.no-owner": _l("Say who sees to it."),
    "action.before": _l("The session begins on %(day)s: what it asks for is due after that."),
    "action.changed": _l("Somebody changed this meanwhile: look at it again."),
    "action.done": _l("This is done already."),
    "action.not-done": _l("This is not done."),
}  # fmt: skip
