"""DocILE: `annotations/ID.json`, `pdfs/ID.pdf`, `ocr/ID.json` (docTR's words), and lists of ids (`train.json`, `val.json`).

Source: Šimsa et al. 2023, arXiv 2302.05658, github.com/rossumai/docile. Boxes are left, top, right, bottom in 0..1 of the page,
pages count from 0; fields with one `line_item_id` are a line item; documents of one `cluster_id` share a layout.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from docgrid.datasets.base import Dataset, DatasetFormat, MisshapenError, Problems, documents_in, read_json
from docgrid.datasets.exporting import Outgoing, Pictures
from docgrid.datasets.given import GivenPage, TextLine, around
from docgrid.datasets.parts import Mark, PagePart, part_of, records_of
from docgrid.datasets.shapes import Edges, as_box, as_count, as_list, as_name, as_number, as_object, as_quad, as_text, relative
from docgrid.errors import DatasetError
from docgrid.files import write_json
from docgrid.schema import Schema, infer_schema

_LISTS = {"train": "train", "val": "valid", "dev": "valid", "test": "test"}
_LANGUAGES = {"eng": "en", "deu": "de", "fra": "fr", "spa": "es", "ita": "it", "nld": "nl"}
_DPI = 200
_HINT = 'A field is {"bbox": [left, top, right, bottom] in 0..1, "page": from 0, "fieldtype": "document_id", "text": "..."}.'


def is_docile(root: Path) -> bool:
    """Whether the folder has the layout of the DocILE release."""
    return (root / "annotations").is_dir() and (root / "pdfs").is_dir()


def open_docile(root: Path, schema: Schema | None = None) -> Dataset:
    """Open a folder in the layout of the DocILE release; with `ocr/`, the text is taken from there.

    Raises:
        DatasetError: Files are missing or damaged; all problems in one message.
    """
    problems = Problems(root)
    documents = {path.stem: path for path in documents_in(root / "pdfs")}
    lists = _part_lists(root, problems)
    parts = []
    for path in sorted((root / "annotations").glob("*.json")):
        content = read_json(path, problems)
        if path.stem not in documents:
            problems.add(path, "has no document of the same name", f"Put pdfs/{path.stem}.pdf there.")
        elif content is not None:
            with problems.noting(path, _HINT):
                found = list(_pages(root, documents[path.stem], path, content, problems))
                for part in found:
                    part.part = lists.get(path.stem, "")
                parts += found
    names = [mark.name for part in parts for mark in part.marks]
    schema = schema or infer_schema(root.name, names)
    records = records_of(parts, schema, problems, reader="DocILE OCR", strict=False)
    problems.raise_if_any()
    if not records:
        raise DatasetError(f"{root / 'annotations'} has no annotations", hint=_HINT)
    return Dataset(root.name, root, DatasetFormat.DOCILE, schema, records)


def _part_lists(root: Path, problems: Problems) -> dict[str, str]:
    """The part of each document that a list names."""
    parts: dict[str, str] = {}
    for name, part in _LISTS.items():
        path = root / f"{name}.json"
        content = read_json(path, problems) if path.is_file() else None
        if content is not None:
            with problems.noting(path, 'A list of ids is ["ID", "ID", ...].'):
                parts |= {as_name(entry, "an id"): part_of(part) for entry in as_list(content, "the file")}
    return parts


def _pages(root: Path, document: Path, path: Path, content: object, problems: Problems) -> Iterator[PagePart]:
    annotation = as_object(content, "the file")
    meta = as_object(annotation.get("metadata", {}), "metadata")
    texts = _texts(root / "ocr" / path.name, meta, problems)
    marks: dict[int, list[Mark]] = {page.number: [] for page in texts}
    for key in ("field_extractions", "line_item_extractions"):
        for number, entry in enumerate(as_list(annotation.get(key, []), key)):
            with problems.noting(path, _HINT, where=f"{key} {number}: "):
                page, mark = _mark(as_object(entry, "it"), is_item=key.startswith("line_item"))
                if texts and page not in marks:
                    raise MisshapenError(f"page is {page - 1}, the document has {len(texts)} pages from 0")
                marks.setdefault(page, []).append(mark)
    sizes = {page.number: page for page in texts}
    layout = meta.get("cluster_id")
    language = str(meta.get("language", ""))
    languages = (_LANGUAGES.get(language, language),) if language else ()
    for number in sorted(marks) or [1]:
        page_text = sizes.get(number, GivenPage(number, 1.0, 1.0))
        own = marks.get(number, [])
        yield PagePart(document, page_text, own, layout="" if layout is None else str(layout), languages=languages, origin=path)


def _mark(entry: dict[str, object], *, is_item: bool) -> tuple[int, Mark]:
    name = as_name(entry.get("fieldtype"), "fieldtype")
    box = as_box(entry.get("bbox"), f"bbox of {name}", (1.0, 1.0))
    text = as_text(entry.get("text") or "", f"text of {name}")
    item = as_count(entry.get("line_item_id"), f"line_item_id of {name}") if is_item else None
    return as_count(entry.get("page", 0), f"page of {name}") + 1, Mark(name, text, (box,), item)


def _texts(path: Path, meta: dict[str, object], problems: Problems) -> list[GivenPage]:
    """The words of the OCR file, where there is one; else pages without text, where their sizes are known."""
    sizes = [
        tuple(as_number(side, "page size") for side in as_list(size, "page size"))
        for size in as_list(meta.get("page_sizes_at_200dpi", []), "page_sizes_at_200dpi")
    ]
    content = read_json(path, problems) if path.is_file() else None
    if content is None:
        return [GivenPage(number, *_sane(size)) for number, size in enumerate(sizes, start=1)]
    pages = []
    with problems.noting(path, "The file is what docTR exports: pages, blocks, lines, words with geometry in 0..1."):
        for number, entry in enumerate(as_list(as_object(content, "the file").get("pages"), "pages")):
            page = as_object(entry, f"page {number}")
            height, width = as_list(page.get("dimensions", [1, 1]), "dimensions") or [1, 1]
            size = _sane(sizes[number] if number < len(sizes) else (as_number(width, "width"), as_number(height, "height")))
            words = tuple(_words(page, size, f"page {number}: "))
            pages.append(GivenPage(number + 1, *size, words=words))
    return pages


def _sane(size: Sequence[float]) -> tuple[float, float]:
    if len(size) != 2 or min(size) <= 0:
        raise MisshapenError(f"page size is {list(size)}")
    return size[0], size[1]


def _words(page: dict[str, object], size: tuple[float, float], where: str) -> Iterator[TextLine]:
    for block in as_list(page.get("blocks", []), f"{where}blocks"):
        for line in as_list(as_object(block, f"{where}block").get("lines", []), f"{where}lines"):
            for entry in as_list(as_object(line, f"{where}line").get("words", []), f"{where}words"):
                word = as_object(entry, f"{where}word")
                text = as_text(word.get("value"), f"{where}value of a word")
                box = as_quad(word.get("geometry"), f"{where}geometry of {text!r:.40}", (1.0, 1.0))
                yield TextLine(text, (box[0] * size[0], box[1] * size[1], box[2] * size[0], box[3] * size[1]))


def export_docile(root: Path, documents: Sequence[Outgoing], schema: Schema, pictures: Pictures) -> None:
    """Write documents in the layout of the DocILE release; pictures become PDFs of one page."""
    lists: dict[str, list[str]] = {}
    for outgoing in documents:
        _write_pdf(root, outgoing, pictures)
        write_json(root / f"annotations/{outgoing.stem}.json", _annotation(outgoing), durable=False)
        if any(page.words or page.lines for page in outgoing.pages):
            content = {"pages": [_ocr_page(page) for page in outgoing.pages]}
            write_json(root / f"ocr/{outgoing.stem}.json", content, durable=False)
        part = {"train": "train", "valid": "val"}.get(outgoing.part, "test")
        lists.setdefault(part, []).append(outgoing.stem)
    for part, ids in lists.items():
        write_json(root / f"{part}.json", ids, durable=False)


def _write_pdf(root: Path, outgoing: Outgoing, pictures: Pictures) -> None:
    if outgoing.record.path.suffix.lower() == ".pdf":
        pictures.copy(outgoing, "pdfs")
        return
    from reportlab.pdfgen.canvas import Canvas

    folder = f".pages-{outgoing.stem}"
    written = pictures.write(outgoing, folder)
    (root / "pdfs").mkdir(exist_ok=True)
    canvas = Canvas(str(root / f"pdfs/{outgoing.stem}.pdf"), invariant=True)
    for picture in written:
        size = picture.width * 72 / _DPI, picture.height * 72 / _DPI
        canvas.setPageSize(size)
        canvas.drawImage(str(root / folder / picture.name), 0, 0, *size)
        canvas.showPage()
    canvas.save()
    shutil.rmtree(root / folder)
    shutil.rmtree(root / "documents", ignore_errors=True)  # the copy of a picture with several pages


def _annotation(outgoing: Outgoing) -> dict[str, object]:
    fields: list[dict[str, object]] = []
    items: list[dict[str, object]] = []
    for entry, places in zip(outgoing.fields, outgoing.places, strict=True):
        for place in places:
            content: dict[str, object] = {"bbox": [round(edge, 6) for edge in around(place.boxes)], "fieldtype": entry.name}
            content |= {"page": place.page - 1, "text": entry.value}
            if entry.item is None:
                fields.append(content)
            else:
                items.append(content | {"line_item_id": entry.item + 1})
    record = outgoing.record
    names = {short: long for long, short in _LANGUAGES.items()}
    meta: dict[str, object] = {"page_count": len(outgoing.pages), "original_filename": record.path.name}
    meta["page_sizes_at_200dpi"] = [[page.width, page.height] for page in outgoing.pages]
    meta |= {"language": names.get(record.languages[0], record.languages[0])} if record.languages else {}
    meta |= {"cluster_id": record.layout} if record.layout else {}
    return {"field_extractions": fields, "line_item_extractions": items, "line_item_headers": [], "metadata": meta}


def _ocr_page(page: GivenPage) -> dict[str, object]:
    size = page.width, page.height
    words: list[dict[str, object]] = [
        {"value": word.text, "confidence": 1.0, "geometry": _corners(relative(word.box, size))} for word in page.as_words()
    ]
    block = {"geometry": [[0, 0], [1, 1]], "lines": [{"geometry": [[0, 0], [1, 1]], "words": words}]}
    return {"page_idx": page.number - 1, "dimensions": [page.height, page.width], "blocks": [block] if words else []}


def _corners(edges: Edges) -> list[list[float]]:
    left, top, right, bottom = (round(edge, 6) for edge in edges)
    return [[left, top], [right, bottom]]
