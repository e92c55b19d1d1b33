from __future__ import annotations

import numpy as np
import pytest

from docgrid.decoding import FieldPrediction
from docgrid.evaluation import Rated, accept_threshold, cross_fit, fit_calibration, resampled_weights
from docgrid.evaluation.matching import Judged


def judged(score: float, right: bool, name: str = "total") -> Judged:
    return Judged(name, score, right, False, (("segmentation", score), ("weakest", score), ("margin", score), ("ocr", 1.0)))


def documents(count: int, right_of_sure: float, seed: int = 3) -> list[list[Judged]]:
    """Each with a sure value that is right so often, and one of score 0.3 that is right half of the time."""
    chance = np.random.default_rng(seed)
    return [
        [judged(0.999, bool(chance.random() < right_of_sure)), judged(0.3, bool(chance.random() < 0.5))] for _ in range(count)
    ]


def test_scores_that_are_too_sure_are_cured_on_documents_that_calibration_did_not_see() -> None:
    rows = documents(300, 0.8)
    fitted = cross_fit(rows, [2] * len(rows), resampled_weights(len(rows), seed=0, resamples=100))
    assert fitted is not None
    assert fitted.expected_calibration_error < 0.06  # the plain scores are off by 0.2
    assert fitted.error_interval is not None
    assert fitted.error_interval.low <= fitted.expected_calibration_error
    assert len(fitted.confidences) == 600


def test_the_share_accepted_at_a_precision_is_chosen_and_measured_on_different_documents() -> None:
    rows = documents(400, 0.97)
    weights = resampled_weights(len(rows), seed=0, resamples=100)
    strict, lax = (cross_fit(rows, [2] * len(rows), weights, precision=precision) for precision in (0.995, 0.95))
    assert strict is not None and lax is not None
    assert strict.accepted_share == 0.0  # no confidence is right so often
    assert lax.accepted_share == pytest.approx(0.5, abs=0.01)  # the sure half
    assert lax.accepted_precision == pytest.approx(0.97, abs=0.02)
    assert lax.share_interval is not None and lax.share_interval.low <= lax.accepted_share <= lax.share_interval.high


def test_fewer_documents_than_folds_or_values_without_scores_cannot_be_cross_fitted() -> None:
    weights = resampled_weights(4, seed=0, resamples=10)
    assert cross_fit(documents(4, 0.9), [2] * 4, weights) is None
    bare = [[Judged("total", 0.9, True, False)] for _ in range(10)]
    assert cross_fit(bare, [1] * 10, resampled_weights(10, seed=0, resamples=10)) is None


def test_a_field_gets_its_own_calibration_where_it_was_wrong_often_enough() -> None:
    def rated(name: str, right: bool) -> Rated:
        return Rated(FieldPrediction(name, 1, (), 0.9, {"segmentation": 0.9}), right)

    often = [rated("often", number % 6 > 0) for number in range(90)]
    rarely = [rated("rarely", number > 0) for number in range(90)]
    assert fit_calibration([*often, *rarely]).keys() == {"*", "often"}
    assert fit_calibration([]) == {}


def test_the_threshold_is_the_lowest_confidence_that_reaches_the_precision() -> None:
    scores = [(0.9, True), (0.8, True), (0.7, False), (0.6, True)]
    rated = [Rated(FieldPrediction("total", 1, (), score), right) for score, right in scores]
    assert accept_threshold(rated, {}, 0.75) == pytest.approx(0.6)
    assert accept_threshold(rated, {}, 0.9) == pytest.approx(0.8)
    assert accept_threshold(rated[2:3], {}, 0.9) == 1.0


def test_values_of_equal_confidence_are_accepted_together_or_not_at_all() -> None:
    rated = [Rated(FieldPrediction("total", 1, (), 0.9), right) for right in (True, True, False, False)]
    assert accept_threshold(rated, {}, 0.99) == 1.0
