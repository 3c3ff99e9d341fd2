"""The demonstration's part of the register: invented recommendations, and what people did with them."""

from __future__ import annotations

from importlib import resources

from sqlalchemy.orm import Session

from fundapp.access.operations import Console
from fundapp.kernel.errors import Faults
from fundapp.kernel.work import Work, unit_of_work
from fundapp.recommendations.layouts.incoming import incoming
from fundapp.recommendations.operations import import_file
from fundapp.recommendations.queries import imports, world
from fundapp.recommendations.rules import Reading

# File -> its layout and the language of its texts.
FILES = {
    "recommendations.json": ("uhri-json", "en"),
    "recommendations_by_state.csv": ("upr-info", "en"),
    "recommandations.json": ("uhri-json", "fr"),
}


def demonstrate(session: Session) -> bool:
    """Put the invented recommendations into a register that has none; False where it has."""
    if imports(session):
        return False
    for name in FILES:
        with unit_of_work(Console()) as work:
            _take(work, name)
    return True


def _take(work: Work, name: str) -> None:
    layout, language = FILES[name]
    with resources.as_file(resources.files("fundapp.web.demonstration").joinpath(name)) as path:
        file = incoming(path)
        reading = Reading(file.name, world(work.session, language), Faults())
        import_file(work, None, file, layout, reading)
