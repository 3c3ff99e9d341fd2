"""Forms of scoring."""
