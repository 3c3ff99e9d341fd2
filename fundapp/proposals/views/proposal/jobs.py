"""Dossiers that are made in the background, and how far they are."""
