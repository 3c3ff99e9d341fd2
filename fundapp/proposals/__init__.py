"""Calls for proposals, and what field presences propose: drafts, budgets, consent, documents and screening."""
