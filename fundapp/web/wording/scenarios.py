"""Sentences about scenarios."""

from fundapp.web.wording.marked import marked as _l

SCENARIOS: dict[str, str] = {
    "scenario.envelope": _l("The envelope must be more than nothing, and less than ten thousand million dollars."),
    "scenario.share": _l("The share must be a whole number from 0 to 100."),
    "scenario.per-country": _l("At least one proposal for a State must be allowed; leave it empty for no limit."),
    "scenario.steps": _l("The steps must be whole numbers from %(least)s to 100, with 100 among them."),
    "scenario.many-steps": _l("At most %(most)s steps are taken."),
    "scenario.both": _l("These must be funded and must not be: %(references)s."),
    "scenario.unknown": _l("These are not among the proposals that could be funded: %(references)s."),
    "scenario.nobody": _l("No proposal of this call has a score yet."),
    "scenario.no-name": _l("Give the scenario a name."),
    "scenario.known": _l("There is a scenario of this name: %(name)s."),
    "scenario.removed": _l("%(name)s is put aside: take it up again first."),
    "scenario.carried": _l("%(name)s is the one for the Board's session already."),
    "scenario.is-the-boards": _l("%(name)s is the one for the Board's session: carry another first."),
    "scenario.unfinished": _l(
        "The solver did not come to an end in time. Set fewer limits or fewer steps, and try again."
    ),
    "scenario.out-excluded": _l("It was taken out by hand."),
    "scenario.out-too-large": _l("It asks for %(least_cents)s dollars at least, more than the envelope."),
    "scenario.out-country": _l("Its State has as many as it may: %(references)s."),
    "scenario.out-limits": _l(
        "It would fit into the %(left_cents)s dollars that are left, but then another limit would not hold."
    ),
    "scenario.out-worth": _l(
        "It needs %(least_cents)s dollars, and %(left_cents)s are left: what it would push out is worth more."
    ),
}
