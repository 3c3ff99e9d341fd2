"""A real server with the demonstration, and Debian's Chromium looking at it. A missing browser is a failure."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from sqlalchemy.orm import Session

from fundapp.access.models import Person
from fundapp.web.assemble import create_app

ROOT = Path(__file__).resolve().parent.parent.parent
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True, slots=True)
class Site:
    """The program as it runs for the tests: where it answers, how somebody is signed in, the folder of its instance."""

    address: str
    cookies: dict[str, str]
    folder: str = ""  # its instance


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def started(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        assert server.poll() is None, f"the server ended while it started:\n{log.read_text()[-2000:]}"
        try:
            with urlopen(f"{address}/health/live", timeout=1):
                return
        except (URLError, OSError):
            time.sleep(0.05)
    pytest.fail("the server did not answer within 30 seconds")


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """The demonstration on a free port, in a folder of its own."""
    for built in ("app.css", "app.rtl.css", "app.js"):
        assert (ROOT / "build" / "static" / built).exists(), f"build/static/{built} is missing: python3 dev.py assets"
    port = free_port()
    address = f"http://localhost:{port}"  # and no number: passkeys belong to a name
    with tempfile.TemporaryDirectory(prefix="fundapp-browser-") as folder:
        environ = {
            **os.environ,
            "FUNDAPP_INSTANCE": folder,
            "FUNDAPP_DATABASE_URL": "",
            "FUNDAPP_MODE": "demonstration",
            "FUNDAPP_ORIGIN": address,
        }
        seed = "from fundapp.web.assemble import create_app as c; from fundapp.web.seed import initialise as i\n"
        seed += "with c().app_context(): i(True)"
        made = subprocess.run(
            [sys.executable, "-c", seed], cwd=ROOT, env=environ, capture_output=True, text=True, check=False
        )
        assert made.returncode == 0, made.stderr[-2000:]
        command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--threads", "4", "wsgi:app"]
        with open(Path(folder) / "server.log", "wb") as log:
            server = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=log, stderr=log)
            try:
                started(address, server, Path(folder) / "server.log")
                yield Site(address, cookies_of(folder, address), folder)
            finally:
                server.terminate()
                server.wait(10)


def cookies_of(folder: str, address: str) -> dict[str, str]:
    """Role -> the cookie of its demonstration person, signed with the keys of the instance."""
    kept = os.environ.get("FUNDAPP_INSTANCE")
    os.environ["FUNDAPP_INSTANCE"] = folder
    try:
        app = create_app(FUNDAPP_MODE="demonstration", TESTING=True)
    finally:
        os.environ.pop("FUNDAPP_INSTANCE") if kept is None else os.environ.update(FUNDAPP_INSTANCE=kept)
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    engine = sa.create_engine(f"sqlite:///{folder}/fundapp.sqlite")
    with Session(engine) as session:
        found = session.execute(sa.select(Person.email, Person.fs_uniquifier)).all()
    engine.dispose()
    return {
        email.partition("@")[0]: signer.dumps(
            {"_user_id": key, "_fresh": True, "_permanent": True, "fs_paa": time.time(), "fs_cc": "set"}
        )
        for email, key in found
    }


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, not one of Playwright's."""
    found = os.environ.get("FUNDAPP_CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM)), None)
    if found is None:
        pytest.fail("Chromium is missing: as root `apt-get install chromium`, or name one in FUNDAPP_CHROMIUM")
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=found, args=ARGUMENTS)


Visit = Callable[..., Page]


@contextmanager
def visits(site: Site, chromium: Browser) -> Iterator[Visit]:
    """visit(role, address, language="en", width=1280): the page as that person sees it, with nothing blocked on it."""
    opened: list[BrowserContext] = []

    def open_page(role: str | None, address: str, language: str = "en", width: int = 1280, **more: Any) -> Page:
        context = chromium.new_context(viewport={"width": width, "height": 900}, reduced_motion="reduce", **more)
        opened.append(context)
        cookies = {"language": language} | ({"session": site.cookies[role]} if role else {})
        context.add_cookies([{"name": name, "value": value, "url": site.address} for name, value in cookies.items()])
        page = context.new_page()
        faults: list[str] = []
        page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(site.address + address)
        # a page that is refused or not there is an error in the console, and what some tests look at
        blocked = [fault for fault in faults if "status of 40" not in fault]
        assert not blocked, f"{address}: {blocked}"
        return page

    yield open_page
    for context in opened:
        context.close()


@pytest.fixture
def visit(site: Site, chromium: Browser) -> Iterator[Visit]:
    """The same for a test, which closes what it opened."""
    with visits(site, chromium) as open_page:
        yield open_page


def axe(page: Page) -> None:
    """Fail with what axe finds wrong on a page; scripts of tests come past the page's policy, its own do not."""
    assert AXE.exists(), "axe-core is missing: python3 dev.py test installs it, or npm ci"
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    told = [
        f"{fault['id']}: {fault['help']}\n    " + "\n    ".join(node["html"][:160] for node in fault["nodes"][:5])
        for fault in found
    ]
    assert not told, "\n".join([page.url, *told])


# What of the page itself, and not of a region that scrolls, lies over what stands beside it.
OVER = """() => {
    const main = document.querySelector("main"), aside = document.querySelector("main ~ aside");
    if (!main || !aside) return [];
    const there = aside.getBoundingClientRect(), own = main.getBoundingClientRect();
    if (there.left < own.right && there.right > own.left) return [];  // it stands below
    const cut = (one) => {
        for (let each = one; each !== main; each = each.parentElement)
            if (getComputedStyle(each).overflowX !== "visible") return true;
        return false;
    };
    return [...main.querySelectorAll("*")].filter((one) => {
        const place = one.getBoundingClientRect();
        const over = place.width && (own.left < there.left ? place.right > there.left : place.left < there.right);
        return over && !cut(one);
    }).map((one) => one.outerHTML.slice(0, 160));
}"""


def no_sideways_scroll(page: Page) -> None:
    """The page is as wide as its window; only tables and charts scroll, in their own regions; nothing lies over another
    part."""
    wide, window = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide <= window, f"{page.url}: {wide} px of page in a window of {window}"
    over = page.evaluate(OVER)
    assert not over, f"{page.url}: over what stands beside it: {over[:5]}"
