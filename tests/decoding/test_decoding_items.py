from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from docgrid.datasets.given import TextLine, document_from_lines
from docgrid.decoding import DecodingSettings, ItemGrouping, ItemPrediction, decode_document
from docgrid.page import Document
from docgrid.schema import FieldSpec, FieldType, Schema

NAME = "line_item_description"
QUANTITY = "line_item_quantity"
AMOUNT = "line_item_amount_net"
SCHEMA = Schema(
    "test",
    (
        FieldSpec(NAME, FieldType.TEXT, line_item=True, multiline=True),
        FieldSpec(QUANTITY, FieldType.NUMBER, line_item=True),
        FieldSpec(AMOUNT, FieldType.MONEY, line_item=True),
    ),
)
ROW = 20  # points from one row to the next; a line is 10 points high
Cells = tuple[str, str, str]  # description, quantity, amount; empty for none
LEFT = (0, 300, 400)


@dataclass(frozen=True)
class Evidence:
    word_probabilities: NDArray[np.float32]
    item_boxes: NDArray[np.float32]
    item_scores: NDArray[np.float32]
    item_starts: NDArray[np.float32] | None


def table(*pages: Sequence[Cells], tops: Sequence[float] | None = None) -> Document:
    """Pages with one table each; a row is ROW points below the one before unless `tops` says otherwise."""
    made = []
    for number, rows in enumerate(pages, start=1):
        lines = []
        for row, cells in enumerate(rows):
            top = tops[row] if tops else row * ROW
            lines += [
                TextLine(text, (left, top, left + 5 * len(text), top + 10))
                for text, left in zip(cells, LEFT, strict=True)
                if text
            ]
        made.append(replace(document_from_lines(Path(__file__), (600, 800), lines, reader="test"), page_count=number))
    pages_ = tuple(replace(one.pages[0], number=number) for number, one in enumerate(made, start=1))
    return replace(made[0], pages=pages_)


def evidence(
    document: Document,
    *,
    boxes: Mapping[int, Sequence[tuple[float, float, float, float]]] | None = None,
    starts: Mapping[int, Sequence[float]] | None = None,
) -> list[Evidence]:
    """Each word has 0.9 for the field of its column, 0.01 for the others.

    `boxes` are item boxes by page; `starts` are the tops of the rows where items begin, by page.
    """
    made = []
    for page in document.pages:
        lefts = page.characters.word_boxes[:, 0] if len(page.characters) else np.zeros(0)
        column = np.searchsorted(LEFT, lefts, side="right") - 1
        probabilities = np.full((len(lefts), 3), 0.01, np.float32)
        probabilities[np.arange(len(lefts)), column] = 0.9
        here = np.array((boxes or {}).get(page.number, []), np.float32).reshape(-1, 4)
        begins = None
        if starts is not None:
            tops = page.characters.word_boxes[:, 1]
            begins = np.where(np.isin(tops, starts.get(page.number, [])), 0.9, 0.1).astype(np.float32)
        made.append(Evidence(probabilities, here, np.ones(len(here), np.float32), begins))
    return made


def shown(document: Document, items: Sequence[ItemPrediction]) -> list[dict[str, str]]:
    return [
        {
            field.name: document.pages[field.page - 1].characters.text_of(np.array(field.characters)).replace("\n", " ")
            for field in item.fields
        }
        for item in items
    ]


def decode(document: Document, given: list[Evidence], grouping: ItemGrouping = ItemGrouping.AUTO) -> list[dict[str, str]]:
    settings = DecodingSettings(item_grouping=grouping)
    return shown(document, decode_document(document, given, SCHEMA, settings).line_items)


TWO = [{NAME: "Red paint", QUANTITY: "2", AMOUNT: "8.00"}, {NAME: "Brush", QUANTITY: "1", AMOUNT: "3.50"}]


def test_one_row_is_one_item() -> None:
    document = table([("Red paint", "2", "8.00"), ("Brush", "1", "3.50")])
    assert decode(document, evidence(document)) == TWO


def test_fields_carry_the_number_of_their_item_and_items_their_pages() -> None:
    document = table([("Red paint", "2", "8.00"), ("Brush", "1", "3.50")])
    items = decode_document(document, evidence(document), SCHEMA).line_items
    assert [[field.item for field in item.fields] for item in items] == [[0, 0, 0], [1, 1, 1]]
    assert [item.pages for item in items] == [(1,), (1,)]
    assert items[0].score == pytest.approx(0.9)


def test_a_description_goes_on_below_its_amount() -> None:
    document = table([("Red", "2", "8.00"), ("paint", "", ""), ("Brush", "1", "3.50")])
    assert decode(document, evidence(document)) == TWO


def test_a_description_may_stand_above_its_amount_throughout() -> None:
    document = table([("Red", "", ""), ("paint", "2", "8.00"), ("Brush", "", ""), ("", "1", "3.50")])
    assert decode(document, evidence(document)) == TWO


def test_a_clear_gap_separates_items_whose_amount_stands_in_the_middle() -> None:
    rows = [
        ("Red", "", ""),
        ("thick", "2", "8.00"),
        ("paint", "", ""),
        ("Fine", "", ""),
        ("Brush", "1", "3.50"),
        ("no 5", "", ""),
    ]
    document = table(rows, tops=[0, 12, 24, 60, 72, 84])
    assert [item[NAME] for item in decode(document, evidence(document))] == ["Red thick paint", "Fine Brush no 5"]


def test_item_boxes_decide_where_the_network_draws_them() -> None:
    # The rule alone would give "of oak" to the first item; the boxes say that it belongs to the second one.
    document = table([("Red paint", "2", "8.00"), ("of oak", "", ""), ("Brush", "1", "3.50")])
    given = evidence(document, boxes={1: [(0, 0, 600, 12), (0, 18, 600, 55)]})
    assert [item[NAME] for item in decode(document, given, ItemGrouping.BOXES)] == ["Red paint", "of oak Brush"]
    assert [item[NAME] for item in decode(document, given)] == ["Red paint", "of oak Brush"]
    assert [item[NAME] for item in decode(document, given, ItemGrouping.RULE)] == ["Red paint of oak", "Brush"]


def test_row_starts_decide_where_the_network_has_them() -> None:
    document = table([("Red paint", "2", "8.00"), ("of oak", "", ""), ("Brush", "1", "3.50")])
    given = evidence(document, starts={1: [0, ROW]})
    assert [item[NAME] for item in decode(document, given)] == ["Red paint", "of oak Brush"]


def test_starts_that_put_two_amounts_into_one_item_are_not_believed() -> None:
    document = table([("Red paint", "2", "8.00"), ("Brush", "1", "3.50")])
    assert decode(document, evidence(document, starts={1: [0]})) == TWO


def test_an_item_goes_on_over_a_page_break() -> None:
    document = table([("Brush", "1", "3.50"), ("Red", "2", "8.00")], [("paint", "", ""), ("Nails", "9", "1.00")])
    items = decode_document(document, evidence(document), SCHEMA).line_items
    assert [item.pages for item in items] == [(1,), (1, 2), (2,)]
    assert [field.page for field in items[1].fields if field.name == NAME] == [1, 2]


def test_a_sum_that_is_carried_over_the_page_is_no_item() -> None:
    document = table([("Red paint", "2", "8.00"), ("Carried forward", "", "8.00")], [("Brush", "1", "3.50")])
    assert decode(document, evidence(document)) == TWO


def test_a_table_head_is_no_item() -> None:
    document = table([("Article", "", ""), ("", "", "")])
    assert decode(document, evidence(document)) == []


def test_a_lone_amount_is_no_item_where_items_have_many_fields() -> None:
    rich = Schema("rich", (*SCHEMA.fields, FieldSpec("line_item_tax", FieldType.MONEY, line_item=True)))
    document = table([("Red paint", "2", "8.00"), ("", "", "9.90")])
    given = [replace(one, word_probabilities=np.pad(one.word_probabilities, ((0, 0), (0, 1)))) for one in evidence(document)]
    assert len(decode_document(document, evidence(document), SCHEMA).line_items) == 2
    assert shown(document, decode_document(document, given, rich).line_items) == TWO[:1]


def test_a_row_without_any_amount_or_count_is_no_item() -> None:
    schema = Schema("rates", (*SCHEMA.fields[:2], FieldSpec("line_item_tax_rate", FieldType.PERCENT, line_item=True)))
    document = table([("Red paint", "2", "19 %"), ("Allowance", "", "7 %")])
    assert shown(document, decode_document(document, evidence(document), schema).line_items) == [
        {NAME: "Red paint", QUANTITY: "2", "line_item_tax_rate": "19 %"}
    ]


def test_a_code_of_one_line_takes_the_likelier_of_two_lines() -> None:
    schema = Schema("codes", (FieldSpec("line_item_code", FieldType.IDENTIFIER, line_item=True), *SCHEMA.fields[1:]))
    document = table([("A-1", "2", "8.00"), ("A-2", "", "")])
    (given,) = evidence(document)
    probabilities = given.word_probabilities.copy()
    probabilities[list(document.pages[0].characters.word_texts).index("A-2"), 0] = 0.6
    (item,) = decode_document(document, [replace(given, word_probabilities=probabilities)], schema).line_items
    assert shown(document, [item]) == [{"line_item_code": "A-1", QUANTITY: "2", AMOUNT: "8.00"}]


def test_a_document_without_line_item_words_has_no_items() -> None:
    document = table([("Red paint", "2", "8.00")])
    (given,) = evidence(document)
    quiet = replace(given, word_probabilities=np.full_like(given.word_probabilities, 0.1))
    assert decode(document, [quiet]) == []


def test_a_schema_without_line_items_gives_none() -> None:
    document = table([("Red paint", "2", "8.00")])
    schema = Schema("plain", (FieldSpec("total", FieldType.MONEY),))
    given = [replace(one, word_probabilities=one.word_probabilities[:, 2:]) for one in evidence(document)]
    assert decode_document(document, given, schema).line_items == ()
