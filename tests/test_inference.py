from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
import torch

from docgrid.chargrid import DEFAULT_ALPHABET
from docgrid.errors import UsageError
from docgrid.geometry import Box
from docgrid.inference import WORDS_AT_ONCE, PagePrediction, Predictor, _Piece, choose_device, vote
from docgrid.model import Model, ModelCard, build_network
from docgrid.networks.words import PageBatch
from docgrid.page import Character, Characters, Document, Page, TextSource
from docgrid.schema import RECEIPT


def page(number: int, words: int) -> Page:
    """Words of two characters, five to a line."""
    rows = [
        Character(
            letter,
            Box(20 * (word % 5) + 5 * place, 8 * (word // 5), 20 * (word % 5) + 5 * place + 5, 8 * (word // 5) + 6),
            1,
            word,
            word // 5,
        )
        for word in range(words)
        for place, letter in enumerate("a7")
    ]
    return Page(number, 100, max(8 * (words // 5 + 1), 10), Characters.from_rows(rows), TextSource.GIVEN)


def document(*words: int) -> Document:
    return Document(Path("d"), "", tuple(page(number, count) for number, count in enumerate(words, start=1)))


def model(*, grid: bool = True, words: bool = True) -> Model:
    torch.manual_seed(0)
    card = ModelCard(
        name="tiny",
        architecture="chargrid" if grid else None,
        network={"inputs": DEFAULT_ALPHABET.size, "classes": 5, "width": 4, "anchors": 1} if grid else {},
        words={"fields": 4, "grid_channels": 4 if grid else 0, "width": 16, "layers": 1} if words else None,
        alphabet=DEFAULT_ALPHABET.characters,
        document_schema=RECEIPT.to_dict(),
        known_fields=list(RECEIPT.names),
        grid_height=64,
        grid_width=32,
        anchors=[(2.0, 8.0)],
    )
    return Model(card, build_network(card).eval(), RECEIPT, DEFAULT_ALPHABET)


@pytest.mark.parametrize(("grid", "words"), [(True, True), (True, False), (False, True)])
def test_every_page_has_a_prediction_with_a_probability_for_each_word_and_field(grid: bool, words: bool) -> None:
    answers = Predictor(model(grid=grid, words=words)).predict(document(3, 0, 12))
    assert [answer.word_probabilities.shape for answer in answers] == [(3, 4), (0, 4), (12, 4)]
    assert all(np.isfinite(answer.word_probabilities).all() for answer in answers)
    assert all(((answer.word_probabilities >= 0) & (answer.word_probabilities <= 1)).all() for answer in answers)
    assert (answers[0].item_starts is None) == (not words)


def test_pages_are_answered_alike_alone_and_in_a_batch() -> None:
    predictor = Predictor(model(), dtype=torch.float32, keep_votes=True)
    together = predictor.predict(document(7, 3, 12))
    alone = [predictor.predict(Document(Path("d"), "", (one,)))[0] for one in document(7, 3, 12).pages]
    # a page knows its number and how many there are, so only what does not depend on that is compared: the grid's vote
    for first, second in zip(together, alone, strict=True):
        assert len(first.segmentation_probabilities) == len(first.word_probabilities)
        assert np.allclose(first.segmentation_probabilities, second.segmentation_probabilities, atol=1e-5)


def test_a_page_with_very_many_words_is_answered_in_pieces_and_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    assert WORDS_AT_ONCE >= 1000
    monkeypatch.setattr("docgrid.inference.WORDS_AT_ONCE", 10)
    answer = Predictor(model()).predict(document(25))[0]
    assert answer.word_probabilities.shape == (25, 4)
    assert answer.item_starts is not None
    assert answer.item_starts.shape == (25,)


def test_what_stands_behind_very_many_words_has_no_probability(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("docgrid.inference.WORDS_AT_ONCE", 10)
    monkeypatch.setattr("docgrid.inference.WORDS_OF_PAGE_MAX", 20)
    answer = Predictor(model()).predict(document(25))[0]
    assert answer.word_probabilities.shape == (25, 4)
    assert (answer.word_probabilities[:20] > 0).all()
    assert not answer.word_probabilities[20:].any()
    assert answer.item_starts is not None
    assert answer.item_starts.shape == (25,)


def test_the_inputs_of_a_long_document_are_made_as_they_are_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    predictor = Predictor(model(), pages_at_once=2)
    waiting: list[int] = []
    most: list[int] = []
    make, answer = predictor._pieces, predictor._predict_pieces

    def making(page: Page, page_count: int) -> Iterator[_Piece]:
        for piece in make(page, page_count):
            waiting.append(page.number)
            most.append(len(waiting))
            yield piece

    def answering(pieces: Sequence[_Piece]) -> list[PagePrediction]:
        waiting.clear()
        return answer(pieces)

    monkeypatch.setattr(predictor, "_pieces", making)
    monkeypatch.setattr(predictor, "_predict_pieces", answering)
    assert len(predictor.predict(document(*[3] * 9))) == 9
    assert max(most) == 2


def test_a_vote_is_the_mean_log_probability_of_a_words_cells() -> None:
    logits = torch.tensor([[[[0.0, 2.0]], [[1.0, 0.0]], [[0.0, 0.0]]]])  # three classes, one row of two cells
    cells = torch.tensor([[[0, 0]]], dtype=torch.int32)
    nothing = torch.zeros(1, 2, 1)
    batch = PageBatch(nothing, cells, nothing, nothing, nothing, nothing, nothing, torch.ones(1, 2, dtype=torch.bool))
    answer = vote(logits, batch)
    expected = logits[0, :, 0].log_softmax(dim=0).mean(dim=1).softmax(dim=0)
    assert torch.allclose(answer[0, 0], expected[1:])
    assert answer[0, 1].tolist() == [0.0, 0.0]  # the second word owns no cell


def test_devices_that_are_not_there_are_refused_with_what_to_do() -> None:
    assert choose_device("cpu") == "cpu"
    with pytest.raises(UsageError, match="unknown device 'gpu'"):
        choose_device("gpu")
    with pytest.raises(UsageError, match="no device"):
        choose_device("cuda:99")
