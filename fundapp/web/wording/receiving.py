"""Sentences about receipts, recognition, settlements and changes."""

from fundapp.web.wording.marked import marked as _l

RECEIVING = {
    "rate.missing": _l("There is no United Nations operational rate for %(currency)s on %(day)s. Import it first."),
    "rate.currency-unknown": _l("Nobody knows the currency %(currency)s. Write its three letters, like CHF."),
}  # fmt: skip
