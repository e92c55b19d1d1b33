"""Building blocks that the networks share, and the form in which a trained network predicts fastest.

Shapes: B pages, N inputs (alphabet size), K classes, Na anchors a cell, C channels, H rows, W columns.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from enum import StrEnum
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable
from torch.nn import functional as F
from torch.nn.utils import convert_conv2d_weight_memory_format
from torch.nn.utils.fusion import fuse_conv_bn_weights

from docgrid.errors import UsageError


class NetworkOutput(NamedTuple):
    """What every network gives: logits at the resolution of its input; softmax only when predicting."""

    segmentation: Tensor  # [B, K, H, W]
    box_mask: Tensor | None  # [B, 2 * Na, H, W], viewed as [B, Na, 2, H, W]; None for a network without box decoder
    box_coords: Tensor | None  # [B, 4 * Na, H, W], viewed as [B, Na, 4, H, W]
    features: Tensor  # [B, C, H, W], what the segmentation head reads


class LastLayer(StrEnum):
    """How the weights of the last layers start (biases start at 0)."""

    NORMAL = "normal"  # normal(0, 1e-3)
    CONSTANT = "constant"  # 1e-3, as in the paper: no gradient reaches the backbone through the softmax in the first step


LAST_LAYER_SCALE = 1e-3
_LEAST_SHARE = 1e-4  # of a class that hardly occurs, so that its logit does not start out of reach


class _SumOfRows(torch.autograd.Function):
    """`table[bags].sum(1)`, with a gradient that sorts the indices instead of adding row by row (5x faster on a processor)."""

    @staticmethod
    def forward(ctx: Any, bags: Tensor, table: Tensor) -> Tensor:
        """bags: int32 [M, 9], rows of the table; table: [R, C]. Returns [M, C]."""
        ctx.save_for_backward(bags)
        ctx.rows = table.shape[0]
        return F.embedding_bag(bags, table, mode="sum")

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[None, Tensor]:
        """gradient: [M, C]. A row's gradient is the sum over the bags that hold it: again a sum of rows."""
        (bags,) = ctx.saved_tensors
        row, position = torch.sort(bags.reshape(-1))
        counts = torch.bincount(row, minlength=ctx.rows)
        offsets = F.pad(counts.cumsum(0), (1, 0))
        cell = torch.div(position, bags.shape[1], rounding_mode="floor")
        summed = F.embedding_bag(cell, gradient.contiguous(), offsets, mode="sum", include_last_offset=True)
        return None, summed


class GridConvolution(nn.Conv2d):
    """A 3x3 convolution without bias that reads one-hot grids `[B, N, H, W]` or, equal and faster, index grids `[B, H, W]`.

    Over a one-hot grid a convolution adds one row of a table per tap: `table[tap, index]` is `weight[:, index, tap]`. Cells
    outside the grid read an extra row of zeros.
    """

    def __init__(self, inputs: int, channels: int, *, stride: int = 1) -> None:
        super().__init__(inputs, channels, kernel_size=3, stride=stride, padding=1, bias=False)

    def forward(self, grid: Tensor) -> Tensor:
        """grid: uint8 or int [B, H, W] of indices, or float [B, N, H, W]. Returns [B, C, H / stride, W / stride].

        Raises:
            UsageError: An index lies outside the alphabet (checked where the grid lies in main memory).
        """
        if grid.dim() == 4:
            return super().forward(grid.to(self.weight.dtype))
        check_indices(grid, self.in_channels)
        return self._sum_rows(grid, self._table())

    def _table(self) -> Tensor:
        """[9 * (N + 1), C]: for each tap a row per index, then zeros."""
        rows = self.weight.permute(2, 3, 1, 0).reshape(9, self.in_channels, self.out_channels)
        return F.pad(rows, (0, 0, 0, 1)).reshape(9 * (self.in_channels + 1), self.out_channels)

    def _sum_rows(self, grid: Tensor, table: Tensor) -> Tensor:
        stride = self.stride[0]
        padded = F.pad(grid.int(), (1, 1, 1, 1), value=self.in_channels)
        windows = padded.unfold(1, 3, stride).unfold(2, 3, stride)  # [B, H', W', 3, 3], a view
        pages, height, width = windows.shape[:3]
        offsets = torch.arange(9, dtype=torch.int32, device=grid.device) * (self.in_channels + 1)
        bags = windows.reshape(-1, 9) + offsets
        summed: Tensor = _SumOfRows.apply(bags, table)  # type: ignore[no-untyped-call]  # torch types no apply; [B * H' * W', C]
        if self.bias is not None:
            summed = summed + self.bias
        if torch.is_autocast_enabled(grid.device.type):
            summed = summed.to(torch.get_autocast_dtype(grid.device.type))
        # Rows are cells: this view is a channels-last picture already.
        return summed.view(pages, height, width, self.out_channels).permute(0, 3, 1, 2)


class StridedMix(nn.Conv2d):
    """A 1x1 convolution with a stride: takes every stride-th cell, then mixes its channels.

    The numbers are those of the strided convolution. That one itself is avoided: on processors its backward pass writes past
    its memory for few channels that come channels last (torch 2.13, oneDNN: 8 channels, stride 2), and the process dies.
    """

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__(inputs, outputs, 1, stride=stride, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """x: [B, I, H, W]; returns [B, O, ceil(H / stride), ceil(W / stride)]."""
        return F.conv2d(x[:, :, :: self.stride[0], :: self.stride[1]], self.weight, self.bias)


class ConvBlock(nn.Module):
    """Convolution, batch norm, ReLU (unless `relu` is off)."""

    def __init__(self, convolution: nn.Conv2d | nn.ConvTranspose2d, *, relu: bool = True) -> None:
        super().__init__()
        self.convolution = convolution
        self.norm: nn.Module = nn.BatchNorm2d(convolution.out_channels)
        self.relu = relu

    def forward(self, x: Tensor) -> Tensor:
        """x: [B, C, H, W], or what the convolution reads."""
        normed: Tensor = self.norm(self.convolution(x))
        return F.relu(normed, inplace=True) if self.relu else normed


def one_hot(grid: Tensor, inputs: int, like: Tensor) -> Tensor:
    """The picture that a network reads: an index grid as one channel per index, a picture as it is.

    Args:
        grid: uint8 or int [B, H, W] of indices below `inputs`, or float [B, inputs, H, W], handed back as it is.
        inputs: N.
        like: A weight of the network, whose type the result takes (or that of autocast, where it is on).

    Returns:
        float [B, inputs, H, W], channels last where it was made here.

    Raises:
        UsageError: An index lies outside the alphabet (checked where the grid lies in main memory).
    """
    if grid.dim() == 4:
        return grid.to(like.dtype)
    check_indices(grid, inputs)
    device = grid.device.type
    dtype = torch.get_autocast_dtype(device) if torch.is_autocast_enabled(device) else like.dtype
    rows = torch.eye(inputs, dtype=dtype, device=grid.device)
    return F.embedding(grid.int(), rows).permute(0, 3, 1, 2)


def check_indices(grid: Tensor, inputs: int) -> None:
    """Refuse an index grid that was drawn with a larger alphabet; on an accelerator looking would make it wait.

    Raises:
        UsageError: An index is not below `inputs`.
    """
    if grid.device.type == "cpu" and grid.numel() and int(grid.max()) >= inputs:
        raise UsageError(
            f"the grid holds index {int(grid.max())}, the network knows {inputs}",
            hint="Draw the grid with the alphabet of the model.",
        )


def convolution(inputs: int, channels: int, *, kernel: int = 3, stride: int = 1, dilation: int = 1) -> ConvBlock:
    """A ConvBlock that keeps the size (or divides it by the stride)."""
    padding = dilation * (kernel // 2)
    return ConvBlock(nn.Conv2d(inputs, channels, kernel, stride=stride, padding=padding, dilation=dilation, bias=False))


def doubling(inputs: int, channels: int) -> ConvBlock:
    """A ConvBlock that exactly doubles height and width: transposed 3x3, stride 2."""
    return ConvBlock(nn.ConvTranspose2d(inputs, channels, 3, stride=2, padding=1, output_padding=1, bias=False))


def check_size(height: int, width: int, multiple: int) -> None:
    """Refuse a grid that the network cannot halve evenly.

    Raises:
        UsageError: A side does not divide by `multiple`; the hint names the padded size.
    """
    if height % multiple or width % multiple:
        padded = f"{-(-height // multiple) * multiple}x{-(-width // multiple) * multiple}"
        raise UsageError(f"a grid of {height}x{width} cells does not divide by {multiple}", hint=f"Pad the grid to {padded}.")


def initialise(network: nn.Module, last_layers: Sequence[nn.Module], how: LastLayer) -> None:
    """He et al. 2015 for every convolution, then the last layers small.

    Source:
        He et al. 2015, Delving Deep into Rectifiers, https://arxiv.org/abs/1502.01852 (fan in, gain of ReLU).
    """
    for module in network.modules():
        if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
            _he(module)
    for layer in last_layers:
        assert isinstance(layer, nn.Conv2d)
        if how is LastLayer.CONSTANT:
            nn.init.constant_(layer.weight, LAST_LAYER_SCALE)
        else:
            nn.init.normal_(layer.weight, std=LAST_LAYER_SCALE)


def _he(module: nn.Conv2d | nn.ConvTranspose2d) -> None:
    # A transposed weight is [inputs, outputs, k, k]; with stride s each output cell sees inputs * k * k / s^2 products.
    taps = module.kernel_size[0] * module.kernel_size[1]
    fan_in = module.in_channels // module.groups * taps
    if isinstance(module, nn.ConvTranspose2d):
        fan_in //= module.stride[0] * module.stride[1]
    nn.init.normal_(module.weight, std=(2 / max(fan_in, 1)) ** 0.5)
    if module.bias is not None:
        nn.init.zeros_(module.bias)


def set_prior(last_layer: nn.Module, shares: Tensor) -> None:
    """Start a last layer at the shares of its classes: bias = ln p, repeated where several softmaxes share the layer.

    Without it, in the first steps every feature learns to say "background", and rare classes end in features that are 0 for
    all of them (dead under the ReLU): one page that takes 25 steps to learn takes more than 300.

    Args:
        last_layer: A convolution with bias.
        shares: float [K], adding up to 1; the channels of the layer are a multiple of K.

    Source:
        Lin et al. 2017, Focal Loss, https://arxiv.org/abs/1708.02002, section 3.3 (the idea, for two classes).
    """
    assert isinstance(last_layer, nn.Conv2d) and last_layer.bias is not None
    logarithms = shares.float().clamp(min=_LEAST_SHARE).log().to(last_layer.bias.device)
    with torch.no_grad():
        last_layer.bias.copy_(logarithms.repeat(last_layer.out_channels // len(shares)))


def usual_shares(classes: int) -> Tensor:
    """Shares of the classes on an ordinary page, for a network that was told none: nine tenths background. float [K]."""
    return torch.tensor([0.9] + [0.1 / (classes - 1)] * (classes - 1)) if classes > 1 else torch.ones(1)


def prepare_for_inference(network: nn.Module, dtype: torch.dtype | None = None) -> nn.Module:
    """A copy that predicts the same, faster: batch norm folded into the convolutions, channels last, no dropout.

    Args:
        network: Left as it is.
        dtype: Of the weights; None takes bfloat16 where the processor computes in it, else float32.
    """
    prepared = copy.deepcopy(network).eval()
    for parent in list(prepared.modules()):
        if isinstance(parent, ConvBlock) and isinstance(parent.norm, nn.BatchNorm2d):
            _fold(parent.convolution, parent.norm)
            parent.norm = nn.Identity()
    prepared.requires_grad_(False)
    return convert_conv2d_weight_memory_format(prepared.to(dtype or fastest_dtype()), torch.channels_last)


def _fold(convolution: nn.Conv2d | nn.ConvTranspose2d, norm: nn.BatchNorm2d) -> None:
    assert norm.running_mean is not None and norm.running_var is not None
    convolution.weight, convolution.bias = fuse_conv_bn_weights(
        convolution.weight,
        convolution.bias,
        norm.running_mean,
        norm.running_var,
        norm.eps,
        norm.weight,
        norm.bias,
        transpose=isinstance(convolution, nn.ConvTranspose2d),
    )


def fastest_dtype() -> torch.dtype:
    """bfloat16 where this processor multiplies in it, else float32."""
    return torch.bfloat16 if torch.ops.mkldnn._is_mkldnn_bf16_supported() else torch.float32


class GridNetwork(nn.Module):
    """What the four networks share: heads for segmentation and, with anchors, for boxes, and how their logits start.

    A head is a convolution or a sequence that ends in one.
    """

    segmentation_head: nn.Conv2d | nn.Sequential
    mask_head: nn.Conv2d | nn.Sequential  # this and the next only where `has_boxes`
    coords_head: nn.Conv2d | nn.Sequential
    has_boxes: bool

    def start_heads(self, classes: int, last_layer: LastLayer) -> None:
        """Initialise every convolution, the last ones small (see `initialise`), and set the usual priors."""
        heads = [self.segmentation_head, *((self.mask_head, self.coords_head) if self.has_boxes else ())]
        initialise(self, [_last_of(head) for head in heads], last_layer)
        self.set_priors(usual_shares(classes))

    def set_priors(self, class_shares: Tensor, box_share: float = 0.01) -> None:
        """Start the logits at what is known before looking (see `set_prior`); a fresh network has `usual_shares` and 0.01.

        Args:
            class_shares: float [K], the share of each class among the cells of the training set.
            box_share: The share of positive anchors.
        """
        set_prior(_last_of(self.segmentation_head), class_shares)
        if self.has_boxes:
            set_prior(_last_of(self.mask_head), torch.tensor([1 - box_share, box_share]))


def _last_of(head: nn.Conv2d | nn.Sequential) -> nn.Conv2d:
    last = head[-1] if isinstance(head, nn.Sequential) else head
    assert isinstance(last, nn.Conv2d)
    return last
