"""FUNSD forms: `images/ID.png` and `annotations/ID.json` with words, entities, their labels and links.

Source: Jaume et al. 2019, arXiv 1905.13538. `training_data` and `testing_data` are the parts. Folders that label their entities
otherwise than FUNSD does are read as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from docgrid.datasets.base import Dataset, DatasetFormat, Problems, documents_in, read_json
from docgrid.datasets.exporting import Outgoing, PagePicture, Pictures, entities_of
from docgrid.datasets.given import GivenPage, TextLine
from docgrid.datasets.parts import PagePart, document_of, marks_of_entities, part_of, records_of, without_items
from docgrid.datasets.shapes import as_box, as_list, as_object, as_text, size_of
from docgrid.errors import DatasetError
from docgrid.files import write_json
from docgrid.schema import FieldSpec, FieldType, Schema, infer_schema

FUNSD = Schema(
    "funsd",
    tuple(FieldSpec(name, FieldType.TEXT, multiline=True, repeated=True) for name in ("header", "question", "answer")),
)
OTHER = "other"
_FOLDERS = ("training_data", "testing_data")
_HINT = (
    'An entity is {"id": 0, "label": "answer", "text": "...", "box": [l, t, r, b], "words": [{"text", "box"}], "linking": []}.'
)


def is_funsd(root: Path) -> bool:
    """Whether the folder (or its `training_data`) has the layout of the FUNSD release."""
    return bool(_data_folders(root))


def _data_folders(root: Path) -> list[Path]:
    folders = (root, *(root / name for name in _FOLDERS))
    return [folder for folder in folders if (folder / "images").is_dir() and (folder / "annotations").is_dir()]


def open_funsd(root: Path, schema: Schema | None = None) -> Dataset:
    """Open a folder in the layout of the FUNSD release; entities without text and those labelled "other" are left out.

    Raises:
        DatasetError: Annotations are missing or damaged; all problems in one message.
    """
    problems = Problems(root)
    parts = []
    folders = _data_folders(root)
    for folder in folders:
        name = "" if folder == root else part_of(folder.name)
        images = documents_in(folder / "images")
        for image in images:
            path = folder / "annotations" / f"{image.stem}.json"
            content = read_json(path, problems)
            if content is not None:
                part = _part(root, image, path, content, problems)
                parts += [part] if part is not None else []
                if part is not None:
                    part.part = name
        for path in sorted((folder / "annotations").glob("*.json")):
            if path.stem not in {image.stem for image in images}:
                problems.add(path, "has no picture of the same name", f"Put images/{path.stem}.png there.")
    schema, strict = schema_of_entities(parts, schema, root.name)
    records = records_of(parts, schema, problems, reader="FUNSD annotation", distinct=True, strict=strict)
    problems.raise_if_any()
    if not records:
        raise DatasetError(f"{root / 'images'} has no images", hint="Put the forms in images/ as ID.png.")
    return Dataset(root.name, root, DatasetFormat.FUNSD, schema, records)


def schema_of_entities(parts: Iterable[PagePart], schema: Schema | None, name: str) -> tuple[Schema, bool]:
    """The schema for entities, and whether a label that it does not have is an error.

    Labels of FUNSD make its schema, and any other label beside them is an error; other labels are taken as they are.
    """
    if schema is not None:
        return without_items(schema), False
    labels = list(dict.fromkeys(mark.name for part in parts for mark in part.marks))
    return (FUNSD, True) if not labels or set(labels) & set(FUNSD.names) else (without_items(infer_schema(name, labels)), True)


def _part(root: Path, image: Path, path: Path, content: object, problems: Problems) -> PagePart | None:
    with problems.noting(path, _HINT):
        size = size_of(image)
        form = as_object(content, "the file")
        words, marks, links = read_entities(as_list(form.get("form"), "form"), size, path, problems)
        document, number = document_of(root, form, image)
        return PagePart(
            document,
            GivenPage(number, *size, words=words),
            marks_of_entities(words, marks, size),
            links,
            layout=as_text(form.get("layout", ""), "layout"),
            origin=path,
        )
    return None


def read_entities(
    form: Sequence[object], size: tuple[float, float], path: Path, problems: Problems, *, where: str = ""
) -> tuple[tuple[TextLine, ...], dict[int, tuple[str, str]], list[tuple[int, int]]]:
    """The words with their entities, the label and text of each entity that is a field, and the links between entities.

    Args:
        form: The entities as FUNSD and XFUND write them.
        size: Of the page, in the unit of the boxes.
        path: The file, for messages.
        problems: Takes what is wrong with single entities.
        where: Put before the messages.
    """
    words: list[TextLine] = []
    named: dict[int, tuple[str, str]] = {}
    numbers: dict[object, int] = {}
    linked: list[tuple[object, object]] = []
    for number, content in enumerate(form):
        with problems.noting(path, _HINT, where=f"{where}entity {number}: "):
            entity = as_object(content, "it")
            label, text = as_text(entity.get("label"), "label"), as_text(entity.get("text"), "text")
            own = [word for one in as_list(entity.get("words"), "words") if (word := _word(one, number, size)) is not None]
            key = str(entity.get("id", number))
            if key in numbers:
                problems.add(path, f"{where}entity {number}: id {key} is there twice", "Give every entity an id of its own.")
            numbers[key] = number
            words += own
            linked += [(str(a), str(b)) for a, b in _pairs(entity.get("linking", []))]
            if label.lower() != OTHER and text:
                named[number] = (label, text)
    links = [(numbers[a], numbers[b]) for a, b in dict.fromkeys(linked) if a in numbers and b in numbers]
    return tuple(words), named, links


def _word(content: object, entity: int, size: tuple[float, float]) -> TextLine | None:
    word = as_object(content, "a word")
    text = as_text(word.get("text"), "text of a word")
    if not text:
        return None  # the release has boxes without a text, some of them empty
    return TextLine(text, as_box(word.get("box"), f"box of {text!r:.40}", size), entity)


def _pairs(content: object) -> list[tuple[object, object]]:
    pairs = [as_list(pair, "a pair of linking") for pair in as_list(content, "linking")]
    return [(pair[0], pair[1]) for pair in pairs if len(pair) == 2]


def export_funsd(root: Path, documents: Sequence[Outgoing], schema: Schema, pictures: Pictures) -> None:
    """Write documents in the layout of the FUNSD release; pages become forms of their own that name their document."""
    parted = len({outgoing.part for outgoing in documents}) > 1
    for outgoing in documents:
        folder = f"{_FOLDERS[outgoing.part != 'train']}/" if parted else ""
        for picture in pictures.write(outgoing, f"{folder}images"):
            content: dict[str, object] = {"form": entities_as_json(outgoing, picture), **picture.source}
            if outgoing.record.layout:
                content["layout"] = outgoing.record.layout
            stem = picture.name.rpartition(".")[0]
            write_json(root / f"{folder}annotations/{stem}.json", content, durable=False)


def entities_as_json(outgoing: Outgoing, picture: PagePicture) -> list[dict[str, object]]:
    """The entities of a page as FUNSD and XFUND write them."""
    entities = entities_of(outgoing, picture.page)
    numbers: dict[int, list[int]] = {}
    for number, entity in enumerate(entities):
        if entity.field is not None:
            numbers.setdefault(entity.field, []).append(number)
    links = [[a, b] for first, second in outgoing.record.links for a in numbers.get(first, []) for b in numbers.get(second, [])]
    return [
        {
            "id": number,
            "label": OTHER if entity.field is None else outgoing.fields[entity.field].name,
            "text": entity.text,
            "box": picture.of_page(entity.box),
            "words": [{"text": word.text, "box": picture.of_page(word.box)} for word in entity.words],
            "linking": [pair for pair in links if number in pair],
        }
        for number, entity in enumerate(entities)
    ]
