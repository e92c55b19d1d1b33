from __future__ import annotations

import numpy as np
import pytest

from docgrid.evaluation import Counts, Interval, paper_measure, resampled_weights
from docgrid.evaluation.calibration import accepted_at, calibrate, expected_calibration_error
from docgrid.evaluation.matching import Judged
from docgrid.evaluation.metrics import f1_interval, interval_of, score_of


def test_a_wrong_value_costs_precision_and_recall() -> None:
    score = score_of([Counts(1, 1, 1), Counts(0, 1, 1), Counts(0, 0, 1), Counts(1, 1, 1)])
    assert (score.precision, score.recall) == (2 / 3, 2 / 4)
    assert score.f1 == pytest.approx(4 / 7)  # 2 * 2 / (3 + 4)


def test_figures_of_nothing_are_none_and_not_zero() -> None:
    score = score_of([Counts(), Counts()])
    assert (score.precision, score.recall, score.f1, score.paper) == (None, None, None, None)


@pytest.mark.parametrize(
    ("counts", "edits"),
    [
        (Counts(2, 2, 2), 0),
        (Counts(1, 2, 2, modified=1), 1),
        (Counts(1, 3, 2, modified=1), 2),  # one modification and one deletion
        (Counts(1, 2, 2), 2),  # one deletion and one insertion, at different places
        (Counts(0, 0, 3), 3),  # three insertions
        (Counts(0, 2, 0), 2),  # two deletions
    ],
)
def test_edits_are_insertions_deletions_and_modifications(counts: Counts, edits: int) -> None:
    assert counts.edits == edits


def test_the_paper_measure_falls_below_zero_where_predictions_do_harm() -> None:
    assert paper_measure(Counts(4, 5, 5, modified=1)) == pytest.approx(1 - 1 / 5)
    assert paper_measure(Counts(0, 3, 1, modified=1)) == -2.0


def test_edits_are_not_traded_between_documents() -> None:
    deleted_here, inserted_there = Counts(0, 1, 0), Counts(0, 0, 1)
    assert paper_measure(deleted_here + inserted_there) == -1.0
    assert paper_measure(Counts(0, 1, 1, modified=1)) == 0.0


def test_resampled_documents_are_as_many_as_there_are() -> None:
    weights = resampled_weights(7, seed=1, resamples=50)
    assert weights.shape == (50, 7)
    assert set(weights.sum(axis=1)) == {7.0}
    assert np.array_equal(weights, resampled_weights(7, seed=1, resamples=50))
    assert not np.array_equal(weights, resampled_weights(7, seed=2, resamples=50))


def test_the_interval_of_equal_documents_has_no_width_and_that_of_two_extremes_is_everything() -> None:
    weights = resampled_weights(2, seed=0)
    assert f1_interval(np.array([[1.0, 1, 1], [1, 1, 1]]), weights) == Interval(1.0, 1.0)
    assert f1_interval(np.array([[1.0, 1, 1], [0, 1, 1]]), weights) == Interval(0.0, 1.0)  # a quarter each draws one twice


def test_the_interval_leaves_out_two_and_a_half_per_cent_on_each_side() -> None:
    assert interval_of(np.arange(1001.0)) == Interval(25.0, 975.0)


def test_the_interval_of_a_proportion_is_near_the_normal_one() -> None:
    table = np.array([[1.0, 1, 1]] * 80 + [[0.0, 1, 1]] * 20)
    interval = f1_interval(table, resampled_weights(100, seed=3))
    assert interval is not None
    assert interval.low == pytest.approx(0.8 - 1.96 * 0.04, abs=0.009)  # sqrt(0.8 * 0.2 / 100) = 0.04
    assert interval.high == pytest.approx(0.8 + 1.96 * 0.04, abs=0.009)


def test_calibration_error_is_the_mean_gap_between_confidence_and_truth() -> None:
    confidences = np.array([0.95, 0.95, 0.95, 0.95, 0.55, 0.55])
    right = np.array([True, True, True, False, True, False])
    # four in one bin: 3.80 claimed, 3 right; two in another: 1.10 claimed, 1 right
    assert expected_calibration_error(confidences, right, bins=10) == pytest.approx((0.80 + 0.10) / 6)
    # gaps of opposite sign do not cancel: 0.8 claimed and wrong, 0.2 claimed and right
    assert expected_calibration_error(np.array([0.85, 0.25]), np.array([False, True]), bins=10) == pytest.approx(
        (0.85 + 0.75) / 2
    )
    assert expected_calibration_error(np.array([1.0]), np.array([True])) == 0.0


def test_fields_are_accepted_best_first_down_to_the_precision_asked_for() -> None:
    confidences = np.array([0.7, 0.9, 0.8, 0.6])
    right = np.array([False, True, True, True])
    weights = np.ones((1, 4))
    assert accepted_at(confidences, right, weights, 0.99)[0].tolist() == [2.0]
    assert accepted_at(confidences, right, weights, 0.75)[0].tolist() == [4.0]


def test_equal_confidences_are_accepted_together_or_not_at_all() -> None:
    confidences, right = np.array([0.9, 0.8, 0.8]), np.array([True, True, False])
    assert accepted_at(confidences, right, np.ones((1, 3)), 0.99)[0].tolist() == [1.0]


def test_a_wrong_best_prediction_leaves_nothing_to_accept() -> None:
    taken, last = accepted_at(np.array([0.9, 0.8]), np.array([False, True]), np.ones((1, 2)), 0.99)
    assert (taken.tolist(), last.tolist()) == ([0.0], [-1])


def test_shares_are_taken_of_the_true_fields() -> None:
    documents = [
        [Judged("a", 0.9, True, True), Judged("b", 0.4, False, False)],
        [Judged("a", 0.8, True, True)],
    ]
    result = calibrate(documents, [2, 2], resampled_weights(2, seed=0))
    assert result.accepted_share == pytest.approx(2 / 4)
    assert result.threshold == 0.8
    assert (result.decided_share, result.decided_precision) == (0.5, 1.0)
    assert result.accepted_interval is not None
    assert result.accepted_interval.low <= 0.5 <= result.accepted_interval.high


def test_without_predictions_nothing_is_accepted() -> None:
    result = calibrate([[], []], [1, 1], resampled_weights(2, seed=0))
    assert (result.accepted_share, result.threshold, result.decided_precision) == (0.0, None, None)
