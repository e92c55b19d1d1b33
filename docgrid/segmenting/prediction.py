"""A model applied to a picture of any size: a mask of the same size, and the boxes of its regions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from docgrid.errors import ModelError
from docgrid.model import Model
from docgrid.networks import prepare_for_inference
from docgrid.segmenting.pictures import logits_back, placed_picture, placement_in

_LEAST_SHARE = 0.0005  # of the picture; smaller spots are no regions


@dataclass(frozen=True)
class Region:
    """A connected part of one class."""

    label: str
    box: tuple[int, int, int, int]  # left, top, right, bottom in pixels, right and bottom outside
    pixels: int
    confidence: float  # mean probability of the class over the region


@dataclass(frozen=True)
class PictureAnswer:
    """What a model says about one picture."""

    mask: NDArray[np.uint8]  # [H, W] classes
    regions: tuple[Region, ...]  # from top to bottom


class Segmenter:
    """A model of pictures made ready to predict.

    Args:
        model: From a folder that `docgrid train` wrote for pictures.
        device: Where to compute.

    Raises:
        ModelError: The model reads characters, not pictures.
    """

    def __init__(self, model: Model, *, device: str = "cpu") -> None:
        if not model.card.reads_pictures or model.network.grid is None:
            raise ModelError(
                f"model {model.card.name!r} reads documents, not pictures",
                hint="Use `docgrid extract`, or name a model that was trained on pictures with masks.",
            )
        self.model = model
        self.device = torch.device(device)
        self.network = prepare_for_inference(model.network.grid).to(self.device)
        self._dtype = next(self.network.parameters()).dtype

    @torch.no_grad()
    def probabilities(self, picture: Image.Image) -> NDArray[np.float32]:
        """float32 [K, h, w]: of every class at every pixel.

        Args:
            picture: Any size, in colour.
        """
        room = self.model.card.grid_size
        place = placement_in(picture.size, room)
        light = torch.from_numpy(placed_picture(picture, place, room))[None].to(self.device, self._dtype)
        logits = self.network(light).segmentation[0]
        result: NDArray[np.float32] = logits_back(logits, place, picture.size).softmax(0).cpu().numpy()
        return result

    def predict(self, picture: Image.Image) -> PictureAnswer:
        """The mask of a picture and its regions."""
        probabilities = self.probabilities(picture)
        mask = probabilities.argmax(axis=0).astype(np.uint8)
        return PictureAnswer(mask, regions_of(mask, probabilities, self.model.schema.names))


def regions_of(mask: NDArray[np.uint8], probabilities: NDArray[np.float32], names: tuple[str, ...]) -> tuple[Region, ...]:
    """Connected parts of each class that are larger than a spot, from top to bottom.

    Args:
        mask: uint8 [H, W], classes.
        probabilities: float32 [K, H, W].
        names: Of the classes from 1 on.
    """
    found = []
    for number, name in enumerate(names, start=1):
        parts, _ = ndimage.label(mask == number)
        for part, place in enumerate(ndimage.find_objects(parts), start=1):
            inside = parts[place] == part
            pixels = int(inside.sum())
            if pixels >= _LEAST_SHARE * mask.size:
                rows, columns = place
                confidence = float(probabilities[number][place][inside].mean())
                found.append(Region(name, (columns.start, rows.start, columns.stop, rows.stop), pixels, confidence))
    return tuple(sorted(found, key=lambda region: (region.box[1], region.box[0])))
