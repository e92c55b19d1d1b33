"""Measuring of predictions against truths: matching, field and line-item figures, calibration, quality gates.

`evaluate` is the door; the protocols (R1, A1, E1, S1) fix what counts as an instance and when two values are the same.
"""

from __future__ import annotations

from docgrid.evaluation.calibration import Calibration, calibrate, expected_calibration_error
from docgrid.evaluation.instances import DocumentValues, FieldValue, predicted_values, true_values
from docgrid.evaluation.matching import Comparison, Counts, DocumentMatch, equal, match_document
from docgrid.evaluation.metrics import Interval, Score, paper_measure, resampled_weights
from docgrid.evaluation.report import COMPARISONS, Evaluation, Figures, Protocol, evaluate, figures_of, labelled_part

__all__ = [
    "COMPARISONS",
    "Calibration",
    "Comparison",
    "Counts",
    "DocumentMatch",
    "DocumentValues",
    "Evaluation",
    "FieldValue",
    "Figures",
    "Interval",
    "Protocol",
    "Score",
    "calibrate",
    "equal",
    "evaluate",
    "expected_calibration_error",
    "figures_of",
    "labelled_part",
    "match_document",
    "paper_measure",
    "predicted_values",
    "resampled_weights",
    "true_values",
]
