"""The verbs of donors and what they promise."""

from fundapp.contributions.operations.appeals import change_appeal, record_appeal
from fundapp.contributions.operations.donors import (
    add_state,
    load_schedule,
    other_code,
)
from fundapp.contributions.operations.pledges import (
    Paper,
    add_paper,
    cancel_pledge,
    change_pledge,
    draft_pledge,
    drop_paper,
)
from fundapp.contributions.operations.register import (
    add_alias,
    add_contact,
    change_contact,
    drop_alias,
    drop_contact,
    register_donor,
    rename_donor,
)

__all__ = [
    "Paper",
    "add_alias",
    "add_contact",
    "add_paper",
    "add_state",
    "cancel_pledge",
    "change_appeal",
    "change_contact",
    "change_pledge",
    "draft_pledge",
    "drop_alias",
    "drop_contact",
    "drop_paper",
    "load_schedule",
    "other_code",
    "record_appeal",
    "register_donor",
    "rename_donor",
]
