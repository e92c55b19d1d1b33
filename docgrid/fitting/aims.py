"""What a training run minimises, from its settings."""

from __future__ import annotations

import numpy as np
import torch

from docgrid.fitting.data import FitData
from docgrid.fitting.settings import FitSettings
from docgrid.losses import (
    PAPER_LOSSES,
    PLAIN_LOSSES,
    WORD_LOSSES,
    ChosenLoss,
    GridLoss,
    Head,
    chosen_losses,
    class_weights,
)
from docgrid.objective import DocumentObjective
from docgrid.samples import GridSettings, draw

_SHARES_PAGES = 200  # pages that class shares are counted on


def check_losses(settings: FitSettings) -> tuple[tuple[ChosenLoss, ...], tuple[ChosenLoss, ...]]:
    """The terms of the grid network and those of the word head; without class weights the defaults are plain, not the paper's.

    Raises:
        UsageError: A loss was asked for that does not exist, or of a head that this run does not train.
    """
    grid = PAPER_LOSSES if settings.class_weights else PLAIN_LOSSES
    default = (*(grid if settings.network else ()), *(WORD_LOSSES if settings.words else ()))
    chosen = chosen_losses(settings.losses, list(dict.fromkeys(one.head for one in default)), default)
    words = tuple(one for one in chosen if one.head in (Head.WORDS, Head.STARTS))
    return tuple(one for one in chosen if one not in words), words


def objective_of(settings: FitSettings, data: FitData, grid: GridSettings) -> DocumentObjective:
    """The losses that were asked for, by default plain ones, which learned better than the paper's where it was measured."""
    grid_terms, words = check_losses(settings)
    if settings.network is None:
        return DocumentObjective(None, words)
    if not settings.class_weights:
        return DocumentObjective(GridLoss(grid_terms), words)
    counts = np.zeros(data.schema.class_count, np.int64)
    for sample in data.pages.spread(_SHARES_PAGES):
        classes = draw(sample, grid).segmentation
        counts += np.bincount(classes[classes >= 0], minlength=len(counts))
    shares = torch.from_numpy(counts / max(counts.sum(), 1)).float()
    return DocumentObjective(GridLoss(grid_terms, class_weights(shares)), words)
