"""The books: pure double entry, the journal and its seal."""
