from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from docgrid.errors import UsageError
from docgrid.networks.chargrid import Chargrid, Encoder
from docgrid.networks.layers import LastLayer, prepare_for_inference


def parameters_of(module: nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())


@pytest.mark.parametrize(("width", "expected"), [(64, 20_194_145), (32, 5_065_153), (16, 1_274_609)])
def test_the_network_has_exactly_the_specified_parameters(width: int, expected: int) -> None:
    assert parameters_of(Chargrid(54, 9, width=width, anchors=4)) == expected


@pytest.mark.parametrize(("width", "expected"), [(64, 17_522_249), (32, 4_392_745), (16, 1_104_281)])
def test_the_segmentation_branch_alone_has_exactly_the_specified_parameters(width: int, expected: int) -> None:
    assert parameters_of(Chargrid(54, 9, width=width, anchors=0)) == expected


def test_every_block_has_exactly_the_specified_parameters() -> None:
    network = Chargrid(54, 9, width=64, anchors=4)
    encoder = network.encoder
    blocks = [encoder.block1, encoder.block2, encoder.block3, encoder.block4, encoder.block5]
    assert [parameters_of(block) for block in blocks] == [105_216, 369_408, 1_476_096, 5_901_312, 7_080_960]
    for decoder in (network.segmentation_decoder, network.box_decoder):
        parts = [decoder.block1, decoder.block2, decoder.block3]
        assert [parameters_of(part) for part in parts] == [1_968_128, 492_544, 49_408]
    heads = [network.segmentation_head, network.mask_head, network.coords_head]
    assert [parameters_of(head) for head in heads] == [79_177, 78_600, 83_216]


class AllOnes(nn.Module):
    """Every convolution adds up what it sees, so a gradient tells exactly which cells an output depends on."""

    def __init__(self, blocks: list[nn.Module]) -> None:
        super().__init__()
        self.blocks = nn.Sequential(*blocks)
        for module in self.blocks.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.ones_(module.weight)
            elif isinstance(module, nn.BatchNorm2d):
                module.eval()

    def forward(self, x: Tensor) -> Tensor:
        result: Tensor = self.blocks(x)
        return result


@pytest.mark.parametrize(("depth", "field"), [(1, 11), (2, 31), (3, 103), (4, 295), (5, 679)])
def test_the_receptive_field_grows_as_specified(depth: int, field: int) -> None:
    encoder = Encoder(1, 1, dropout=0.0)
    blocks = [encoder.block1, encoder.block2, encoder.block3, encoder.block4, encoder.block5][:depth]
    grid = torch.ones(1, 1, 8, 1600, requires_grad=True, dtype=torch.float64)
    network = AllOnes(list(blocks)).double()
    output = network(grid)
    middle = output[0, :, output.shape[2] // 2, output.shape[3] // 2].sum()
    (gradient,) = torch.autograd.grad(middle, grid)
    columns = torch.nonzero(gradient.abs().sum(dim=(0, 1, 2))).squeeze(1)
    assert int(columns.max() - columns.min()) + 1 == field


def test_a_size_that_cannot_be_halved_three_times_is_refused_with_the_padded_size() -> None:
    with pytest.raises(UsageError) as caught:
        Chargrid(5, 3, width=4)(torch.zeros(1, 333, 250, dtype=torch.uint8))
    assert "333x250" in caught.value.problem
    assert "336x256" in caught.value.hint


def test_an_index_outside_the_alphabet_is_refused() -> None:
    with pytest.raises(UsageError, match="index 5"):
        Chargrid(5, 3, width=4)(torch.full((1, 8, 8), 5, dtype=torch.uint8))


def test_the_boxes_do_not_read_the_segmentation_decoder() -> None:
    network = Chargrid(5, 3, width=4).eval()
    grid = torch.randint(0, 5, (1, 16, 16), dtype=torch.uint8)
    before = network(grid)
    for parameter in network.segmentation_decoder.parameters():
        nn.init.zeros_(parameter)
    after = network(grid)
    assert torch.equal(before.box_mask, after.box_mask)
    assert torch.equal(before.box_coords, after.box_coords)
    assert not torch.equal(before.segmentation, after.segmentation)


def test_the_features_are_what_the_segmentation_head_reads() -> None:
    network = Chargrid(5, 3, width=4).eval()
    output = network(torch.randint(0, 5, (1, 16, 16), dtype=torch.uint8))
    assert output.features.shape == (1, 4, 16, 16)
    assert torch.equal(network.segmentation_head(output.features), output.segmentation)


def test_the_last_layers_start_small_and_the_rest_as_he_et_al_say() -> None:
    torch.manual_seed(0)
    network = Chargrid(54, 9, width=32)
    constant = Chargrid(54, 9, width=32, last_layer=LastLayer.CONSTANT)
    for name in ("segmentation_head", "mask_head", "coords_head"):
        normal, same = getattr(network, name)[-1], getattr(constant, name)[-1]
        assert normal.weight.std().item() == pytest.approx(1e-3, rel=0.1)
        assert same.weight.unique().tolist() == pytest.approx([1e-3])
    weight = network.get_parameter("encoder.block2.1.convolution.weight")  # 64 channels: variance 2 / (64 * 9)
    assert weight.std().item() == pytest.approx((2 / 576) ** 0.5, rel=0.05)


def test_a_fresh_network_keeps_the_scale_of_its_signal() -> None:
    torch.manual_seed(0)
    output = Chargrid(54, 9, width=16, dropout=0.0).train()(torch.randint(0, 54, (2, 64, 64), dtype=torch.uint8))
    assert 0.3 < output.features.std().item() < 3


def test_a_network_prepared_for_prediction_has_no_batch_norm_left() -> None:
    prepared = prepare_for_inference(Chargrid(5, 3, width=4), torch.float32)
    assert not any(isinstance(module, nn.BatchNorm2d) for module in prepared.modules())
    assert not any(parameter.requires_grad for parameter in prepared.parameters())


def test_a_fresh_network_says_background_nine_times_of_ten() -> None:
    output = Chargrid(5, 6, width=4).eval()(torch.zeros(1, 16, 16, dtype=torch.uint8))
    probabilities = output.segmentation.softmax(1).mean(dim=(0, 2, 3))
    assert probabilities.tolist() == pytest.approx([0.9, 0.02, 0.02, 0.02, 0.02, 0.02], abs=5e-3)
