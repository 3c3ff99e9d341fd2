"""dev.py: what a step depends on, what is said when something is in the way, and that nothing is left running."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

import dev
from conftest import ROOT


def dev_py(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "dev.py", *words],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@contextmanager
def taken() -> Iterator[int]:
    """A port that another program has."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield int(other.getsockname()[1])


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
def source() -> Iterator[Path]:
    """A file in the project that a step might depend on."""
    folder = ROOT / "build" / f"test-dev-{os.getpid()}"
    folder.mkdir(parents=True)
    path = folder / "source.txt"
    path.write_text("one")
    yield path
    shutil.rmtree(folder)


def done(source: Path, notes: Path, *words: str, made: list[Path] | None = None) -> bool:
    with dev.once("step", [source.parent], *words, made=made or [], at=notes) as due:
        return due


def test_a_step_is_done_once_and_again_when_what_it_depends_on_changes(source: Path, tmp_path: Path) -> None:
    assert done(source, tmp_path)
    assert not done(source, tmp_path)
    os.utime(source, (1, 1))  # a checkout changes every file's time
    assert not done(source, tmp_path)
    source.write_text("two")
    assert done(source, tmp_path)
    assert done(source, tmp_path, "another word")


def test_a_step_is_done_again_when_what_it_made_is_gone(source: Path, tmp_path: Path) -> None:
    made = tmp_path / "made"
    assert done(source, tmp_path, made=[made])
    assert done(source, tmp_path, made=[made])
    made.touch()
    assert not done(source, tmp_path, made=[made])


def test_a_step_that_failed_is_not_done(source: Path, tmp_path: Path) -> None:
    with pytest.raises(SystemExit), dev.once("step", [source], at=tmp_path) as due:
        assert due
        dev.run(sys.executable, "-c", "raise SystemExit(3)")
    assert done(source, tmp_path)


def test_a_failed_step_says_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        dev.run(sys.executable, "-c", "raise SystemExit(3)", otherwise=dev.NO_NETWORK)
    assert ended.value.code == 1
    assert "status 3; nothing is half-done" in capsys.readouterr().err


@pytest.mark.parametrize("words", [[], ["nonsense"], ["run", "--port", "many"], ["test", "--database", "oracle"]])
def test_misuse_ends_with_two(words: list[str]) -> None:
    assert dev_py(*words).returncode == 2


def test_help_names_every_verb() -> None:
    told = dev_py("--help")
    assert told.returncode == 0
    for verb in ("run", "test", "setup", "check", "messages", "lock", "bench", "assets", "fundapp"):
        assert f"dev.py {verb}" in told.stdout


def test_a_taken_port_is_one_sentence() -> None:
    with taken() as port:
        told = dev_py("run", "--port", str(port))
    assert told.returncode == 1 and told.stdout == ""
    assert re.fullmatch(rf"dev: port {port} cannot be used here.*--port \d+\n", told.stderr)


def test_a_port_that_is_none_is_one_sentence() -> None:
    told = dev_py("run", "--port", "70000")
    assert told.returncode == 1 and told.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "tells"),
    [
        ("flask==3.1.3 \\\n    --hash=sha256:00\n", False),
        ("--index-url https://mirror.example/simple\nflask==3.1.3\n", True),
        ("flask @ file:///wheels/flask.whl\n", True),
    ],
)
def test_a_lock_that_tells_where_packages_came_from(tmp_path: Path, text: str, tells: bool) -> None:
    path = tmp_path / "lock.txt"
    path.write_text(text)
    assert dev.names_a_host(str(path)) is tells


def test_an_npm_lock_may_name_sponsors_and_no_registry(tmp_path: Path) -> None:
    path = tmp_path / "package-lock.json"
    path.write_text('{"funding": {"url": "https://opencollective.com/x"}}')
    assert not dev.names_a_host(str(path))
    path.write_text('{"resolved": "https://registry.example/x.tgz"}')
    assert dev.names_a_host(str(path))


def test_the_folder_of_the_tests_is_gone_afterwards() -> None:
    with dev.throw_away() as env:
        folder = Path(env["TMPDIR"])
        (folder / "left").write_text("behind")
        assert folder.stat().st_mode & 0o777 == 0o711  # PostgreSQL may run as another user
    assert not folder.exists()


CHILD = """
import time
print("begun", flush=True)
try:
    time.sleep(60)
except KeyboardInterrupt:
    print("tidied up", flush=True)
"""
PARENT = "import signal, dev\nsignal.signal(signal.SIGTERM, signal.default_int_handler)\ndev.status({!r}, {{}})"


def test_told_to_stop_it_lets_its_programs_tidy_up() -> None:
    command = [sys.executable, "-c", PARENT.format([sys.executable, "-c", CHILD])]
    with subprocess.Popen(command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as it:
        wait_for_line(it, "begun")
        it.send_signal(signal.SIGTERM)
        out, _ = it.communicate(timeout=20)
    assert out == "tidied up\n"


def wait_for_line(server: subprocess.Popen[str], start: str) -> str:
    assert server.stdout is not None
    for line in server.stdout:
        if line.startswith(start):
            return line
    raise AssertionError(f"it never said {start}")


@contextmanager
def running(folder: Path, port: int) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """`dev.py run`, and what it says when it is ready."""
    command = [sys.executable, "dev.py", "run", "--no-demo", "--port", str(port)]
    env = {**os.environ, "FUNDAPP_INSTANCE": str(folder), "FUNDAPP_DATABASE_URL": "", "FUNDAPP_MODE": ""}
    with (folder / "said").open("w") as said:
        server = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=said, text=True)
        try:
            yield wait_for_line(server, "fundapp is at"), server
        finally:
            server.send_signal(signal.SIGINT)
            server.communicate(timeout=20)


@pytest.mark.slow
def test_run_says_its_address_and_ends_whole(tmp_path: Path) -> None:
    port = free_port()
    with running(tmp_path, port) as (line, _):
        assert line == f"fundapp is at http://127.0.0.1:{port} (Ctrl-C ends it)\n"
        with urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=10) as answer:
            assert answer.status == 200
    assert "fundapp init" in (tmp_path / "said").read_text()
    assert dev.free(port)

    start = time.perf_counter()
    with running(tmp_path, port) as (_, server):
        took = time.perf_counter() - start
        with urlopen(f"http://127.0.0.1:{port}/health/live", timeout=10) as answer:
            assert answer.status == 200
    assert "dev: $" not in (tmp_path / "said").read_text()  # no step was due
    assert took < 15  # under 3 seconds on a quiet machine; the tests beside this one take their share
    assert server.returncode == 0 and dev.free(port)
