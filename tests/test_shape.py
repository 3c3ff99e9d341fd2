"""The shape of the code: short functions, small modules, everything typed, every public verb explained."""

from __future__ import annotations

import ast
import statistics
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
Function = ast.FunctionDef | ast.AsyncFunctionDef
MEDIAN, NINE_IN_TEN, MOST = 8, 25, 60  # lines of a function
MODULE = 400  # lines of a module


def program() -> list[Path]:
    return [*sorted((ROOT / "fundapp").rglob("*.py")), ROOT / "dev.py"]


def sources() -> list[Path]:
    """Everything that we wrote in Python but the migrations, which are records of what was done."""
    return [*program(), *(p for name in ("tests", "bench") for p in sorted((ROOT / name).rglob("*.py")))]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def named(path: Path, node: ast.AST, said: str) -> str:
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 1)} {said}"


def functions(path: Path) -> Iterator[Function]:
    return (node for node in ast.walk(tree(path)) if isinstance(node, Function))


def length(node: Function) -> int:
    """Lines of a function from its name to its end, docstring and all."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_functions_are_short() -> None:
    lengths = sorted(length(node) for path in program() for node in functions(path))
    assert statistics.median(lengths) <= MEDIAN
    assert lengths[int(len(lengths) * 0.9)] <= NINE_IN_TEN


def test_no_function_is_long() -> None:
    found = [named(p, n, f"{n.name}: {length(n)} lines") for p in sources() for n in functions(p) if length(n) > MOST]
    assert not found, found


def test_no_module_is_long() -> None:
    counted = {path: len(path.read_text("utf-8").splitlines()) for path in sources()}
    found = [f"{path.relative_to(ROOT)}: {lines} lines" for path, lines in counted.items() if lines > MODULE]
    assert not found, found


def test_nothing_is_imported_inside_a_function() -> None:
    """An import at the top can be seen, ordered and forbidden; one inside cannot."""
    found = [
        named(path, inner, f"import in {node.name}")
        for path in sources()
        for node in functions(path)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert not found, found


def untyped(node: Function) -> bool:
    given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    given += [extra for extra in (node.args.vararg, node.args.kwarg) if extra is not None]
    return node.returns is None or any(
        arg.annotation is None for arg in given if arg.arg not in ("self", "cls", "_", "__")
    )


def test_everything_is_typed() -> None:
    found = [named(path, node, node.name) for path in sources() for node in functions(path) if untyped(node)]
    assert not found, found


def public(path: Path) -> Iterator[Function | ast.ClassDef]:
    """What a module offers to others: its functions and classes, and the methods that are not the framework's."""
    return (n for n in tree(path).body if isinstance(n, Function | ast.ClassDef) and not n.name.startswith("_"))


@pytest.mark.parametrize("folder", sorted(p.name for p in (ROOT / "fundapp").iterdir() if (p / "__init__.py").exists()))
def test_public_names_are_explained(folder: str) -> None:
    """One sentence on each: what it means to the fund."""
    paths = sorted((ROOT / "fundapp" / folder).rglob("*.py"))
    found = [named(path, node, node.name) for path in paths for node in public(path) if not ast.get_docstring(node)]
    assert not found, found


def test_modules_are_explained() -> None:
    found = [str(path.relative_to(ROOT)) for path in sources() if not ast.get_docstring(tree(path))]
    assert not found, found


FORBIDDEN_WORDS = ("Manager", "Helper", "Service", "Util", "Utils", "Data", "Common")


def test_names_are_of_the_field() -> None:
    """No Manager, Helper, Service, Util, Data or common: names that say nothing of the fund."""
    modules = [p for p in program() if p.stem.lower() in {word.lower() for word in FORBIDDEN_WORDS}]
    classes = [
        named(path, node, node.name)
        for path in program()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef) and node.name.endswith(FORBIDDEN_WORDS)
    ]
    assert not modules and not classes, (modules, classes)


def test_code_runs_on_python_3_11() -> None:
    """`def f[T]` and `type X =` came with 3.12; mypy and ruff on a newer Python would let them pass."""
    for path in sources():
        ast.parse(path.read_text("utf-8"), str(path), feature_version=(3, 11))
