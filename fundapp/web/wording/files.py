"""Sentences about files that people send."""

from fundapp.web.wording.marked import marked as _l

FILES = {
    "file.missing": _l("There is no file %(name)s."),
    "file.folder": _l("%(name)s is a folder; name a file."),
    "file.unreadable": _l("%(name)s cannot be read: %(reason)s."),
    "file.unwritable": _l("%(name)s cannot be written: %(reason)s. Nothing was changed."),
    "file.empty": _l("%(name)s is empty."),
    "file.too-large": _l("%(name)s has %(size)s bytes; at most %(largest)s are taken. Split it, or leave out what is not asked for."),
    "file.is-workbook": _l("%(name)s is a workbook or another packed file, not CSV. Save the sheet as CSV (UTF-8) and send that."),
    "file.not-text": _l("%(name)s is not text. Save the table as CSV (UTF-8) and send that."),
    "file.encoding": _l("%(name)s is not in UTF-8: line %(line)s has bytes that are no letters. Save it as CSV (UTF-8)."),
    "csv.broken": _l("%(name)s is no proper CSV: a quotation mark is opened and never closed, or stands in the wrong place."),
    "csv.rows": _l("%(name)s has more than %(largest)s rows. Split it, or leave out what is not asked for."),
    "file.more-faults": _l("There may be more: these are the first %(largest)s."),
    "csv.empty": _l("%(name)s is empty: it has no heading row."),
    "csv.heading-empty": _l("%(name)s: column %(number)s of the heading row has no name."),
    "csv.heading-long": _l("%(name)s: the name of column %(number)s is too long; at most %(largest)s characters are kept."),
    "csv.heading-twice": _l("%(name)s has the column “%(heading)s” twice."),
    "csv.width": _l("%(name)s: the row has %(found)s cells, the heading %(wanted)s."),
    "csv.cell-long": _l("%(name)s: the cell has more than %(largest)s characters."),
    "csv.column-missing": _l("%(name)s lacks the column “%(heading)s”. It has: %(there)s."),
    "layout.unknown": _l("There is no layout %(layout)s. There are: %(known)s."),
}  # fmt: skip
