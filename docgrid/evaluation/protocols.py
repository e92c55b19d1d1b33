"""The protocols: how documents of one kind are measured, and what of them counts."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from docgrid.evaluation.instances import DocumentValues, Pair
from docgrid.evaluation.matching import Comparison


class Protocol(StrEnum):
    """How documents of one kind are measured (named in the README)."""

    R1 = "R1"  # receipts, text given: one value a field, exact and folded
    R2 = "R2"  # receipts, end to end: the same from the picture alone
    A1 = "A1"  # ad-buy invoices: one value a field, typed
    E1 = "E1"  # e-invoices: header fields and line items, typed
    E2 = "E2"  # the same as noisy scans, through OCR
    F1 = "F1"  # forms, words given: entities with exactly the true words
    W1 = "W1"  # receipts, boxes given: one class for each segment
    S1 = "S1"  # synthetic invoices: the chargrid paper's measure, typed

    @property
    def by_place(self) -> bool:
        """Whether labels are compared by their places rather than by their values."""
        return COMPARISONS[self] == (Comparison.PLACES,)


COMPARISONS: dict[Protocol, tuple[Comparison, ...]] = {
    Protocol.R1: (Comparison.FOLDED, Comparison.EXACT),
    Protocol.R2: (Comparison.FOLDED, Comparison.EXACT),
    Protocol.A1: (Comparison.TYPED,),
    Protocol.E1: (Comparison.TYPED,),
    Protocol.E2: (Comparison.TYPED,),
    Protocol.F1: (Comparison.PLACES,),
    Protocol.W1: (Comparison.PLACES,),
    Protocol.S1: (Comparison.TYPED,),
}  # the first one is what the headline figure, the calibration and the gate use
VALUE_CLASS = "_value"  # how the names of WildReceipt's value classes end; the others are their captions


def scored_pair(protocol: Protocol, truth: DocumentValues, prediction: DocumentValues) -> Pair:
    """What is compared: line items do not count where an e-invoice has none, for its smaller profiles cannot carry them."""
    if protocol in (Protocol.E1, Protocol.E2) and not truth.line_items:
        prediction = replace(prediction, line_items=())
    return Pair(truth, prediction)
