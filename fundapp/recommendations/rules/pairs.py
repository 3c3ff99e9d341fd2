"""Which records from two sources are likely to be one recommendation of the review, and what differs in words. Pure."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from enum import StrEnum

from fundapp.recommendations.rules.register import searchable

# Tried on the sessions 18 to 20 of UPR Info's export, see tests/test_recommendations_alike.py.
ALIKE, ALIKE_ALONE = 0.6, 0.8  # how alike texts must be: where States in common are known, and where none are
RARE = 6  # words of a text by which it is looked up
MOST_WORDS = 600  # of a text whose differences are marked
_PIECES = re.compile(r"[\u3400-\u9fff]\s*|[^\s\u3400-\u9fff]+\s*|\s+")
Marked = list[tuple[bool, str]]  # a text in pieces: whether the other text lacks the piece, and the piece


class Why(StrEnum):
    """What speaks for a pair."""

    SAME_WORDS = "same-words"
    ALIKE_WORDS = "alike-words"
    SAME_STATES = "same-states"
    STATES_IN_COMMON = "states-in-common"


@dataclass(frozen=True, slots=True)
class Record:
    """A recommendation of the review as one source has it; texts by language, session None where it is not known."""

    number: int
    state: str
    cycle: int
    texts: Mapping[str, str]
    states: frozenset[str] = frozenset()
    session: int | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records, by number, that are likely to be one recommendation: how alike, from 0 to 1, and why."""

    ours: int
    theirs: int
    score: float
    why: tuple[Why, ...]
    language: str  # in which the texts were compared


@dataclass(slots=True)
class _Text:
    record: Record
    language: str
    folded: str
    words: frozenset[str]
    weight: float = field(default=0.0)


def source_of(layout: str) -> str:
    """The source that a layout is of: the index has two."""
    return "uhri" if layout.startswith("uhri-") else layout


def likely(ours: Sequence[Record], theirs: Sequence[Record]) -> list[Pair]:
    """The pairs that are likely to be one, best first. A record that names fewer States is taken to be a part of one
    that names more, so it is in one pair, with its best; one that names more may be in several."""
    found: list[Pair] = []
    keys = {(one.state, one.cycle) for one in ours} & {(one.state, one.cycle) for one in theirs}
    for key in sorted(keys):
        mine, yours = ([one for one in side if (one.state, one.cycle) == key] for side in (ours, theirs))
        best: dict[tuple[int, int], Pair] = {}
        for pair in _alike(mine, yours):
            place = (pair.ours, pair.theirs)
            if place not in best or best[place].score < pair.score:
                best[place] = pair
        found += _kept(best.values(), {one.number: len(one.states) for one in (*mine, *yours)})
    return sorted(found, key=lambda pair: (-pair.score, pair.ours, pair.theirs))


def _alike(ours: Sequence[Record], theirs: Sequence[Record]) -> Iterable[Pair]:
    """Pairs of a State and cycle whose texts are alike; only those are compared that share a rare word."""
    mine, yours = _texts(ours), _texts(theirs)
    seen = Counter(word for text in (*mine, *yours) for word in text.words)
    weights = {word: math.log(1 + (len(mine) + len(yours)) / number) for word, number in seen.items()}
    by_word: dict[str, list[_Text]] = defaultdict(list)
    for text in (*mine, *yours):
        text.weight = sum(weights[word] for word in text.words)
    for text in yours:
        for word in _rarest(text, seen):
            by_word[word].append(text)
    for text in mine:
        others = {id(other): other for word in _rarest(text, seen) for other in by_word.get(word, ())}
        for other in others.values():
            if text.language == other.language and (pair := _pair(text, other, weights)):
                yield pair


def _texts(records: Iterable[Record]) -> list[_Text]:
    found = []
    for record in records:
        for language, text in record.texts.items():
            folded = searchable(text).strip()
            found.append(_Text(record, language, folded, frozenset(folded.split())))
    return found


def _rarest(text: _Text, seen: Mapping[str, int]) -> list[str]:
    return sorted(text.words, key=lambda word: (seen[word], word))[:RARE]


def _pair(ours: _Text, theirs: _Text, weights: Mapping[str, float]) -> Pair | None:
    """The two as a pair, where sessions and States allow it and the texts are alike enough."""
    mine, yours = ours.record, theirs.record
    if mine.session and yours.session and mine.session != yours.session:
        return None
    common = mine.states & yours.states
    if mine.states and yours.states and not common:
        return None
    same = ours.folded == theirs.folded
    shared = sum(weights[word] for word in ours.words & theirs.words)
    score = 1.0 if same else 2 * shared / (ours.weight + theirs.weight or 1)
    if score < (ALIKE if common else ALIKE_ALONE):
        return None
    why = [Why.SAME_WORDS if same else Why.ALIKE_WORDS]
    if common:
        why.append(Why.SAME_STATES if mine.states == yours.states else Why.STATES_IN_COMMON)
    return Pair(mine.number, yours.number, round(min(score, 1.0), 3), tuple(why), ours.language)


def _kept(pairs: Iterable[Pair], states: Mapping[int, int]) -> list[Pair]:
    """The pairs that are the best of the record that is the part; of both, where neither is."""
    found = list(pairs)
    best: dict[int, float] = {}
    for pair in found:
        for number in (pair.ours, pair.theirs):
            best[number] = max(best.get(number, 0.0), pair.score)
    return [pair for pair in found if all(pair.score >= best[number] for number in _parts(pair, states))]


def _parts(pair: Pair, states: Mapping[int, int]) -> tuple[int, ...]:
    if states[pair.ours] == states[pair.theirs]:
        return pair.ours, pair.theirs
    return (min((pair.ours, pair.theirs), key=lambda number: states[number]),)


def marked(ours: str, theirs: str) -> tuple[Marked, Marked]:
    """Each text in pieces, with whether the other lacks them; case and signs do not count. Very long texts are not
    compared word by word."""
    mine, yours = _PIECES.findall(ours), _PIECES.findall(theirs)
    if max(len(mine), len(yours)) > MOST_WORDS:
        return [(True, ours)], [(True, theirs)]
    left: Marked = []
    right: Marked = []
    compared = SequenceMatcher(None, [*map(_bare, mine)], [*map(_bare, yours)], autojunk=False)
    for kind, a, b, c, d in compared.get_opcodes():
        left += [(kind != "equal", "".join(mine[a:b]))] if a < b else []
        right += [(kind != "equal", "".join(yours[c:d]))] if c < d else []
    return left, right


def _bare(piece: str) -> str:
    return searchable(piece).strip() or piece.strip()
