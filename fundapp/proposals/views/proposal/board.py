"""The board of proposals by stage, and what is due."""
