"""What went wrong, as a page of ours with a reference number, or as JSON or a line of text where that was asked for."""

from __future__ import annotations

import errno
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from flask import Flask, Response, g, jsonify, make_response, render_template, request
from flask.globals import request_ctx
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, default_exceptions

from fundapp.access.gate import keeper
from fundapp.access.policy import Refused
from fundapp.kernel.database import Busy, db
from fundapp.kernel.errors import Refusal
from fundapp.web.logs import log, reference
from fundapp.web.sentences import sentence

# status -> what happened, and what the reader can do.
TEXTS: dict[int, tuple[Any, Any]] = {
    400: (
        _l("The request could not be understood"),
        _l(
            "Go back, open the page again and repeat what you did. A form that was open for very long may have expired."
        ),
    ),
    403: (
        _l("You may not open this page"),
        _l("Your roles do not include it. If your work needs it, ask the administrator of the fund."),
    ),
    404: (
        _l("There is no such page"),
        _l("If you typed the address, check it. If a link brought you here, start again from the home page."),
    ),
    405: (
        _l("This address does not take that request"),
        _l("Start again from the home page."),
    ),
    409: (
        _l("It could not be done as things stand now"),
        _l("Somebody else may have changed the same record. Open the page again to see it as it is, then repeat it."),
    ),
    413: (
        _l("That is too large"),
        _l("Send a smaller file, or send it in parts. Unless it says otherwise, at most 20 MB are taken at once."),
    ),
    429: (
        _l("Too many requests"),
        _l("Wait a few minutes, then try again."),
    ),
    500: (
        _l("Something went wrong on our side"),
        _l("Nothing was changed. Try again; if it happens again, tell the administrator the reference below."),
    ),
    503: (
        _l("The program cannot work just now"),
        _l("Nothing was changed. Its database is busy, full or away. Try again in a minute."),
    ),
}
ASKED_WRONGLY = ("address.", "period.", "view.nothing")  # codes of what is wrong with an address, not with the books
TOO_LARGE = frozenset({"document.large"})  # codes of what is more than is taken
AWAY = frozenset({"file.store-away", "document.scanner-away"})  # of what may work again in a minute
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS})  # what a disk says that takes no file
FILES = frozenset({"csv", "xlsx", "pdf", "txt", "text", "xml", "docx", "ics"})


def _status_of(error: BaseException) -> int:
    """Which answer an exception of the program is; anything unforeseen is 500."""
    match error:
        case Refused():
            return 403
        case Refusal(faults=faults) if all(fault.code.startswith(ASKED_WRONGLY) for fault in faults):
            return 400
        case Refusal(faults=faults) if all(fault.code in TOO_LARGE for fault in faults):
            return 413
        case Refusal(faults=faults) if all(fault.code in AWAY for fault in faults):
            return 503
        case Refusal() | StaleDataError() | IntegrityError():
            return 409
        case Busy() | DBAPIError():
            return 503
        case OSError(errno=number) if number in NO_ROOM:
            return 503
        case _:
            return 500


def answer(error: Exception) -> Response | HTTPException:
    """Every error comes here: raised in a view, by Flask, or while an answer was being finished."""
    cause: BaseException = getattr(error, "original_exception", None) or error
    status = (cause.code or 500) if isinstance(cause, HTTPException) else _status_of(cause)
    if isinstance(cause, HTTPException) and status < 400:  # a redirect of the router
        return cause
    if isinstance(cause, CSRFError) and (keep := keeper()):
        with suppress(HTTPException):  # unless it is no page of ours that sent it
            return make_response(keep())
    if status >= 500 and cause is error:  # what nothing foresaw, Flask has logged
        log.error("failed", status=status, exc_info=cause)
    g.bare = status >= 500  # the page then asks the database nothing
    with suppress(SQLAlchemyError):
        db.session.rollback()
    reasons = [sentence(fault) for fault in cause.faults] if isinstance(cause, Refusal) else []
    if status == 503 and isinstance(cause, OSError):
        reasons = [_("There is no room left for files. Tell the administrator.")]
    response = _response(status, reasons)
    response.status_code = status
    response.headers.extend(_kept(cause))
    return response


def _kept(cause: BaseException) -> list[tuple[str, str]]:
    """What an answer must say beside the page: which methods are taken, when to come back."""
    headers = cause.get_headers() if isinstance(cause, HTTPException) else []
    return [(name, value) for name, value in headers if name in ("Allow", "Retry-After")]


def _response(status: int, reasons: Sequence[str]) -> Response:
    title, advice = TEXTS.get(status) or TEXTS[500 if status >= 500 else 400]
    match _wanted():
        case "json":
            return jsonify(error=str(title), advice=str(advice), reasons=list(reasons), reference=reference())
        case "text":
            lines = [str(title), *reasons, str(advice), _("Reference: %(number)s", number=reference())]
            return Response("\n".join(lines) + "\n", mimetype="text/plain")
        case _:
            return Response(_page(status, str(title), str(advice), reasons))


def _wanted() -> str:
    """Who asks for a table of figures must not be given a page as one; nor is there a page without addresses, as
    when the request named a host that is not ours."""
    kind = request.args.get("format", "") or request.path.rpartition("/")[2].rpartition(".")[2]
    accepted = request.accept_mimetypes.best_match(["text/html", "application/json", "text/csv", "text/plain"])
    if kind == "json" or accepted == "application/json":
        return "json"
    if kind in FILES or accepted in ("text/csv", "text/plain") or request_ctx.url_adapter is None:
        return "text"
    return "html"


def _page(status: int, title: str, advice: str, reasons: Sequence[str]) -> str:
    """With the navigation where that can be had; the database is not asked when it is what failed."""
    words = {"status": status, "heading": title, "advice": advice, "reasons": reasons, "reference": reference()}
    try:
        return render_template("errors/error.html", **words)
    except SQLAlchemyError:
        g.bare = True
        return render_template("errors/error.html", **words)


def init(app: Flask) -> None:
    """Answer errors with pages of ours."""
    for kind in (HTTPException, Refused, Refusal, StaleDataError, Busy, DBAPIError):
        app.register_error_handler(kind, answer)
    assert set(TEXTS) <= set(default_exceptions)
