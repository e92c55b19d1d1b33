"""DeepLabV3+ over a chargrid: a modified aligned Xception, pooling at several rates, and a small decoder.

Atrous convolution controls the density of the features because a stride is taken out and a rate put in.

Source:
    Chen et al. 2018, Encoder-Decoder with Atrous Separable Convolution, https://arxiv.org/abs/1802.02611, figures 2 to 4. Where
    text and released code differ (place of the ReLU, rates of the exit flow), this follows the code.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from docgrid.errors import UsageError
from docgrid.networks.layers import (
    ConvBlock,
    GridConvolution,
    GridNetwork,
    LastLayer,
    NetworkOutput,
    StridedMix,
    check_size,
    convolution,
)

SIZE_MULTIPLE = 16
_MIDDLE_BLOCKS = {41: 8, 65: 16}  # depth: blocks of the middle flow
_RATES = {8: (6, 12, 18), 16: (3, 6, 9)}  # by output stride; the paper's 6, 12, 18 fall outside a grid of 336x256 at stride 16
_LOW_LEVEL = 48  # channels of the reduced low-level feature


def separable(inputs: int, channels: int, *, stride: int = 1, rate: int = 1, relu: bool = False) -> nn.Sequential:
    """Depthwise 3x3, batch norm, pointwise, batch norm; with `relu` a ReLU after each."""
    depthwise = nn.Conv2d(inputs, inputs, 3, stride=stride, padding=rate, dilation=rate, groups=inputs, bias=False)
    return nn.Sequential(ConvBlock(depthwise, relu=relu), ConvBlock(nn.Conv2d(inputs, channels, 1, bias=False), relu=relu))


class XceptionBlock(nn.Module):
    """Three separable convolutions, each behind a ReLU, the stride in the third; and a skip.

    Args:
        inputs: Channels that come in.
        channels: Of the three convolutions.
        stride: Of the third.
        rate: Of all three.
        skip: Add the input (through a 1x1 convolution where the shape changes).
        relu_inside: ReLU after depthwise and after pointwise instead of before each separable convolution (last block).
    """

    def __init__(
        self,
        inputs: int,
        channels: tuple[int, int, int],
        *,
        stride: int = 1,
        rate: int = 1,
        skip: bool = True,
        relu_inside: bool = False,
    ) -> None:
        super().__init__()
        self.relu_inside = relu_inside
        first, second, third = channels
        self.convolution1 = separable(inputs, first, rate=rate, relu=relu_inside)
        self.convolution2 = separable(first, second, rate=rate, relu=relu_inside)
        self.convolution3 = separable(second, third, stride=stride, rate=rate, relu=relu_inside)
        self.skip: nn.Module | None = None
        if skip:
            changes = stride > 1 or inputs != third
            self.skip = ConvBlock(StridedMix(inputs, third, stride), relu=False) if changes else nn.Identity()

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """x: [B, I, H, W]; returns the result and what came out of the second convolution, before the stride."""
        second = self.convolution2(self._active(self.convolution1(self._active(x))))
        third = self.convolution3(self._active(second))
        return third if self.skip is None else third + self.skip(x), second

    def _active(self, x: Tensor) -> Tensor:
        return x if self.relu_inside else F.relu(x)


class Xception(nn.Module):
    """The backbone; `width` scales every layer.

    Args:
        inputs: Channels, or size of the alphabet.
        depth: 41 or 65 layers.
        output_stride: 8 or 16 cells of the input to one cell of the result.
        width: Share of the paper's channels.
    """

    def __init__(self, inputs: int, *, depth: int, output_stride: int, width: float) -> None:
        super().__init__()
        c32, c64, c128, c256, c728, c1024, c1536, c2048 = (
            scaled(channels, width) for channels in (32, 64, 128, 256, 728, 1024, 1536, 2048)
        )
        dense = output_stride == 8
        rate = 2 if dense else 1
        self.stem = nn.Sequential(ConvBlock(GridConvolution(inputs, c32, stride=2)), convolution(c32, c64))
        self.entry1 = XceptionBlock(c64, (c128,) * 3, stride=2)
        self.entry2 = XceptionBlock(c128, (c256,) * 3, stride=2)
        self.entry3 = XceptionBlock(c256, (c728,) * 3, stride=1 if dense else 2)
        self.middle = nn.ModuleList(XceptionBlock(c728, (c728,) * 3, rate=rate) for _ in range(_MIDDLE_BLOCKS[depth]))
        self.exit1 = XceptionBlock(c728, (c728, c1024, c1024), rate=rate)
        self.exit2 = XceptionBlock(c1024, (c1536, c1536, c2048), rate=2 * rate, skip=False, relu_inside=True)
        self.low_level_channels, self.channels = c256, c2048

    def forward(self, grid: Tensor) -> tuple[Tensor, Tensor]:
        """The result [B, 2048, H/s, W/s] and the low-level feature [B, 256, H/4, W/4]."""
        x, _ = self.entry1(self.stem(grid))
        x, low_level = self.entry2(x)
        x, _ = self.entry3(x)
        for block in self.middle:
            x, _ = block(x)
        x, _ = self.exit1(x)
        x, _ = self.exit2(x)
        return x, low_level


def scaled(channels: int, width: float) -> int:
    """A share of the channels, a multiple of 8 unless it is all of them."""
    return channels if width == 1 else max(round(channels * width / 8) * 8, 8)


class ImagePooling(nn.Module):
    """The mean of the whole picture through a 1x1 convolution, laid over every cell."""

    def __init__(self, inputs: int, channels: int) -> None:
        super().__init__()
        self.block = convolution(inputs, channels, kernel=1)

    def forward(self, x: Tensor) -> Tensor:
        """x: [B, I, H, W]; returns [B, C, H, W]."""
        mean = x.mean(dim=(2, 3), keepdim=True)
        norm = self.block.norm
        if norm.training and len(x) == 1:  # one value has no variance: a lone page is normed as when predicting
            norm.eval()
            pooled = self.block(mean)
            norm.train()
        else:
            pooled = self.block(mean)
        result: Tensor = pooled.expand(-1, -1, x.shape[2], x.shape[3])
        return result


class PyramidPooling(nn.Module):
    """ASPP: what stands around a cell at several distances, joined to 256 channels.

    Args:
        inputs: Channels of the backbone.
        channels: Of each branch and of the result.
        rates: Of the three 3x3 branches.
        dense: Full instead of separable 3x3 convolutions.
        dropout: At the end.
    """

    def __init__(self, inputs: int, channels: int, rates: Sequence[int], *, dense: bool, dropout: float) -> None:
        super().__init__()
        self.branches = nn.ModuleList([convolution(inputs, channels, kernel=1)])
        for rate in rates:
            self.branches.append(atrous(inputs, channels, rate, dense=dense))
        self.branches.append(ImagePooling(inputs, channels))
        self.join = nn.Sequential(convolution(len(self.branches) * channels, channels, kernel=1), nn.Dropout2d(dropout))

    def forward(self, x: Tensor) -> Tensor:
        """x: [B, I, H, W]; returns [B, C, H, W]."""
        result: Tensor = self.join(torch.cat([branch(x) for branch in self.branches], dim=1))
        return result


def atrous(inputs: int, channels: int, rate: int, *, dense: bool) -> nn.Module:
    """A 3x3 convolution at a rate, full or separable (there with a ReLU after both halves, as in the released code)."""
    return convolution(inputs, channels, dilation=rate) if dense else separable(inputs, channels, rate=rate, relu=True)


class DeepLabV3Plus(GridNetwork):
    """Backbone, pyramid pooling, decoder with the low-level feature, then up to the size of the input.

    Args:
        inputs: N, the size of the alphabet.
        classes: K, background included.
        anchors: Na anchors a cell; their two heads (not part of the paper) read what the last layer reads. 0 leaves them out.
        depth: 41 or 65 layers of Xception.
        width: Share of the paper's channels; `depth=41, width=0.25` serves processors.
        output_stride: 8 or 16.
        rates: Of the pyramid; None takes 6, 12, 18 at output stride 8 and 3, 6, 9 at 16, which fit a grid.
        dense: Full instead of separable 3x3 convolutions in pyramid and decoder.
        dropout: Share of channels dropped behind the pyramid while training.
        last_layer: How the weights of the last layers start.

    Raises:
        UsageError: There is no such depth or output stride.
    """

    def __init__(  # noqa: PLR0913  # the settings of the paper
        self,
        inputs: int,
        classes: int,
        *,
        anchors: int = 4,
        depth: int = 65,
        width: float = 1.0,
        output_stride: int = 8,
        rates: Sequence[int] | None = None,
        dense: bool = False,
        dropout: float = 0.1,
        last_layer: LastLayer | str = LastLayer.NORMAL,
    ) -> None:
        super().__init__()
        if depth not in _MIDDLE_BLOCKS or output_stride not in _RATES:
            raise UsageError(
                f"DeepLab has no depth {depth} with output stride {output_stride}", hint="Depth 41 or 65, output stride 8 or 16."
            )
        channels, low_level = scaled(256, width), scaled(_LOW_LEVEL, width)
        self.backbone = Xception(inputs, depth=depth, output_stride=output_stride, width=width)
        self.pyramid = PyramidPooling(
            self.backbone.channels, channels, rates or _RATES[output_stride], dense=dense, dropout=dropout
        )
        self.reduce = convolution(self.backbone.low_level_channels, low_level, kernel=1)
        self.decoder = nn.Sequential(
            atrous(channels + low_level, channels, 1, dense=dense), atrous(channels, channels, 1, dense=dense)
        )
        self.segmentation_head = nn.Conv2d(channels, classes, 1)
        self.has_boxes = anchors > 0
        if self.has_boxes:
            self.mask_head = nn.Conv2d(channels, 2 * anchors, 1)
            self.coords_head = nn.Conv2d(channels, 4 * anchors, 1)
        self.start_heads(classes, LastLayer(last_layer))

    def forward(self, grid: Tensor) -> NetworkOutput:
        """grid: uint8 indices [B, H, W] or one-hot [B, N, H, W]; H and W divide by 16.

        Raises:
            UsageError: They do not; the hint names the padded size.
        """
        height, width = grid.shape[-2:]
        check_size(height, width, SIZE_MULTIPLE)
        deep, low_level = self.backbone(grid)
        low_level = self.reduce(low_level)  # [B, 48, H/4, W/4]
        joined = torch.cat([_resized(self.pyramid(deep), low_level.shape[2], low_level.shape[3]), low_level], dim=1)
        # The paper classifies at a quarter of the size and enlarges the logits. A 1x1 convolution and a bilinear enlargement
        # can change places, and so the features have the size of the input, as those of every network here.
        features = _resized(self.decoder(joined), height, width)  # [B, 256, H, W]
        segmentation = self.segmentation_head(features)
        if not self.has_boxes:
            return NetworkOutput(segmentation, None, None, features)
        return NetworkOutput(segmentation, self.mask_head(features), self.coords_head(features), features)


def _resized(x: Tensor, height: int, width: int) -> Tensor:
    return F.interpolate(x, size=(height, width), mode="bilinear", align_corners=False)
