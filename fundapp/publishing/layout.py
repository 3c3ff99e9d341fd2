"""Blocks laid out on sheets of paper, in the manner of a report of the United Nations."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import zip_longest
from typing import Any

from fundapp.publishing import blocks
from fundapp.publishing.abridging import ELLIPSIS, beginning, fair, shortened
from fundapp.publishing.paper import ACROSS, BOTTOM, TOP, UPRIGHT, Link, Sheet, Stack, base
from fundapp.publishing.plots import PlotLayout
from fundapp.publishing.spreads import SpreadLayout
from fundapp.publishing.tables import TableLayout
from fundapp.publishing.typesetting import Style, Typesetter

ASIDE = 0.70  # where the particulars of the masthead begin, of the width of the text


def laid(setter: Typesetter, document: Iterable[blocks.Block]) -> list[Sheet]:
    """The sheets of a document. One that is signed is set close where that saves a sheet: signatures belong beside what
    they are under."""
    found = tuple(document)
    sheets = Layout(setter).lay(found)
    if len(sheets) == 1 or not any(isinstance(block, blocks.Notes) and block.signed for block in found):
        return sheets
    closer = Layout(setter, close=True).lay(found)
    return closer if len(closer) < len(sheets) else sheets


class Layout:
    """Lays out one document."""

    def __init__(self, setter: Typesetter, close: bool = False) -> None:
        self.setter = setter
        self.stack, self.under = Stack(setter, close), 8 if close else 20  # the white under the title
        self.foot = blocks.Foot("", "")
        self.masthead: blocks.Masthead | None = None
        self.aside = 0.0  # how far down the particulars of the masthead reach
        self.plain, self.small = setter.scaled(10, 14), setter.scaled(7.5, 10.5, grey=0.2)
        self.entry, self.apart = setter.scaled(9, 12), 1.0  # a line of the contents, and the white under it
        # by level: how it looks, and the white above and under it
        self.headings = {
            1: (setter.scaled(12, 16, "bold"), 14, 4),
            2: (setter.scaled(10, 14, "bold"), 7, 2),
            3: (setter.scaled(8, 11, "italic", 0.25), 1, 1),
        }
        self.following: blocks.Block | None = None  # what comes after the block that is being put down
        self.ahead: TableLayout | None = None  # a table whose heading had to know how high it begins
        self.document: tuple[blocks.Block, ...] = ()
        self.place = 0  # of the block that is being put down
        self.began = 1  # the sheet that the last page break began, from 1
        self.listed: list[tuple[Sheet, float]] = []  # where each line of the contents is to stand
        self.before = 0  # entries of the outline that stand before the contents
        self._put: dict[type, Callable[[Any], None]] = {
            blocks.Paper: self._paper,
            blocks.Masthead: self._masthead,
            blocks.Title: self._title,
            blocks.Heading: self._heading,
            blocks.Paragraph: self._paragraph,
            blocks.Abridged: self._abridged,
            blocks.Table: self._table,
            blocks.Bars: self._bars,
            blocks.Spreads: self._spreads,
            blocks.Contents: self._contents,
            blocks.Notes: self._notes,
            blocks.PageBreak: self._break,
            blocks.Foot: self._foot,
        }

    def lay(self, document: Iterable[blocks.Block]) -> list[Sheet]:
        """The sheets of the document, each with its running head and foot."""
        self.document = found = tuple(document)
        for self.place, (block, self.following) in enumerate(zip_longest(found, found[1:])):
            self._put[type(block)](block)
        self._list()
        for number, sheet in enumerate(self.stack.sheets, 1):
            self._around(sheet, number)
        return self.stack.sheets

    def _paper(self, block: blocks.Paper) -> None:
        self.stack.lie(ACROSS if block.across else UPRIGHT)

    def _masthead(self, block: blocks.Masthead) -> None:
        """The fund and its code over a rule; date and standing at the end, beside the title."""
        stack, fund, symbol = self.stack, self.setter.scaled(10, 13), self.setter.scaled(17, 20, "bold")
        self.masthead = block
        lines = self.setter.lines(block.fund, stack.measure * 0.78, fund)
        height = max(len(lines) * fund.leading, symbol.leading)
        top = stack.y + height - len(lines) * fund.leading
        for number, line in enumerate(lines):
            stack.ink(line, 0, top + number * fund.leading + base(fund), fund)
        stack.ink(block.symbol, stack.measure, stack.y + height - 4, symbol, "end")
        stack.y += height + 4
        stack.rule(stack.y, 0.5)
        self.aside = self._particulars(block.particulars, stack.y + 8)
        stack.y += 8

    def _particulars(self, particulars: Iterable[str], y: float) -> float:
        style, x = self.setter.scaled(8.5, 11.5), self.stack.measure * ASIDE
        for text in particulars:
            for line in self.setter.lines(text, self.stack.measure - x, style):
                self.stack.ink(line, x, y + base(style), style)
                y += style.leading
            y += 2
        return y

    def _title(self, block: blocks.Title) -> None:
        stack = self.stack
        stack.sheet.entries.append((block.text, stack.y))
        width = stack.measure * (ASIDE - 0.04) if self.aside > stack.y else stack.measure
        stack.write(block.text, self.setter.scaled(15, 19, "bold"), width=width, language=block.language)
        stack.y += 3
        if block.sub:
            stack.write(block.sub, self.setter.scaled(10, 14), width=width, language=block.sub_language)
        stack.y, self.aside = max(stack.y, self.aside) + 7, 0.0
        stack.rule(stack.y, 1.8)
        stack.y += self.under

    def _heading(self, block: blocks.Heading) -> None:
        style, above, under = self.headings[block.level]
        self.ahead = TableLayout(self.stack, self.following) if isinstance(self.following, blocks.Table) else None
        self.stack.down(above)
        beneath = self._beneath(block, style) if self.ahead is None else under + self.ahead.least
        self.stack.need(style.leading + beneath)
        if block.level == 1:
            self.stack.sheet.entries.append((block.text, self.stack.y))
        self.stack.write(block.text, style)
        self.stack.y += under

    def _beneath(self, block: blocks.Heading, style: Style) -> float:
        """What a head without a table takes with it: two lines, or the head under it with what that takes."""
        if not isinstance(self.following, blocks.Heading):
            return style.leading * 2
        head, above, under = self.headings[self.following.level]
        after = self.document[self.place + 2] if self.place + 2 < len(self.document) else None
        least = TableLayout(self.stack, after).least if isinstance(after, blocks.Table) else head.leading * 2
        return self.headings[block.level][2] + above + head.leading + under + least

    def _paragraph(self, block: blocks.Paragraph) -> None:
        for text in block.text.splitlines():
            if text.strip():
                self.stack.write(text, self.plain, language=block.language)
                self.stack.y += 7

    def _abridged(self, block: blocks.Abridged) -> None:
        """Texts as far as there is room for them; a line or two is left, for heads that do not stand at a foot."""
        stack, (head, above, under) = self.stack, self.headings[2]
        beyond = block.sheets - 1 - (len(stack.sheets) - self.began)
        room = stack.room + beyond * (stack.whole - 3 * head.leading)
        room -= sum(above + head.leading + under + 7 for _ in block.passages)
        styles = [self.setter.to(self.plain, one.language) if one.language else self.plain for one in block.passages]
        many = max(int(room / max(style.leading for style in (*styles, self.plain))), len(styles))
        broken = [self._beginning(one, style, many) for one, style in zip(block.passages, styles, strict=True)]
        given = fair([len(lines) for lines in broken], many)
        for one, style, lines, most in zip(block.passages, styles, broken, given, strict=True):
            self.following = None
            self._heading(blocks.Heading(one.title, 2))
            stack.put(shortened(lines, most), style, 0, stack.measure, one.language)
            stack.y += 7

    def _beginning(self, one: blocks.Passage, style: Style, most: int) -> list[str]:
        paragraphs, whole = beginning(one.text, most)
        lines = [
            line for text in paragraphs for line in self.setter.lines(text, self.stack.measure, style, one.language)
        ]
        return lines if whole else [*lines, ELLIPSIS]

    def _spreads(self, block: blocks.Spreads) -> None:
        SpreadLayout(self.stack, block).place()

    def _contents(self, _block: blocks.Contents) -> None:
        """A line for each title and head that follows; what it leads to is known when all is laid."""
        self.before = sum(len(sheet.entries) for sheet in self.stack.sheets)
        for block in self.document[self.place :]:
            if isinstance(block, blocks.Title) or (isinstance(block, blocks.Heading) and block.level == 1):
                self.stack.need(self.entry.leading + self.apart)
                self.listed.append((self.stack.sheet, self.stack.y))
                self.stack.y += self.entry.leading + self.apart

    def _list(self) -> None:
        """Fill the lines of the contents: what follows, and on which page."""
        if not self.listed:
            return
        entries = [
            (title, number) for number, sheet in enumerate(self.stack.sheets, 1) for title, _ in sheet.entries
        ][self.before :]  # fmt: skip
        stack, style, height = Stack(self.setter), self.entry, self.entry.leading + self.apart
        for place, ((sheet, y), (title, number)) in enumerate(zip(self.listed, entries, strict=True), self.before):
            stack.sheets = [sheet]
            stack.ink(self._shortened(title, stack.measure - 40, style), 0, y + base(style), style)
            stack.ink(str(number), stack.measure, y + base(style), style, "end")
            stack.rule(y + height, 0.3, 0.8)
            sheet.marks.append(Link(0.0, y, stack.measure, height, place))

    def _table(self, block: blocks.Table) -> None:
        ahead = self.ahead
        (ahead if ahead and ahead.table is block else TableLayout(self.stack, block)).place(self._tail())

    def _tail(self) -> float:
        """How high the notes under a table are, where they hold signatures: they do not begin a sheet."""
        if not (isinstance(self.following, blocks.Notes) and self.following.signed):
            return 0.0
        indent, style = self._hanging(self.following), self.small
        lines = [self.setter.lines(note.text, self.stack.measure - indent, style) for note in self.following.items]
        high = 13 + sum(len(one) * style.leading + 2 for one in lines)
        return high if high < self.stack.whole / 2 else 0.0

    def _hanging(self, block: blocks.Notes) -> float:
        return 11.0 if any(note.mark for note in block.items) else 0.0

    def _bars(self, block: blocks.Bars) -> None:
        PlotLayout(self.stack, block).place()

    def _notes(self, block: blocks.Notes) -> None:
        """Notes in small type, their marks standing out before them."""
        stack, style, indent = self.stack, self.small, self._hanging(block)
        stack.down(9)
        for note in block.items:
            lines = self.setter.lines(note.text, stack.measure - indent, style)
            stack.need(len(lines) * style.leading)
            if note.mark:
                stack.ink(note.mark, 0, stack.y + base(style), style)
            stack.write(note.text, style, x=indent, width=stack.measure - indent)
            stack.y += 2

    def _break(self, _block: blocks.PageBreak) -> None:
        self.stack.turn()
        self.began = len(self.stack.sheets)

    def _foot(self, block: blocks.Foot) -> None:
        self.foot = block

    def _around(self, sheet: Sheet, number: int) -> None:
        """The running head of each sheet but the first, and the foot of every one."""
        stack, small = Stack(self.setter), self.setter.scaled(7.5, 10, grey=0.3)
        stack.sheets = [sheet]
        if number > 1 and self.masthead:
            stack.ink(self._shortened(self.masthead.fund, stack.measure * 0.82, small), 0, TOP - 4, small)
            stack.ink(self.masthead.symbol, stack.measure, TOP - 4, self.setter.scaled(7.5, 10, "bold"), "end")
            stack.rule(TOP + 2, 0.5)
        folio = self.foot.folio % {"page": number, "pages": len(self.stack.sheets)}
        edge = sheet.size.height - BOTTOM + 18
        stack.rule(edge, 0.4, 0.5)
        room = stack.measure - self.setter.width(folio, small) - 20
        stack.ink(self._shortened(self.foot.text, room, small), 0, edge + 12, small)
        stack.ink(folio, stack.measure, edge + 12, small, "end")

    def _shortened(self, text: str, room: float, style: Style) -> str:
        """The text on one line; where it has no room, what is left out is shown by an ellipsis."""
        if len(whole := self.setter.lines(text, room, style)) == 1:
            return whole[0]
        return self.setter.lines(text, room - self.setter.width("…", style), style)[0].rstrip() + "…"
