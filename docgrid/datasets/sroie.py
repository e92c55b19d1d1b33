"""ICDAR 2019 SROIE receipts: `img/ID.jpg`, `box/ID.txt` (text lines with quads) and `entities/ID.txt` (four values as JSON)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from rapidfuzz import fuzz

from docgrid.datasets.base import Dataset, DatasetFormat, MisshapenError, Problems, documents_in, read_json, read_rows, value_text
from docgrid.datasets.exporting import Outgoing, PagePicture, Pictures, quad
from docgrid.datasets.given import GivenPage, TextLine
from docgrid.datasets.parts import Mark, PagePart, records_of
from docgrid.datasets.shapes import as_object, as_quad, size_of
from docgrid.errors import DatasetError
from docgrid.files import write_json, write_text
from docgrid.schema import RECEIPT, Schema
from docgrid.values import fold

_SAME_NAME = 90  # rapidfuzz ratio, 0..100, from which two companies are one
_LONG_NAME = 8  # letters; shorter names must be equal
FIELDS = ("company", "date", "address", "total")


def is_sroie(root: Path) -> bool:
    """Whether the folder has the layout of the SROIE release."""
    return (root / "box").is_dir() and (root / "entities").is_dir() and (root / "img").is_dir()


def open_sroie(root: Path, schema: Schema | None = None) -> Dataset:
    """Open a folder in the layout of the SROIE release.

    Receipts of one company (misspelt names united) form a layout. A value that the annotators left out or empty is no field.

    Raises:
        DatasetError: Files are missing or damaged; all problems in one message.
    """
    schema = schema or RECEIPT
    problems = Problems(root)
    images = documents_in(root / "img")
    parts = [part for part in (_part(root, image, problems) for image in images) if part is not None]
    stems = {image.stem for image in images}
    for path in sorted((*(root / "box").glob("*.txt"), *(root / "entities").glob("*.txt"))):
        if path.stem not in stems:
            problems.add(path, "has no picture of the same name", f"Put img/{path.stem}.jpg there.")
    names = issuers({part.layout for part in parts})
    for part in parts:
        part.layout = names[part.layout]
    records = records_of(parts, schema, problems, reader="SROIE box file", strict=False)
    problems.raise_if_any()
    if not records:
        raise DatasetError(f"{root / 'img'} has no images", hint="Put the receipts in img/ as ID.jpg.")
    return Dataset(root.name, root, DatasetFormat.SROIE, schema, records)


def _part(root: Path, image: Path, problems: Problems) -> PagePart | None:
    boxes, entities = root / "box" / f"{image.stem}.txt", root / "entities" / f"{image.stem}.txt"
    content = read_json(entities, problems)
    lines: tuple[TextLine, ...] = ()
    with problems.noting(image, "Restore the file from the dataset."):
        size = size_of(image)
        if boxes.is_file():
            lines = _lines_of(boxes, size, problems)
        else:
            problems.add(
                image, f"has no box/{boxes.name}", "Every image needs its text lines in box/ and its values in entities/."
            )
        if content is None:
            return None
        with problems.noting(entities, 'Write {"company": ..., "date": ..., "address": ..., "total": ...}.'):
            values = as_object(content, "the file")
            marks = []
            for name in FIELDS:
                text = value_text(values.get(name))
                if text is None:
                    problems.add(entities, f"{name} is not a text", "Values of SROIE are plain texts.")
                elif text:
                    marks.append(Mark(name, text))
            layout = fold(value_text(values.get("company")) or "")
            return PagePart(image, GivenPage(1, *size, lines), marks, layout=layout, origin=entities)
    return None


def issuers(names: Iterable[str]) -> dict[str, str]:
    """One name for companies whose folded names differ by a letter or two: annotators misspell them now and then."""
    ordered = sorted(names)
    united = {name: name for name in ordered}
    for place, first in enumerate(ordered):
        if len(first) < _LONG_NAME:
            continue
        for second in ordered[place + 1 :]:
            if len(second) >= _LONG_NAME and fuzz.ratio(first, second, score_cutoff=_SAME_NAME):
                united[second] = min(united[first], united[second])
    return united


def _lines_of(path: Path, size: tuple[float, float], problems: Problems) -> tuple[TextLine, ...]:
    lines = []
    for number, row in enumerate(read_rows(path, problems), start=1):
        if row.strip():
            with problems.noting(path, "A row is x1,y1,x2,y2,x3,y3,x4,y4,text, in pixels.", where=f"line {number}: "):
                lines.append(_line_of(row.rstrip("\r"), size))
    return tuple(lines)


def _line_of(row: str, size: tuple[float, float]) -> TextLine:
    """One row `x1,y1,...,x4,y4,text`, clockwise from top left; the text may contain commas."""
    parts = row.split(",", 8)
    if len(parts) < 9:
        raise MisshapenError("it is not a text line")
    try:
        numbers: list[object] = [float(part) for part in parts[:8]]
    except ValueError as error:
        raise MisshapenError("its box is not made of numbers") from error
    return TextLine(parts[8].strip(), as_quad(numbers, "its box", size))


def export_sroie(root: Path, documents: Sequence[Outgoing], schema: Schema, pictures: Pictures) -> None:
    """Write documents in the layout of the SROIE release: four values a picture; pages become receipts of their own."""
    for outgoing in documents:
        for picture in pictures.write(outgoing, "img"):
            stem = picture.name.rpartition(".")[0]
            rows = [_row_of(line, picture) for line in picture.page.as_lines() if line.text.strip()]
            write_text(root / f"box/{stem}.txt", "\n".join(rows) + "\n", durable=False)
            write_json(root / f"entities/{stem}.txt", _values_on(outgoing, picture.page.number), durable=False)


def _row_of(line: TextLine, picture: PagePicture) -> str:
    numbers = [f"{value:g}" for corner in quad(picture.of_page(line.box, 1)) for value in corner]
    return ",".join([*numbers, " ".join(line.text.split())])


def _values_on(outgoing: Outgoing, page: int) -> dict[str, str]:
    """The first value of each field that stands on a page; those without a place stand on the first page."""
    values: dict[str, str] = {}
    first = outgoing.pages[0].number if outgoing.pages else 1
    for entry, places in zip(outgoing.fields, outgoing.places, strict=True):
        here = any(place.page == page for place in places) if places else page == first
        if here and entry.item is None and entry.name in RECEIPT and entry.value:
            values.setdefault(RECEIPT.field(entry.name).name, " ".join(entry.value.split()))
    return values
