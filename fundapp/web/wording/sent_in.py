"""Sentences about files that people send through the page."""

from fundapp.web.wording.marked import marked as _l

SENT_IN = {
    "upload.none": _l("Choose a file."),
    "upload.vanished": _l("The content of %(name)s is no longer on this server. Send the file again."),
    "upload.not-permitted": _l("Whoever sent the file, or decided on it, may no longer import recommendations. Somebody who may can send it again."),
    "upload.failed": _l("Something went wrong on our side while the file was worked on; nothing of it was taken in. Tell the administrator the number %(number)s."),
    "upload.taken-over": _l("File %(number)s was given up, or is worked on elsewhere."),
    "upload.seen-other": _l("%(name)s was read again since you opened the page. Look at what it comes to now, then decide."),
    "upload.wrong-rows": _l("%(name)s is not taken in: %(number)s faults are in it. Mend them and send it again, or send it again and ask for the good rows."),
    "upload.nothing-new": _l("%(name)s has nothing to take in: what it says is in the register already."),
    "upload.register-moved": _l("%(name)s was not taken in: the register changed since it was read, and the file would now do something else. It is read again; look, then decide anew."),
    "upload.decided": _l("It is decided already that %(name)s is taken in."),
    "upload.over": _l("%(name)s was refused or given up already. Send it again if it is wanted."),
    "upload.not-read": _l("%(name)s is not read yet. Wait until it is, then decide."),
}  # fmt: skip
