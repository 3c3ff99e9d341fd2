"""Reading donors and what they promise."""

from fundapp.contributions.naming import names_of_donors
from fundapp.contributions.queries.donors import (
    donor_by_code,
    donors,
    scheduled,
    schedules,
    stored,
)

__all__ = [
    "donor_by_code",
    "donors",
    "names_of_donors",
    "scheduled",
    "schedules",
    "stored",
]
