"""Reading of scoring."""
