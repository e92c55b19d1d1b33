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
from collections.abc import Iterable, Mapping, Sequence
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
_MOST_OTHERS = 60  # of a document, for counting; spread evenly
_WORDS_BESIDE, _WORDS_ABOVE = 3, 3
_COLUMN = 3  # so many others below or above one another are a column
_LEAST_DOCUMENTS = 20  # with fewer there is nothing to learn from
_WORD = re.compile(r"[^\W\d_]{2,}")

Features = frozenset[str]
KeptPlaces = Mapping[int, tuple[Occurrence, ...]]  # by the number of a field: those of its places that are kept


@dataclass(frozen=True)
class _Example:
    """One value of one document: the places that print it, and what else of its type the document prints."""

    document: int
    field: int
    places: tuple[Features, ...]
    others: tuple[Features, ...]


@dataclass(frozen=True, slots=True)
class RefineSettings:
    """How much a place must have for itself to be kept. Evidence is a natural logarithm, 0 where nothing is known.

    Attributes:
        margin: Places whose evidence lies nearer to the best of their document are kept.
        likely: So are places with as much evidence as this: one in twenty amounts of a page is the true one.
        coverage: Weight of how many documents have a word at the true place at all. A rare one that is never elsewhere ("Visa")
            else wins against the usual one that is ("Total").
        lead: Where several places print a value, a place is kept only with so much more evidence than any other field of the
            document has for it; None: it may be shared, and every value keeps a place.
        kinds: Which types of fields are looked at.
    """

    margin: float = 2.5
    likely: float = 3.0
    coverage: float = 0.0
    lead: float | None = None
    kinds: tuple[FieldType, ...] = _KINDS


def refine(
    labelled: Sequence[LabelledDocument], schema: Schema, settings: RefineSettings | None = None
) -> list[LabelledDocument]:
    """Give up places of document-level values whose surroundings speak against them.

    Args:
        labelled: Aligned documents of one dataset (training documents only: what is learnt here is learnt from their labels).
        schema: Gives the types.
        settings: What is kept; the defaults suit training, where a place too many costs less than one too few.

    Returns:
        The same documents in the same order; unchanged where the dataset is too small to learn from.
    """
    kept = kept_places(labelled, schema, settings)
    return [with_kept(document, kept.get(number, {})) for number, document in enumerate(labelled)]


def kept_places(
    labelled: Sequence[LabelledDocument], schema: Schema, settings: RefineSettings | None = None
) -> dict[int, KeptPlaces]:
    """By the number of a document: what `refine` leaves of the places of its fields, where it looked at any."""
    settings = settings or RefineSettings()
    kept: dict[int, dict[int, tuple[Occurrence, ...]]] = defaultdict(dict)
    examples: dict[str, list[_Example]] = defaultdict(list)
    for number, document in enumerate(labelled):
        surroundings = None
        for place, entry in enumerate(document.fields):
            if entry.item is None and entry.occurrences and not entry.boxes and schema.field(entry.name).type in settings.kinds:
                surroundings = surroundings or _Surroundings(document)
                examples[entry.name].append(surroundings.example(number, place, entry, schema.field(entry.name).type))
    scores: _Scores = {}
    for found in examples.values():
        if len(found) >= _LEAST_DOCUMENTS:
            values = _scores(found, settings.coverage)
            scores |= {(example.document, example.field): row for example, row in zip(found, values, strict=True)}
    rivals = {} if settings.lead is None else _best_rivals(labelled, scores)
    for (number, field), row in scores.items():
        leads = [score - rivals.get((number, field, place), -math.inf) for place, score in enumerate(row)]
        free = [place for place, lead in enumerate(leads) if len(row) == 1 or lead >= (settings.lead or 0.0)]
        least = min(max((row[place] for place in free), default=0.0) - settings.margin, settings.likely)
        occurrences = labelled[number].fields[field].occurrences
        kept[number][field] = tuple(occurrences[place] for place in free if row[place] >= least)
    return dict(kept)


_Scores = dict[tuple[int, int], list[float]]  # by numbers of document and field: the evidence of each place


def _best_rivals(labelled: Sequence[LabelledDocument], scores: _Scores) -> dict[tuple[int, int, int], float]:
    """By document, field and place: the best evidence that a field of another name has for the same place."""
    claims: dict[tuple[int, int, tuple[int, ...]], list[tuple[str, int, int, float]]] = defaultdict(list)
    for (document, field), values in scores.items():
        entry = labelled[document].fields[field]
        for row, (place, value) in enumerate(zip(entry.occurrences, values, strict=True)):
            claims[document, place.page, place.characters].append((entry.name, field, row, value))
    rivals = {}
    for (document, _, _), group in claims.items():
        for name, field, row, _ in group:
            others = [value for other, _, _, value in group if other != name]
            if others:
                rivals[document, field, row] = max(others)
    return rivals


def with_kept(document: LabelledDocument, kept: KeptPlaces) -> LabelledDocument:
    """A document with only those places of some of its fields."""
    fields = tuple(
        replace(entry, occurrences=kept.get(number, entry.occurrences)) for number, entry in enumerate(document.fields)
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


def _scores(examples: Sequence[_Example], coverage: float) -> list[list[float]]:
    """For each example the evidence of each of its places."""
    weights = [[1 / len(example.places)] * len(example.places) for example in examples]
    scores: list[list[float]] = [[0.0] * len(example.places) for example in examples]
    for _ in range(_ROUNDS):
        evidence = _evidence(examples, weights, coverage)
        scores = [[_score(place, evidence, coverage) for place in example.places] for example in examples]
        weights = [_softmax(values) for values in scores]
    return scores


def _evidence(examples: Sequence[_Example], weights: Sequence[Sequence[float]], coverage: float) -> dict[str, float]:
    """For each feature the logarithm of how much more often true places have it than other ones; each document counts once.

    To it comes the logarithm of the share of documents whose true place has the feature, `coverage` times.
    """
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
    evidence = {}
    for feature in true.keys() | other.keys():
        doubt = _PRIOR * (true[feature] + other[feature]) / (2 * size) + 0.05
        here, elsewhere = ((count[feature] + doubt) / (size + _PRIOR) for count in (true, other))
        rate = math.log(here) - math.log(elsewhere)
        evidence[feature] = max(-_STRONGEST, min(_STRONGEST, rate)) + coverage * min(math.log(here), 0.0)
    return evidence


def _count(counter: Counter[str], features: Iterable[str], share: float) -> None:
    for feature in features:
        counter[feature] += share  # type: ignore[assignment]  # typeshed counts in whole numbers only


def _score(features: Features, evidence: dict[str, float], coverage: float) -> float:
    """The strongest evidence of each kind of surroundings added up, so that two words of one caption do not count twice."""
    best: dict[str, float] = {}
    for feature in features:
        kind = feature.split(" ", 1)[0]
        value = evidence.get(feature, -_STRONGEST * coverage)
        stronger = value >= best.get(kind, -math.inf) if coverage else abs(value) >= abs(best.get(kind, 0.0))
        if stronger:
            best[kind] = value
    return sum(best.values())


def _softmax(values: Sequence[float]) -> list[float]:
    top = max(values)
    shares = [math.exp(value - top) for value in values]
    return [share / sum(shares) for share in shares]
