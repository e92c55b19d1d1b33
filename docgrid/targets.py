"""What the network shall say about a page: a class for every cell, and boxes of line items relative to anchors.

Shapes: M boxes, Na anchors, D detections, H rows, W columns. Boxes are float32 [M, 4] in cells: left, top, right, bottom.
Anchor a of cell (y, x) is a rectangle of `anchors[a]` = (height, width) cells around the middle of the cell, (x + 0.5, y + 0.5).

Source:
    Ren et al. 2015, Faster R-CNN, https://arxiv.org/abs/1506.01497 (anchors, parametrisation); Katti et al. 2018, Chargrid,
    https://arxiv.org/abs/1809.08799 (anchors at every cell, boxes of line items).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from docgrid.chargrid.grid import GridSize
from docgrid.errors import DatasetError

POSITIVE_IOU = 0.5  # an anchor that overlaps a box this much shall find it
NEGATIVE_IOU = 0.4  # one that overlaps every box less than this shall say that there is none
IGNORED = -1  # in between; the loss leaves these out
BACKGROUND_CLASS = 0

_MIN_SIDE = 1e-3  # cells; thinner boxes are taken as this thick, so that logarithms stay finite
_MAX_LOG_SCALE = 8.0  # a decoded side is at most e^8 anchors long
_RESTARTS = 5
_MAX_ROUNDS = 100

Boxes = NDArray[np.float32]


def segmentation_target(
    cell_character: NDArray[np.int32], classes: NDArray[np.int64], *, ignore_empty: bool = False
) -> NDArray[np.int64]:
    """Each cell takes the class of the character that owns it; empty cells are background.

    Args:
        cell_character: int32 [H, W], rows of the character table, -1 = empty (`PageGrid.cell_character`).
        classes: int64 [N], the class of each character, 0 = background.
        ignore_empty: Give empty cells -1, which the losses leave out, instead of background.

    Returns:
        int64 [H, W]
    """
    empty = IGNORED if ignore_empty else BACKGROUND_CLASS
    table = np.append(np.asarray(classes, np.int64), empty)  # index -1 reads the last entry
    result: NDArray[np.int64] = table[cell_character]
    return result


# --- anchors ---------------------------------------------------------------------------------------------------------------


def shape_overlap(sizes: NDArray[np.float32], anchors: NDArray[np.float32]) -> NDArray[np.float32]:
    """IoU of boxes and anchors laid on one centre.

    Args:
        sizes: float [M, 2] heights and widths.
        anchors: float [Na, 2] heights and widths.

    Returns:
        float32 [M, Na] in 0..1
    """
    overlap = np.minimum(sizes[:, None], anchors[None]).prod(axis=2)
    union = sizes.prod(axis=1)[:, None] + anchors.prod(axis=1)[None] - overlap
    result: NDArray[np.float32] = (overlap / union).astype(np.float32)
    return result


def fit_anchors(sizes: NDArray[np.float32], count: int, *, seed: int = 0) -> NDArray[np.float32]:
    """Anchor shapes that overlap the training boxes best: k-means with the distance 1 - IoU, best of five starts.

    Args:
        sizes: float [M, 2], heights and widths of the training boxes, in cells.
        count: Na.
        seed: Of the starts.

    Returns:
        float32 [Na, 2] heights and widths, smallest area first. Where the boxes have fewer shapes than `count`, the rest are
        the same shapes at other heights.

    Raises:
        DatasetError: There is no box.

    Source:
        Redmon and Farhadi 2017, YOLO9000, https://arxiv.org/abs/1612.08242 (k-means on box shapes with IoU).
    """
    if len(sizes) == 0:
        raise DatasetError(
            "no box of a line item to fit anchors to", hint="Label line items, or train without the box branch (0 anchors)."
        )
    shapes = np.maximum(sizes, _MIN_SIDE).astype(np.float32)
    random = np.random.default_rng(seed)
    distinct = np.unique(shapes, axis=0)
    if len(distinct) <= count:
        return _by_area(_more_heights(distinct, count))
    fits = [_fit_once(shapes, count, random) for _ in range(_RESTARTS)]
    return _by_area(max(fits, key=lambda anchors: float(shape_overlap(shapes, anchors).max(axis=1).mean())))


def _fit_once(shapes: NDArray[np.float32], count: int, random: np.random.Generator) -> NDArray[np.float32]:
    anchors = shapes[random.integers(len(shapes), size=1)]
    while len(anchors) < count:  # k-means++: far shapes are likelier starts
        distance = 1 - shape_overlap(shapes, anchors).max(axis=1).astype(np.float64)
        weights = np.square(distance) + 1e-12
        anchors = np.concatenate([anchors, shapes[random.choice(len(shapes), size=1, p=weights / weights.sum())]])
    nearest = None
    for _ in range(_MAX_ROUNDS):
        overlaps = shape_overlap(shapes, anchors)
        before, nearest = nearest, overlaps.argmax(axis=1)
        if before is not None and np.array_equal(before, nearest):
            break
        for number in range(count):
            members = shapes[nearest == number]
            # An anchor that lost all its boxes starts again at the box that is served worst.
            anchors[number] = members.mean(axis=0) if len(members) else shapes[overlaps.max(axis=1).argmin()]
    return anchors


def _more_heights(distinct: NDArray[np.float32], count: int) -> NDArray[np.float32]:
    """The shapes, then the same ones twice as high, half as high, four times as high ... until there are `count`."""
    scales = [1.0]
    while len(scales) * len(distinct) < count:
        power = (len(scales) + 1) // 2
        scales.append(2.0**power if len(scales) % 2 else 2.0**-power)
    return np.concatenate([distinct * np.array([scale, 1], np.float32) for scale in scales])[:count]


def _by_area(anchors: NDArray[np.float32]) -> NDArray[np.float32]:
    order = np.lexsort((anchors[:, 1], anchors[:, 0], anchors.prod(axis=1)))
    return anchors[order].astype(np.float32)


# --- boxes to targets ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class BoxTargets:
    """What the box branch shall say, for every anchor of every cell."""

    mask: NDArray[np.int64]  # [Na, H, W]: 1 = finds a box, 0 = none here, -1 = left out of the loss
    coords: NDArray[np.float32]  # [4 * Na, H, W], viewed as [Na, 4, H, W]: dx/wa, dy/ha, ln(w/wa), ln(h/ha); 0 where mask < 1


def box_targets(boxes: Boxes, anchors: NDArray[np.float32], size: GridSize) -> BoxTargets:
    """Which anchors find which box, and how the box differs from the anchor.

    An anchor is positive at IoU >= 0.5 with some box (it takes the one it overlaps most), negative below 0.4 with all of them,
    left out in between. The best anchor of each box is positive whatever its IoU; of several boxes with one best anchor the
    one that overlaps it more takes it and the other its next best, so every box can be found.

    Args:
        boxes: float32 [M, 4] in cells, inside the grid.
        anchors: float32 [Na, 2] heights and widths in cells.
        size: Of the grid.
    """
    count, cells = len(anchors), size.height * size.width
    mask = np.zeros(count * cells, np.int64)
    coords = np.zeros((count, 4, cells), np.float32)
    if len(boxes):
        solid = _solid(boxes)
        place, box, overlap = _overlapping(solid, anchors, size)
        best = np.zeros(count * cells, np.int64)  # IoU bits, then the box: the greatest wins, of equals the first box
        np.maximum.at(best, place, overlap.view(np.int32).astype(np.int64) << 32 | (len(boxes) - 1 - box))
        touched = np.flatnonzero(best)
        best_overlap = (best[touched] >> 32).astype(np.int32).view(np.float32)
        owner = len(boxes) - 1 - (best[touched] & 0xFFFFFFFF)
        mask[touched] = np.where(best_overlap >= POSITIVE_IOU, 1, IGNORED)
        sure = best_overlap >= POSITIVE_IOU
        forced = _best_places(solid, anchors, size)
        mask[forced] = 1
        _encode(coords, touched[sure], solid[owner[sure]], anchors, size)
        _encode(coords, forced, solid, anchors, size)
    return BoxTargets(mask.reshape(count, size.height, size.width), coords.reshape(4 * count, size.height, size.width))


def _solid(boxes: Boxes) -> Boxes:
    """Boxes that are at least a hair thick."""
    solid = boxes.astype(np.float32)
    solid[:, 2:] = np.maximum(solid[:, 2:], solid[:, :2] + np.float32(_MIN_SIDE))
    return solid


def _overlapping(
    boxes: Boxes, anchors: NDArray[np.float32], size: GridSize
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
    """Every anchor that overlaps a box by 0.4 or more: its place (anchor, row, column as one number), the box and the IoU.

    Only a window around each box is looked at. An IoU of t needs an overlap of t times the larger area, and no side of the
    overlap is longer than the shorter of the two boxes' sides; so along x the overlap is at least
    `t * larger area / shorter height`, which limits how far the centres lie apart.
    """
    box, anchor = (index.ravel() for index in np.indices((len(boxes), len(anchors))))
    sides = np.stack([boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]], axis=1).astype(np.float64)[box]
    anchor_sides = anchors[:, ::-1].astype(np.float64)[anchor]  # [P, 2]: width, height
    centres = ((boxes[:, :2] + boxes[:, 2:]) / 2).astype(np.float64)[box]
    larger = np.maximum(sides.prod(axis=1), anchor_sides.prod(axis=1))
    needed = NEGATIVE_IOU * larger[:, None] / np.minimum(sides, anchor_sides)[:, ::-1]
    reach = (sides + anchor_sides) / 2 - needed + 1e-6
    limits = np.array([size.width, size.height])
    first = np.clip(np.ceil(centres - reach - 0.5), 0, limits).astype(np.int64)
    stop = np.clip(np.floor(centres + reach - 0.5) + 1, 0, limits).astype(np.int64)
    possible = (needed <= np.minimum(sides, anchor_sides) + 1e-6).all(axis=1)
    extent = np.maximum(stop - first, 0) * possible[:, None]
    places, owners, overlaps = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], [np.zeros(0, np.float32)]
    for pair in np.flatnonzero(extent.prod(axis=1)).tolist():
        (x0, y0), (columns, rows) = first[pair].tolist(), extent[pair].tolist()
        half = (sides[pair] + anchor_sides[pair]) / 2
        shorter = np.minimum(sides[pair], anchor_sides[pair])
        across = np.minimum(half[0] - np.abs(np.arange(x0, x0 + columns) + 0.5 - centres[pair, 0]), shorter[0])
        down = np.minimum(half[1] - np.abs(np.arange(y0, y0 + rows) + 0.5 - centres[pair, 1]), shorter[1])
        shared = np.maximum(down, 0)[:, None] * np.maximum(across, 0)
        iou = (shared / (sides[pair].prod() + anchor_sides[pair].prod() - shared)).astype(np.float32)
        row, column = np.nonzero(iou >= NEGATIVE_IOU)
        places.append((anchor[pair] * size.height + row + y0) * size.width + column + x0)
        owners.append(np.full(len(row), box[pair]))
        overlaps.append(iou[row, column])
    return np.concatenate(places), np.concatenate(owners), np.concatenate(overlaps)


def _best_places(boxes: Boxes, anchors: NDArray[np.float32], size: GridSize) -> NDArray[np.int64]:
    """For each box the place of its best anchor, no place twice: int64 [M].

    IoU falls with the distance of the centres along each axis, so the best cell is the one that holds the centre of the box;
    its neighbours are the reserve for boxes that share it.
    """
    centres = (boxes[:, :2] + boxes[:, 2:]) / 2
    limits = np.array([size.width, size.height])
    cell = np.clip(np.floor(centres), 0, limits - 1)
    steps = np.array([(x, y) for y in (0, -1, 1) for x in (0, -1, 1)])
    cells = np.clip(cell[:, None] + steps, 0, limits - 1)  # [M, 9, 2]
    half = anchors[:, ::-1] / 2
    low = np.maximum(boxes[:, None, None, :2], cells[:, :, None] + 0.5 - half)  # [M, 9, Na, 2]
    high = np.minimum(boxes[:, None, None, 2:], cells[:, :, None] + 0.5 + half)
    shared = np.clip(high - low, 0, None).prod(axis=3)
    areas = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)[:, None, None] + anchors.prod(axis=1)
    overlap = (shared / (areas - shared)).reshape(len(boxes), -1)
    place = np.arange(len(anchors)) * size.height + cells[..., 1:].astype(np.int64)
    place = (place * size.width + cells[..., :1].astype(np.int64)).reshape(len(boxes), -1)
    ranking = np.argsort(-overlap, axis=1, kind="stable")
    result = np.zeros(len(boxes), np.int64)
    taken: set[int] = set()
    for number in np.argsort(-overlap.max(axis=1), kind="stable").tolist():
        wishes = place[number, ranking[number]].tolist()
        result[number] = next((wish for wish in wishes if wish not in taken), wishes[0])
        taken.add(int(result[number]))
    return result


def _encode(
    coords: NDArray[np.float32], place: NDArray[np.int64], boxes: Boxes, anchors: NDArray[np.float32], size: GridSize
) -> None:
    """Write how each box differs from the anchor at its place into `coords`, float32 [Na, 4, H * W]."""
    anchor, cell = np.divmod(place, size.height * size.width)
    row, column = np.divmod(cell, size.width)
    sides = anchors[:, ::-1][anchor]  # width, height
    cell_centres = np.stack([column, row], axis=1) + np.float32(0.5)
    shift = ((boxes[:, :2] + boxes[:, 2:]) / 2 - cell_centres) / sides
    scale = np.log((boxes[:, 2:] - boxes[:, :2]) / sides)
    flat = coords.reshape(-1)
    start = place + 3 * anchor * size.height * size.width  # of the anchor's four planes, plus the cell
    for plane, values in enumerate((shift[:, 0], shift[:, 1], scale[:, 0], scale[:, 1])):
        flat[start + plane * size.height * size.width] = values


# --- targets (or predictions) to boxes -------------------------------------------------------------------------------------


def decode_boxes(
    mask: NDArray[np.float32],
    coords: NDArray[np.float32],
    anchors: NDArray[np.float32],
    *,
    threshold: float = 0.5,
    limit: int = 1000,
    iou: float = 0.5,
) -> tuple[Boxes, NDArray[np.float32]]:
    """The boxes that the box branch sees, best first, each once.

    Args:
        mask: float [Na, H, W], the probability that an anchor finds a box (softmax over the axis of size 2, second entry).
        coords: float [4 * Na, H, W] as in `BoxTargets`.
        anchors: float32 [Na, 2] heights and widths in cells.
        threshold: Least probability.
        limit: At most so many candidates, the likeliest, go into the suppression.
        iou: Of two candidates that overlap more than this the less likely one is dropped.

    Returns:
        float32 [D, 4] in cells, clipped to the grid; float32 [D] probabilities.
    """
    count, rows, columns = mask.shape
    flat = mask.reshape(-1)
    place = np.flatnonzero(flat >= threshold)
    if len(place) > limit:
        place = place[np.argpartition(-flat[place], limit - 1)[:limit]]
    scores = flat[place].astype(np.float32)
    anchor, cell = np.divmod(place, rows * columns)
    row, column = np.divmod(cell, columns)
    delta = coords.reshape(count, 4, rows * columns)[anchor, :, cell].astype(np.float32)  # [D, 4]
    sides = anchors[anchor][:, ::-1]  # width, height
    centres = np.stack([column, row], axis=1) + np.float32(0.5) + delta[:, :2] * sides
    half = np.exp(np.clip(delta[:, 2:], -_MAX_LOG_SCALE, _MAX_LOG_SCALE)) * sides / 2
    boxes = np.concatenate([centres - half, centres + half], axis=1).astype(np.float32)
    boxes = np.clip(boxes, 0, np.array([columns, rows, columns, rows], np.float32))
    kept = suppress(boxes, scores, iou=iou)
    return boxes[kept], scores[kept]


def suppress(boxes: Boxes, scores: NDArray[np.float32], *, iou: float = 0.5) -> NDArray[np.int64]:
    """Greedy non-maximum suppression.

    Args:
        boxes: float32 [M, 4].
        scores: float32 [M].
        iou: A box that overlaps a better one more than this is dropped.

    Returns:
        int64 [D], the rows that are kept, best first; of equal scores the first row counts as better.
    """
    order = np.argsort(-scores, kind="stable")
    areas = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)
    kept = []
    while len(order):
        best, rest = order[0], order[1:]
        kept.append(int(best))
        low = np.maximum(boxes[best, :2], boxes[rest, :2])
        shared = np.clip(np.minimum(boxes[best, 2:], boxes[rest, 2:]) - low, 0, None).prod(axis=1)
        order = rest[shared <= iou * (areas[best] + areas[rest] - shared)]
    return np.array(kept, np.int64)
