"""A dataset of one format written in another: what formats can hold, what gets lost, and how what is missing is found first."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from docgrid.datasets.base import Dataset, DatasetFormat, Problems, Record
from docgrid.datasets.coco import export_coco
from docgrid.datasets.cord import export_cord
from docgrid.datasets.csvvalues import export_csv
from docgrid.datasets.docile import export_docile
from docgrid.datasets.doctr import export_doctr
from docgrid.datasets.donut import export_donut
from docgrid.datasets.exporting import Outgoing, Pictures, is_plain_picture, pages_of, places_in
from docgrid.datasets.funsd import export_funsd
from docgrid.datasets.labelstudio import export_label_studio
from docgrid.datasets.loading import load
from docgrid.datasets.native import export_native
from docgrid.datasets.paddleocr import export_paddleocr
from docgrid.datasets.pairs import export_pairs
from docgrid.datasets.parts import without_items
from docgrid.datasets.sroie import FIELDS, export_sroie
from docgrid.datasets.wildreceipt import export_wildreceipt
from docgrid.datasets.xfund import export_xfund
from docgrid.errors import DocgridError, OutputError, UsageError
from docgrid.files import TEMPORARY_PREFIX, safe_stem, write_json, write_text
from docgrid.labels import LabelledField
from docgrid.page import Document
from docgrid.reading import ReaderPool, ReadingOptions
from docgrid.schema import RECEIPT, Schema, infer_schema


@dataclass(frozen=True, slots=True)
class Holds:
    """What a format can hold; `docs/formats.md` has the same table."""

    text: bool = False  # all words of a page, also those that are no field
    boxes: bool = False  # where a value stands
    unplaced: bool = False  # values that stand nowhere
    line_boxes: bool = False  # one box for each text line of a value
    line_items: bool = False
    documents: bool = False  # documents of several pages stay together
    values: bool = False  # typed values (ISO dates, plain decimals) beside the text
    layouts: bool = False
    languages: bool = False
    parts: tuple[str, ...] = ()  # parts beside the training part
    names: tuple[str, ...] = ()  # the only fields there can be; empty: any


_BOTH = ("valid", "test")
HOLDS: dict[DatasetFormat, Holds] = {
    DatasetFormat.NATIVE: Holds(True, True, True, True, True, True, True, True, True, _BOTH),
    DatasetFormat.SROIE: Holds(text=True, unplaced=True, names=FIELDS),
    DatasetFormat.VALUES: Holds(unplaced=True, line_items=True, documents=True, parts=_BOTH),
    DatasetFormat.CSV: Holds(unplaced=True, line_items=True, documents=True, layouts=True, parts=_BOTH),
    DatasetFormat.FUNSD: Holds(text=True, boxes=True, line_boxes=True, documents=True, layouts=True, parts=("test",)),
    DatasetFormat.XFUND: Holds(text=True, boxes=True, line_boxes=True, documents=True, layouts=True, languages=True, parts=_BOTH),
    DatasetFormat.CORD: Holds(text=True, boxes=True, line_boxes=True, line_items=True, documents=True, layouts=True, parts=_BOTH),
    DatasetFormat.WILDRECEIPT: Holds(text=True, boxes=True, documents=True, parts=("test",)),
    DatasetFormat.PADDLEOCR: Holds(text=True, boxes=True, parts=_BOTH),
    DatasetFormat.DOCILE: Holds(
        text=True, boxes=True, line_items=True, documents=True, layouts=True, languages=True, parts=_BOTH
    ),
    DatasetFormat.DONUT: Holds(unplaced=True, line_items=True, documents=True, layouts=True, parts=_BOTH),
    DatasetFormat.DOCTR: Holds(text=True, boxes=True, line_items=True, documents=True, parts=_BOTH),
    DatasetFormat.COCO: Holds(
        text=True, boxes=True, line_boxes=True, line_items=True, documents=True, values=True, layouts=True, parts=_BOTH
    ),
    DatasetFormat.LABEL_STUDIO: Holds(boxes=True, line_items=True, documents=True, values=True, layouts=True, parts=_BOTH),
}
Exporter = Callable[[Path, Sequence[Outgoing], Schema, Pictures], None]
EXPORTERS: dict[DatasetFormat, Exporter] = {
    DatasetFormat.NATIVE: export_native,
    DatasetFormat.SROIE: export_sroie,
    DatasetFormat.VALUES: export_pairs,
    DatasetFormat.CSV: export_csv,
    DatasetFormat.FUNSD: export_funsd,
    DatasetFormat.XFUND: export_xfund,
    DatasetFormat.CORD: export_cord,
    DatasetFormat.WILDRECEIPT: export_wildreceipt,
    DatasetFormat.PADDLEOCR: export_paddleocr,
    DatasetFormat.DOCILE: export_docile,
    DatasetFormat.DONUT: export_donut,
    DatasetFormat.DOCTR: export_doctr,
    DatasetFormat.COCO: export_coco,
    DatasetFormat.LABEL_STUDIO: export_label_studio,
}
_WHOLE_FILES = (DatasetFormat.NATIVE, DatasetFormat.VALUES, DatasetFormat.CSV)  # documents are copied, their pages not looked at


@dataclass(frozen=True)
class Converted:
    """What was written, and what the new format cannot hold."""

    documents: int
    fields: int
    lost: tuple[str, ...]


def must_be_read(record: Record, target: DatasetFormat) -> bool:
    """Whether a document must be read for its conversion: for the text or the boxes that it has not, or to know its pages."""
    holds = HOLDS[target]
    without_text = any(not entry.value for entry in record.fields)
    without_place = not record.places or any(not places for places in record.places)
    if record.given is not None:
        return False
    if without_text or (holds.boxes and without_place) or (holds.text and target is not DatasetFormat.NATIVE):
        return True
    return target not in _WHOLE_FILES and not is_plain_picture(record.path)


def prepare(record: Record, stem: str, schema: Schema, target: DatasetFormat, document: Document | None) -> Outgoing:
    """A document with all that the target needs and that can be found out.

    Args:
        record: Of the dataset that is converted.
        stem: Names its files.
        schema: Gives the types.
        target: The format to be written.
        document: What was read; None where nothing needed to be.

    Raises:
        DatasetError: The text that the dataset brings is damaged.
    """
    fields = tuple(record.fields)
    if record.plain_values:
        fields = tuple(replace(entry, normal=entry.normal or entry.value) for entry in fields)
    places = tuple(record.places) or tuple(() for _ in fields)
    without_place = any(not own for own in places) and HOLDS[target].boxes and target is not DatasetFormat.NATIVE
    if document is None and not (record.given is not None and (without_place or any(not entry.value for entry in fields))):
        return Outgoing(stem, record, fields, places, record.text)
    labelled = load(record, schema, lambda _: document)  # type: ignore[arg-type, return-value]  # read, or given by the record
    found = tuple(own or places_in(labelled.document, entry) for own, entry in zip(places, labelled.fields, strict=True))
    filled = tuple(replace(old, value=old.value or new.value) for old, new in zip(fields, labelled.fields, strict=True))
    return Outgoing(stem, record, filled, found, record.text or pages_of(labelled.document))


def stems_of(records: Sequence[Record]) -> list[str]:
    """A file stem of its own for every record.

    Raises:
        DatasetError: Two records would have the same.
    """
    short = [safe_stem(record.id.rpartition("/")[2]) for record in records]
    twice = {stem.casefold() for stem, count in Counter(stem.casefold() for stem in short).items() if count > 1}
    stems = [
        safe_stem(record.id.replace("/", "-")) if stem.casefold() in twice else stem
        for record, stem in zip(records, short, strict=True)
    ]
    counts = Counter(stem.casefold() for stem in stems)
    return [
        safe_stem(stem, salt=record.id) if counts[stem.casefold()] > 1 else stem
        for record, stem in zip(records, stems, strict=True)
    ]


def write_dataset(
    root: Path, documents: Sequence[Outgoing], schema: Schema, target: DatasetFormat, *, dpi: float, force: bool
) -> Converted:
    """Write documents in a format: the folder is whole or not there.

    Args:
        root: The new folder.
        documents: What `prepare` gives.
        schema: Of the dataset they come from.
        target: The format.
        dpi: Resolution of pages that are rendered.
        force: Replace a folder that is there.

    Raises:
        OutputError: The folder is there, or cannot be written.
        DatasetError: A picture is damaged.
        DocumentError: A page cannot be rendered.
    """
    lost = losses(documents, target)
    with _new_folder(root, force=force) as folder, ReaderPool(ReadingOptions(), jobs=1) as pool:
        EXPORTERS[target](folder, documents, schema, Pictures(folder, pool, dpi=dpi))
        _write_schema(folder, schema, target, documents)
    return Converted(len(documents), sum(len(outgoing.fields) for outgoing in documents), tuple(lost))


@contextmanager
def _new_folder(root: Path, *, force: bool) -> Iterator[Path]:
    """A temporary folder beside `root` that takes its place in the end; it is removed when anything goes wrong."""
    if root.exists() and not root.is_dir():
        raise OutputError(f"{root} is a file", hint="Name a new folder.")
    if root.is_dir() and any(root.iterdir()) and not force:
        raise OutputError(f"{root} is not empty", hint="Add --force to replace it, or choose another folder.")
    temporary = None
    try:
        root.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=TEMPORARY_PREFIX, dir=root.parent))
        yield temporary
        temporary.chmod(0o755)
        if root.is_dir():
            shutil.rmtree(root)
        temporary.rename(root)
    except OSError as error:
        raise OutputError(
            f"{root} cannot be written: {error.strerror or error}",
            hint="Check the folder's permissions and the free space, or choose another one.",
        ) from error
    finally:
        if temporary is not None and temporary.exists():
            shutil.rmtree(temporary, ignore_errors=True)


def _write_schema(folder: Path, schema: Schema, target: DatasetFormat, documents: Sequence[Outgoing]) -> None:
    """Keep the types of the fields beside the labels, unless their names alone tell them."""
    names = [entry.name for outgoing in documents for entry in outgoing.fields]
    if not HOLDS[target].line_items:
        schema = without_items(schema)
    if HOLDS[target].names or infer_schema(schema.name, names) == schema:
        return
    write_json(folder / "schema.json", schema.to_dict(), durable=False)
    write_text(folder / "docgrid.toml", 'schema = "schema.json"\n', durable=False)


def losses(documents: Sequence[Outgoing], target: DatasetFormat) -> list[str]:
    """What the new format cannot hold, in words and counts."""
    holds = HOLDS[target]
    counts: Counter[str] = Counter()
    for outgoing in documents:
        _count_fields(outgoing, holds, counts)
        record = outgoing.record
        several = len(outgoing.pages) > 1
        counts["documents of several pages, which become several documents"] += several and not holds.documents
        counts["layouts of documents"] += bool(record.layout) and not holds.layouts
        counts["languages of documents"] += bool(record.languages) and not holds.languages
        counts["documents that are of another part"] += bool(record.part) and record.part not in holds.parts
        counts["documents whose text stays behind"] += (
            bool(record.text and any(p.lines or p.words for p in record.text)) and not holds.text
        )
        counts["links between fields"] += 0 if target in _LINKED else len(record.links)
    return [f"{count} {what}" for what, count in counts.items() if count]


_LINKED = (DatasetFormat.FUNSD, DatasetFormat.XFUND, DatasetFormat.PADDLEOCR)


def _count_fields(outgoing: Outgoing, holds: Holds, counts: Counter[str]) -> None:
    seen: set[tuple[str, int | None]] = set()
    for entry, places in zip(outgoing.fields, outgoing.places, strict=True):
        if holds.names and not _is_kept(entry, holds.names):
            counts[f"values of fields other than {', '.join(holds.names)}"] += 1
            continue
        if not places and not holds.unplaced:
            counts["values that were found on no page"] += 1
            continue
        key = (entry.name, entry.item)
        counts["further values of a field"] += key in seen and bool(holds.names)
        seen.add(key)
        counts["boxes of values"] += bool(places) and not holds.boxes
        counts["values in several lines, whose boxes become one"] += (
            any(len(place.boxes) > 1 for place in places) and holds.boxes and not holds.line_boxes
        )
        counts["values of line items, which lose their item"] += entry.item is not None and not holds.line_items
        counts["typed values beside their text"] += bool(entry.normal) and entry.normal != entry.value and not holds.values


def _is_kept(entry: LabelledField, names: Sequence[str]) -> bool:
    return entry.item is None and entry.name in RECEIPT and RECEIPT.field(entry.name).name in names


def check_target(root: Path, dataset: Dataset, target: DatasetFormat) -> None:
    """Refuse what cannot be written before any work is done.

    Raises:
        UsageError: Nothing can be written in this format.
        OutputError: The new folder would lie in the old one, or the other way round.
    """
    if target not in EXPORTERS:
        raise UsageError(f"{target} datasets are read, not written", hint=f"Formats that are written: {', '.join(EXPORTERS)}.")
    old, new = dataset.root.resolve(), root.resolve()
    if old == new or old.is_relative_to(new) or new.is_relative_to(old):
        raise OutputError(f"{root} and {dataset.root} lie in one another", hint="Choose a folder outside of the dataset.")


def report_failures(root: Path, failures: Sequence[tuple[Record, DocgridError]]) -> None:
    """One error for all documents that cannot be converted.

    Raises:
        DatasetError: There is any.
    """
    problems = Problems(root)
    for record, error in failures:
        problems.add(record.path, error.problem, error.hint)
    problems.raise_if_any()
