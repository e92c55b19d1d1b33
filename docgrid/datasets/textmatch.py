"""Finding a text by its letters and digits alone, along paths of neighbouring lines; and by likeness where that fails."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from docgrid.datasets.segments import DocumentIndex, PageIndex, Segment, is_alphanumeric
from docgrid.labels import Occurrence
from docgrid.values import fold

_LONGEST_PATH = 14  # lines
_PIECE_SCORE = 55.0  # rapidfuzz score (0..100) below which a line is no piece of a text
_SHORTEST_PIECE = 3  # letters
_NEAR_LINES = 3.5  # pieces of one text stand at most so many line heights apart

# What OCR confuses, each group written as its first sign.
CONFUSED = str.maketrans({"o": "0", "q": "0", "d": "0", "l": "1", "i": "1", "s": "5", "b": "8", "z": "2", "g": "9"})


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
        for segment in page.segments:
            text = segment.folded
            place = text.find(wanted[0])
            while place >= 0:
                left = float(page.page.characters.boxes[segment.folded_rows[place], 0])
                rows = _match_on(page, segment, place, wanted, left, _LONGEST_PATH)
                if rows is not None:
                    yield Match(page, tuple(rows), 1.0)
                place = text.find(wanted[0], place + 1)


def _match_on(page: PageIndex, segment: Segment, place: int, wanted: str, left: float, depth: int) -> list[int] | None:
    """Rows of a text that begins at an offset of a line and may go on in neighbouring lines; None when it does not.

    Args:
        page: The page.
        segment: The line.
        place: Offset into its folded text.
        wanted: What is still to be found.
        left: Left edge of the column that the text stands in, points.
        depth: How many more lines may follow.
    """
    text = segment.folded
    shared = _common_prefix(text, place, wanted)
    rows = list(segment.folded_rows[place : place + shared])
    if shared == len(wanted):
        return rows
    if depth == 0 or shared == 0:
        return None
    if place + shared == len(text):
        tail = _first_match(page, [(after, 0) for after in page.successors(segment)], wanted[shared:], left, depth)
        if tail is not None:
            return rows + tail
    cut = max((offset for offset in (*segment.word_offsets, len(text)) if place < offset <= place + shared), default=place)
    if cut - place < _SHORTEST_PIECE:  # go on only from the end of a word, below the beginning of the text
        return None
    below = page.words_below(segment, left)
    if place + shared < len(text) or place > 0:  # a cell inside of a line, going on in a line of its own
        near = 0.6 * segment.height
        below += [
            (after, 0) for after in page.successors(segment) if abs(after.box[0] - left) < near and after.box[1] > segment.box[1]
        ]
    tail = _first_match(page, below, wanted[cut - place :], left, depth)
    return None if tail is None else rows[: cut - place] + tail


def _first_match(page: PageIndex, starts: list[tuple[Segment, int]], wanted: str, left: float, depth: int) -> list[int] | None:
    tails = (_match_on(page, segment, offset, wanted, left, depth - 1) for segment, offset in starts)
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


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of a line that is like a stretch (`start` to `stop`) of the wanted text."""

    segment: Segment
    rows: tuple[int, ...]
    start: int
    stop: int
    matched: int


def find_like(index: DocumentIndex, value: str, *, threshold: float) -> list[Match]:
    """The place that is most like a text: pieces of neighbouring lines that together hold enough of its letters, in order.

    Args:
        index: The document.
        value: The text.
        threshold: The share of its letters and digits that must be found, 0..1.

    Returns:
        The best match of the document and its equals; empty when none reaches the threshold.
    """
    wanted = fold(value)
    best: list[Match] = []
    for page in index.pages:
        pieces = [piece for segment in page.segments if (piece := _piece_of(segment, wanted)) is not None]
        for chain, share in _best_chains(pieces, len(wanted)):
            if share < threshold:
                continue
            tail = wanted[chain[-1].stop :]
            rows = tuple(sorted({row for piece in chain for row in piece.rows} | set(_rows_after(page, chain[-1].segment, tail))))
            best.append(Match(page, fit_edges(page, rows, value), share))
    top = max((match.share for match in best), default=0.0)
    return [match for match in best if match.share >= top - 0.02]


def _rows_after(page: PageIndex, segment: Segment, tail: str) -> list[int]:
    """Rows of the last words of a text on the lines after a line, where they stand there letter by letter.

    A last word that the text has twice ("JOHOR BAHRU, JOHOR") is taken for its first copy by likeness alone.
    """
    if not tail or segment.folded.endswith(tail):
        return []
    left = segment.box[0]
    return _first_match(page, [(after, 0) for after in page.successors(segment)], tail, left, _LONGEST_PATH) or []


def _piece_of(segment: Segment, wanted: str) -> _Piece | None:
    text = segment.folded
    if len(text) < 2:
        return None
    found = fuzz.partial_ratio_alignment(text, wanted, score_cutoff=_PIECE_SCORE)
    if found is None:
        return None
    blocks = [
        (code.src_start + found.src_start, code.dest_start + found.dest_start, code.src_end - code.src_start)
        for code in Indel.opcodes(text[found.src_start : found.src_end], wanted[found.dest_start : found.dest_end])
        if code.tag == "equal"
    ]
    core = _core(blocks)
    if core is None:
        return None
    first, last, matched = core
    if matched < min(_SHORTEST_PIECE, len(text)):
        return None
    start, stop = _whole_words(segment, first[0], last[0] + last[2])
    rows = segment.folded_rows[start:stop]
    return _Piece(segment, tuple(dict.fromkeys(rows)), first[1], last[1] + last[2], matched)


def _whole_words(segment: Segment, start: int, stop: int) -> tuple[int, int]:
    """A stretch of a line's folded text, grown to the ends of words of which it holds at least half."""
    edges = (*segment.word_offsets, len(segment.folded))
    word_start = max(edge for edge in edges if edge <= start)
    word_stop = min(edge for edge in edges if edge > start)
    if start - word_start <= min(word_stop, stop) - start:
        start = word_start
    word_start = max(edge for edge in edges if edge < stop)
    word_stop = min(edge for edge in edges if edge >= stop)
    if word_stop - stop <= stop - max(word_start, start):
        stop = word_stop
    return start, stop


_Block = tuple[int, int, int]  # offset in the line, offset in the text, length


def _core(blocks: list[_Block]) -> tuple[_Block, _Block, int] | None:
    """The stretch of equal blocks with the most equal letters less the letters skipped between them."""
    best: tuple[_Block, _Block, int] | None = None
    best_score = 0.0
    for start in range(len(blocks)):
        score, matched = 0.0, 0
        for stop in range(start, len(blocks)):
            if stop > start:
                before, block = blocks[stop - 1], blocks[stop]
                score -= max(block[0] - before[0] - before[2], block[1] - before[1] - before[2])
            score += blocks[stop][2]
            matched += blocks[stop][2]
            if score >= best_score:
                best_score, best = score, (blocks[start], blocks[stop], matched)
    return best


def _best_chains(pieces: list[_Piece], length: int) -> list[tuple[list[_Piece], float]]:
    """The best chain of pieces that ends at each piece: in the order of the text, and each near the one before."""
    ordered = sorted(pieces, key=lambda piece: (piece.start, piece.stop))
    scores = [piece.matched for piece in ordered]
    previous = [-1] * len(ordered)
    for number, piece in enumerate(ordered):
        for before in range(number):
            other = ordered[before]
            overlap = max(0, other.stop - piece.start)
            if overlap > 2 or not _near(other.segment, piece.segment):
                continue
            score = scores[before] + piece.matched - overlap
            if score > scores[number]:
                scores[number], previous[number] = score, before
    chains = []
    for number in np.argsort(scores)[::-1][:8].tolist():
        chain, place = [], number
        while place >= 0:
            chain.append(ordered[place])
            place = previous[place]
        chains.append((chain[::-1], scores[number] / length))
    return chains


def _near(first: Segment, second: Segment) -> bool:
    """Whether a text may run from one line to the other: beside it, or not far below with a common column."""
    if second.number == first.number:
        return False
    gap = second.box[1] - first.box[3]
    height = max(first.height, second.height)
    same_row = min(first.box[3], second.box[3]) - max(first.box[1], second.box[1]) > 0.4 * min(first.height, second.height)
    if same_row:
        return second.box[0] >= first.box[0]
    overlap = min(first.box[2], second.box[2]) - max(first.box[0], second.box[0])
    return -0.5 * height < gap < _NEAR_LINES * height and (overlap > 0 or second.number == first.number + 1)
