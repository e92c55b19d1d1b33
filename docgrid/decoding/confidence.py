"""From the parts of a score to a confidence that says how often such a field is right: logistic regression on few features."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from docgrid.decoding.nouns import FieldPrediction
from docgrid.errors import ModelError

EVERY_FIELD = "*"  # the entry of a calibration for fields that have none of their own
FEATURES = ("constant", "segmentation", "weakest", "margin", "ocr", "distance")
_WITHOUT_DISTANCE = 5  # features of cards that were written before documents had a distance
_DISTANCE_SCALE = 3.0  # brings distances, mostly below 0.5, to the spread of the others
_EDGE = 1e-4  # probabilities are cut here before their log odds are taken
_STEPS = 50


def features_of(prediction: FieldPrediction) -> list[float]:
    """What the confidence is computed from, in the order of `FEATURES`.

    Log odds of the mean and of the weakest word probability, how far the next best reading is behind (-1..1), the least certain
    character of the OCR (0..1), and how far the document is from all training documents (0..3; 0 where that is not known).
    """
    scores = prediction.scores
    mean = scores.get("segmentation", prediction.score)
    return [
        1.0,
        _log_odds(mean),
        _log_odds(scores.get("weakest", mean)),
        scores.get("margin", mean),
        scores.get("ocr", 1.0),
        _DISTANCE_SCALE * scores.get("distance", 0.0),
    ]


def confidence_of(prediction: FieldPrediction, calibration: Mapping[str, Sequence[float]]) -> float:
    """Probability that a field is right, 0..1; the plain score where the model was never calibrated.

    Args:
        prediction: A decoded field.
        calibration: Weights of the features by field name, "*" for all others, as `fit_confidence` gives them.

    Raises:
        ModelError: The weights are not as many finite numbers as there are features.
    """
    weights = calibration.get(prediction.name, calibration.get(EVERY_FIELD))
    if weights is None:
        return min(max(prediction.score, 0.0), 1.0)
    if len(weights) not in (_WITHOUT_DISTANCE, len(FEATURES)) or not all(map(math.isfinite, weights)):
        raise ModelError(
            f"the card's calibration of {prediction.name!r} is not {len(FEATURES)} finite numbers: {list(weights)}",
            hint="Run docgrid calibrate, or take the calibration off the card.",
        )
    total = sum(weight * feature for weight, feature in zip(weights, features_of(prediction), strict=False))
    return 1 / (1 + math.exp(-min(max(total, -30.0), 30.0)))


def fit_confidence(rows: Sequence[Sequence[float]], right: Sequence[bool], *, ridge: float = 1.0) -> list[float]:
    """Weights that turn features into the probability of being right, fitted on held-out documents.

    Args:
        rows: Features of each prediction, as `features_of` gives them.
        right: Whether each was right.
        ridge: Strength of the pull of the slopes towards zero: larger is safer with few examples. The constant is left free. A
            pull towards the plain score (slope 1) made every score far too sure: networks of this kind say 0.999 and are wrong
            in one case of thirty.

    Source:
        Platt 1999, Probabilistic Outputs for Support Vector Machines; by Newton's method, targets smoothed as there.
    """
    features: NDArray[np.float64] = np.array(rows, np.float64).reshape(-1, len(FEATURES))
    hits = np.array(right, bool)
    good, bad = int(hits.sum()), int((~hits).sum())
    targets = np.where(hits, (good + 1) / (good + 2), 1 / (bad + 2))
    pull = np.full(len(FEATURES), ridge)
    pull[0] = 1e-3
    weights = np.zeros(len(FEATURES))
    for _ in range(_STEPS):
        chances = 1 / (1 + np.exp(-np.clip(features @ weights, -30, 30)))
        gradient = features.T @ (chances - targets) + pull * weights
        curvature = (features * (chances * (1 - chances))[:, None]).T @ features + np.diag(pull)
        step = np.linalg.solve(curvature, gradient)
        weights = weights - step * min(1.0, 5.0 / max(float(np.abs(step).max()), 1e-9))
        if np.abs(step).max() < 1e-8:
            break
    return [float(weight) for weight in weights]


def _log_odds(probability: float) -> float:
    inside = min(max(probability, _EDGE), 1 - _EDGE)
    return math.log(inside / (1 - inside))
