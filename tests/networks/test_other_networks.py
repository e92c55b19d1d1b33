from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from docgrid.errors import UsageError
from docgrid.losses import binary_cross_entropy, dice_loss, huber_loss
from docgrid.networks.deeplab import DeepLabV3Plus, ImagePooling, Xception
from docgrid.networks.fcn import FCN, Upsampling
from docgrid.networks.layers import StridedMix
from docgrid.networks.resunet import Encoder, MaskAndMap, ResUNet


def parameters_of(module: nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())


# --- DeepLabV3+ ------------------------------------------------------------------------------------------------------------


def test_deeplab_has_exactly_the_parameters_of_the_paper() -> None:
    network = DeepLabV3Plus(3, 21, anchors=0)
    assert parameters_of(network) == 41_055_413
    assert parameters_of(network.backbone) == 37_867_312
    assert parameters_of(DeepLabV3Plus(3, 21, anchors=0, dense=True)) == 54_711_461
    assert parameters_of(DeepLabV3Plus(3, 21, anchors=0, depth=41)) == 28_108_661


@pytest.mark.parametrize(("output_stride", "size"), [(16, 4), (8, 8)])
def test_the_output_stride_is_the_density_of_the_backbone(output_stride: int, size: int) -> None:
    backbone = Xception(3, depth=41, output_stride=output_stride, width=0.0625).eval()
    deep, low_level = backbone(torch.rand(1, 3, 64, 64))
    assert deep.shape[2:] == (size, size)
    assert low_level.shape[2:] == (16, 16)


def rates_of(module: nn.Module) -> list[int]:
    """Of the 3x3 convolutions."""
    return sorted({m.dilation[0] for m in module.modules() if isinstance(m, nn.Conv2d) and m.kernel_size == (3, 3)})


def test_a_stride_taken_out_is_a_rate_put_in() -> None:
    sparse = DeepLabV3Plus(3, 2, depth=41, width=0.0625, output_stride=16)
    dense = DeepLabV3Plus(3, 2, depth=41, width=0.0625, output_stride=8)
    assert (rates_of(sparse.backbone.middle), rates_of(sparse.backbone.exit2)) == ([1], [2])
    assert (rates_of(dense.backbone.middle), rates_of(dense.backbone.exit2)) == ([2], [4])
    assert rates_of(dense.pyramid) == [6, 12, 18]
    assert rates_of(sparse.pyramid) == [3, 6, 9]


def test_a_dense_backbone_computes_what_a_sparse_one_does_between_the_cells() -> None:
    """The point of atrous convolution: with the same weights, every second cell of the dense result is the sparse one's."""
    torch.manual_seed(0)
    sparse = Xception(3, depth=41, output_stride=16, width=0.0625).eval().double()
    dense = Xception(3, depth=41, output_stride=8, width=0.0625).eval().double()
    dense.load_state_dict(sparse.state_dict())
    picture = torch.rand(1, 3, 128, 128, dtype=torch.float64)
    assert torch.allclose(dense(picture)[0][:, :, ::2, ::2], sparse(picture)[0], atol=1e-9)


def test_image_pooling_sees_the_whole_page_and_takes_a_lone_page() -> None:
    pooling = ImagePooling(2, 3).train()
    pooling(torch.rand(1, 2, 4, 4))
    assert pooling.block.norm.training, "as before"
    pooling.eval()
    x = torch.rand(1, 2, 4, 4)
    assert torch.allclose(pooling(x), pooling(x.flip(2)), atol=1e-6)
    assert pooling(x).shape == (1, 3, 4, 4)


def test_an_unknown_depth_or_output_stride_of_deeplab_is_refused() -> None:
    with pytest.raises(UsageError, match="depth 50"):
        DeepLabV3Plus(3, 2, depth=50)
    with pytest.raises(UsageError, match="output stride 32"):
        DeepLabV3Plus(3, 2, output_stride=32)


# --- FCN -------------------------------------------------------------------------------------------------------------------


def test_the_fcn_has_exactly_the_parameters_as_described_and_as_coded() -> None:
    assert parameters_of(FCN(3, 3, anchors=0)) == 121_593
    assert parameters_of(FCN(3, 3, anchors=0, middle_kernel=3, middle_channels=512)) == 714_489


def test_the_fcn_can_double_with_transposed_convolutions() -> None:
    network = FCN(3, 2, anchors=0, upsampling=Upsampling.TRANSPOSED)
    assert parameters_of(network) > parameters_of(FCN(3, 2, anchors=0))
    assert network(torch.rand(2, 3, 16, 24)).segmentation.shape == (2, 2, 16, 24)


def test_the_fcn_names_the_padded_size() -> None:
    with pytest.raises(UsageError) as caught:
        FCN(3, 2)(torch.zeros(1, 10, 16, dtype=torch.uint8))
    assert "12x16" in caught.value.hint


# --- ResUNet ---------------------------------------------------------------------------------------------------------------


def test_the_resunet_has_exactly_the_specified_parameters() -> None:
    network = MaskAndMap(6)
    assert parameters_of(network) == 11_033_922
    assert parameters_of(network.encoder.blocks) == 1_219_200
    assert parameters_of(network.encoder.middle) == 3_542_016
    assert parameters_of(network.mask_decoder) + parameters_of(network.mask_head) == 3_136_353
    assert parameters_of(network.map_decoder) + parameters_of(network.map_head) == 3_136_353


def test_the_resunet_over_a_chargrid_differs_by_its_input_and_its_last_layers_only() -> None:
    grid, own = ResUNet(6, 1, anchors=1), MaskAndMap(6)
    heads = (33 + 2 * 33 + 4 * 33) - 2 * 33  # 1 class, 2 mask and 4 coordinate channels against 1 + 1
    assert parameters_of(grid) == parameters_of(own) + heads


def test_the_resunet_names_the_padded_size() -> None:
    with pytest.raises(UsageError) as caught:
        Encoder(6, 0.125)(torch.zeros(1, 6, 100, 64))
    assert "112x64" in caught.value.hint


def filled_form(seed: int, size: int = 48) -> tuple[Tensor, Tensor, Tensor]:
    """A form with some boxes filled in, over its blank template: float [1, 6, H, W], mask [1, 1, H, W], map [1, 1, H, W].

    The template has lines and captions in dark ink; what is filled in has ink of varying strength, which is the map.
    """
    random = np.random.default_rng(seed)
    blank = np.ones((3, size, size), np.float32)
    blank[:, ::16, :] = 0.2
    blank[:, 2:5, 2 : 2 + size // 3] = 0.1
    filled, mask, strength = blank.copy(), np.zeros((size, size), np.float32), np.zeros((size, size), np.float32)
    for row in range(0, size, 16):
        if random.random() < 0.3:
            continue
        left, ink = int(random.integers(4, size // 2)), random.uniform(0.3, 1.0)
        place = (slice(row + 6, row + 12), slice(left, left + int(random.integers(8, 24))))
        strokes = random.random((6, place[1].stop - place[1].start)) < 0.8
        mask[place] = strokes
        strength[place] = strokes * ink
    filled *= 1 - 0.9 * strength
    noise = random.normal(0, 0.02, (6, size, size)).astype(np.float32)
    picture = np.concatenate([filled, blank]) + noise
    return torch.from_numpy(picture)[None], torch.from_numpy(mask)[None, None], torch.from_numpy(strength)[None, None]


def test_the_resunet_learns_what_was_filled_in_on_a_form() -> None:
    torch.manual_seed(0)
    network = MaskAndMap(6, scale=0.25)
    optimiser = torch.optim.Adam(network.parameters(), lr=5e-3)
    for step in range(50):
        picture, mask, strength = (torch.cat(parts) for parts in zip(*(filled_form(4 * step + k) for k in range(4)), strict=True))
        logits, predicted = network(picture)
        loss = binary_cross_entropy(logits, mask) + dice_loss(logits, mask) + 10 * huber_loss(predicted, strength)
        optimiser.zero_grad()
        torch.autograd.backward(loss)
        optimiser.step()
    network.eval()
    picture, mask, strength = filled_form(10_000)
    logits, predicted = network(picture)
    found = logits > 0
    assert ((found & (mask > 0)).sum() / (found | (mask > 0)).sum()).item() > 0.8, "IoU on a form it never saw"
    assert F.l1_loss(predicted, strength).item() < 0.75 * strength.mean().item()


def test_a_strided_mix_of_channels_gives_the_numbers_of_the_strided_convolution() -> None:
    torch.manual_seed(0)
    mix = StridedMix(8, 16, 2)
    plain = torch.nn.Conv2d(8, 16, 1, stride=2, bias=False)
    plain.load_state_dict(mix.state_dict())
    x = torch.randn(2, 8, 7, 10)
    assert torch.allclose(mix(x), plain(x), atol=1e-6)


def test_a_thin_deeplab_trains_with_channels_last() -> None:
    """In a process of its own: a strided 1x1 convolution over 8 channels once wrote past its memory there."""
    program = """
import torch
from docgrid.networks import NETWORKS, WIDTH_ARGUMENTS, Architecture
torch.set_num_threads(1)
deeplab = Architecture.DEEPLAB
network = NETWORKS[deeplab](inputs=3, classes=5, anchors=0, **WIDTH_ARGUMENTS[deeplab](8)).to(memory_format=torch.channels_last)
for _ in range(2):
    network(torch.rand(2, 3, 256, 192)).segmentation.square().mean().backward()
"""
    outcome = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=300, check=False)
    assert (outcome.returncode, outcome.stderr) == (0, "")
