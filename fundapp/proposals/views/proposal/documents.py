"""The documents of a proposal: adding, replacing, fetching, taking off."""
