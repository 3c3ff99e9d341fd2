"""Files that a proposal comes and goes in."""
