"""Screening: the checklist, questions and answers, return, findings."""
