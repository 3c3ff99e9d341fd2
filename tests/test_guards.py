"""What must hold over the whole application, whoever adds the next page, verb or table."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

import dev
from conftest import ROOT, sqlite_app
from fundapp.access.gate import declared, undeclared
from fundapp.access.operation import OPERATIONS
from fundapp.access.operations import Anonymous, Console
from fundapp.access.policy import OF_AN_OFFICE, POLICY, Actor, Held, Permission, Role, may
from fundapp.kernel.base import Base

SNAPSHOTS = ROOT / "tests/snapshots"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
MODULES = sorted((ROOT / "fundapp").rglob("*.py"))


def agrees(request: pytest.FixtureRequest, name: str, lines: list[str]) -> None:
    """A file in tests/snapshots says what the program is, so that a change of it is read by a person."""
    path, text = SNAPSHOTS / f"{name}.txt", "\n".join(lines) + "\n"
    if request.config.getoption("--snapshot-update"):
        path.write_text(text, "utf-8")
    kept = path.read_text("utf-8") if path.exists() else ""
    assert text == kept, "if this is meant: python3 dev.py test --fast -- tests/test_guards.py --snapshot-update"


@pytest.fixture(scope="module")
def whole(given: dict[str, str]) -> Flask:
    """The application with all its pages; no database is asked."""
    return sqlite_app()


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


# ------------------------------------------------------------------------------------------------------- pages


def test_every_endpoint_says_whom_it_is_for(whole: Flask, request: pytest.FixtureRequest) -> None:
    assert undeclared(whole) == []
    lines = []
    for rule in whole.url_map.iter_rules():
        verbs = ",".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        lines.append(f"{rule.rule:60} {verbs:10} {rule.endpoint:40} {declared(whole, rule.endpoint)}")
    agrees(request, "endpoints", sorted(lines))


def test_no_page_is_exempt_from_the_token_of_its_form(whole: Flask) -> None:
    token = whole.extensions["csrf"]
    assert not token._exempt_views and not token._exempt_blueprints


# ------------------------------------------------------------------------------------------------- who may do what


@dataclass(frozen=True)
class Given:
    """A role, held everywhere unless it says where."""

    role: Role
    fund_id: int | None = None
    office_id: int | None = None


@dataclass(frozen=True)
class Someone:
    """A person who holds these roles and nothing else."""

    grants: tuple[Held, ...] = ()
    id: int = 7


@dataclass(frozen=True)
class Thing:
    """Something to act on: about a person, prepared by one, of a fund and an office."""

    id: int = 99
    prepared_by_id: int = 99
    fund_id: int | None = None
    office_id: int | None = None


def said(actor: Actor, permission: Permission) -> str:
    """yes, no, or for which things: own ones, those of others, those somebody else prepared."""
    other = may(actor, permission, Thing())
    own = may(actor, permission, Thing(id=actor.id))
    prepared = may(actor, permission, Thing(prepared_by_id=actor.id))
    found = {(True, True, True): "yes", (False, False, False): "no", (False, True, False): "own",
             (True, False, True): "others", (True, True, False): "not-prepared"}  # fmt: skip
    return found[other, own, prepared]


def test_matrix_of_roles_and_permissions(request: pytest.FixtureRequest) -> None:
    actors: dict[str, Actor] = {"anonymous": Anonymous(), "no-role": Someone(), "console": Console()}
    actors |= {role.value: Someone((Given(role),)) for role in Role}
    lines = [
        f"{permission:24} {name:20} {answer}"
        for permission in Permission
        for name, actor in actors.items()
        if (answer := said(actor, permission)) != "no"
    ]
    agrees(request, "matrix", lines)


def test_the_policy_lists_every_permission() -> None:
    assert set(POLICY) == set(Permission)


def test_every_permission_is_asked_for_somewhere(whole: Flask) -> None:
    """Or it is a promise that nothing keeps."""
    asked = {declared(whole, rule.endpoint) for rule in whole.url_map.iter_rules()} | set(OPERATIONS.values())
    text = "".join(path.read_text("utf-8") for path in MODULES if path.name != "policy.py")
    assert not [p for p in Permission if p not in asked and f"Permission.{p.name}" not in text]


@pytest.mark.parametrize("role", Role)
def test_a_role_in_one_fund_gives_nothing_in_another(role: Role) -> None:
    here, nobody = Someone((Given(role, fund_id=1),)), Someone()
    elsewhere = Thing(fund_id=2)
    assert [p for p in Permission if may(here, p, elsewhere) != may(nobody, p, elsewhere)] == []


@pytest.mark.parametrize("role", sorted(OF_AN_OFFICE))
def test_a_role_in_one_office_gives_nothing_in_another(role: Role) -> None:
    here, nobody = Someone((Given(role, office_id=1),)), Someone()
    elsewhere = Thing(office_id=2)
    assert [p for p in Permission if may(here, p, elsewhere) != may(nobody, p, elsewhere)] == []


def test_an_auditor_changes_nothing(whole: Flask) -> None:
    """Reads everything that is to be read, and no operation but those on one's own sign-in."""
    auditor, nobody = Someone((Given(Role.AUDITOR),)), Someone()
    assert not [name for name, p in OPERATIONS.items() if may(auditor, p, Thing()) and not may(nobody, p, Thing())]


def test_an_administrator_has_no_say_over_money() -> None:
    administrator, officer = Someone((Given(Role.ADMINISTRATOR),)), Someone((Given(Role.FINANCE_OFFICER),))
    money = [p for p in Permission if may(officer, p, Thing()) and not may(Someone(), p, Thing())]
    assert money and not [p for p in money if may(administrator, p, Thing()) and not p.value.endswith(":read")]


# ------------------------------------------------------------------------------------------------------ operations


def operations(path: Path) -> bool:
    return "operations" in (path.stem, path.parent.name)


def takes_work(node: ast.FunctionDef) -> bool:
    return any(arg.annotation is not None and ast.unparse(arg.annotation) == "Work" for arg in node.args.args)


def is_operation(node: ast.FunctionDef) -> bool:
    return any(isinstance(d, ast.Call) and ast.unparse(d.func) == "operation" for d in node.decorator_list)


def test_every_operation_is_known(whole: Flask, request: pytest.FixtureRequest) -> None:
    ours = {name: permission for name, permission in OPERATIONS.items() if not name.startswith("tests.")}
    agrees(request, "operations", [f"{name:50} {permission}" for name, permission in sorted(ours.items())])


def test_what_is_done_to_the_fund_is_an_operation() -> None:
    """A public verb that takes the unit of work and is no operation would write under another's permission."""
    found = [
        f"{shown(path)}:{node.lineno} {node.name}"
        for path in filter(operations, MODULES)
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef)
        and takes_work(node)
        and not node.name.startswith("_")
        and not is_operation(node)
    ]
    assert not found, found


def calls(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            yield node.lineno, ast.unparse(node.func)


def test_one_place_commits() -> None:
    found = [
        shown(path)
        for path in MODULES
        for _, name in calls(path)
        if name.endswith(("session.commit", ".session().commit"))
    ]
    assert found == ["fundapp/kernel/work.py"]


def test_rows_are_added_only_in_operations() -> None:
    """Flask-Security's own rows come by its datastore, which goes through the same door."""
    found = {
        f"{shown(path)}:{line}"
        for path in MODULES
        for line, name in calls(path)
        if re.search(r"session(\(\))?\.(add|add_all|delete|merge|bulk_\w+)$", name)
        and not operations(path)
        and path.name not in ("datastore.py", "outbox.py")
    }
    assert not found


# ---------------------------------------------------------------------------------------------------------- tables


def layers() -> list[str]:
    """The packages, lowest first, as the contract in pyproject.toml has them."""
    kept = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    [facts] = [contract for contract in kept if contract["name"].startswith("facts flow one way")]
    return [name.strip("()") for name in reversed(facts["layers"])]


def packages() -> dict[str, str]:
    """Table -> package."""
    found = {m.class_.__table__.name: m.class_.__module__.split(".")[1] for m in Base.registry.mappers}
    for path in MODULES:
        if path.stem == "models" or path.parent.name == "models" or path.parent.name == "kernel":
            for name in re.findall(r"""Table\(\s*["'](\w+)["']""", path.read_text("utf-8")):
                found.setdefault(name, path.relative_to(ROOT / "fundapp").parts[0])
    return found


def test_foreign_keys_follow_the_layers(whole: Flask) -> None:
    """A table knows only what is settled before it, as its package does."""
    order, of = layers(), packages()
    wrong = [
        f"{table.name} -> {key.column.table.name}"
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if order.index(of[table.name]) < order.index(of[key.column.table.name])
    ]
    assert not wrong and len(Base.metadata.tables) > 20


def test_relationships_follow_the_layers(whole: Flask) -> None:
    order = layers()

    def height(kind: type) -> int:
        return order.index(kind.__module__.split(".")[1])

    wrong = [
        f"{mapper.class_.__name__}.{relation.key}"
        for mapper in Base.registry.mappers
        for relation in mapper.relationships
        if height(mapper.class_) < height(relation.mapper.class_)
    ]
    assert not wrong


def test_no_rows_escape_the_trail(whole: Flask) -> None:
    """Rows of a `secondary` table never enter the session; a database cascade deletes without it."""
    for mapper in Base.registry.mappers:
        assert all(relation.secondary is None and not relation.passive_deletes for relation in mapper.relationships)
    assert not [
        fk for table in Base.metadata.tables.values() for fk in table.foreign_keys if fk.ondelete or fk.onupdate
    ]


def test_money_is_whole(whole: Flask) -> None:
    """No float and no numeric column: SQLite would keep either as a float."""
    kinds = {f"{t.name}.{c.name}": str(c.type) for t in Base.metadata.tables.values() for c in t.columns}
    assert not [name for name, kind in kinds.items() if re.match("FLOAT|REAL|DOUBLE|NUMERIC|DECIMAL", kind)]


# ------------------------------------------------------------------------------------------------------- templates

JINJA = re.compile(r"\{#.*?#\}|\{%-?\s*trans\b.*?endtrans\s*-?%\}|\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
ATTRIBUTE = re.compile(r"""\b(?:aria-label|aria-description|title|placeholder|alt|label)\s*=\s*"([^"]*)\"""")


def bare(path: Path) -> str:
    """A template without Jinja's parts; what a marked text leaves behind is a blank."""
    return JINJA.sub(" ", path.read_text("utf-8"))


@pytest.mark.parametrize("path", TEMPLATES, ids=shown)
def test_templates_hold_no_script_or_style(path: Path) -> None:
    """The content security policy refuses both: they would be there and do nothing."""
    text = path.read_text("utf-8")
    assert not re.search(r"<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:", text, re.IGNORECASE)
    assert not [tag for tag in re.findall(r"<script\b[^>]*>", text, re.IGNORECASE) if "src=" not in tag]


@pytest.mark.parametrize("path", TEMPLATES, ids=shown)
def test_templates_escape_everything(path: Path) -> None:
    assert not re.search(r"\|\s*safe\b|autoescape\s+false", path.read_text("utf-8"))


@pytest.mark.parametrize("path", TEMPLATES, ids=shown)
def test_templates_mark_every_word_for_translation(path: Path) -> None:
    text = bare(path)
    words = re.sub(r"<[^>]*>|&\w+;|&#\d+;", " ", text)
    words = re.sub(r"""[\w-]+="[^"]*\"""", " ", words) + " ".join(ATTRIBUTE.findall(text))
    found = [word for word in re.findall(r"[A-Za-z]{3,}", words) if word not in ("doctype", "fundapp", "UTC")]
    assert not found, found[:10]


@pytest.mark.parametrize("path", TEMPLATES, ids=shown)
def test_templates_lay_out_for_both_directions(path: Path) -> None:
    """left and right are for neither Arabic nor the others: start and end."""
    assert not re.search(r"""(align|float)=["'](left|right)""", path.read_text("utf-8"))


# ---------------------------------------------------------------------------------------------- what is kept in git

WRITTEN = {".py", ".html", ".txt", ".in", ".md", ".csv", ".toml", ".ini", ".mako", ".json", ".scss", ".js", ".mjs"}
WRITTEN |= {".svg", ".po", ".cfg"}
NAMED = {".gitignore", ".npmrc", "LICENSE", "README", "run", ".gitattributes", ".editorconfig"}
LARGE = 100_000  # bytes; beside locks and catalogues nothing that we write comes near


def tracked() -> list[Path]:
    """The files of the repository; of an unpacked archive, all that no set-up made."""
    if (ROOT / ".git").exists():
        command = ["git", "-c", "safe.directory=*", "ls-files", "-z"]
        found = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
        return [ROOT / name for name in found if name and (ROOT / name).exists()]
    made = {".venv", "build", "node_modules", "instance", "__pycache__", ".mypy_cache", ".ruff_cache"}
    return [p for p in ROOT.rglob("*") if p.is_file() and not made & set(p.parts) and p.suffix not in (".mo", ".pyc")]


def test_nothing_is_kept_but_what_we_wrote() -> None:
    """Assets and fonts of others are dependencies, built files are built, databases stay at home."""
    odd = [shown(p) for p in tracked() if p.suffix not in WRITTEN and p.name not in NAMED]
    assert not odd
    assert not [shown(p) for p in tracked() if "node_modules" in p.parts or p.name.endswith((".min.js", ".min.css"))]


def test_everything_kept_is_text_of_a_size_to_read() -> None:
    for path in tracked():
        content = path.read_bytes()
        content.decode("utf-8")
        lock = path.name.startswith(("requirements", "package-lock")) or path.suffix == ".po"
        assert b"\0" not in content and b"\r" not in content and (lock or len(content) < LARGE), shown(path)


@pytest.mark.parametrize("name", [*(f"{name}.txt" for name in dev.LOCKS), "package-lock.json"])
def test_no_lock_tells_where_packages_were_fetched(name: str) -> None:
    assert not dev.names_a_host(name)


@pytest.mark.parametrize("name", [f"{name}.txt" for name in dev.LOCKS])
def test_every_locked_package_has_its_hashes(name: str) -> None:
    text = (ROOT / name).read_text("utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    assert lines and all("==" in line and "--hash=sha256:" in line for line in lines)
