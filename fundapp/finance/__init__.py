"""What moved: published tables, statements, checks and the tie-out."""
