"""One contract for all networks: a new row in the table `NETWORKS` is tested by a new row in `SETTINGS`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from docgrid.losses import ChosenLoss, GridLoss, Head
from docgrid.metrics import confusion_matrix, mean_iou
from docgrid.networks import NETWORKS, Architecture, NetworkOutput, prepare_for_inference

INPUTS, CLASSES, ANCHORS = 7, 3, 2
SETTINGS: dict[Architecture, dict[str, Any]] = {  # small, so that the contract takes seconds
    Architecture.CHARGRID: {"width": 8},
    Architecture.DEEPLAB: {"depth": 41, "width": 0.0625},
    Architecture.FCN: {},
    Architecture.RESUNET: {"scale": 0.25},
}


def build(architecture: Architecture, *, seed: int = 0, **settings: Any) -> Any:
    torch.manual_seed(seed)
    return NETWORKS[architecture](INPUTS, CLASSES, **{"anchors": ANCHORS, **SETTINGS[architecture], **settings})


def grid_of(*shape: int) -> Tensor:
    return torch.randint(0, INPUTS, shape, generator=torch.Generator().manual_seed(1), dtype=torch.uint8)


def one_hot(grid: Tensor) -> Tensor:
    return nn.functional.one_hot(grid.long(), INPUTS).permute(0, 3, 1, 2).float()


def tensors_of(output: NetworkOutput) -> Iterator[Tensor]:
    assert output.box_mask is not None
    assert output.box_coords is not None
    yield from (output.segmentation, output.box_mask, output.box_coords, output.features)


def closest(first: NetworkOutput, second: NetworkOutput) -> float:
    """The largest difference, relative to the largest value, over all outputs."""
    pairs = zip(tensors_of(first), tensors_of(second), strict=True)
    return max(((a.float() - b.float()).abs().max() / b.float().abs().max()).item() for a, b in pairs)


def test_the_table_has_a_row_for_every_architecture_and_so_has_this_test() -> None:
    assert set(NETWORKS) == set(Architecture) == set(SETTINGS)


@pytest.mark.parametrize("architecture", Architecture)
class TestEveryNetwork:
    @pytest.mark.parametrize(("height", "width"), [(64, 48), (32, 80)])
    def test_gives_logits_at_the_resolution_of_its_input(self, architecture: Architecture, height: int, width: int) -> None:
        output = build(architecture)(grid_of(2, height, width))
        segmentation, mask, coords, features = tensors_of(output)
        assert segmentation.shape == (2, CLASSES, height, width)
        assert mask.shape == (2, 2 * ANCHORS, height, width)
        assert coords.shape == (2, 4 * ANCHORS, height, width)
        assert features.shape[0] == 2
        assert features.shape[2:] == (height, width)
        assert segmentation.min() < 0, "logits, not probabilities"

    def test_without_anchors_has_no_box_branch(self, architecture: Architecture) -> None:
        output = build(architecture, anchors=0)(grid_of(1, 32, 32))
        assert output.box_mask is None
        assert output.box_coords is None

    def test_reads_index_grids_and_one_hot_grids_alike(self, architecture: Architecture) -> None:
        network, grid = build(architecture), grid_of(2, 32, 48)
        for mode in (True, False):
            network.train(mode)
            torch.manual_seed(4)
            by_index = network(grid)
            torch.manual_seed(4)
            assert closest(by_index, network(one_hot(grid))) < 1e-5

    def test_gives_every_parameter_a_gradient(self, architecture: Architecture) -> None:
        network = build(architecture)
        output = network(grid_of(2, 32, 32))
        torch.autograd.backward([tensor.square().mean() for tensor in tensors_of(output)])
        without = [name for name, p in network.named_parameters() if p.grad is None or not p.grad.any()]
        assert without == []

    def test_gives_the_same_gradients_from_index_grids_and_one_hot_grids(self, architecture: Architecture) -> None:
        gradients = []
        for form in (lambda grid: grid, one_hot):
            network = build(architecture, dropout=0.0)
            output = network(form(grid_of(2, 32, 32)))
            torch.autograd.backward([tensor.square().mean() for tensor in tensors_of(output)])
            gradients.append({name: p.grad for name, p in network.named_parameters() if p.grad is not None})
        for name, gradient in gradients[0].items():
            assert torch.allclose(gradient, gradients[1][name], rtol=1e-3, atol=1e-5 * gradient.abs().max().item()), name

    def test_saved_and_loaded_gives_equal_output(self, architecture: Architecture, tmp_path: Path) -> None:
        network, grid = build(architecture), grid_of(1, 32, 48)
        network(grid_of(2, 32, 32))  # moves the running statistics
        save_file(network.state_dict(), tmp_path / "weights.safetensors")
        other = build(architecture, seed=99)
        other.load_state_dict(load_file(tmp_path / "weights.safetensors"))
        assert closest(network.eval()(grid), other.eval()(grid)) == 0

    def test_differs_between_training_and_prediction_by_dropout_and_batch_norm_only(self, architecture: Architecture) -> None:
        network, grid = build(architecture), grid_of(1, 32, 32)
        for module in network.modules():
            if isinstance(module, nn.BatchNorm2d | nn.Dropout2d | nn.Dropout):
                module.eval()
        assert closest(network(grid), network.eval()(grid)) == 0
        network.train()
        assert closest(network(grid), network.eval()(grid)) > 1e-3, "and by these it does differ"

    def test_predicts_the_same_when_prepared_for_it(self, architecture: Architecture) -> None:
        network = trained_a_little(build(architecture)).eval()
        grid = grid_of(2, 32, 48)
        expected = network(grid)
        before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
        assert closest(prepare_for_inference(network, torch.float32)(grid), expected) < 1e-4
        assert closest(prepare_for_inference(network, torch.bfloat16)(grid), expected) < 0.1
        for name, tensor in network.state_dict().items():
            assert torch.equal(tensor, before[name]), "the network itself is left alone"

    def test_the_backbone_has_no_gradient_at_the_first_step_from_constant_last_layers(self, architecture: Architecture) -> None:
        network = build(architecture, last_layer="constant", dropout=0.0)
        grid, target = grid_of(2, 32, 32), torch.randint(0, CLASSES, (2, 32, 32))
        optimiser = torch.optim.SGD(network.parameters(), lr=0.1)
        largest = []
        for _ in range(2):
            optimiser.zero_grad()
            output = network(grid)
            torch.autograd.backward(nn.functional.cross_entropy(output.segmentation, target))
            stem = next(p for p in network.parameters() if p.dim() == 4)
            assert stem.grad is not None
            largest.append(stem.grad.abs().max().item())
            optimiser.step()
        assert largest[0] < 1e-8
        assert largest[1] > 1e-6

    def test_starts_at_the_shares_of_the_classes_and_of_boxes(self, architecture: Architecture) -> None:
        network = build(architecture).eval()
        network.set_priors(torch.tensor([0.9, 0.1, 0.0]), box_share=0.05)
        output = network(grid_of(1, 32, 32))
        assert torch.allclose(output.segmentation.softmax(1).mean(dim=(0, 2, 3)), torch.tensor([0.9, 0.1, 0.0]), atol=0.02)
        assert output.box_mask is not None
        pairs = output.box_mask.view(1, ANCHORS, 2, 32, 32).softmax(2).mean(dim=(0, 3, 4))
        assert torch.allclose(pairs, torch.tensor([0.95, 0.05]).expand(ANCHORS, 2), atol=0.02)

    def test_learns_one_page(self, architecture: Architecture) -> None:
        network = build(architecture, dropout=0.0)
        grid, target = labelled_page()
        network.set_priors(torch.bincount(target.flatten()) / target.numel())
        optimiser = torch.optim.Adam(network.parameters(), lr=1e-2)
        loss = GridLoss([ChosenLoss(Head.SEGMENTATION, "cross_entropy")])
        for _ in range(150):
            optimiser.zero_grad()
            output = network(grid)
            torch.autograd.backward(loss(output, target)["segmentation"])
            optimiser.step()
            if mean_iou(confusion_matrix(output.segmentation.argmax(1), target, CLASSES)) == 1:
                return
        pytest.fail("did not reach an IoU of 1 in 150 steps")


def labelled_page() -> tuple[Tensor, Tensor]:
    """A page of three blocks: background, a field told by its characters, a field told by what stands left of it."""
    grid = torch.zeros(1, 32, 48, dtype=torch.uint8)
    target = torch.zeros(1, 32, 48, dtype=torch.int64)
    grid[0, 4:8, 4:20], target[0, 4:8, 4:20] = 3, 1
    grid[0, 16:20, 4:12] = 4
    grid[0, 16:20, 16:32], target[0, 16:20, 16:32] = 5, 2
    grid[0, 24:28, 16:32] = 5
    return grid, target


def trained_a_little(network: nn.Module) -> nn.Module:
    """Batch norm with statistics and scales that are not those of a fresh network, and last layers of ordinary size."""
    generator = torch.Generator().manual_seed(2)
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.uniform_(module.weight, 0.7, 1.3, generator=generator)
            nn.init.normal_(module.bias, std=0.2, generator=generator)
    for parameter in network.parameters():
        if parameter.dim() == 4 and parameter.std() < 2e-3:
            nn.init.normal_(parameter, std=0.1, generator=generator)
    network.train()
    for seed in range(3):
        network(torch.randint(0, INPUTS, (4, 32, 32), generator=torch.Generator().manual_seed(seed), dtype=torch.uint8))
    return network
