"""The command as a process of its own, in trouble of every kind: a sentence, an exit status, the books as before."""

from __future__ import annotations

import ctypes
import hashlib
import os
import pty
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep

import pytest
from commands import one_sentence
from money import SYMBOL, csv_of, tables

from conftest import ROOT, Instance, Said
from fundapp.kernel import sheets
from fundapp.kernel.engine import PATIENCE

pytestmark = pytest.mark.slow
STATEMENT = ("statement", "contributions", "UPR", "--to", "2020-12-31")
MIB = 1024 * 1024


def has_open(process: subprocess.Popen[bytes], name: str) -> bool:
    """Whether the process has a file open whose path ends so."""
    for file in Path(f"/proc/{process.pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed since it was listed
            if os.readlink(file).endswith(name):
                return True
    assert process.poll() is None, "it ended before it began to wait"
    return False


def digest(instance: Instance) -> str:
    """Of all that the database says."""
    with closing(sqlite3.connect(f"file:{instance.folder}/fundapp.sqlite?mode=ro", uri=True)) as connection:
        return hashlib.sha256("\n".join(connection.iterdump()).encode()).hexdigest()


@contextmanager
def unchanged(instance: Instance) -> Iterator[None]:
    before = digest(instance)
    yield
    assert digest(instance) == before


def load(instance: Instance, folder: Path, **environment: str) -> Said:
    files = tables().write(folder)
    return instance("published", "import", "UPR", SYMBOL, *files, **environment)


def started(instance: Instance, *words: str | Path, **options: object) -> subprocess.Popen[bytes]:
    env = {**os.environ, "FUNDAPP_INSTANCE": str(instance.folder), "FUNDAPP_DATABASE_URL": ""}
    command = [sys.executable, "-m", "fundapp", *map(str, words)]
    return subprocess.Popen(command, cwd=ROOT, env=env, **options)  # type: ignore[call-overload, no-any-return]


def limited(instance: Instance, which: int, size: int, *words: str | Path) -> Said:
    """Run with a limit on memory or on the size of files."""

    def limit() -> None:
        resource.setrlimit(which, (size, size))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # then a write that is too long fails, as on a full disk

    process = started(instance, *words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=limit)
    out, err = process.communicate(timeout=60)
    return Said(process.returncode, out.decode(), err.decode())


# ------------------------------------------------------------------------------------------------- before it begins


def test_before_the_first_init_it_says_what_to_do(given: dict[str, str], tmp_path: Path) -> None:
    empty = Instance(tmp_path)
    said = empty(*STATEMENT)
    assert (said.status, one_sentence(said)) == (1, "The database has no tables yet. Run: fundapp init")


def test_init_on_a_new_folder_and_then_again(given: dict[str, str], tmp_path: Path) -> None:
    fresh = Instance(tmp_path / "not" / "there")
    said = fresh("init")
    assert (said.status, said.err) == (0, "")
    with unchanged(fresh):
        said = fresh("init")
        assert said == Said(0, "Ready: 0 reference rows, 0 funds and 0 accounts are new.\n", "")


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("postgresql://fund:opensesame@127.0.0.1:1/fund", "Connection refused"),
        ("postgresql://fund:opensesame@127.0.0.1:nowhere/fund", "FUNDAPP_DATABASE_URL is not"),
        ("nonsense:opensesame", "FUNDAPP_DATABASE_URL is not"),
        ("mysql://fund:opensesame@127.0.0.1/fund", "FUNDAPP_DATABASE_URL is not"),
    ],
)
def test_a_database_that_is_away(instance: Instance, address: str, words: str) -> None:
    said = instance("ledger", "verify", FUNDAPP_DATABASE_URL=address)
    sentence = one_sentence(said)
    assert said.status == 1
    assert words in sentence
    assert "opensesame" not in sentence
    assert len(sentence.splitlines()) == 1


def test_a_database_of_postgresql_that_does_not_exist(instance: Instance, given: dict[str, str]) -> None:
    if not given["postgresql"]:
        return  # asked for SQLite alone
    said = instance("ledger", "verify", FUNDAPP_DATABASE_URL=given["postgresql"].format(database="nobody_made_it"))
    assert said.status == 1
    assert '"nobody_made_it" does not exist' in one_sentence(said)
    assert "init" not in said.err


def test_a_file_that_is_no_database(given: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "fundapp.sqlite").write_bytes(b"this is no database" * 100)
    said = Instance(tmp_path)("ledger", "verify")
    assert (said.status, "file is not a database" in one_sentence(said)) == (1, True)


def test_settings_that_cannot_be_read(instance: Instance) -> None:
    (instance.folder / "settings.toml").write_text("mode = ")
    said = instance("ledger", "verify")
    assert (said.status, "settings.toml cannot be read" in one_sentence(said)) == (1, True)


def test_an_instance_that_is_a_file(given: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    said = Instance(tmp_path / "file")("ledger", "verify")
    assert (said.status, "File exists" in one_sentence(said) or "Not a directory" in said.err) == (1, True)


# --------------------------------------------------------------------------------------------------- files too large


def test_a_file_of_fifty_megabytes_is_refused_at_once(instance: Instance, tmp_path: Path) -> None:
    large = tmp_path / "large.csv"
    with large.open("wb") as file:
        file.write(csv_of(tables().table1).encode())
        file.truncate(50 * MIB)
    for words in (("published", "import", "UPR", SYMBOL, large), ("import", "contributions", large)):
        began = monotonic()
        said = instance(*words)
        assert said.status == 1
        assert one_sentence(said).startswith("large.csv has 52428800 bytes; at most 20971520 are taken.")
        assert monotonic() - began < 20


def test_a_million_rows_just_under_the_limit_take_little_memory(instance: Instance, tmp_path: Path) -> None:
    path = tmp_path / "million.csv"
    row = b"2020,UPR,France,G,1\n"
    path.write_bytes(b"year,fund_code,contributor,group,amount_usd\n" + row * ((sheets.LARGEST - 50) // len(row)))
    assert sheets.LARGEST - 100 < path.stat().st_size <= sheets.LARGEST
    with unchanged(instance):
        said = limited(instance, resource.RLIMIT_AS, 900 * MIB, "import", "contributions", path)
        assert said.status == 1
        assert one_sentence(said).startswith("million.csv has more than 100000 rows.")


# --------------------------------------------------------------------------------------------- others at the database


def test_a_database_that_another_process_writes_to(instance: Instance, tmp_path: Path) -> None:
    other = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None);"
        "c.execute('PRAGMA journal_mode=WAL');"  # as the program leaves it; the copy that a test begins with is not yet
        "c.execute('BEGIN IMMEDIATE'); print('locked', flush=True); sys.stdin.read()"
    )
    held = subprocess.Popen(
        [sys.executable, "-c", other, str(instance.folder / "fundapp.sqlite")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert held.stdout and held.stdout.readline() == b"locked\n"
        with unchanged(instance):
            began = monotonic()
            said = load(instance, tmp_path)
            took = monotonic() - began
            assert said.status == 1
            assert "somebody else; nothing was changed" in one_sentence(said)
            assert PATIENCE <= took < PATIENCE + 20
            assert instance(*STATEMENT).status == 0  # readers need not wait
    finally:
        held.communicate()
    assert load(instance, tmp_path).status == 0


# ------------------------------------------------------------------------------------------------ no room, no leave


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A disk of 8 MiB; where none can be mounted, the limit of a process on its files stands in: see `no_room`."""
    place = tmp_path / "small"
    place.mkdir()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mount(b"none", str(place).encode(), b"tmpfs", 0, b"size=8m"):
        pytest.fail(f"a small disk cannot be mounted here ({os.strerror(ctypes.get_errno())}): run the tests as root")
    try:
        yield place
    finally:
        libc.umount2(str(place).encode(), 2)


def no_room(instance: Instance, size: int, *words: str | Path) -> Said:
    return limited(instance, resource.RLIMIT_FSIZE, size, *words)


def test_output_that_does_not_fit_leaves_nothing_behind(demo_instance: Instance, tmp_path: Path) -> None:
    place = tmp_path / "out"
    place.mkdir()
    out = place / "s.pdf"
    out.write_text("the earlier one")
    # More than SQLite's shared memory takes, and less than the document
    words = ("--language", "zh", "--format", "pdf", "--output", out)
    said = no_room(demo_instance, 36_000, *STATEMENT, *words)
    assert (said.status, one_sentence(said)) == (1, f"{out} cannot be written: File too large. Nothing was changed.")
    assert [path.name for path in place.iterdir()] == ["s.pdf"]
    assert out.read_text() == "the earlier one"


def test_output_into_a_folder_that_is_not_there(demo_instance: Instance, tmp_path: Path) -> None:
    out = tmp_path / "none" / "s.pdf"
    said = demo_instance(*STATEMENT, "--format", "pdf", "--output", out)
    assert (said.status, one_sentence(said)) == (
        1,
        f"{out} cannot be written: No such file or directory. Nothing was changed.",
    )


def test_a_database_without_room_is_as_before(instance: Instance, tmp_path: Path) -> None:
    files = tables().write(tmp_path)
    with unchanged(instance):
        for limit in (16384, 49152):
            said = no_room(instance, limit, "published", "import", "UPR", SYMBOL, *files)
            assert said.status == 1
            assert "nothing was changed" in one_sentence(said).lower()
            assert len(said.err.splitlines()) == 1
    assert instance("trail", "verify").status == 0
    assert load(instance, tmp_path).status == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk takes root; the limit on files above needs none")
def test_a_full_disk(instance: Instance, small: Path, tmp_path: Path) -> None:
    shutil.copy(instance.folder / "fundapp.sqlite", small / "fundapp.sqlite")
    full = Instance(small)
    assert full("ledger", "verify").status == 0
    with (small / "filler").open("wb") as filler:
        room = os.statvfs(small)
        filler.write(b"x" * (room.f_bavail * room.f_frsize - 40_000))
    with unchanged(full):
        said = load(full, tmp_path)
        assert (said.status, "nothing was changed" in one_sentence(said)) == (1, True)
        assert "disk" in said.err
    (small / "filler").unlink()
    assert load(full, tmp_path).status == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="a folder is made read-only by mounting it so, which takes root")
def test_a_folder_that_can_only_be_read(demo_instance: Instance, small: Path, tmp_path: Path) -> None:
    shutil.copy(demo_instance.folder / "fundapp.sqlite", small / "fundapp.sqlite")
    still = Instance(small)
    assert still("ledger", "verify").status == 0  # makes the keys, and the files beside the database
    libc = ctypes.CDLL(None, use_errno=True)
    assert libc.mount(b"none", str(small).encode(), b"tmpfs", 1 | 32, None) == 0  # MS_RDONLY | MS_REMOUNT
    said = still("import", "contributions", schedule_in(tmp_path))
    assert said.status == 1
    assert "nothing was changed" in one_sentence(said)


def schedule_in(folder: Path) -> Path:
    path = folder / "schedule.csv"
    path.write_text("year,fund_code,contributor,group,amount_usd\n2031,UPR,France,Government,1\n")
    return path


# ------------------------------------------------------------------------------------------- terminals, pipes, signals


@pytest.mark.parametrize(
    "environment",
    [
        {"LANG": "C", "LC_ALL": "C"},
        {"PYTHONIOENCODING": "ascii"},
        {"LC_ALL": "fr_FR.ISO-8859-1", "TZ": "Pacific/Kiritimati", "LANGUAGE": "fr"},
    ],
    ids=["C", "ascii", "latin-1"],
)
def test_the_locale_of_the_machine_makes_no_difference(demo_instance: Instance, environment: dict[str, str]) -> None:
    said = demo_instance(*STATEMENT, "--language", "zh", "--format", "csv", **environment)
    assert (said.status, said.err) == (0, "")
    assert "荷兰,30000.00" in said.out


def test_arguments_are_letters_whatever_the_locale(demo_instance: Instance) -> None:
    said = demo_instance("published", "show", "UPR", "法", LANG="C", LC_ALL="C")
    assert (said.status, one_sentence(said)) == (1, "No document 法 is loaded for UPR. There are: A/HRC/47/19.")


def test_a_reader_that_has_enough(demo_instance: Instance) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    for words in (("published", "check", "UPR", SYMBOL), (*STATEMENT, "--format", "json")):
        process = started(demo_instance, *words, stdout=writing, stderr=subprocess.PIPE)
        _, err = process.communicate(timeout=60)
        assert (process.returncode, err) == (0, b"")
    os.close(writing)


def test_output_that_cannot_be_written(demo_instance: Instance) -> None:
    with open("/dev/full", "wb") as full:
        process = started(demo_instance, *STATEMENT, stdout=full, stderr=subprocess.PIPE)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert err.decode() == "What the command says cannot be written: No space left on device.\n"


def test_a_workbook_is_not_poured_over_a_terminal(demo_instance: Instance) -> None:
    controlling, terminal = pty.openpty()
    process = started(demo_instance, *STATEMENT, "--format", "xlsx", stdout=terminal, stderr=subprocess.PIPE)
    _, err = process.communicate(timeout=60)
    os.close(terminal)
    os.close(controlling)
    assert process.returncode == 2
    assert b"give --output FILE" in err


def test_stopped_by_hand_it_leaves_the_books_as_they_were(instance: Instance, tmp_path: Path) -> None:
    files = tables().write(tmp_path)
    with closing(sqlite3.connect(instance.folder / "fundapp.sqlite", isolation_level=None)) as other:
        before = digest(instance)
        other.execute("PRAGMA journal_mode=WAL")
        other.execute("BEGIN IMMEDIATE")  # so that the command is still waiting when the signal comes
        words = ("published", "import", "UPR", SYMBOL)
        process = started(instance, *words, *files, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        while not has_open(process, "fundapp.sqlite-wal"):
            sleep(0.01)
        sleep(1)  # on a busy machine it needs that long from opening the file to waiting for the other
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        other.execute("ROLLBACK")
    assert (process.returncode, out) == (130, b"")
    assert b"Traceback" not in err
    assert digest(instance) == before
    assert instance("trail", "verify").status == 0


def test_a_file_whose_name_is_no_text(instance: Instance, tmp_path: Path) -> None:
    odd = tmp_path / os.fsdecode(b"sch\xe9dule\x1b[2J.csv")
    schedule_in(tmp_path).rename(odd)
    said = instance("import", "contributions", odd)
    assert (said.status, said.err) == (0, "")
    assert said.out.startswith("sch\ufffddule\ufffd[2J.csv: 1 rows loaded")
    assert instance("trail", "verify").status == 0


@pytest.mark.parametrize("words", [(), ("published", "import", "--help")])
def test_help_needs_no_database(given: dict[str, str], tmp_path: Path, words: tuple[str, ...]) -> None:
    said = Instance(tmp_path / "none")(*words)
    assert said.status == (0 if words else 2)
    assert "Usage: fundapp" in said.out + said.err
    assert not (tmp_path / "none").exists()
