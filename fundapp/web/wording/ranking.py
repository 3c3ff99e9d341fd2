"""Sentences about rankings and disagreement."""

from fundapp.web.wording.marked import marked as _l

RANKING: dict[str, str] = {
    "rank.unknown": _l("There is no call %(code)s. Calls that are scored: %(known)s."),
    "rank.no-round": _l("The scoring of call %(code)s was not opened. Calls that are scored: %(known)s."),
    "rank.which-fund": _l("Several funds score a call %(code)s: %(funds)s. Say which with --fund."),
    "moderation.none": _l("There is no disagreement between the reviewers of %(reference)s on this criterion."),
    "moderation.closed": _l("The scoring of this call is closed. Reopen it to write down more about a disagreement."),
    "moderation.nothing-said": _l("Write what you want to say."),
    "moderation.said-already": _l("You have just said this."),
    "moderation.meanwhile": _l("Another outcome was written down meanwhile. Read it below, then decide again."),
    "moderation.no-outcome": _l("Choose what became of the disagreement."),
    "moderation.no-note": _l("Write in the note how you see it, in at least %(smallest)s characters."),
    "moderation.not-revised": _l(
        "No reviewer has given a sheet again since the disagreement, or since the last outcome. Reopen a sheet first."
    ),
}
