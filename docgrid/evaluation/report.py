"""The measuring of a whole data set, and its result as one value that can be shown, stored on a card and compared with a gate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from docgrid.errors import QualityGateError, UsageError
from docgrid.evaluation.calibration import Calibration, calibrate
from docgrid.evaluation.conventions import conventions_of
from docgrid.evaluation.instances import DocumentValues, Labelled, Pair, predicted_values, true_values
from docgrid.evaluation.matching import Comparison, Counts, DocumentMatch, match_document
from docgrid.evaluation.metrics import RESAMPLES, Score, f1_of, resampled_weights, score_of
from docgrid.schema import Schema


class Protocol(StrEnum):
    """How documents of one kind are measured (named in the README)."""

    R1 = "R1"  # receipts, text given: one value a field, exact and folded
    R2 = "R2"  # receipts, end to end: the same from the picture alone
    A1 = "A1"  # ad-buy invoices: one value a field, typed
    E1 = "E1"  # e-invoices: header fields and line items, typed
    S1 = "S1"  # synthetic invoices: the chargrid paper's measure, typed


COMPARISONS: dict[Protocol, tuple[Comparison, ...]] = {
    Protocol.R1: (Comparison.FOLDED, Comparison.EXACT),
    Protocol.R2: (Comparison.FOLDED, Comparison.EXACT),
    Protocol.A1: (Comparison.TYPED,),
    Protocol.E1: (Comparison.TYPED,),
    Protocol.S1: (Comparison.TYPED,),
}  # the first one is what the headline figure, the calibration and the gate use


@dataclass(frozen=True)
class Figures:
    """The figures of some documents under one comparison."""

    documents: int
    micro: Score  # document-level fields together
    macro_f1: float | None  # mean F1 of the fields that occur
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
            "fields": {name: score.to_dict() for name, score in self.fields.items()},
            "line_items": None if self.line_items is None else self.line_items.to_dict(),
            "whole_items": None if self.items is None else self.items.to_dict(),
            "line_item_fields": {name: score.to_dict() for name, score in self.item_fields.items()},
            "overall": self.overall.to_dict(),
        }


@dataclass(frozen=True)
class Evaluation:
    """All figures of one run: per comparison over all documents, over unseen and over seen layouts."""

    protocol: Protocol
    documents: int
    unread: dict[str, str]  # documents without a usable prediction -> their status
    results: dict[Comparison, Figures]
    unseen: dict[Comparison, Figures]  # empty where it is not known which layouts were trained on
    seen: dict[Comparison, Figures]
    calibration: Calibration
    seed: int
    resamples: int

    @property
    def headline(self) -> Figures:
        """The figures under the first comparison of the protocol, over all documents."""
        return next(iter(self.results.values()))

    def to_dict(self) -> dict[str, object]:
        """Plain data for a card or a report."""

        def plain(figures: Mapping[Comparison, Figures]) -> dict[str, object]:
            return {how.value: one.to_dict() for how, one in figures.items()}

        return {
            "protocol": self.protocol.value,
            "documents": self.documents,
            "unread": self.unread,
            "unseen_layouts": plain(self.unseen),
            "seen_layouts": plain(self.seen),
            "all": plain(self.results),
            "calibration": self.calibration.to_dict(),
            "bootstrap": {"seed": self.seed, "resamples": self.resamples, "level": 0.95},
        }

    def gate_figures(self) -> dict[str, float]:
        """Every figure that a quality gate can ask for, by name."""
        figures: dict[str, float | None] = {}
        for how, one in reversed(self.results.items()):
            for name, value in _named_figures(one).items():
                figures[f"{how}_{name}"] = value
                figures[name] = value  # the headline comparison comes last and wins
        for name, value in _named_figures(next(iter(self.unseen.values()))).items() if self.unseen else ():
            figures[f"unseen_{name}"] = value
        figures["accepted_share"] = self.calibration.accepted_share
        return {name: value for name, value in figures.items() if value is not None}

    def check_gate(self, name: str, least: float) -> None:
        """Hold the run to a figure.

        Raises:
            UsageError: There is no such figure.
            QualityGateError: It lies below `least`.
        """
        figures = self.gate_figures()
        if name not in figures:
            raise UsageError(f"no figure {name!r} to fail under", hint=f"Figures of this run: {', '.join(sorted(figures))}.")
        if figures[name] < least:
            raise QualityGateError(
                f"{name} is {figures[name]:.4f}, below {least:g}",
                hint="Train longer or on more documents, choose another --model, or lower --fail-under.",
            )


def _named_figures(figures: Figures) -> dict[str, float | None]:
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


def evaluate(
    predictions: Mapping[str, object] | Iterable[object],
    truths: Iterable[Labelled],
    *,
    schema: Schema,
    protocol: Protocol,
    seen_layouts: frozenset[str] | None = None,
    unseen_ids: frozenset[str] = frozenset(),
    seed: int = 0,
    resamples: int = RESAMPLES,
) -> Evaluation:
    """Measure predictions against truths, document by document.

    Every truth counts: one without a prediction has all its fields missing. Only fields that the data set labels at all are
    scored, so that a model which knows more fields than the data set is not punished for them. For the same reason the line items
    of an e-invoice whose XML has none are not scored (E1).

    Args:
        predictions: Extraction documents (`docgrid.extraction` or their JSON), by the id of the truth, or with the same id.
        truths: Labelled documents or data-set records.
        schema: The schema of the truths.
        protocol: How to measure.
        seen_layouts: The layouts that the model was trained on; None when that is not known.
        unseen_ids: Documents of a layout that training did not see, for data sets that name no layouts.
        seed: Of the resampling.
        resamples: How many times documents are drawn for the intervals.
    """
    by_id = _predictions_by_id(predictions, schema)
    pairs = [
        Pair(true, by_id.get(true.id, DocumentValues(true.id, {}, status="skipped")))
        for true in (true_values(one, schema) for one in truths)
    ]
    if protocol is Protocol.E1:
        pairs = [_without_unlabelled_items(pair) for pair in pairs]
    scored = labelled_part(schema, [pair.truth for pair in pairs])
    groups = _groups(pairs, seen_layouts, unseen_ids)
    comparisons = COMPARISONS[protocol]
    written = conventions_of([pair.truth for pair in pairs], schema)
    matches = {
        how: [match_document(*pair, scored, how, convention) for pair, convention in zip(pairs, written, strict=True)]
        for how in comparisons
    }
    weights = resampled_weights(len(pairs), seed=seed, resamples=resamples)

    def measured(rows: Sequence[int], draws: NDArray[np.float64]) -> dict[Comparison, Figures]:
        return {how: figures_of([matches[how][row] for row in rows], scored, draws) for how in comparisons}

    by_group = {
        name: measured(rows, resampled_weights(len(rows), seed=seed, resamples=resamples))
        for name, rows in groups.items()
        if rows
    }
    headline = matches[comparisons[0]]
    return Evaluation(
        protocol,
        len(pairs),
        {pair.truth.id: pair.prediction.status for pair in pairs if pair.prediction.status not in ("ok", "partial")},
        measured(range(len(pairs)), weights),
        by_group.get("unseen", {}),
        by_group.get("seen", {}),
        calibrate([one.judged for one in headline], [_total(one).true for one in headline], weights),
        seed,
        resamples,
    )


def _predictions_by_id(predictions: Mapping[str, object] | Iterable[object], schema: Schema) -> dict[str, DocumentValues]:
    if isinstance(predictions, Mapping):
        return {key: predicted_values(one, schema, document_id=key) for key, one in predictions.items()}
    return {values.id: values for values in (predicted_values(one, schema) for one in predictions)}


def labelled_part(schema: Schema, truths: Iterable[DocumentValues]) -> Schema:
    """The fields of a schema that occur in any truth."""
    present: set[str] = set()
    for truth in truths:
        present.update(truth.fields, *truth.line_items)
    return replace(schema, fields=tuple(spec for spec in schema.fields if spec.name in present))


def _without_unlabelled_items(pair: Pair) -> Pair:
    """Line items do not count where an e-invoice has none: its smaller profiles cannot carry the lines that the page prints."""
    return pair if pair.truth.line_items else pair._replace(prediction=replace(pair.prediction, line_items=()))


def _groups(pairs: Sequence[Pair], seen_layouts: frozenset[str] | None, unseen_ids: frozenset[str]) -> dict[str, list[int]]:
    """Rows of the documents of unseen and of seen layouts; nothing where neither names nor ids tell which is which."""
    named = any(pair.truth.layout for pair in pairs)
    if seen_layouts is None or not (named or unseen_ids & {pair.truth.id for pair in pairs}):
        return {}
    seen = [
        row
        for row, pair in enumerate(pairs)
        if pair.truth.id not in unseen_ids and (pair.truth.layout in seen_layouts or not named)
    ]
    return {"unseen": sorted(set(range(len(pairs))) - set(seen)), "seen": seen}


def _total(match: DocumentMatch) -> Counts:
    return sum((match.fields | match.item_fields).values(), Counts())


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
        header,
        _together([list(one.item_fields.values()) for one in matches], weights) if has_items else None,
        score_of(items, weights) if has_items else None,
        rows,
        overall,
    )


def _together(documents: Sequence[Sequence[Counts]], weights: NDArray[np.float64]) -> Score:
    """The micro score of several fields: their counts are summed, document by document."""
    return score_of([sum(fields, Counts()) for fields in documents], weights)
