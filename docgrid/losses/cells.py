"""Losses of the three heads of a grid network: classes of cells, boxes found by anchors, coordinates of boxes.

Shapes: B pages, K classes, Na anchors, H rows, W columns. Targets of -1 are left out of every loss. All losses are computed in
float32, whatever the network computes in.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from docgrid.losses.pictures import PictureLoss, huber_loss

IGNORED = -1
FOCAL_GAMMA = 2.0
_MANY_CLASSES = 16  # from here on a processor is faster on rows of logits than on planes


def class_weights(shares: Tensor) -> Tensor:
    """Aggressive static weights, `w_c = 1 / ln(1.04 + p_c)`: from 1.4 (all cells) to 25.5 (none).

    Args:
        shares: float [K], p_c = share of class c among the cells of the training set.

    Source:
        Paszke et al. 2016, ENet, https://arxiv.org/abs/1606.02147 (the form; the constant 1.04 is the chargrid specification's).
    """
    return 1 / torch.log(1.04 + shares)


def cross_entropy(logits: Tensor, target: Tensor, weights: Tensor | None = None, *, gamma: float = 0.0) -> Tensor:
    """Mean focal cross entropy: `sum_i w_i (1 - p_i)^gamma (-ln p_i) / sum_i w_i`, p_i = softmax probability of the true class.

    Args:
        logits: float [B, K, ...].
        target: int64 [B, ...], classes; -1 = left out. Where everything is left out the loss is 0.
        weights: float [K], w_i = weights[target_i]; None = 1.
        gamma: 0 is the plain cross entropy, 2 the focal one.

    Source:
        Lin et al. 2017, Focal Loss, https://arxiv.org/abs/1708.02002, equation 5 with class weights.
    """
    if logits.shape[1] >= _MANY_CLASSES and logits.device.type == "cpu":
        flat = target.reshape(-1)
        rows = torch.nonzero(flat != IGNORED).squeeze(1)
        logits = logits.movedim(1, -1).reshape(-1, logits.shape[1]).index_select(0, rows)
        target = flat[rows]
    entropy = F.cross_entropy(logits.float(), target, ignore_index=IGNORED, reduction="none")  # 0 where left out
    valid = target != IGNORED
    each = valid.float() if weights is None else weights.float()[target.clamp(min=0)] * valid
    if gamma:
        entropy = entropy * (1 - torch.exp(-entropy)).clamp(min=0) ** gamma
    return (each * entropy).sum() / each.sum().clamp(min=1e-12)


def box_mask_loss(logits: Tensor, target: Tensor, weights: Tensor | None = None, *, gamma: float = FOCAL_GAMMA) -> Tensor:
    """Focal cross entropy between "no box" and "box", for each anchor by itself.

    The logits are viewed as [B, Na, 2, H, W] and the softmax runs over the axis of size 2, never over all 2 * Na.

    Args:
        logits: float [B, 2 * Na, H, W].
        target: int64 [B, Na, H, W]: 1 = finds a box, 0 = none, -1 = left out.
        weights: float [2] for 0 and 1.
        gamma: As in `cross_entropy`.
    """
    pages, anchors, height, width = target.shape
    pairs = logits.reshape(pages, anchors, 2, height, width).transpose(1, 2)  # [B, 2, Na, H, W]
    return cross_entropy(pairs, target, weights, gamma=gamma)


def dice_over_classes(logits: Tensor, target: Tensor) -> Tensor:
    """`1 - mean over classes of (2 sum p t + 1) / (sum p + sum t + 1)`, p = softmax; over the classes that occur in the batch.

    Args:
        logits: float [B, K, ...].
        target: int64 [B, ...], classes; -1 = left out. Where everything is left out the loss is 0.

    Source:
        Milletari et al. 2016, V-Net, https://arxiv.org/abs/1606.04797, one class against the rest.
    """
    valid = (target != IGNORED).reshape(-1)
    probability = logits.float().softmax(1).movedim(1, -1).reshape(-1, logits.shape[1])[valid]
    true = F.one_hot(target.reshape(-1)[valid], logits.shape[1]).float()
    score = (2 * (probability * true).sum(0) + 1) / (probability.sum(0) + true.sum(0) + 1)
    occurs = true.any(dim=0)
    return ((1 - score) * occurs).sum() / occurs.sum().clamp(min=1)


def box_coords_loss(coords: Tensor, target: Tensor, mask: Tensor, distance: PictureLoss = huber_loss) -> Tensor:
    """A distance over the positive anchors, summed over their four coordinates and divided by their number.

    With Huber this is `sum h(coords - target) / P`, `h(d) = d^2 / 2` where |d| <= 1, else `|d| - 1/2`. Without a positive
    anchor it is 0.

    Args:
        coords: float [B, 4 * Na, H, W], viewed as [B, Na, 4, H, W].
        target: float32 of the same shape.
        mask: int64 [B, Na, H, W]; 1 = positive.
        distance: A mean over float [P, 4] twice.
    """
    positive = torch.nonzero((mask == 1).permute(0, 2, 3, 1).reshape(-1)).squeeze(1)  # rows of [B * H * W * Na, 4]
    predicted = coords.permute(0, 2, 3, 1).reshape(-1, 4).index_select(0, positive)
    wanted = target.permute(0, 2, 3, 1).reshape(-1, 4).index_select(0, positive)
    return 4 * distance(predicted, wanted) if len(positive) else predicted.float().sum()
