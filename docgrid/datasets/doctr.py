"""docTR training folders: `images/` and `labels.json` with polygons in pixels, one folder a part; `recognition/` has word crops.

Source: docTR documentation, "Training a model", data formats. `polygons` is a list, or for KIE an object of lists by class; the
words of a page have the class `words`. `texts`, in the same order, are docgrid's addition: docTR stores no text of a whole page.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from docgrid.datasets.base import Dataset, DatasetFormat, MisshapenError, Problems, read_json
from docgrid.datasets.exporting import Outgoing, PagePicture, Pictures, quad
from docgrid.datasets.given import GivenPage, TextLine, around
from docgrid.datasets.parts import Mark, PagePart, document_of, part_of, records_of
from docgrid.datasets.shapes import as_list, as_number, as_object, as_quad, as_text, file_in, relative, size_of
from docgrid.errors import DatasetError
from docgrid.files import sha256_of, write_json
from docgrid.schema import Schema, infer_schema

WORDS = "words"
_RECOGNITION = "recognition"
_HINT = '"IMAGE.png": {"img_dimensions": [height, width], "img_hash": "...", "polygons": {"total": [[[x, y] x 4], ...]}}'
_NO_FIELDS = "docTR's own detection data has boxes of words only; give the polygons classes, as for its KIE models."


def is_doctr(root: Path) -> bool:
    """Whether the folder, or its direct subfolders, have the layout of docTR's training data."""
    return bool(_folders(root))


def _folders(root: Path) -> list[Path]:
    folders = [root, *sorted(path for path in root.iterdir() if path.is_dir() and path.name != _RECOGNITION)]
    return [folder for folder in folders if (folder / "labels.json").is_file() and (folder / "images").is_dir()]


def open_doctr(root: Path, schema: Schema | None = None) -> Dataset:
    """Open a folder in docTR's layout for detection or KIE; the classes of polygons are the fields.

    Raises:
        DatasetError: Files are missing or damaged, or there are no classes; all problems in one message.
    """
    problems = Problems(root)
    parts: list[PagePart] = []
    for folder in _folders(root):
        path = folder / "labels.json"
        content = read_json(path, problems)
        if content is None:
            continue
        with problems.noting(path, _HINT):
            for name, entry in as_object(content, "the file").items():
                with problems.noting(path, _HINT, where=f"{name[:200]}: "):
                    part = _part(root, folder, name, entry)
                    part.part, part.origin = "" if folder == root else part_of(folder.name), path
                    parts.append(part)
    names = dict.fromkeys(mark.name for part in parts for mark in part.marks)
    schema = schema or infer_schema(root.name, names)
    records = records_of(parts, schema, problems, reader="docTR annotation")
    problems.raise_if_any()
    if not names:
        raise DatasetError(f"{root} has no classes of polygons", hint=_NO_FIELDS)
    return Dataset(root.name, root, DatasetFormat.DOCTR, schema, records)


def _part(root: Path, folder: Path, name: str, content: object) -> PagePart:
    if isinstance(content, str):
        raise MisshapenError("it is a text: crops of words for recognition have no pages, and cannot be trained on")
    label = as_object(content, "it")
    picture = file_in(root, name, f"{folder.relative_to(root)}/images", what="picture")
    size = size_of(picture)
    told = [as_number(side, "img_dimensions") for side in as_list(label.get("img_dimensions", []), "img_dimensions")]
    if told and tuple(told) != (size[1], size[0]):
        raise MisshapenError(f"img_dimensions is {told}, the picture has height {size[1]:g} and width {size[0]:g}")
    polygons = label.get("polygons")
    classes = {WORDS: polygons} if isinstance(polygons, list) else as_object(polygons, "polygons")
    texts = as_object(label.get("texts", {}), "texts")
    items = as_object(label.get("line_items", {}), "line_items")
    words: list[TextLine] = []
    marks: list[Mark] = []
    for kind, entries in classes.items():
        own = as_list(entries, f"polygons of {kind!r}")
        written = as_list(texts.get(kind, [""] * len(own)), f"texts of {kind!r}")
        rows = as_list(items.get(kind, [None] * len(own)), f"line_items of {kind!r}")
        if not len(written) == len(rows) == len(own):
            raise MisshapenError(f"{kind!r} has {len(own)} polygons, {len(written)} texts and {len(rows)} line items")
        for polygon, text, row in zip(own, written, rows, strict=True):
            box = as_quad(polygon, f"a polygon of {kind!r}", size)
            said = as_text(text, f"a text of {kind!r}")
            if kind == WORDS:
                words += [TextLine(said, box)] if said else []
            else:
                item = None if row is None else int(as_number(row, f"a line item of {kind!r}"))
                marks.append(Mark(kind, said, (relative(box, size),), item))
    document, number = document_of(root, label, picture)
    return PagePart(document, GivenPage(number, *size, words=tuple(words)), marks)


def export_doctr(root: Path, documents: Sequence[Outgoing], schema: Schema, pictures: Pictures) -> None:
    """Write documents as docTR's data for KIE, `PART/images` and `PART/labels.json`, and their words under `recognition/PART`."""
    labels: dict[str, dict[str, object]] = {}
    crops: dict[str, dict[str, str]] = {}
    for outgoing in documents:
        part = {"train": "train", "valid": "val"}.get(outgoing.part, "test")
        for picture in pictures.write(outgoing, f"{part}/images"):
            file = root / part / "images" / picture.name
            labels.setdefault(part, {})[picture.name] = _label(outgoing, picture, file)
            folder = root / _RECOGNITION / part / "images"
            crops.setdefault(part, {}).update(_write_crops(picture, file, folder))
    for part, content in labels.items():
        write_json(root / part / "labels.json", content, durable=False)
        if crops[part]:
            write_json(root / _RECOGNITION / part / "labels.json", crops[part], durable=False)


def _label(outgoing: Outgoing, picture: PagePicture, file: Path) -> dict[str, object]:
    polygons: dict[str, list[list[list[float]]]] = {}
    texts: dict[str, list[str]] = {}
    items: dict[str, list[int | None]] = {}
    for row, place in outgoing.placed(picture.page.number):
        entry = outgoing.fields[row]
        polygons.setdefault(entry.name, []).append(quad(picture.pixels(around(place.boxes))))
        texts.setdefault(entry.name, []).append(entry.value)
        items.setdefault(entry.name, []).append(entry.item)
    words = [word for word in picture.page.as_words() if word.text.strip()]
    if words:
        polygons[WORDS] = [quad(picture.of_page(word.box)) for word in words]
        texts[WORDS] = [word.text for word in words]
    label: dict[str, object] = {"img_dimensions": [picture.height, picture.width], "img_hash": sha256_of(file)}
    label |= {"polygons": polygons, "texts": texts, **picture.source}
    rows = {name: numbers for name, numbers in items.items() if any(number is not None for number in numbers)}
    return label | ({"line_items": rows} if rows else {})


def _write_crops(picture: PagePicture, file: Path, folder: Path) -> dict[str, str]:
    """The words of a page as pictures of their own."""
    texts = {}
    folder.mkdir(parents=True, exist_ok=True)
    with Image.open(file) as page:
        page.load()
        for number, word in enumerate(picture.page.as_words()):
            left, top, right, bottom = (round(edge) for edge in picture.of_page(word.box))
            if word.text.strip() and left < right and top < bottom:
                name = f"{file.stem}-{number:05}.png"
                page.crop((left, top, right, bottom)).convert("RGB").save(folder / name)
                texts[name] = word.text
    return texts
