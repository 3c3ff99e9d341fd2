"""The English catalogue says of each entry what the program says: English is what is translated from."""

import sys
from pathlib import Path

from babel.messages.pofile import read_po, write_po


def fill(path: Path) -> None:
    """Each entry of an English catalogue filled with its own words."""
    with path.open("rb") as file:
        found = read_po(file, locale="en")
    for message in found:
        message.string = message.id or message.string
    with path.open("wb") as file:
        write_po(file, found)


if __name__ == "__main__":
    fill(Path(sys.argv[1]))
