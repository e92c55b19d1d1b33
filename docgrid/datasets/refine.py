"""Which of several places that print a value is the one that is meant: learnt from the whole dataset, without any list of words.

In one document a total of 9.00 may stand in the row of an item, beside "Total" and beside "Cash". Over many documents the words
beside and above true values repeat, those beside chance equals do not. The evidence of a word is how much more often it stands
beside places that print the true value than beside other amounts, dates or identifiers of the same documents. Places share a
value's weight by their evidence, evidence is counted again with these weights (expectation maximisation), and in the end places
are given up that are neither likely by themselves nor near the best of their document.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from docgrid.datasets.captions import text_above, text_left_of
from docgrid.datasets.segments import DocumentIndex, PageIndex
from docgrid.labels import LabelledDocument, LabelledField, Occurrence
from docgrid.schema import FieldType, Schema
from docgrid.values import plain_letters

_KINDS = (FieldType.DATE, FieldType.MONEY, FieldType.IDENTIFIER, FieldType.NUMBER, FieldType.PERCENT)
_ROUNDS = 4
_PRIOR = 2.0  # documents' worth of doubt about every word
_STRONGEST = 3.0  # natural logarithm; no single word decides alone
_MARGIN = 2.5  # natural logarithm; places whose evidence lies nearer to the best of their document are kept
_LIKELY = 3.0  # natural logarithm; so are places with as much evidence as this: one in twenty amounts of a page is the true one
_MOST_OTHERS = 60  # of a document, for counting; spread evenly
_WORDS_BESIDE, _WORDS_ABOVE = 3, 3
_COLUMN = 3  # so many others below or above one another are a column
_LEAST_DOCUMENTS = 20  # with fewer there is nothing to learn from
_WORD = re.compile(r"[^\W\d_]{2,}")

Features = frozenset[str]


@dataclass(frozen=True)
class _Example:
    """One value of one document: the places that print it, and what else of its type the document prints."""

    document: int
    field: int
    places: tuple[Features, ...]
    others: tuple[Features, ...]


def refine(labelled: Sequence[LabelledDocument], schema: Schema) -> list[LabelledDocument]:
    """Give up places of document-level values whose surroundings speak against them; every value keeps at least one.

    Args:
        labelled: Aligned documents of one dataset (training documents only: what is learnt here is learnt from their labels).
        schema: Gives the types.

    Returns:
        The same documents in the same order; unchanged where the dataset is too small to learn from.
    """
    kept: dict[tuple[int, int], tuple[Occurrence, ...]] = {}
    examples: dict[str, list[_Example]] = defaultdict(list)
    for number, document in enumerate(labelled):
        surroundings = _Surroundings(document)
        for place, entry in enumerate(document.fields):
            if entry.item is None and entry.occurrences and not entry.boxes and schema.field(entry.name).type in _KINDS:
                examples[entry.name].append(surroundings.example(number, place, entry, schema.field(entry.name).type))
    for found in examples.values():
        if len(found) < _LEAST_DOCUMENTS:
            continue
        for example, choice in zip(found, _choices(found), strict=True):
            occurrences = labelled[example.document].fields[example.field].occurrences
            kept[example.document, example.field] = tuple(occurrences[row] for row in choice)
    return [_with_occurrences(document, number, kept) for number, document in enumerate(labelled)]


def _with_occurrences(
    document: LabelledDocument, number: int, kept: dict[tuple[int, int], tuple[Occurrence, ...]]
) -> LabelledDocument:
    fields = tuple(
        replace(entry, occurrences=kept.get((number, place), entry.occurrences)) for place, entry in enumerate(document.fields)
    )
    return replace(document, fields=fields)


class _Surroundings:
    """The features of the places of one document."""

    def __init__(self, labelled: LabelledDocument) -> None:
        self._index = DocumentIndex(labelled.document)
        self._pages = {page.page.number: page for page in self._index.pages}
        self._others: dict[FieldType, dict[tuple[int, int], tuple[int, ...]]] = {}
        self._ends: dict[tuple[FieldType, int], _Ends] = {}
        self._features: dict[tuple[FieldType, int, int], Features] = {}

    def example(self, document: int, field: int, entry: LabelledField, kind: FieldType) -> _Example:
        """One value with its places and the other candidates of its type."""
        own = {(place.page, row) for place in entry.occurrences for row in place.characters}
        candidates = self._candidates(kind)
        others = [key for key, rows in candidates.items() if not any((key[0], row) in own for row in rows)]
        others = others[:: max(1, len(others) // _MOST_OTHERS)]
        places = [self._of(kind, place.page, place.characters) for place in entry.occurrences]
        return _Example(
            document, field, tuple(places), tuple(self._of(kind, page, candidates[page, row]) for page, row in others)
        )

    def _candidates(self, kind: FieldType) -> dict[tuple[int, int], tuple[int, ...]]:
        """The rows of every candidate of a type, by page number and first row."""
        if kind not in self._others:
            found: dict[tuple[int, int], tuple[int, ...]] = {}
            for segment, candidate in self._index.candidates(kind):
                rows = tuple(row for row in segment.rows[candidate.start : candidate.stop] if row >= 0)
                found.setdefault((self._index.pages[segment.page].page.number, rows[0]), rows)
            self._others[kind] = found
            for number, page in self._pages.items():
                ends = [(rows[0], rows[-1]) for (page_number, _), rows in found.items() if page_number == number]
                self._ends[kind, number] = _Ends.of(page, ends)
        return self._others[kind]

    def _of(self, kind: FieldType, number: int, rows: tuple[int, ...]) -> Features:
        key = (kind, number, rows[0])
        if key not in self._features:
            page = self._pages[number]
            beside = _WORD.findall(plain_letters(text_left_of(page, rows)))[-_WORDS_BESIDE:]
            above = _WORD.findall(plain_letters(text_above(page, rows)))[-_WORDS_ABOVE:]
            features = {f"beside {word}" for word in beside} | {f"above {word}" for word in above}
            features |= {f"before {' '.join(beside[-2:])}"} if beside else {"nothing beside"}
            ends = self._ends[kind, number]
            first = page.segment_of(rows[0]).start
            earlier = int(np.sum((ends.first >= first) & (ends.first < rows[0])))
            features.add(f"number {min(earlier, 2)} of its line")
            features.add(f"column {ends.in_column(page, rows)}")
            self._features[key] = frozenset(features)
        return self._features[key]


@dataclass(frozen=True)
class _Ends:
    """Where the candidates of one type on one page begin and end: first rows, left and right edges in points."""

    first: NDArray[np.int64]
    left: NDArray[np.float32]
    right: NDArray[np.float32]

    @classmethod
    def of(cls, page: PageIndex, ends: Sequence[tuple[int, int]]) -> _Ends:
        rows = np.array(ends, np.int64).reshape(-1, 2)
        boxes = page.page.characters.boxes
        return cls(rows[:, 0], boxes[rows[:, 0], 0], boxes[rows[:, 1], 2])

    def in_column(self, page: PageIndex, rows: tuple[int, ...]) -> bool:
        """Whether several others of the type begin or end at the same edge."""
        boxes = page.page.characters.boxes
        tolerance = 0.4 * (boxes[rows[0], 3] - boxes[rows[0], 1])
        aligned = (np.abs(self.left - boxes[rows[0], 0]) < tolerance) | (np.abs(self.right - boxes[rows[-1], 2]) < tolerance)
        return int(aligned.sum()) > _COLUMN


def _choices(examples: Sequence[_Example]) -> list[list[int]]:
    """For each example the numbers of the places that are kept."""
    weights = [[1 / len(example.places)] * len(example.places) for example in examples]
    scores: list[list[float]] = [[0.0] * len(example.places) for example in examples]
    for _ in range(_ROUNDS):
        evidence = _evidence(examples, weights)
        scores = [[_score(place, evidence) for place in example.places] for example in examples]
        weights = [_softmax(values) for values in scores]
    return [[row for row, score in enumerate(values) if score >= min(max(values) - _MARGIN, _LIKELY)] for values in scores]


def _evidence(examples: Sequence[_Example], weights: Sequence[Sequence[float]]) -> dict[str, float]:
    """For each feature the logarithm of how much more often true places have it than other ones; each document counts once."""
    true: Counter[str] = Counter()
    other: Counter[str] = Counter()
    for example, shares in zip(examples, weights, strict=True):
        for place, share in zip(example.places, shares, strict=True):
            _count(true, place, share)
        rest = [(place, 1 - share) for place, share in zip(example.places, shares, strict=True)]
        rest += [(place, 1.0) for place in example.others]
        total = sum(share for _, share in rest)
        for place, share in rest:
            _count(other, place, share / total if total else 0.0)
    size = len(examples)
    rates = {
        feature: math.log((true[feature] + _PRIOR * (true[feature] + other[feature]) / (2 * size) + 0.05) / (size + _PRIOR))
        - math.log((other[feature] + _PRIOR * (true[feature] + other[feature]) / (2 * size) + 0.05) / (size + _PRIOR))
        for feature in true.keys() | other.keys()
    }
    return {feature: max(-_STRONGEST, min(_STRONGEST, rate)) for feature, rate in rates.items()}


def _count(counter: Counter[str], features: Iterable[str], share: float) -> None:
    for feature in features:
        counter[feature] += share  # type: ignore[assignment]  # typeshed counts in whole numbers only


def _score(features: Features, evidence: dict[str, float]) -> float:
    """The strongest evidence of each kind of surroundings added up, so that two words of one caption do not count twice."""
    best: dict[str, float] = {}
    for feature in features:
        kind = feature.split(" ", 1)[0]
        value = evidence.get(feature, 0.0)
        if abs(value) >= abs(best.get(kind, 0.0)):
            best[kind] = value
    return sum(best.values())


def _softmax(values: Sequence[float]) -> list[float]:
    top = max(values)
    shares = [math.exp(value - top) for value in values]
    return [share / sum(shares) for share in shares]
