"""What training minimises: the losses of the grid network and of the word head, each part logged by its name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from docgrid.losses import WORD_LOSSES, ChosenLoss, GridLoss, Head
from docgrid.networks.words import DocumentOutput, PageBatch
from docgrid.samples import PageTargets


def word_losses(
    output: DocumentOutput, targets: PageTargets, batch: PageBatch, chosen: Sequence[ChosenLoss] = WORD_LOSSES
) -> dict[str, Tensor]:
    """Binary cross entropy of fields and of line-item starts, summed and divided by the number of true ones.

    Dividing by the true ones instead of by all words keeps a dense page from drowning a sparse one; ten more in the
    denominator keep a batch without any from exploding. Words and fields that the dataset did not judge do not count.
    """
    if output.words is None or output.item_starts is None:
        return {}
    each = {
        Head.WORDS: (output.words, targets.words, targets.words_known & batch.is_word.unsqueeze(2)),
        Head.STARTS: (output.item_starts, targets.starts, targets.starts_known & batch.is_word),
    }
    return {one.head.value: one.weight * _per_true(*each[one.head]) for one in chosen}


def _per_true(logits: Tensor, truth: Tensor, judged: Tensor) -> Tensor:
    """Mean over the M word heads, each judged by itself: `logits` [M, ...], `truth` and `judged` [...]."""
    each = functional.binary_cross_entropy_with_logits(logits.float(), truth.expand_as(logits), reduction="none")
    return (each * judged).sum() / len(logits) / ((truth * judged).sum() + 10)


@dataclass(frozen=True)
class DocumentObjective:
    """Calls the network and hands out the weighted losses of its heads, which add up to the whole."""

    grid_loss: GridLoss | None
    words: Sequence[ChosenLoss] = WORD_LOSSES

    def __call__(self, network: nn.Module, batch: tuple[PageBatch, PageTargets]) -> dict[str, Tensor]:
        """Parts of the loss of one batch."""
        inputs, targets = batch
        output: DocumentOutput = network(inputs)
        losses: dict[str, Tensor] = {}
        with torch.autocast(inputs.grid.device.type, enabled=False):
            if output.grid is not None and self.grid_loss is not None:
                losses |= self.grid_loss(output.grid, targets.segmentation, targets.box_mask, targets.box_coords)
            losses |= word_losses(output, targets, inputs, self.words)
        return losses
