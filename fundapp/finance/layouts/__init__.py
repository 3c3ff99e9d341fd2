"""How files of the money are laid out."""
