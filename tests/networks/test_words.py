from __future__ import annotations

import numpy as np
import pytest
import torch

from docgrid.features import NEIGHBOURS, NGRAMS_PER_WORD, NUMERIC_NAMES
from docgrid.networks import Chargrid
from docgrid.networks.words import DocumentNetwork, PageBatch, WordHead, WordHeads, pool_words, rotate, rotation_angles


def batch(pages: int = 2, words: int = 6, *, size: int = 16, seed: int = 0) -> PageBatch:
    random = np.random.default_rng(seed)
    is_word = np.ones((pages, words), bool)
    is_word[-1, words // 2 :] = False
    cell_words = random.integers(-1, words // 2, (pages, size, size))
    return PageBatch(
        grid=torch.from_numpy(random.integers(0, 10, (pages, size, size)).astype(np.uint8)),
        cell_words=torch.from_numpy(cell_words.astype(np.int32)),
        ngrams=torch.from_numpy(random.integers(0, 50, (pages, words, NGRAMS_PER_WORD)).astype(np.int32)),
        numeric=torch.from_numpy(random.random((pages, words, len(NUMERIC_NAMES))).astype(np.float32)),
        positions=torch.from_numpy(random.random((pages, words, 2)).astype(np.float32) * 30),
        neighbours=torch.from_numpy(random.integers(-1, words // 2, (pages, words, len(NEIGHBOURS))).astype(np.int32)),
        lines=torch.from_numpy(np.tile(np.arange(words) // 2, (pages, 1)).astype(np.int32)),
        is_word=torch.from_numpy(is_word),
    )


def network(*, grid: bool = True) -> DocumentNetwork:
    torch.manual_seed(0)
    encoder = Chargrid(10, 4, width=8, anchors=0) if grid else None
    return DocumentNetwork(encoder, WordHeads(3, 8 if grid else 0, members=2, width=32, layers=2))


def test_pooling_is_the_mean_over_the_cells_of_a_word() -> None:
    features = torch.tensor([[[[1.0, 2.0], [3.0, 10.0]]]])  # one page, one channel, 2 x 2 cells
    cell_words = torch.tensor([[[0, 0], [2, -1]]], dtype=torch.int32)
    assert pool_words(features, cell_words, 3).tolist() == [[[1.5], [0.0], [3.0]]]


def test_there_is_one_logit_for_each_word_and_field_and_one_start() -> None:
    output = network().eval()(batch())
    assert output.words.shape == (2, 2, 6, 3)
    assert output.item_starts.shape == (2, 2, 6)
    assert output.grid.segmentation.shape == (2, 4, 16, 16)


@pytest.mark.parametrize("grid", [True, False])
def test_every_parameter_of_the_word_head_learns(grid: bool) -> None:
    model = network(grid=grid).train()
    output = model(batch())
    (output.words.square().sum() + output.item_starts.square().sum()).backward()
    assert model.words is not None
    assert [name for name, parameter in model.words.named_parameters() if parameter.grad is None] == []


def test_the_word_head_teaches_the_grid_network() -> None:
    model = network().train()
    model(batch()).words.square().sum().backward()
    assert model.grid is not None
    first = next(model.grid.parameters())
    assert first.grad is not None
    assert float(first.grad.abs().sum()) > 0


def test_padding_changes_nothing_for_the_words_of_a_page() -> None:
    model = network().eval()
    whole = batch(pages=1, words=6)
    alone = whole._replace(is_word=torch.ones(1, 6, dtype=torch.bool))
    padded = PageBatch(
        *(
            tensor if name in ("grid", "cell_words") else torch.cat([tensor, torch.zeros_like(tensor[:, :4])], dim=1)
            for name, tensor in alone._asdict().items()
        )
    )
    with torch.no_grad():
        assert torch.allclose(model(alone).words, model(padded).words[:, :, :6], atol=1e-5)


def test_rotation_keeps_lengths_and_makes_products_depend_on_distance_only() -> None:
    vectors = torch.randn(1, 1, 2, 16)
    near, far = torch.tensor([[[1.0, 2.0], [4.0, 6.0]]]), torch.tensor([[[11.0, 22.0], [14.0, 26.0]]])
    one, other = (rotate(vectors, rotation_angles(place, 16)) for place in (near, far))
    assert torch.allclose(one.norm(dim=3), vectors.norm(dim=3), atol=1e-5)
    assert float((one[0, 0, 0] * one[0, 0, 1]).sum()) == pytest.approx(float((other[0, 0, 0] * other[0, 0, 1]).sum()), abs=1e-4)


def test_a_head_that_reads_a_grid_says_so_when_there_is_none() -> None:
    with pytest.raises(ValueError, match="reads grid features"):
        WordHead(3, 8, width=32)(batch(), None)


def test_each_word_head_learns_from_its_own_errors_and_their_mean_answers() -> None:
    both = network().words
    assert both is not None
    page = batch(pages=1)
    features = torch.randn(1, 8, 16, 16)
    answers, _ = both.eval()(page, features)
    assert not torch.allclose(answers[0], answers[1], atol=1e-3)  # they start apart
    answers[0].sum().backward()
    first, second = (dict(member.named_parameters())["fields.weight"].grad for member in both.members)
    assert first is not None
    assert second is not None
    assert float(first.abs().sum()) > 0
    assert float(second.abs().sum()) == 0


def test_only_the_first_word_head_reads_the_grid() -> None:
    both = network().words
    assert both is not None
    page = batch(pages=1)
    with torch.no_grad():
        one, other = (both.eval()(page, torch.full((1, 8, 16, 16), value))[0] for value in (0.0, 5.0))
    assert not torch.equal(one[0], other[0])
    assert torch.equal(one[1], other[1])


@pytest.mark.parametrize("members", [0, 17, 10**9])
def test_a_number_of_word_heads_out_of_range_is_refused(members: int) -> None:
    with pytest.raises(ValueError, match="one at least and 16 at most"):
        WordHeads(3, 8, members=members)
