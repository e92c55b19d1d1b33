"""Confidence fitted on documents and measured on others: calibration as it goes on a card, and its cross-fitted figures (C1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from docgrid.decoding import EVERY_FIELD, FieldPrediction, confidence_of, features_of, fit_confidence
from docgrid.evaluation.calibration import BINS, PRECISION, expected_calibration_error
from docgrid.evaluation.matching import Judged
from docgrid.evaluation.metrics import Interval, interval_of

LEAST_EXAMPLES = 60  # a field with fewer predictions shares the calibration of all fields
LEAST_WRONG = 5  # and so does one that was hardly ever wrong: its slope would be guesswork
FOLDS = 5


@dataclass(frozen=True)
class Rated:
    """A prediction on a held-out document and whether it was right."""

    prediction: FieldPrediction
    right: bool


def fit_calibration(rated: Sequence[Rated]) -> dict[str, list[float]]:
    """Weights that turn scores into the probability of being right, by field name, "*" for the rest; empty for nothing."""
    if not rated:
        return {}
    by_name: dict[str, list[Rated]] = defaultdict(list)
    for entry in rated:
        by_name[entry.prediction.name].append(entry)
    weights = {EVERY_FIELD: _fit(rated)}
    for name, rows in by_name.items():
        if len(rows) >= LEAST_EXAMPLES and sum(not row.right for row in rows) >= LEAST_WRONG:
            weights[name] = _fit(rows)
    return weights


def _fit(rows: Sequence[Rated]) -> list[float]:
    return fit_confidence([features_of(row.prediction) for row in rows], [row.right for row in rows])


def accept_threshold(rated: Sequence[Rated], calibration: Mapping[str, Sequence[float]], target_precision: float) -> float:
    """The lowest confidence from which on the share of right fields reaches a precision; 1 where none does."""
    confidences = np.array([confidence_of(entry.prediction, calibration) for entry in rated])
    order = np.argsort(-confidences, kind="stable")
    right = np.array([entry.right for entry in rated], bool)[order]
    last_of_tie = np.append(np.diff(confidences[order]) < 0, True)[: len(order)]  # equal confidences are accepted together
    precise = np.flatnonzero((np.cumsum(right) / np.arange(1, len(right) + 1) >= target_precision) & last_of_tie)
    return float(confidences[order][precise[-1]]) if len(precise) else 1.0


@dataclass(frozen=True, slots=True)
class CrossFit:
    """How good calibration and threshold are on documents that neither was fitted on."""

    folds: int
    expected_calibration_error: float
    error_interval: Interval | None
    accepted_share: float  # of the true fields
    share_interval: Interval | None
    accepted_precision: float | None  # of what was accepted; None: nothing was
    precision_interval: Interval | None
    precision: float  # what was asked for
    confidences: tuple[float, ...]  # of every prediction, and whether it was right
    right: tuple[bool, ...]

    def to_dict(self) -> dict[str, object]:
        """Plain data for a card or a report."""
        return {
            "folds": self.folds,
            "expected_calibration_error": round(self.expected_calibration_error, 4),
            "expected_calibration_error_interval": _plain(self.error_interval),
            "accepted_share": round(self.accepted_share, 4),
            "accepted_share_interval": _plain(self.share_interval),
            "accepted_precision": None if self.accepted_precision is None else round(self.accepted_precision, 4),
            "accepted_precision_interval": _plain(self.precision_interval),
            "target_precision": self.precision,
        }


def _plain(interval: Interval | None) -> list[float] | None:
    return None if interval is None else interval.to_dict()


def cross_fit(
    documents: Sequence[Sequence[Judged]],
    true: Sequence[int],
    weights: NDArray[np.float64],
    *,
    precision: float = PRECISION,
    seed: int = 0,
) -> CrossFit | None:
    """Fit calibration and threshold on four fifths of the documents, measure them on the last, five times.

    Args:
        documents: The judged predictions of each document, with the parts of their scores.
        true: The number of true fields of each document: what shares are taken of.
        weights: float [R, D] of `resampled_weights`, for the intervals.
        precision: Share of the accepted fields that must be right.
        seed: Decides which document is in which fifth.

    Returns:
        None where predictions carry no scores, or documents are fewer than folds.
    """
    rated = [[Rated(_prediction(one), one.right) for one in judged if one.scores] for judged in documents]
    if len(documents) < FOLDS or not any(rated):
        return None
    fold_of = np.random.default_rng(seed).permutation(len(documents)) % FOLDS
    table = np.zeros((len(documents), 3))  # predictions accepted, accepted and right, true fields
    table[:, 2] = true
    owners, confidences, right = [], [], []
    for fold in range(FOLDS):
        others = [one for number, rows in enumerate(rated) if fold_of[number] != fold for one in rows]
        calibration = fit_calibration(others)
        threshold = accept_threshold(others, calibration, precision) if others else 1.0
        for number in np.flatnonzero(fold_of == fold).tolist():
            for one in rated[number]:
                confidence = confidence_of(one.prediction, calibration)
                table[number, :2] += (confidence >= threshold, confidence >= threshold and one.right)
                owners.append(number)
                confidences.append(confidence)
                right.append(one.right)
    return _summed(table, np.array(owners), np.array(confidences), np.array(right, bool), weights, precision)


def _prediction(judged: Judged) -> FieldPrediction:
    scores = dict(judged.scores)
    return FieldPrediction(judged.field, 1, (), scores.get("segmentation", judged.confidence), scores)


def _summed(
    table: NDArray[np.float64],
    owners: NDArray[np.int64],
    confidences: NDArray[np.float64],
    right: NDArray[np.bool_],
    weights: NDArray[np.float64],
    precision: float,
) -> CrossFit:
    accepted, correct, there = table.sum(axis=0)
    drawn = weights @ table  # [R, 3]
    some = drawn[:, 0] > 0
    any_true = drawn[:, 2] > 0
    return CrossFit(
        FOLDS,
        expected_calibration_error(confidences, right),
        interval_of(_resampled_errors(confidences, right, weights[:, owners])),
        min(float(accepted / max(there, 1.0)), 1.0),
        interval_of(np.minimum(drawn[any_true, 0] / drawn[any_true, 2], 1.0)),
        float(correct / accepted) if accepted else None,
        interval_of(drawn[some, 1] / drawn[some, 0]),
        precision,
        tuple(confidences.tolist()),
        tuple(right.tolist()),
    )


def _resampled_errors(
    confidences: NDArray[np.float64], right: NDArray[np.bool_], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Float [R]: the calibration error of every resample of documents."""
    which = np.clip((confidences * BINS).astype(np.int64), 0, BINS - 1)
    member = np.zeros((len(which), BINS))
    member[np.arange(len(which)), which] = confidences - right
    totals = weights.sum(axis=1)
    errors: NDArray[np.float64] = np.abs(weights @ member).sum(axis=1)[totals > 0] / totals[totals > 0]
    return errors
