"""The page of a report: sections, captions with values, and tables, written from top to bottom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from docgrid.synth.desk import Desk
from docgrid.synth.ink import (
    COURIER,
    HELVETICA,
    TIMES,
    VERA,
    Align,
    Font,
    Line,
    Piece,
    Sheet,
    grey,
    length,
    wrap,
)
from docgrid.synth.voice import Entry


@dataclass(frozen=True, slots=True)
class Row:
    """A caption and the lines beside it."""

    caption: str
    lines: tuple[Line, ...]
    strong: bool = False


class Report:
    """A document that is written from top to bottom, section after section."""

    def __init__(self, desk: Desk, look: str) -> None:
        rng = desk.rng
        self.desk = desk
        self.look = look
        self.left = desk.style.left
        self.right = desk.style.right
        face = COURIER if look == "mono" else rng.choice([HELVETICA, HELVETICA, VERA, TIMES])
        self.font = Font(
            face,
            rng.choice([6.5, 7, 7.5, 8, 8.5, 9]) - (0.7 if face is VERA else 0),
            stretch=rng.choice([1.0, 1.0, 0.92]) if face is not COURIER else 1.0,
        )
        self.step = self.font.size * rng.uniform(1.25, 1.9)
        self.middle = self.left + (self.right - self.left) * rng.uniform(0.3, 0.52)
        self.tint = grey(rng.uniform(0.9, 0.96))
        self.band = grey(rng.uniform(0.84, 0.93))
        self.gap = rng.uniform(0.8, 3.0)
        self.header = rng.choice(desk.voice.table["report_title"]) if rng.random() < 0.7 else ""
        self.value_bold = rng.random() < 0.3
        self.y = desk.style.top + (20 if self.header else 0)

    @property
    def sheet(self) -> Sheet:
        """Where it is drawn."""
        return self.desk.sheet

    def may_turn(self, chance: float) -> None:
        """Start a new page here in some documents."""
        if self.desk.rng.random() < chance:
            self.need(self.desk.style.page[1])

    def need(self, height: float) -> None:
        """Turn the page where less than `height` is left."""
        if self.y + height > self.desk.style.bottom + 20:
            self.sheet.add_page()
            self.y = self.desk.style.top + (16 if self.header else 0)

    def space(self, lines: float) -> None:
        """Leave room."""
        self.y += lines * self.step

    def heading(self, text: str) -> None:
        """The title of a section."""
        self.need(self.step * 4)
        bold = self.font.heavy()
        if self.look in ("zebra", "cards"):
            self.sheet.box(self.left, self.y - 2, self.right, self.y + self.font.size * 1.35, stroke=None, fill=self.band)
            self.sheet.text(self.left + 3, self.y, text, bold)
        else:
            end = self.sheet.text(self.left, self.y, text + (":" if self.look == "mono" else ""), bold.scaled(1.1))
            if self.look == "mono":
                self.sheet.rule(self.left, self.y + self.font.size * 1.2, end, self.y + self.font.size * 1.2)
        self.y += self.step * 1.3

    def rows(self, rows: Sequence[Row], *, left: float | None = None, middle: float | None = None) -> None:
        """Captions with values."""
        left = self.left if left is None else left
        middle = self.middle if middle is None else middle
        longest = max((len(row.caption) for row in rows), default=0)
        for number, row in enumerate(rows):
            self.need(self.step * (len(row.lines) + 1))
            height = self.step * max(1, len(row.lines))
            if self.look == "zebra" and number % 2:
                self.sheet.box(self.left, self.y - 1.5, self.right, self.y + height - 1.5, stroke=None, fill=self.tint)
            if self.look == "mono":
                end = self.sheet.text(left, self.y, row.caption.ljust(longest) + " : ", self.font)
                self.sheet.block(end, self.y, row.lines, self.font.heavy(row.strong), leading=self.step / self.font.size)
            else:
                caption = row.caption + (self.desk.voice.colon if row.caption else "")
                self.sheet.text(left + 3, self.y, caption, self.font)
                x = max(middle, left + 9 + self.font.width(caption))
                self.sheet.block(
                    x, self.y, row.lines, self.font.heavy(row.strong or self.value_bold), leading=self.step / self.font.size
                )
            self.y += height
        self.space(self.gap)

    def amounts(self, rows: Sequence[tuple[str, Line, bool]]) -> None:
        """Captions with amounts at the right edge."""
        left = self.left + (self.right - self.left) * self.desk.rng.choice([0.0, 0.33, 0.5])
        ruled = self.desk.rng.random() < 0.5
        step = self.step * self.desk.rng.uniform(1.0, 1.6)
        for caption, line, strong in rows:
            self.need(step * 2)
            font = self.font.heavy(strong)
            self.sheet.text(left, self.y, caption + (self.desk.voice.colon if self.look != "zebra" else ""), font)
            self.sheet.text(self.right - 8, self.y, line, font, align=Align.RIGHT)
            if ruled:
                self.sheet.rule(left, self.y + step - 3, self.right, self.y + step - 3, width=0.3, colour=grey(0.7))
            self.y += step
        self.space(self.gap)

    def table(
        self, heads: Sequence[str], rows: Sequence[Sequence[Line]], shares: Sequence[float], aligns: Sequence[Align]
    ) -> None:
        """A table whose cells wrap."""
        width = self.right - self.left
        total = sum(shares)
        lefts = [self.left + width * sum(shares[:place]) / total for place in range(len(shares))]
        widths = [width * share / total - 6 for share in shares]
        self.cells(
            [(head,) for head in heads], lefts, widths, aligns, self.font.heavy(self.look != "zebra"), band=self.look != "mono"
        )
        for number, row in enumerate(rows):
            self.cells(row, lefts, widths, aligns, self.font, band=False, tinted=self.look == "zebra" and number % 2 == 1)
        self.space(self.gap)

    def cells(
        self,
        row: Sequence[Line],
        lefts: Sequence[float],
        widths: Sequence[float],
        aligns: Sequence[Align],
        font: Font,
        *,
        band: bool,
        tinted: bool = False,
    ) -> None:
        """One row of a table; texts wrap within their cells."""
        blocks = [wrapped(line, font, width) for line, width in zip(row, widths, strict=True)]
        height = max(len(block) for block in blocks) * font.size * 1.2 + 6
        self.need(height + 2)
        if band or tinted:
            self.sheet.box(self.left, self.y, self.right, self.y + height, stroke=None, fill=self.band if band else self.tint)
        for block, x, width, align in zip(blocks, lefts, widths, aligns, strict=True):
            at = x + width + 3 if align is Align.RIGHT else x + 3
            self.sheet.block(at, self.y + 3, block, font, leading=1.2, align=align)
        self.y += height


def wrapped(line: Line, font: Font, width: float) -> list[list[Piece]]:
    """Numbers never break; texts break at spaces."""
    if length(line, font) <= width or all(not isinstance(piece, str) and " " not in piece.text for piece in line):
        return [list(line)]
    return wrap(line, font, max(width, 20))


def rows_of(entries: Sequence[Entry]) -> list[Row]:
    """A row for each entry."""
    return [Row(entry.caption, (entry.line,)) for entry in entries]
