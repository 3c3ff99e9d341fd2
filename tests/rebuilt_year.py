"""The files that the year 2020 is rebuilt from, added up without a database: pledges at the rate of the day they bind,
receipts at the rate of theirs, the ERP's lines in dollars, support costs by month."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from fundapp.finance.rules.exchange import in_cents
from fundapp.kernel.money import exponent
from fundapp.web.written import table

YEAR, RATE = "2020", Decimal("0.13")
PLEDGES = {row["pledge"]: row for row in table("pledges_2020.csv")}
INSTALMENTS = table("instalments_2020.csv")
RECEIPTS = table("receipts_2020.csv")
SPENT = table("expenditure_2020.csv")
COMMITMENTS = table("commitments_2020.csv")
ALLOTMENTS = table("allotments_2020.csv")
OTHER_INCOME = table("other_income_2020.csv")
RATES = [(row["currency"], row["effective_date"], Decimal(row["units_per_dollar"])) for row in table(
    "rates_2018_2021.csv"
)]  # fmt: skip


def minor(text: str, currency: str) -> int:
    """An amount as a file writes it, in minor units."""
    return int(Decimal(text).scaleb(exponent(currency)))


def cents(text: str) -> int:
    return minor(text, "USD")


def rate(currency: str, on: str) -> Decimal:
    """The newest one on or before the day."""
    if currency == "USD":
        return Decimal(1)
    return max((since, units) for code, since, units in RATES if code == currency and since <= on)[1]


def promised(pledge: str, number: str) -> int:
    """What an instalment is booked at, in cents."""
    said = PLEDGES[pledge]
    one = next(row for row in INSTALMENTS if (row["pledge"], row["number"]) == (pledge, number))
    return in_cents(minor(one["amount"], said["currency"]), said["currency"], rate(said["currency"], said["binds_on"]))


def paid(row: dict[str, str]) -> int:
    """What a receipt is booked at, in cents."""
    return in_cents(minor(row["amount"], row["currency"]), row["currency"], rate(row["currency"], row["received_on"]))


def income() -> Counter[str]:
    """Donor -> what became income in 2020."""
    found: Counter[str] = Counter()
    for row in INSTALMENTS:
        if PLEDGES[row["pledge"]]["binds_on"].startswith(YEAR):
            found[PLEDGES[row["pledge"]]["donor"]] += promised(row["pledge"], row["number"])
    return found


def gains() -> Counter[str]:
    """Pledge -> gain (or, negative, loss) on exchange of what was paid in 2020."""
    found: Counter[str] = Counter()
    for row in RECEIPTS:
        if row["received_on"].startswith(YEAR):
            found[row["pledge"]] += paid(row) - promised(row["pledge"], row["instalment"])
    return found


def unpaid() -> Counter[str]:
    """Pledge -> what is open of it at the end of 2020."""
    settled = {(row["pledge"], row["instalment"]) for row in RECEIPTS}
    found: Counter[str] = Counter()
    for row in INSTALMENTS:
        if (row["pledge"], row["number"]) not in settled:
            found[row["pledge"]] += promised(row["pledge"], row["number"])
    return found


def spent() -> Counter[str]:
    """Account -> what the ERP's lines come to."""
    found: Counter[str] = Counter()
    for row in SPENT:
        found[row["account"]] += cents(row["usd"])
    return found


def committed() -> Counter[str]:
    """Commitment -> what is open of it at the end of 2020, and so carried over as expenditure of the year."""
    found = Counter({row["number"]: cents(row["usd"]) for row in COMMITMENTS})
    for row in SPENT:
        if row["commitment"]:
            found[row["commitment"]] -= cents(row["usd"])
    return found


def carried() -> Counter[str]:
    """Account -> what is carried over."""
    found: Counter[str] = Counter()
    for row in COMMITMENTS:
        found[row["account"]] += committed()[row["number"]]
    return found


def support_costs() -> list[int]:
    """13 % of each month's expenditure, as a month's run posts it."""
    base: Counter[int] = Counter({12: sum(carried().values())})
    for row in SPENT:
        if row["account"] != "EXP.PSC":
            base[date.fromisoformat(row["posted_on"]).month] += cents(row["usd"])
    return [int((base[month] * RATE).quantize(Decimal(1), ROUND_HALF_UP)) for month in range(1, 13)]


def lines() -> dict[str, int]:
    """Every line of Table 1 that the files lead to, as it is printed; the balance is opened from the document."""
    found = {account: amount + carried()[account] for account, amount in spent().items()}
    found["EXP.PSC"] += sum(support_costs())
    found["INC.CONTRIB"], found["INC.FX.PRIOR"], found["INC.FX.SGP"] = sum(income().values()), 0, 0
    for pledge, gain in gains().items():
        found["INC.FX.SGP" if PLEDGES[pledge]["donor"] == "SGP" else "INC.FX.PRIOR"] += gain
    found["INC.MISC"] = sum(cents(row["usd"]) for row in OTHER_INCOME)
    found["PRIOR.ADJ"] = 0
    found["INC.TOTAL"] = sum(found[code] for code in ("INC.CONTRIB", "INC.FX.PRIOR", "INC.FX.SGP", "INC.MISC"))
    found["EXP.TOTAL"] = sum(amount for code, amount in found.items() if code.startswith("EXP."))
    found["NET"] = found["INC.TOTAL"] - found["EXP.TOTAL"]
    earlier = [amount for pledge, amount in unpaid().items() if PLEDGES[pledge]["binds_on"] < YEAR]
    found["PLEDGES.PRIOR"] = -sum(earlier)
    found["PLEDGES.CURRENT"] = -(sum(unpaid().values()) - sum(earlier))
    return found
