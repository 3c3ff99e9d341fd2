"""Sentences about score sheets."""

from fundapp.web.wording.marked import marked as _l

SHEETS: dict[str, str] = {
    "sheet.blank": _l("Give a score, or “not applicable” where that is allowed; blank is not zero."),
    "sheet.may-not-skip": _l("On this criterion “not applicable” is not allowed."),
    "sheet.off-scale": _l("The score must be a step from %(lowest)s to %(highest)s."),
    "sheet.no-reason": _l("Say why, in at least %(smallest)s characters."),
    "sheet.no-apart": _l(
        "The program had suggested %(suggested)s: say why your score is so far from that, in at least %(smallest)s characters."
    ),
    "sheet.unknown": _l("The call has no criterion called %(criterion)s."),
    "sheet.saved-elsewhere": _l("This sheet was saved from another page meanwhile."),
    "sheet.newer-version": _l(
        "A newer version of %(reference)s was handed in meanwhile: read it, then give the sheet."
    ),
    "sheet.given": _l("The sheet was given already, and is fixed. The secretary can open it again."),
    "sheet.not-given": _l("No sheet was given yet: there is nothing to open again."),
    "sheet.abstain-late": _l("Your sheet was given already: ask the secretary to recuse you."),
}
