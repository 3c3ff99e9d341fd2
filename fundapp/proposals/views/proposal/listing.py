"""The list of proposals: filters, columns, kept lists, files, and what is done to several at once."""
