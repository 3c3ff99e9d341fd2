"""Sentences about receipts, recognition, settlements and changes."""

from fundapp.web.wording.marked import marked as _l

RECEIVING = {
    "rate.missing": _l("There is no United Nations operational rate for %(currency)s on %(day)s. Import it first."),
    "rate.currency-unknown": _l("Nobody knows the currency %(currency)s. Write its three letters, like CHF."),
    "pledge.no-draft": _l("The pledge %(number)s is no draft any more."),
    "pledge.parts": _l("The instalments of the pledge %(number)s do not add up to its amount. Put them right before it binds."),
    "pledge.not-binding": _l("The pledge %(number)s does not bind. A receipt settles what binds."),
    "receipt.amount": _l("Write an amount above nil."),
    "receipt.amount-large": _l("The amount is larger than the books can hold. Look at the figure again."),
    "receipt.too-small": _l("The amount in %(currency)s is less than half a cent."),
    "receipt.day": _l("The day %(day)s is in the future or before %(first)s."),
    "receipt.twice": _l("This is recorded already as %(number)s: the same donor, day, amount and reference."),
    "receipt.no-line": _l("The statement of the bank has no such line."),
    "receipt.line-twice": _l("This line of the bank’s statement is recorded already as %(number)s."),
    "receipt.undone": _l("The receipt %(number)s was taken back."),
    "receipt.refunded": _l("The receipt %(number)s cannot be taken back: part of it is paid back, or is about to be."),
    "settle.other-donor": _l("The instalment is not of the donor and fund of the receipt %(number)s."),
    "settle.other-currency": _l("The pledge %(number)s is in %(currency)s, and the receipt in %(other)s."),
    "settle.over-receipt": _l("%(asked)s is more than is left of the receipt: %(most)s."),
    "settle.over-instalment": _l("%(asked)s is more than is outstanding of the instalment: %(most)s."),
    "settle.no-exchange-account": _l("The fund’s statement has no line for gains and losses on exchange."),
    "change.kind": _l("Choose what it is."),
    "change.over": _l("%(asked)s is more than is outstanding of the instalment: %(most)s."),
    "change.refund-over": _l("%(asked)s is more than can be paid back of the receipt: %(most)s."),
    "change.before": _l("The day is before %(day)s, when the money came or the pledge became binding."),
    "change.settled": _l("This was approved or refused already."),
    "remind.day": _l("The instalment is not due before %(due)s: there is nothing to remind of."),
    "remind.paid": _l("Nothing of the instalment is outstanding."),
    "remind.twice": _l("The donor was reminded of it already, for the second time on %(day)s."),
    "remind.soon": _l("The first reminder is of %(day)s. Wait at least %(days)s days before the second."),
}  # fmt: skip
