"""XFUND forms in seven languages: `LANGUAGE.PART.json` with entities, pictures in `LANGUAGE.PART/` or beside.

Source: Xu et al. 2022, github.com/doc-analysis/XFUND. Entities are those of FUNSD.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from docgrid.datasets.base import Dataset, DatasetFormat, Problems, read_json
from docgrid.datasets.exporting import Outgoing, Pictures
from docgrid.datasets.funsd import entities_as_json, read_entities, schema_of_entities
from docgrid.datasets.given import GivenPage
from docgrid.datasets.parts import PagePart, document_of, marks_of_entities, part_of, records_of
from docgrid.datasets.shapes import as_list, as_object, as_size, file_in
from docgrid.errors import DatasetError
from docgrid.files import write_json
from docgrid.schema import Schema

_NAME = re.compile(r"([a-z]{2,3})\.(train|val|test)\.json")
_HINT = 'A document is {"id": ..., "document": [entities as in FUNSD], "img": {"fname": ..., "width": ..., "height": ...}}.'


def is_xfund(root: Path) -> bool:
    """Whether the folder has a file such as `de.train.json`."""
    return bool(_lists(root))


def _lists(root: Path) -> list[Path]:
    return sorted(path for path in root.glob("*.json") if _NAME.fullmatch(path.name))


def open_xfund(root: Path, schema: Schema | None = None) -> Dataset:
    """Open a folder in the layout of the XFUND release; entities without text and those labelled "other" are left out.

    Raises:
        DatasetError: Files are missing or damaged; all problems in one message.
    """
    problems = Problems(root)
    parts = []
    for path in _lists(root):
        content = read_json(path, problems)
        if content is None:
            continue
        with problems.noting(path, _HINT):
            for number, document in enumerate(as_list(as_object(content, "the file").get("documents"), "documents")):
                with problems.noting(path, _HINT, where=f"document {number}: "):
                    parts.append(_part(root, path, document, f"document {number}: ", problems))
    schema, strict = schema_of_entities(parts, schema, root.name)
    records = records_of(parts, schema, problems, reader="XFUND annotation", distinct=True, strict=strict)
    problems.raise_if_any()
    if not records:
        raise DatasetError(f"{root} has no documents", hint=_HINT)
    return Dataset(root.name, root, DatasetFormat.XFUND, schema, records)


def _part(root: Path, path: Path, content: object, where: str, problems: Problems) -> PagePart:
    document = as_object(content, "it")
    image = as_object(document.get("img"), "img")
    size = as_size(image, "img.")
    language, _, part = path.stem.partition(".")
    picture = file_in(root, image.get("fname"), path.stem, "", "images", what="img.fname")
    words, named, links = read_entities(as_list(document.get("document"), "document"), size, path, problems, where=where)
    target, number = document_of(root, image, picture)
    page = GivenPage(number, *size, words=words)
    layout = str(document.get("layout", ""))
    marks = marks_of_entities(words, named, size)
    return PagePart(target, page, marks, links, part_of(part), layout, (language,), path)


def export_xfund(root: Path, documents: Sequence[Outgoing], schema: Schema, pictures: Pictures) -> None:
    """Write documents in the layout of the XFUND release, one file a language and part; "en" where no language is known."""
    lists: dict[tuple[str, str], list[dict[str, object]]] = {}
    for outgoing in documents:
        language = (outgoing.record.languages or ("en",))[0].lower()
        language = language if re.fullmatch(r"[a-z]{2,3}", language) else "en"
        part = {"train": "train", "valid": "val"}.get(outgoing.part, "test")
        for picture in pictures.write(outgoing, f"{language}.{part}"):
            image = {"fname": picture.name, "width": picture.width, "height": picture.height, **picture.source}
            stem = picture.name.rpartition(".")[0]
            entry: dict[str, object] = {"id": stem, "uid": stem, "document": entities_as_json(outgoing, picture), "img": image}
            if outgoing.record.layout:
                entry["layout"] = outgoing.record.layout
            lists.setdefault((language, part), []).append(entry)
    for (language, part), entries in lists.items():
        content = {"lang": language, "version": "0.1", "split": part, "documents": entries}
        write_json(root / f"{language}.{part}.json", content, durable=False)
