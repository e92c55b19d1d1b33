from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from docgrid.datasets.base import DrawnPlace
from docgrid.datasets.packing import Packed, field_as_json, field_from_json, places_as_json, places_from_json
from docgrid.datasets.store import DocumentStore, StoredDocuments
from docgrid.errors import DatasetError
from docgrid.geometry import Box
from docgrid.labels import LabelledDocument, LabelledField, Occurrence
from docgrid.page import Character, Characters, Document, OcrRun, Page, TextSource

FIELDS = (
    LabelledField("total", "9,00 €", occurrences=(Occurrence(1, (0, 1, 2, 5)), Occurrence(2, (3,))), normal="9.00"),
    LabelledField("line_name", "Tür", 0, boxes=((2, Box(0.1, 1.0, 1 / 3, 2.0)),)),
    LabelledField("lost", ""),
)


def document(name: str, words: int = 4) -> LabelledDocument:
    rows = [
        Character("ä9"[place], Box(7 / 3 * word, 0, 7 / 3 * word + 1, 9), 0.7, word, 0)
        for word in range(words)
        for place in (0, 1)
    ]
    pages = (
        Page(1, 595.3, 841.9, Characters.from_rows(rows), TextSource.OCR, ocr=OcrRun("rapidocr", "3", "deu", 150.0, 90.0)),
        Page(2, 100.0, 50.0, Characters.empty(), TextSource.NONE, rotation=90, warnings=("blank",)),
    )
    read = Document(Path(f"in/{name}.pdf"), "0" * 64, pages, reader="pdf 5", warnings=("old",), page_count=3, metadata={"a": "b"})
    return LabelledDocument(name, read, FIELDS, layout="blue", languages=("de", "en"))


def assert_equal(one: LabelledDocument, other: LabelledDocument) -> None:
    assert [entry.normal for entry in one.fields] == [entry.normal for entry in other.fields]  # not part of ==
    for mine, theirs in zip(one.document.pages, other.document.pages, strict=True):
        for name in ("code_points", "boxes", "confidence", "word_index", "line_index"):
            left, right = getattr(mine.characters, name), getattr(theirs.characters, name)
            assert left.dtype == right.dtype
            assert np.array_equal(left, right)
        assert replace(mine, characters=theirs.characters) == theirs
    assert replace(one, document=replace(one.document, pages=other.document.pages)) == other


def filled(folder: Path, count: int = 5, *, shard_bytes: int = 2_000) -> DocumentStore:
    store = DocumentStore(folder, shard_bytes=shard_bytes)
    for number in range(count):
        store.add(f"key{number}", document(f"d{number}", words=number + 1))
    store.flush()
    return store


def read(store: DocumentStore, key: str) -> LabelledDocument:
    place = store.place(key)
    assert place is not None
    return store.read(place)


def test_a_document_comes_back_with_every_character_field_and_place(tmp_path: Path) -> None:
    assert_equal(read(filled(tmp_path), "key3"), document("d3", words=4))


def test_a_store_that_is_opened_again_knows_every_document_of_every_shard(tmp_path: Path) -> None:
    filled(tmp_path)
    assert len(list(tmp_path.iterdir())) > 1
    again = DocumentStore(tmp_path)
    assert len(again) == 5
    for number in range(5):
        assert_equal(read(again, f"key{number}"), document(f"d{number}", words=number + 1))


def test_a_document_is_on_disk_when_its_shard_is_full_or_flushed(tmp_path: Path) -> None:
    store = DocumentStore(tmp_path / "new")
    store.add("key", document("a"))
    assert store.place("key") is None
    assert not (tmp_path / "new").exists()
    store.flush()
    assert store.place("key") is not None


def test_two_runs_that_write_the_same_documents_leave_them_once(tmp_path: Path) -> None:
    one, other = DocumentStore(tmp_path), DocumentStore(tmp_path)
    for store in (one, other):
        store.add("key", document("a"))
        store.flush()
    assert len(list(tmp_path.iterdir())) == 1
    assert_equal(read(one, "key"), read(other, "key"))


@pytest.mark.parametrize("share", [0.0, 0.001, 0.1, 0.5, 0.99])
def test_a_shard_that_was_cut_is_removed_and_its_documents_are_unknown(tmp_path: Path, share: float) -> None:
    filled(tmp_path)
    path = sorted(tmp_path.iterdir())[0]
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    again = DocumentStore(tmp_path)
    assert not path.exists()
    assert 0 < len(again) < 5


def test_a_flipped_byte_is_noticed_when_the_document_is_read_and_its_shard_can_be_forgotten(tmp_path: Path) -> None:
    filled(tmp_path, shard_bytes=10**9)
    (path,) = tmp_path.iterdir()
    store = DocumentStore(tmp_path)
    place = store.place("key2")
    assert place is not None
    content = bytearray(path.read_bytes())
    content[place.start + 100] ^= 1
    path.write_bytes(content)
    assert not store.is_sound(place)
    with pytest.raises(DatasetError, match="does not fit its checksum"):
        store.read(place)
    store.forget(place)
    assert store.place("key1") is None
    assert not path.exists()


def test_a_shard_that_vanished_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    store = filled(tmp_path)
    for path in tmp_path.iterdir():
        path.unlink()
    with pytest.raises(DatasetError) as caught:
        read(store, "key0")
    assert "Start again" in caught.value.hint


def test_other_files_in_the_folder_are_left_alone(tmp_path: Path) -> None:
    names = ("model.safetensors", "a.chargrid.safetensors", "shard-1.safetensors", "notes.txt")
    for name in names:
        (tmp_path / name).write_bytes(b"not a shard")
    filled(tmp_path)
    DocumentStore(tmp_path)
    assert all((tmp_path / name).read_bytes() == b"not a shard" for name in names)


def test_stored_documents_keep_their_order_and_are_read_when_asked_for(tmp_path: Path) -> None:
    store = filled(tmp_path)
    places = {f"d{number}": store.place(f"key{number}") for number in (4, 0, 2)}
    documents = StoredDocuments(store, {name: place for name, place in places.items() if place is not None})
    assert list(documents) == ["d4", "d0", "d2"]
    assert [labelled.id for labelled in documents.values()] == ["d4", "d0", "d2"]
    assert list(documents.only(["d2", "d4"])) == ["d2", "d4"]


def test_packed_labels_are_equal_to_the_plain_ones() -> None:
    fields = Packed(FIELDS, field_as_json, field_from_json)
    assert fields == FIELDS
    assert fields[0] == FIELDS[0]
    assert fields[1:] == FIELDS[1:]
    assert fields != FIELDS[:2]
    places = ((DrawnPlace(1, ((0.1, 0.2, 1 / 3, 0.4),), 7), DrawnPlace(2, ())), ())
    assert Packed(places, places_as_json, places_from_json) == places
