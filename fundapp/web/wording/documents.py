"""Sentences about the documents of a proposal."""

from fundapp.web.wording.marked import marked as _l

DOCUMENTS = {
    "file.store-away": _l("The store of files does not answer now. Nothing was changed; try again in a minute."),
    "file.store-other": _l("The content of the file is not what was sent: it was changed or damaged in the store. Tell the administrator."),
    "document.none": _l("Choose a file."),
    "document.large": _l("The file has %(size)s MB; at most %(largest)s MB are taken. Make its pictures smaller, or send it in several files."),
    "document.lies": _l("%(name)s is not what its name says: by its content its name ends in %(right)s. Send the right file, or give it the right name."),
    "document.is-page": _l("%(name)s is a page of the web (HTML or XML), which is not taken. Print it to PDF and send that."),
    "document.is-program": _l("%(name)s is a program, which is not taken."),
    "document.is-packed": _l("%(name)s is a packed file (ZIP), which is not taken. Send the documents in it one by one."),
    "document.is-old": _l("%(name)s is an Office file of the kind before 2007, which is not taken. Save it as .docx, .xlsx, .pptx or PDF and send that."),
    "document.is-other": _l("%(name)s is a file of the kind %(found)s, which is not taken. PDF, Word, Excel, PowerPoint, OpenDocument, JPEG, PNG and plain text are."),
    "document.unknown": _l("%(name)s is none of the files that are taken: PDF, Word, Excel, PowerPoint, OpenDocument, JPEG, PNG and plain text in UTF-8."),
    "document.infected": _l("%(name)s is not taken: the virus scanner found “%(found)s” in it."),
    "document.scanner-away": _l("The virus scanner did not look at the file, so it was not taken. Try again in a few minutes; if it happens again, tell the administrator."),
    "document.no-kind": _l("Proposals to this call come with no document of the kind “%(kind)s”."),
    "document.no-title": _l("Say what the document is."),
    "document.many": _l("A proposal has at most %(largest)s documents. Take one off first, or replace one."),
    "document.same": _l("This very file is there already, as version %(number)s."),
    "document.removed": _l("The document was taken off. Bring it back first, then replace its file."),
    "document.gone": _l("This document is not one of the proposal's."),
    "document.changed": _l("Somebody else replaced this document meanwhile. Look at it again before you do."),
    "document.lost": _l("The content of %(name)s is no longer in the store. Tell the administrator."),
    "document.uploads": _l("%(found)s of your files are on their way already. Finish those first, or wait two days until they are forgotten."),
}  # fmt: skip
