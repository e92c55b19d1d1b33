from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from rich.console import Console

from docgrid.chargrid import DEFAULT_ALPHABET, GridSize, grid_of_page
from docgrid.evaluation import Protocol, evaluate
from docgrid.geometry import Box
from docgrid.labels import LabelledField
from docgrid.page import Character, Characters, Page, TextSource
from docgrid.review.crops import crop_boxes, crop_names, write_crops
from docgrid.review.marks import COLOURS, Mark, colours_of, marked_characters, marks_of
from docgrid.review.overlay import draw_overlay
from docgrid.review.tables import document_table, evaluation_tables, field_table, item_table
from docgrid.review.terminal import draw_blocks, draw_text, legend
from docgrid.schema import RECEIPT


def shown(*renderables: Any, width: int = 100) -> str:
    buffer = io.StringIO()
    console = Console(file=buffer, width=width, force_terminal=False)
    for one in renderables:
        console.print(one)
    return buffer.getvalue()


def entry(text: str = "9.00", **more: Any) -> dict[str, Any]:
    return {"text": text, "value": text, "page": 1, "bbox": [0.1, 0.2, 0.3, 0.25], "confidence": 0.9, "decision": "accept"} | more


def extraction(**fields: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": "a",
        "source": "in/a.pdf",
        "status": "ok",
        "pages": [{"page": 1, "width_pt": 200.0, "height_pt": 400.0}],
        "fields": fields,
        "line_items": [],
        "missing": ["date"],
    }


def page_of(*words: tuple[str, float, float], width: float = 200.0, height: float = 100.0) -> Page:
    """Words as (text, left, top); characters are 5 x 10 points, every word its own line."""
    rows = [
        Character(character, Box(left + 5 * number, top, left + 5 * number + 5, top + 10), 1.0, word, word)
        for word, (text, left, top) in enumerate(words)
        for number, character in enumerate(text)
    ]
    return Page(1, width, height, Characters.from_rows(rows), TextSource.TEXT_LAYER)


def test_a_field_table_shows_value_text_confidence_and_page_and_what_is_missing() -> None:
    text = shown(field_table(extraction(total=[entry("RM 9.00", value="9.00", currency="MYR")])))
    row = next(line for line in text.splitlines() if "total" in line)
    assert [part.strip() for part in row.split("│")[1:-1]] == ["total", "9.00 MYR", "RM 9.00", "0.90", "accept", "1"]
    assert text.splitlines()[-1].strip() == "missing: date"


@pytest.mark.parametrize("hostile", ["[red]x[/y]", "\x1b[31mx", "\u202ex", "\x9b31mx"])
def test_hostile_text_is_shown_and_steers_nothing(hostile: str) -> None:
    text = shown(field_table(extraction(total=[entry(hostile)])), document_table([{"status": hostile}], ["status"]))
    assert not any(character in text for character in "\x1b\x9b\u202e")
    assert "x" in text


def test_line_items_are_rows_with_the_fields_that_occur_as_columns() -> None:
    document = extraction() | {
        "line_items": [
            {
                "pages": [1],
                "confidence": 0.8,
                "fields": {"line_item_description": [entry("Nail")], "line_item_quantity": [entry("2")]},
            },
            {"pages": [1, 2], "confidence": 0.7, "fields": {"line_item_description": [entry("Screw")]}},
        ]
    }
    table = item_table(document)
    assert table is not None
    text = shown(table)
    assert "description" in text and "line_item_description" not in text
    assert [part.strip() for part in text.splitlines()[5].split("│")[1:-1]] == ["2", "Screw", "", "0.70", "1, 2"]
    assert item_table(extraction()) is None


def test_columns_of_line_items_stand_in_the_order_in_which_invoices_print_them() -> None:
    names = ("line_item_amount_net", "line_item_note", "line_item_quantity", "line_item_description", "line_item_position")
    table = item_table(extraction() | {"line_items": [{"confidence": 0.5, "fields": {name: [entry()] for name in names}}]})
    assert table is not None
    headings = [str(column.header) for column in table.columns]
    assert headings == ["#", "position", "description", "note", "quantity", "amount_net", "conf.", "page"]


def test_evaluation_tables_put_unseen_layouts_first() -> None:
    class Truth:
        id, layout = "a", "new"
        fields = (LabelledField("total", "9.00"),)

    prediction = extraction(total=[entry()])
    evaluation = evaluate([prediction], [Truth()], schema=RECEIPT, protocol=Protocol.R1, seen_layouts=frozenset())
    text = shown(*evaluation_tables(evaluation), width=140)
    assert text.index("R1 unseen layouts, folded (1 documents)") < text.index("R1 all documents, folded")
    assert "100.0-100.0" in text
    assert "expected calibration error" in text


def test_marks_come_from_fields_and_line_items_of_one_page() -> None:
    document = extraction(total=[entry(), entry(page=2)]) | {"line_items": [{"fields": {"line_item_code": [entry()]}}]}
    assert [(mark.name, mark.page, mark.item) for mark in marks_of(document, page=1)] == [
        ("total", 1, None),
        ("line_item_code", 1, 0),
    ]
    assert len(marks_of(document)) == 3


def test_a_mark_owns_the_characters_whose_middle_it_holds() -> None:
    page = page_of(("ab", 0, 0), ("c", 100, 50))
    marks = [Mark("x", 1, (0.0, 0.0, 0.035, 0.2), 1.0)]  # 7 points wide: "b" begins at 5, its middle is at 7.5
    assert marked_characters(page, marks).tolist() == [0, -1, -1]
    assert marked_characters(page, []).tolist() == [-1, -1, -1]


def test_words_are_drawn_near_where_they_stand() -> None:
    page = page_of(("left", 0, 0), ("right", 100, 1), ("below", 0, 15), ("far", 50, 80))
    lines = [line.plain for line in draw_text(page, columns=40)]
    assert lines == ["left" + " " * 16 + "right", "below", "", "          far"]


def test_a_word_whose_place_is_taken_moves_right_and_long_lines_are_cut() -> None:
    page = page_of(("abcdefgh", 0, 0), ("next", 10, 0), ("x" * 30, 50, 0))
    lines = draw_text(page, columns=20)
    assert lines[0].plain.startswith("abcdefgh next x")
    assert lines[0].cell_len == 20


def test_marked_words_carry_the_colour_of_their_field() -> None:
    page = page_of(("ab", 0, 0))
    mark = Mark("total", 1, (0.0, 0.0, 1.0, 1.0), 1.0)
    line = draw_text(page, [mark], columns=40)[0]
    red, green, blue = COLOURS[0]
    assert {str(span.style.color.name) for span in line.spans if hasattr(span.style, "color") and span.style.color} == {
        f"rgb({red},{green},{blue})"
    }
    assert legend([mark]).plain == "■ total  "


def test_blocks_put_two_rows_of_cells_into_one_line() -> None:
    page = page_of(("a", 0, 0), width=20, height=20)
    grid = grid_of_page(page, DEFAULT_ALPHABET, GridSize(4, 4))  # 5 points a cell: "a" fills column 0, rows 0 and 1
    lines = draw_blocks(page, grid, DEFAULT_ALPHABET, columns=80)
    assert [line.plain for line in lines] == ["▀"]
    lower = page_of(("a", 0, 5), width=20, height=20)
    lines = draw_blocks(lower, grid_of_page(lower, DEFAULT_ALPHABET, GridSize(4, 4)), DEFAULT_ALPHABET, columns=80)
    assert [line.plain for line in lines] == ["▄", "▀"]


def test_a_grid_wider_than_the_terminal_is_thinned_out() -> None:
    page = page_of(("a" * 40, 0, 0), width=200, height=20)
    grid = grid_of_page(page, DEFAULT_ALPHABET, GridSize(8, 80))
    assert max(len(line.plain) for line in draw_blocks(page, grid, DEFAULT_ALPHABET, columns=30)) <= 30


def test_an_empty_page_is_drawn_as_nothing() -> None:
    page = Page(1, 100.0, 100.0, Characters.empty(), TextSource.NONE)
    assert draw_text(page, columns=80) == []
    lines = draw_blocks(page, grid_of_page(page, DEFAULT_ALPHABET, GridSize(8, 8)), DEFAULT_ALPHABET, columns=80)
    assert "".join(line.plain for line in lines) == ""


def test_colours_are_given_in_the_order_of_the_names_and_start_again_after_the_last() -> None:
    names = [f"f{number}" for number in range(11)]
    colours = colours_of([*names, "f0"])
    assert len(colours) == 11
    assert colours["f0"] == colours["f10"] == COLOURS[0]


def test_the_overlay_draws_boxes_at_their_place_and_leaves_the_rest() -> None:
    picture = Image.new("L", (200, 400), 255)
    drawn = draw_overlay(picture, [Mark("total", 1, (0.25, 0.5, 0.75, 0.6), 0.9)])
    pixels = np.asarray(drawn)
    assert drawn.size == (200, 400) and drawn.mode == "RGB"
    assert tuple(pixels[220, 48]) == COLOURS[0]  # the left edge, two pixels outside of 50
    assert tuple(pixels[100, 100]) == (255, 255, 255)
    inside = pixels[220, 100]
    assert inside[2] > inside[0] and inside.min() > 150  # tinted, still readable


def test_labels_that_would_cover_each_other_find_another_place() -> None:
    picture = Image.new("RGB", (300, 300), "white")
    marks = [Mark("first", 1, (0.3, 0.5, 0.6, 0.55), 0.9), Mark("second", 1, (0.31, 0.505, 0.61, 0.555), 0.9)]
    pixels = np.asarray(draw_overlay(picture, marks)).astype(int)
    filled = [np.abs(pixels - np.array(COLOURS[number])).sum(axis=2) < 90 for number in (0, 1)]
    assert all(mask.sum() > 200 for mask in filled)  # both labels are there


class FakePool:
    """Draws every crop as a picture of the size it was asked for, and the second one not at all."""

    def crops(self, path: Path, places: list[tuple[int, Box]], dpi: float) -> list[Image.Image | None]:
        sizes = [(round(box.width * dpi / 72), round(box.height * dpi / 72)) for _, box in places]
        return [None if number == 1 else Image.new("L", size, 255) for number, size in enumerate(sizes)]


def test_crops_are_written_beside_the_json_and_named_in_it(tmp_path: Path) -> None:
    document = extraction(total=[entry(), entry()]) | {"line_items": [{"fields": {"line_item_code": [entry()]}}]}
    folder = tmp_path / "fields_crops"
    result = write_crops(document, Path("in/a.pdf"), FakePool(), folder, relative_to=tmp_path)  # type: ignore[arg-type]  # a stand-in
    name = result["fields"]["total"][0]["crop"]
    assert name.startswith("fields_crops/a-") and name.endswith("-total-1.png")
    with Image.open(tmp_path / name) as picture:
        # 40 x 20 points and a margin of 2 on each side, at 150 dpi
        assert picture.size == (round(44 * 150 / 72), round(24 * 150 / 72))
    assert "crop" not in result["fields"]["total"][1]
    assert "item1-line_item_code-1.png" in result["line_items"][0]["fields"]["line_item_code"][0]["crop"]
    assert "crop" not in document["fields"]["total"][0]  # what was given stays as it was
    assert len(list(folder.iterdir())) == 2


def test_names_of_crops_are_safe_whatever_the_document_and_the_field_are_called() -> None:
    document = extraction(**{"../../x": [entry()], "\x1b[31m": [entry()]}) | {"id": "../../etc/passwd"}
    names = crop_names(document)
    assert len(set(names)) == 2
    assert all("/" not in name and "\x1b" not in name and not name.startswith(".") for name in names)


def test_crops_stay_on_the_page() -> None:
    document = extraction(total=[entry(bbox=[0.0, 0.0, 1.0, 1.0])])
    assert crop_boxes(document) == [(1, Box(0.0, 0.0, 200.0, 400.0))]
