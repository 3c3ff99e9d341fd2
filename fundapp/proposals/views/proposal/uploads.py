"""Files that arrive part by part, for the script that sends them: one that breaks goes on where it broke off."""

from __future__ import annotations

import re
from typing import Any

from flask import Response, abort, jsonify, request, url_for
from werkzeug.exceptions import BadRequest

from fundapp.access.gate import needs, signed_in
from fundapp.access.policy import Permission
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.arriving import finish, go_on
from fundapp.proposals.models import Proposal
from fundapp.proposals.operations.documents import Elsewhere, Said, begin_upload, give_up_upload
from fundapp.proposals.queries.documents import OnItsWay, upload_of
from fundapp.proposals.rules.documents import file_name
from fundapp.proposals.views.proposal.blueprint import blueprint
from fundapp.proposals.views.proposal.counter import counter
from fundapp.proposals.views.proposal.documents import own_writable

_WHOLE = re.compile(r"\d{1,15}", re.ASCII)
Json = Response | tuple[Response, int]


@blueprint.post("/<reference>/documents/uploads")
@needs(Permission.PROPOSAL_WRITE)
def begin_sending(reference: str) -> Json:
    """Begin to send a file."""
    found = own_writable(reference)
    given = request.form
    document = _number(given.get("document", "") or "0") or None
    said = Said(given.get("kind", "")[:40], given.get("title", ""), document)
    name, size = file_name(given.get("name", "")), _number(given.get("size", ""))
    with unit_of_work(signed_in()) as work:
        key = begin_upload(work, found, said, name, size, counter().largest)
    return jsonify(id=key, received=0), 201


@blueprint.get("/<reference>/documents/uploads/<int:key>")
@needs(Permission.PROPOSAL_WRITE)
def upload_state(reference: str, key: int) -> Json:
    """How much of a file is there."""
    return _state(reference, _upload(own_writable(reference), key))


@blueprint.route("/<reference>/documents/uploads/<int:key>", methods=["PATCH"])
@needs(Permission.PROPOSAL_WRITE)
def send_part(reference: str, key: int) -> Json:
    """Take a part of a file; with the last one, or none where all are there, the document is made."""
    found = own_writable(reference)
    upload = _upload(found, key)
    offset, person = _number(request.headers.get("Upload-Offset", "")), signed_in()
    if upload.done:
        return _state(reference, upload)
    try:
        received = go_on(counter(), person, found, key, offset, request.get_data(cache=False))
        if received == upload.size:
            finish(counter(), person, found, _upload(found, key))
    except Elsewhere as elsewhere:
        db.session().rollback()
        return jsonify(id=key, received=elsewhere.received), 409
    return _state(reference, _upload(found, key))


@blueprint.post("/<reference>/documents/uploads/<int:key>/give-up")
@needs(Permission.PROPOSAL_WRITE)
def give_up_sending(reference: str, key: int) -> Json:
    """Leave a file of which nothing is to become."""
    found = own_writable(reference)
    _upload(found, key)
    with unit_of_work(signed_in()) as work:
        give_up_upload(work, found, key)
    return _state(reference, _upload(found, key))


def _upload(found: Proposal, key: int) -> OnItsWay:
    """A file that this person sends; 404 for anybody else's, as for one that there is not."""
    return upload_of(db.session(), found, signed_in().id, key) or abort(404)


def _state(reference: str, upload: OnItsWay) -> Response:
    state: dict[str, Any] = {"id": upload.id, "received": upload.received, "size": upload.size, "done": upload.done}
    if upload.done:
        state["at"] = url_for("proposal.documents", reference=reference, _anchor=f"kind-{upload.kind}")
    return jsonify(state)


def _number(text: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise BadRequest
    return int(text)
