"""Training pages: labelled characters -> augmented, rasterised, batched tensors with their targets.

Shapes: B pages, H x W cells, N characters or words, F fields, M line items, Na anchors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from docgrid.chargrid import Alphabet, Frame, GridSize, GridTransform, fit_transform, rasterise
from docgrid.features import NEIGHBOURS, NGRAMS_PER_WORD, NUMERIC_NAMES, WordFeatures, word_features
from docgrid.labels import LabelledDocument, LabelledField
from docgrid.networks.words import PageBatch
from docgrid.page import Characters, Page
from docgrid.schema import Schema
from docgrid.targets import IGNORED, box_targets, segmentation_target

NOT_LABELLED = IGNORED  # in a segmentation target: a character that the dataset may have left unlabelled


@dataclass(frozen=True)
class PageSample:
    """One labelled page, ready to be drawn at any scale."""

    document: str
    page: Page
    page_count: int
    classes: NDArray[np.int64]  # [N characters] class of each character, 0 for background, -1 for "not looked at"
    word_fields: NDArray[np.bool_]  # [N words, F]
    known: NDArray[np.bool_]  # [F] fields that the dataset would have labelled here
    item_boxes: NDArray[np.float32]  # [M, 4] points: whole rows, full width of the table
    item_starts: NDArray[np.bool_]  # [N words]
    items_known: bool


@dataclass(frozen=True)
class GridSettings:
    """How pages are drawn for one model."""

    alphabet: Alphabet
    size: GridSize
    frame: Frame
    anchors: NDArray[np.float32]  # [Na, 2] height, width in cells; empty for a network without box decoder


@dataclass(frozen=True)
class Augmentation:
    """Changes of a page between epochs, all made before drawing, so that no grid is ever resized."""

    zoom: float = 0.2  # the page is drawn up to this share smaller
    shift: float = 0.1  # and moved by up to this share of the grid
    stretch: float = 0.05  # height against width
    drop_words: float = 0.03
    drop_lines: float = 0.02
    confuse: float = 0.02  # share of characters replaced by one that OCR confuses with it
    confused_pages: float = 0.5  # share of pages that confusion is applied to


class PageTargets(NamedTuple):
    """What the network should answer for a PageBatch."""

    segmentation: Tensor  # int64 [B, H, W], IGNORED where nothing is known
    box_mask: Tensor | None  # int64 [B, Na, H, W], 1 object, 0 none, IGNORED between
    box_coords: Tensor | None  # float32 [B, 4 * Na, H, W]
    words: Tensor  # float32 [B, N, F]
    words_known: Tensor  # bool [B, N, F]
    starts: Tensor  # float32 [B, N]
    starts_known: Tensor  # bool [B, N]

    def to(self, device: torch.device) -> PageTargets:
        """The same targets on another device."""
        return PageTargets(*(None if tensor is None else tensor.to(device, non_blocking=True) for tensor in self))  # type: ignore[arg-type]  # the optional ones stay optional


def page_samples(labelled: LabelledDocument, schema: Schema, known_names: frozenset[str]) -> list[PageSample]:
    """The pages of a labelled document that carry text.

    Args:
        labelled: Fields with their occurrences.
        schema: Gives the classes.
        known_names: Fields that the dataset labels at all; the others are neither right nor wrong here. A field of this
            document whose value was not found on any page is not judged either.
    """
    return [page_sample(labelled, page, schema, known_names) for page in labelled.document.pages if len(page.characters)]


def page_sample(labelled: LabelledDocument, page: Page, schema: Schema, known_names: frozenset[str]) -> PageSample:
    """One page of a labelled document; see `page_samples`."""
    lost = {field.name for field in labelled.fields if not field.occurrences}
    has_items = any(field.item is not None for field in labelled.fields)
    if not labelled.fields:  # a letter: it has no line items either; a document with fields may show some that nobody labelled
        has_items = any(spec.line_item and spec.name in known_names for spec in schema.fields)
    known = np.array(
        [spec.name in known_names and spec.name not in lost and (has_items or not spec.line_item) for spec in schema.fields]
    )
    characters = page.characters
    classes, fields, items = _marked(labelled, page, schema)
    if not known.all():
        classes[classes == 0] = NOT_LABELLED
    item_rows = [np.unique(np.concatenate(rows)) for _, rows in sorted(items.items())]
    starts = np.zeros(len(characters), bool)
    for rows in item_rows:
        tops, bottoms = characters.boxes[rows, 1], characters.boxes[rows, 3]
        first = tops.argmin()
        starts[rows[(tops + bottoms) / 2 < bottoms[first]]] = True
    return PageSample(
        labelled.id,
        page,
        len(labelled.document.pages),
        classes,
        np.logical_or.reduceat(fields, characters.word_starts, axis=0) if len(characters) else fields[:0],
        known,
        _item_boxes(characters, item_rows),
        np.logical_or.reduceat(starts, characters.word_starts) if len(characters) else starts[:0],
        has_items,
    )


def _marked(
    labelled: LabelledDocument, page: Page, schema: Schema
) -> tuple[NDArray[np.int64], NDArray[np.bool_], dict[int, list[NDArray[np.int64]]]]:
    """For each character its class and its fields, and for each line item its rows."""
    classes = np.zeros(len(page.characters), np.int64)
    fields = np.zeros((len(page.characters), len(schema.fields)), bool)
    items: dict[int, list[NDArray[np.int64]]] = {}
    for field in labelled.fields:
        for rows in _rows_on(field, page.number):
            column = schema.class_of(field.name) - 1
            fields[rows, column] = True
            free = rows[classes[rows] == 0]  # a character has one class in the grid: the first field of the list
            classes[free] = column + 1
            if field.item is not None:
                items.setdefault(field.item, []).append(rows)
    return classes, fields, items


def _rows_on(field: LabelledField, page_number: int) -> list[NDArray[np.int64]]:
    return [
        np.array(occurrence.characters, np.int64)
        for occurrence in field.occurrences
        if occurrence.page == page_number and occurrence.characters
    ]


def _item_boxes(characters: Characters, item_rows: Sequence[NDArray[np.int64]]) -> NDArray[np.float32]:
    """[M, 4]: each line item from its first to its last text line, over the full width of the table."""
    if not item_rows:
        return np.zeros((0, 4), np.float32)
    boxes = np.array(
        [[*characters.boxes[rows, :2].min(axis=0), *characters.boxes[rows, 2:].max(axis=0)] for rows in item_rows], np.float32
    )
    boxes[:, 0] = boxes[:, 0].min()
    boxes[:, 2] = boxes[:, 2].max()
    return boxes


# Pairs that OCR engines confuse (both directions), as seen on receipts; one character for one character only.
_CONFUSIONS = "0oO 1lI| 5sS 8bB 2zZ 6G 9gq ce uv nh ft ij rn .,: -~ '` mn ea"


def _confusion_table() -> dict[int, NDArray[np.uint32]]:
    table: dict[int, set[int]] = {}
    for group in _CONFUSIONS.split():
        for letter in group:
            table.setdefault(ord(letter), set()).update(ord(other) for other in group if other != letter)
    return {letter: np.array(sorted(others), np.uint32) for letter, others in table.items()}


_CONFUSED_WITH = _confusion_table()


def augment(sample: PageSample, settings: Augmentation, random: np.random.Generator) -> PageSample:
    """A sample with words and lines dropped and characters confused; geometry is changed when it is drawn."""
    characters = sample.page.characters
    words = len(characters.word_starts)
    keep = random.random(words) >= settings.drop_words
    _, lines = np.unique(characters.word_lines, return_inverse=True)
    keep &= (random.random(lines.max(initial=-1) + 1) >= settings.drop_lines)[lines]
    if not keep.any():
        keep[:] = True
    rows = keep[characters.word_rank]
    code_points = characters.code_points[rows].copy()
    if random.random() < settings.confused_pages:
        for row in np.flatnonzero(random.random(len(code_points)) < settings.confuse):
            others = _CONFUSED_WITH.get(int(code_points[row]))
            if others is not None:
                code_points[row] = random.choice(others)
    kept = Characters(
        code_points,
        characters.boxes[rows],
        characters.confidence[rows],
        characters.word_index[rows],
        characters.line_index[rows],
    )
    return replace(
        sample,
        page=replace(sample.page, characters=kept),
        classes=sample.classes[rows],
        word_fields=sample.word_fields[keep],
        item_starts=sample.item_starts[keep],
    )


def random_transform(
    transform: GridTransform, settings: Augmentation, size: GridSize, random: np.random.Generator
) -> GridTransform:
    """The transform of a page, drawn a little smaller and somewhere else in the grid."""
    shrink = 1 - settings.zoom * random.random()
    room_y, room_x = size.height * (1 - shrink), size.width * (1 - shrink)
    shift_y = room_y * random.random() + size.height * settings.shift * (random.random() - 0.5)
    shift_x = room_x * random.random() + size.width * settings.shift * (random.random() - 0.5)
    return GridTransform(transform.scale * shrink, transform.offset_x * shrink + shift_x, transform.offset_y * shrink + shift_y)


class DrawnPage(NamedTuple):
    """One page as arrays: input and targets."""

    grid: NDArray[np.uint8]  # [H, W]
    cell_words: NDArray[np.int32]  # [H, W]
    features: WordFeatures
    segmentation: NDArray[np.int64]  # [H, W]
    boxes: NDArray[np.float32]  # [M, 4] cells
    sample: PageSample


def draw(
    sample: PageSample,
    settings: GridSettings,
    *,
    augmentation: Augmentation | None = None,
    random: np.random.Generator | None = None,
) -> DrawnPage:
    """Rasterise a sample, changed at random where an augmentation is given."""
    if augmentation is not None and random is not None:
        sample = augment(sample, augmentation, random)
    page, characters = sample.page, sample.page.characters
    boxes = characters.boxes
    transform = fit_transform(page.width_pt, page.height_pt, boxes, settings.size, settings.frame)
    stretch = 1.0
    if augmentation is not None and random is not None:
        transform = random_transform(transform, augmentation, settings.size, random)
        stretch = 1 - augmentation.stretch * float(random.random())
    factors = np.array([1, stretch, 1, stretch], np.float32)
    cell_boxes = transform.to_cells(boxes * factors)
    grid, cell_character = rasterise(settings.alphabet.indices(characters.code_points), cell_boxes, settings.size)
    return DrawnPage(
        grid,
        words_of_cells(cell_character, characters),
        word_features(characters, page.width_pt, page.height_pt, page_number=page.number, page_count=sample.page_count),
        segmentation_target(cell_character, sample.classes),
        _inside(transform.to_cells(sample.item_boxes * factors), settings.size),
        sample,
    )


def _inside(boxes: NDArray[np.float32], size: GridSize) -> NDArray[np.float32]:
    """Boxes cut to the grid; those that lie outside are left out."""
    limits = np.array([size.width, size.height, size.width, size.height], np.float32)
    cut = np.clip(boxes, 0, limits)
    kept: NDArray[np.float32] = cut[((cut[:, 2:] - cut[:, :2]) > 0).all(axis=1)]
    return kept


def words_of_cells(cell_character: NDArray[np.int32], characters: Characters) -> NDArray[np.int32]:
    """int32 [H, W]: the word that owns each cell, -1 where it is empty."""
    words = np.append(characters.word_rank, -1).astype(np.int32)  # index -1 is the last entry
    return words[cell_character]


def collate_inputs(
    grids: Sequence[NDArray[np.uint8]], cell_words: Sequence[NDArray[np.int32]], features: Sequence[WordFeatures]
) -> PageBatch:
    """Stack pages; words are padded to the longest page, at least one."""
    pages, longest = len(grids), max(1, *(len(page) for page in features))
    ngrams = np.zeros((pages, longest, NGRAMS_PER_WORD), np.int32)
    numeric = np.zeros((pages, longest, len(NUMERIC_NAMES)), np.float32)
    positions = np.zeros((pages, longest, 2), np.float32)
    neighbours = np.full((pages, longest, len(NEIGHBOURS)), -1, np.int32)
    lines = np.zeros((pages, longest), np.int32)
    is_word = np.zeros((pages, longest), bool)
    for row, page in enumerate(features):
        count = len(page)
        ngrams[row, :count], numeric[row, :count], positions[row, :count] = page.ngrams, page.numeric, page.positions
        neighbours[row, :count], lines[row, :count], is_word[row, :count] = page.neighbours, page.lines, True
    arrays = (np.stack(grids), np.stack(cell_words), ngrams, numeric, positions, neighbours, lines, is_word)
    return PageBatch(*(torch.from_numpy(array) for array in arrays))


def collate(drawn: Sequence[DrawnPage], settings: GridSettings) -> tuple[PageBatch, PageTargets]:
    """Stack drawn pages into one batch with its targets."""
    batch = collate_inputs([page.grid for page in drawn], [page.cell_words for page in drawn], [page.features for page in drawn])
    pages, longest = batch.is_word.shape
    fields = len(drawn[0].sample.known)
    words = np.zeros((pages, longest, fields), np.float32)
    known = np.zeros((pages, longest, fields), bool)
    starts = np.zeros((pages, longest), np.float32)
    starts_known = np.zeros((pages, longest), bool)
    for row, page in enumerate(drawn):
        count, sample = len(page.features), page.sample
        words[row, :count] = sample.word_fields
        known[row, :count] = sample.known | sample.word_fields
        starts[row, :count] = sample.item_starts
        starts_known[row, :count] = sample.items_known
    mask = coords = None
    if len(settings.anchors):
        boxes = [box_targets(page.boxes, settings.anchors, settings.size) for page in drawn]
        for page, target in zip(drawn, boxes, strict=True):
            if not page.sample.items_known:
                target.mask[:] = IGNORED
        mask = torch.from_numpy(np.stack([target.mask for target in boxes]))
        coords = torch.from_numpy(np.stack([target.coords for target in boxes]))
    targets = PageTargets(
        torch.from_numpy(np.stack([page.segmentation for page in drawn])),
        mask,
        coords,
        *(torch.from_numpy(array) for array in (words, known, starts, starts_known)),
    )
    return batch, targets
