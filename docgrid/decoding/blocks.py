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
from docgrid.schema import FieldSpec, FieldType
from docgrid.values import fold

_BESIDE = 3.0  # two runs on one text line belong together up to this many line heights apart
_SIMILAR_HEIGHT = 0.6  # a line much smaller than its neighbour counts as this share of it where gaps are measured
_NET_ADDRESS = re.compile(r"@|https?:|www\.|\.(?:com|net|org|de|fr|my|uk|eu)\b", re.IGNORECASE)
_NET_ADDRESS_WEIGHT = 0.2  # names also stand in e-mail and web addresses, which are no names
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
        runs = runs_of(page, of_words, settings)
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
    if spec.type is FieldType.IDENTIFIER:
        return Block(number, tuple(words.tolist()), score, score)  # a longer identifier is no better one
    net_address = all(_NET_ADDRESS.search(page.characters.word_texts[word]) for word in words.tolist())
    return Block(number, tuple(words.tolist()), score, mass * (_NET_ADDRESS_WEIGHT if net_address else 1.0))


def runs_of(page: PageLines, of_words: NDArray[np.float32], settings: DecodingSettings) -> list[Run]:
    """Words above the lower threshold, joined within each line also over a few weaker ones."""
    strong = np.flatnonzero(of_words >= settings.grow)
    if not len(strong):
        return []
    far = (np.diff(strong) > settings.bridge_words + 1) | (np.diff(page.line_of_word[strong]) != 0)
    boxes = page.characters.word_boxes
    runs = []
    for members in np.split(strong, np.flatnonzero(far) + 1):
        inside = range(int(members[0]), int(members[-1]) + 1)
        left, top = boxes[inside.start : inside.stop, :2].min(axis=0).tolist()
        right, bottom = boxes[inside.start : inside.stop, 2:].max(axis=0).tolist()
        runs.append(Run(tuple(inside), (left, top, right, bottom)))
    return runs


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
