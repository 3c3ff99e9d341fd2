"""The sentences for the codes of each part of the program."""
