"""Documents and options on their way from one process to another."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from docgrid.errors import DocumentError, DocumentStatus
from docgrid.page import Characters, Document, OcrRun, Page, TextSource
from docgrid.reading.options import Limits, OcrEngineName, ReadingOptions
from docgrid.reading.wire import (
    WireError,
    options_as_json,
    options_from_json,
    pack,
    pack_document,
    pack_failure,
    pack_page,
    unpack,
    unpack_document,
    unpack_failure,
    unpack_page,
)


def characters() -> Characters:
    return Characters(
        np.array([72, 0x1F4DE], np.uint32),
        np.array([[0, 1, 2, 3], [4, 5, 6, 7]], np.float32),
        np.array([1, 0.5], np.float32),
        np.array([0, 1], np.int32),
        np.array([0, 3], np.int32),
    )


def document() -> Document:
    run = OcrRun("rapidocr", "3.10", "eng", 200.0, 90.0)
    pages = (
        Page(1, 100.5, 200.25, characters(), TextSource.OCR, 90, run, ("careful",)),
        Page(3, 10.0, 20.0, Characters.empty(), TextSource.NONE),
    )
    return Document(Path("a b\udcff.pdf"), "ab" * 32, pages, "reader 1", ("odd",), 7, {"failed_pages": "2"})


def sent(value: Document) -> Document:
    pages = [unpack_page(*unpack(pack(*pack_page(page)))) for page in value.pages]
    header, _ = unpack(pack(pack_document(value)))
    return unpack_document(header, value.path, pages)


def test_a_document_arrives_as_it_was_sent() -> None:
    before, after = document(), sent(document())
    for first, second in zip(before.pages, after.pages, strict=True):
        for name in ("code_points", "boxes", "confidence", "word_index", "line_index"):
            array = getattr(second.characters, name)
            assert np.array_equal(getattr(first.characters, name), array)
            assert array.dtype == getattr(first.characters, name).dtype
    plain = [
        [getattr(page, name) for name in ("number", "width_pt", "height_pt", "source", "rotation", "ocr", "warnings")]
        for page in after.pages
    ]
    assert plain[0] == [1, 100.5, 200.25, TextSource.OCR, 90, OcrRun("rapidocr", "3.10", "eng", 200.0, 90.0), ("careful",)]
    for name in ("path", "sha256", "reader", "warnings", "page_count", "metadata"):
        assert getattr(before, name) == getattr(after, name)


def test_options_arrive_as_they_were_sent() -> None:
    options = ReadingOptions(
        OcrEngineName.TESSEROCR, "deu+eng", (1, 4), "secret", 300.0, tessdata=Path("/data"), limits=Limits(pages=3), ocr_threads=2
    )
    options = replace(options, ocr_cache=Path("cache"))
    assert options_from_json(json.loads(json.dumps(options_as_json(options)))) == options


@pytest.mark.parametrize("message", [b"", b"\x80\x04garbage", b"\xff" * 20, pack({})[:8] + b"[1]"])
def test_what_is_no_message_is_refused(message: bytes) -> None:
    with pytest.raises(WireError):
        unpack(message)


@pytest.mark.parametrize("change", [{"reader": None, "metadata": []}, {"page_count": "x"}, {"warnings": 3}])
def test_a_document_header_that_does_not_fit_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(WireError):
        unpack_document(pack_document(document()) | change, Path("a"), ())


@pytest.mark.parametrize(
    "change",
    [
        *({"characters": count} for count in (-1, 10**12, None)),
        *({"width_pt": width} for width in (0, -1.0, float("nan"), float("inf"), 10**400)),
        {"source": "dreams"},
        {"ocr": ["rapidocr"]},
    ],
)
def test_a_page_header_that_does_not_fit_is_refused(change: dict[str, object]) -> None:
    header, blocks = pack_page(document().pages[0])
    with pytest.raises(WireError):
        unpack_page(header | change, memoryview(b"".join(blocks)))


def test_a_block_that_is_cut_short_or_not_finite_is_refused() -> None:
    header, blocks = pack_page(document().pages[0])
    with pytest.raises(WireError):
        unpack_page(header, memoryview(b"".join(blocks)[:-1]))
    blocks[1] = np.full((2, 4), np.nan, "<f4").tobytes()
    with pytest.raises(WireError, match="not finite"):
        unpack_page(header, memoryview(b"".join(blocks)))


def test_a_failure_arrives_as_it_was_sent() -> None:
    error = DocumentError("too slow", status=DocumentStatus.TIMEOUT, hint="wait")
    after = unpack_failure(json.loads(json.dumps(pack_failure(error))))
    assert (after.status, after.problem, after.hint) == (DocumentStatus.TIMEOUT, "too slow", "wait")
    for wrong in ([], ["fine", "", ""], 3):
        with pytest.raises(WireError):
            unpack_failure(wrong)
