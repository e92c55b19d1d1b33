"""Which losses train which head, and how much each counts: the table of what can be chosen, and the sum of what was."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from torch import Tensor, nn

from docgrid.errors import UsageError
from docgrid.losses.cells import FOCAL_GAMMA, box_coords_loss, box_mask_loss, cross_entropy, dice_over_classes
from docgrid.losses.pictures import (
    PictureLoss,
    berhu_loss,
    binary_cross_entropy,
    dice_loss,
    gradient_loss,
    huber_loss,
    l1_loss,
    rmse_loss,
    ssim_loss,
)
from docgrid.networks.layers import NetworkOutput
from docgrid.networks.options import nearest_hint


class Head(StrEnum):
    """What a network answers, each with losses of its own."""

    SEGMENTATION = "segmentation"
    BOX_MASK = "box_mask"
    BOX_COORDS = "box_coords"
    WORDS = "words"
    STARTS = "starts"
    MASK = "mask"  # of a picture
    MAP = "map"  # of a picture


SEGMENTATION_LOSSES: dict[str, Callable[[Tensor, Tensor, Tensor | None], Tensor]] = {
    "cross_entropy": lambda logits, target, weights: cross_entropy(logits, target, weights),
    "focal": lambda logits, target, weights: cross_entropy(logits, target, weights, gamma=FOCAL_GAMMA),
    "dice": lambda logits, target, _: dice_over_classes(logits, target),
}
BOX_MASK_GAMMAS: dict[str, float] = {"cross_entropy": 0.0, "focal": FOCAL_GAMMA}
BOX_COORDS_LOSSES: dict[str, PictureLoss] = {"huber": huber_loss, "l1": l1_loss, "rmse": rmse_loss, "berhu": berhu_loss}
MASK_LOSSES: dict[str, PictureLoss] = {"bce": binary_cross_entropy, "dice": dice_loss}
MAP_LOSSES: dict[str, PictureLoss] = BOX_COORDS_LOSSES | {"gradient": gradient_loss, "ssim": ssim_loss}

CHOICES: dict[Head, tuple[str, ...]] = {
    Head.SEGMENTATION: tuple(SEGMENTATION_LOSSES),
    Head.BOX_MASK: tuple(BOX_MASK_GAMMAS),
    Head.BOX_COORDS: tuple(BOX_COORDS_LOSSES),
    Head.WORDS: ("bce",),
    Head.STARTS: ("bce",),
    Head.MASK: tuple(MASK_LOSSES),
    Head.MAP: tuple(MAP_LOSSES),
}


@dataclass(frozen=True)
class ChosenLoss:
    """One term of what training minimises."""

    head: Head
    name: str  # of `CHOICES[head]`
    weight: float = 1.0

    def __str__(self) -> str:
        return f"{self.head}={self.name}:{self.weight:g}"


PAPER_LOSSES = (
    ChosenLoss(Head.SEGMENTATION, "focal"),
    ChosenLoss(Head.BOX_MASK, "focal"),
    ChosenLoss(Head.BOX_COORDS, "huber"),
)
PLAIN_LOSSES = (  # for use without class weights: most cells are easy
    ChosenLoss(Head.SEGMENTATION, "cross_entropy", 5.0),
    ChosenLoss(Head.BOX_MASK, "cross_entropy", 2.0),
    ChosenLoss(Head.BOX_COORDS, "huber", 0.5),
)
WORD_LOSSES = (ChosenLoss(Head.WORDS, "bce"), ChosenLoss(Head.STARTS, "bce", 0.3))
PICTURE_LOSSES = (ChosenLoss(Head.MASK, "bce"), ChosenLoss(Head.MAP, "l1"))


def chosen_losses(texts: Iterable[str], heads: Sequence[Head], default: Sequence[ChosenLoss]) -> tuple[ChosenLoss, ...]:
    """Losses typed as `HEAD=NAME` or `HEAD=NAME:WEIGHT`; those of one head add up, heads that are not named keep the default.

    Args:
        texts: Such as `segmentation=focal:2`.
        heads: That the network at hand has.
        default: Losses of these heads.

    Raises:
        UsageError: There is no such head or loss (the nearest is suggested), or the weight is no number from 0 up.
    """
    chosen = [_chosen(text, heads) for text in texts]
    named = {one.head for one in chosen}
    return tuple(one for one in default if one.head not in named) + tuple(chosen)


def _chosen(text: str, heads: Sequence[Head]) -> ChosenLoss:
    head, separator, rest = (part.strip() for part in text.partition("="))
    if not separator:
        raise UsageError(f"{text!r} chooses no loss", hint="Write HEAD=NAME or HEAD=NAME:WEIGHT, such as segmentation=focal:2.")
    if head not in heads:
        raise UsageError(f"unknown head {head!r} in {text!r}", hint=nearest_hint(head, [one.value for one in heads]))
    name, separator, number = (part.strip() for part in rest.partition(":"))
    if name not in CHOICES[Head(head)]:
        raise UsageError(f"{head} has no loss {name!r}", hint=nearest_hint(name, CHOICES[Head(head)]))
    try:
        weight = float(number) if separator else 1.0
    except ValueError:
        weight = math.nan
    if not 0 <= weight < math.inf:
        raise UsageError(f"{number!r} in {text!r} is no weight", hint="A weight is a number from 0 up.")
    return ChosenLoss(Head(head), name, weight)


class GridLoss(nn.Module):
    """The losses of a grid network's heads, weighted and by head.

    Args:
        chosen: Terms of the segmentation and the two box heads.
        class_weights: float [K] (see `class_weights`) for the cross entropies of the segmentation; None = all the same.
        mask_weights: float [2] for "no box" and "box".

    Source:
        Katti et al. 2018, Chargrid, https://arxiv.org/abs/1809.08799, section 3.3 (`PAPER_LOSSES`).
    """

    class_weights: Tensor | None
    mask_weights: Tensor | None

    def __init__(
        self,
        chosen: Sequence[ChosenLoss] = PAPER_LOSSES,
        class_weights: Tensor | None = None,
        mask_weights: Tensor | None = None,
    ) -> None:
        super().__init__()
        self.register_buffer("class_weights", class_weights)
        self.register_buffer("mask_weights", mask_weights)
        self.chosen = tuple(chosen)

    def forward(
        self, output: NetworkOutput, segmentation: Tensor, mask: Tensor | None = None, coords: Tensor | None = None
    ) -> dict[str, Tensor]:
        """The weighted loss of each head, which add up to the whole; a head that a network or a batch has not is left out.

        Args:
            output: Of the network.
            segmentation: int64 [B, H, W].
            mask: int64 [B, Na, H, W]; without it the boxes are left out.
            coords: float32 [B, 4 * Na, H, W], with `mask`.
        """
        parts: dict[str, Tensor] = {}
        for one in self.chosen:
            loss = self._term(one, output, segmentation, mask, coords)
            if loss is not None:
                earlier = parts.get(one.head)
                parts[one.head.value] = one.weight * loss if earlier is None else earlier + one.weight * loss
        return parts

    def _term(
        self, one: ChosenLoss, output: NetworkOutput, segmentation: Tensor, mask: Tensor | None, coords: Tensor | None
    ) -> Tensor | None:
        if one.head is Head.SEGMENTATION:
            return SEGMENTATION_LOSSES[one.name](output.segmentation, segmentation, self.class_weights)
        if output.box_mask is None or output.box_coords is None or mask is None or coords is None:
            return None
        if one.head is Head.BOX_MASK:
            return box_mask_loss(output.box_mask, mask, self.mask_weights, gamma=BOX_MASK_GAMMAS[one.name])
        return box_coords_loss(output.box_coords, coords, mask, BOX_COORDS_LOSSES[one.name])


def picture_losses(chosen: Sequence[ChosenLoss], mask: tuple[Tensor, Tensor], dense: tuple[Tensor, Tensor]) -> dict[str, Tensor]:
    """The weighted losses of a mask and a dense map, which add up to the whole.

    Args:
        chosen: Terms of the heads `mask` and `map`.
        mask: Logits and target, float [B, 1, H, W] each.
        dense: Prediction and target, float [B, 1, H, W] each.
    """
    parts: dict[str, Tensor] = {}
    for one in chosen:
        loss = MASK_LOSSES[one.name](*mask) if one.head is Head.MASK else MAP_LOSSES[one.name](*dense)
        parts[f"{one.head}_{one.name}"] = one.weight * loss
    return parts
