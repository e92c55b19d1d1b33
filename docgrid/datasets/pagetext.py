"""The text of a document's pages as a JSON file, for datasets that bring it along; see `write_page_text`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from docgrid.datasets.base import MisshapenError, Problems, read_json
from docgrid.datasets.given import GivenPage, TextLine, document_from_pages
from docgrid.datasets.shapes import as_box, as_count, as_list, as_object, as_size
from docgrid.files import write_text
from docgrid.page import Document

TEXT_FOLDER = "text"
TEXT_SCHEMA = "docgrid.text/1"
_HINT = 'Pages look like {"page": 1, "width": 600, "height": 800, "lines": [["TOTAL 9.00", [l, t, r, b]], ...]}.'


def write_page_text(path: Path, pages: Sequence[GivenPage]) -> None:
    """Write the text of pages: size, and lines or single words with their boxes in the unit of the size."""
    entries = [
        {"page": page.number, "width": page.width, "height": page.height}
        | {kind: [[line.text, [round(edge, 3) for edge in line.box]] for line in lines] for kind, lines in _kinds(page) if lines}
        for page in pages
    ]
    write_text(path, json.dumps({"schema": TEXT_SCHEMA, "pages": entries}, ensure_ascii=False) + "\n", durable=False)


def _kinds(page: GivenPage) -> list[tuple[str, tuple[TextLine, ...]]]:
    return [("lines", page.lines), ("words", page.words)]


def read_page_text(path: Path, problems: Problems) -> tuple[GivenPage, ...]:
    """The text of pages, where there is such a file; what is wrong in it goes to `problems`."""
    if not path.is_file():
        return ()
    content = read_json(path, problems)
    pages = []
    if content is not None:
        with problems.noting(path, _HINT):
            for number, entry in enumerate(as_list(as_object(content, "the file").get("pages"), "pages"), start=1):
                with problems.noting(path, _HINT, where=f"page {number}: "):
                    pages.append(_page(as_object(entry, "it")))
    return tuple(pages)


def _page(entry: dict[str, object]) -> GivenPage:
    size = as_size(entry, "")
    lines, words = (tuple(_line(line, size) for line in as_list(entry.get(kind, []), kind)) for kind in ("lines", "words"))
    return GivenPage(as_count(entry.get("page"), "page", least=1), *size, lines, words)


def _line(content: object, size: tuple[float, float]) -> TextLine:
    pair = as_list(content, "a line")
    text = pair[0] if pair else None
    if not isinstance(text, str) or len(pair) != 2:
        raise MisshapenError("a line is not [text, box]")
    return TextLine(text, as_box(pair[1], f"box of {text!r:.40}", size))


def given_document(path: Path, pages: Sequence[GivenPage]) -> Document:
    """The document whose text is given."""
    return document_from_pages(path, pages, reader="text file of the dataset")
