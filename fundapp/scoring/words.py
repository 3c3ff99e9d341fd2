"""The words of scoring: what is laid beside a criterion, and what a step is suggested by."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

# What is laid beside each criterion, as a heading
BESIDE: dict[str, LazyString] = {
    "treaty-body-overlap": _l("Found by the program: what treaty bodies and special procedures said"),
    "high-commissioner-letter": _l("Found by the program: areas that letters name"),
    "national-systems": _l("From the proposal: bodies, laws, what remains"),
    "sdg-alignment": _l("From the proposal: targets, and those its recommendations share"),
    "gender-perspective": _l("From the proposal: analysis, indicators, budget"),
}
KINDS: dict[str, LazyString] = {
    "match": _l("Recommendation of another mechanism"),
    "area": _l("Area of the letter"),
    "bodies": _l("National bodies"),
    "laws": _l("Laws and mechanisms to be changed"),
    "strengthening": _l("How it strengthens national systems"),
    "afterwards": _l("What remains afterwards"),
    "partners": _l("Partners"),
    "target": _l("Target named"),
    "shared": _l("Target named, shared with the recommendations"),
    "alignment": _l("How the work and the Goals go together"),
    "analysis": _l("Gender analysis"),
}
# Facts, as they stand before their number
FACTS: dict[str, LazyString] = {
    "recommendations": _l("Recommendations that the proposal names and the register has"),
    "matches": _l("Matches among other mechanisms"),
    "bodies-recent": _l("Bodies that raised the same theme within five years"),
    "bodies-same-measure": _l("Of these, bodies with theme and target alike, or matched by a person"),
    "letters": _l("Letters to the State"),
    "areas": _l("Areas of letters that match"),
    "areas-target": _l("Areas with the same target or theme"),
    "areas-theme": _l("Areas with the same theme"),
    "areas-same-measure": _l("Areas with theme and target alike, or matched by a person"),
    "bodies": _l("National bodies are named"),
    "laws": _l("Laws or mechanisms to be changed are named"),
    "strengthening": _l("It is said how national systems are strengthened"),
    "afterwards": _l("It is said what remains afterwards"),
    "outcome-indicators": _l("Indicators of an outcome with a baseline and a target"),
    "indicators-complete": _l("Indicators with a baseline and a target"),
    "indicators-complete-share": _l("Share of indicators with a baseline and a target, per cent"),
    "targets": _l("Targets that the proposal names"),
    "targets-shared": _l("Of these, targets that its recommendations share"),
    "alignment": _l("It is said how the work and the Goals go together"),
    "marker": _l("Gender marker, from 0 to 3"),
    "by-sex-share": _l("Share of indicators by sex, per cent"),
    "budget-share": _l("Share of the budget on activities with a marker of 2 or 3, per cent"),
    "analysis": _l("Words of the gender analysis"),
}
YES_NO = frozenset({"bodies", "laws", "strengthening", "afterwards", "alignment"})  # facts that are or are not
