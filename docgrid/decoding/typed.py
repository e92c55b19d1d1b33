"""Fields with a type: the best candidate of that type over the whole document."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from docgrid.decoding.lines import PageLines
from docgrid.decoding.nouns import FieldPrediction
from docgrid.decoding.settings import DecodingSettings
from docgrid.schema import FieldSpec, FieldType
from docgrid.values import Candidate, Value

_UNREAD = 0.02  # lines where every word is below this probability are not searched


@dataclass(frozen=True, slots=True)
class Place:
    """A candidate at its place, with its score for one field."""

    page: int  # index into the pages
    line: int
    start: int
    stop: int
    words: tuple[int, ...]
    value: Value
    score: float  # mean probability of its words, by length
    weakest: float  # the lowest probability of its words
    weight: float  # what it is ranked by

    def overlaps(self, other: Place) -> bool:
        """Whether both hold a character in common."""
        return (self.page, self.line) == (other.page, other.line) and self.start < other.stop and other.start < self.stop


def places_of(
    pages: Sequence[PageLines],
    probabilities: Sequence[NDArray[np.float32]],
    spec: FieldSpec,
    settings: DecodingSettings,
) -> list[Place]:
    """All candidates for a field, best first; of overlapping ones only the best cut.

    Args:
        pages: The document.
        probabilities: For each page float32 [W], the probability of this field for each word.
        spec: The field.
        settings: The thresholds.
    """
    places = []
    for number, (page, of_words) in enumerate(zip(pages, probabilities, strict=True)):
        for line in np.unique(page.line_of_word[of_words > _UNREAD]).tolist():
            found = [_place(page, number, line, candidate, of_words, settings) for candidate in page.candidates(line, spec.type)]
            places += _best_cuts(page, found, of_words, settings)
    if settings.equal_value_weight:
        places = _with_equal_values(places, settings.equal_value_weight)
    return sorted(places, key=lambda place: -place.weight)  # stable: the first one in reading order wins a tie


def _place(
    page: PageLines, number: int, line: int, candidate: Candidate, of_words: NDArray[np.float32], settings: DecodingSettings
) -> Place:
    words = page.lines[line].words_of(candidate.start, candidate.stop)
    rows = slice(words.start, words.stop)
    score = float(np.average(of_words[rows], weights=page.word_lengths[rows]))
    plain = candidate.type is FieldType.MONEY and page.lines[line].text[candidate.start : candidate.stop].isdigit()
    weight = score * settings.bare_number_factor if plain else score
    weakest = float(of_words[rows].min())
    return Place(number, line, candidate.start, candidate.stop, tuple(words), candidate.value, score, weakest, weight)


def _best_cuts(page: PageLines, places: list[Place], of_words: NDArray[np.float32], settings: DecodingSettings) -> list[Place]:
    """Of overlapping candidates the longest whose every word is likely, else the best one.

    A word without a digit (a currency mark, a month) must be likelier than one with digits to make a candidate longer.
    """

    def is_sure(word: int) -> bool:
        has_digit = any(map(str.isdigit, page.characters.word_texts[word]))
        return bool(of_words[word] >= (settings.seed if has_digit else settings.mark_score))

    def rank(place: Place) -> tuple[bool, float]:
        sure = all(map(is_sure, place.words))
        return sure, place.stop - place.start if sure else place.weight

    chosen: list[Place] = []
    for cluster in _overlapping(places):
        kept: list[Place] = []
        for place in sorted(cluster, key=rank, reverse=True):
            if not any(place.overlaps(other) for other in kept):
                kept.append(place)
        chosen += sorted(kept, key=lambda place: place.start)
    return chosen


def _overlapping(places: list[Place]) -> list[list[Place]]:
    """Candidates of one line in clusters that share no character with each other."""
    clusters: list[list[Place]] = []
    reach = -1
    for place in sorted(places, key=lambda place: place.start):
        if place.start >= reach:
            clusters.append([])
        clusters[-1].append(place)
        reach = max(reach, place.stop)
    return clusters


def _with_equal_values(places: list[Place], share: float) -> list[Place]:
    """Each place also counts a share of the weight of the other places that print the same value."""
    totals: dict[str | None, float] = defaultdict(float)
    for place in places:
        totals[place.value.value] += place.weight
    return [replace(place, weight=place.weight + share * (totals[place.value.value] - place.weight)) for place in places]


def share_tokens(ranked: dict[str, list[Place]], specs: Sequence[FieldSpec]) -> dict[str, list[Place]]:
    """Several fields of one type on one word that holds several values: the values go to the fields in the schema's order.

    Word probabilities cannot tell the halves of "12/30/19-03/29/20" apart; forms print them in the order of the fields.
    """
    claims: dict[tuple[FieldType, int, int, tuple[int, ...]], list[str]] = defaultdict(list)
    for spec in specs:
        best = ranked[spec.name][:1]
        for place in best:
            claims[spec.type, place.page, place.line, place.words].append(spec.name)
    result = dict(ranked)
    for (_, number, line, words), names in claims.items():
        for position, name in enumerate(names):
            same = sorted(
                (place for place in ranked[name] if (place.page, place.line, place.words) == (number, line, words)),
                key=lambda place: place.start,
            )
            if len(same) > 1 and position > 0:
                chosen = same[min(position, len(same) - 1)]
                result[name] = [chosen, *(place for place in ranked[name] if place is not chosen)]
    return result


def prediction_of(pages: Sequence[PageLines], spec: FieldSpec, place: Place, rival: float = 0.0) -> FieldPrediction:
    """A candidate as a field; `rival` is the score of the best other value."""
    page = pages[place.page]
    rows = page.lines[place.line].rows_of(place.start, place.stop)
    scores = scores_of(page, rows, place.score, place.weakest, rival)
    return FieldPrediction(spec.name, page.page.number, rows, place.score, scores, value=place.value)


def scores_of(page: PageLines, rows: Sequence[int], mean: float, weakest: float, rival: float) -> dict[str, float]:
    """The parts of a score, all 0..1 but the margin.

    "segmentation" is the network's mean probability over the words, "weakest" its lowest, "margin" how far the best other
    reading is behind (negative: another one was more likely), "ocr" the confidence of the least certain character.
    """
    ocr = float(page.characters.confidence[list(rows)].min())
    return {"segmentation": mean, "weakest": weakest, "margin": mean - rival, "ocr": ocr}


def choose(
    pages: Sequence[PageLines], spec: FieldSpec, places: Sequence[Place], settings: DecodingSettings
) -> list[FieldPrediction]:
    """The field of the best candidate, with the next best other values as alternatives; all good values if it is repeated."""
    if not places or places[0].score < settings.minimum_of(spec.name):
        return []
    first, *others = distinct_values(places)
    if spec.repeated:
        further = [place for place in others if place.score >= settings.repeated_score]
        return [prediction_of(pages, spec, place) for place in (first, *further)]
    chosen = prediction_of(pages, spec, first, max((place.score for place in others), default=0.0))
    alternatives = [place for place in others if place.score >= settings.alternative_score][: settings.alternatives]
    return [replace(chosen, alternatives=tuple(prediction_of(pages, spec, place, first.score) for place in alternatives))]


def distinct_values(places: Sequence[Place]) -> list[Place]:
    """The first place of every value."""
    seen: dict[str | None, Place] = {}
    for place in places:
        seen.setdefault(place.value.value, place)
    return list(seen.values())
