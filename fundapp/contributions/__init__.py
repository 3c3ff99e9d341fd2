"""Donors, and what others report that they gave."""
