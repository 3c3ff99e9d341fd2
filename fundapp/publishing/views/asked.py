"""Which language a document is asked for in."""

from __future__ import annotations

from flask import request

from fundapp.access.views.address import language
from fundapp.kernel.errors import refuse
from fundapp.kernel.languages import LANGUAGES


def document_language() -> str:
    """The language of the address, or that of the page; one that is none of the six is refused."""
    asked = request.args.get("language") or language()
    if asked not in LANGUAGES:
        raise refuse("language.unknown", language=asked[:20], known=", ".join(LANGUAGES))
    return asked
