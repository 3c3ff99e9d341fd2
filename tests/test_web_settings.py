"""Settings: where they come from, what is refused, and keys that several processes agree on."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from fundapp.web import keys, settings
from fundapp.web.keys import Unsafe
from fundapp.web.settings import Mode, Settings

ROOT = Path(__file__).resolve().parent.parent
PRODUCTION = {
    "FUNDAPP_MODE": "production",
    "FUNDAPP_ORIGIN": "https://fund.example.org",
    "FUNDAPP_SMTP_URL": "smtp://mail.example.org:587",
}


def read(folder: Path, environ: dict[str, str] | None = None, **given: object) -> Settings:
    return settings.read(folder, environ or {}, given)


def test_what_is_given_comes_before_the_environment_and_that_before_the_file(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('bind = "127.0.0.1:1"\nmail_from = "file@example.org"\nlog = "json"\n')
    found = read(tmp_path, {"FUNDAPP_BIND": "127.0.0.1:2", "FUNDAPP_LOG": "console"}, FUNDAPP_LOG="json")
    assert (found.bind, found.mail_from, found.log) == ("127.0.0.1:2", "file@example.org", "json")


def test_production_with_all_it_needs(tmp_path: Path) -> None:
    found = read(tmp_path, {**PRODUCTION, "FUNDAPP_TRUSTED_HOSTS": "www.example.org, Fund.Example.Org"})
    assert found.hosts == ["fund.example.org", "www.example.org"]
    config: dict[str, Any] = settings.configuration(found)
    assert config["SESSION_COOKIE_SECURE"] and config["SESSION_COOKIE_NAME"] == "__Host-session"
    assert config["TRUSTED_HOSTS"] == ["fund.example.org", "www.example.org"]


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"FUNDAPP_ORIGIN": "http://fund.example.org"}, "https://"),
        ({"FUNDAPP_SMTP_URL": ""}, "FUNDAPP_SMTP_URL"),
        ({"FUNDAPP_LOG": "xml"}, "json or console"),
        ({"FUNDAPP_MODE": "demonstration"}, "this computer only"),
        ({"FUNDAPP_MODE": "development"}, "this computer only"),
        ({"FUNDAPP_MODE": "prodction"}, "FUNDAPP_MODE cannot be 'prodction'"),
        ({"FUNDAPP_PROXIES": "one"}, "FUNDAPP_PROXIES cannot be 'one'"),
    ],
)
def test_unsafe_is_refused_in_a_sentence(tmp_path: Path, change: dict[str, str], word: str) -> None:
    with pytest.raises(Unsafe, match=word):
        read(tmp_path, {**PRODUCTION, **change})


def test_debugging_is_refused_in_production(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")
    with pytest.raises(Unsafe, match="FLASK_DEBUG"):
        read(tmp_path, PRODUCTION)


@pytest.mark.parametrize(
    "change",
    [
        {"FUNDAPP_BIND": "0.0.0.0:5000"},
        {"FUNDAPP_TRUSTED_HOSTS": "fund.example.org"},
        {"FUNDAPP_BIND": "[::]:80"},
        {"FUNDAPP_PROXIES": "1"},
    ],
)
@pytest.mark.parametrize("mode", ["demonstration", "development"])
def test_signing_in_without_proof_stays_on_this_computer(tmp_path: Path, mode: str, change: dict[str, str]) -> None:
    with pytest.raises(Unsafe):
        read(tmp_path, {"FUNDAPP_MODE": mode, **change})
    assert read(tmp_path, {"FUNDAPP_MODE": mode}).mode is Mode(mode)


def test_a_setting_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('databse_url = "postgresql://db/fund"\n')
    with pytest.raises(Unsafe, match="databse_url"):
        read(tmp_path)
    (tmp_path / "settings.toml").write_text("mode = \n")
    with pytest.raises(Unsafe, match="cannot be read"):
        read(tmp_path)


def test_a_short_key_is_refused() -> None:
    with pytest.raises(Unsafe, match="SECRET_KEY"):
        keys.check({"SECRET_KEY": "short", "SECURITY_PASSWORD_SALT": "x" * 32})


def test_keys_are_made_once_for_nobody_else(tmp_path: Path) -> None:
    made = keys.keys(tmp_path / "new")
    assert made == keys.keys(tmp_path / "new")
    assert made["SECRET_KEY"] != keys.keys(tmp_path / "other")["SECRET_KEY"]
    assert len(str(made["SECRET_KEY"])) >= 32
    file = tmp_path / "new" / "secrets.json"
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["secrets.json"]


def test_processes_that_start_together_agree(tmp_path: Path) -> None:
    program = "import sys, pathlib, fundapp.web.keys as k; print(k.keys(pathlib.Path(sys.argv[1]))['SECRET_KEY'])"
    command = [sys.executable, "-c", program, str(tmp_path)]
    started = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(6)]
    said = {process.communicate(timeout=30)[0].strip() for process in started}
    assert len(said) == 1 and len(said.pop()) >= 32


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"SECRET_KEY": "x"}'])
def test_broken_keys_are_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "secrets.json"
    file.write_text(content)
    file.chmod(0o600)
    with pytest.raises(Unsafe, match=r"secrets\.json"):
        keys.keys(tmp_path)


def test_keys_that_others_can_read_are_refused(tmp_path: Path) -> None:
    keys.keys(tmp_path)
    (tmp_path / "secrets.json").chmod(0o640)
    with pytest.raises(Unsafe, match="chmod 600"):
        keys.keys(tmp_path)


def test_a_server_without_its_settings_does_not_start(tmp_path: Path) -> None:
    """wsgi.py is production unless told otherwise."""
    environ = {"PATH": "/usr/bin:/bin", "FUNDAPP_INSTANCE": str(tmp_path)}
    command = [sys.executable, "-c", "import wsgi"]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "FUNDAPP_ORIGIN must be an https:// address" in done.stderr.splitlines()[-1]
    assert "FUNDAPP_SMTP_URL" in done.stderr.splitlines()[-1]


def test_the_keys_are_plain_json(tmp_path: Path) -> None:
    keys.keys(tmp_path)
    kept = json.loads((tmp_path / "secrets.json").read_text())
    assert set(kept) == set(keys.NAMES)
