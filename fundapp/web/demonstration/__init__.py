"""Figures for the demonstration, with their sources."""
