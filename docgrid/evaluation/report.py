"""The measuring of a whole data set, and its result as one value that can be shown, stored on a card and compared with a gate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from docgrid.errors import QualityGateError, UsageError
from docgrid.evaluation.calibration import Calibration, calibrate
from docgrid.evaluation.confidences import CrossFit, cross_fit
from docgrid.evaluation.conventions import conventions_of
from docgrid.evaluation.figures import Figures, figures_of, named_figures
from docgrid.evaluation.instances import DocumentValues, Labelled, Pair, predicted_values, true_values
from docgrid.evaluation.matching import Comparison, Counts, DocumentMatch, match_document
from docgrid.evaluation.metrics import RESAMPLES, resampled_weights
from docgrid.evaluation.protocols import COMPARISONS, VALUE_CLASS, Protocol, scored_pair
from docgrid.schema import Schema


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
    cross_fit: CrossFit | None  # the same with calibration and threshold fitted on other documents than those measured
    warned_unseen: tuple[int, int] | None  # unfamiliar-document warnings among unseen layouts, and how many these are
    warned_seen: tuple[int, int] | None
    warned: int  # documents with such a warning
    reliability: tuple[tuple[float, ...], tuple[bool, ...]]  # confidence of every prediction, and whether it was right
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
            "cross_fitted_calibration": None if self.cross_fit is None else self.cross_fit.to_dict(),
            "unfamiliar_warnings": {
                "documents": self.warned,
                "unseen_layouts": None if self.warned_unseen is None else list(self.warned_unseen),
                "seen_layouts": None if self.warned_seen is None else list(self.warned_seen),
            },
            "bootstrap": {"seed": self.seed, "resamples": self.resamples, "level": 0.95},
        }

    def gate_figures(self) -> dict[str, float]:
        """Every figure that a quality gate can ask for, by name."""
        figures: dict[str, float | None] = {}
        for how, one in reversed(self.results.items()):
            for name, value in named_figures(one).items():
                figures[f"{how}_{name}"] = value
                figures[name] = value  # the headline comparison comes last and wins
        for name, value in named_figures(next(iter(self.unseen.values()))).items() if self.unseen else ():
            figures[f"unseen_{name}"] = value
        figures["accepted_share"] = self.calibration.accepted_share
        if self.cross_fit is not None:
            figures["cross_fitted_accepted_share"] = self.cross_fit.accepted_share
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
    pairs = [scored_pair(protocol, *pair) for pair in pairs]
    scored = labelled_part(schema, [pair.truth for pair in pairs])
    written = conventions_of([pair.truth for pair in pairs], schema)
    matches = {
        how: [match_document(*pair, scored, how, convention) for pair, convention in zip(pairs, written, strict=True)]
        for how in COMPARISONS[protocol]
    }
    return _summed(protocol, pairs, matches, scored, _groups(pairs, seen_layouts, unseen_ids), seed, resamples)


def evaluate_places(
    matches: Mapping[str, DocumentMatch],
    truths: Iterable[Labelled],
    *,
    schema: Schema,
    protocol: Protocol,
    seed: int = 0,
    resamples: int = RESAMPLES,
) -> Evaluation:
    """Sum up documents whose labels were compared by their places (F1, W1).

    Args:
        matches: As `segments.match_segments` gives them, by the id of the truth.
        truths: Labelled documents or data-set records, each with a match.
        schema: The classes; W1 scores those of values alone.
        protocol: F1 or W1.
        seed: Of the resampling.
        resamples: How many times documents are drawn for the intervals.
    """
    pairs = [Pair(true, DocumentValues(true.id, {})) for true in (true_values(one, schema) for one in truths)]
    scored = labelled_part(schema, [pair.truth for pair in pairs])
    if protocol is Protocol.W1:
        scored = replace(scored, fields=tuple(spec for spec in scored.fields if spec.name.endswith(VALUE_CLASS)))
    ordered = [_only(matches[pair.truth.id], scored) for pair in pairs]
    return _summed(protocol, pairs, {Comparison.PLACES: ordered}, scored, {}, seed, resamples)


def _only(match: DocumentMatch, schema: Schema) -> DocumentMatch:
    judged = tuple(one for one in match.judged if one.field in schema.names)
    return replace(match, fields={name: match.fields[name] for name in schema.names}, judged=judged)


def _summed(
    protocol: Protocol,
    pairs: Sequence[Pair],
    matches: Mapping[Comparison, Sequence[DocumentMatch]],
    scored: Schema,
    groups: Mapping[str, Sequence[int]],
    seed: int,
    resamples: int,
) -> Evaluation:
    weights = resampled_weights(len(pairs), seed=seed, resamples=resamples)

    def measured(rows: Sequence[int], draws: NDArray[np.float64]) -> dict[Comparison, Figures]:
        return {how: figures_of([of_how[row] for row in rows], scored, draws) for how, of_how in matches.items()}

    by_group = {
        name: measured(rows, resampled_weights(len(rows), seed=seed, resamples=resamples))
        for name, rows in groups.items()
        if rows
    }
    headline = next(iter(matches.values()))
    judged, there = [one.judged for one in headline], [_total(one).true for one in headline]

    def warned(rows: Sequence[int] | None) -> tuple[int, int] | None:
        return None if rows is None else (sum(pairs[row].prediction.unfamiliar for row in rows), len(rows))

    return Evaluation(
        protocol,
        len(pairs),
        {pair.truth.id: pair.prediction.status for pair in pairs if pair.prediction.status not in ("ok", "partial")},
        measured(range(len(pairs)), weights),
        by_group.get("unseen", {}),
        by_group.get("seen", {}),
        calibrate(judged, there, weights),
        cross_fit(judged, there, weights, seed=seed),
        warned(groups.get("unseen")),
        warned(groups.get("seen")),
        sum(pair.prediction.unfamiliar for pair in pairs),
        (
            tuple(one.confidence for of_document in judged for one in of_document),
            tuple(one.right for of_document in judged for one in of_document),
        ),
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
