"""The chargrid network: one encoder, a decoder for the segmentation and one for the boxes of line items.

Source:
    Katti et al. 2018, Chargrid: Towards Understanding 2D Documents, https://arxiv.org/abs/1809.08799.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from docgrid.networks.layers import (
    ConvBlock,
    GridConvolution,
    GridNetwork,
    LastLayer,
    NetworkOutput,
    check_size,
    convolution,
    doubling,
)

SIZE_MULTIPLE = 8  # the encoder halves three times


class Encoder(nn.Module):
    """Five blocks; the receptive field grows to 11, 31, 103, 295 and 679 cells, so the last one sees the whole page."""

    def __init__(self, inputs: int, width: int, dropout: float) -> None:
        super().__init__()
        c = width
        self.block1 = nn.Sequential(
            ConvBlock(GridConvolution(inputs, c, stride=2)), convolution(c, c), convolution(c, c), nn.Dropout2d(dropout)
        )
        self.block2 = _encoder_block(c, 2 * c, dropout, stride=2)
        self.block3 = _encoder_block(2 * c, 4 * c, dropout, stride=2, dilation=2)
        self.block4 = _encoder_block(4 * c, 8 * c, dropout, dilation=4)
        self.block5 = _encoder_block(8 * c, 8 * c, dropout, dilation=8)

    def forward(self, grid: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """The laterals and the end: [B, C, H/2, W/2], [B, 2C, H/4, W/4], [B, 4C, H/8, W/8], [B, 8C, H/8, W/8]."""
        first = self.block1(grid)
        second = self.block2(first)
        third = self.block3(second)
        return first, second, third, self.block5(self.block4(third))


def _encoder_block(inputs: int, channels: int, dropout: float, *, stride: int = 1, dilation: int = 1) -> nn.Sequential:
    """Three convolutions; one with a stride is not dilated."""
    return nn.Sequential(
        convolution(inputs, channels, stride=stride, dilation=1 if stride > 1 else dilation),
        convolution(channels, channels, dilation=dilation),
        convolution(channels, channels, dilation=dilation),
        nn.Dropout2d(dropout),
    )


class Decoder(nn.Module):
    """Three blocks that each join a lateral and double the size."""

    def __init__(self, width: int, dropout: float) -> None:
        super().__init__()
        c = width
        self.block1 = _decoder_block(12 * c, 4 * c, dropout)
        self.block2 = _decoder_block(6 * c, 2 * c, dropout)
        self.block3 = nn.Sequential(convolution(3 * c, c, kernel=1), doubling(c, c))

    def forward(self, first: Tensor, second: Tensor, third: Tensor, last: Tensor) -> Tensor:
        """The four outputs of the encoder to [B, C, H, W]."""
        x = self.block1(torch.cat([last, third], dim=1))  # [B, 4C, H/4, W/4]
        x = self.block2(torch.cat([x, second], dim=1))  # [B, 2C, H/2, W/2]
        result: Tensor = self.block3(torch.cat([x, first], dim=1))
        return result


def _decoder_block(inputs: int, channels: int, dropout: float) -> nn.Sequential:
    return nn.Sequential(
        convolution(inputs, channels, kernel=1),
        doubling(channels, channels),
        convolution(channels, channels),
        convolution(channels, channels),
        nn.Dropout2d(dropout),
    )


def head(channels: int, outputs: int) -> nn.Sequential:
    """Two convolutions and a last one, linear and with a bias, to the logits."""
    return nn.Sequential(
        convolution(channels, channels), convolution(channels, channels), nn.Conv2d(channels, outputs, 3, padding=1)
    )


class Chargrid(GridNetwork):
    """Encoder with two decoders: segmentation, and box mask plus box coordinates (left out when there are no anchors).

    Args:
        inputs: N, the size of the alphabet.
        classes: K, background included.
        width: C, channels of the first block; 64 in the paper.
        anchors: Na anchors a cell; 0 builds the segmentation branch alone.
        dropout: Share of channels dropped at the end of a block while training.
        last_layer: How the weights of the three last layers start.
    """

    def __init__(
        self,
        inputs: int,
        classes: int,
        *,
        width: int = 64,
        anchors: int = 4,
        dropout: float = 0.1,
        last_layer: LastLayer | str = LastLayer.NORMAL,
    ) -> None:
        super().__init__()
        self.encoder = Encoder(inputs, width, dropout)
        self.segmentation_decoder = Decoder(width, dropout)
        self.segmentation_head = head(width, classes)
        self.has_boxes = anchors > 0
        if self.has_boxes:
            self.box_decoder = Decoder(width, dropout)
            self.mask_head = head(width, 2 * anchors)
            self.coords_head = head(width, 4 * anchors)
        self.start_heads(classes, LastLayer(last_layer))

    def forward(self, grid: Tensor) -> NetworkOutput:
        """grid: uint8 indices [B, H, W] or one-hot [B, N, H, W]; H and W divide by 8.

        Raises:
            UsageError: They do not; the hint names the padded size.
        """
        check_size(grid.shape[-2], grid.shape[-1], SIZE_MULTIPLE)
        laterals = self.encoder(grid)
        features = self.segmentation_decoder(*laterals)  # [B, C, H, W]
        segmentation = self.segmentation_head(features)
        if not self.has_boxes:
            return NetworkOutput(segmentation, None, None, features)
        box_features = self.box_decoder(*laterals)
        return NetworkOutput(segmentation, self.mask_head(box_features), self.coords_head(box_features), features)
