"""Losses between pictures: masks and dense maps (the task of `networks.resunet.MaskAndMap`).

All take float [B, C, H, W] twice, compute in float32 and give a scalar.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional as F

PictureLoss = Callable[[Tensor, Tensor], Tensor]


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
