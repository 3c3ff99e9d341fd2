"""The gate: every page says whom it is for, and whoever asks is looked at before the page is."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, TypeVar, cast

from flask import Flask, abort, current_app, redirect, request, url_for
from flask import session as cookie
from flask_login import current_user
from flask_security.utils import check_and_update_authn_fresh
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response

from fundapp.access.models import Person
from fundapp.access.operations import Anonymous, count_use, email_of
from fundapp.access.policy import Permission, Refused, may
from fundapp.kernel.errors import Refusal
from fundapp.kernel.work import only_read, unit_of_work

View = TypeVar("View", bound=Callable[..., Any])
READS = frozenset({"GET", "HEAD", "OPTIONS"})
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
FRESH, GRACE = timedelta(minutes=30), timedelta(minutes=10)  # how long ago one signed in, for what needs it fresh
CLOSED = "closed"
CODE = "security.two_factor_token_validation"

# Pages that are not ours to decorate. Those of signing in are for everyone: half of them come before one is known,
# and Flask-Security asks for itself who may set up, change or show what.
DECLARED: dict[str, Permission | str] = {
    "static": Permission.ANYONE,
    **{
        f"security.{name}": Permission.ANYONE
        for name in (
            "login",
            "logout",
            "forgot_password",
            "reset_password",
            "two_factor_setup",
            "two_factor_token_validation",
            "mf_recovery",
            "wan_signin",
            "wan_signin_response",
        )
    },
    **{
        f"security.{name}": Permission.SIGNED_IN
        for name in (
            "verify",
            "change_password",
            "two_factor_setup_validate",
            "mf_recovery_codes",
            "wan_register",
            "wan_register_response",
            "wan_delete",
            "wan_verify",
            "wan_verify_response",
        )
    },
    "security.static": CLOSED,  # its own look, which no page of ours uses
    "security.tf_select": CLOSED,  # there is one second factor
    "security.two_factor_rescue": CLOSED,  # writes to an address nobody reads; recovery codes do the job
}

# How often, in how many seconds: by the address it comes from, and by the account it is about.
SIGN_IN_BY_ADDRESS, SIGN_IN_BY_ACCOUNT, RESET_BY_ACCOUNT, EXPORTS = (60, 300), (20, 300), (5, 3600), (60, 600)
LIMITED = frozenset(
    {
        "security.login",
        "security.forgot_password",
        "security.reset_password",
        "security.two_factor_token_validation",
        "security.mf_recovery",
        "security.verify",
        "security.change_password",
        "security.wan_signin_response",
        "security.wan_verify_response",
        "access.accept_invitation",
    }
)


def needs(permission: Permission, *, fresh: bool = False, page: str = "") -> Callable[[View], View]:
    """Declare whom a page is for; fresh=True asks for the password again when one signed in a while ago, and then
    leads back to `page` (an endpoint) where the address itself has none."""

    def declare(view: View) -> View:
        view.permission, view.fresh, view.page = permission, fresh, page  # type: ignore[attr-defined]
        return view

    return declare


def exports(view: View) -> View:
    """Mark a page that makes a file: counted for each person, so that nobody keeps the server at it."""
    view.exports = True  # type: ignore[attr-defined]
    return view


def keeps(answer: Callable[[], Any]) -> Callable[[View], View]:
    """Declare a page on which somebody writes for long: who is signed out by the time it is sent, or whose form is of
    an earlier signing in, gets `answer`, with what was typed, instead of a page without it."""

    def declare(view: View) -> View:
        view.keeps = answer  # type: ignore[attr-defined]
        return view

    return declare


def keeper() -> Callable[[], Any] | None:
    """What answers for the page that was asked for when it cannot take what was typed; None for most pages."""
    found = getattr(current_app.view_functions.get(request.endpoint or ""), "keeps", None)
    return cast(Callable[[], Any], found) if found and request.method not in READS else None


def declared(app: Flask, endpoint: str) -> Permission | str | None:
    """What a page asks for: a permission, "closed", or nothing at all, which the gate refuses."""
    found = getattr(app.view_functions.get(endpoint), "permission", None)
    return found if found is not None else DECLARED.get(endpoint)


def actor() -> Person | Anonymous:
    """Whoever asks for this page."""
    return cast(Person, current_user._get_current_object()) if current_user.is_authenticated else Anonymous()


def signed_in() -> Person:
    """The person who asks for this page; only where the gate has let nobody else through."""
    found = actor()
    assert isinstance(found, Person)
    return found


def is_demonstration() -> bool:
    """Whether signing in without proof is offered: in demonstration mode, to this computer, under its own name."""
    host = request.host.rpartition(":")[0] if request.host.rpartition(":")[2].isdigit() else request.host
    return bool(current_app.config.get("FUNDAPP_DEMONSTRATION")) and host.strip("[]") in LOOPBACK and _from_here()


def _from_here() -> bool:
    try:
        return ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def limit(key: str, most: int, seconds: int) -> None:
    """Count one more of this; too many are answered with 429 and when to try again. Counted in the database, so for
    all processes together, in a unit of its own that leaves no trace."""
    with unit_of_work(Anonymous(), aside=True) as work:
        wait = count_use(work, None, key, most, seconds)
    if wait:
        raise TooManyRequests(retry_after=wait)


def wants_json() -> bool:
    """Whether the answer goes to a program."""
    return request.is_json or request.accept_mimetypes.best == "application/json"


def _ask() -> Any:
    """Before every request."""
    if request.method in READS:
        only_read()
    if request.endpoint is None:
        return None  # no such page
    permission = declared(current_app, request.endpoint)
    if not isinstance(permission, Permission):
        abort(404)
    if permission is Permission.DEMONSTRATION and not is_demonstration():
        abort(404)
    _limit_sign_in()
    if request.endpoint == CODE and current_user.is_authenticated and cookie.get("tf_state") != "validating_profile":
        return redirect(url_for("web.start"))  # Flask-Security would sign out whoever follows a link there
    return None if permission in (Permission.ANYONE, Permission.DEMONSTRATION) else _ask_who(permission)


def _ask_who(permission: Permission) -> Any:
    who = actor()
    if isinstance(who, Anonymous):
        return keep() if (keep := keeper()) else _to_sign_in()
    if not may(who, permission):
        raise Refused(f"{request.endpoint} needs {permission}")
    view = current_app.view_functions[request.endpoint or ""]
    if getattr(view, "exports", False):
        limit(f"export:{who.id}", *EXPORTS)
    if getattr(view, "fresh", False) and not is_fresh():
        return redirect(url_for("security.verify", next=_back()))
    return None


def _to_sign_in() -> Response | tuple[dict[str, str], int]:
    if wants_json():
        return {"error": "sign in"}, 401
    here = request.full_path.rstrip("?") if request.method in READS and request.path != "/" else None
    return redirect(url_for("security.login", next=here))


def is_fresh() -> bool:
    """Whether someone proved a short while ago who they are; in a demonstration nobody can."""
    return is_demonstration() or check_and_update_authn_fresh(FRESH, GRACE, "session")


def _back() -> str:
    """Where to go after the password was asked for again; a form's page has the form's address."""
    page = getattr(current_app.view_functions[request.endpoint or ""], "page", "")
    if request.method in READS or not page:
        return request.full_path.rstrip("?")
    names = {name for rule in current_app.url_map.iter_rules(page) for name in rule.arguments}
    return url_for(page, **{name: value for name, value in (request.view_args or {}).items() if name in names})


def _limit_sign_in() -> None:
    if request.method in READS or request.endpoint not in LIMITED:
        return
    limit(f"sign-in:address:{_network(request.remote_addr or '')}", *SIGN_IN_BY_ADDRESS)
    typed: Any = request.get_json(silent=True) if request.is_json else request.form
    account = _account(str(typed.get("email", "") if isinstance(typed, Mapping) else ""))
    if account and request.endpoint == "security.forgot_password":
        limit(f"reset:account:{account}", *RESET_BY_ACCOUNT)
    elif account:
        limit(f"sign-in:account:{account}", *SIGN_IN_BY_ACCOUNT)


def _network(address: str) -> str:
    """Whose address it is, to count by: of IPv6 a household has as many as it likes, all in one network of 64 bits."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 4:
        return address
    return str(found.ipv4_mapped or ipaddress.ip_network((int(found), 64), strict=False))


def _account(typed: str) -> str:
    """The address as the tables have it: there are many ways to type the same one."""
    try:
        return email_of(typed)
    except Refusal:
        return typed.strip().lower()


def undeclared(app: Flask) -> list[str]:
    """Pages that do not say whom they are for."""
    return sorted(name for name in app.view_functions if declared(app, name) is None)


def init(app: Flask) -> None:
    """Put the gate before the application; called last, it refuses to start with a page that declares nothing."""
    if missing := undeclared(app):
        raise RuntimeError(f"pages without a permission: {', '.join(missing)}")
    app.before_request(_ask)
