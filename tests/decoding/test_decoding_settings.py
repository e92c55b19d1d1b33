from __future__ import annotations

import itertools

import numpy as np
import pytest

from docgrid.decoding import DecodingSettings, FieldPrediction, ItemGrouping, confidence_of, features_of, fit_confidence
from docgrid.decoding.blocks import _spans
from docgrid.errors import ModelError


def test_settings_survive_a_model_card() -> None:
    settings = DecodingSettings(
        minimum_score=0.2, minimum_scores={"total": 0.4}, item_grouping=ItemGrouping.BOXES, arithmetic=False
    )
    assert DecodingSettings.from_dict(settings.to_dict()) == settings
    assert settings.to_dict()["minimum_score:total"] == 0.4


def test_names_that_a_card_leaves_out_keep_their_defaults() -> None:
    assert DecodingSettings.from_dict({}) == DecodingSettings()


@pytest.mark.parametrize(
    "data",
    [
        {"minimum_scores": 0.5},
        {"colour": 1.0},
        {"seed": True},
        {"seed": float("nan")},
        {"seed": -1.0},
        {"arithmetic": 1.0},
        {"item_grouping": "magic"},
        {"minimum_score:total": "high"},
    ],
)
def test_a_damaged_card_is_refused(data: dict[str, float | bool | str]) -> None:
    with pytest.raises(ModelError):
        DecodingSettings.from_dict(data)


def test_a_field_without_its_own_minimum_takes_the_common_one() -> None:
    settings = DecodingSettings(minimum_score=0.2, minimum_scores={"total": 0.4})
    assert (settings.minimum_of("total"), settings.minimum_of("date")) == (0.4, 0.2)


def best_by_trying(evidence: list[float], turn_cost: float) -> float:
    """The value of the best cut of a line, over all cuts."""
    return max(
        sum(gain for gain, inside in zip(evidence, cut, strict=True) if inside)
        - turn_cost * sum(a != b for a, b in itertools.pairwise(cut))
        for cut in itertools.product((0, 1), repeat=len(evidence))
    )


@pytest.mark.parametrize("seed", range(20))
def test_the_cut_of_a_line_is_the_best_of_all_cuts(seed: int) -> None:
    random = np.random.default_rng(seed)
    evidence = random.normal(0, 2, 7).tolist()
    spans = _spans(evidence, 1.0)
    inside = [any(start <= place < stop for start, stop in spans) for place in range(7)]
    value = sum(gain for gain, taken in zip(evidence, inside, strict=True) if taken)
    value -= sum(a != b for a, b in itertools.pairwise(inside))
    assert value == pytest.approx(best_by_trying(evidence, 1.0))


def prediction(mean: float, **scores: float) -> FieldPrediction:
    return FieldPrediction("total", 1, (0,), mean, {"segmentation": mean, **scores})


def test_without_a_calibration_the_confidence_is_the_score() -> None:
    assert confidence_of(prediction(0.7), {}) == 0.7


def test_a_calibration_that_takes_the_mean_alone_changes_nothing() -> None:
    assert confidence_of(prediction(0.7), {"*": [0.0, 1.0, 0.0, 0.0, 0.0]}) == pytest.approx(0.7)


def test_a_field_with_its_own_calibration_does_not_take_the_common_one() -> None:
    calibration = {"*": [0.0, 1.0, 0.0, 0.0, 0.0], "total": [-30.0, 0.0, 0.0, 0.0, 0.0]}
    assert confidence_of(prediction(0.7), calibration) == pytest.approx(0.0, abs=1e-9)


def test_features_are_log_odds_margin_and_ocr() -> None:
    features = features_of(prediction(0.5, weakest=0.5, margin=0.25, ocr=0.75))
    assert features == [1.0, 0.0, 0.0, 0.25, 0.75, 0.0]
    assert features_of(prediction(0.5, distance=0.5))[-1] == 1.5


def test_a_calibration_from_before_documents_had_a_distance_still_counts() -> None:
    near, far = prediction(0.7), prediction(0.7, distance=0.9)
    old, new = {"*": [0.0, 1.0, 0.0, 0.0, 0.0]}, {"*": [0.0, 1.0, 0.0, 0.0, 0.0, -1.0]}
    assert confidence_of(far, old) == confidence_of(near, old) == pytest.approx(0.7)
    assert confidence_of(far, new) < confidence_of(near, new)


def test_fitting_finds_how_often_scores_are_right() -> None:
    # Scores of 0.9 that are right 3 times of 4, scores of 0.1 right 1 time of 4: far too sure on both sides.
    rows = [features_of(prediction(0.9))] * 400 + [features_of(prediction(0.1))] * 400
    right = [True] * 300 + [False] * 100 + [True] * 100 + [False] * 300
    weights = fit_confidence(rows, right, ridge=1e-3)
    assert confidence_of(prediction(0.9), {"*": weights}) == pytest.approx(0.75, abs=0.01)
    assert confidence_of(prediction(0.1), {"*": weights}) == pytest.approx(0.25, abs=0.01)


def test_fitting_on_few_examples_is_never_sure() -> None:
    weights = fit_confidence([features_of(prediction(0.9))], [True])
    assert 0.5 < confidence_of(prediction(0.9), {"*": weights}) < 0.99
    assert np.isfinite(fit_confidence([], [])).all()


@pytest.mark.parametrize("weights", [[1.0], [0.0, float("nan"), 0.0, 0.0, 0.0]])
def test_a_damaged_calibration_is_refused(weights: list[float]) -> None:
    with pytest.raises(ModelError, match="6 finite numbers"):
        confidence_of(prediction(0.7), {"*": weights})
