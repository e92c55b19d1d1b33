"""What the networks cost, computed and not claimed: parameters, multiply-adds, activation memory, receptive field.

Nothing is allocated for it: shapes are followed on torch's meta device.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from docgrid.networks.chargrid import Chargrid
from docgrid.networks.deeplab import DeepLabV3Plus
from docgrid.networks.fcn import FCN
from docgrid.networks.resunet import MaskAndMap

HEIGHT, WIDTH = 336, 256  # cells of a page in the chargrid paper
_FLOAT_BYTES = 4
_STRIP_HEIGHT = 16  # the least that every network can halve


@dataclass(frozen=True)
class Reference:
    """A configuration whose parameters the source states or arithmetic gives.

    `thin` builds the same layers with few channels, for the receptive field; it depends on kernels, strides and rates alone.
    """

    network: str
    configuration: str
    parameters: int
    inputs: int
    build: Callable[[], nn.Module]
    thin: Callable[[], nn.Module]
    deepest: Callable[[Any, Tensor], Tensor]  # the last features of the encoder


@dataclass(frozen=True)
class NetworkFacts:
    """A configuration measured, beside the parameter count that it must have."""

    network: str
    configuration: str
    parameters: int
    reference: int
    multiply_adds: int  # of the convolutions, one page of 336 x 256 forward; one-hot products counted
    activation_bytes: int  # what a training step keeps of one page for its gradient, float32
    receptive_field: int  # cells along one axis that the last feature of the encoder depends on

    @property
    def is_equal(self) -> bool:
        """Whether the count is the one that it must be."""
        return self.parameters == self.reference

    def to_dict(self) -> dict[str, object]:
        """Plain data."""
        return {**vars(self), "is_equal": self.is_equal}


def _chargrid(width: int, parameters: int) -> Reference:
    return Reference(
        "chargrid",
        f"{width} base channels, 54 inputs, 9 classes, 4 anchors",
        parameters,
        54,
        lambda: Chargrid(54, 9, width=width, anchors=4),
        lambda: Chargrid(1, 2, width=1, anchors=0),
        lambda network, grid: network.encoder(grid)[-1],
    )


def _deeplab(depth: int, parameters: int, *, dense: bool = False) -> Reference:
    return Reference(
        "deeplab",
        f"Xception-{depth}, output stride 8, {'dense' if dense else 'separable'} heads, 3 inputs, 21 classes",
        parameters,
        3,
        lambda: DeepLabV3Plus(3, 21, anchors=0, depth=depth, dense=dense),
        lambda: DeepLabV3Plus(1, 2, anchors=0, depth=depth, width=0.001),
        lambda network, grid: network.backbone(grid)[0],
    )


def _fcn(kernel: int, channels: int, parameters: int) -> Reference:
    return Reference(
        "fcn",
        f"middle {kernel}x{kernel} with {channels} filters, 3 inputs, 3 classes",
        parameters,
        3,
        lambda: FCN(3, 3, anchors=0, middle_kernel=kernel, middle_channels=channels),
        lambda: FCN(1, 2, anchors=0, middle_kernel=kernel, middle_channels=1),
        lambda network, grid: network.middle(network.encoder2(network.encoder1(grid))),
    )


REFERENCES = (
    _chargrid(64, 20_194_145),
    _chargrid(32, 5_065_153),
    _chargrid(16, 1_274_609),
    _deeplab(65, 41_055_413),
    _deeplab(41, 28_108_661),
    _deeplab(65, 54_711_461, dense=True),
    _fcn(1, 256, 121_593),
    _fcn(3, 512, 714_489),
    Reference(
        "resunet",
        "mask and map, 6 inputs",
        11_033_922,
        6,
        MaskAndMap,
        lambda: MaskAndMap(1, scale=0.001),
        lambda network, picture: network.encoder(picture)[0],
    ),
)


def facts_of(reference: Reference) -> NetworkFacts:
    """Build a configuration without memory, follow one page through it, and measure its receptive field."""
    with torch.device("meta"):
        network = reference.build()
        page = torch.empty(1, reference.inputs, HEIGHT, WIDTH)
    return NetworkFacts(
        reference.network,
        reference.configuration,
        parameter_count(network),
        reference.parameters,
        multiply_adds(network, page),
        activation_bytes(network, page),
        receptive_field(reference.thin(), reference.deepest),
    )


def parameter_count(network: nn.Module) -> int:
    """Trainable numbers."""
    return sum(parameter.numel() for parameter in network.parameters())


def multiply_adds(network: nn.Module, page: Tensor) -> int:
    """Products that the convolutions of one forward pass sum up: `k_h k_w C_in / groups` for each output number.

    A transposed convolution multiplies each input number by `k_h k_w C_out / groups` weights.

    Args:
        network: On the device of the page, which may be meta.
        page: float [1, N, H, W].
    """
    total = 0

    def add(module: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        nonlocal total
        if isinstance(module, nn.ConvTranspose2d):
            total += inputs[0].numel() * module.weight[0].numel()
        elif isinstance(module, nn.Conv2d):
            total += output.numel() * module.weight[0].numel()

    with _hooked(network, add), torch.no_grad():
        network(page)
    return total


@contextmanager
def _hooked(network: nn.Module, hook: Callable[..., None]) -> Iterator[None]:
    handles = [module.register_forward_hook(hook) for module in network.modules()]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def activation_bytes(network: nn.Module, page: Tensor) -> int:
    """Bytes that one training pass over a page keeps for the gradient, weights left out, each tensor once.

    Args:
        network: On the device of the page, which may be meta.
        page: float32 [1, N, H, W].
    """
    own = {id(tensor) for tensor in (*network.parameters(), *network.buffers())}
    kept: dict[int, Tensor] = {}

    def pack(tensor: Tensor) -> Tensor:
        base = tensor if tensor._base is None else tensor._base
        if id(base) not in own:
            kept[id(base)] = base
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        output = network.train()(page)
    del output
    return sum(tensor.numel() * tensor.element_size() for tensor in kept.values())


def receptive_field(thin: nn.Module, deepest: Callable[[Any, Tensor], Tensor]) -> int:
    """Cells along one axis that one feature depends on, found by letting one cell after the other speak.

    With weights of one, no biases and norms that change nothing, a cell that is not 0 raises just the features that see it,
    through pooling and ReLU too. Which features see the cells of one stride tells the field of all, because the rest repeats.

    Args:
        thin: A network with few channels; its weights are overwritten.
        deepest: Calls the part of it that is asked about: float [B, 1, H, W] -> [B, C, H / s, W / s].
    """
    network = _all_ones(thin).double().eval()
    length, earlier = 512, 0
    while True:
        found = _field_within(network, deepest, length)
        if found == earlier or found * 2 < length:
            return found
        length, earlier = 2 * length, found


@torch.no_grad()
def _field_within(network: nn.Module, deepest: Callable[[Any, Tensor], Tensor], length: int) -> int:
    stride = length // deepest(network, torch.zeros(1, 1, _STRIP_HEIGHT, length, dtype=torch.float64)).shape[3]
    start = length // 2 // stride * stride
    strips = torch.zeros(stride, 1, _STRIP_HEIGHT, length, dtype=torch.float64)
    strips[torch.arange(stride), :, :, start + torch.arange(stride)] = 1
    seen = deepest(network, strips).amax(dim=(1, 2)) > 0  # [stride, length / stride]
    first = seen.int().argmax(dim=1)
    last = seen.shape[1] - 1 - seen.flip(1).int().argmax(dim=1)
    offset = torch.arange(stride)
    return int((offset - first * stride).max() - (offset - last * stride).min()) + 1


def _all_ones(network: nn.Module) -> nn.Module:
    for module in network.modules():
        if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
            nn.init.constant_(module.weight, 1 / module.weight[0].numel())
            if module.bias is not None:
                nn.init.zeros_(module.bias)
    return network
