from __future__ import annotations

import math
from collections.abc import Callable

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from docgrid.errors import UsageError
from docgrid.losses import (
    CHOICES,
    PAPER_LOSSES,
    ChosenLoss,
    GridLoss,
    Head,
    berhu_loss,
    binary_cross_entropy,
    box_coords_loss,
    box_mask_loss,
    chosen_losses,
    class_weights,
    cross_entropy,
    dice_loss,
    dice_over_classes,
    gradient_loss,
    huber_loss,
    l1_loss,
    picture_losses,
    rmse_loss,
    ssim_loss,
)
from docgrid.networks.layers import NetworkOutput


def logits_of(*probabilities: tuple[float, ...]) -> Tensor:
    """[1, K, 1, W] logits whose softmax gives these probabilities, one tuple a cell."""
    return torch.tensor(probabilities).log().t()[None, :, None, :]


def test_aggressive_weights_of_the_extremes() -> None:
    # 1 / ln 1.04 = 25.497 for a class that never occurs, 1 / ln 2.04 = 1.4027 for one that is everywhere
    assert class_weights(torch.tensor([0.0, 1.0])).tolist() == pytest.approx([25.4967, 1.40274], rel=1e-4)


def test_plain_cross_entropy_is_the_mean_of_minus_the_logarithms() -> None:
    logits = logits_of((0.5, 0.5), (0.25, 0.75))
    loss = cross_entropy(logits, torch.tensor([[[0, 1]]]))
    assert loss.item() == pytest.approx((math.log(2) + math.log(4 / 3)) / 2)


def test_class_weights_weigh_and_divide_by_their_sum() -> None:
    logits = logits_of((0.5, 0.5), (0.25, 0.75))
    loss = cross_entropy(logits, torch.tensor([[[0, 1]]]), torch.tensor([1.0, 3.0]))
    assert loss.item() == pytest.approx((math.log(2) + 3 * math.log(4 / 3)) / 4)


def test_focal_loss_with_gamma_two_worked_out_by_hand() -> None:
    # p = 0.5: 0.5^2 * 0.693147 = 0.173287; p = 0.9: 0.1^2 * 0.105361 = 0.00105361
    loss = cross_entropy(logits_of((0.5, 0.5), (0.1, 0.9)), torch.tensor([[[0, 1]]]), gamma=2.0)
    assert loss.item() == pytest.approx((0.173287 + 0.00105361) / 2, rel=1e-4)


def test_cells_of_minus_one_are_left_out() -> None:
    logits = logits_of((0.5, 0.5), (1e-9, 1.0))
    assert cross_entropy(logits, torch.tensor([[[0, -1]]]), gamma=2.0).item() == pytest.approx(0.173287, rel=1e-4)


def test_a_target_where_everything_is_left_out_costs_nothing() -> None:
    logits = torch.randn(1, 3, 2, 2, requires_grad=True)
    loss = cross_entropy(logits, torch.full((1, 2, 2), -1), gamma=2.0)
    torch.autograd.backward(loss)
    assert loss.item() == 0
    assert logits.grad is not None
    assert not logits.grad.any()


@pytest.mark.parametrize("gamma", [0.0, 2.0])
def test_many_classes_go_another_way_to_the_same_loss_and_gradient(gamma: float) -> None:
    generator = torch.Generator().manual_seed(0)
    target = torch.randint(-1, 15, (2, 4, 6), generator=generator)
    weights = torch.rand(40, generator=generator)
    few = torch.randn(2, 15, 4, 6, generator=generator, requires_grad=True)
    padding = torch.full((2, 25, 4, 6), -1e9)
    first = cross_entropy(few, target, weights[:15], gamma=gamma)
    gradient = torch.autograd.grad(first, few)[0]
    second = cross_entropy(torch.cat([few, padding], dim=1), target, weights, gamma=gamma)
    assert second.item() == pytest.approx(first.item(), rel=1e-5)
    assert torch.allclose(torch.autograd.grad(second, few)[0], gradient, atol=1e-7)


def test_cross_entropy_agrees_with_torch_on_either_layout_and_in_half_precision() -> None:
    logits, target, weights = torch.randn(2, 5, 8, 8), torch.randint(0, 5, (2, 8, 8)), torch.rand(5)
    expected = F.cross_entropy(logits, target, weights)
    for memory_format in (torch.contiguous_format, torch.channels_last):
        ours = cross_entropy(logits.contiguous(memory_format=memory_format), target, weights)
        assert torch.allclose(ours, expected, atol=1e-6)
    half = cross_entropy(logits.bfloat16(), target, weights)
    assert half.dtype == torch.float32
    assert torch.allclose(half, expected, rtol=0.02)


def test_the_softmax_of_the_box_mask_runs_over_two_not_over_all_anchors() -> None:
    # Two anchors, logits (0, 0) and (0, ln 3): probabilities 1/2 and 3/4 of a box, whatever the other anchor says.
    logits = torch.tensor([0.0, 0.0, 0.0, math.log(3)]).view(1, 4, 1, 1)
    target = torch.tensor([1, 1]).view(1, 2, 1, 1)
    assert box_mask_loss(logits, target, gamma=0).item() == pytest.approx((math.log(2) + math.log(4 / 3)) / 2)
    only_second = torch.tensor([-1, 0]).view(1, 2, 1, 1)
    assert box_mask_loss(logits, only_second, gamma=0).item() == pytest.approx(math.log(4))


def test_the_box_mask_loss_weighs_boxes_and_focuses() -> None:
    logits = torch.tensor([0.0, 0.0, 0.0, math.log(3)]).view(1, 4, 1, 1)
    target = torch.tensor([0, 1]).view(1, 2, 1, 1)
    first, second = 0.5**2 * math.log(2), 0.25**2 * math.log(4 / 3)
    loss = box_mask_loss(logits, target, torch.tensor([1.0, 5.0]))
    assert loss.item() == pytest.approx((first + 5 * second) / 6)


def test_huber_on_positive_anchors_only_divided_by_their_number() -> None:
    # Two anchors, 1 x 2 cells. Positive: anchor 0 at cell 0 with differences 0.5, 2, 0, 0 -> 0.125 + 1.5; anchor 1 at cell 1
    # with 1, 0, 0, -3 -> 0.5 + 2.5. Sum 4.625, two positives.
    target = torch.zeros(1, 8, 1, 2)
    coords = torch.full((1, 8, 1, 2), 100.0)
    coords[0, :4, 0, 0] = torch.tensor([0.5, 2, 0, 0])
    coords[0, 4:, 0, 1] = torch.tensor([1.0, 0, 0, -3])
    mask = torch.tensor([[[[1, 0]], [[-1, 1]]]])
    assert box_coords_loss(coords, target, mask).item() == pytest.approx(4.625 / 2)


def test_without_positive_anchors_the_coordinates_cost_nothing() -> None:
    coords = torch.randn(1, 8, 2, 2, requires_grad=True)
    loss = box_coords_loss(coords, torch.zeros(1, 8, 2, 2), torch.zeros(1, 2, 2, 2, dtype=torch.int64))
    torch.autograd.backward(loss)
    assert loss.item() == 0


def output_of(anchors: int = 1) -> NetworkOutput:
    generator = torch.Generator().manual_seed(3)
    shape = (1, 3, 2, 2)
    return NetworkOutput(
        torch.randn(shape, generator=generator),
        torch.randn(1, 2 * anchors, 2, 2, generator=generator),
        torch.randn(1, 4 * anchors, 2, 2, generator=generator),
        torch.zeros(shape),
    )


def test_the_losses_of_the_paper_are_two_focal_cross_entropies_and_huber() -> None:
    output = output_of()
    segmentation = torch.tensor([[[0, 1], [2, 0]]])
    mask, coords = torch.tensor([[[[1, 0], [-1, 0]]]]), torch.zeros(1, 4, 2, 2)
    weights = torch.tensor([1.0, 2.0, 3.0])
    parts = GridLoss(PAPER_LOSSES, weights, torch.tensor([1.0, 4.0]))(output, segmentation, mask, coords)
    assert output.box_mask is not None
    assert output.box_coords is not None
    assert torch.equal(parts["segmentation"], cross_entropy(output.segmentation, segmentation, weights, gamma=2.0))
    assert torch.equal(parts["box_mask"], box_mask_loss(output.box_mask, mask, torch.tensor([1.0, 4.0])))
    assert torch.equal(parts["box_coords"], box_coords_loss(output.box_coords, coords, mask))


def test_losses_of_one_head_add_up_with_their_weights() -> None:
    output, segmentation = output_of(), torch.tensor([[[0, 1], [2, 0]]])
    chosen = chosen_losses(["segmentation=focal:2", "segmentation=dice:0.5"], list(Head), PAPER_LOSSES)
    parts = GridLoss(chosen)(output, segmentation, torch.ones(1, 1, 2, 2, dtype=torch.int64), torch.zeros(1, 4, 2, 2))
    focal = cross_entropy(output.segmentation, segmentation, gamma=2.0)
    dice = dice_over_classes(output.segmentation, segmentation)
    assert parts["segmentation"].item() == pytest.approx((2 * focal + 0.5 * dice).item())
    assert set(parts) == {"segmentation", "box_mask", "box_coords"}, "the heads that were not named keep theirs"


def test_another_distance_of_the_boxes_is_summed_over_coordinates_and_divided_by_the_boxes() -> None:
    coords = torch.tensor([3.0, 0.0, 0.0, -1.0]).view(1, 4, 1, 1)
    mask = torch.ones(1, 1, 1, 1, dtype=torch.int64)
    chosen = [ChosenLoss(Head.BOX_COORDS, "l1", 0.5)]
    output = output_of()._replace(box_coords=coords)
    parts = GridLoss(chosen)(output, torch.zeros(1, 2, 2, dtype=torch.int64), mask, torch.zeros(1, 4, 1, 1))
    assert parts["box_coords"].item() == pytest.approx(0.5 * (3 + 1))


def test_pages_without_box_targets_train_the_segmentation_alone() -> None:
    segmentation = torch.zeros(1, 2, 2, dtype=torch.int64)
    for output in (output_of(), output_of()._replace(box_mask=None, box_coords=None)):
        assert set(GridLoss()(output, segmentation)) == {"segmentation"}


def test_the_weights_travel_with_the_module() -> None:
    loss = GridLoss(PAPER_LOSSES, torch.ones(3))
    assert "class_weights" in loss.state_dict()
    assert loss.double().class_weights is not None
    assert loss.class_weights is not None
    assert loss.class_weights.dtype == torch.float64


def test_dice_over_classes_worked_out_by_hand() -> None:
    # Cells of the classes 0, 0, 1 with p(1) = 0.25, 0.5, 0.75; the third class does not occur, the last cell is left out.
    logits = logits_of((0.75, 0.25, 1e-9), (0.5, 0.5, 1e-9), (0.25, 0.75, 1e-9), (1e-9, 1e-9, 1.0))
    first = (2 * 1.25 + 1) / (1.5 + 2 + 1)
    second = (2 * 0.75 + 1) / (1.5 + 1 + 1)
    loss = dice_over_classes(logits, torch.tensor([[[0, 0, 1, -1]]]))
    assert loss.item() == pytest.approx(1 - (first + second) / 2)
    assert dice_over_classes(logits, torch.full((1, 1, 4), -1)).item() == 0


@pytest.mark.parametrize(
    ("text", "problem", "hint"),
    [
        ("segmentation=focl", "segmentation has no loss 'focl'", "Did you mean 'focal'?"),
        ("box_cords=l1", "unknown head 'box_cords'", "Did you mean 'box_coords'?"),
        ("map=l1", "unknown head 'map'", "Choose one of segmentation, box_mask, box_coords."),
        ("box_coords=ssim", "box_coords has no loss 'ssim'", "Choose one of huber, l1, rmse, berhu."),
        ("segmentation", "'segmentation' chooses no loss", "HEAD=NAME:WEIGHT"),
        ("segmentation=dice:-1", "'-1' in 'segmentation=dice:-1' is no weight", "from 0 up"),
        ("segmentation=dice:nan", "is no weight", "from 0 up"),
    ],
)
def test_a_loss_that_does_not_exist_is_refused_with_the_nearest_one(text: str, problem: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        chosen_losses([text], [Head.SEGMENTATION, Head.BOX_MASK, Head.BOX_COORDS], PAPER_LOSSES)
    assert problem in caught.value.problem
    assert hint in caught.value.hint


def test_every_loss_that_can_be_chosen_gives_a_finite_gradient() -> None:
    grid = {Head.SEGMENTATION, Head.BOX_MASK, Head.BOX_COORDS}
    for head, names in CHOICES.items():
        for name in names:
            x = torch.randn(1, 8, 8, 8, generator=torch.Generator().manual_seed(0), requires_grad=True)
            mask = torch.ones(1, 2, 8, 8, dtype=torch.int64)
            output = NetworkOutput(x, x[:, :4], x, x)
            if head in grid:
                parts = GridLoss([ChosenLoss(head, name)])(output, mask[:, 0], mask, torch.zeros(1, 8, 8, 8))
            elif head in (Head.MASK, Head.MAP):
                pair = (x[:, :1], torch.ones(1, 1, 8, 8))
                parts = picture_losses([ChosenLoss(head, name)], pair, pair)
            else:
                continue
            torch.autograd.backward(list(parts.values()))
            assert x.grad is not None and torch.isfinite(x.grad).all() and x.grad.any(), f"{head} {name}"


# Differences of 0, 1, -2 and 5 between two pictures of 2 x 2.
PREDICTED = torch.tensor([[[[1.0, 2.0], [0.0, 5.0]]]])
TARGET = torch.tensor([[[[1.0, 1.0], [2.0, 0.0]]]])


def test_dense_losses_worked_out_by_hand() -> None:
    assert l1_loss(PREDICTED, TARGET).item() == pytest.approx(8 / 4)
    assert rmse_loss(PREDICTED, TARGET).item() == pytest.approx(math.sqrt(30 / 4))
    assert huber_loss(PREDICTED, TARGET).item() == pytest.approx((0 + 0.5 + 1.5 + 4.5) / 4)


def test_berhu_is_linear_below_a_fifth_of_the_largest_difference_and_quadratic_above() -> None:
    # c = 0.2 * 5 = 1: 0, 1, (4 + 1) / 2, (25 + 1) / 2
    assert berhu_loss(PREDICTED, TARGET).item() == pytest.approx((0 + 1 + 2.5 + 13) / 4)
    assert berhu_loss(TARGET, TARGET).item() == 0


def test_the_gradient_loss_compares_neighbours() -> None:
    # differences [[0, 1], [-2, 5]]: along rows 1 and 7, along columns 2 and 4
    assert gradient_loss(PREDICTED, TARGET).item() == pytest.approx((1 + 7) / 2 + (2 + 4) / 2)
    assert gradient_loss(TARGET + 3, TARGET).item() == pytest.approx(0)


def test_binary_cross_entropy_from_logits() -> None:
    logits = torch.tensor([0.0, math.log(3)]).view(1, 1, 1, 2)  # probabilities 1/2 and 3/4
    target = torch.tensor([1.0, 0.0]).view(1, 1, 1, 2)
    assert binary_cross_entropy(logits, target).item() == pytest.approx((math.log(2) + math.log(4)) / 2)


def test_dice_counts_what_both_masks_share() -> None:
    logits = torch.tensor([0.0, math.log(3)]).view(1, 1, 1, 2)
    target = torch.tensor([1.0, 0.0]).view(1, 1, 1, 2)
    assert dice_loss(logits, target).item() == pytest.approx(1 - (2 * 0.5 + 1) / (1.25 + 1 + 1))
    nothing = torch.zeros(1, 1, 4, 4)
    assert dice_loss(nothing - 100, nothing).item() == pytest.approx(0)


def test_structural_similarity_worked_out_on_one_window() -> None:
    # Window 2: means 2 and 1, variances 30/4 - 4 = 3.5 and 6/4 - 1 = 0.5, covariance 3/4 - 2 = -1.25; peak 10: c1 0.01, c2 0.09
    likeness = (2 * 2 * 1 + 0.01) * (2 * -1.25 + 0.09) / ((4 + 1 + 0.01) * (3.5 + 0.5 + 0.09))
    assert ssim_loss(PREDICTED, TARGET, window=2, peak=10).item() == pytest.approx((1 - likeness) / 2, rel=1e-4)
    picture = torch.rand(1, 1, 16, 16)
    assert ssim_loss(picture, picture).item() == pytest.approx(0, abs=1e-5)


@pytest.mark.parametrize(
    "loss", [binary_cross_entropy, dice_loss, l1_loss, rmse_loss, huber_loss, berhu_loss, ssim_loss, gradient_loss]
)
def test_every_dense_loss_pulls_a_picture_towards_its_target(loss: Callable[[Tensor, Tensor], Tensor]) -> None:
    torch.manual_seed(0)
    target = torch.zeros(1, 1, 16, 16)
    target[..., 4:12, 4:12] = 1
    picture = torch.randn(1, 1, 16, 16, requires_grad=True)
    before = loss(picture, target)
    optimiser = torch.optim.Adam([picture], lr=0.1)
    for _ in range(50):
        optimiser.zero_grad()
        torch.autograd.backward(loss(picture, target))
        optimiser.step()
    assert loss(picture, target) < 0.6 * before
    assert torch.isfinite(picture).all()
