"""Measuring of predictions against truths: matching, field and line-item figures, calibration, quality gates.

`evaluate` is the door; the protocols fix what counts as an instance and when two values are the same. `attribution` says what
lost each wrong field, `segments` compares labels by their places, `scans` turns born-digital documents into scans; these three
are imported by name, because they need the network's packages.
"""

from __future__ import annotations

from docgrid.evaluation.calibration import Calibration, calibrate, expected_calibration_error
from docgrid.evaluation.confidences import CrossFit, Rated, accept_threshold, cross_fit, fit_calibration
from docgrid.evaluation.figures import Figures, figures_of
from docgrid.evaluation.instances import DocumentValues, FieldValue, predicted_values, true_values
from docgrid.evaluation.matching import Comparison, Counts, DocumentMatch, Outcome, equal, match_document
from docgrid.evaluation.metrics import Interval, Score, paper_measure, resampled_weights
from docgrid.evaluation.protocols import COMPARISONS, Protocol
from docgrid.evaluation.report import Evaluation, evaluate, evaluate_places, labelled_part

__all__ = [
    "COMPARISONS",
    "Calibration",
    "Comparison",
    "Counts",
    "CrossFit",
    "DocumentMatch",
    "DocumentValues",
    "Evaluation",
    "FieldValue",
    "Figures",
    "Interval",
    "Outcome",
    "Protocol",
    "Rated",
    "Score",
    "accept_threshold",
    "calibrate",
    "cross_fit",
    "equal",
    "evaluate",
    "evaluate_places",
    "expected_calibration_error",
    "figures_of",
    "fit_calibration",
    "labelled_part",
    "match_document",
    "paper_measure",
    "predicted_values",
    "resampled_weights",
    "true_values",
]
