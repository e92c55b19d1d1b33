"""Finding a text by its letters and digits alone, along paths of neighbouring lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from docgrid.datasets.segments import DocumentIndex, PageIndex, Segment, is_alphanumeric
from docgrid.labels import Occurrence
from docgrid.values import fold

LONGEST_PATH = 14  # lines
_SHORTEST_PIECE = 3  # letters of a text that must stand before a jump to a line below

# What OCR confuses, each group written as its first sign.
CONFUSED = str.maketrans({"o": "0", "q": "0", "d": "0", "l": "1", "i": "1", "s": "5", "b": "8", "z": "2", "g": "9"})


# Pieces of a text that are captions or numbers of a party or an article, not its name: "GLN 4304171000002", "Art-Nr: ZS9997".
_NUMBERED = re.compile(
    r"\b(?:GLN|GTIN|EAN|ILN)\b:?\s*\d+|\b[\w.-]*\bNr\b[\w.-]*\s?:?\s*\S+|\b\w[\w./-]*\s?:\s*\S+", re.IGNORECASE
)


def name_in(value: str) -> str:
    """The longest stretch of a text that is neither a caption nor a number; "" where the text has no such parts to leave out."""
    parts = _NUMBERED.split(value)
    return max((part.strip(" ,;:-") for part in parts), key=len) if len(parts) > 1 else ""


@dataclass(frozen=True, slots=True)
class Match:
    """Rows of one page that print a text, and how much of the text they hold (1.0: all of it, exactly)."""

    page: PageIndex
    rows: tuple[int, ...]
    share: float

    @property
    def occurrence(self) -> Occurrence:
        """The place, with the punctuation between the rows."""
        return occurrence_of(self.page, self.rows)


def find_text(index: DocumentIndex, value: str, *, numeric_edges: bool = False) -> list[Match]:
    """All places that print a text letter by letter, whole words only where there are any, in reading order.

    Args:
        index: The document.
        value: The text; white space, case, accents and punctuation do not matter.
        numeric_edges: Refuse a match that is a piece of a longer number (for identifiers).
    """
    wanted = fold(value)
    if not wanted:
        return []
    return _bounded(list(_exact_matches(index, wanted)), value, numeric_edges)


def find_confused(index: DocumentIndex, value: str) -> list[Match]:
    """As `find_text`, taking for equal what OCR confuses (0 and O, 1 and l); for identifiers of six or more characters."""
    wanted = fold(value).translate(CONFUSED)
    if len(wanted) < 6:
        return []
    matches = []
    for page in index.pages:
        for segment in page.segments:
            text = segment.folded.translate(CONFUSED)
            place = text.find(wanted)
            if place >= 0:
                matches.append(Match(page, segment.folded_rows[place : place + len(wanted)], 1.0))
    return _bounded(matches, value, True)


def _bounded(matches: list[Match], value: str, numeric_edges: bool) -> list[Match]:
    """Matches of whole words if there are any, else those inside of words; edges fitted to the punctuation of the value."""
    whole = [match for match in matches if match.page.starts_word(match.rows[0]) and match.page.ends_word(match.rows[-1])]
    whole = [match for match in whole if not match.page.is_joined(match.rows[0], match.rows[-1])] or whole
    if not whole and numeric_edges:
        matches = [match for match in matches if not _cuts_number(match)]
    fitted = [Match(match.page, fit_edges(match.page, match.rows, value), match.share) for match in whole or matches]
    return list({(match.page.index, match.rows): match for match in fitted}.values())


def _cuts_number(match: Match) -> bool:
    """Whether a digit of the same word goes on before or after a match that begins or ends with a digit."""
    text = match.page.page.characters.text
    first, last = match.rows[0], match.rows[-1]
    before = not match.page.starts_word(first) and text[first].isdigit() and text[first - 1].isdigit()
    return before or (not match.page.ends_word(last) and text[last].isdigit() and text[last + 1].isdigit())


def _exact_matches(index: DocumentIndex, wanted: str) -> Iterator[Match]:
    for page in index.pages:
        walk = Walk(page, set())
        for segment in page.segments:
            text = segment.folded
            place = text.find(wanted[0])
            while place >= 0:
                left = float(page.page.characters.boxes[segment.folded_rows[place], 0])
                rows = walk.match(segment, place, wanted, left, LONGEST_PATH)
                if rows is not None:
                    yield Match(page, tuple(rows), 1.0)
                place = text.find(wanted[0], place + 1)


@dataclass(frozen=True, slots=True)
class Walk:
    """The search for the rest of a text in neighbouring lines; remembers where it does not go on, so that no page takes long."""

    page: PageIndex
    dead: set[tuple[int, int, int, int]]  # line, offset, letters still wanted, left edge

    def match(self, segment: Segment, place: int, wanted: str, left: float, depth: int) -> list[int] | None:
        """Rows of a text that begins at an offset of a line and may go on in neighbouring lines; None when it does not.

        Args:
            segment: The line.
            place: Offset into its folded text.
            wanted: What is still to be found.
            left: Left edge of the column that the text stands in, points.
            depth: How many more lines may follow.
        """
        shared = _common_prefix(segment.folded, place, wanted)
        if shared == len(wanted):
            return list(segment.folded_rows[place : place + shared])
        key = (segment.number, place, len(wanted), round(left))
        if depth == 0 or shared == 0 or key in self.dead:
            return None
        rows = self._go_on(segment, place, shared, wanted, left, depth)
        if rows is None:
            self.dead.add(key)
        return rows

    def _go_on(self, segment: Segment, place: int, shared: int, wanted: str, left: float, depth: int) -> list[int] | None:
        rows = list(segment.folded_rows[place : place + shared])
        length = len(segment.folded)
        if place + shared == length:
            tail = self.first([(after, 0) for after in self.page.successors(segment)], wanted[shared:], left, depth)
            if tail is not None:
                return rows + tail
        cut = max((offset for offset in (*segment.word_offsets, length) if place < offset <= place + shared), default=place)
        if cut - place < _SHORTEST_PIECE:  # go on only from the end of a word, below the beginning of the text
            return None
        below = self.page.words_below(segment, left)
        if place + shared < length or place > 0:  # a cell inside of a line, going on in a line of its own
            near = 0.6 * segment.height
            below += [
                (after, 0)
                for after in self.page.successors(segment)
                if abs(after.box[0] - left) < near and after.box[1] > segment.box[1]
            ]
        tail = self.first(below, wanted[cut - place :], left, depth)
        return None if tail is None else rows[: cut - place] + tail

    def first(self, starts: list[tuple[Segment, int]], wanted: str, left: float, depth: int) -> list[int] | None:
        """Rows of a text from the first of several lines and offsets where it goes on."""
        tails = (self.match(segment, offset, wanted, left, depth - 1) for segment, offset in starts)
        return next((tail for tail in tails if tail is not None), None)


def _common_prefix(text: str, place: int, wanted: str) -> int:
    limit = min(len(text) - place, len(wanted))
    if text.startswith(wanted[:limit], place):
        return limit
    return next(number for number in range(limit) if text[place + number] != wanted[number])


def occurrence_of(page: PageIndex, rows: tuple[int, ...]) -> Occurrence:
    """The place that some rows of a page make, with the punctuation between them."""
    text = page.page.characters.text
    full: set[int] = set(rows)
    ordered = sorted(full)
    for before, after in zip(ordered[:-1], ordered[1:], strict=True):
        between = range(before + 1, after)
        if not any(is_alphanumeric(text[row]) for row in between):
            full.update(between)
        else:
            full.update(_punctuation(page, before, after))
    return Occurrence(page.page.number, tuple(sorted(full)))


def _punctuation(page: PageIndex, before: int, after: int) -> Iterator[int]:
    """Signs at the end of one row's word and at the start of another's, where other text stands between the two rows."""
    text, first = page.page.characters.text, page.word_first
    row = before + 1
    while row < after and not first[row] and not is_alphanumeric(text[row]):
        yield row
        row += 1
    row = after
    while row > before + 1 and not first[row] and not is_alphanumeric(text[row - 1]):
        row -= 1
        yield row


def fit_edges(page: PageIndex, rows: tuple[int, ...], value: str, *, amount: bool = False) -> tuple[int, ...]:
    """Take in the signs around a match that the value has too: a bracket or "$" before it, a full stop after it.

    Args:
        page: The page.
        rows: The match.
        value: The value as labelled.
        amount: Everything before the first and after the last digit of the value is a sign ("RM9.00").
    """
    characters = page.page.characters
    text, line = characters.text, characters.line_index
    wanted = "".join(value.split())
    counted = [place for place, sign in enumerate(wanted) if (sign.isdigit() if amount else is_alphanumeric(sign))]
    if not counted:
        return rows
    lead, trail = wanted[: counted[0]], wanted[counted[-1] + 1 :]
    before: list[int] = []
    for character in reversed(lead):
        row = (before[-1] if before else rows[0]) - 1
        if row < 0 or text[row].casefold() != character.casefold() or line[row] != line[rows[0]]:
            break
        before.append(row)
    if any(is_alphanumeric(text[row]) for row in before) and len(before) < len(lead):
        before = []
    after: list[int] = []
    for character in trail:
        row = (after[-1] if after else rows[-1]) + 1
        if row >= len(text) or text[row] != character or line[row] != line[rows[-1]]:
            break
        after.append(row)
    return (*reversed(before), *rows, *after)
