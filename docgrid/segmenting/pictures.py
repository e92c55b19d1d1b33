"""Pictures and masks of any size as tensors of one size: the only place where they are scaled, padded and cropped back.

Shapes: B pictures, H x W the network's size, h x w a picture's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor
from torch.nn import functional

from docgrid.chargrid import GridSize
from docgrid.segmenting.folder import NOT_JUDGED, LabelledPicture, read_mask, read_picture
from docgrid.targets import IGNORED

CHANNELS = 3
_SHRINK, _BRIGHTNESS, _NOISE = 0.2, 0.2, 0.03  # the most by which training pictures are changed


@dataclass(frozen=True)
class Placement:
    """Where a picture lies in the network's input: scaled to width x height with its corner at (left, top), the rest is paper."""

    left: int
    top: int
    width: int
    height: int


def placement_in(size: tuple[int, int], room: GridSize) -> Placement:
    """The largest placement that keeps the aspect ratio, at the top left.

    Args:
        size: Width and height of the picture.
        room: Of the network.
    """
    scale = min(room.width / size[0], room.height / size[1])
    return Placement(0, 0, max(round(size[0] * scale), 1), max(round(size[1] * scale), 1))


def placed_picture(picture: Image.Image, place: Placement, room: GridSize) -> NDArray[np.float32]:
    """float32 [3, H, W]: how much light each channel lacks, so that white paper and the padding are 0."""
    scaled = picture.resize((place.width, place.height), Image.Resampling.BILINEAR)
    result = np.zeros((CHANNELS, room.height, room.width), np.float32)
    rows, columns = slice(place.top, place.top + place.height), slice(place.left, place.left + place.width)
    result[:, rows, columns] = 1 - np.asarray(scaled, np.float32).transpose(2, 0, 1) / 255
    return result


def placed_mask(mask: NDArray[np.uint8], place: Placement, room: GridSize) -> NDArray[np.int64]:
    """int64 [H, W] of classes; padding and what the mask does not judge are left out (-1)."""
    scaled = np.asarray(Image.fromarray(mask).resize((place.width, place.height), Image.Resampling.NEAREST), np.int64)
    result = np.full((room.height, room.width), IGNORED, np.int64)
    rows, columns = slice(place.top, place.top + place.height), slice(place.left, place.left + place.width)
    result[rows, columns] = np.where(scaled == NOT_JUDGED, IGNORED, scaled)
    return result


def logits_back(logits: Tensor, place: Placement, size: tuple[int, int]) -> Tensor:
    """The part of the network's answer that is the picture, at the picture's size: float [K, H, W] -> [K, h, w]."""
    part = logits[None, :, place.top : place.top + place.height, place.left : place.left + place.width]
    return functional.interpolate(part.float(), size=(size[1], size[0]), mode="bilinear", align_corners=False)[0]


@dataclass(frozen=True)
class PictureMaker:
    """Makes training batches: pictures a little smaller, somewhere else, brighter or darker, and noisy."""

    pictures: Sequence[LabelledPicture]
    room: GridSize

    def __call__(self, rows: Sequence[int], randoms: Sequence[np.random.Generator]) -> tuple[Tensor, Tensor]:
        """float32 [B, 3, H, W] and int64 [B, H, W]."""
        made = [self._changed(self.pictures[row], random) for row, random in zip(rows, randoms, strict=True)]
        return torch.from_numpy(np.stack([one for one, _ in made])), torch.from_numpy(np.stack([mask for _, mask in made]))

    def _changed(self, one: LabelledPicture, random: np.random.Generator) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        picture, mask = read_picture(one.picture), read_mask(one.mask)
        whole = placement_in(picture.size, self.room)
        scale = 1 - _SHRINK * random.random()
        width, height = max(int(whole.width * scale), 1), max(int(whole.height * scale), 1)
        left, top = random.integers(self.room.width - width + 1), random.integers(self.room.height - height + 1)
        place = Placement(int(left), int(top), width, height)
        light = placed_picture(picture, place, self.room) * random.uniform(1 - _BRIGHTNESS, 1 + _BRIGHTNESS)
        light += random.normal(0, _NOISE * random.random(), light.shape)
        return light.astype(np.float32), placed_mask(mask, place, self.room)
