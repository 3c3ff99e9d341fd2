"""What every answer carries, so that browsers hold pages to what they are; and who is answered at all."""

from __future__ import annotations

from ipaddress import ip_address

from flask import Flask, Response, abort, current_app, g, request
from werkzeug.middleware.proxy_fix import ProxyFix

# Scripts, styles and pictures of our own, forms to ourselves, nothing else: no inline, no frames, no other site.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
# What a proxy in front of the program adds. Behind one everybody comes from this computer.
FORWARDED = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP")
HTTPS_ONLY = "max-age=63072000; includeSubDomains"


def _protect(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if current_app.config["SESSION_COOKIE_SECURE"]:
        response.headers.setdefault("Strict-Transport-Security", HTTPS_ONLY)
    return response


def _forget(response: Response) -> Response:
    """Pages of whoever is signed in, or about to be, stay on no disk: setting up a second factor shows its secret
    before one is known. Other pages are asked for again each time."""
    if request.endpoint != "static":
        known = getattr(g.get("_login_user"), "is_authenticated", False) or request.blueprint in ("security", "access")
        response.headers["Cache-Control"] = "no-store" if known or "Set-Cookie" in response.headers else "no-cache"
    return response


def _this_computer_only() -> None:
    """Outside production people sign in without proof, so nobody else's computer is answered."""
    if current_app.config["FUNDAPP_MODE"] == "production":
        return
    if not _loopback(request.environ.get("REMOTE_ADDR", "")) or any(name in request.headers for name in FORWARDED):
        abort(403)


def _no_zero_bytes() -> None:
    """PostgreSQL holds no zero byte, a file's name neither; nobody types one."""
    texts = (request.path, *request.args.values(), *request.form.values())
    if any("\0" in text for text in texts):
        abort(400)


def _loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def init(app: Flask, proxies: int) -> None:
    """Set the headers; believe X-Forwarded-For and -Proto only from as many proxies as there are said to be."""
    app.before_request(_this_computer_only)
    app.before_request(_no_zero_bytes)
    app.after_request(_protect)
    app.after_request(_forget)
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]
