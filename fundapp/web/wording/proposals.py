"""Sentences about proposals: amounts, budgets, stages and what is still missing."""

from fundapp.web.wording.marked import marked as _l

PROPOSALS = {
    "amount.empty": _l("Write an amount, such as 1234.56; write 0 for nothing."),
    "amount.none": _l("“%(text)s” is no amount. Write it like 1234.56; thousands may be grouped in threes."),
    "amount.decimals": _l("“%(text)s” has %(found)s decimals; at most %(most)s are kept. If you meant thousands, write it without a mark between them."),
    "amount.negative": _l("“%(text)s” is negative; only amounts of 0 or more are taken here."),
    "amount.large": _l("“%(text)s” is too large; at most %(largest_cents)s dollars are taken."),
    "quantity.large": _l("“%(text)s” is too large; at most %(largest)s is taken."),
}  # fmt: skip
