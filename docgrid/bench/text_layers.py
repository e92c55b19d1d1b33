"""Ways to get the characters of a born-digital page, docgrid's and those of others, timed on the same pages in one run."""

from __future__ import annotations

import importlib.util
import io
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from statistics import mean, median
from typing import Any

from docgrid.bench.rows import BenchRow, Task
from docgrid.reading import Limits
from docgrid.reading.layout import order_characters
from docgrid.reading.pdf import PdfFile

REPETITIONS = 3
REFERENCE = "pdfplumber, page.chars"

ReadPage = Callable[[int], int]  # page number from 1 -> how many characters it found


@dataclass(frozen=True)
class TextWay:
    """One way to read a text layer."""

    name: str
    package: str  # what to install for it
    module: str
    open: Callable[[bytes], Any]  # content -> context manager of a ReadPage


@contextmanager
def _pdfplumber(content: bytes) -> Iterator[ReadPage]:
    import pdfplumber

    with pdfplumber.open(io.BytesIO(content)) as file:

        def read(number: int) -> int:
            page = file.pages[number - 1]
            try:
                return len(page.chars)
            finally:
                page.close()  # forgets the characters, so that the next call reads them again

        yield read


@contextmanager
def _pdfminer(content: bytes) -> Iterator[ReadPage]:
    from pdfminer.converter import PDFPageAggregator
    from pdfminer.layout import LTChar, LTFigure
    from pdfminer.pdfdocument import PDFDocument
    from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
    from pdfminer.pdfpage import PDFPage
    from pdfminer.pdfparser import PDFParser

    pages = list(PDFPage.create_pages(PDFDocument(PDFParser(io.BytesIO(content)))))
    resources = PDFResourceManager()
    device = PDFPageAggregator(resources, laparams=None)
    interpreter = PDFPageInterpreter(resources, device)

    def count(item: Any) -> int:
        return sum(count(child) if isinstance(child, LTFigure) else isinstance(child, LTChar) for child in item)

    def read(number: int) -> int:
        interpreter.process_page(pages[number - 1])
        return count(device.get_result())

    yield read


@contextmanager
def _pdfium(content: bytes) -> Iterator[ReadPage]:
    import pypdfium2

    file = pypdfium2.PdfDocument(content)

    def read(number: int) -> int:
        page = file[number - 1]
        text_page = page.get_textpage()
        try:
            return int(text_page.count_chars())
        finally:
            text_page.close()
            page.close()

    yield read
    file.close()


@contextmanager
def _docgrid_glyphs(content: bytes) -> Iterator[ReadPage]:
    with PdfFile(content, limits=Limits()) as file:

        def read(number: int) -> int:
            with file.page(number) as page:
                return len(page.read_text().glyphs.code_points)

        yield read


@contextmanager
def _docgrid_ordered(content: bytes) -> Iterator[ReadPage]:
    with PdfFile(content, limits=Limits()) as file:

        def read(number: int) -> int:
            with file.page(number) as page:
                glyphs = page.read_text().glyphs
            return len(order_characters(glyphs.code_points, glyphs.boxes, glyphs.confidence, glyphs.breaks, glyphs.turns))

        yield read


TEXT_WAYS = (
    TextWay(REFERENCE, "pdfplumber", "pdfplumber", _pdfplumber),
    TextWay("pdfminer.six, characters", "pdfminer.six", "pdfminer", _pdfminer),
    TextWay("pdfium, its text page alone", "pypdfium2", "pypdfium2", _pdfium),
    TextWay("docgrid, characters with boxes", "docgrid", "docgrid", _docgrid_glyphs),
    TextWay("docgrid, words and lines in reading order", "docgrid", "docgrid", _docgrid_ordered),
)


def time_text_layers(contents: Iterable[bytes], *, pages_each: int) -> tuple[list[BenchRow], list[str]]:
    """Time every way on every page; only pages that docgrid finds characters on count.

    Args:
        contents: PDFs.
        pages_each: How many pages of each to take at most.

    Returns:
        A row a way, with medians over pages, and a line for each way that is not installed.
    """
    ways = [way for way in TEXT_WAYS if importlib.util.find_spec(way.module) is not None]
    left_out = [f"{way.name}: not installed (pip install {way.package})" for way in TEXT_WAYS if way not in ways]
    table: list[list[tuple[float, int]]] = []
    for number, content in enumerate(contents, start=1):
        try:
            timed = _time_file(content, ways, pages_each)
        except Exception as error:  # foreign code: a file that one of them cannot read is no fair comparison
            left_out.append(f"document {number}: one of the readers failed with {type(error).__name__}")
        else:
            table += [row for row in timed if row[-1][1]]
    if not table:
        return [], [*left_out, "no page with a text layer"]
    columns = list(zip(*table, strict=True))
    medians = [median(seconds for seconds, _ in column) for column in columns]
    slowest = next((seconds for way, seconds in zip(ways, medians, strict=True) if way.name == REFERENCE), None)
    rows = [
        BenchRow(
            Task.CHARACTERS,
            way.name,
            pages=len(table),
            characters=round(mean(count for _, count in column)),
            processor_s=seconds,
            times_reference=None if slowest is None else slowest / seconds,
        )
        for way, column, seconds in zip(ways, columns, medians, strict=True)
    ]
    return rows, left_out


def _time_file(content: bytes, ways: Sequence[TextWay], pages_each: int) -> list[list[tuple[float, int]]]:
    """A row a page, as of `_time_page`."""
    with PdfFile(content, limits=Limits()) as file:
        count = file.page_count
    with ExitStack() as stack:
        readers = [stack.enter_context(way.open(content)) for way in ways]
        return [_time_page(readers, number) for number in range(1, min(count, pages_each) + 1)]


def _time_page(readers: list[ReadPage], number: int) -> list[tuple[float, int]]:
    """The shortest of some runs, in processor time, and the characters found, of each way."""
    results = []
    for read in readers:
        times = []
        for _ in range(REPETITIONS):
            start = time.process_time()  # other programs on the machine do not count
            count = read(number)
            times.append(time.process_time() - start)
        results.append((min(times), count))
    return results
