"""Over many documents the words beside a value tell which of its places is meant."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from docgrid.datasets import align, refine
from docgrid.datasets.given import TextLine, page_from_lines
from docgrid.labels import LabelledDocument, LabelledField
from docgrid.page import Document
from docgrid.schema import RECEIPT


def receipt(number: int, *, cash_is_total: bool, words: tuple[str, str] = ("TOTAL", "CASH")) -> LabelledDocument:
    total = f"{number}.35"
    cash = total if cash_is_total else f"{number + 1}.00"
    rows = [("APPLE", "1.10"), ("PEAR", f"{number}.05"), (words[0], total), (words[1], cash), ("CHANGE", "0.65")]
    lines = []
    for row, (word, amount) in enumerate(rows):
        lines.append(TextLine(word, (10, 20.0 * row, 80, 20.0 * row + 10)))
        lines.append(TextLine(amount, (150, 20.0 * row, 190, 20.0 * row + 10)))
    document = Document(Path(f"{number}.jpg"), "0" * 64, (page_from_lines((200, 200), lines),))
    return LabelledDocument(str(number), document, align(document, [LabelledField("total", total)], RECEIPT).fields)


def lines_of(labelled: LabelledDocument) -> list[int]:
    index = labelled.document.pages[0].characters.line_index
    return [int(index[np.array(place.characters)[0]]) for place in labelled.fields[0].occurrences]


def test_chance_equals_are_given_up_and_true_places_are_kept() -> None:
    labelled = [receipt(number, cash_is_total=number % 3 == 0) for number in range(2, 42)]
    assert lines_of(labelled[1]) == [5, 7]
    assert all(lines_of(entry) == [5] for entry in refine(labelled, RECEIPT))


def test_a_value_that_is_only_at_an_unlikely_place_keeps_it() -> None:
    odd = receipt(90, cash_is_total=False, words=("CASH", "TOTAL"))
    labelled = [receipt(number, cash_is_total=number % 3 == 0) for number in range(2, 42)]
    assert lines_of(refine([*labelled, odd], RECEIPT)[-1]) == [5]


def test_places_with_the_same_surroundings_are_treated_alike() -> None:
    labelled = [receipt(number, cash_is_total=True, words=("TOTAL", "TOTAL")) for number in range(2, 42)]
    assert all(lines_of(entry) == [5, 7] for entry in refine(labelled, RECEIPT))


def test_a_small_dataset_is_left_as_it_is() -> None:
    labelled = [receipt(number, cash_is_total=number % 3 == 0) for number in range(2, 16)]
    assert refine(labelled, RECEIPT) == labelled
