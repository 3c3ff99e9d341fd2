"""What the list of decisions is narrowed to."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form, SelectField, StringField

from fundapp.board.queries.decisions import STATES, Wanted
from fundapp.kernel.money import seen
from fundapp.proposals.forms.calls import choices, whole

LONGEST_SEARCH = 200
WORDS = {
    "waiting": _l("Nothing prepared or decided"),
    "prepared": _l("Prepared, waits to be taken"),
    "decided": _l("Decided"),
}


class DecisionFilterForm(Form):
    """Words, how far a decision is, the number of a session, the year."""

    q = StringField(_l("Search"))
    state = SelectField(_l("Decision"), validate_choice=False)
    session = StringField(_l("Session (number)"))
    year = StringField(_l("Decided in (year)"))

    def offer(self) -> DecisionFilterForm:
        """Fill in what can be chosen."""
        self.state.choices = choices(((key, WORDS[key]) for key in STATES), _("All"))
        return self

    def wanted(self) -> Wanted:
        """What the address asks for. A number that is none fits nothing: a wider list could mislead."""
        return Wanted(
            " ".join(seen(self.q.data or "").split())[:LONGEST_SEARCH],
            self.state.data if self.state.data in STATES else "",
            self._number(self.session.data),
            self._number(self.year.data),
        )

    @staticmethod
    def _number(text: str | None) -> int | None:
        bare = seen(text or "").strip()
        return whole(bare) if bare else None

    def chips(self) -> Iterable[tuple[str, str]]:
        """The filters in force: what each says, and its name."""
        if (self.q.data or "").strip():
            yield self.q.data or "", "q"
        if self.state.data in STATES:
            yield str(WORDS[self.state.data]), "state"
        for name in ("session", "year"):
            if text := (self[name].data or "").strip():
                yield f"{self[name].label.text}: {text}", name
