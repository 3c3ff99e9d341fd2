"""What the list of decisions is narrowed to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form, SelectField, StringField

from fundapp.board.queries.decisions import STATES, Wanted
from fundapp.kernel.money import seen
from fundapp.proposals.forms.calls import choices, whole

LONGEST_SEARCH = 200
WORDS = {
    "waiting": _l("Not decided yet"),
    "prepared": _l("Prepared, waits to be taken"),
    "decided": _l("Decided"),
}


class DecisionFilterForm(Form):
    """Words, how far a decision is, the number of a session, the year."""

    q = StringField(_l("Search"))
    state = SelectField(_l("Decision"), validate_choice=False)
    session = StringField(_l("Session (number)"))
    year = StringField(_l("Decided in (year)"))
    states: Sequence[str] = STATES

    def offer(self, drafts: bool) -> DecisionFilterForm:
        """Fill in what can be chosen; drafts: whether one may know what is prepared."""
        self.states = [key for key in STATES if drafts or key != "prepared"]
        self.state.choices = choices(((key, WORDS[key]) for key in self.states), _("All"))
        return self

    def wanted(self) -> Wanted:
        """What the address asks for. A number that is none fits nothing: a wider list could mislead."""
        return Wanted(
            " ".join(seen(self.q.data or "").split())[:LONGEST_SEARCH],
            self.state.data if self.state.data in self.states else "",
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
        if self.state.data in self.states:
            yield str(WORDS[self.state.data]), "state"
        for name in ("session", "year"):
            if text := (self[name].data or "").strip():
                yield f"{self[name].label.text}: {text}", name
