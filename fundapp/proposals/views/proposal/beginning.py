"""Beginning a proposal, and copying an earlier one into a new call."""
