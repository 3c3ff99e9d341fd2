"""Sentences about criteria and their scales."""

from fundapp.web.wording.marked import marked as _l

CRITERIA: dict[str, str] = {
    "criteria.none": _l("There is no criterion."),
    "criteria.weights": _l("The weights total %(found)s and not %(wanted)s."),
    "criteria.weight": _l("The criterion %(code)s needs a weight of 1 or more, in whole numbers."),
    "criteria.scale": _l(
        "The scale of %(code)s must lie between %(lowest)s and %(highest)s and have two steps or more."
    ),
    "criteria.anchor": _l("Step %(step)s of %(code)s does not say what it stands for in: %(languages)s."),
    "criteria.threshold": _l("The threshold of %(code)s does not lie on its scale."),
    "criteria.meanwhile": _l(
        "Edition %(number)s was made meanwhile. Your change is kept below: look at what holds now, and send it again."
    ),
    "criteria.same": _l("Nothing is changed: edition %(number)s says the same."),
    "criteria.no-number": _l("This is no whole number: %(text)s"),
    "criteria.no-mean": _l("This is no figure with at most two decimals: %(text)s"),
    "criteria.no-words": _l("Write it in this language too."),
}
