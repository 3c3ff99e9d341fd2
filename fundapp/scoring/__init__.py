"""Scoring: sheets on a call's criteria, the evidence beside them, the ranking, and what could be funded."""
