"""Small files that ask for much: each ends in a status within its limits, and its neighbours are read."""

from __future__ import annotations

import zlib
from dataclasses import replace
from pathlib import Path

import pytest
from pdf_writing import PdfPageSpec, assemble_pdf, pdf_bytes, text_at, write_pdf

from docgrid.errors import DocumentStatus
from docgrid.reading import Limits, OcrEngineName, ReaderPool, ReadingOptions, ReadResult

LIMITS = Limits(document_timeout_s=5, ocr_timeout_s=2, memory_bytes=1024**3)
OPTIONS = ReadingOptions(ocr=OcrEngineName.OFF, limits=LIMITS)


def deflated(content: bytes, times: int = 1, extra: bytes = b"") -> bytes:
    for _ in range(times):
        content = zlib.compress(content, 9)
    filters = b" ".join([b"/FlateDecode"] * times)
    return b"<< /Length %d /Filter [%s] %s >>\nstream\n%s\nendstream" % (len(content), filters, extra, content)


def single_page(content_object: bytes, resources: bytes = b"", more: dict[int, bytes] | None = None) -> bytes:
    return assemble_pdf(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
            3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 400] /Contents 4 0 R"
            b" /Resources << /Font << /F1 5 0 R >> %s >> >>" % resources,
            4: content_object,
            5: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            **(more or {}),
        }
    )


def calls_that_fan_out(levels: int, width: int) -> bytes:
    """Forms that each draw the next one `width` times."""
    objects = {}
    for level in range(levels):
        body = b"/X Do\n" * width if level + 1 < levels else text_at("bottom", 10, 10)
        following = b"/XObject << /X %d 0 R >>" % (11 + level) if level + 1 < levels else b""
        objects[10 + level] = (
            b"<< /Type /XObject /Subtype /Form /BBox [0 0 300 400] /Resources << /Font << /F1 5 0 R >> %s >> /Length %d >>"
            b"\nstream\n%s\nendstream" % (following, len(body), body)
        )
    return single_page(b"<< /Length 6 >>\nstream\n/X Do \nendstream", b"/XObject << /X 10 0 R >>", objects)


def form_that_draws_itself() -> bytes:
    body = text_at("again", 10, 10) + b"/X Do\n"
    form = (
        b"<< /Type /XObject /Subtype /Form /BBox [0 0 300 400] /Resources << /XObject << /X 10 0 R >> /Font << /F1 5 0 R >> >>"
        b" /Length %d >>\nstream\n%s\nendstream" % (len(body), body)
    )
    return single_page(b"<< /Length 6 >>\nstream\n/X Do \nendstream", b"/XObject << /X 10 0 R >>", {10: form})


def lying_count(count: int) -> bytes:
    return pdf_bytes([PdfPageSpec(text_at("only page", 50, 100))]).replace(b"/Count 1 ", b"/Count %d " % count)


def read(path: Path) -> ReadResult:
    """The result of a file that is read between two good ones."""
    before = write_pdf(path.parent, text_at("before", 50, 100), name="before.pdf")
    after = write_pdf(path.parent, text_at("after", 50, 100), name="after.pdf")
    with ReaderPool(OPTIONS, jobs=1) as pool:
        first, result, last = pool.read([before, path, after])
    assert (first.status, last.status) == (DocumentStatus.OK, DocumentStatus.OK)
    return result


@pytest.mark.parametrize(
    ("name", "content", "allowed"),
    [
        ("a million characters", single_page(deflated(text_at("x" * 200, 10, 10) * 5_000)), {"ok", "too_large"}),
        ("300,000 rectangles", single_page(deflated(b"0 0 1 1 re f\n" * 300_000)), {"too_large"}),
        (
            "a gigabyte of zeros, deflated twice",
            single_page(deflated(b"\0" * 2**28, 2)),
            {"empty", "corrupt", "out_of_memory", "timeout"},
        ),
        pytest.param(
            "forms that fan out 10 times 10 levels deep",
            calls_that_fan_out(10, 10),
            {"timeout", "too_large", "crashed", "out_of_memory", "ok", "empty"},
            marks=pytest.mark.slow,
        ),
        ("a form that draws itself", form_that_draws_itself(), {"ok", "empty", "corrupt"}),
        ("a page tree that says 100,000 pages", lying_count(100_000), {"ok", "too_large", "corrupt"}),
        ("a page tree that says -1 pages", lying_count(-1), {"ok", "empty", "corrupt"}),
    ],
)
def test_a_bomb_ends_in_a_status(tmp_path: Path, name: str, content: bytes, allowed: set[str]) -> None:
    path = tmp_path / "bomb.pdf"
    path.write_bytes(content)
    result = read(path)
    assert result.status.value in allowed, name
    assert result.seconds < LIMITS.document_timeout_s + 10


@pytest.mark.parametrize(
    "box", [(0, 0, 0, 0), (0, 0, -5, 10), (0, 0, float("nan"), 10), (0, 0, 1e30, 1e30), (100, 100, 100.0001, 100.0001)]
)
def test_an_impossible_page_is_a_status_or_shown_as_a_viewer_shows_it(
    tmp_path: Path, box: tuple[float, float, float, float]
) -> None:
    path = write_pdf(tmp_path, PdfPageSpec(text_at("text", 50, 100), media_box=box))
    with ReaderPool(OPTIONS, jobs=1) as pool:
        (result,) = pool.read([path])
    assert result.status in (DocumentStatus.OK, DocumentStatus.EMPTY, DocumentStatus.CORRUPT, DocumentStatus.TOO_LARGE)


@pytest.mark.slow
def test_memory_does_not_grow_with_the_number_of_pages(tmp_path: Path) -> None:
    def peak(pages: int) -> int:
        path = write_pdf(
            tmp_path, *[text_at(f"page {number} " + "word " * 200, 10, 100) for number in range(pages)], name=f"{pages}.pdf"
        )
        with ReaderPool(replace(OPTIONS, limits=Limits()), jobs=1) as pool:
            (result,) = pool.read([path])
        assert result.status is DocumentStatus.OK
        return result.peak_memory_bytes

    # What grows is the document itself: 800 characters of 32 bytes a page, and its copy on the way to the parent.
    assert peak(1000) < 1.2 * peak(50) + 1000 * 800 * 32 * 4


def test_a_loop_that_hangs_the_second_reader_costs_its_limit_and_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("docgrid.reading.supervisor.SECOND_READER_S", 1.0)
    path = tmp_path / "loop.pdf"
    path.write_bytes(single_page(b"10 0 R", more={10: b"11 0 R", 11: b"10 0 R"}))
    with ReaderPool(replace(OPTIONS, limits=replace(LIMITS, document_timeout_s=60)), jobs=1) as pool:
        (result,) = pool.read([path])
    assert result.status is DocumentStatus.EMPTY
    assert result.seconds < 10
