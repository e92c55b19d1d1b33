"""Finding a text that is not printed letter by letter (OCR errors, small differences of the label) by likeness."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from docgrid.datasets.segments import DocumentIndex, PageIndex, Segment
from docgrid.datasets.textmatch import LONGEST_PATH, Match, Walk, fit_edges
from docgrid.values import fold

_PIECE_SCORE = 55.0  # rapidfuzz score (0..100) below which a line is no piece of a text
_SHORTEST_PIECE = 3  # letters
_MOST_PIECES = 300  # of a page, those with the most letters
_NEAR_LINES = 3.5  # pieces of one text stand at most so many line heights apart


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of a line that is like a stretch (`start` to `stop`) of the wanted text."""

    segment: Segment
    rows: tuple[int, ...]
    start: int
    stop: int
    matched: int


def find_like(index: DocumentIndex, value: str, *, threshold: float, among: Sequence[Segment] | None = None) -> list[Match]:
    """The place that is most like a text: pieces of neighbouring lines that together hold enough of its letters, in order.

    Args:
        index: The document.
        value: The text.
        threshold: The share of its letters and digits that must be found, 0..1.
        among: The lines to look at; all when not given.

    Returns:
        The best match of the document and its equals; empty when none reaches the threshold.
    """
    wanted = fold(value)
    best: list[Match] = []
    for page in index.pages:
        lines = page.segments if among is None else [segment for segment in among if segment.page == page.index]
        pieces = [piece for segment in lines if (piece := _piece_of(segment, wanted)) is not None]
        pieces = sorted(pieces, key=lambda piece: -piece.matched)[:_MOST_PIECES]
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
    return Walk(page, set()).first([(after, 0) for after in page.successors(segment)], tail, left, LONGEST_PATH) or []


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
