"""Sending the letters of the outbox: once each, in the background, and not at all without a mail server."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

import click
from flask import Flask, current_app

from fundapp.access.models import Letter, letter_kept
from fundapp.access.operations import Console, claim_letter, keep_failure, keep_sent
from fundapp.access.queries import letters_waiting
from fundapp.kernel.database import db
from fundapp.kernel.errors import refuse
from fundapp.kernel.work import unit_of_work

TIMEOUT = 20.0  # seconds for each answer of the mail server
# What a server says about one letter; anything else is about the server, and the others need not be tried.
OF_ONE_LETTER = (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError, ValueError)
PORTS = {"smtps": 465, "smtp": 587, "smtp+plain": 25}


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of the letters: taken by the server, not taken this time, still waiting."""

    sent: int
    failed: int
    waiting: int


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where letters go: smtps://user:password@host (TLS from the start), smtp://… (STARTTLS, required), or
    smtp+plain://… (no encryption: for a relay on the same machine)."""

    scheme: str
    host: str
    port: int
    user: str
    password: str
    timeout: float = TIMEOUT


def mail_server(url: str, timeout: float = TIMEOUT) -> MailServer:
    """The mail server that a setting names; refused when it names none."""
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS[parts.scheme]
    except (ValueError, KeyError):
        raise refuse("mail.url-invalid") from None
    if not parts.hostname:
        raise refuse("mail.url-invalid")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return MailServer(parts.scheme, parts.hostname, port, user, password, timeout)


@contextmanager
def _connection(server: MailServer) -> Iterator[smtplib.SMTP]:
    secure = ssl.create_default_context()
    if server.scheme == "smtps":
        opened: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=server.timeout, context=secure)
    else:
        opened = smtplib.SMTP(server.host, server.port, timeout=server.timeout)
    with opened as connection:
        if server.scheme == "smtp":
            connection.starttls(context=secure)
        if server.user:
            connection.login(server.user, server.password)
        yield connection


def message(letter: Letter, sender: str) -> EmailMessage:
    """The letter as mail. Its Message-ID is always the same: should a crash have it sent twice, that shows."""
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = letter.title, sender, letter.recipient
    mail["Date"] = format_datetime(letter.written_at.replace(tzinfo=UTC))
    mail["Message-ID"] = f"<letter-{letter.id}@{sender.rpartition('@')[2].strip('>') or 'localhost'}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(letter.body)
    mail["Content-Language"] = letter.language
    return mail


def send_waiting(app: Flask, timeout: float = TIMEOUT) -> Counts:
    """Send every letter that is due. Each is claimed first, so that two processes never send the same; a server that
    cannot be reached ends the round. Refused without FUNDAPP_SMTP_URL."""
    sent = failed = 0
    with app.app_context():
        server = mail_server(str(app.config.get("FUNDAPP_SMTP_URL") or ""), timeout)
        while (letter := _claim()) is not None:
            problem = _send(server, letter)
            _settle(letter, problem)
            sent, failed = sent + (problem is None), failed + (problem is not None)
            if problem is not None and not isinstance(problem, OF_ONE_LETTER):
                break
        return Counts(sent, failed, letters_waiting(db.session()))


def _claim() -> Letter | None:
    with unit_of_work(Console()) as work:
        return claim_letter(work, None)


def _send(server: MailServer, letter: Letter) -> Exception | None:
    mail = message(letter, str(current_app.config.get("FUNDAPP_MAIL_FROM") or "fundapp@localhost"))
    db.session.rollback()  # nothing of the database is held while a server thinks
    try:
        with _connection(server) as connection:
            connection.send_message(mail)
    except (smtplib.SMTPException, OSError, ValueError) as problem:
        return problem
    return None


def _settle(letter: Letter, problem: Exception | None) -> None:
    with unit_of_work(Console()) as work:
        if problem is None:
            keep_sent(work, letter)
        else:
            keep_failure(work, letter, f"{type(problem).__name__}: {problem}")


@letter_kept.connect
def _show(letter: Letter) -> None:
    """In a demonstration nothing leaves the machine: the letter is printed where the server runs."""
    if current_app.config.get("FUNDAPP_DEMONSTRATION"):
        click.echo(f"\nLetter to {letter.recipient}: {letter.title}\n\n{letter.body}\n", err=True)
