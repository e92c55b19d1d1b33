from __future__ import annotations

from pathlib import Path

import pytest

from docgrid.datasets.given import TextLine, document_from_lines
from docgrid.errors import ModelError
from docgrid.layouts import FILE_NAME, KnownLayouts, learn_layouts, load_layouts, save_layouts, signature_of
from docgrid.page import Document

WORDS = "alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november oscar papa".split()  # noqa: SIM905


def document(*words: str) -> Document:
    lines = [TextLine(word, (0, 20.0 * row, 80, 20.0 * row + 10)) for row, word in enumerate(words)]
    return document_from_lines(Path(__file__), (200, 400), lines, reader="test")


def test_a_signature_is_of_words_and_not_of_numbers_or_case() -> None:
    assert signature_of(document("Total", "RM", "9.00")) == signature_of(document("TOTAL", "12/01/2020"))
    assert len(signature_of(document("Total", "amount"))) == 2
    assert signature_of(document()) == frozenset()


def test_the_distance_is_what_the_nearest_training_document_lacks() -> None:
    known = KnownLayouts((signature_of(document(*WORDS)), signature_of(document("other", "words"))), 0.1, 0.9)
    assert known.distance(document(*WORDS)) == 0.0
    assert known.distance(document(*WORDS[:12], "yankee", "zulu", "quebec", "romeo")) == pytest.approx(4 / 16)
    assert known.distance(document("romeo", "sierra")) == 1.0
    assert known.distance(document()) == 0.0  # of an empty page nothing can be said


def test_a_page_of_few_words_is_not_familiar_because_it_shares_them_all() -> None:
    known = KnownLayouts((signature_of(document(*WORDS)),), 0.1, 0.9)
    assert known.distance(document(*WORDS[:3])) == pytest.approx(1 - 3 / 12)


def test_a_warning_comes_beyond_the_first_threshold_and_says_more_beyond_the_second() -> None:
    known = KnownLayouts((), 0.2, 0.6)
    assert known.warning(0.2) is None
    assert known.warning(0.5) == (
        "unfamiliar document: it shares 50 % of its words with the nearest training document; check its fields"
    )
    assert "no field is accepted" in (known.warning(0.7) or "")
    assert (known.is_foreign(0.6), known.is_foreign(0.61)) == (False, True)


def test_the_threshold_leaves_the_chosen_share_of_familiar_documents_without_warning() -> None:
    training = {"a": [signature_of(document(*WORDS))]}
    familiar = [signature_of(document(*WORDS[:-1], f"word{chr(97 + row)}")) for row in range(19)]
    familiar.append(signature_of(document("nothing", "of", "that", *WORDS[:9])))
    known = learn_layouts(training, familiar, false_alarms=0.05)
    assert known.unfamiliar == pytest.approx(1 / 16, abs=0.03)
    assert sum(known.warning(distance) is not None for distance in (1 / 16, 3 / 12)) == 1


def test_without_held_out_documents_training_documents_are_compared_with_each_other_but_not_with_themselves() -> None:
    several = {str(row): [signature_of(document(*WORDS, f"unique{chr(97 + row)}"))] * 2 for row in range(10)}
    assert learn_layouts(several, []).unfamiliar == pytest.approx(1 / 17)


def test_what_is_kept_of_many_documents_stays_small_on_disk(tmp_path: Path) -> None:
    many = {str(row): [frozenset(range(row * 7 % 60_000, row * 7 % 60_000 + 100))] for row in range(1500)}
    known = learn_layouts(many, [])
    save_layouts(tmp_path, known)
    assert (tmp_path / FILE_NAME).stat().st_size <= 200_000
    assert load_layouts(tmp_path) == known


def test_a_model_folder_without_the_file_remembers_nothing(tmp_path: Path) -> None:
    assert load_layouts(tmp_path) is None


@pytest.mark.parametrize("position", [0, 40, -1])
def test_a_damaged_file_is_refused_with_what_to_do(tmp_path: Path, position: int) -> None:
    save_layouts(tmp_path, KnownLayouts((frozenset({1, 2}),), 0.2, 0.6))
    content = bytearray((tmp_path / FILE_NAME).read_bytes())
    (tmp_path / FILE_NAME).write_bytes(
        bytes(content[: len(content) // 2]) if position < 0 else bytes(content[:position]) + b"\xff"
    )
    with pytest.raises(ModelError, match="is damaged") as caught:
        load_layouts(tmp_path)
    assert "--layouts" in caught.value.hint
