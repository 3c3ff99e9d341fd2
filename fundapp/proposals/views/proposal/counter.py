"""Where files of proposals are handed in and given out, as the settings say; and how large a request may be for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import current_app, request

from fundapp.kernel.buckets import Bucket
from fundapp.kernel.errors import Refusal
from fundapp.kernel.files import Files, Store
from fundapp.kernel.scanning import Scanner
from fundapp.proposals.arriving import Counter, too_large
from fundapp.proposals.rules.documents import MEGABYTE, PART
from fundapp.proposals.views.proposal.blueprint import blueprint

FOLDER, PLACE = "files", "proposals.counter"
AROUND = MEGABYTE  # bytes of a form beside its file
WHOLE, IN_PARTS = frozenset({"proposal.add_document", "proposal.replace_document"}), "proposal.send_part"


def counter() -> Counter:
    """The counter of this application; one of a bucket is made once, when it is first asked for."""
    found: Counter | None = current_app.extensions.get(PLACE)
    if found is None:
        config = current_app.config
        scanner = Scanner(config["FUNDAPP_CLAMD"]) if config["FUNDAPP_CLAMD"] else None
        found = Counter(_store(), scanner, config["FUNDAPP_LARGEST_DOCUMENT"])
        if config["FUNDAPP_FILES_URL"]:
            current_app.extensions[PLACE] = found
    return found


def _store() -> Store:
    config = current_app.config
    if not config["FUNDAPP_FILES_URL"]:
        return Files(Path(current_app.instance_path) / FOLDER)
    return Bucket.named(
        config["FUNDAPP_FILES_URL"],
        endpoint=config["FUNDAPP_S3_ENDPOINT"],
        region=config["FUNDAPP_S3_REGION"],
        key=config["FUNDAPP_S3_KEY"],
        secret=config["FUNDAPP_S3_SECRET"],
    )


@blueprint.url_value_preprocessor
def _measure(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """How much of a request is read at all, said before anything reads of it: a file far too large is refused by what
    it says of itself, and one that says nothing as soon as it is too much."""
    if endpoint in WHOLE and request.method == "POST":
        largest = current_app.config["FUNDAPP_LARGEST_DOCUMENT"]
        request.max_content_length = largest + AROUND
        if (fault := too_large((request.content_length or 0) - AROUND, counter())) is not None:
            raise Refusal(fault)
    elif endpoint == IN_PARTS:
        request.max_content_length = PART
