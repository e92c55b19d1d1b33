"""Words of a free text grouped by place: into runs on a line, and into blocks over neighbouring lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from docgrid.decoding.lines import PageLines
from docgrid.decoding.settings import DecodingSettings
from docgrid.schema import FieldSpec
from docgrid.values import fold

_BESIDE = 3.0  # two runs on one text line belong together up to this many line heights apart
_SIMILAR_HEIGHT = 0.6  # a line much smaller than its neighbour counts as this share of it where gaps are measured
_NET_ADDRESS = re.compile(r"@|https?:|www\.|\.(?:com|net|org|de|fr|my|uk|eu)\b", re.IGNORECASE)
_NET_ADDRESS_WEIGHT = 0.2  # names also stand in e-mail and web addresses, which are no names
_CLEAR = 6.0  # log odds beyond this count no more: one word alone never outvotes a line
_MOST_RUNS = 300  # of one field on one page; a page where more lines look like an address is no document
_REPEATED = 5  # letters; shorter lines may well occur twice in one text


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring words of one line."""

    words: tuple[int, ...]
    box: tuple[float, float, float, float]

    @property
    def height(self) -> float:
        """In points, never 0."""
        return max(self.box[3] - self.box[1], 0.1)


@dataclass(frozen=True, slots=True)
class Block:
    """Words of one page that make one text, with the evidence for it."""

    page: int  # index into the pages
    words: tuple[int, ...]  # increasing
    score: float  # mean probability by length
    weakest: float  # the lowest probability of its words
    border: float  # the highest probability of a word that stands beside it on its lines and was left out
    weight: float  # what blocks are ranked by: the summed probability by length


def blocks_of(
    pages: Sequence[PageLines],
    probabilities: Sequence[NDArray[np.float32]],
    spec: FieldSpec,
    settings: DecodingSettings,
) -> list[Block]:
    """All texts that a field may be, the one with most evidence first.

    Args:
        pages: The document.
        probabilities: For each page float32 [W], the probability of this field for each word.
        spec: The field; only one with `multiline` runs over several lines.
        settings: The thresholds.
    """
    blocks = []
    for number, (page, of_words) in enumerate(zip(pages, probabilities, strict=True)):
        if not np.any(of_words >= settings.seed):
            continue
        runs = runs_of(page, of_words, settings, settings.turn_cost if spec.multiline else settings.short_turn_cost)
        if len(runs) > _MOST_RUNS:
            runs = sorted(runs, key=lambda run: -float(of_words[list(run.words)].sum()))[:_MOST_RUNS]
        groups = _joined(runs, settings.line_gap) if spec.multiline else [[run] for run in runs]
        for group in chain.from_iterable(_without_repeats(page, joined) for joined in groups):
            words = np.array(sorted(word for run in group for word in run.words), np.int64)
            if of_words[words].max() >= settings.seed:
                blocks.append(_block(page, number, words, of_words, spec))
    return sorted(blocks, key=lambda block: -block.weight)  # stable: the first one in reading order wins a tie


def _block(page: PageLines, number: int, words: NDArray[np.int64], of_words: NDArray[np.float32], spec: FieldSpec) -> Block:
    lengths = page.word_lengths[words]
    mass = float(of_words[words] @ lengths)
    score = mass / float(lengths.sum())
    if not spec.multiline:
        weight = score  # a longer identifier is no better one
    elif all(_NET_ADDRESS.search(page.characters.word_texts[word]) for word in words.tolist()):
        weight = mass * _NET_ADDRESS_WEIGHT
    else:
        weight = mass
    weakest = float(of_words[words].min())
    return Block(number, tuple(words.tolist()), score, weakest, border_of(page, words, of_words), weight)


def border_of(page: PageLines, words: NDArray[np.int64], of_words: NDArray[np.float32]) -> float:
    """The highest probability of the words that stand right before or after some words on their lines; 0 without any."""
    highest = 0.0
    inside = set(words.tolist())
    for word in inside:
        for beside in (word - 1, word + 1):
            if 0 <= beside < len(of_words) and beside not in inside and page.line_of_word[beside] == page.line_of_word[word]:
                highest = max(highest, float(of_words[beside]))
    return highest


def runs_of(page: PageLines, of_words: NDArray[np.float32], settings: DecodingSettings, turn_cost: float) -> list[Run]:
    """The words of a text on each line: the cut of the line into text and other words that the probabilities support best.

    Each word speaks for the text with its log odds over `settings.grow`; a beginning or an end inside a line costs
    `turn_cost`, so that one weak word does not tear a text apart and one strong one does not make a text.
    """
    evidence = np.clip(_log_odds(of_words) - _log_odds(np.float32(settings.grow)), -_CLEAR, _CLEAR)
    boxes = page.characters.word_boxes
    runs = []
    for line in np.unique(page.line_of_word[of_words >= settings.grow]).tolist():
        first, last = page.lines[line].first_word, page.lines[line].last_word
        for start, stop in _spans(evidence[first:last].tolist(), turn_cost):
            if float(evidence[first + start : first + stop].sum()) < settings.line_cost:
                continue
            inside = range(first + start, first + stop)
            left, top = boxes[inside.start : inside.stop, :2].min(axis=0).tolist()
            right, bottom = boxes[inside.start : inside.stop, 2:].max(axis=0).tolist()
            runs.append(Run(tuple(inside), (left, top, right, bottom)))
    return runs


def _log_odds(probabilities: NDArray[np.float32] | np.float32) -> NDArray[np.float32]:
    inside = np.clip(probabilities, 1e-4, 1 - 1e-4)
    odds: NDArray[np.float32] = np.log(inside / (1 - inside)).astype(np.float32)
    return odds


def _spans(evidence: list[float], turn_cost: float) -> list[tuple[int, int]]:
    """Half-open ranges whose summed evidence, less the cost of each edge inside the line, is the highest (Viterbi)."""
    outside, inside = 0.0, 0.0  # best sums that end before the first word; a text may begin at the edge of the line for nothing
    came_from: list[tuple[bool, bool]] = []  # for each word: whether the best way to (outside, inside) was inside before it
    for gain in evidence:
        stay_out, leave = outside, inside - turn_cost
        enter, stay_in = outside - turn_cost, inside
        came_from.append((leave > stay_out, stay_in >= enter))
        outside, inside = max(stay_out, leave), max(enter, stay_in) + gain
    state = inside > outside
    spans: list[tuple[int, int]] = []
    stop = len(evidence)
    for place in range(len(evidence) - 1, -1, -1):
        before = came_from[place][state]
        if state and not before and place > 0:
            spans.append((place, stop))
        elif not state and before:
            stop = place
        state = before if place > 0 else state
    if state:
        spans.append((0, stop))
    return spans[::-1]


def _joined(runs: Sequence[Run], line_gap: float) -> list[list[Run]]:
    """Runs that stand below or beside each other, as connected groups."""
    groups: list[list[Run]] = []
    for run in runs:
        touching = [group for group in groups if any(_neighbours(run, other, line_gap) for other in group)]
        groups = [group for group in groups if group not in touching]
        groups.append([run, *chain.from_iterable(touching)])
    return groups


def _neighbours(first: Run, second: Run, line_gap: float) -> bool:
    upper, lower = (first, second) if first.box[1] <= second.box[1] else (second, first)
    height = max(min(upper.height, lower.height), _SIMILAR_HEIGHT * max(upper.height, lower.height))
    overlap = min(upper.box[3], lower.box[3]) - lower.box[1]
    if overlap > 0.5 * min(upper.height, lower.height):
        gap = max(upper.box[0], lower.box[0]) - min(upper.box[2], lower.box[2])
        return gap <= _BESIDE * height
    shared = min(upper.box[2], lower.box[2]) - max(upper.box[0], lower.box[0])
    return lower.box[1] - upper.box[3] <= line_gap * height and shared > 0


def _without_repeats(page: PageLines, group: list[Run]) -> list[list[Run]]:
    """A group cut where a line says again all that stands before it, such as a name in the logo and once more below."""
    parts: list[list[Run]] = [[]]
    before = ""
    for run in sorted(group, key=lambda run: run.words[0]):
        text = fold("".join(page.characters.word_texts[word] for word in run.words))
        if _says_again(text, before):
            parts.append([])
            before = ""
        parts[-1].append(run)
        before += text
    return parts


def _says_again(text: str, before: str) -> bool:
    """Whether a folded line repeats the text before it: both begin alike, or it holds all of it where that is long."""
    if min(len(text), len(before)) < _REPEATED:
        return False
    return text.startswith(before) or before.startswith(text) or (len(before) >= 2 * _REPEATED and before in text)
