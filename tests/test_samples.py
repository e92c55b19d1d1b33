from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from docgrid.chargrid import DEFAULT_ALPHABET, Frame, GridSize, GridTransform
from docgrid.geometry import Box
from docgrid.labels import LabelledDocument, LabelledField, Occurrence
from docgrid.page import Character, Characters, Document, Page, TextSource
from docgrid.samples import (
    NOT_LABELLED,
    Augmentation,
    GridSettings,
    PageSample,
    augment,
    collate,
    draw,
    page_samples,
    random_transform,
)
from docgrid.schema import FieldSpec, FieldType, Schema

SCHEMA = Schema(
    "test",
    (
        FieldSpec("total", FieldType.MONEY),
        FieldSpec("due", FieldType.MONEY),
        FieldSpec("line_name", FieldType.TEXT, line_item=True),
        FieldSpec("line_price", FieldType.MONEY, line_item=True),
    ),
)
ALL = frozenset(SCHEMA.names)
WORDS = (("pen", 0, 0), ("1.00", 60, 0), ("blue", 0, 12), ("ink", 0, 30), ("2.00", 60, 30), ("Total", 0, 60), ("3.00", 60, 60))


def document(words: tuple[tuple[str, float, float], ...] = WORDS) -> Document:
    """Each word is a line of its own; characters are 5 x 10 points."""
    rows = [
        Character(letter, Box(left + 5 * place, top, left + 5 * place + 5, top + 10), 1.0, number, number)
        for number, (text, left, top) in enumerate(words)
        for place, letter in enumerate(text)
    ]
    page = Page(1, 100, 100, Characters.from_rows(rows), TextSource.GIVEN)
    return Document(Path("a.pdf"), "0" * 64, (page,))


def rows_of(word: int) -> Occurrence:
    characters = document().pages[0].characters
    return Occurrence(1, tuple(range(characters.word_starts[word], characters.word_stops[word])))


def labelled(*, items: bool = True, with_due: bool = True) -> LabelledDocument:
    fields = [LabelledField("total", "3.00", occurrences=(rows_of(6),))]
    if with_due:
        fields.append(LabelledField("due", "3.00", occurrences=(rows_of(6),)))
    if items:
        fields += [
            LabelledField("line_name", "pen blue", 0, (Occurrence(1, rows_of(0).characters + rows_of(2).characters),)),
            LabelledField("line_price", "1.00", 0, (rows_of(1),)),
            LabelledField("line_name", "ink", 1, (rows_of(3),)),
            LabelledField("line_price", "2.00", 1, (rows_of(4),)),
        ]
    return LabelledDocument("a", document(), tuple(fields))


def sample(known: frozenset[str] = ALL, **how: bool) -> PageSample:
    return page_samples(labelled(**how), SCHEMA, known)[0]


SETTINGS = GridSettings(DEFAULT_ALPHABET, GridSize(104, 104), Frame.PAGE, np.array([[10, 80]], np.float32))


def test_one_printed_amount_carries_both_of_its_fields_as_a_word_and_the_first_as_a_cell() -> None:
    one = sample()
    assert one.word_fields[6].tolist() == [True, True, False, False]
    assert set(one.classes[-4:].tolist()) == {1}


def test_item_boxes_span_their_text_lines_and_the_full_width_of_the_table() -> None:
    assert sample().item_boxes.tolist() == [[0, 0, 80, 22], [0, 30, 80, 40]]


def test_only_words_in_the_first_line_of_an_item_start_it() -> None:
    assert sample().item_starts.tolist() == [True, True, False, True, True, False, False]


def test_fields_that_a_dataset_does_not_label_are_neither_right_nor_wrong() -> None:
    one = sample(frozenset({"total"}), items=False, with_due=False)
    assert one.known.tolist() == [True, False, False, False]
    assert one.classes[0] == NOT_LABELLED  # "pen" may well be the name of a line item
    assert not one.items_known


def test_a_document_without_any_field_is_one_where_everything_that_the_dataset_labels_is_absent() -> None:
    letter = LabelledDocument("letter", document(), ())
    one = page_samples(letter, SCHEMA, ALL)[0]
    assert one.known.all()
    assert one.items_known
    assert not one.classes.any()
    _, targets = collate([draw(one, SETTINGS)], SETTINGS)
    assert targets.box_mask is not None
    assert set(targets.box_mask.flatten().tolist()) == {0}
    assert targets.starts_known.all()
    without_items = page_samples(letter, SCHEMA, frozenset({"total", "due"}))[0]
    assert not without_items.items_known  # that dataset never labels line items


def test_a_value_that_was_not_found_is_not_judged_on_its_document() -> None:
    truth = labelled()
    lost = LabelledDocument("a", truth.document, (*truth.fields[:1], LabelledField("due", "9.99")))
    assert not page_samples(lost, SCHEMA, ALL)[0].known[1]


def test_drawing_gives_every_word_its_cells_and_every_cell_its_class() -> None:
    drawn = draw(sample(), SETTINGS)
    assert set(np.unique(drawn.cell_words).tolist()) == set(range(-1, 7))
    assert set(np.unique(drawn.segmentation[drawn.cell_words == 6]).tolist()) == {1}
    assert set(np.unique(drawn.segmentation[drawn.cell_words == -1]).tolist()) == {0}


def test_a_batch_pads_words_and_marks_what_is_judged() -> None:
    short = page_samples(
        LabelledDocument("b", document(WORDS[:2]), (LabelledField("total", "1.00", occurrences=(rows_of(1),)),)), SCHEMA, ALL
    )[0]
    batch, targets = collate([draw(sample(), SETTINGS), draw(short, SETTINGS)], SETTINGS)
    assert batch.is_word.sum(dim=1).tolist() == [7, 2]
    assert targets.words.shape == (2, 7, 4)
    assert targets.words_known[0].all()
    assert not targets.words_known[1, :, 2:].any()  # no line items were labelled there
    assert targets.box_mask is not None
    assert targets.box_mask.shape == (2, 1, 104, 104)
    assert int((targets.box_mask[0] == 1).sum()) > 0
    assert set(targets.box_mask[1].flatten().tolist()) == {-1}


def test_augmentation_keeps_labels_with_their_words() -> None:
    wild = Augmentation(drop_words=0.4, confuse=0.5, confused_pages=1.0)
    for seed in range(20):
        changed = augment(sample(), wild, np.random.default_rng(seed))
        texts = changed.page.characters.word_texts
        assert len(texts) == len(changed.word_fields) == len(changed.item_starts)
        # "Total" begins with a letter that nothing is confused with, so it can always be told; it never has a field
        assert all(not changed.word_fields[row].any() for row, text in enumerate(texts) if text[0] == "T")


def test_augmentation_is_decided_by_its_generator_alone() -> None:
    one, same, other = (draw(sample(), SETTINGS, augmentation=Augmentation(), random=np.random.default_rng(s)) for s in (1, 1, 2))
    assert np.array_equal(one.grid, same.grid)
    assert not np.array_equal(one.grid, other.grid)


def test_a_page_is_drawn_up_to_a_fifth_smaller_and_moved_by_up_to_a_tenth_of_the_grid() -> None:
    size, whole = GridSize(100, 100), GridTransform(1.0, 0.0, 0.0)
    drawn = [random_transform(whole, Augmentation(), size, np.random.default_rng(seed)) for seed in range(300)]
    scales = [one.scale for one in drawn]
    assert 0.8 <= min(scales) < 0.82
    assert 0.98 < max(scales) <= 1.0
    for one in drawn:
        room = 100 * (1 - one.scale)
        assert -5 <= one.offset_x <= room + 5
        assert -5 <= one.offset_y <= room + 5


# what OCR takes the characters of this page for
LOOKS_LIKE = {"l": "1I|", "1": "lI|", "0": "oO", "o": "0O", "e": "ca", "a": "e", "n": "hrm", "u": "v", "2": "zZ", "b": "8B",
              "i": "j", "t": "f", ".": ",:"}  # fmt: skip


def test_characters_are_confused_only_with_those_that_ocr_takes_them_for() -> None:
    always = Augmentation(drop_words=0, drop_lines=0, confuse=1.0, confused_pages=1.0)
    before = sample().page.characters.text
    for seed in range(10):
        after = augment(sample(), always, np.random.default_rng(seed)).page.characters.text
        changed = {(old, new) for old, new in zip(before, after, strict=True) if old != new}
        assert all(new in LOOKS_LIKE[old] for old, new in changed)
        assert len(changed) > 5


def test_whole_lines_go_when_lines_are_dropped() -> None:
    only_lines = Augmentation(drop_words=0, drop_lines=0.5, confuse=0)
    texts = augment(sample(), only_lines, np.random.default_rng(0)).page.characters.word_texts
    assert 0 < len(texts) < 7
    kept = [augment(sample(), only_lines, np.random.default_rng(seed)).page.characters.word_texts for seed in range(40)]
    assert {len(row) for row in kept} >= {2, 3, 4, 5}


@pytest.mark.parametrize("seed", range(5))
def test_moved_item_boxes_still_hold_their_words(seed: int) -> None:
    drawn = draw(
        sample(), SETTINGS, augmentation=Augmentation(drop_words=0, drop_lines=0, confuse=0), random=np.random.default_rng(seed)
    )
    rows, columns = np.nonzero(np.isin(drawn.cell_words, [0, 1, 2]))
    left, top, right, bottom = drawn.boxes[0]
    assert (columns + 1 > left).all() and (columns < right).all() and (rows + 1 > top).all() and (rows < bottom).all()
