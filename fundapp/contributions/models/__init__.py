"""Tables of donors and what they promise."""

from fundapp.contributions.models.donors import (
    Donor,
    DonorAlias,
    DonorContact,
    DonorKind,
    DonorName,
    Schedule,
    Scheduled,
)
from fundapp.contributions.models.pledges import (
    Answered,
    Appeal,
    Earmark,
    Instalment,
    Pledge,
    PledgeFile,
    PledgeKind,
    PledgePaper,
    PledgeStage,
)

__all__ = [
    "Answered",
    "Appeal",
    "Donor",
    "DonorAlias",
    "DonorContact",
    "DonorKind",
    "DonorName",
    "Earmark",
    "Instalment",
    "Pledge",
    "PledgeFile",
    "PledgeKind",
    "PledgePaper",
    "PledgeStage",
    "Schedule",
    "Scheduled",
]
