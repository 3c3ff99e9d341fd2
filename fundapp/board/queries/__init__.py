"""Reading the Board."""
