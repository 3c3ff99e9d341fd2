"""What is settled of contributions. Pure."""

from fundapp.contributions.rules.schedules import (
    LAYOUTS,
    UN_SCHEDULE,
    Given,
    Names,
    recognise,
    understand,
)

__all__ = [
    "LAYOUTS",
    "UN_SCHEDULE",
    "Given",
    "Names",
    "recognise",
    "understand",
]
