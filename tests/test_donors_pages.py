"""Pages of donors, with what can be typed wrongly."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
import sqlalchemy as sa
from calls import faults
from commands import everything
from flask import Flask
from pledges import FIELDS, HERE, donor, drafted, send
from visiting import as_a, statements, text_of

from fundapp.contributions.models import Donor, DonorAlias, DonorContact, Pledge
from fundapp.kernel.database import db

pytestmark = pytest.mark.usefixtures("one_click")


def test_every_page_opens(demo: Flask) -> None:
    found = drafted()
    client = as_a(demo, "finance-officer")
    for address in (
        "", "/new", "/register/CHE", "/register/CHE/contacts/new", "/register/CHE/spellings/new",
        "/register/CHE/rename", "/pledges", "/pledges/new?donor=CHE", f"/pledges/{found.number}",
        f"/pledges/{found.number}/change", f"/pledges/{found.number}/cancel", f"/pledges/{found.number}/papers/new",
        "/requests", "/requests/new?donor=CHE",
    ):  # fmt: skip
        assert "Finance" in text_of(client, f"{HERE}{address}"), address
