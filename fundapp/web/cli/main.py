"""The command `fundapp` and its groups."""

from __future__ import annotations

import click

from fundapp.web.assemble import create_app
from fundapp.web.cli import (
    answers,
    banking,
    boards,
    books,
    budgets,
    calls,
    certificates,
    decisions,
    donors,
    dossiers,
    extracts,
    minutes,
    notices,
    people,
    plans,
    proposals,
    published,
    ranking,
    receiving,
    recommendations,
    register,
    reports,
    session_dossiers,
    setup,
    spending,
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def fundapp() -> None:
    """The system that a United Nations voluntary fund runs on: the command line beside its pages."""


for command in (
    *setup.COMMANDS,
    *people.COMMANDS,
    *published.COMMANDS,
    *books.COMMANDS,
    *certificates.COMMANDS,
    *plans.COMMANDS,
    *register.COMMANDS,
    *calls.COMMANDS,
    *proposals.COMMANDS,
    *notices.COMMANDS,
    *dossiers.COMMANDS,
    *ranking.COMMANDS,
    *boards.COMMANDS,
    *minutes.COMMANDS,
    *session_dossiers.COMMANDS,
    *decisions.COMMANDS,
    *receiving.COMMANDS,
    *donors.COMMANDS,
    *spending.COMMANDS,
    *reports.COMMANDS,
):
    fundapp.add_command(command)
for command in reports.STATEMENTS:
    books.statements.add_command(command)
for command in (*recommendations.COMMANDS, *banking.COMMANDS, *extracts.COMMANDS):
    published.import_.add_command(command)
published.import_.add_command(plans.import_plan_file)
proposals.proposal.add_command(budgets.show_budget)
published.import_.add_command(budgets.import_budget)


def run(words: list[str]) -> int:
    """The exit status of a command."""
    return answers.run(words, fundapp, create_app)


def answer(words: list[str]) -> int:
    """The exit status of a command, inside the application that is there."""
    return answers.answer(words, fundapp)
