"""A residual U-Net with two decoders, made to tell what was filled in on a form from its blank template.

Its own task reads a picture and its empty background (3 + 3 channels) and gives a mask and a dense map of the same size
(`MaskAndMap`). In docgrid the same network reads the chargrid: the first decoder carries the segmentation, the second the boxes.
"""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from docgrid.networks.layers import (
    ConvBlock,
    GridNetwork,
    LastLayer,
    NetworkOutput,
    check_size,
    initialise,
    one_hot,
)

SIZE_MULTIPLE = 16  # the encoder halves four times
WIDTHS = (32, 64, 128, 256)
MIDDLE_WIDTH = 512


def double_convolution(inputs: int, channels: int) -> nn.Sequential:
    """Twice 3x3 convolution with bias, batch norm, ReLU."""
    return nn.Sequential(
        ConvBlock(nn.Conv2d(inputs, channels, 3, padding=1)), ConvBlock(nn.Conv2d(channels, channels, 3, padding=1))
    )


class ResBlock(nn.Module):
    """ReLU(1x1 skip + double convolution), handed on pooled 2x2 and as it is."""

    def __init__(self, inputs: int, channels: int) -> None:
        super().__init__()
        self.skip = ConvBlock(nn.Conv2d(inputs, channels, 1, bias=False), relu=False)
        self.body = double_convolution(inputs, channels)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """x: [B, I, H, W]; returns [B, C, H/2, W/2] and [B, C, H, W]."""
        whole = F.relu(self.skip(x) + self.body(x))
        return F.max_pool2d(whole, 2), whole


class Decoder(nn.Module):
    """Four times: double the size (bilinear, corners aligned), join the skip, double convolution."""

    def __init__(self, scale: float) -> None:
        super().__init__()
        widths = [MIDDLE_WIDTH, *reversed(WIDTHS)]
        self.blocks = nn.ModuleList(
            double_convolution(scaled(a, scale) + scaled(b, scale), scaled(b, scale)) for a, b in pairwise(widths)
        )

    def forward(self, x: Tensor, skips: list[Tensor]) -> Tensor:
        """x: [B, 512, H/16, W/16], skips from [B, 32, H, W] down; returns [B, 32, H, W]."""
        for block, skip in zip(self.blocks, reversed(skips), strict=True):
            larger = F.interpolate(x, scale_factor=2.0, mode="bilinear", align_corners=True)
            x = block(torch.cat([larger, skip], dim=1))
        return x


def scaled(channels: int, scale: float) -> int:
    """A share of the channels, at least one."""
    return max(round(channels * scale), 1)


class Encoder(nn.Module):
    """Four residual blocks and a middle double convolution."""

    def __init__(self, inputs: int, scale: float) -> None:
        super().__init__()
        widths = [inputs, *(scaled(width, scale) for width in WIDTHS)]
        self.blocks = nn.ModuleList(ResBlock(a, b) for a, b in pairwise(widths))
        self.middle = double_convolution(widths[-1], scaled(MIDDLE_WIDTH, scale))

    def forward(self, x: Tensor) -> tuple[Tensor, list[Tensor]]:
        """x: [B, I, H, W]; returns [B, 512, H/16, W/16] and the four skips from [B, 32, H, W] down."""
        check_size(x.shape[-2], x.shape[-1], SIZE_MULTIPLE)
        skips = []
        for block in self.blocks:
            x, whole = block(x)
            skips.append(whole)
        middle: Tensor = self.middle(x)
        return middle, skips


class MaskAndMap(nn.Module):
    """The network for its own task: a picture over its background to a mask and a dense map, one channel each.

    Args:
        inputs: Channels of the picture and of its background together.
        scale: Of all widths.
    """

    def __init__(self, inputs: int = 6, *, scale: float = 1.0) -> None:
        super().__init__()
        self.encoder = Encoder(inputs, scale)
        self.mask_decoder, self.map_decoder = Decoder(scale), Decoder(scale)
        self.mask_head = nn.Conv2d(scaled(WIDTHS[0], scale), 1, 1)
        self.map_head = nn.Conv2d(scaled(WIDTHS[0], scale), 1, 1)
        initialise(self, [self.map_head], LastLayer.NORMAL)  # a map starts at 0, a mask undecided

    def forward(self, picture: Tensor) -> tuple[Tensor, Tensor]:
        """picture: float [B, 6, H, W], H and W divide by 16; returns mask logits and map, [B, 1, H, W] each."""
        middle, skips = self.encoder(picture)
        return self.mask_head(self.mask_decoder(middle, skips)), self.map_head(self.map_decoder(middle, skips))


class ResUNet(GridNetwork):
    """The same encoder and decoders over a chargrid.

    Args:
        inputs: N, the size of the alphabet.
        classes: K, background included.
        anchors: Na anchors a cell; 0 leaves the second decoder out.
        scale: Of all widths.
        dropout: Share of channels dropped before the last layers while training.
        last_layer: How the weights of the last layers start.
    """

    def __init__(
        self,
        inputs: int,
        classes: int,
        *,
        anchors: int = 4,
        scale: float = 1.0,
        dropout: float = 0.0,
        last_layer: LastLayer | str = LastLayer.NORMAL,
    ) -> None:
        super().__init__()
        self.inputs = inputs
        channels = scaled(WIDTHS[0], scale)
        self.encoder = Encoder(inputs, scale)
        self.segmentation_decoder = Decoder(scale)
        self.dropout = nn.Dropout2d(dropout)
        self.segmentation_head = nn.Conv2d(channels, classes, 1)
        self.has_boxes = anchors > 0
        if self.has_boxes:
            self.box_decoder = Decoder(scale)
            self.mask_head = nn.Conv2d(channels, 2 * anchors, 1)
            self.coords_head = nn.Conv2d(channels, 4 * anchors, 1)
        self.start_heads(classes, LastLayer(last_layer))

    def forward(self, grid: Tensor) -> NetworkOutput:
        """grid: uint8 indices [B, H, W] or one-hot [B, N, H, W]; H and W divide by 16.

        Raises:
            UsageError: They do not; the hint names the padded size.
        """
        middle, skips = self.encoder(one_hot(grid, self.inputs, next(self.segmentation_head.parameters())))
        features = self.dropout(self.segmentation_decoder(middle, skips))  # [B, 32, H, W]
        segmentation = self.segmentation_head(features)
        if not self.has_boxes:
            return NetworkOutput(segmentation, None, None, features)
        box_features = self.dropout(self.box_decoder(middle, skips))
        return NetworkOutput(segmentation, self.mask_head(box_features), self.coords_head(box_features), features)
