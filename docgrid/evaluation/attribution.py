"""Protocol O1: what lost each wrong field, and the best score that the characters read allow.

A true value goes through five hands: it is printed and read (OCR), it is found on the page by its label (alignment), its words
are labelled by the network (segmentation), the labelled words become one field (grouping), and the field becomes a value
(normalisation). The first hand that lost it is named. "Could the decoder have done it" is asked by decoding once more from true
labels; the score of those decodings is the ceiling that reading and decoding set for any network.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from docgrid.datasets import Record, load
from docgrid.datasets.base import DrawnPlace
from docgrid.datasets.native import rows_within
from docgrid.decoding import DecodingSettings, WordEvidence, decode_document
from docgrid.errors import DocgridError
from docgrid.evaluation.conventions import Convention, conventions_of
from docgrid.evaluation.instances import DocumentValues, FieldValue, predicted_values, true_values
from docgrid.evaluation.matching import Comparison, Outcome, equal, match_document
from docgrid.evaluation.protocols import COMPARISONS, Protocol, scored_pair
from docgrid.evaluation.report import Evaluation, evaluate, labelled_part
from docgrid.evaluation.truth import true_evidence
from docgrid.extraction import build_document
from docgrid.labels import LabelledDocument, LabelledField, Occurrence
from docgrid.page import Document, Page, TextSource
from docgrid.schema import FieldSpec, Schema
from docgrid.values import DocumentLocale, fold


class Cause(StrEnum):
    """What lost a field, in the order of the hands it goes through."""

    UNREAD = "unread"  # the document could not be read at all
    LABEL = "label"  # the page prints something else: the label, or the text that the data set brings, is at fault
    OCR = "ocr"  # the value is not among the characters that OCR read
    ALIGNMENT = "alignment"  # its letters are on the page, but no place can be told from them: it cannot be learnt either
    SEGMENTATION = "segmentation"  # no word of it was labelled
    DECODING = "decoding"  # its words are cut or chosen wrongly even from true labels
    SPAN = "span"  # its words were labelled, and the field was cut too short or too long
    CHOICE = "choice"  # its words were labelled, and another place, or none, was chosen
    NORMALISATION = "normalisation"  # the right characters became another value
    INVENTED = "invented"  # the document does not have the field


@dataclass(frozen=True, slots=True)
class Loss:
    """One wrong field."""

    document: str
    field: str
    item: int | None  # number of the line item, from 0
    cause: Cause
    true: str
    found: str
    confidence: float | None  # of what was found
    accepted: bool
    page: int = 0  # where to look: the true place where one is known, else the found one; 0: nowhere
    boxes: tuple[tuple[float, float, float, float], ...] = ()  # left, top, right, bottom in 0..1 of the page

    def to_dict(self) -> dict[str, object]:
        """Plain data for a report."""
        return {
            "document": self.document,
            "field": self.field,
            "line_item": None if self.item is None else self.item + 1,
            "cause": self.cause.value,
            "true": self.true,
            "found": self.found,
            "confidence": self.confidence,
            "accepted": self.accepted,
            "page": self.page,
            "boxes": [list(edges) for edges in self.boxes],
        }


@dataclass
class Attribution:
    """Collects the losses of a run, document by document, and the decodings from true labels.

    Attributes:
        losses: Every wrong field so far.
        ceiling: Extractions from true labels, by document: measure them like predictions.
    """

    records: Sequence[Record]
    schema: Schema  # of the data set
    model_schema: Schema
    settings: DecodingSettings
    protocol: Protocol
    losses: list[Loss] = field(default_factory=list)
    ceiling: dict[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        truths = [true_values(record, self.schema) for record in self.records]
        self._truths = {truth.id: truth for truth in truths}
        self._conventions = dict(zip(self._truths, conventions_of(truths, self.schema), strict=True))
        self._scored = labelled_part(self.schema, truths)
        self._how = COMPARISONS[self.protocol][0]

    def add_unread(self, record: Record) -> None:
        """Note a document without prediction: all its fields are lost."""
        empty = DocumentValues(record.id, {})
        for outcome in self._outcomes(record.id, empty):
            self.losses.append(_loss(record.id, outcome, Cause.UNREAD, None))

    def add(self, record: Record, document: Document, evidence: Sequence[WordEvidence], extraction: object) -> None:
        """Note what a document lost.

        Args:
            record: Its truth.
            document: What was read.
            evidence: What the network says about its pages.
            extraction: What came out, as `docgrid.extraction` or its plain data.
        """
        labelled = _labelled(record, document, self.schema)
        decoded = decode_document(document, true_evidence(labelled, self.model_schema), self.model_schema, self.settings)
        best = build_document(document, decoded, self.model_schema)
        self.ceiling[record.id] = best
        best_outcomes = self._outcomes(record.id, predicted_values(best, self.schema))
        reachable = {_key(outcome): outcome.right for outcome in best_outcomes if outcome.true}
        prediction = predicted_values(extraction, self.schema, document_id=record.id)
        locale = self._conventions[record.id].locale(prediction.locale)
        case = _Case(record, labelled, evidence, self.schema, self.model_schema, self.settings, self._how, locale)
        for outcome in self._outcomes(record.id, prediction):
            if not outcome.right:
                cause, place = case.cause(outcome, reachable.get(_key(outcome), False))
                self.losses.append(_loss(record.id, outcome, cause, place, case.pages))

    def score(self) -> Evaluation:
        """The figures of decoding true labels: what the characters read and the decoder allow."""
        return evaluate(self.ceiling, self.records, schema=self.schema, protocol=self.protocol)

    def _outcomes(self, record_id: str, prediction: DocumentValues) -> tuple[Outcome, ...]:
        truth, found = scored_pair(self.protocol, self._truths[record_id], prediction)
        convention: Convention = self._conventions[record_id]
        return match_document(truth, found, self._scored, self._how, convention).outcomes


def table_of(losses: Iterable[Loss]) -> dict[str, Counter[Cause]]:
    """How many fields each cause lost, by field name."""
    table: dict[str, Counter[Cause]] = {}
    for loss in losses:
        table.setdefault(loss.field, Counter())[loss.cause] += 1
    return table


def _labelled(record: Record, document: Document, schema: Schema) -> LabelledDocument:
    """The record's values found in what was read, also where the data set brings another reading along."""
    if record.given is not None and document.pages and document.pages[0].source is TextSource.GIVEN:
        return load(record, schema, lambda _: document)
    return load(replace(record, given=None, located=None), schema, lambda _: document)


def _key(outcome: Outcome) -> tuple[str, int | None, tuple[str, ...]]:
    return outcome.field, outcome.item, tuple(value.text for value in outcome.true)


@dataclass(frozen=True, slots=True)
class Place:
    """Words of one page that print a true value."""

    occurrence: Occurrence
    words: NDArray[np.int64]


@dataclass(frozen=True)
class _Case:
    """One document with everything that is needed to say what lost a field of it."""

    record: Record
    labelled: LabelledDocument
    evidence: Sequence[WordEvidence]
    schema: Schema
    model_schema: Schema
    settings: DecodingSettings
    how: Comparison
    locale: DocumentLocale | None

    @property
    def pages(self) -> dict[int, Page]:
        return {page.number: page for page in self.labelled.document.pages}

    def cause(self, outcome: Outcome, reachable: bool) -> tuple[Cause, Occurrence | None]:
        """What lost a field, and where it is printed; `reachable`: the decoder finds it from true labels."""
        if not outcome.true:
            return Cause.INVENTED, None
        spec = self.schema.field(outcome.field)
        places = self._places(self.labelled, outcome, spec)
        if not places:
            return self._unprinted(outcome, spec), None
        place = places[0].occurrence
        found = outcome.predicted
        if found is not None and any(self._same_characters(found, one.occurrence) for one in places):
            return Cause.NORMALISATION, place
        if not reachable:
            return Cause.DECODING, place
        if spec.name not in self.model_schema or self._highest(places, spec) < self.settings.grow:
            return Cause.SEGMENTATION, place
        if found is not None and any(self._touches(found, one.occurrence) for one in places):
            return Cause.SPAN, place
        return Cause.CHOICE, place

    def _places(self, labelled: LabelledDocument, outcome: Outcome, spec: FieldSpec) -> list[Place]:
        """Where a document prints a true value so that reading it off gives the value."""
        pages = {page.number: page for page in labelled.document.pages}
        found = []
        for entry in self._entries(labelled, outcome):
            for occurrence in entry.occurrences:
                characters = pages[occurrence.page].characters
                rows = np.array(occurrence.characters, np.int64)
                text = FieldValue(characters.text_of(rows))
                if any(equal(text, value, spec, self.how, self.locale) for value in outcome.true):
                    found.append(Place(occurrence, np.unique(characters.word_rank[rows])))
        return found

    def _entries(self, labelled: LabelledDocument, outcome: Outcome) -> list[LabelledField]:
        numbers = sorted({entry.item for entry in labelled.fields if entry.item is not None and entry.value.strip()})
        item = None if outcome.item is None or outcome.item >= len(numbers) else numbers[outcome.item]
        texts = {value.text for value in outcome.true}
        return [
            entry
            for entry in labelled.fields
            if entry.item == item and self.schema.field(entry.name).name == outcome.field and entry.value in texts
        ]

    def _unprinted(self, outcome: Outcome, spec: FieldSpec) -> Cause:
        """Why a value stands nowhere: OCR lost it, or it was never there, or it cannot be found."""
        document = self.labelled.document
        letters = "".join(fold(page.text) for page in document.pages)
        found_cut = any(entry.occurrences for entry in self._entries(self.labelled, outcome))
        if not found_cut and any(fold(value.text) and fold(value.text) in letters for value in outcome.true):
            return Cause.ALIGNMENT
        if all(page.source is not TextSource.OCR for page in document.pages):
            return Cause.LABEL
        try:
            given = None if self.record.given is None else load(self.record, self.schema, lambda _: document)
        except DocgridError:
            given = None
        if given is not None and not self._places(given, outcome, spec):
            return Cause.LABEL
        return Cause.OCR

    def _same_characters(self, found: FieldValue, occurrence: Occurrence) -> bool:
        """Whether a value was read off the very letters and digits of a true place."""
        if found.page != occurrence.page:
            return False
        characters = self.pages[occurrence.page].characters
        printed = characters.text_of(np.array(occurrence.characters, np.int64))
        return fold(printed) == fold(found.text) and self._touches(found, occurrence)

    def _touches(self, found: FieldValue, occurrence: Occurrence) -> bool:
        """Whether a found value shares a character with a true place."""
        if found.page != occurrence.page or not found.boxes:
            return False
        rows = rows_within(self.pages[found.page], DrawnPlace(found.page, found.boxes))
        return bool(np.intersect1d(rows, np.array(occurrence.characters)).size)

    def _highest(self, places: Sequence[Place], spec: FieldSpec) -> float:
        """The highest probability of any word of any true place."""
        column = self.model_schema.class_of(spec.name) - 1
        order = {page.number: row for row, page in enumerate(self.labelled.document.pages)}
        return max(
            float(self.evidence[order[place.occurrence.page]].word_probabilities[place.words, column].max()) for place in places
        )


def _loss(
    document: str, outcome: Outcome, cause: Cause, place: Occurrence | None, pages: Mapping[int, Page] | None = None
) -> Loss:
    found = outcome.predicted
    page, boxes = (found.page, found.boxes) if found is not None else (0, ())
    if place is not None and pages is not None:
        page, boxes = place.page, _line_boxes(pages[place.page], place)
    return Loss(
        document,
        outcome.field,
        outcome.item,
        cause,
        " | ".join(value.text for value in outcome.true),
        "" if found is None else found.text if found.value in (None, found.text) else f"{found.text} = {found.value}",
        None if found is None else found.confidence,
        found is not None and found.accepted,
        page,
        boxes,
    )


def _line_boxes(page: Page, place: Occurrence) -> tuple[tuple[float, float, float, float], ...]:
    """One box in 0..1 of the page for each text line of a place."""
    rows = np.array(place.characters, np.int64)
    scale = np.array([page.width_pt, page.height_pt] * 2)
    boxes = []
    for line in np.unique(page.characters.line_index[rows]):
        own = page.characters.boxes[rows[page.characters.line_index[rows] == line]]
        left, top, right, bottom = (np.concatenate([own[:, :2].min(axis=0), own[:, 2:].max(axis=0)]) / scale).tolist()
        boxes.append((left, top, right, bottom))
    return tuple(boxes)
