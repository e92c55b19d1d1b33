"""Matched documents summed up: the figures of every field, of all fields, and of line items."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from docgrid.evaluation.matching import Counts, DocumentMatch
from docgrid.evaluation.metrics import Interval, Score, f1_of, macro_f1_interval, score_of
from docgrid.schema import Schema


@dataclass(frozen=True)
class Figures:
    """The figures of some documents under one comparison."""

    documents: int
    micro: Score  # document-level fields together
    macro_f1: float | None  # mean F1 of the fields that occur
    macro_interval: Interval | None
    fields: dict[str, Score]
    line_items: Score | None  # fields within line items together; None where neither side has one
    items: Score | None  # whole line items
    item_fields: dict[str, Score]
    overall: Score  # document-level and line-item fields together

    def to_dict(self) -> dict[str, object]:
        """Plain data for a card or a report."""
        return {
            "documents": self.documents,
            "micro": self.micro.to_dict(),
            "macro_f1": None if self.macro_f1 is None else round(self.macro_f1, 4),
            "macro_f1_interval": None if self.macro_interval is None else self.macro_interval.to_dict(),
            "fields": {name: score.to_dict() for name, score in self.fields.items()},
            "line_items": None if self.line_items is None else self.line_items.to_dict(),
            "whole_items": None if self.items is None else self.items.to_dict(),
            "line_item_fields": {name: score.to_dict() for name, score in self.item_fields.items()},
            "overall": self.overall.to_dict(),
        }


def named_figures(figures: Figures) -> dict[str, float | None]:
    """Every figure that a quality gate can ask for."""
    named = {
        "micro_f1": figures.micro.f1,
        "micro_precision": figures.micro.precision,
        "micro_recall": figures.micro.recall,
        "macro_f1": figures.macro_f1,
        "overall_f1": figures.overall.f1,
        "paper_measure": figures.overall.paper,
        "line_item_f1": figures.line_items.f1 if figures.line_items else None,
        "whole_item_f1": figures.items.f1 if figures.items else None,
    }
    return named | {f"{name}_f1": score.f1 for name, score in (figures.fields | figures.item_fields).items()}


def figures_of(matches: Sequence[DocumentMatch], schema: Schema, weights: NDArray[np.float64]) -> Figures:
    """Sum up matched documents.

    Args:
        matches: One entry a document.
        schema: The scored fields.
        weights: float [R, D] of `resampled_weights`, for the intervals.
    """
    header = {
        spec.name: score_of([one.fields[spec.name] for one in matches], weights) for spec in schema.fields if not spec.line_item
    }
    rows = {
        spec.name: score_of([one.item_fields[spec.name] for one in matches], weights) for spec in schema.fields if spec.line_item
    }
    occurring = [figure for score in header.values() if (figure := f1_of(score.counts)) is not None]
    micro = _together([list(one.fields.values()) for one in matches], weights)
    overall = _together([[*one.fields.values(), *one.item_fields.values()] for one in matches], weights)
    items = [one.items for one in matches]
    has_items = any(one.predicted or one.true for one in items) and bool(rows)
    return Figures(
        len(matches),
        micro,
        sum(occurring) / len(occurring) if occurring else None,
        macro_f1_interval(np.array([[_row(one.fields[name]) for name in header] for one in matches], np.float64), weights),
        header,
        _together([list(one.item_fields.values()) for one in matches], weights) if has_items else None,
        score_of(items, weights) if has_items else None,
        rows,
        overall,
    )


def _row(counts: Counts) -> tuple[int, int, int]:
    return counts.matched, counts.predicted, counts.true


def _together(documents: Sequence[Sequence[Counts]], weights: NDArray[np.float64]) -> Score:
    """The micro score of several fields: their counts are summed, document by document."""
    return score_of([sum(fields, Counts()) for fields in documents], weights)
