"""A file that is looked at before it is taken in: kept when it is sent, read again when somebody says yes."""

from __future__ import annotations

from pathlib import Path

from werkzeug.datastructures import FileStorage

from fundapp.finance.forms.bank import LookForm, TakeForm
from fundapp.kernel.errors import refuse
from fundapp.kernel.sheets import LARGEST
from fundapp.kernel.text import printable
from fundapp.recommendations.layouts.incoming import Incoming, incoming
from fundapp.recommendations.views.blueprint import files

LONGEST_NAME = 200


def keep_sent(look: LookForm, take: TakeForm) -> Incoming:
    """Keep the file that was sent, and name it in the form that may take it in."""
    sent = look.file.data
    if not look.validate() or not isinstance(sent, FileStorage) or not sent.filename:
        raise refuse("bank.no-file")
    name = printable(sent.filename)[:LONGEST_NAME]
    take.digest.data, take.name.data = files().keep(sent.stream, name, LARGEST).digest, name
    return kept(take)


def kept(take: TakeForm) -> Incoming:
    """The file that a form names; refused where there is none."""
    path = files().path(take.digest.data or "") if take.digest.validate(take) else Path()
    if not path.is_file():
        take.digest.data = ""
        raise refuse("bank.gone")
    return incoming(path, printable(take.name.data or "-")[:LONGEST_NAME])
