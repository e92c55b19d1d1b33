"""The slip of paper that a receipt is drawn on: narrow, growing downwards, captions left and amounts right."""

from __future__ import annotations

import re
from decimal import Decimal
from random import Random

from docgrid.synth.formats import DateStyle, NumberStyle, money
from docgrid.synth.ink import COURIER, HELVETICA, TIMES, VERA, Align, Font, Line, Piece, Sheet, Value, grey, length, wrap
from docgrid.synth.receipt_words import RECEIPT_WORDS
from docgrid.synth.shops import Receipt, Region

_ASIAN_DATES = (
    ["{dd}/{mm}/{yyyy}"] * 12
    + ["{dd}-{mm}-{yy}"] * 3
    + ["{dd}-{mm}-{yyyy}"] * 3
    + ["{dd}/{mm}/{yy}"] * 3
    + ["{dd} {SHORT} {yyyy}"] * 2
    + ["{d}/{m}/{yyyy}", "{dd} {short} {yy}", "{dd}-{short}-{yyyy}", "{dd}/{short}/{yyyy}", "{yyyy}-{mm}-{dd}", "{yyyy}{mm}{dd}"]
    + [
        "{yyyy}/{mm}/{dd}",
        "{dd}.{mm}.{yy}",
        "({dd}/{mm}/{yyyy})",
        "{short} {d}, {yyyy}",
        "{dd} {month} {yyyy}",
        "{dd}-{SHORT}-{yy}",
    ]
)
_AMERICAN_DATES = [
    "{mm}/{dd}/{yyyy}",
    "{mm}/{dd}/{yy}",
    "{m}/{d}/{yyyy}",
    "{short} {dd}, {yyyy}",
    "{mm}-{dd}-{yyyy}",
    "{yyyy}-{mm}-{dd}",
    "{SHORT} {dd} {yyyy}",
]
_EUROPEAN_DATES = [
    "{dd}.{mm}.{yyyy}",
    "{dd}/{mm}/{yyyy}",
    "{dd}-{mm}-{yyyy}",
    "{dd}.{mm}.{yy}",
    "{dd}/{mm}/{yy}",
    "{d} {month} {yyyy}",
]


class Slip:
    """A narrow sheet that grows downwards."""

    def __init__(self, receipt: Receipt, rng: Random) -> None:
        self.receipt = receipt
        self.rng = rng
        self.width = rng.choice([150, 165, 180, 200, 215, 226, 240])
        self.margin = rng.uniform(6, 18)
        face = rng.choices([COURIER, HELVETICA, TIMES, VERA], [52, 26, 8, 14])[0]
        size = (self.width - 2 * self.margin) / rng.uniform(20, 30) * (1.0 if face is COURIER else 1.15)
        stretch = rng.uniform(0.72, 1.05)
        self.font = Font(face, round(size, 2), stretch=round(stretch, 3), bold=rng.random() < 0.12)
        self.leading = rng.uniform(1.05, 1.4)
        self.sheet = Sheet(self.width, 5000, colour=grey(rng.uniform(0, 0.35)))
        self.words = RECEIPT_WORDS[receipt.language]
        comma = receipt.language != "en" and rng.random() < 0.92
        self.numbers = NumberStyle(
            "," if comma else ".", "." if comma else rng.choice(["", ","]), rng.choice(["-{}", "-{}", "({})", "{}-"])
        )
        self.upper = rng.random() < 0.3
        self.colon = rng.choice([":", ":", " :", "", ""])
        self.left = self.margin
        self.right = self.width - self.margin
        self.y = rng.uniform(8, 40)
        patterns = _ASIAN_DATES
        if receipt.region is Region.AMERICA:
            patterns = _AMERICAN_DATES
        elif receipt.region is Region.EUROPE:
            patterns = _EUROPEAN_DATES
        self.dates = DateStyle(rng.choice(patterns), receipt.language)
        mark = receipt.currency
        self.mark = (
            rng.choice(["{}", "{}", "{}", "{}", mark + "{}", mark + " {}"])
            if receipt.region is not Region.EUROPE
            else rng.choice(["{}", "{}", "{} €", "€ {}"])
        )
        self.rule_sign = rng.choice(["-", "-", "=", "*", ".", "_", ""])
        self._words: dict[str, str] = {}

    def word(self, key: str) -> str:
        """The caption of this receipt for a key."""
        if key not in self._words:
            text = self.rng.choice(self.words[key].split("|"))
            text = text.replace("{rate}", f"{self.receipt.rate.normalize():f}").replace(
                "{last}", str(self.rng.randint(1000, 9999))
            )
            text = self.native(text)
            self._words[key] = text.upper() if self.upper else text
        return self._words[key]

    def said(self, key: str) -> str:
        """The caption, also where this receipt would leave it out."""
        return self.word(key) or self.words[key].split("|")[0]

    def native(self, text: str) -> str:
        """Tax and currency as the region calls them; the tables are written for Malaysia."""
        region = self.receipt.region
        if not text or region is Region.MALAYSIA or self.receipt.language != "en":
            return text
        tax = {Region.SINGAPORE: "GST", Region.AMERICA: "Sales Tax"}.get(region, "VAT")
        text = re.sub(r"\b[GS]ST\b", tax, text)
        mark = self.receipt.currency if region is Region.SINGAPORE else ""
        return re.sub(r" ?\(?\bRM\b\)?", f" ({mark})" if mark else "", text).strip() or "Amount"

    @property
    def step(self) -> float:
        """From line to line."""
        return self.font.size * self.leading

    def line(self, line: Piece | Line, *, align: Align = Align.LEFT, font: Font | None = None) -> None:
        """One line; what is too long shrinks."""
        font = font or self.font
        while length(line, font) > self.right - self.left and font.size > 2:
            font = font.scaled(0.94)
        x = {Align.LEFT: self.left, Align.CENTRE: self.width / 2, Align.RIGHT: self.right}[align]
        self.sheet.text(x, self.y, line, font, align=align)
        self.y += font.size * self.leading

    def wrapped(self, text: str, *, align: Align = Align.LEFT) -> None:
        """Text over as many lines as it needs."""
        for line in wrap(text, self.font, self.right - self.left):
            self.line(line, align=align)

    def pair(
        self, caption: Piece | Line, amount: Piece | Line, *, font: Font | None = None, indent: float = 0.0, gap: float = 0.0
    ) -> None:
        """Caption left, amount right; on two lines where they do not fit."""
        font = font or self.font
        limit = self.right - self.left - indent - gap
        if length(caption, font) + length(amount, font) + 4 > limit:
            font = font.scaled(max(0.75, (limit - 6) / (length(caption, font) + length(amount, font))))
        self.sheet.text(self.left + indent, self.y, caption, font)
        self.sheet.text(self.right - gap, self.y, amount, font, align=Align.RIGHT)
        self.y += font.size * self.leading

    def rule(self) -> None:
        """A line of dashes or a drawn one."""
        if self.rule_sign:
            count = int((self.right - self.left) / self.font.width(self.rule_sign))
            self.line(self.rule_sign * count)
        else:
            self.sheet.rule(self.left, self.y + self.step / 3, self.right, self.y + self.step / 3)
            self.y += self.step * 0.7

    def gap(self, lines: float = 0.6) -> None:
        """Empty paper."""
        self.y += self.step * lines

    def amount(self, number: Decimal, *, marked: bool = False) -> str:
        """An amount as text."""
        text = self.numbers.write(number, 2)
        return self.mark.format(text) if marked else text

    def total(self, number: Decimal) -> list[Piece]:
        """The total, labelled without its currency."""
        before, after = self.mark.split("{}")
        value = Value(self.numbers.write(number, 2), ("total",), money(number))
        return [piece for piece in (before, value, after) if piece]
