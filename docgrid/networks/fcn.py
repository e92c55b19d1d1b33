"""A small fully convolutional network with separable convolutions, from a student segmentation project.

The published code contradicts its text: as described the middle is a 1x1 convolution with 256 filters, as coded 3x3 with 512.
Both are settings. Its hyperparameters were: learning rate 0.001, batch 64, 50 epochs of 65 steps.
"""

from __future__ import annotations

from enum import StrEnum

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from docgrid.networks.layers import (
    GridNetwork,
    LastLayer,
    NetworkOutput,
    check_size,
    one_hot,
)

SIZE_MULTIPLE = 4  # the encoder halves twice


class Upsampling(StrEnum):
    """How a decoder block doubles the size; the project's text names both."""

    BILINEAR = "bilinear"
    TRANSPOSED = "transposed"


class ReluNorm(nn.Module):
    """ReLU, then batch norm: the order of this network."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm = nn.BatchNorm2d(channels)

    def forward(self, x: Tensor) -> Tensor:
        """x: [B, C, H, W]."""
        result: Tensor = self.norm(F.relu(x))
        return result


def separable(inputs: int, channels: int, *, stride: int = 1) -> nn.Sequential:
    """Depthwise 3x3 without bias, pointwise with bias, ReLU, batch norm."""
    return nn.Sequential(
        nn.Conv2d(inputs, inputs, 3, stride=stride, padding=1, groups=inputs, bias=False),
        nn.Conv2d(inputs, channels, 1),
        ReluNorm(channels),
    )


class DecoderBlock(nn.Module):
    """Double the size, join the skip, two separable convolutions."""

    def __init__(self, inputs: int, skip: int, channels: int, upsampling: Upsampling) -> None:
        super().__init__()
        self.enlarge: nn.Module = (
            nn.Upsample(scale_factor=2, mode="bilinear", align_corners=False)
            if upsampling is Upsampling.BILINEAR
            else nn.ConvTranspose2d(inputs, inputs, 3, stride=2, padding=1, output_padding=1)
        )
        self.convolutions = nn.Sequential(separable(inputs + skip, channels), separable(channels, channels))

    def forward(self, x: Tensor, skip: Tensor) -> Tensor:
        """x: [B, C, H, W], skip: [B, S, 2H, 2W]."""
        joined = torch.cat([self.enlarge(x), skip], dim=1)
        result: Tensor = self.convolutions(joined)
        return result


class FCN(GridNetwork):
    """Two halvings, a middle convolution, two doublings; the last skip is the input itself.

    Args:
        inputs: N, the size of the alphabet.
        classes: K, background included.
        anchors: Na anchors a cell; their two heads (not part of the project) read what the last layer reads. 0 leaves them out.
        middle_kernel: Of the middle convolution, 1 as described or 3 as coded.
        middle_channels: Its filters, 256 as described or 512 as coded.
        upsampling: How a decoder block doubles the size.
        dropout: Share of channels dropped before the last layers while training.
        last_layer: How the weights of the last layers start.
    """

    def __init__(
        self,
        inputs: int,
        classes: int,
        *,
        anchors: int = 4,
        middle_kernel: int = 1,
        middle_channels: int = 256,
        upsampling: Upsampling | str = Upsampling.BILINEAR,
        dropout: float = 0.0,
        last_layer: LastLayer | str = LastLayer.NORMAL,
    ) -> None:
        super().__init__()
        self.inputs = inputs
        self.encoder1 = separable(inputs, 64, stride=2)
        self.encoder2 = separable(64, 128, stride=2)
        self.middle = nn.Sequential(
            nn.Conv2d(128, middle_channels, middle_kernel, padding=middle_kernel // 2), ReluNorm(middle_channels)
        )
        self.decoder1 = DecoderBlock(middle_channels, 64, 128, Upsampling(upsampling))
        self.decoder2 = DecoderBlock(128, inputs, 64, Upsampling(upsampling))
        self.dropout = nn.Dropout2d(dropout)
        self.segmentation_head = nn.Conv2d(64, classes, 3, padding=1)
        self.has_boxes = anchors > 0
        if self.has_boxes:
            self.mask_head = nn.Conv2d(64, 2 * anchors, 3, padding=1)
            self.coords_head = nn.Conv2d(64, 4 * anchors, 3, padding=1)
        self.start_heads(classes, LastLayer(last_layer))

    def forward(self, grid: Tensor) -> NetworkOutput:
        """grid: uint8 indices [B, H, W] or one-hot [B, N, H, W]; H and W divide by 4.

        Raises:
            UsageError: They do not; the hint names the padded size.
        """
        check_size(grid.shape[-2], grid.shape[-1], SIZE_MULTIPLE)
        picture = one_hot(grid, self.inputs, next(self.segmentation_head.parameters()))
        first = self.encoder1(picture)  # [B, 64, H/2, W/2]
        middle = self.middle(self.encoder2(first))  # [B, 256, H/4, W/4]
        features = self.dropout(self.decoder2(self.decoder1(middle, first), picture))  # [B, 64, H, W]
        segmentation = self.segmentation_head(features)
        if not self.has_boxes:
            return NetworkOutput(segmentation, None, None, features)
        return NetworkOutput(segmentation, self.mask_head(features), self.coords_head(features), features)
