"""fundapp certificate list, show and verify; fundapp period list, begin and close."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from fundapp.access.operations import Console
from fundapp.access.queries import names_of
from fundapp.finance.models import Certificate
from fundapp.finance.operations.closing import begin_closing, close_period
from fundapp.finance.queries.certifying import (
    as_certified,
    certificate_numbered,
    certificates,
    faults_of,
    from_the_books,
)
from fundapp.finance.queries.closing import period_of, rows_of_year
from fundapp.finance.rules.certifying import Statement, compared
from fundapp.finance.rules.closing import Span, span_from, span_of
from fundapp.finance.rules.reports import Report
from fundapp.funds.models import Fund
from fundapp.funds.queries import named_fund
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.errors import refuse
from fundapp.kernel.languages import LANGUAGES
from fundapp.kernel.money import decimal_text
from fundapp.kernel.text import printable
from fundapp.kernel.work import unit_of_work
from fundapp.publishing.documents.reports import cell_names
from fundapp.publishing.drawing import draw
from fundapp.publishing.words import Words
from fundapp.web.cli.books import save
from fundapp.web.sentences import sentence

NOTHING = "-"


@click.group("certificate")
def certificate() -> None:
    """Statements that three people certify."""


@certificate.command("list")
@click.argument("fund")
@click.option("--format", "kind", type=click.Choice(["text", "json"]), default="text", show_default=True)
def list_certificates(fund: str, kind: str) -> None:
    """The statements of FUND that were prepared to be certified, the newest period first."""
    rows = [_facts(one) for one in certificates(db.session(), named_fund(db.session(), fund).id)]
    if kind == "json":
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        click.echo("  ".join(str(row[name] or NOTHING) for name in ("number", "kind", "period", "stage", "digest")))
    if not rows:
        click.echo("No statements.")


def _facts(one: Certificate) -> dict[str, Any]:
    return {
        "number": one.number, "kind": one.kind.value, "period": str(span_of(one.first, one.last)),
        "stage": one.stage.value, "digest": one.digest, "entries": one.entries, "layout": one.layout,
    }  # fmt: skip


def _named(fund: Fund, number: str) -> Certificate:
    if (found := certificate_numbered(db.session(), fund.id, number)) is not None:
        return found
    known = ", ".join(one.number for one in certificates(db.session(), fund.id) if one.number) or NOTHING
    raise refuse("certificate.unknown", fund=fund.code, number=number[:20], known=known)


@certificate.command("show")
@click.argument("fund")
@click.argument("number")
@click.option("--format", "kind", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="write its PDF to this file")
def show(fund: str, number: str, kind: str, language: str, output: Path | None) -> None:
    """Certified statement NUMBER of FUND, beside what the books say now."""
    of = named_fund(db.session(), fund)
    found = _named(of, number)
    people = [found.prepared_by, found.reviewed_by or "", found.certified_by or ""]
    shown = as_certified(found, names_of(db.session(), people))
    if output is not None:
        save(draw(shown, language, "pdf"), output)
        return
    lines = _lines(shown.facts, from_the_books(db.session(), of, found), language)
    if kind == "json":
        click.echo(json.dumps(_facts(found) | {"lines": lines}, ensure_ascii=False, indent=2))
        return
    click.echo(printable("  ".join(f"{name} {value}" for name, value in _facts(found).items())))
    for line in lines:
        said = "" if line["restated"] in (None, "0.00") else f"  restated {line['now']} ({line['restated']})"
        click.echo(printable(f"{line['line']:<24}{line['certified'] or '':>20}{said}"))


def _lines(then: Statement, now: Statement, language: str) -> list[dict[str, str | None]]:
    names: dict[tuple[str, str], tuple[str, str]] = {}
    for one in (now, then):
        if isinstance(one, Report):
            names |= cell_names(one, Words(language))
    return [
        {
            "line": " ".join(part for part in row.key if part),
            "label": ", ".join(names[row.key]) if row.key in names else row.labels.get(language, ""),
            "certified": _amount(row.certified), "now": _amount(row.now), "restated": _amount(row.restated),
        }
        for row in compared(then, now)
    ]  # fmt: skip


def _amount(cents: int | None) -> str | None:
    return None if cents is None else decimal_text(cents)


@certificate.command("verify")
@click.argument("fund")
def verify(fund: str) -> int:
    """Whether every statement of FUND is still what was prepared, and was signed by three people."""
    every = certificates(db.session(), named_fund(db.session(), fund).id)
    faults = [fault for one in every for fault in faults_of(db.session(), one)]
    for fault in faults:
        click.echo(printable(sentence(fault)), err=True)
    click.echo(f"{len(every)} statements: {'found wanting.' if faults else 'all hold.'}")
    return 1 if faults else 0


@click.group("period")
def period() -> None:
    """Months and years that close."""


@period.command("list")
@click.argument("fund")
@click.option("--year", type=click.IntRange(2008, 2999), help="this year if none is given")
def list_periods(fund: str, year: int | None) -> None:
    """A year of FUND and its months: open, closing or closed."""
    for row in rows_of_year(db.session(), named_fund(db.session(), fund).id, year or today().year):
        click.echo(f"{row.span!s:<10}{row.stage}")


def _span(text: str) -> Span:
    if (found := span_from(text)) is None:
        raise refuse("period.unknown", text=text[:40])
    return found


@period.command("begin")
@click.argument("fund")
@click.argument("span", metavar="PERIOD")
def begin(fund: str, span: str) -> None:
    """Begin to close PERIOD of FUND, a year like 2020 or a month like 2020-03."""
    with unit_of_work(Console()) as work:
        begin_closing(work, named_fund(work.session, fund), _span(span))
    click.echo(f"{fund}: {span} is being closed.")


@period.command("close")
@click.argument("fund")
@click.argument("span", metavar="PERIOD")
def close(fund: str, span: str) -> None:
    """Close PERIOD of FUND, whose checklist is complete."""
    with unit_of_work(Console()) as work:
        found = period_of(work.session, named_fund(work.session, fund).id, _span(span))
        if found is None:
            raise refuse("period.is-open", period=span)
        close_period(work, found, found.version)
    click.echo(f"{fund}: {span} is closed.")


COMMANDS = (certificate, period)
