"""The sheet that layouts draw on: text in points from the top-left corner, and a record of every printed field value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Value:
    """A text that is the value of one field or more (a total that is also the amount due)."""

    text: str
    fields: tuple[str, ...]
    value: str  # normal form: ISO date, plain decimal
    item: int | None = None  # number of the line item, from 0


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a value: one line of an address, one word of a wrapped sentence."""

    text: str
    whole: Value


Piece = str | Value | Part
Line = Sequence[Piece]


class Align(StrEnum):
    """Which point of a text its x is."""

    LEFT = "left"
    RIGHT = "right"
    CENTRE = "centre"


@dataclass(frozen=True, slots=True)
class Face:
    """The four cuts of a font; ascent and descent in parts of the size."""

    name: str
    regular: str
    bold: str
    italic: str
    bold_italic: str
    ascent: float
    descent: float


HELVETICA = Face("helvetica", "Helvetica", "Helvetica-Bold", "Helvetica-Oblique", "Helvetica-BoldOblique", 0.74, 0.21)
TIMES = Face("times", "Times-Roman", "Times-Bold", "Times-Italic", "Times-BoldItalic", 0.70, 0.21)
COURIER = Face("courier", "Courier", "Courier-Bold", "Courier-Oblique", "Courier-BoldOblique", 0.66, 0.18)
VERA = Face("vera", "Vera", "VeraBd", "VeraIt", "VeraBI", 0.77, 0.22)  # Bitstream Vera, comes with reportlab


@dataclass(frozen=True, slots=True)
class Font:
    """A face in one cut, size and width."""

    face: Face
    size: float
    bold: bool = False
    italic: bool = False
    stretch: float = 1.0  # horizontal scale

    @property
    def cut(self) -> str:
        """The name that PDF knows."""
        if self.bold:
            return self.face.bold_italic if self.italic else self.face.bold
        return self.face.italic if self.italic else self.face.regular

    def width(self, text: str) -> float:
        """Length of a text in points."""
        return _width(self.cut, text) * self.size * self.stretch

    def scaled(self, factor: float) -> Font:
        """The same font in another size."""
        return replace(self, size=round(self.size * factor, 2))

    def heavy(self, bold: bool = True) -> Font:
        """The bold cut."""
        return replace(self, bold=bold)

    def slanted(self, italic: bool = True) -> Font:
        """The italic cut."""
        return replace(self, italic=italic)


_VERA_FILES = ("Vera", "VeraBd", "VeraIt", "VeraBI")


def register_fonts() -> None:
    """Make the TrueType fonts known to reportlab; doing so twice is harmless."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    for name in _VERA_FILES:
        if name not in pdfmetrics._fonts:
            pdfmetrics.registerFont(TTFont(name, f"{name}.ttf"))


@lru_cache(maxsize=200_000)
def _width(cut: str, text: str) -> float:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    if cut.startswith("Vera"):
        register_fonts()
    return float(stringWidth(text, cut, 1.0))


@dataclass(slots=True)
class Record:
    """One printed occurrence of a value: where each of its text lines stands, in points."""

    value: Value
    page: int  # from 1
    texts: list[str] = field(default_factory=list)
    boxes: list[tuple[float, float, float, float]] = field(default_factory=list)

    def add(self, text: str, box: tuple[float, float, float, float]) -> None:
        """Add a run; it joins the last one when it goes on in the same line."""
        if self.boxes:
            left, top, right, bottom = self.boxes[-1]
            if abs(top - box[1]) < 0.5 and box[0] >= left:
                self.boxes[-1] = (left, min(top, box[1]), max(right, box[2]), max(bottom, box[3]))
                self.texts[-1] += " " + text
                return
        self.texts.append(text)
        self.boxes.append(box)


@dataclass(frozen=True, slots=True)
class Colour:
    """Red, green, blue in 0..1."""

    red: float
    green: float
    blue: float


BLACK = Colour(0, 0, 0)
WHITE = Colour(1, 1, 1)


def grey(level: float) -> Colour:
    """A grey, 0 black to 1 white."""
    return Colour(level, level, level)


@dataclass(frozen=True, slots=True)
class TextOp:
    """Draw text; y is the baseline from the top."""

    x: float
    y: float
    text: str
    font: Font
    colour: Colour
    turned: float = 0.0  # degrees, counter-clockwise


@dataclass(frozen=True, slots=True)
class ShapeOp:
    """Draw a line, a box or a circle (the largest that fits)."""

    kind: str  # line, box, circle
    edges: tuple[float, float, float, float]
    stroke: Colour | None
    fill: Colour | None
    width: float


class Sheet:
    """Pages of one document under the pen."""

    def __init__(self, width: float, height: float, *, colour: Colour = BLACK) -> None:
        self.width = width
        self.height = height
        self.colour = colour
        self.pages: list[list[TextOp | ShapeOp]] = []
        self.sizes: list[tuple[float, float]] = []
        self.records: list[Record] = []
        self.page = 0
        self.limit = width - 10  # no text that starts at the left goes beyond; it is set smaller instead
        self.add_page()

    def add_page(self) -> None:
        """Start a new page and draw on it from now on."""
        self.pages.append([])
        self.sizes.append((self.width, self.height))
        self.page = len(self.pages)

    @contextmanager
    def within(self, right: float) -> Iterator[None]:
        """Text in here ends before `right`."""
        before, self.limit = self.limit, min(self.limit, right)
        yield
        self.limit = before

    def text(
        self, x: float, y: float, line: Piece | Line, font: Font, *, align: Align = Align.LEFT, colour: Colour | None = None
    ) -> float:
        """Draw one line whose top is at `y`; give back the x where it ends."""
        return self._run(x, y, _as_line(line), font, align, colour, {})

    def block(
        self,
        x: float,
        y: float,
        lines: Sequence[Piece | Line],
        font: Font,
        *,
        leading: float = 1.25,
        align: Align = Align.LEFT,
        colour: Colour | None = None,
    ) -> float:
        """Draw lines under each other; parts of one value become one record. Gives back the y below."""
        open_records: dict[int, Record] = {}
        for line in lines:
            self._run(x, y, _as_line(line), font, align, colour, open_records)
            y += font.size * leading
        return y

    def paragraph(
        self,
        x: float,
        y: float,
        width: float,
        line: Piece | Line,
        font: Font,
        *,
        leading: float = 1.25,
        colour: Colour | None = None,
    ) -> float:
        """Draw text broken into lines of at most `width`; gives back the y below."""
        return self.block(x, y, wrap(line, font, width), font, leading=leading, colour=colour)

    def turned_text(self, x: float, y: float, text: str, font: Font, degrees: float, colour: Colour) -> None:
        """Draw decoration at an angle under all that is on the page already; it carries no field."""
        self.pages[self.page - 1].insert(0, TextOp(x, y, text, font, colour, degrees))

    def rule(
        self,
        x1: float,
        y1: float,
        x2: float,
        y2: float,
        *,
        width: float = 0.5,
        colour: Colour = BLACK,
    ) -> None:
        """Draw a straight line."""
        self.pages[self.page - 1].append(ShapeOp("line", (x1, y1, x2, y2), colour, None, width))

    def box(
        self,
        left: float,
        top: float,
        right: float,
        bottom: float,
        *,
        stroke: Colour | None = BLACK,
        fill: Colour | None = None,
        width: float = 0.5,
    ) -> None:
        """Draw a rectangle."""
        self.pages[self.page - 1].append(ShapeOp("box", (left, top, right, bottom), stroke, fill, width))

    def circle(
        self, x: float, y: float, radius: float, *, stroke: Colour | None, fill: Colour | None, width: float = 0.5
    ) -> None:
        """Draw a circle around (x, y)."""
        edges = (x - radius, y - radius, x + radius, y + radius)
        self.pages[self.page - 1].append(ShapeOp("circle", edges, stroke, fill, width))

    def underlay(self, left: float, top: float, right: float, bottom: float, fill: Colour) -> None:
        """Put a filled rectangle under all that is drawn on the page already."""
        self.pages[self.page - 1].insert(0, ShapeOp("box", (left, top, right, bottom), None, fill, 0.0))

    def _run(
        self, x: float, y: float, line: Line, font: Font, align: Align, colour: Colour | None, open_records: dict[int, Record]
    ) -> float:
        texts = [_text_of(piece) for piece in line]
        widths = [font.width(text) for text in texts]
        room = self.limit - x if align is Align.LEFT else x - 6 if align is Align.RIGHT else self.width - 12
        if sum(widths) > room > 10:
            font = font.scaled(max(0.55, room / sum(widths)))
            widths = [font.width(text) for text in texts]
        if align is not Align.LEFT:
            x -= sum(widths) / (1 if align is Align.RIGHT else 2)
        baseline = y + font.face.ascent * font.size
        for piece, text, width in zip(line, texts, widths, strict=True):
            if text:
                self.pages[self.page - 1].append(TextOp(x, baseline, text, font, colour or self.colour))
                if not isinstance(piece, str):
                    whole = piece.whole if isinstance(piece, Part) else piece
                    box = (x, y, x + width, baseline + font.face.descent * font.size)
                    self._record(whole, text, box, open_records)
            x += width
        return x

    def _record(self, whole: Value, text: str, box: tuple[float, float, float, float], open_records: dict[int, Record]) -> None:
        record = open_records.get(id(whole))
        if record is None:
            record = open_records[id(whole)] = Record(whole, self.page)
            self.records.append(record)
        record.add(text.strip(), box)


def _as_line(line: Piece | Line) -> Line:
    return (line,) if isinstance(line, str | Value | Part) else line


def _text_of(piece: Piece) -> str:
    return piece if isinstance(piece, str) else piece.text


def length(line: Piece | Line, font: Font) -> float:
    """Width of a line in points."""
    return sum(font.width(_text_of(piece)) for piece in _as_line(line))


def split_lines(value: Value) -> list[Part]:
    """The lines of a value of several lines."""
    return [Part(text, value) for text in value.text.split("\n")]


def wrap(line: Piece | Line, font: Font, width: float) -> list[list[Piece]]:
    """Break a line at its spaces so that it fits; a word that is too long stands alone."""
    result: list[list[Piece]] = [[]]
    used = 0.0
    for piece in _as_line(line):
        whole = piece if isinstance(piece, Value) else piece.whole if isinstance(piece, Part) else None
        for word in _words(_text_of(piece)):
            extent = font.width(word)
            if used and used + font.width(word.rstrip()) > width + 0.01:
                _trim(result[-1])
                result.append([])
                used = 0.0
                word, extent = word.lstrip(), font.width(word.lstrip())
            if word:
                _append(result[-1], word, whole)
                used += extent
    return result


def _words(text: str) -> list[str]:
    """Words with the space behind them."""
    pieces = text.split(" ")
    return [word + " " for word in pieces[:-1]] + ([pieces[-1]] if pieces[-1] else [])


def _append(line: list[Piece], word: str, whole: Value | None) -> None:
    last = line[-1] if line else None
    if whole is None:
        if isinstance(last, str):
            line[-1] = last + word
        else:
            line.append(word)
    elif isinstance(last, Part) and last.whole is whole:
        line[-1] = Part(last.text + word, whole)
    else:
        line.append(Part(word, whole))


def _trim(line: list[Piece]) -> None:
    """Drop the space at the end of a line, so that no box holds it."""
    if line and isinstance(line[-1], Part):
        line[-1] = Part(line[-1].text.rstrip(), line[-1].whole)
    elif line and isinstance(line[-1], str):
        line[-1] = line[-1].rstrip()
