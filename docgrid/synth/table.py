"""The table of goods: columns, rules, rows of one line or several, and what happens at the end of a page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from docgrid.synth.content import Item, PriceMode
from docgrid.synth.desk import Desk
from docgrid.synth.formats import plain
from docgrid.synth.ink import WHITE, Align, Font, Part, Piece, Value, length, wrap


class Rules(StrEnum):
    """How the table is ruled."""

    GRID = "grid"
    LINES = "lines"
    PLAIN = "plain"
    ZEBRA = "zebra"
    BAND = "band"
    COLUMNS = "columns"


class RowShape(StrEnum):
    """How the lines of one item stand to each other."""

    SINGLE = "single"  # numbers beside the description
    WORDS_FIRST = "words-first"  # the description, and the numbers in a line below
    NUMBERS_FIRST = "numbers-first"


@dataclass(slots=True)
class Column:
    """One column; `width` is in points."""

    key: str
    caption: str
    align: Align
    width: float = 0.0
    left: float = 0.0


_LEFT = {"pos", "code", "description", "unit", "item_date", "item_order", "person", "hts", "item_currency"}


def pick_columns(desk: Desk) -> list[str]:
    """The columns of a document in their order."""
    rng, invoice = desk.rng, desk.invoice
    chance = rng.random
    gross = invoice.mode is PriceMode.GROSS
    keys = ["pos"] if chance() < 0.5 else []
    middle = [("code", 0.4), ("item_date", 0.06), ("item_order", 0.03), ("person", 0.03), ("hts", 0.03), ("weight", 0.03)]
    keys += [key for key, share in middle if chance() < share]
    keys.insert(rng.choice([len(keys), len(keys), len(keys), min(1, len(keys))]), "description")
    numbers = ["quantity"] + (["unit"] if chance() < 0.5 else [])
    if chance() < 0.2 and "pos" in keys:
        keys[1:1] = numbers
        numbers = []
    tail = [*numbers, "unit_price_gross" if gross else "unit_price"]
    if any(item.discount for item in invoice.items):
        tail.append(rng.choice(["discount_rate", "discount_rate", "discount_amount"]))
    taxed = invoice.home.code != "US"
    rate_first = chance() < 0.5
    if taxed and (chance() < 0.5 or len(invoice.tax_lines) > 1) and rate_first:
        tail.append("tax_rate")
    if invoice.line_taxes and taxed and not gross and chance() < 0.3:
        tail += ["amount_net", "tax", "amount_gross"] if chance() < 0.5 else ["amount_net", "amount_gross"]
    else:
        tail.append("amount_gross" if gross else "amount_net")
    if taxed and "tax_rate" not in tail and not rate_first and chance() < 0.5:
        tail.append("tax_rate")
    if chance() < 0.03:
        tail.append("item_currency")
    if chance() < 0.12:  # services without quantity and price
        tail = [key for key in tail if key not in ("quantity", "unit", "unit_price", "unit_price_gross")]
        keys = [key for key in keys if key not in ("quantity", "unit")]
    return keys + tail


class GoodsTable:
    """Draws the items of an invoice over as many pages as they need."""

    def __init__(self, desk: Desk, rules: Rules, next_page: Callable[[], float]) -> None:
        rng = desk.rng
        self.desk = desk
        self.rules = rules
        self.next_page = next_page
        self.font = desk.style.body
        self.head_font = rng.choice(
            [desk.style.body, desk.style.body.heavy(), desk.style.body.heavy(), desk.style.small, desk.style.small.heavy()]
        )
        self.pad = rng.uniform(2, 5)
        self.keys = pick_columns(desk)
        crossing = rules not in (Rules.GRID, Rules.COLUMNS)  # no text runs across the lines between columns
        self.shape = rng.choices(list(RowShape), [80, 10, 10])[0] if crossing else RowShape.SINGLE
        self.sinks = rng.random() < 0.2  # numbers stand in the middle of a high row
        self.code_place = rng.choice(["none", "none", "under", "before"]) if "code" not in self.keys else "column"
        self.unit_attached = "unit" not in self.keys and "quantity" in self.keys and rng.random() < 0.25
        self.notes = rng.random() < 0.6
        self.carries = rng.random() < 0.4
        self.row_gap = rng.uniform(0.15, 0.9) * desk.style.body.size
        self.amount_key = "amount_gross" if desk.invoice.mode is PriceMode.GROSS else "amount_net"
        self.columns = self._columns()

    def _columns(self) -> list[Column]:
        desk, voice = self.desk, self.desk.voice
        right = desk.rng.random() < 0.9
        columns = []
        for key in self.keys:
            align = Align.LEFT if key in _LEFT or not right else Align.RIGHT
            if key == "pos" and desk.rng.random() < 0.3:
                align = Align.RIGHT
            caption = voice.caption(key)
            if key in ("unit_price", self.amount_key) and desk.rng.random() < 0.12:
                caption += f" ({desk.invoice.currency})"
            columns.append(Column(key, caption, align))
        for column in columns:
            cells = [length(self._cell(column.key, item, index), self.font) for index, item in enumerate(desk.invoice.items)]
            heads = [self.head_font.width(word) for word in column.caption.split(" ")]
            column.width = max([*cells, *heads, self.font.size * 1.5]) + 2 * self.pad
        space = desk.right - desk.left - sum(column.width for column in columns if column.key != "description")
        if space < 90:
            self._drop(columns)
            return self._columns()
        for column in columns:
            if column.key == "description":
                column.width = space
        self._spread(columns)
        return columns

    def _spread(self, columns: list[Column]) -> None:
        """Give part of the room of the description to the other columns, and set their places."""
        rng = self.desk.rng
        wide = next(column for column in columns if column.key == "description")
        spare = max(0.0, wide.width - max(150, 0.3 * (self.desk.right - self.desk.left))) * rng.uniform(0.2, 0.8)
        others = [column for column in columns if column is not wide]
        for column in others:
            column.width += spare / len(others)
        wide.width -= spare if others else 0
        x = self.desk.left
        for column in columns:
            column.left = x
            x += column.width

    def _drop(self, columns: list[Column]) -> None:
        """Leave out the widest column that is not needed."""
        needed = {"description", self.amount_key, "discount_rate", "discount_amount"}
        widest = max((column for column in columns if column.key not in needed), key=lambda column: column.width, default=None)
        if widest is None:
            self.font = self.font.scaled(0.85)
            self.head_font = self.head_font.scaled(0.85)
        else:
            self.keys.remove(widest.key)

    # Cells ----------------------------------------------------------------------------------------------------------

    def _cell(self, key: str, item: Item, index: int) -> list[Piece]:
        voice = self.desk.voice
        simple: dict[str, Callable[[], list[Piece]]] = {
            "pos": lambda: [voice.item_text("position", self._position(index), index)],
            "code": lambda: [voice.item_text("code", item.code, index)],
            "description": lambda: [voice.item_text("description", item.description, index)],
            "unit": lambda: [voice.item_text("units_of_measure", item.unit, index)],
            "item_date": lambda: [voice.item_date(item, index)],
            "item_order": lambda: [voice.item_text("order_id", item.order, index)],
            "hts": lambda: [voice.item_text("hts_number", item.hts, index)],
            "person": lambda: [voice.item_text("person_name", item.person, index)],
            "item_currency": lambda: [voice.item_text("currency", self.desk.invoice.currency, index)],
            "weight": lambda: [Value(voice.numbers.write(item.weight, 2), ("line_item_weight",), plain(item.weight), index)],
            "quantity": lambda: self._quantity(item, index),
            "tax_rate": lambda: [voice.percent(("line_item_tax_rate",), item.rate, item=index)],
            "discount_rate": lambda: (
                [voice.percent(("line_item_discount_rate",), item.discount_rate, item=index)] if item.discount else []
            ),
            "discount_amount": lambda: (
                voice.item_amount("discount_amount", item.discount, index, bare=True) if item.discount else []
            ),
            "tax": lambda: voice.item_amount("tax", item.tax, index),
            "amount_gross": lambda: voice.item_amount("amount_gross", self._gross(item), index),
            "amount_net": lambda: voice.item_amount("amount_net", item.amount, index),
        }
        if key in simple:
            return simple[key]()
        return voice.item_amount(key, item.unit_price, index)

    def _gross(self, item: Item) -> Decimal:
        return item.amount if self.desk.invoice.mode is PriceMode.GROSS else item.other_amount

    def _position(self, index: int) -> str:
        pattern = self.desk.voice.table["pos"]  # the numbering is fixed by the caption that was drawn
        styles = ["{}", "{}", "{}", "{}.", "{:03}", "{:02}", "{}0"]
        return styles[(len(self.desk.voice.word("pos")) + len(pattern) + self.desk.invoice.days) % len(styles)].format(index + 1)

    def _quantity(self, item: Item, index: int) -> list[Piece]:
        value = self.desk.voice.quantity(item, index)
        if self.unit_attached:
            return [value, " ", self.desk.voice.item_text("units_of_measure", item.unit, index)]
        return [value]

    def _description_lines(self, item: Item, index: int, width: float) -> list[tuple[list[Piece], Font]]:
        """The lines in the cell of the description, with code and notes."""
        voice, font = self.desk.voice, self.font
        code = voice.item_text("code", item.code, index)
        text = voice.item_text("description", item.description, index)
        lines: list[tuple[list[Piece], Font]] = []
        if self.code_place == "before":
            lines += [(line, font) for line in wrap([code, " ", text], font, width)]
        else:
            lines += [(line, font) for line in wrap(text, font, width)]
        small = self.desk.style.small if self.desk.voice.price_places != 3 else font
        if self.code_place == "under":
            caption = voice.caption("code")
            lines.append(([f"{caption}: " if self.desk.invoice.days != 30 else "", code], small))
        if self.notes:
            lines += [(line, small) for note in item.notes for line in wrap(note, small, width)]
        return lines

    # Drawing --------------------------------------------------------------------------------------------------------

    def draw(self, y: float) -> float:
        """Draw head and rows from `y` on; gives back the y below the last row."""
        desk = self.desk
        y = self._head(y)
        self.top = y
        running = Decimal(0)
        for index, item in enumerate(desk.invoice.items):
            lines = self._description_lines(item, index, self._description_width())
            height = self._height(lines)
            if index in desk.invoice.sections:
                height += desk.style.step * 1.4
            if y + height + 2 * desk.style.step > desk.style.bottom:
                y = self._turn(y, running)
            if index in desk.invoice.sections:
                desk.sheet.text(desk.left + self.pad, y + 2, desk.invoice.sections[index], self.font.heavy())
                y += desk.style.step * 1.4
            y = self._row(y, index, item, lines)
            running += item.amount
        return self._close(y)

    def _description_width(self) -> float:
        column = next(column for column in self.columns if column.key == "description")
        if self.shape is not RowShape.SINGLE:
            stop = min(
                (other.left for other in self.columns if other.key in ("pos", "code") and other.left > column.left), default=None
            )
            ends = stop if stop is not None and self.shape is RowShape.WORDS_FIRST else self.desk.right
            return ends - column.left - 2 * self.pad
        return column.width - 2 * self.pad

    def _height(self, lines: list[tuple[list[Piece], Font]]) -> float:
        text = sum(font.size * 1.2 for _, font in lines)
        return text + (self.font.size * 1.25 if self.shape is not RowShape.SINGLE else 0) + self.row_gap + 3

    def _head(self, y: float) -> float:
        """Captions of the columns; gives back the y below."""
        desk, sheet, style = self.desk, self.desk.sheet, self.desk.style
        lines = [wrap(column.caption, self.head_font, max(column.width - 2 * self.pad, 12)) for column in self.columns]
        height = max(len(line) for line in lines) * self.head_font.size * 1.2 + 5
        colour = None
        if self.rules is Rules.BAND:
            sheet.box(desk.left, y, desk.right, y + height, stroke=None, fill=style.accent)
            colour = WHITE
        elif self.rules in (Rules.ZEBRA, Rules.GRID) and desk.voice.colon:
            sheet.box(desk.left, y, desk.right, y + height, stroke=None, fill=style.tint)
        for column, block in zip(self.columns, lines, strict=True):
            x, align = self._anchor(column)
            sheet.block(x, y + 2.5, block, self.head_font, leading=1.2, align=align, colour=colour)
        if self.rules in (Rules.LINES, Rules.COLUMNS, Rules.PLAIN):
            sheet.rule(desk.left, y + height, desk.right, y + height, width=style.line)
        if self.rules in (Rules.LINES, Rules.COLUMNS) and desk.voice.case != "plain" or self.rules is Rules.COLUMNS:
            sheet.rule(desk.left, y, desk.right, y, width=style.line)
        if self.rules is Rules.GRID:
            self._cells(y, y + height)
        self.head_top = y
        return y + height + (1 if self.rules is Rules.GRID else 3)

    def _anchor(self, column: Column) -> tuple[float, Align]:
        if column.align is Align.RIGHT:
            return column.left + column.width - self.pad, Align.RIGHT
        return column.left + self.pad, Align.LEFT

    def _row(self, y: float, index: int, item: Item, lines: list[tuple[list[Piece], Font]]) -> float:
        desk, sheet = self.desk, self.desk.sheet
        bottom = y + self._height(lines)
        if self.rules is Rules.ZEBRA and index % 2:
            sheet.box(desk.left, y, desk.right, bottom, stroke=None, fill=desk.style.tint)
        top = y + self.row_gap / 2 + 1
        extent = sum(font.size * 1.2 for _, font in lines)
        numbers_top, words_top = top, top
        if self.shape is RowShape.WORDS_FIRST:
            numbers_top += extent
        elif self.shape is RowShape.NUMBERS_FIRST:
            words_top += self.font.size * 1.25
        elif self.sinks:
            numbers_top += (extent - self.font.size * 1.2) / 2
        for column in self.columns:
            x, align = self._anchor(column)
            if column.key == "description":
                self._description(column.left + self.pad, words_top, lines)
            elif column.key in ("pos", "code") and self.shape is RowShape.WORDS_FIRST:
                sheet.text(x, top, self._cell(column.key, item, index), self.font, align=align)
            else:
                sheet.text(x, numbers_top, self._cell(column.key, item, index), self.font, align=align)
        if self.rules is Rules.GRID:
            self._cells(y - 1 if index == 0 else y, bottom)
        elif self.rules is Rules.LINES:
            sheet.rule(desk.left, bottom, desk.right, bottom, width=desk.style.line * 0.6, colour=desk.style.ink)
        return bottom

    def _description(self, x: float, y: float, lines: list[tuple[list[Piece], Font]]) -> None:
        """All lines that belong to the description become one record."""
        start = 0
        while start < len(lines):
            stop = start
            while stop < len(lines) and lines[stop][1] == lines[start][1]:
                stop += 1
            y = self.desk.sheet.block(x, y, [line for line, _ in lines[start:stop]], lines[start][1], leading=1.2)
            start = stop

    def _cells(self, top: float, bottom: float) -> None:
        for column in self.columns:
            self.desk.sheet.box(column.left, top, column.left + column.width, bottom, width=self.desk.style.line)

    def _turn(self, y: float, running: Decimal) -> float:
        """Close the page, with the sum so far in some documents, and go on with the next."""
        voice = self.desk.voice
        y = self._close(y)
        if self.carries:
            self._carry(y, voice.word("carried_forward"), running)
        y = self._head(self.next_page())
        if self.carries:
            y = self._carry(y, voice.word("brought_forward"), running)
        return y

    def _carry(self, y: float, caption: str, running: Decimal) -> float:
        desk = self.desk
        text = caption.format(page=desk.sheet.page + 1)
        column = next(column for column in self.columns if column.key == self.amount_key)
        x, align = self._anchor(column)
        desk.sheet.text(desk.left + self.pad + 40, y + 3, text, self.font.heavy())
        desk.sheet.text(x, y + 3, desk.voice.amount((), running, desk.voice.item_pattern), self.font, align=align)
        return y + desk.style.step * 1.5

    def _close(self, y: float) -> float:
        desk, style = self.desk, self.desk.style
        if self.rules is Rules.COLUMNS:
            for column in self.columns:
                desk.sheet.rule(column.left, self.head_top, column.left, y, width=style.line)
            desk.sheet.rule(desk.right, self.head_top, desk.right, y, width=style.line)
        if self.rules in (Rules.COLUMNS, Rules.PLAIN, Rules.BAND, Rules.ZEBRA):
            desk.sheet.rule(desk.left, y + 1, desk.right, y + 1, width=style.line)
        return y + 4


__all__ = ["Column", "GoodsTable", "Part", "Rules"]
