"""A command that needs no pages says and does the same without them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from fundapp.web.cli import LEAN, lean, run
from fundapp.web.cli.main import run as run_whole

HEAVY = ("fundapp.web.assemble", "flask_migrate", "reportlab", "docx", "numpy", "highspy", "PIL")


@pytest.fixture
def begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation of its own, with a fund and its accounts."""
    monkeypatch.setenv("FUNDAPP_INSTANCE", str(tmp_path))
    monkeypatch.setenv("FUNDAPP_DATABASE_URL", "")
    assert run(["init"]) == 0
    return tmp_path


def extract(folder: Path, amount: str) -> str:
    """A file of one line."""
    path = folder / "extract.csv"
    path.write_text(
        "Posting date,Document,Line,Fund,Project,Class,Text,Currency,Amount,Amount in USD,Kind,Commitment\n"
        f"2021-03-04,5100000001,1,UPR,,010,Salaries,USD,{amount},{amount},actual,\n",
        encoding="utf-8",
    )
    return str(path)


@pytest.mark.parametrize("amount", ["12.50", "many"])
@pytest.mark.parametrize("more", [["--dry-run"], ["--layout", "none"], ["--fund", "NONE"], ["--nothing"]])
def test_it_says_the_same(begun: Path, capfd: pytest.CaptureFixture[str], amount: str, more: list[str]) -> None:
    words = ["import", "expenditure", extract(begun, amount), "--fund", "UPR", *more]
    capfd.readouterr()
    first = lean.run(words), *capfd.readouterr()
    assert run_whole(words) == first[0]
    assert capfd.readouterr() == first[1:]
    assert first[1] or first[2]


def test_it_takes_a_file_once(begun: Path, capfd: pytest.CaptureFixture[str]) -> None:
    words = ["import", "expenditure", extract(begun, "12.50"), "--fund", "UPR"]
    assert run(words) == 0
    assert "Batch 1." in capfd.readouterr().out
    assert run(words) == 0
    assert "nothing was changed" in capfd.readouterr().out
    assert run(["ledger", "verify"]) == 0


@pytest.mark.parametrize("command", sorted(LEAN))
def test_it_loads_no_pages(command: tuple[str, str]) -> None:
    """Half the memory of an import of 100,000 lines was pages that it does not show."""
    module, _name = LEAN[command]
    loaded = f"import sys, fundapp.web.cli.lean, {module}; print(*(name for name in {HEAVY!r} if name in sys.modules))"
    found = subprocess.run([sys.executable, "-c", loaded], check=True, capture_output=True, text=True)
    assert found.stdout.strip() == ""
