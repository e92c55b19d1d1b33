from __future__ import annotations

import pytest
import torch

from docgrid.errors import UsageError
from docgrid.networks import NETWORKS, WIDTH_ARGUMENTS, Architecture, architecture_named, network_options


def test_settings_of_a_network_are_typed_and_build_it() -> None:
    options = network_options(Architecture.FCN, ["middle_kernel=3", "upsampling=transposed", "dropout = 0.2"])
    assert options == {"middle_kernel": 3, "upsampling": "transposed", "dropout": 0.2}
    assert network_options(Architecture.DEEPLAB, ["dense=true"]) == {"dense": True}
    NETWORKS[Architecture.FCN](5, 2, **options)


@pytest.mark.parametrize(
    ("text", "problem", "hint"),
    [
        ("midle_kernel=3", "fcn has no setting 'midle_kernel'", "Did you mean 'middle_kernel'?"),
        ("classes=3", "fcn has no setting 'classes'", "middle_channels"),
        ("middle_kernel=three", "middle_kernel=three is not a value of fcn", "takes one int"),
        ("middle_kernel", "'middle_kernel' is no setting", "NAME=VALUE"),
    ],
)
def test_a_setting_that_a_network_lacks_is_refused_with_the_nearest_one(text: str, problem: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        network_options(Architecture.FCN, [text])
    assert problem in caught.value.problem
    assert hint in caught.value.hint


def test_an_unknown_network_is_answered_with_the_nearest_one() -> None:
    assert architecture_named("resunet") is Architecture.RESUNET
    with pytest.raises(UsageError) as caught:
        architecture_named("resnet", others=("none",))
    assert caught.value.hint == "Did you mean 'resunet'? Choose one of chargrid, deeplab, fcn, resunet, none."


@pytest.mark.parametrize(("architecture", "multiple"), list(zip(Architecture, [8, 16, 4, 16], strict=True)))
def test_a_size_that_a_network_cannot_halve_is_refused_with_the_size_to_use(architecture: Architecture, multiple: int) -> None:
    network = NETWORKS[architecture](5, 2, anchors=0, **WIDTH_ARGUMENTS[architecture](4)).eval()
    with torch.no_grad():
        assert network(torch.zeros(1, 16, 16, dtype=torch.uint8)).segmentation.shape == (1, 2, 16, 16)
        with pytest.raises(UsageError) as caught:
            network(torch.zeros(1, 33, 50, dtype=torch.uint8))
    padded = f"{-(-33 // multiple) * multiple}x{-(-50 // multiple) * multiple}"
    assert caught.value.hint == f"Pad the grid to {padded}."
