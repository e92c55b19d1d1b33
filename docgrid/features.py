"""What a network reads beside the grid: for each word its letters, its place, its neighbours and its numbers.

A grid cell knows one character and what stands around it. Some decisions need more: whether an amount is the largest of the
page, what the words of the line to the left say, how a word ends. These features are arrays, computed once a page.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from docgrid.page import Characters

NGRAM_BUCKETS = 8192  # hashed; 0 is reserved for "no n-gram"
NGRAMS_PER_WORD = 20
NUMERIC_NAMES = (
    "left",
    "top",
    "right",
    "bottom",
    "height",
    "length",
    "digits",
    "capitals",
    "letters",
    "punctuation",
    "is_amount",
    "is_decimal",
    "is_date",
    "is_percent",
    "is_integer",
    "amount_rank",
    "amount_is_largest",
    "amount_log",
    "amount_repeats",
    "words_in_line",
    "place_in_line",
    "first_page",
    "last_page",
    "page_fraction",
)
NEIGHBOURS = ("left_word", "right_word", "own_line", "left_line", "right_line", "above_line", "below_line")

_AMOUNT = re.compile(r"^[^\d\s]{0,4}(\d{1,3}(?:[.,'’]\d{3})*(?:[.,]\d{1,4})?|\d+(?:[.,]\d{1,4})?)-?[^\d\s]{0,4}$")
_DECIMAL = re.compile(r"\d[.,]\d{2}\D{0,4}$")
_MONTHS = "jan feb mar mär maa apr may mai mag mei jun giu jul lug aug ago sep set oct okt ott nov dec dez dic déc"
_YEAR, _MONTH, _DAY = r"(?:19|20)\d\d", r"(?:0[1-9]|1[0-2])", r"(?:0[1-9]|[12]\d|3[01])"
_DATE = re.compile(
    rf"\d{{1,4}}[./-]\d{{1,2}}[./-]\d{{1,4}}|\d{{1,2}}[-./ ]?(?:{_MONTHS.replace(' ', '|')})"
    rf"|(?<!\d)(?:{_YEAR}{_MONTH}{_DAY}|{_DAY}{_MONTH}{_YEAR})(?!\d)"
)


@dataclass(frozen=True)
class WordFeatures:
    """Features of the W words of one page, in reading order; L lines are the runs of words with one line index.

    Lines are numbered 0..L-1 without holes here, whatever the line indices of the page are.
    """

    ngrams: NDArray[np.int32]  # [W, NGRAMS_PER_WORD] hashed n-grams, 0 where there are fewer
    numeric: NDArray[np.float32]  # [W, len(NUMERIC_NAMES)] each about 0..1
    positions: NDArray[np.float32]  # [W, 2] centre x, y in median character heights
    neighbours: NDArray[np.int32]  # [W, len(NEIGHBOURS)] rows of words (first two) or of lines; -1 where there is none
    lines: NDArray[np.int32]  # [W] line of each word

    def __len__(self) -> int:
        return len(self.lines)


def word_features(
    characters: Characters, width_pt: float, height_pt: float, *, page_number: int = 1, page_count: int = 1
) -> WordFeatures:
    """Compute the features of all words of a page.

    Args:
        characters: The page's characters.
        width_pt: Page width, the unit of horizontal places.
        height_pt: Page height.
        page_number: From 1.
        page_count: Pages of the document.
    """
    texts = characters.word_texts
    boxes = characters.word_boxes
    lines: NDArray[np.int32] = np.unique(characters.word_lines, return_inverse=True)[1].astype(np.int32)
    if not texts:
        return WordFeatures(
            np.zeros((0, NGRAMS_PER_WORD), np.int32),
            np.zeros((0, len(NUMERIC_NAMES)), np.float32),
            np.zeros((0, 2), np.float32),
            np.zeros((0, len(NEIGHBOURS)), np.int32),
            lines,
        )
    heights = boxes[:, 3] - boxes[:, 1]
    unit = max(float(np.median(heights)), 1e-3)
    pages = (float(page_number == 1), float(page_number == page_count), page_number / max(page_count, 1))
    return WordFeatures(
        ngrams=np.array([ngram_ids(text) for text in texts], np.int32),
        numeric=_numeric(texts, boxes, lines, unit, _text_frame(boxes, width_pt, height_pt), pages),
        positions=((boxes[:, :2] + boxes[:, 2:]) / 2 / unit).astype(np.float32),
        neighbours=_neighbours(boxes, lines),
        lines=lines,
    )


def _text_frame(boxes: NDArray[np.float32], width_pt: float, height_pt: float) -> tuple[float, float, float, float]:
    """The rectangle that holds the text, so that a receipt on a large sheet looks like one on a small sheet."""
    left, top = (float(value) for value in boxes[:, :2].min(axis=0))
    right, bottom = (float(value) for value in boxes[:, 2:].max(axis=0))
    return left, top, max(right - left, 1e-3, width_pt * 0.02), max(bottom - top, 1e-3, height_pt * 0.02)


@lru_cache(maxsize=200_000)
def ngram_ids(text: str) -> tuple[int, ...]:
    """Hashed n-grams of one word: whole, shape, prefixes, suffixes, trigrams; digits count as one letter.

    Returns:
        NGRAMS_PER_WORD numbers in 0..NGRAM_BUCKETS-1; 0 where the word has no more n-grams.
    """
    folded = unicodedata.normalize("NFKD", text.casefold())
    plain = re.sub(r"[0-9]", "0", "".join(letter for letter in folded if not unicodedata.combining(letter)))
    shape = re.sub(r"(.)\1{2,}", r"\1\1", "".join(_shape_of(letter) for letter in text))
    grams = [f"w{plain}", f"s{shape}", f"p{plain[:2]}", f"q{plain[:4]}", f"e{plain[-2:]}", f"f{plain[-4:]}"]
    padded = f"<{plain}>"
    grams += [f"t{padded[start : start + 3]}" for start in range(len(padded) - 2)]
    ids = [1 + zlib.crc32(gram.encode("utf-8", "surrogatepass")) % (NGRAM_BUCKETS - 1) for gram in grams[:NGRAMS_PER_WORD]]
    return tuple(ids + [0] * (NGRAMS_PER_WORD - len(ids)))


def _shape_of(letter: str) -> str:
    if letter.isdigit():
        return "9"
    if letter.isalpha():
        return "X" if letter.isupper() else "x"
    return letter


@lru_cache(maxsize=200_000)
def _text_features(text: str) -> tuple[float, ...]:
    """Length, shares of digits, capitals, letters, punctuation; is amount, decimal, date, percent, integer; amount."""
    count = len(text)
    digits = sum(letter.isdigit() for letter in text)
    capitals = sum(letter.isupper() for letter in text)
    letters = sum(letter.isalpha() for letter in text)
    found = _AMOUNT.match(text) if digits else None
    amount = _rough_amount(found.group(1)) if found else -1.0
    return (
        min(count / 16, 2.0),
        digits / count,
        capitals / count,
        letters / count,
        (count - digits - letters) / count,
        float(found is not None),
        float(found is not None and _DECIMAL.search(text) is not None),
        float(digits > 0 and _DATE.search(text.lower()) is not None),
        float("%" in text),
        float(text.isdigit()),
        amount,
    )


def _rough_amount(text: str) -> float:
    """The size of an amount for ranking only: the last separator with one or two digits behind it is the decimal one."""
    whole, _, fraction = text.replace(",", ".").rpartition(".")
    digits = re.sub(r"\D", "", whole)
    if whole and len(fraction) <= 2:
        return float(f"{digits or 0}.{fraction or 0}")
    return float(re.sub(r"\D", "", text)[:15] or 0)


def _numeric(
    texts: tuple[str, ...],
    boxes: NDArray[np.float32],
    lines: NDArray[np.int32],
    unit: float,
    frame: tuple[float, float, float, float],
    pages: tuple[float, float, float],
) -> NDArray[np.float32]:
    """float32 [W, len(NUMERIC_NAMES)]."""
    left, top, width, height = frame
    text = np.array([_text_features(word) for word in texts], np.float32)
    amount = text[:, 10]
    has_decimals = (text[:, 6] > 0) & (amount >= 0)
    pool = np.where(has_decimals, amount, -1.0)
    counted = pool[pool > 0]
    rank = np.zeros(len(texts), np.float32)
    repeats = np.zeros(len(texts), np.float32)
    if counted.size:
        distinct, which, times = np.unique(pool, return_inverse=True, return_counts=True)
        rank = np.where(has_decimals, (which + 1) / len(distinct), 0).astype(np.float32)
        repeats = np.where(has_decimals, np.minimum(times[which] / 4, 1), 0).astype(np.float32)
    line_sizes = np.bincount(lines)
    first_of_line = np.concatenate([[0], np.cumsum(line_sizes)[:-1]])
    place = np.arange(len(texts)) - first_of_line[lines]
    columns = [
        (boxes[:, 0] - left) / width,
        (boxes[:, 1] - top) / height,
        (boxes[:, 2] - left) / width,
        (boxes[:, 3] - top) / height,
        np.clip((boxes[:, 3] - boxes[:, 1]) / unit / 2, 0, 3),
        *(text[:, column] for column in range(10)),
        rank,
        (has_decimals & (amount == counted.max())).astype(np.float32) if counted.size else rank,
        np.where(amount > 0, np.log10(np.maximum(amount, 0.01) + 1) / 6, 0),
        repeats,
        np.minimum(line_sizes[lines] / 8, 2),
        np.minimum(place / 8, 2),
        *(np.full(len(texts), value) for value in pages),
    ]
    return np.stack(columns, axis=1).astype(np.float32)


def _neighbours(boxes: NDArray[np.float32], lines: NDArray[np.int32]) -> NDArray[np.int32]:
    """int32 [W, len(NEIGHBOURS)]: see `NEIGHBOURS`."""
    starts = np.flatnonzero(np.diff(lines, prepend=-1))
    stops = np.append(starts[1:], len(lines))
    low = np.minimum.reduceat(boxes[:, :2], starts, axis=0)
    high = np.maximum.reduceat(boxes[:, 2:], starts, axis=0)
    left, right, above, below = _line_neighbours(np.concatenate([low, high], axis=1))
    words = np.arange(len(lines))
    last_of_left = np.where(left >= 0, stops[left] - 1, -1)
    first_of_right = np.where(right >= 0, starts[right], -1)
    left_word = np.where(words == starts[lines], last_of_left[lines], words - 1)
    right_word = np.where(words == stops[lines] - 1, first_of_right[lines], words + 1)
    table = [left_word, right_word, lines, left[lines], right[lines], above[lines], below[lines]]
    return np.stack(table, axis=1).astype(np.int32)


def _line_neighbours(boxes: NDArray[np.float32]) -> tuple[NDArray[np.int64], ...]:
    """For each line the nearest line to its left, right, above and below; -1 where there is none.

    A neighbour to the side overlaps half of the lower height; one above or below overlaps in x at all.
    """
    left, top, right, bottom = boxes.T
    tall = np.minimum(bottom - top, (bottom - top)[:, None])
    beside = np.minimum(bottom[:, None], bottom) - np.maximum(top[:, None], top) > 0.5 * tall
    over = np.minimum(right[:, None], right) - np.maximum(left[:, None], left) > 0
    centre_x, centre_y = (left + right) / 2, (top + bottom) / 2
    gap_left = np.where(beside & (centre_x < centre_x[:, None]), left[:, None] - right, np.inf)
    gap_right = np.where(beside & (centre_x > centre_x[:, None]), left - right[:, None], np.inf)
    gap_above = np.where(over & ~beside & (centre_y < centre_y[:, None]), top[:, None] - bottom, np.inf)
    gap_below = np.where(over & ~beside & (centre_y > centre_y[:, None]), top - bottom[:, None], np.inf)
    found = []
    for gap in (gap_left, gap_right, gap_above, gap_below):
        nearest = gap.argmin(axis=1)
        found.append(np.where(np.isfinite(gap[np.arange(len(boxes)), nearest]), nearest, -1))
    return tuple(found)
