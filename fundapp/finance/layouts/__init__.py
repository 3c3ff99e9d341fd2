"""Files that the money comes in: how each is laid out. Pure."""
