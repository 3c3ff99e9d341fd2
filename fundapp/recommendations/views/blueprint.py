"""What the pages of the register share: their place in the address, and the words that templates use."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, abort, current_app
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _

from fundapp.access.views.address import language
from fundapp.kernel.database import db
from fundapp.kernel.files import Files
from fundapp.kernel.languages import direction, long_date, month_and_year
from fundapp.recommendations import words
from fundapp.recommendations.rules import EntryPoint
from fundapp.recommendations.themes import theme_name
from fundapp.reference.models import Country
from fundapp.reference.queries import country

blueprint = Blueprint("recommendations", __name__, url_prefix="/recommendations")
FILES = "files"  # the folder in the instance


def files() -> Files:
    """Where files that people send are kept."""
    return Files(Path(current_app.instance_path) / FILES)


def state_of(code: str) -> Country:
    """The State of an address, by its ISO 3166 code; 404 for one that is none."""
    found = country(db.session(), code)
    if found is None:
        abort(404)
    return found


def theme_label(code: str) -> str:
    """What a theme is called in the reader's language."""
    return theme_name(code, language())


def when_in_words(point: EntryPoint) -> str:
    """A moment's day as a sentence says it: "28 May 2025", or "about May 2025" where it was reckoned."""
    if point.reckoned:
        return str(_("about %(month)s", month=month_and_year(point.on, language())))
    return long_date(point.on, language())


@blueprint.record_once
def _words(state: BlueprintSetupState) -> None:
    state.app.jinja_env.globals.update(
        {
            "mechanism_names": words.MECHANISMS,
            "position_names": words.POSITIONS,
            "progress_names": words.PROGRESS,
            "says_names": words.SAYS,
            "verdict_names": words.VERDICTS,
            "moment_names": words.MOMENTS,
            "stage_names": words.STAGES,
            "fate_names": words.FATES,
            "layout_names": words.LAYOUTS,
            "theme_label": theme_label,
            "when_in_words": when_in_words,
            "page_language": language,
            "way_names": words.WAYS,
            "strength_names": words.STRENGTHS,
            "source_names": words.SOURCES,
            "direction_of": direction,
            "pages_there": state.app.view_functions,
        }
    )
