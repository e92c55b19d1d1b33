from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from docgrid.networks.facts import (
    REFERENCES,
    Reference,
    activation_bytes,
    facts_of,
    multiply_adds,
    parameter_count,
    receptive_field,
)
from docgrid.networks.layers import convolution, doubling
from docgrid.networks.resunet import MaskAndMap


@pytest.mark.parametrize("reference", REFERENCES, ids=lambda one: f"{one.network}-{one.parameters}")
def test_every_reference_configuration_has_the_parameters_it_must_have(reference: Reference) -> None:
    with torch.device("meta"):
        assert parameter_count(reference.build()) == reference.parameters


def test_the_references_are_those_of_the_specification() -> None:
    counts = [one.parameters for one in REFERENCES]
    assert counts[:3] == [20_194_145, 5_065_153, 1_274_609]
    assert counts[3:6] == [41_055_413, 28_108_661, 54_711_461]
    assert counts[6:] == [121_593, 714_489, 11_033_922]


@pytest.mark.parametrize(("row", "giga"), [(0, 76.0), (1, 19.6), (2, 5.2)])
def test_a_chargrid_page_costs_the_specified_multiply_adds(row: int, giga: float) -> None:
    with torch.device("meta"):
        cost = multiply_adds(REFERENCES[row].build(), torch.zeros(1, 54, 336, 256))
    assert round(cost / 1e9, 1) == giga


def test_the_facts_of_a_chargrid_say_that_its_count_is_equal_and_that_it_sees_the_page() -> None:
    facts = facts_of(REFERENCES[2])
    assert facts.receptive_field == 679
    assert facts.is_equal
    assert facts.to_dict()["is_equal"] is True


@pytest.mark.parametrize(("name", "fields"), [("fcn", [7, 15]), ("resunet", [140])])
def test_receptive_fields_worked_out_by_hand(name: str, fields: list[int]) -> None:
    # FCN: two 3x3 with stride 2 see 3, then 3 + 2 * 2 = 7; a 3x3 in the middle adds 2 * 4. ResUNet: two 3x3 see 5, each of four
    # levels adds a pooled cell and two 3x3 at twice the distance: 6, 14, 16, 32, 36, 68, 76, 76 + 4 * 16 = 140.
    assert [facts_of(one).receptive_field for one in REFERENCES if one.network == name] == fields


@pytest.mark.slow
def test_the_receptive_field_of_deeplab_worked_out_by_hand() -> None:
    # Stem 3 + 4 = 7; entry blocks add 3 * 2 * 2 = 12, 3 * 2 * 4 = 24, 3 * 2 * 8 = 48: 91. At stride 8 each 3x3 of the middle
    # (rate 2) adds 32, of the exit flow 32 (rate 2) and 64 (rate 4): 91 + 48 * 32 + 3 * 32 + 3 * 64 = 1915; 24 fewer: 1147.
    assert [facts_of(one).receptive_field for one in REFERENCES if one.network == "deeplab"] == [1915, 1147, 1915]


def test_multiply_adds_of_two_layers_worked_out_by_hand() -> None:
    network = nn.Sequential(convolution(2, 3, stride=2), doubling(3, 4))
    page = torch.zeros(1, 2, 8, 8)
    # 4 x 4 cells of 3 channels from 2 * 9 products each; then 4 x 4 x 3 numbers spread over 4 * 9 weights each
    assert multiply_adds(network, page) == 16 * 3 * 18 + 16 * 3 * 36


def test_activation_memory_of_two_layers_worked_out_by_hand() -> None:
    with torch.device("meta"):
        network, page = nn.Sequential(convolution(2, 3), convolution(3, 4)), torch.zeros(1, 2, 8, 8)
    # Kept: the page, what goes into each norm, what each ReLU gives (8 x 8 cells), and mean and deviation of each norm.
    assert activation_bytes(network, page) == 4 * (64 * (2 + 3 + 3 + 4 + 4) + 2 * 3 + 2 * 4)


def test_a_receptive_field_is_found_through_dilation_stride_and_pooling() -> None:
    layers = nn.Sequential(nn.Conv2d(1, 1, 3, padding=4, dilation=4), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(1, 1, 3, padding=1))

    def call(network: nn.Module, grid: Tensor) -> Tensor:
        result: Tensor = network(grid)
        return result

    assert receptive_field(layers, call) == 9 + 1 + 2 * 2


# What each layer of the ResUNet gives for a picture of 6 x 96 x 96: name, shape, parameters.
RESUNET_LAYERS = [
    ("encoder.blocks.0", (32, 96, 96), 11_392),
    ("encoder.blocks.1", (64, 48, 48), 57_856),
    ("encoder.blocks.2", (128, 24, 24), 230_400),
    ("encoder.blocks.3", (256, 12, 12), 919_552),
    ("encoder.middle", (512, 6, 6), 3_542_016),
    ("mask_decoder.blocks.0", (256, 12, 12), 2_360_832),
    ("mask_decoder.blocks.1", (128, 24, 24), 590_592),
    ("mask_decoder.blocks.2", (64, 48, 48), 147_840),
    ("mask_decoder.blocks.3", (32, 96, 96), 37_056),
    ("mask_head", (1, 96, 96), 33),
    ("map_decoder.blocks.0", (256, 12, 12), 2_360_832),
    ("map_decoder.blocks.1", (128, 24, 24), 590_592),
    ("map_decoder.blocks.2", (64, 48, 48), 147_840),
    ("map_decoder.blocks.3", (32, 96, 96), 37_056),
    ("map_head", (1, 96, 96), 33),
]


def test_every_layer_of_the_resunet_has_the_specified_shape_and_parameters() -> None:
    # A block from i to o channels: skip i * o + 2 o, body 9 i o + 9 o o + 2 o biases + 4 o of the norms; decoders have no skip.
    with torch.device("meta"):
        network, picture = MaskAndMap(6), torch.zeros(1, 6, 96, 96)
    shapes: dict[str, tuple[int, ...]] = {}

    def note(name: str, output: Tensor | tuple[Tensor, Tensor]) -> None:
        whole = output[1] if isinstance(output, tuple) else output
        shapes[name] = tuple(whole.shape[1:])

    for name, _, _ in RESUNET_LAYERS:
        network.get_submodule(name).register_forward_hook(lambda module, inputs, output, name=name: note(name, output))
    network(picture)
    found = [(name, shapes[name], parameter_count(network.get_submodule(name))) for name, _, _ in RESUNET_LAYERS]
    assert found == RESUNET_LAYERS
    assert sum(count for _, _, count in RESUNET_LAYERS) == 11_033_922
