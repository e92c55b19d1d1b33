"""Figures from counts: precision, recall, F1, the chargrid paper's measure, and their intervals over documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from docgrid.evaluation.matching import Counts

RESAMPLES = 1000


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95 % interval from resampled documents."""

    low: float
    high: float

    def to_dict(self) -> list[float]:
        """Plain data, rounded to what 1000 resamples can tell."""
        return [round(self.low, 4), round(self.high, 4)]


@dataclass(frozen=True, slots=True)
class Score:
    """The figures of one field, or of several fields together."""

    counts: Counts
    interval: Interval | None = None  # of F1

    @property
    def precision(self) -> float | None:
        """Share of the predicted instances that are right; None where nothing was predicted."""
        return self.counts.matched / self.counts.predicted if self.counts.predicted else None

    @property
    def recall(self) -> float | None:
        """Share of the true instances that were found; None where there is none."""
        return self.counts.matched / self.counts.true if self.counts.true else None

    @property
    def f1(self) -> float | None:
        """Harmonic mean of both, 2 matched / (predicted + true); None where neither side has an instance."""
        return f1_of(self.counts)

    @property
    def paper(self) -> float | None:
        """The measure of the chargrid paper; None where the truth has no instance."""
        return paper_measure(self.counts)

    def to_dict(self) -> dict[str, object]:
        """Plain data for a card or a report."""
        data: dict[str, object] = {
            "precision": _rounded(self.precision),
            "recall": _rounded(self.recall),
            "f1": _rounded(self.f1),
            "paper_measure": _rounded(self.paper),
            "true": self.counts.true,
            "predicted": self.counts.predicted,
            "right": self.counts.matched,
        }
        if self.interval is not None:
            data["f1_interval"] = self.interval.to_dict()
        return data


def _rounded(figure: float | None) -> float | None:
    return None if figure is None else round(figure, 4)


def f1_of(counts: Counts) -> float | None:
    """F1 of counts; None where neither side has an instance."""
    both = counts.predicted + counts.true
    return 2 * counts.matched / both if both else None


def paper_measure(counts: Counts) -> float | None:
    """The measure of the chargrid paper, `1 - (ins + del + mod) / N`; below 0 where the predictions do harm.

    Returns:
        None where the truth has no instance (N = 0).

    Source:
        Katti et al. 2018, Chargrid, https://aclanthology.org/D18-1476, section 4.2.
    """
    return 1 - counts.edits / counts.true if counts.true else None


def score_of(documents: Sequence[Counts], weights: NDArray[np.float64] | None = None) -> Score:
    """The score of one field (or of a sum of fields) over documents.

    Args:
        documents: One entry a document.
        weights: float [R, D] of `resampled_weights`; with them the score carries an interval.
    """
    total = sum(documents, Counts())
    interval = None
    if weights is not None and len(documents):
        table = np.array([(one.matched, one.predicted, one.true) for one in documents], np.float64)
        interval = f1_interval(table, weights)
    return Score(total, interval)


def resampled_weights(documents: int, *, seed: int, resamples: int = RESAMPLES) -> NDArray[np.float64]:
    """How often each document is drawn in each resample with replacement.

    Returns:
        float [R, D]; each row sums to D.
    """
    if documents == 0:
        return np.zeros((resamples, 0))
    shares = np.full(documents, 1 / documents)
    return np.random.default_rng(seed).multinomial(documents, shares, size=resamples).astype(np.float64)


def f1_interval(table: NDArray[np.float64], weights: NDArray[np.float64]) -> Interval | None:
    """The 2.5 % and 97.5 % percentiles of micro F1 over resampled documents.

    Args:
        table: float [D, 3]: matched, predicted, true.
        weights: float [R, D].

    Returns:
        None where no resample has an instance.
    """
    sums = weights @ table  # [R, 3]
    both = sums[:, 1] + sums[:, 2]
    figures = 2 * sums[both > 0, 0] / both[both > 0]
    return interval_of(figures)


def macro_f1_interval(table: NDArray[np.float64], weights: NDArray[np.float64]) -> Interval | None:
    """The same for the mean F1 of several fields; a field without instance in a resample is left out of its mean.

    Args:
        table: float [D, F, 3]: matched, predicted, true of each field.
        weights: float [R, D].
    """
    if not table.size:
        return None
    sums = np.einsum("rd,dfk->rfk", weights, table)
    both = sums[..., 1] + sums[..., 2]
    figures = np.divide(2 * sums[..., 0], both, out=np.full(both.shape, np.nan), where=both > 0)
    some = np.any(both > 0, axis=1)
    return interval_of(np.nanmean(figures[some], axis=1)) if some.any() else None


def interval_of(figures: NDArray[np.float64]) -> Interval | None:
    """The middle 95 % of resampled figures; None of none."""
    if not len(figures):
        return None
    low, high = np.percentile(figures, [2.5, 97.5])
    return Interval(float(low), float(high))
