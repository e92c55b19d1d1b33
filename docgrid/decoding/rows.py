"""The rows of a table: words of line items grouped by height, and the rows grouped into items."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np
from numpy.typing import NDArray

from docgrid.decoding.blocks import runs_of
from docgrid.decoding.lines import PageLines
from docgrid.decoding.nouns import WordEvidence
from docgrid.decoding.settings import DecodingSettings, ItemGrouping
from docgrid.schema import FieldSpec, FieldType

ONCE = frozenset((FieldType.MONEY, FieldType.NUMBER, FieldType.PERCENT))  # an item has one value of such a field
_SAME_ROW = 0.5  # share of the lower height by which words of one row overlap
_CLEAR_GAP = 1.4  # a gap this much wider than the usual one separates two items
_CARRIED = re.compile(
    r"(carried|brought) forward|[uü]bertrag|[aà] reporter|\breport\b|suma y sigue|riporto|transport(eren)?\b|sub-?total"
    r"|zwischensumme|sous-total",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Row:
    """Words of line items that stand side by side."""

    page: int  # index into the pages
    words: tuple[int, ...]  # increasing
    fields: tuple[int, ...]  # for each word its best line-item field, as a column
    top: float
    bottom: float
    start: float  # how likely an item begins here; 0 where the network does not say
    box: int  # number of the item box it lies in, -1 outside

    @property
    def middle(self) -> float:
        """In points from the top of the page."""
        return (self.top + self.bottom) / 2


Group = list[Row]  # the rows of one item


def rows_of(
    page: PageLines, number: int, evidence: WordEvidence, specs: Sequence[FieldSpec], settings: DecodingSettings
) -> list[Row]:
    """The rows of one page, from top to bottom.

    Args:
        page: The page.
        number: Its index.
        evidence: What the network says about it.
        specs: The fields of the schema, by column.
        settings: The thresholds.
    """
    if not len(page.characters):
        return []
    best = _field_of_words(page, evidence.word_probabilities, specs, settings)
    boxes = page.characters.word_boxes
    in_box = _boxes_of(boxes, evidence, settings)
    starts = evidence.item_starts
    rows = []
    for members in _bands(boxes, np.flatnonzero(best >= 0)):
        inside = np.array(sorted(members))
        start = float(starts[inside].max()) if starts is not None else 0.0
        box = Counter(in_box[inside].tolist()).most_common(1)[0][0]
        top, bottom = float(boxes[inside, 1].min()), float(boxes[inside, 3].max())
        rows.append(Row(number, tuple(inside.tolist()), tuple(best[inside].tolist()), top, bottom, start, int(box)))
    return rows


def _field_of_words(
    page: PageLines, probabilities: NDArray[np.float32], specs: Sequence[FieldSpec], settings: DecodingSettings
) -> NDArray[np.int64]:
    """int64 [W]: the line-item field of each word as a column, -1 for words of no line item.

    Typed fields need a likely word; free text is cut out of its line as a whole.
    """
    columns = np.array([column for column, spec in enumerate(specs) if spec.line_item], np.int64)
    of_items = probabilities[:, columns]
    highest = of_items.max(axis=1)
    best = columns[of_items.argmax(axis=1)]
    result = np.where(highest >= settings.item_word, best, -1)
    for column in columns.tolist():
        if specs[column].type is FieldType.TEXT and specs[column].multiline:
            result[result == column] = -1
            for run in runs_of(page, probabilities[:, column], settings, settings.turn_cost):
                words = np.array(run.words)
                free = (best[words] == column) | (highest[words] < settings.seed)
                result[words[free]] = column
    return result


def _bands(boxes: NDArray[np.float32], words: NDArray[np.int64]) -> list[list[int]]:
    """Words that stand side by side, from top to bottom."""
    bands: list[tuple[float, float, list[int]]] = []
    for word in words[np.argsort((boxes[words, 1] + boxes[words, 3]) / 2, kind="stable")].tolist():
        top, bottom = float(boxes[word, 1]), float(boxes[word, 3])
        if bands:
            upper, lower, members = bands[-1]
            if min(lower, bottom) - max(upper, top) > _SAME_ROW * min(lower - upper, bottom - top):
                members.append(word)
                continue
        bands.append((top, bottom, [word]))
    return [members for _, _, members in bands]


def _boxes_of(boxes: NDArray[np.float32], evidence: WordEvidence, settings: DecodingSettings) -> NDArray[np.int64]:
    """int64 [W]: the item box that holds the centre of each word, the best one where several do; -1 outside of all."""
    result = np.full(len(boxes), -1, np.int64)
    x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    for box in np.argsort(evidence.item_scores, kind="stable").tolist():
        if evidence.item_scores[box] >= settings.item_box_score:
            left, top, right, bottom = evidence.item_boxes[box].tolist()
            result[(x >= left) & (x < right) & (y >= top) & (y < bottom)] = box
    return result


def without_carried(rows: Sequence[Row], pages: Sequence[PageLines], once: frozenset[int]) -> list[Row]:
    """Rows without those that only carry a sum over a page break ("carried forward 1,234.00")."""
    kept = []
    for row in rows:
        amounts = len({field for field in row.fields if field in once})
        if amounts <= 1:
            characters = pages[row.page].characters
            inside = np.flatnonzero((characters.word_boxes[:, 1] < row.middle) & (characters.word_boxes[:, 3] > row.middle))
            if _CARRIED.search(" ".join(characters.word_texts[word] for word in inside.tolist())):
                continue
        kept.append(row)
    return kept


def group_rows(rows: Sequence[Row], specs: Sequence[FieldSpec], settings: DecodingSettings) -> list[Group]:
    """The rows of all pages as line items.

    Args:
        rows: In order, over all pages.
        specs: The fields of the schema, by column.
        settings: Which way of grouping; AUTO takes the one whose items look most like items.
    """
    once = once_columns(specs)
    ways: dict[ItemGrouping, list[Group]] = {}
    if any(row.start for row in rows):
        ways[ItemGrouping.STARTS] = _by_starts(rows, settings.item_start)
    if any(row.box >= 0 for row in rows):
        ways[ItemGrouping.BOXES] = _by_boxes(rows, once)
    ways[ItemGrouping.RULE] = _by_rule(rows, once)
    if settings.item_grouping in ways:
        return ways[settings.item_grouping]
    return max(ways.values(), key=lambda groups: _plausibility(groups, once))  # the first of equals


def once_columns(specs: Sequence[FieldSpec]) -> frozenset[int]:
    """The columns of line-item fields that an item has one value of."""
    return frozenset(column for column, spec in enumerate(specs) if spec.line_item and spec.type in ONCE)


def _plausibility(groups: Sequence[Group], once: frozenset[int]) -> float:
    """Share of groups with amounts in which no such column occurs in two rows, weighed with how many amounts they hold."""
    if not groups:
        return -1.0
    good = 0
    for group in groups:
        counts = Counter(column for row in group for column in set(row.fields) & once)
        good += bool(counts) and max(counts.values()) == 1
    return good / len(groups)


def _by_starts(rows: Sequence[Row], threshold: float) -> list[Group]:
    groups: list[Group] = []
    for row in rows:
        if row.start >= threshold or not groups:
            groups.append([row])
        else:
            groups[-1].append(row)
    return groups


def _by_boxes(rows: Sequence[Row], once: frozenset[int]) -> list[Group]:
    """One group for each item box; a row outside of all boxes goes on with the row above it, unless it brings amounts."""
    groups: list[Group] = []
    for row in rows:
        before = groups[-1][-1] if groups else None
        amounts = any(field in once for field in row.fields)
        same_box = before is not None and row.box == before.box and row.page == before.page and row.box >= 0
        goes_on = before is not None and not amounts and (row.box < 0 or row.page != before.page)
        if same_box or goes_on:
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups


def _by_rule(rows: Sequence[Row], once: frozenset[int]) -> list[Group]:
    """One group for each row that carries the anchor: the column that most rows have."""
    counts = Counter(column for row in rows for column in set(row.fields) & once)
    if not counts:
        return [[row] for row in rows]
    most = max(counts.values())
    anchor = max(column for column, count in counts.items() if count == most)
    anchors = [place for place, row in enumerate(rows) if anchor in row.fields]
    leads = anchors[0] > 0 and anchors[-1] == len(rows) - 1  # descriptions stand above their amounts
    cuts = [0]
    for before, after in zip(anchors[:-1], anchors[1:], strict=True):
        cuts.append(_cut_between(rows, before, after, leads))
    groups = [list(rows[first:last]) for first, last in zip(cuts, [*cuts[1:], len(rows)], strict=True)]
    return [group for group in groups if group]


def _cut_between(rows: Sequence[Row], before: int, after: int, leads: bool) -> int:
    """Where between two anchor rows the second item begins: at a clear gap or a page break, else by the usual side."""
    gaps = {
        place: rows[place].top - rows[place - 1].bottom if rows[place].page == rows[place - 1].page else None
        for place in range(before + 1, after + 1)
    }
    known = [gap for gap in gaps.values() if gap is not None]
    if len(known) >= 2:
        widest = max((place for place in gaps if gaps[place] is not None), key=lambda place: gaps[place] or 0.0)
        height = median(rows[place].bottom - rows[place].top for place in range(before, after + 1))
        if (gaps[widest] or 0.0) > _CLEAR_GAP * max(min(known), 0.0) + 0.25 * height:
            return widest
    return before + 1 if leads else after
