"""What is looked for among the recommendations to a State."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import Form, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from fundapp.proposals.queries.picking import Looked, is_number
from fundapp.recommendations.rules import Position
from fundapp.recommendations.words import POSITIONS

LONGEST = 200
CYCLES = (4, 3, 2, 1)


class PickForm(Form):
    """Words, a cycle, and the State's position."""

    q = StringField(_l("Words, paragraph or symbol"))
    cycle = SelectField(_l("Cycle"), validate_choice=False)
    position = SelectField(_l("Position"), validate_choice=False)
    after = StringField()

    def looked(self) -> Looked:
        """What is looked for; what an address has that is none is as if it were not there."""
        self.cycle.choices = [SelectChoice("", str(_l("Any"))), *(SelectChoice(str(n), str(n)) for n in CYCLES)]
        offered = (Position.SUPPORTED, Position.NOTED)
        self.position.choices = [SelectChoice(one.value, str(POSITIONS[one])) for one in offered]
        cycle, after = self.cycle.data or "", self.after.data or ""
        return Looked(
            " ".join((self.q.data or "").replace("\x00", "").split())[:LONGEST],
            int(cycle) if cycle in map(str, CYCLES) else None,
            Position.NOTED if self.position.data == Position.NOTED.value else Position.SUPPORTED,
            int(after) if is_number(after) else 0,
        )
