"""The secret keys: made on the first run, kept in instance/secrets.json, readable by nobody else."""

from __future__ import annotations

import base64
import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

NAMES = ("SECRET_KEY", "SECURITY_PASSWORD_SALT", "SECURITY_TOTP_SECRETS", "SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS")


class Unsafe(Exception):
    """The program does not start like this; the text says what to change."""


def keys(instance: Path) -> dict[str, object]:
    """The keys as Flask's configuration names them; the first of several processes makes them for all."""
    path = instance / "secrets.json"
    if not path.exists():
        _make(path)
    kept = _read(path)
    recovery = [str(key).encode() for key in kept["SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS"]]
    return {**kept, "SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS": recovery}


def check(config: Mapping[str, object]) -> None:
    """Refuse keys that can be guessed: whoever guesses one signs in as anybody."""
    for name in ("SECRET_KEY", "SECURITY_PASSWORD_SALT"):
        shortest = 32 if name == "SECRET_KEY" else 16
        if len(str(config.get(name) or "")) < shortest:
            raise Unsafe(f"{name} must have {shortest} characters or more.")


def _fresh() -> dict[str, object]:
    return {
        "SECRET_KEY": secrets.token_urlsafe(48),
        "SECURITY_PASSWORD_SALT": secrets.token_urlsafe(24),
        "SECURITY_TOTP_SECRETS": {"1": secrets.token_urlsafe(32)},
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS": [base64.urlsafe_b64encode(os.urandom(32)).decode()],
    }


def _make(path: Path) -> None:
    """Written aside and linked into place: whoever comes second finds the name taken, and the file whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".secrets-{os.getpid()}-{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(_fresh(), file)
            file.flush()
            os.fsync(file.fileno())
        os.link(aside, path)
    except FileExistsError:
        return
    except OSError as error:
        raise Unsafe(f"The secret keys cannot be written to {path}: {error.strerror}.") from error
    finally:
        aside.unlink(missing_ok=True)


def _read(path: Path) -> dict[str, list[object]]:
    if os.name != "nt" and path.stat().st_mode & 0o077:
        raise Unsafe(f"{path} can be read by others. Take their rights away: chmod 600 {path}")
    try:
        found = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise Unsafe(
            f"{path} cannot be read as JSON. Put back a copy of it, or remove it and sign everyone out."
        ) from error
    if not isinstance(found, dict) or (missing := [name for name in NAMES if not found.get(name)]):
        lacking = ", ".join(missing) if isinstance(found, dict) else "everything"
        raise Unsafe(f"{path} lacks {lacking}. Put back a copy of it, or remove it and sign everyone out.")
    return found
