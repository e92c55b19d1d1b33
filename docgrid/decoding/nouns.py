"""What goes into decoding and what comes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from docgrid.values import DocumentLocale, Value


class WordEvidence(Protocol):
    """What a network says about one page; `docgrid.inference.PagePrediction` is one.

    W words (rows of `Characters.words`), F fields of the schema, M boxes.
    """

    @property
    def word_probabilities(self) -> NDArray[np.float32]:
        """float32 [W, F]: independent probabilities, a word may carry two fields."""
        ...

    @property
    def item_boxes(self) -> NDArray[np.float32]:
        """float32 [M, 4]: boxes of line items, in points."""
        ...

    @property
    def item_scores(self) -> NDArray[np.float32]:
        """float32 [M]."""
        ...

    @property
    def item_starts(self) -> NDArray[np.float32] | None:
        """float32 [W]: probability that a word stands in the first text line of a line item; None without such a head."""
        ...


@dataclass(frozen=True, slots=True)
class FieldPrediction:
    """One field that was found: some characters of one page."""

    name: str
    page: int  # from 1
    characters: tuple[int, ...]  # rows of that page's character table, increasing
    score: float  # 0..1, before calibration
    scores: Mapping[str, float] = field(default_factory=dict)  # its parts: segmentation, ocr, box
    item: int | None = None  # number of the line item, from 0
    value: Value | None = None  # as the decoder read it under the document's locale; None for free text
    alternatives: tuple[FieldPrediction, ...] = ()  # other values of the same field, best first


@dataclass(frozen=True, slots=True)
class ItemPrediction:
    """One line item: fields that belong together."""

    fields: tuple[FieldPrediction, ...]
    pages: tuple[int, ...]
    score: float


@dataclass(frozen=True)
class Decoded:
    """All that was found in a document."""

    fields: tuple[FieldPrediction, ...]
    line_items: tuple[ItemPrediction, ...]
    locale: DocumentLocale
