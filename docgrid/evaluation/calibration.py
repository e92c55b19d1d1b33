"""Protocol C1: does a confidence of 0.9 mean right nine times in ten, and how much can be accepted without looking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from docgrid.evaluation.matching import Judged
from docgrid.evaluation.metrics import Interval, interval_of

BINS = 15
PRECISION = 0.99


@dataclass(frozen=True, slots=True)
class Calibration:
    """How far the confidences can be trusted."""

    expected_calibration_error: float | None  # None where nothing was predicted
    accepted_share: float  # of the true fields, at the threshold
    accepted_interval: Interval | None
    threshold: float | None  # confidence from which on the accepted fields reach the precision; None: none does
    precision: float  # what was asked for
    decided_share: float  # of the true fields: what the model itself decided to accept
    decided_precision: float | None  # how many of those are right; None where it accepted nothing

    def to_dict(self) -> dict[str, object]:
        """Plain data for a card or a report."""
        error = self.expected_calibration_error
        return {
            "expected_calibration_error": None if error is None else round(error, 4),
            "accepted_share": round(self.accepted_share, 4),
            "accepted_share_interval": None if self.accepted_interval is None else self.accepted_interval.to_dict(),
            "accepted_precision": self.precision,
            "threshold": self.threshold,
            "decided_share": round(self.decided_share, 4),
            "decided_precision": None if self.decided_precision is None else round(self.decided_precision, 4),
        }


def expected_calibration_error(confidences: NDArray[np.float64], right: NDArray[np.bool_], *, bins: int = BINS) -> float:
    """Mean distance between confidence and share of right values, over bins of equal width weighted by their size.

    Args:
        confidences: float [P] in 0..1.
        right: bool [P].
        bins: Number of bins over 0..1.

    Source:
        Guo et al. 2017, On Calibration of Modern Neural Networks, arXiv 1706.04599, equation 3.
    """
    if not len(confidences):
        return 0.0
    which = np.clip((confidences * bins).astype(np.int64), 0, bins - 1)
    gaps = np.bincount(which, weights=confidences - right, minlength=bins)
    return float(np.abs(gaps).sum() / len(confidences))


def accepted_at(
    confidences: NDArray[np.float64], right: NDArray[np.bool_], weights: NDArray[np.float64], precision: float
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """How much may be accepted, best confidence first, while at least `precision` of it is right.

    The threshold is chosen on the very data it is measured on, per resample; the interval shows how much that can mean.

    Args:
        confidences: float [P].
        right: bool [P].
        weights: float [R, P], how often each prediction counts.
        precision: Share that must be right.

    Returns:
        float [R] accepted weight, and int64 [R] the row of the last accepted prediction in order of confidence (-1: none).
    """
    order = np.argsort(-confidences, kind="stable")
    sorted_confidences = confidences[order]
    weighted = weights[:, order]
    taken = np.cumsum(weighted, axis=1)
    correct = np.cumsum(weighted * right[order], axis=1)
    last_of_tie = np.append(sorted_confidences[1:] < sorted_confidences[:-1], True)  # equal confidences go together
    allowed = (correct >= precision * taken - 1e-9) & last_of_tie & (taken > 0)
    rows = np.arange(allowed.shape[1])
    last = np.where(allowed, rows, -1).max(axis=1, initial=-1)
    return np.where(last >= 0, taken[np.arange(len(taken)), last], 0.0), last


def calibrate(
    documents: Sequence[Sequence[Judged]], true: Sequence[int], weights: NDArray[np.float64], *, precision: float = PRECISION
) -> Calibration:
    """Measure the confidences of judged predictions.

    Args:
        documents: The judged predictions of each document.
        true: The number of true fields of each document: what shares are taken of.
        weights: float [R, D] of `resampled_weights`.
        precision: Share of the accepted fields that must be right.
    """
    rows = [(number, one) for number, judged in enumerate(documents) for one in judged]
    document = np.array([number for number, _ in rows], np.int64)
    confidences = np.array([one.confidence for _, one in rows], np.float64)
    right = np.array([one.right for _, one in rows], bool)
    decided = np.array([one.accepted for _, one in rows], bool)
    there = np.array(true, np.float64)
    accepted, last = accepted_at(confidences, right, np.ones((1, len(rows))), precision) if rows else (np.zeros(1), [-1])
    resampled: NDArray[np.float64] = np.zeros(0)
    totals = weights @ there
    if rows and np.any(totals > 0):
        resampled = accepted_at(confidences, right, weights[:, document], precision)[0][totals > 0] / totals[totals > 0]
    total = max(float(there.sum()), 1.0)
    ordered = np.sort(confidences)[::-1]
    return Calibration(
        expected_calibration_error(confidences, right) if rows else None,
        min(float(accepted[0]) / total, 1.0),
        interval_of(np.minimum(resampled, 1.0)),
        float(ordered[last[0]]) if last[0] >= 0 else None,
        precision,
        min(float(decided.sum()) / total, 1.0),
        float(right[decided].mean()) if decided.any() else None,
    )
