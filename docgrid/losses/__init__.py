"""What training makes small.

Targets of -1 are left out of every loss. All losses are computed in float32, whatever the network computes in.
"""

from __future__ import annotations

from docgrid.losses.cells import (
    FOCAL_GAMMA,
    IGNORED,
    box_coords_loss,
    box_mask_loss,
    class_weights,
    cross_entropy,
    dice_over_classes,
)
from docgrid.losses.choice import (
    CHOICES,
    PAPER_LOSSES,
    PICTURE_LOSSES,
    PLAIN_LOSSES,
    WORD_LOSSES,
    ChosenLoss,
    GridLoss,
    Head,
    chosen_losses,
    picture_losses,
)
from docgrid.losses.pictures import (
    berhu_loss,
    binary_cross_entropy,
    dice_loss,
    gradient_loss,
    huber_loss,
    l1_loss,
    rmse_loss,
    ssim_loss,
)

__all__ = [
    "CHOICES",
    "FOCAL_GAMMA",
    "IGNORED",
    "PAPER_LOSSES",
    "PICTURE_LOSSES",
    "PLAIN_LOSSES",
    "WORD_LOSSES",
    "ChosenLoss",
    "GridLoss",
    "Head",
    "berhu_loss",
    "binary_cross_entropy",
    "box_coords_loss",
    "box_mask_loss",
    "chosen_losses",
    "class_weights",
    "cross_entropy",
    "dice_loss",
    "dice_over_classes",
    "gradient_loss",
    "huber_loss",
    "l1_loss",
    "picture_losses",
    "rmse_loss",
    "ssim_loss",
]
