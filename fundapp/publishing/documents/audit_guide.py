"""What is in an auditor's pack, and how to check it without any program of ours. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from fundapp.publishing.words import Words

SUMS = "SHA256SUMS"


def guide(code: str, names: Mapping[str, str], year: int, words: Words) -> str:
    """The text that lies beside the files of the pack of a fund and a year."""
    paragraphs = (
        words.text("Auditor’s pack of %(fund)s for %(year)s", fund=words.name(names, code), year=year),
        words.text(
            "journal.csv has every line of every entry of the year; entries.csv has the entries, with who posted them "
            "and when; statements has the statements; trail.csv has what was changed of the money of the fund, by whom "
            "and when."
        ),
        words.text("1. That no file was changed since the pack was made. In the folder of the pack, run:"),
        f"    sha256sum -c {SUMS}",
        words.text(
            "Every line must end with OK. The sum of the list itself was shown when the pack was made; compare it with "
            "what this prints:"
        ),
        f"    sha256sum {SUMS}",
        words.text(
            "2. That an entry is as it was sealed. Line 7 of entries.txt is the text of the entry in row 7 of "
            "entries.csv; the sum that this prints is in the last column of that row:"
        ),
        "    sed -n 7p entries.txt | tr -d '\\n' | sha256sum",
        words.text(
            "3. That a row of the trail is as it was written. The same, with trail.txt and trail.csv; hash_before is "
            "the sum of the row before it in the whole trail, and stands at the beginning of the text."
        ),
        words.text(
            "4. That a certified statement is the one that was certified: the sum of its file in certificates is the "
            "digest on the document."
        ),
    )
    return "\n\n".join(paragraphs) + "\n"
