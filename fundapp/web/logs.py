"""One line for each request, as JSON for machines or in colour for people; never a query string, a token or a body."""

from __future__ import annotations

import logging
import re
import secrets
import sys
from collections.abc import MutableMapping
from time import perf_counter
from typing import Any

import structlog
from flask import Flask, Response, g, request

from fundapp.kernel.text import printable

SANE = re.compile(r"[A-Za-z0-9._-]{8,64}")
LINKS = re.compile(r"(/(?:reset|invitation|tf-setup|wan-[a-z]+)/)[^\s]+", re.IGNORECASE)
QUIET = frozenset({"static", "web.live", "web.ready"})


def cut(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Cut links that let someone in wherever a line has an address: Flask names it with an error, and a link with
    a slash too many is the address of no page."""
    for name in ("event", "path"):
        if isinstance(event.get(name), str):
            event[name] = LINKS.sub(r"\1…", event[name])
    return event


SHARED: tuple[Any, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    cut,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)
log = structlog.stdlib.get_logger("fundapp")


def reference() -> str:
    """The number of this request, which error pages show and the log carries."""
    if "reference" not in g:
        given = request.headers.get("X-Request-ID", "")
        g.reference = given if SANE.fullmatch(given) else "-".join(secrets.token_hex(2) for _ in range(3))
    return str(g.reference)


def _start() -> None:
    g.started = perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request=reference())


def _finish(response: Response) -> Response:
    response.headers["X-Request-ID"] = reference()
    if request.endpoint in QUIET and response.status_code < 400:
        return response
    person = getattr(g.get("_login_user"), "id", None)
    took = round((perf_counter() - g.get("started", perf_counter())) * 1000, 1)
    log.info(
        "request",
        method=request.method,
        path=printable(request.path),
        status=response.status_code,
        ms=took,
        person=person,
    )
    return response


def _formatter(style: str) -> logging.Formatter:
    if style == "json":
        last: Any = structlog.processors.JSONRenderer(ensure_ascii=False)
        between: tuple[Any, ...] = (structlog.processors.format_exc_info,)
    else:
        last, between = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()), ()
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=SHARED,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *between, last],
    )


def _write(style: str) -> None:
    """Ours and every library's lines go the same way, to stderr."""
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_formatter(style))
    for name, level in (("fundapp", logging.INFO), ("", logging.WARNING)):
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.setLevel(level)
    logging.getLogger("fundapp").propagate = False


def init(app: Flask, style: str) -> None:
    """Number and log the requests of an application. Called first: what is registered first runs last."""
    if not app.testing:
        _write(style)
    app.before_request(_start)
    app.after_request(_finish)
