"""Sentences about lists of proposals and dossiers."""

from fundapp.web.wording.marked import marked as _l

LISTS: dict[str, str] = {
    "address.no-amount": _l("“%(text)s” (%(name)s) is no amount. Write it like 1234.56."),
    "address.amounts-turned": _l("The least amount, %(low_cents)s, is above the most, %(high_cents)s."),
    "address.long-words": _l("These are %(found)s characters; at most %(largest)s are looked for."),
    "view.no-name": _l("Give the list a name."),
    "view.name-taken": _l("You have a list called “%(text)s” already. Choose another name, or drop that one first."),
    "view.many": _l("You keep %(most)s lists already. Drop one that you do not need any more."),
    "view.long": _l("The filters are too long to be kept: %(found)s characters, at most %(largest)s. Choose fewer of them."),
    "view.nothing": _l("There is nothing to keep: the list has no filter, no order and no columns of its own."),
    "bulk.none": _l("Choose at least one proposal."),
    "bulk.many": _l("These are more than %(most)s proposals; at most so many are taken at once. Narrow the list."),
    "bulk.not-there": _l("There is no proposal “%(reference)s” among those that you may see."),
    "bulk.stage": _l("It is not waiting for screening."),
    "bulk.assigned": _l("%(name)s sees to it already."),
    "bulk.may-not": _l("Your roles do not include this."),
    "bulk.changed": _l("Somebody else changed it in the same moment. Look at it, then try again."),
    "dossiers.form": _l("“%(text)s” is no form of a dossier. There are: %(known)s."),
    "dossiers.none": _l("No proposal is chosen. Choose some in the list, or change its filters."),
    "dossiers.many": _l("These are %(found)s proposals; at most %(largest)s dossiers are made at once. Filter the list."),
    "dossiers.strange": _l("Some of these proposals are not there for you any more. Choose again."),
    "dossiers.no-number": _l("“%(text)s” is no number of a proposal."),
    "dossiers.taken-over": _l("Dossiers no. %(number)s are made by another process."),
    "dossiers.not-there": _l("The file is not there: it is not made yet, or was kept long enough."),
    "dossiers.no-longer-yours": _l("Some of the proposals in the file are not there for you any more. Ask for the dossiers again."),
    "dossiers.failed": _l("The dossier of %(reference)s could not be drawn."),
}  # fmt: skip
