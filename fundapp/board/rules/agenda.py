"""What of an agenda somebody reads: no title and no document that tells of a proposal which is closed to them, and no
document of one that is not open to them yet. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from fundapp.board.rules.withholding import Silent

PROPOSALS = "proposals"  # the kind of item under which these are


@dataclass(frozen=True, slots=True)
class Under:
    """How somebody stands to the proposals under an item: how many of them are closed to them, are open to them, and
    are known to them and not open yet."""

    closed: int = 0
    open: int = 0
    unopened: int = 0

    @property
    def known(self) -> int:
        """How many they may know of."""
        return self.open + self.unopened

    @property
    def unread(self) -> bool:
        """Whether what goes with them is of a proposal that somebody does not read: of the only one that they know of,
        or where they know of none of one that is closed to them."""
        return not self.open and (self.unopened == 1 or (not self.known and self.closed > 0))


@dataclass(frozen=True, slots=True)
class AgendaReader:
    """What is kept from somebody of the agenda of a session; `under`: what is under its items, by their ids."""

    silent: Silent = field(default_factory=lambda: Silent(()))
    under: Mapping[int, Under] = field(default_factory=dict)

    def titles(self, item: int, kind: str, names: Mapping[str, str]) -> Mapping[str, str] | None:
        """The title of an item by language; {} where one names what is kept from the reader, and something else is
        under it; None where nothing is, so that the item is not there for them."""
        if self.tells_nothing(kind, *names.values()):
            return names
        return {} if self.under.get(item, Under()).known else None

    def reads(self, item: int, kind: str, title: str, name: str) -> bool:
        """Whether a document under an item is there for the reader, by its title and the name of its file."""
        return not self.under.get(item, Under()).unread and self.tells_nothing(kind, title, name)

    def tells_nothing(self, kind: str, *texts: str) -> bool:
        """Whether texts of an item of a kind name nothing that is kept from the reader."""
        return all(not text or self.silent.of(text, states=kind == PROPOSALS) == text for text in texts)
