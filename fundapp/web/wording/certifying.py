"""Sentences about statements and their certification."""

from fundapp.web.wording.marked import marked as _l

CERTIFYING: dict[str, str] = {
    "certificate.no-kind": _l("Choose a statement that can be certified."),
    "certificate.kept": _l("A part of this statement is not for you to see. Somebody who may see all of it takes this step."),
    "certificate.note-long": _l("Write at most %(largest)s characters."),
    "certificate.on-its-way": _l("This statement was prepared on %(day)s already. Have it certified, or withdraw it first."),
    "certificate.same": _l("The books say the same as statement %(number)s, which is certified. There is nothing to certify again."),
    "certificate.not-closed": _l("The days from %(first)s to %(last)s are not all closed. Close their periods first."),
    "certificate.changed": _l("Somebody else took a step with this statement in the meantime. Look at it again."),
    "certificate.outdated": _l("The books have changed since this statement was prepared. Withdraw it and prepare another."),
    "certificate.altered": _l("Statement %(number)s is not what its digest says: somebody changed it beside the program."),
    "certificate.not-as-recorded": _l("Statement %(number)s is not what the trail recorded when it was prepared."),
    "certificate.too-few": _l("Statement %(number)s was not prepared, looked through and certified by three people."),
    "certificate.unknown": _l("%(fund)s has no certified statement %(number)s. There are: %(known)s."),
}  # fmt: skip
