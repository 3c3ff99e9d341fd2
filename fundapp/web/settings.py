"""What an installation may set: FUNDAPP_… in the environment, else instance/settings.toml; refused when unsafe."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from fundapp.web.keys import Unsafe

ROOT = Path(__file__).resolve().parent.parent.parent
MEGABYTE = 1024 * 1024
LOOPBACK = ("127.0.0.1", "localhost", "::1", "[::1]")


class Mode(StrEnum):
    """production: for people who work; demonstration: invented people, this computer only; development: tests."""

    PRODUCTION = "production"
    DEVELOPMENT = "development"
    DEMONSTRATION = "demonstration"


@dataclass(frozen=True, slots=True)
class Settings:
    """One installation's settings. Each is FUNDAPP_NAME in the environment and `name` in settings.toml."""

    mode: Mode = Mode.DEVELOPMENT
    database_url: str = ""
    origin: str = "http://127.0.0.1:5000"  # where people reach it: letters carry links
    bind: str = "127.0.0.1:5000"  # where the server listens
    trusted_hosts: tuple[str, ...] = ()  # other names it answers to
    smtp_url: str = ""  # smtp://user:password@host:587 or smtps://…
    mail_from: str = ""
    proxies: int = 0  # how many proxies in front add X-Forwarded-For and -Proto
    log: str = ""  # json or console; by mode if empty
    files_url: str = ""  # s3://bucket/prefix for documents of proposals; the instance folder if empty
    s3_endpoint: str = ""  # of a store that is not Amazon's
    s3_region: str = ""
    s3_key: str = ""
    s3_secret: str = ""
    largest_document: int = 25  # megabytes of a document of a proposal
    clamd: str = ""  # host:port or the socket of a virus scanner

    @property
    def hosts(self) -> list[str]:
        """The names requests may ask for."""
        own = urlsplit(self.origin).hostname or ""
        loopback = () if self.mode is Mode.PRODUCTION else LOOPBACK
        return [name for name in dict.fromkeys((own, *self.trusted_hosts, *loopback)) if name]


def instance_folder() -> Path:
    """Where the database, files and settings of this installation lie."""
    return Path(os.environ.get("FUNDAPP_INSTANCE") or ROOT / "instance").resolve()


def read(instance: Path, environ: Mapping[str, str], given: Mapping[str, object]) -> Settings:
    """The settings in force: what the caller gives, else the environment, else settings.toml, else the default."""
    names = {field.name for field in fields(Settings)}
    found: dict[str, object] = _file(instance / "settings.toml", names)
    found |= {name: environ[_variable(name)] for name in names if environ.get(_variable(name))}
    found |= {name: given[_variable(name)] for name in names if given.get(_variable(name))}
    settings = Settings(**{name: _parsed(name, value) for name, value in found.items()})  # type: ignore[arg-type]
    if faults := list(unsafe(settings)):
        raise Unsafe(" ".join(faults))
    return settings


def _variable(name: str) -> str:
    return f"FUNDAPP_{name.upper()}"


def _file(path: Path, names: set[str]) -> dict[str, object]:
    if not path.exists():
        return {}
    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise Unsafe(f"{path} cannot be read: {error}.") from error
    if unknown := sorted(set(found) - names):
        raise Unsafe(f"{path} sets what there is not: {', '.join(unknown)}. There is: {', '.join(sorted(names))}.")
    return found


def _parsed(name: str, value: object) -> object:
    try:
        match name:
            case "mode":
                return Mode(str(value))
            case "proxies" | "largest_document":
                return int(str(value))
            case "trusted_hosts":
                words = value.split(",") if isinstance(value, str) else list(value)  # type: ignore[call-overload]
                return tuple(word.strip().lower() for word in words if word.strip())
            case _:
                return str(value).strip()
    except (TypeError, ValueError) as error:
        raise Unsafe(f"{_variable(name)} cannot be {value!r}.") from error


def unsafe(settings: Settings) -> Iterator[str]:
    """Why the program must not serve with these settings, a sentence each."""
    if settings.log not in ("", "json", "console"):
        yield "FUNDAPP_LOG is json or console."
    yield from _unkept(settings)
    if settings.mode is Mode.PRODUCTION:
        yield from _unsafe_in_production(settings)
    else:
        yield from _unsafe_open_to_others(settings)


def _unkept(settings: Settings) -> Iterator[str]:
    """Why files could not be kept as the settings say."""
    if not 1 <= settings.largest_document <= 1000:
        yield "FUNDAPP_LARGEST_DOCUMENT is a number of megabytes, from 1 to 1000."
    if not settings.files_url:
        return
    where = urlsplit(settings.files_url)
    if where.scheme != "s3" or not where.netloc:
        yield "FUNDAPP_FILES_URL names a bucket, like s3://bucket/prefix."
    if not (settings.s3_key and settings.s3_secret):
        yield "FUNDAPP_FILES_URL needs FUNDAPP_S3_KEY and FUNDAPP_S3_SECRET."
    if settings.s3_endpoint and urlsplit(settings.s3_endpoint).scheme not in ("http", "https"):
        yield "FUNDAPP_S3_ENDPOINT is an address, like https://files.example.org."
    if find_spec("obstore") is None:
        yield "FUNDAPP_FILES_URL needs the package obstore, which is not installed: pip install 'fundapp[s3]'."


def _unsafe_in_production(settings: Settings) -> Iterator[str]:
    if urlsplit(settings.origin).scheme != "https":
        yield "In production FUNDAPP_ORIGIN must be an https:// address, or cookies and passwords travel in the open."
    if not settings.smtp_url:
        yield "In production FUNDAPP_SMTP_URL must name a mail server, or nobody can be invited or reset a password."
    if os.environ.get("FLASK_DEBUG", "0") not in ("", "0"):
        yield "In production FLASK_DEBUG must be off: its error pages run code."


def _unsafe_open_to_others(settings: Settings) -> Iterator[str]:
    """Outside production people sign in without proof: only this computer may ask."""
    if settings.proxies:
        yield f"In {settings.mode} mode nothing stands in front, so FUNDAPP_PROXIES must not be set."
    if settings.bind.rpartition(":")[0] not in (*LOOPBACK, ""):
        yield f"In {settings.mode} mode FUNDAPP_BIND must be a loopback address, not {settings.bind}."
    if others := [name for name in settings.hosts if name not in LOOPBACK]:
        yield f"In {settings.mode} mode it answers to this computer only, not to {', '.join(others)}."


def configuration(settings: Settings) -> dict[str, object]:
    """The settings as Flask and its extensions name them."""
    secure = settings.mode is Mode.PRODUCTION
    where = urlsplit(settings.origin)
    return {
        "FUNDAPP_MODE": settings.mode.value,
        "FUNDAPP_DEMONSTRATION": settings.mode is Mode.DEMONSTRATION,
        "FUNDAPP_ORIGIN": settings.origin,
        "FUNDAPP_SMTP_URL": settings.smtp_url,
        "FUNDAPP_MAIL_FROM": settings.mail_from or f"fundapp@{where.hostname}",
        "SERVER_NAME": where.netloc,
        "PREFERRED_URL_SCHEME": where.scheme,
        "TRUSTED_HOSTS": settings.hosts,
        "FUNDAPP_FILES_URL": settings.files_url,
        "FUNDAPP_S3_ENDPOINT": settings.s3_endpoint,
        "FUNDAPP_S3_REGION": settings.s3_region,
        "FUNDAPP_S3_KEY": settings.s3_key,
        "FUNDAPP_S3_SECRET": settings.s3_secret,
        "FUNDAPP_LARGEST_DOCUMENT": settings.largest_document * MEGABYTE,
        "FUNDAPP_CLAMD": settings.clamd,
        "MAX_CONTENT_LENGTH": 20 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "MAX_FORM_PARTS": 10_000,  # a budget of 500 lines
        "SESSION_COOKIE_NAME": "__Host-session" if secure else "session",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "REMEMBER_COOKIE_SECURE": secure,
        "REMEMBER_COOKIE_HTTPONLY": True,
        "REMEMBER_COOKIE_SAMESITE": "Lax",
        "WTF_CSRF_TIME_LIMIT": None,  # as long as the session: a form may be open for a day
        "WTF_CSRF_SSL_STRICT": True,
        "COMPRESS_ALGORITHM": ["br", "gzip"],
        "COMPRESS_MIN_SIZE": 500,
    }
