"""Charts of how scores spread: columns of counts, and a mean with what lies around it for each row. Figures and words
in, markup out. Pure; a table beside each has its figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from fundapp.web.charts import BASE, FOOT, LEFT, RIGHT, TOP, framed, lettering, px

NAMES, ROW, AXIS = 270, 34, 30  # room for the name of a row, its height, that of the axis
LONGEST = 36  # letters of a name


@dataclass(frozen=True, slots=True)
class Around:
    """A row: a name, its mean and how far around it the others lie, of a hundred; none where there is no spread."""

    name: str
    mean: float
    sd: float | None


def columns(labels: Sequence[str], counts: Sequence[int], title: str, description: str, mark: float | None) -> Markup:
    """A column for each label; mark: where a dashed line stands, as a share of the width, none for no line."""
    step = max(1, -(-max(counts, default=0) // 4))
    most, slot = 4 * step, (RIGHT - LEFT) / max(len(labels), 1)
    parts = [*_grid(step, most), *_columns(labels, counts, slot, most)]
    if mark is not None:
        place = px(LEFT + mark * (RIGHT - LEFT))
        parts.append(Markup('<path class="x" d="M{} 12V{}" stroke-dasharray="3 4"/>').format(place, BASE))
    return framed(parts, title, description, 300, "columns")


def _grid(step: int, most: int) -> Iterator[Markup]:
    for count in range(0, most + 1, step):
        y = _height(count, most)
        kind = "g" if count else "x"
        yield Markup('<path class="{}" d="M{} {}H{}"/>').format(kind, LEFT, px(y + 0.5), RIGHT)
        yield lettering(LEFT - 8, y + 4, str(count), anchor="end")


def _height(count: int, most: int) -> float:
    return BASE - (BASE - TOP) * count / most


def _columns(labels: Sequence[str], counts: Sequence[int], slot: float, most: int) -> Iterator[Markup]:
    for number, (label, count) in enumerate(zip(labels, counts, strict=True)):
        left, top = LEFT + slot * number, _height(count, most)
        if count:
            yield Markup('<rect class="c2" x="{}" y="{}" width="{}" height="{}"/>').format(
                px(left), px(top), px(slot), px(BASE - top)
            )
            yield lettering(left + slot / 2, top - 7, str(count), "t")
        yield lettering(left + slot / 2, FOOT, label)


def around(rows: Sequence[Around], title: str, description: str, middle: float) -> Markup:
    """A point for the mean of each row on a line from nil to a hundred, a bar for what lies around it, and a dashed
    line at the mean of all."""
    height = AXIS + ROW * len(rows)
    parts = [*_ruler(height)]
    line = px(_across(middle))
    parts.append(Markup('<path class="x" d="M{} 4V{}" stroke-dasharray="3 4"/>').format(line, height - AXIS))
    for number, row in enumerate(rows):
        y = ROW * number + ROW / 2
        parts.append(lettering(NAMES - 12, y + 4, _cut(row.name), anchor="end"))
        if row.sd is not None:
            low, high = _across(max(row.mean - row.sd, 0)), _across(min(row.mean + row.sd, 100))
            parts.append(
                Markup('<rect class="c2" x="{}" y="{}" width="{}" height="8"/>').format(
                    px(low), px(y - 4), px(max(high - low, 3))
                )
            )
        parts.append(Markup('<circle class="c1" cx="{}" cy="{}" r="7"/>').format(px(_across(row.mean)), px(y)))
    return framed(parts, title, description, height, "around")


def _ruler(height: int) -> Iterator[Markup]:
    for tick in range(0, 101, 20):
        x = _across(tick)
        kind = "g" if tick else "x"
        yield Markup('<path class="{}" d="M{} 0V{}"/>').format(kind, px(x), height - AXIS)
        yield lettering(x, height - 8, str(tick), anchor="end" if tick == 100 else "middle")


def _across(share: float) -> float:
    return NAMES + (RIGHT - NAMES) * share / 100


def _cut(name: str) -> str:
    return name if len(name) <= LONGEST else name[: LONGEST - 1].rstrip() + "\N{HORIZONTAL ELLIPSIS}"
