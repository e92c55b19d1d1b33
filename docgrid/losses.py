"""What training makes small.

Shapes: B pages, K classes, Na anchors, H rows, W columns. Targets of -1 are left out of every loss. All losses are computed in
float32, whatever the network computes in.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from docgrid.networks.layers import NetworkOutput

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


def box_coords_loss(coords: Tensor, target: Tensor, mask: Tensor) -> Tensor:
    """Huber loss on positive anchors, divided by their number: `sum h(coords - target) / P`.

    `h(d) = d^2 / 2` where |d| <= 1, else `|d| - 1/2`, summed over the four coordinates. 0 where nothing is positive.

    Args:
        coords: float [B, 4 * Na, H, W], viewed as [B, Na, 4, H, W].
        target: float32 of the same shape.
        mask: int64 [B, Na, H, W]; 1 = positive.
    """
    positive = torch.nonzero((mask == 1).permute(0, 2, 3, 1).reshape(-1)).squeeze(1)  # rows of [B * H * W * Na, 4]
    predicted = coords.permute(0, 2, 3, 1).reshape(-1, 4).index_select(0, positive)
    wanted = target.permute(0, 2, 3, 1).reshape(-1, 4).index_select(0, positive)
    return F.huber_loss(predicted.float(), wanted.float(), reduction="sum") / max(len(positive), 1)


class LossParts(NamedTuple):
    """A loss and what it is made of, each a scalar; parts that a network or a page has not are 0."""

    total: Tensor
    segmentation: Tensor
    box_mask: Tensor
    box_coords: Tensor


class ChargridLoss(nn.Module):
    """Segmentation + box mask + box coordinates, weighted 1 : 1 : 1 unless said otherwise.

    Args:
        segmentation_weights: float [K] (see `class_weights`); None = every class counts the same.
        mask_weights: float [2] for "no box" and "box".
        gamma: Of both cross entropies; 0 = plain.
        parts: Factors of the three parts.

    Source:
        Katti et al. 2018, Chargrid, https://arxiv.org/abs/1809.08799, section 3.3.
    """

    segmentation_weights: Tensor | None
    mask_weights: Tensor | None

    def __init__(
        self,
        segmentation_weights: Tensor | None = None,
        mask_weights: Tensor | None = None,
        *,
        gamma: float = FOCAL_GAMMA,
        parts: tuple[float, float, float] = (1.0, 1.0, 1.0),
    ) -> None:
        super().__init__()
        self.register_buffer("segmentation_weights", segmentation_weights)
        self.register_buffer("mask_weights", mask_weights)
        self.gamma = gamma
        self.parts = parts

    def forward(
        self, output: NetworkOutput, segmentation: Tensor, mask: Tensor | None = None, coords: Tensor | None = None
    ) -> LossParts:
        """The loss of a batch.

        Args:
            output: Of the network.
            segmentation: int64 [B, H, W].
            mask: int64 [B, Na, H, W]; without it the boxes are left out.
            coords: float32 [B, 4 * Na, H, W], with `mask`.
        """
        first = cross_entropy(output.segmentation, segmentation, self.segmentation_weights, gamma=self.gamma)
        second = third = first.new_zeros(())
        if output.box_mask is not None and output.box_coords is not None and mask is not None and coords is not None:
            second = box_mask_loss(output.box_mask, mask, self.mask_weights, gamma=self.gamma)
            third = box_coords_loss(output.box_coords, coords, mask)
        total = self.parts[0] * first + self.parts[1] * second + self.parts[2] * third
        return LossParts(total, first, second, third)


# --- losses between pictures: masks and dense maps (the task of `networks.resunet.MaskAndMap`) ------------------------------
#
# All take float [B, C, H, W] twice and give a scalar.


def binary_cross_entropy(logits: Tensor, target: Tensor) -> Tensor:
    """`mean(ln(1 + e^z) - t z)` = `mean(-t ln p - (1 - t) ln(1 - p))` with p = sigmoid(z)."""
    return F.binary_cross_entropy_with_logits(logits.float(), target.float())


def dice_loss(logits: Tensor, target: Tensor) -> Tensor:
    """`1 - mean over pages of (2 sum p t + 1) / (sum p + sum t + 1)` with p = sigmoid(z).

    Source:
        Milletari et al. 2016, V-Net, https://arxiv.org/abs/1606.04797; the 1 keeps an empty page defined.
    """
    probability, target = logits.float().sigmoid().flatten(1), target.float().flatten(1)
    shared = 2 * (probability * target).sum(1) + 1
    return 1 - (shared / (probability.sum(1) + target.sum(1) + 1)).mean()


def l1_loss(predicted: Tensor, target: Tensor) -> Tensor:
    """`mean |d|`, d = predicted - target."""
    return F.l1_loss(predicted.float(), target.float())


def rmse_loss(predicted: Tensor, target: Tensor) -> Tensor:
    """`sqrt(mean d^2 + 1e-12)`; the small number keeps the gradient finite at 0."""
    return (F.mse_loss(predicted.float(), target.float()) + 1e-12).sqrt()


def huber_loss(predicted: Tensor, target: Tensor) -> Tensor:
    """`mean h(d)`, h(d) = d^2 / 2 where |d| <= 1, else |d| - 1/2."""
    return F.huber_loss(predicted.float(), target.float())


def berhu_loss(predicted: Tensor, target: Tensor, *, share: float = 0.2) -> Tensor:
    """The reverse of Huber: `mean b(d)`, b(d) = |d| where |d| <= c, else `(d^2 + c^2) / 2c`; c = share of the largest |d|.

    Source:
        Laina et al. 2016, Deeper Depth Prediction, https://arxiv.org/abs/1606.00373, equation 2.
    """
    distance = (predicted.float() - target.float()).abs()
    limit = (share * distance.detach().max()).clamp(min=1e-12)
    return torch.where(distance <= limit, distance, (distance.square() + limit.square()) / (2 * limit)).mean()


def gradient_loss(predicted: Tensor, target: Tensor) -> Tensor:
    """`mean |dx d| + mean |dy d|`: differences of d between neighbours along a row and along a column."""
    difference = predicted.float() - target.float()
    return difference.diff(dim=3).abs().mean() + difference.diff(dim=2).abs().mean()


def ssim_loss(predicted: Tensor, target: Tensor, *, window: int = 7, peak: float = 1.0) -> Tensor:
    """`(1 - mean SSIM) / 2`, from 0 (equal) to 1.

    `SSIM = (2 m_x m_y + c1)(2 s_xy + c2) / ((m_x^2 + m_y^2 + c1)(s_x^2 + s_y^2 + c2))` with means, variances and covariance
    over every window wholly inside, c1 = (0.01 peak)^2, c2 = (0.03 peak)^2.

    Args:
        predicted: float [B, C, H, W].
        target: float [B, C, H, W].
        window: Side of the (flat) window.
        peak: Range of the values.

    Source:
        Wang et al. 2004, Image Quality Assessment, https://doi.org/10.1109/TIP.2003.819861, equation 13.
    """
    x, y = predicted.float(), target.float()

    def mean(values: Tensor) -> Tensor:
        return F.avg_pool2d(values, window, stride=1)

    mean_x, mean_y = mean(x), mean(y)
    variance = mean(x * x) - mean_x.square() + mean(y * y) - mean_y.square()
    covariance = mean(x * y) - mean_x * mean_y
    c1, c2 = (0.01 * peak) ** 2, (0.03 * peak) ** 2
    likeness = (2 * mean_x * mean_y + c1) / (mean_x.square() + mean_y.square() + c1)
    return (1 - (likeness * (2 * covariance + c2) / (variance + c2)).mean()) / 2
