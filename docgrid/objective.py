"""What training minimises: the losses of the grid network and of the word head, each part logged by its name."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from docgrid.losses import ChargridLoss
from docgrid.networks.words import DocumentOutput, PageBatch
from docgrid.samples import PageTargets


@dataclass(frozen=True)
class WordLossWeights:
    """How much the word head's parts count beside the grid's."""

    words: float = 1.0
    starts: float = 0.3


def word_losses(output: DocumentOutput, targets: PageTargets, batch: PageBatch, weights: WordLossWeights) -> dict[str, Tensor]:
    """Binary cross entropy of fields and of line-item starts, summed and divided by the number of true ones.

    Dividing by the true ones instead of by all words keeps a dense page from drowning a sparse one; ten more in the
    denominator keep a batch without any from exploding. Words and fields that the dataset did not judge do not count.
    """
    if output.words is None or output.item_starts is None:
        return {}
    judged = targets.words_known & batch.is_word.unsqueeze(2)
    losses = {"words": weights.words * _per_true(output.words, targets.words, judged)}
    judged_starts = targets.starts_known & batch.is_word
    losses["starts"] = weights.starts * _per_true(output.item_starts, targets.starts, judged_starts)
    return losses


def _per_true(logits: Tensor, truth: Tensor, judged: Tensor) -> Tensor:
    each = functional.binary_cross_entropy_with_logits(logits.float(), truth, reduction="none")
    return (each * judged).sum() / ((truth * judged).sum() + 10)


@dataclass(frozen=True)
class DocumentObjective:
    """Calls the network and adds up grid and word losses."""

    grid_loss: ChargridLoss | None
    weights: WordLossWeights = WordLossWeights()

    def __call__(self, network: nn.Module, batch: tuple[PageBatch, PageTargets]) -> dict[str, Tensor]:
        """Parts of the loss of one batch."""
        inputs, targets = batch
        output: DocumentOutput = network(inputs)
        losses: dict[str, Tensor] = {}
        with torch.autocast(inputs.grid.device.type, enabled=False):
            if output.grid is not None and self.grid_loss is not None:
                parts = self.grid_loss(output.grid, targets.segmentation, targets.box_mask, targets.box_coords)
                factors = self.grid_loss.parts
                losses["segmentation"] = factors[0] * parts.segmentation
                if targets.box_mask is not None:
                    losses["box_mask"] = factors[1] * parts.box_mask
                    losses["box_coords"] = factors[2] * parts.box_coords
            losses |= word_losses(output, targets, inputs, self.weights)
        return losses
