"""What lost a field, on a receipt of four lines whose word probabilities are set by hand."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from docgrid.datasets import Record
from docgrid.datasets.given import TextLine, document_from_lines
from docgrid.decoding import DecodingSettings, decode_document
from docgrid.evaluation import Protocol
from docgrid.evaluation.attribution import Attribution, Cause
from docgrid.evaluation.truth import TrueEvidence, true_evidence
from docgrid.extraction import build_document
from docgrid.labels import LabelledDocument, LabelledField, Occurrence
from docgrid.page import Document, TextSource
from docgrid.schema import RECEIPT

LINES = ("Harbour Coffee House", "12/01/2020", "Total 9.00", "Cash 10.00")


def receipt(*lines: str, source: TextSource = TextSource.GIVEN) -> Document:
    rows = [TextLine(text, (10, 30.0 * row, 10 + 8.0 * len(text), 30.0 * row + 12)) for row, text in enumerate(lines)]
    document = document_from_lines(Path(__file__), (300, 200), rows, reader="test")
    object.__setattr__(document.pages[0], "source", source)
    return document


@dataclass
class Case:
    """One receipt and what a network says about its words."""

    truth: dict[str, str]
    words: dict[str, dict[str, float]]  # field -> word -> probability
    lines: tuple[str, ...] = LINES
    source: TextSource = TextSource.GIVEN
    given: Document | None = None

    def losses(self) -> dict[str, Cause]:
        document = receipt(*self.lines, source=self.source)
        page = document.pages[0]
        table = np.zeros((len(page.characters.word_starts), len(RECEIPT.fields)), np.float32)
        for name, of_words in self.words.items():
            for row, word in enumerate(page.characters.word_texts):
                table[row, RECEIPT.class_of(name) - 1] = of_words.get(word, 0.0)
        evidence = [TrueEvidence(table, np.zeros((0, 4), np.float32), np.zeros(0, np.float32), None)]
        fields = tuple(LabelledField(name, value) for name, value in self.truth.items())
        brought = self.given or (document if self.source is TextSource.GIVEN else None)
        record = Record("r", Path(__file__), fields, given=None if brought is None else lambda: brought)
        found = build_document(document, decode_document(document, evidence, RECEIPT), RECEIPT)
        attribution = Attribution([record], RECEIPT, RECEIPT, DecodingSettings(), Protocol.R1)
        attribution.add(record, document, evidence, found)
        return {loss.field: loss.cause for loss in attribution.losses}


SURE = {"company": {"Harbour": 0.9, "Coffee": 0.9, "House": 0.9}, "total": {"9.00": 0.9}, "date": {"12/01/2020": 0.9}}
TRUTH = {"company": "HARBOUR COFFEE HOUSE", "total": "9.00", "date": "12/01/2020"}


def test_a_receipt_without_errors_has_no_losses() -> None:
    assert Case(TRUTH, SURE).losses() == {}


def test_a_value_whose_words_nobody_labelled_is_lost_by_segmentation() -> None:
    assert Case(TRUTH, SURE | {"total": {"10.00": 0.9}}).losses() == {"total": Cause.SEGMENTATION}


def test_a_value_that_lost_against_another_place_is_lost_by_choice() -> None:
    assert Case(TRUTH, SURE | {"total": {"10.00": 0.9, "9.00": 0.6}}).losses() == {"total": Cause.CHOICE}


def test_a_name_cut_short_is_lost_by_its_span() -> None:
    assert Case(TRUTH, SURE | {"company": {"Harbour": 0.9, "Coffee": 0.9}}).losses() == {"company": Cause.SPAN}


def test_a_value_that_the_decoder_cannot_cut_even_from_true_labels_is_lost_by_decoding() -> None:
    half = Case(TRUTH | {"total": "9"}, SURE)  # labelled "9", printed "9.00": the decoder takes the whole amount
    assert half.losses() == {"total": Cause.LABEL}
    glued = Case(TRUTH | {"company": "Harbour"}, SURE, lines=("HarbourCoffee", *LINES[1:]))
    glued.words = SURE | {"company": {"HarbourCoffee": 0.9}}
    assert glued.losses() == {"company": Cause.DECODING}


def test_a_value_that_ocr_read_otherwise_is_lost_by_ocr_unless_the_reference_lacks_it_too() -> None:
    misread = ("Harb0ur Cofee House", *LINES[1:])
    words = SURE | {"company": {"Harb0ur": 0.9, "Cofee": 0.9, "House": 0.9}}
    assert Case(TRUTH, words, misread, TextSource.OCR, receipt(*LINES)).losses() == {"company": Cause.OCR}
    assert Case(TRUTH, words, misread, TextSource.OCR).losses() == {"company": Cause.OCR}
    other = receipt("Harbor Coffee Hse", *LINES[1:])
    assert Case(TRUTH, words, misread, TextSource.OCR, other).losses() == {"company": Cause.LABEL}


def test_a_value_that_a_born_digital_page_does_not_print_is_the_labels_fault() -> None:
    assert Case(TRUTH | {"total": "8.00"}, SURE).losses() == {"total": Cause.LABEL}


def test_a_value_where_the_truth_has_none_is_invented() -> None:
    truth = {name: value for name, value in TRUTH.items() if name != "total"}
    case = Case(truth, SURE)
    assert case.losses() == {}  # a field that the data set never labels is not scored
    document = receipt(*LINES)
    records = [
        Record("r", Path(__file__), tuple(LabelledField(*one) for one in truth.items()), given=lambda: document),
        Record("s", Path(__file__), (LabelledField("total", "9.00"),), given=lambda: document),
    ]
    labelled = LabelledDocument("r", document, (LabelledField("total", "9.00", occurrences=(Occurrence(1, (33, 34, 35, 36)),)),))
    evidence = true_evidence(labelled, RECEIPT)
    attribution = Attribution(records, RECEIPT, RECEIPT, DecodingSettings(), Protocol.R1)
    attribution.add(
        records[0], document, evidence, build_document(document, decode_document(document, evidence, RECEIPT), RECEIPT)
    )
    assert {loss.field: loss.cause for loss in attribution.losses}["total"] is Cause.INVENTED


def test_a_document_that_cannot_be_read_loses_all_its_fields() -> None:
    record = Record("r", Path(__file__), (LabelledField("total", "9.00"), LabelledField("date", "1/2/2020")))
    attribution = Attribution([record], RECEIPT, RECEIPT, DecodingSettings(), Protocol.R2)
    attribution.add_unread(record)
    assert [loss.cause for loss in attribution.losses] == [Cause.UNREAD, Cause.UNREAD]
    assert attribution.score().headline.micro.recall == 0.0


def test_the_ceiling_is_what_decoding_true_labels_gives() -> None:
    document = receipt("Harb0ur Cofee House", *LINES[1:], source=TextSource.OCR)
    record = Record("r", Path(__file__), tuple(LabelledField(*one) for one in TRUTH.items()))
    attribution = Attribution([record], RECEIPT, RECEIPT, DecodingSettings(), Protocol.R2)
    nothing = [TrueEvidence(np.zeros((8, 4), np.float32), np.zeros((0, 4), np.float32), np.zeros(0, np.float32), None)]
    words = len(document.pages[0].characters.word_starts)
    nothing[0] = TrueEvidence(np.zeros((words, 4), np.float32), nothing[0].item_boxes, nothing[0].item_scores, None)
    attribution.add(record, document, nothing, build_document(document, decode_document(document, nothing, RECEIPT), RECEIPT))
    assert attribution.score().headline.micro.recall == pytest.approx(2 / 3)  # the misread name cannot be had
