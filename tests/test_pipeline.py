from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

import docgrid.reading.isolation
from docgrid.datasets.given import TextLine, document_from_lines
from docgrid.errors import DocumentStatus, ModelError
from docgrid.extraction import to_json
from docgrid.inference import PagePrediction, Predictor
from docgrid.layouts import KnownLayouts, signature_of
from docgrid.page import Document
from docgrid.pipeline import extract, extract_document
from docgrid.reading import ReadingOptions
from docgrid.schema import RECEIPT


@dataclass(frozen=True)
class CertainPredictor:
    """Says of every word that looks like an amount that it is the total."""

    model: SimpleNamespace
    lost_characters: int = 0

    def predict(self, document: Document) -> list[PagePrediction]:
        pages = []
        for page in document.pages:
            words = page.characters.word_texts
            probabilities = np.zeros((len(words), len(RECEIPT.fields)), np.float32)
            probabilities[:, RECEIPT.class_of("total") - 1] = [0.95 if "." in word else 0.0 for word in words]
            pages.append(
                PagePrediction(
                    probabilities,
                    probabilities,
                    np.zeros((0, 4), np.float32),
                    np.zeros(0, np.float32),
                    None,
                    self.lost_characters,
                )
            )
        return pages


def predictor_of(
    *, decoding: dict[str, float] | None = None, lost_characters: int = 0, layouts: KnownLayouts | None = None
) -> Predictor:
    card = SimpleNamespace(decoding=decoding or {}, calibration={}, known_fields=["total", "date"])
    model = SimpleNamespace(card=card, schema=RECEIPT, layouts=layouts)
    return cast(Predictor, CertainPredictor(model, lost_characters))


def receipt(text: str = "Total 9.00") -> Document:
    return document_from_lines(Path(__file__), (200, 400), [TextLine(text, (0, 0, 100, 10))], reader="test")


def test_a_document_becomes_fields_of_the_models_schema() -> None:
    result = extract_document(receipt(), predictor_of())
    assert {name: entries[0].text for name, entries in result.fields.items()} == {"total": "9.00"}
    assert result.missing == ["date"]
    assert result.source == str(Path(__file__))


def test_the_thresholds_of_the_card_are_used() -> None:
    assert extract_document(receipt(), predictor_of(decoding={"minimum_score": 0.99})).fields == {}
    with pytest.raises(ModelError):
        extract_document(receipt(), predictor_of(decoding={"minimum": 0.99}))


def test_the_source_is_what_the_user_named() -> None:
    assert extract_document(receipt(), predictor_of(), source=Path("in/receipt.png")).source == "in/receipt.png"


def test_seconds_are_only_noted_when_asked_for() -> None:
    assert extract_document(receipt(), predictor_of()).timing_s == {}
    assert set(extract_document(receipt(), predictor_of(), timed=True).timing_s) == {"predict", "decode"}


def test_a_page_too_dense_for_the_grid_is_reported() -> None:
    # "Total9.00" has nine characters; one lost of nine is more than a twentieth, none is not.
    assert extract_document(receipt(), predictor_of()).warnings == []
    (warning,) = extract_document(receipt(), predictor_of(lost_characters=1)).warnings
    assert warning.startswith("page 1: 1 of 9 characters")


def test_every_path_gets_one_result_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    class FakePool:
        def __init__(self, options: ReadingOptions, jobs: int | None = None) -> None:
            self.jobs = jobs

        def __enter__(self) -> FakePool:
            return self

        def __exit__(self, *_: object) -> None:
            return None

        def read(self, paths: Iterable[Path]) -> Iterator[SimpleNamespace]:
            for path in paths:
                good = path.suffix == ".png"
                yield SimpleNamespace(
                    path=path,
                    status=DocumentStatus.PARTIAL if good else DocumentStatus.CORRUPT,
                    document=receipt() if good else None,
                    problem="" if good else "no PDF",
                    hint="",
                )

    monkeypatch.setattr(docgrid.reading.isolation, "ReaderPool", FakePool)
    results = list(extract([Path("a.png"), Path("b.pdf"), Path("c.png")], predictor_of()))
    assert [(result.source, result.status) for result in results] == [
        ("a.png", "partial"),
        ("b.pdf", "corrupt"),
        ("c.png", "partial"),
    ]
    assert [len(result.fields) for result in results] == [1, 0, 1]
    assert json.loads(to_json(results[1]))["errors"] == [{"problem": "no PDF", "hint": ""}]


def test_words_beyond_those_that_are_looked_at_are_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("docgrid.pipeline.WORDS_OF_PAGE_MAX", 3)
    assert extract_document(receipt("three words 9.00"), predictor_of()).warnings == []
    (warning,) = extract_document(receipt("these are four 9.00"), predictor_of()).warnings
    assert warning == "page 1: fields were looked for in the first 3 of 4 words"


def test_a_document_unlike_all_training_documents_is_warned_about_and_nothing_of_it_is_accepted() -> None:
    document = receipt("Grand total of this receipt 9.00")
    likewise = KnownLayouts((signature_of(document),), unfamiliar=0.7, foreign=0.8)
    assert extract_document(document, predictor_of(layouts=likewise)).fields["total"][0].decision.value == "accept"
    unlike = KnownLayouts((signature_of(receipt("Contract number agency flight dates")),), unfamiliar=0.2, foreign=0.5)
    found = extract_document(document, predictor_of(layouts=unlike))
    assert found.fields["total"][0].decision.value == "review"
    assert found.warnings[0].startswith("unfamiliar document: it shares 0 % of its words")
    assert found.fields["total"][0].scores["distance"] == 1.0


def test_names_alone_on_a_document_unlike_all_others_are_no_fields() -> None:
    class Inventing(CertainPredictor):
        def predict(self, document: Document) -> list[PagePrediction]:
            words = len(document.pages[0].characters.word_texts)
            table = np.zeros((words, len(RECEIPT.fields)), np.float32)
            table[:, RECEIPT.class_of("company") - 1] = 0.95
            return [PagePrediction(table, table, np.zeros((0, 4), np.float32), np.zeros(0, np.float32), None)]

    model = predictor_of(layouts=KnownLayouts((frozenset({1}),), unfamiliar=0.2, foreign=0.5)).model
    letter = receipt("Dear Margaret the swallows are back")
    found = extract_document(letter, cast(Predictor, Inventing(cast(SimpleNamespace, model))))
    assert (found.fields, found.missing) == ({}, ["date", "total"])
    plain = predictor_of().model
    assert "company" in extract_document(letter, cast(Predictor, Inventing(cast(SimpleNamespace, plain)))).fields
