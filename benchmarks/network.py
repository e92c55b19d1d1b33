"""How fast the networks predict and train on this machine: `python benchmarks/network.py --widths 16 32 64`.

Every line compares ways of one run with each other: absolute times move from machine to machine, ratios hardly do.
Weights are random; the grid is filled as a page of text is, about a quarter of the cells.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

import torch
from torch import Tensor, nn

from docgrid.losses import GridLoss
from docgrid.networks import NETWORKS, Architecture, prepare_for_inference
from docgrid.networks.layers import fastest_dtype

INPUTS, CLASSES, ANCHORS = 54, 9, 4


def pages(count: int, height: int, width: int) -> Tensor:
    """uint8 [count, height, width], a quarter of the cells filled."""
    generator = torch.Generator().manual_seed(0)
    grid = torch.randint(1, INPUTS, (count, height, width), generator=generator, dtype=torch.uint8)
    empty = torch.rand(grid.shape, generator=generator) > 0.25
    return grid.masked_fill(empty, 0)


def one_hot(grid: Tensor) -> Tensor:
    """float32 [B, N, H, W], contiguous: what a port of the paper feeds."""
    return nn.functional.one_hot(grid.long(), INPUTS).permute(0, 3, 1, 2).float().contiguous()


def median_ms(ways: dict[str, Callable[[], object]], repeat: int) -> dict[str, float]:
    """Milliseconds of each way; the ways take turns, so that a busy moment hits all of them."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    for round_number in range(repeat + 1):
        for name, way in ways.items():
            start = time.perf_counter()
            way()
            if round_number:  # the first round warms up
                times[name].append(1000 * (time.perf_counter() - start))
    return {name: statistics.median(values) for name, values in times.items()}


def build(architecture: Architecture, width: int) -> nn.Module:
    """The network with random weights; `width` only where the architecture has that setting."""
    settings = {"width": width} if architecture is Architecture.CHARGRID else {}
    return NETWORKS[architecture](INPUTS, CLASSES, anchors=ANCHORS, **settings)


def predicting(network: nn.Module, grid: Tensor) -> dict[str, Callable[[], object]]:
    """The ways to predict one page."""
    network.eval()
    full, fast = prepare_for_inference(network, torch.float32), prepare_for_inference(network)

    def without_gradient(way: Callable[[], object]) -> Callable[[], object]:
        return torch.inference_mode()(way)

    return {
        "one-hot, fp32, as built": without_gradient(lambda: network(one_hot(grid))),
        "indices, folded, channels last, fp32": without_gradient(lambda: full(grid)),
        f"indices, folded, channels last, {str(fastest_dtype()).removeprefix('torch.')}": without_gradient(lambda: fast(grid)),
    }


def training(network: nn.Module, grid: Tensor) -> dict[str, Callable[[], object]]:
    """The ways to train on one batch: forward, backward, step."""
    count, height, width = grid.shape
    target = (grid > 50).long()
    mask = torch.zeros(count, ANCHORS, height, width, dtype=torch.int64)
    mask[:, :, ::9] = 1
    coords = torch.zeros(count, 4 * ANCHORS, height, width)
    loss = GridLoss()
    optimiser = torch.optim.AdamW(network.parameters(), lr=1e-4)
    network.train()

    def step(batch: Callable[[], Tensor], layout: torch.memory_format, *, half: bool) -> None:
        network.to(memory_format=layout)  # type: ignore[call-overload]  # torch's stub lacks this form
        optimiser.zero_grad()
        with torch.autocast("cpu", torch.bfloat16, enabled=half):
            output = network(batch())
        torch.autograd.backward(sum(loss(output, target, mask, coords).values()))
        optimiser.step()

    return {
        "one-hot, fp32": lambda: step(lambda: one_hot(grid), torch.contiguous_format, half=False),
        "indices, channels last, fp32": lambda: step(lambda: grid, torch.channels_last, half=False),
        "indices, channels last, bf16 autocast": lambda: step(lambda: grid, torch.channels_last, half=True),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--architecture", type=Architecture, default=Architecture.CHARGRID, choices=list(Architecture))
    parser.add_argument("--widths", type=int, nargs="+", default=[16, 32, 64])
    parser.add_argument("--height", type=int, default=336)
    parser.add_argument("--width", type=int, default=256)
    parser.add_argument("--batch", type=int, default=4, help="pages of a training batch")
    parser.add_argument("--repeat", type=int, default=5)
    arguments = parser.parse_args()
    print(f"{torch.get_num_threads()} threads, {arguments.height}x{arguments.width} cells")
    for width in arguments.widths:
        network = build(arguments.architecture, width)
        parameters = sum(parameter.numel() for parameter in network.parameters())
        print(f"\n{arguments.architecture}, width {width}, {parameters:,} parameters")
        one = pages(1, arguments.height, arguments.width)
        for name, value in median_ms(predicting(network, one), arguments.repeat).items():
            print(f"  predict  {name:<52} {value:8.1f} ms a page")
        batch = pages(arguments.batch, arguments.height, arguments.width)
        for name, value in median_ms(training(network, batch), arguments.repeat).items():
            print(f"  train    {name:<52} {1000 * arguments.batch / value:8.2f} pages/s")


if __name__ == "__main__":
    main()
