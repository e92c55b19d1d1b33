"""Donut: pictures and `metadata.jsonl`, one folder a part; a line has `file_name`, and `ground_truth`: JSON text with `gt_parse`.

Source: github.com/clovaai/donut, "Data". Values only: nested names are joined with dots, lists of objects are line items. Boxes
and text are looked for by docgrid.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from docgrid.datasets.base import Dataset, DatasetFormat, MisshapenError, Problems, read_rows, value_text
from docgrid.datasets.exporting import Outgoing, Pictures
from docgrid.datasets.given import GivenPage
from docgrid.datasets.parts import Mark, PagePart, document_of, part_of, records_of
from docgrid.datasets.shapes import as_object, file_in
from docgrid.errors import DatasetError
from docgrid.files import write_text
from docgrid.schema import FieldSpec, Schema, infer_schema

LINE_ITEMS = "line_items"
_DEEPEST = 6
_HINT = 'A line is {"file_name": "a.png", "ground_truth": "{\\"gt_parse\\": {\\"total\\": \\"9.00\\"}}"}.'


def is_donut(root: Path) -> bool:
    """Whether the folder, or its direct subfolders, have a `metadata.jsonl`."""
    return bool(_lists(root))


def _lists(root: Path) -> list[Path]:
    folders = [root, *sorted(path for path in root.iterdir() if path.is_dir())]
    return [folder / "metadata.jsonl" for folder in folders if (folder / "metadata.jsonl").is_file()]


def open_donut(root: Path, schema: Schema | None = None) -> Dataset:
    """Open a folder in Donut's layout.

    Raises:
        DatasetError: Files are missing or damaged; all problems in one message.
    """
    problems = Problems(root)
    rows: list[tuple[PagePart, dict[str, object]]] = []
    for path in _lists(root):
        for number, row in enumerate(read_rows(path, problems), start=1):
            if row.strip():
                with problems.noting(path, _HINT, where=f"line {number}: "):
                    rows.append(_row(root, path, row))
    groups = {name for _, parse in rows for name, value in parse.items() if _is_group(value)}
    items: dict[Path, int] = {}  # of a document, on the pages so far
    for part, parse in rows:
        with problems.noting(part.origin or root, _HINT, where=f"{part.path.name}: "):
            part.marks = list(_marks(parse, groups, items.get(part.path, 0)))
            items[part.path] = 1 + max((mark.item for mark in part.marks if mark.item is not None), default=-1)
    names = dict.fromkeys(mark.name for part, _ in rows for mark in part.marks)
    inside = {mark.name for part, _ in rows for mark in part.marks if mark.item is not None}
    schema = schema or _schema(root.name, list(names), inside)
    records = records_of([part for part, _ in rows], schema, problems, reader="")
    problems.raise_if_any()
    if not records:
        raise DatasetError(f"{root} has no pictures with values", hint=_HINT)
    return Dataset(root.name, root, DatasetFormat.DONUT, schema, records)


def _schema(name: str, names: Sequence[str], inside: set[str]) -> Schema:
    """What the names say, where names that stand in lists of objects are fields of line items."""
    schema = infer_schema(name, names)
    if all(spec.line_item == (spec.name in inside) for spec in schema.fields if spec.name in names):
        return schema
    return Schema(
        schema.name, tuple(FieldSpec(s.name, s.type, s.name in inside, s.multiline, s.repeated, s.aliases) for s in schema.fields)
    )


def _decoded(text: object, what: str) -> dict[str, object]:
    try:
        return as_object(json.loads(text) if isinstance(text, str) else text, what)
    except (json.JSONDecodeError, RecursionError) as error:
        raise MisshapenError(f"{what} is not JSON ({error})") from error


def _row(root: Path, path: Path, row: str) -> tuple[PagePart, dict[str, object]]:
    content = _decoded(row, "it")
    picture = file_in(root, content.get("file_name"), str(path.parent.relative_to(root)), what="file_name")
    truth = _decoded(content.get("ground_truth"), "ground_truth")
    if "gt_parse" not in truth:
        raise MisshapenError("ground_truth has no gt_parse; questions (gt_parses) are no fields")
    document, number = document_of(root, content, picture)
    part = "" if path.parent == root else part_of(path.parent.name)
    layout = str(content.get("layout", ""))
    page = GivenPage(number, 1.0, 1.0)
    return PagePart(document, page, part=part, layout=layout, origin=path), as_object(truth["gt_parse"], "gt_parse")


def _is_group(value: object) -> bool:
    return isinstance(value, list) and any(isinstance(entry, dict) for entry in value)


def _marks(parse: dict[str, object], groups: set[str], item: int) -> Iterator[Mark]:
    """The values of a picture; its line items are numbered from `item`."""
    for name, value in parse.items():
        if name not in groups:
            yield from _flat(name, value, None, 1)
            continue
        for entry in value if isinstance(value, list) else [value]:
            prefix = "" if name == LINE_ITEMS else f"{name}."
            for inner, content in as_object(entry, f"an entry of {name}").items():
                yield from _flat(f"{prefix}{inner}", content, item, 1)
            item += 1


def _flat(name: str, value: object, item: int | None, depth: int) -> Iterator[Mark]:
    if depth > _DEEPEST:
        raise MisshapenError(f"{name[:100]} is nested too deeply")
    if isinstance(value, list):
        for entry in value:
            yield from _flat(name, entry, item, depth + 1)
    elif isinstance(value, dict):
        for inner, content in value.items():
            yield from _flat(f"{name}.{inner}", content, item, depth + 1)
    else:
        text = value_text(value)
        if text is None:
            raise MisshapenError(f"{name} is {type(value).__name__}, not a text")
        if text:
            yield Mark(name, text, item=item)


def export_donut(root: Path, documents: Sequence[Outgoing], schema: Schema, pictures: Pictures) -> None:
    """Write documents in Donut's layout; a document of several pages is a picture a page, each with the values that it shows."""
    rows: dict[str, list[str]] = {}
    for outgoing in documents:
        part = {"train": "train", "valid": "validation"}.get(outgoing.part, "test")
        written = pictures.write(outgoing, part)
        homes = outgoing.homes(written[0].page.number if written else 1)
        for picture in written:
            shown = [row for row, page in enumerate(homes) if page == picture.page.number]
            truth = json.dumps({"gt_parse": parse_of(outgoing, shown)}, ensure_ascii=False)
            content: dict[str, object] = {"file_name": picture.name, "ground_truth": truth, **picture.source}
            content |= {"layout": outgoing.record.layout} if outgoing.record.layout else {}
            rows.setdefault(part, []).append(json.dumps(content, ensure_ascii=False))
    for part, lines in rows.items():
        write_text(root / part / "metadata.jsonl", "\n".join(lines) + "\n", durable=False)


def parse_of(outgoing: Outgoing, rows: Sequence[int]) -> dict[str, object]:
    """Some fields of a document as Donut nests them.

    Args:
        outgoing: The document.
        rows: Numbers of its fields.
    """
    parse: dict[str, object] = {}
    items: dict[int, dict[str, object]] = {}
    for row in rows:
        entry = outgoing.fields[row]
        table = parse if entry.item is None else items.setdefault(entry.item, {})
        _add(table, entry.name, entry.value)
    if items:
        parse[LINE_ITEMS] = [items[number] for number in sorted(items)]
    return parse


def _add(table: dict[str, object], name: str, value: str) -> None:
    """One text, or a list of texts where a field has several values."""
    there = table.get(name)
    table[name] = value if there is None else [*there, value] if isinstance(there, list) else [there, value]
