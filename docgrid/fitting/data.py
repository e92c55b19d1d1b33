"""Dataset folders -> labelled documents in a store, shared out to training and validation."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from docgrid.datasets import Dataset, DatasetFormat, Record, Together, load, open_dataset, split_records
from docgrid.datasets.keys import DocumentKeys
from docgrid.datasets.refine import kept_places
from docgrid.datasets.splitfile import for_training, held_out_ids
from docgrid.datasets.splits import split_items
from docgrid.datasets.store import DocumentStore, StoredDocuments
from docgrid.errors import DatasetError, DocgridError, DocumentError, DocumentStatus
from docgrid.fitting.pages import StoredPages
from docgrid.fitting.settings import FitSettings, LoadReport
from docgrid.labels import LabelledDocument
from docgrid.page import Document
from docgrid.schema import Schema, infer_schema

COMPARED_MOST = 20_000  # in larger datasets near-duplicates are told by their values, not by their text


class FitData:
    """Everything that training and validation read. The documents are in the store; here is where they stand."""

    def __init__(self, schema: Schema, store: DocumentStore) -> None:
        self.schema, self.store = schema, store
        self.pages = StoredPages(store, schema)
        self.training_documents = 0
        self.validation: dict[str, StoredDocuments] = {}  # by dataset name
        self.training_layouts: set[str] = set()
        self.unseen_ids: set[str] = set()  # validation documents of a layout that training does not have
        self.known_names: set[str] = set()
        self.not_found: Counter[str] = Counter()
        self.sources: dict[str, int] = {}  # dataset name -> training documents


def open_all(settings: FitSettings, base_schema: Schema | None) -> tuple[list[Dataset], Schema]:
    """The datasets, and the one schema that they are all labelled with.

    Raises:
        DatasetError: A folder is no dataset, or it labels fields that the schema lacks.
    """
    folders = list(dict.fromkeys(settings.data))
    schema = settings.schema or base_schema
    if schema is not None:
        return [open_dataset(folder, schema=schema) for folder in folders], schema
    datasets = [open_dataset(folder) for folder in folders]
    if len({dataset.schema for dataset in datasets}) > 1:
        names = [name for dataset in datasets for name in dataset.schema.names]
        schema = infer_schema(settings.out.name, names)
        return [open_dataset(folder, schema=schema) for folder in folders], schema
    return datasets, datasets[0].schema


def load_all(settings: FitSettings, datasets: Sequence[Dataset], data: FitData) -> Iterator[LoadReport]:
    """Bring every document of every dataset into the store of `data`, read and aligned; one report a document.

    Raises:
        DatasetError: Nothing is left to train on.
        OutputError: The store cannot be written.
    """
    chosen = [for_training(dataset.records)[: settings.limit] for dataset in datasets]
    progress = _Progress(sum(len(records) for records in chosen))
    for dataset, records in zip(datasets, chosen, strict=True):
        loaded = yield from _load_part(records, data, settings, progress)
        readable = [record for record in records if record.id in loaded]
        held_out = _held_out(dataset, readable, loaded, settings)
        _take(data, dataset, readable, loaded, held_out, settings)
        again = [replace(record, given=None) for record in readable if record.given is not None and record.id not in held_out]
        if settings.reread and again:
            progress.total += len(again)
            loaded = yield from _load_part(again, data, settings, progress)
            _add_pages(data, loaded, _labelled_names(again), settings)
    if not len(data.pages):
        raise DatasetError(
            f"no page of {', '.join(str(folder) for folder in settings.data)} can be trained on",
            hint="Run `docgrid data check` on the folder, or raise --limit.",
        )


@dataclass
class _Progress:
    total: int
    done: int = 0


def _load_part(
    records: Sequence[Record], data: FitData, settings: FitSettings, progress: _Progress
) -> Generator[LoadReport, None, StoredDocuments]:
    """Report every record; return those that could be read."""
    keys = _keys_of(records, data, settings)
    wanted = [record for record in records if record.id not in keys or data.store.place(keys[record.id]) is None]
    loaded = _load_records(wanted, data.schema, settings)
    missing = {record.id for record in wanted}
    for record in records:
        progress.done += 1
        status, problem = DocumentStatus.OK, ""
        if record.id in missing:
            _, outcome = next(loaded)
            if isinstance(outcome, DocgridError):
                status = outcome.status if isinstance(outcome, DocumentError) else DocumentStatus.CORRUPT
                problem = outcome.problem
            elif record.id in keys:
                data.store.add(keys[record.id], outcome)
        yield LoadReport(progress.done, progress.total, record.id, status, problem)
    data.store.flush()
    places = {record.id: data.store.place(keys[record.id]) for record in records if record.id in keys}
    return StoredDocuments(data.store, {name: place for name, place in places.items() if place is not None})


def _keys_of(records: Sequence[Record], data: FitData, settings: FitSettings) -> dict[str, str]:
    """The key of each record in the store, by id; a document that cannot be opened has none."""
    keys = DocumentKeys(data.schema, settings.reading)
    found = {}
    for record in records:
        with suppress(OSError, DocgridError):  # reading it says why
            found[record.id] = keys.of(record)
    for key in found.values():
        place = data.store.place(key)
        if place is not None and not data.store.is_sound(place):
            data.store.forget(place)
    return found


def _labelled_names(records: Sequence[Record]) -> frozenset[str]:
    """Fields that a dataset labels at all."""
    return frozenset(entry.name for record in records for entry in record.fields)


def _take(
    data: FitData,
    dataset: Dataset,
    records: Sequence[Record],
    loaded: StoredDocuments,
    held_out: frozenset[str],
    settings: FitSettings,
) -> None:
    """Share the documents of one dataset out to training and validation."""
    known = _labelled_names(records)
    data.known_names |= known
    training = loaded.only(_part([record.id for record in records if record.id not in held_out], settings))
    data.validation[dataset.name] = loaded.only(record.id for record in records if record.id in held_out)
    data.not_found += _add_pages(data, training, known, settings, times=settings.data.count(dataset.root))
    layouts = {item.id: item.layout or item.id for item in split_items(records, _compared(loaded))}
    seen = {layouts[record.id] for record in records if record.id not in held_out}
    data.unseen_ids |= {record_id for record_id in held_out if layouts[record_id] not in seen}
    data.training_documents += len(training)
    data.training_layouts |= {record.layout for record in records if record.layout and record.id not in held_out}
    data.sources[dataset.name] = len(training)


def _part(ids: list[str], settings: FitSettings) -> list[str]:
    """So many ids as are asked for, in their order; a smaller part lies within a larger one."""
    if settings.training_documents is None:
        return ids
    order = sorted(ids, key=lambda name: zlib.crc32(f"{settings.training.seed} {name}".encode()))
    chosen = set(order[: settings.training_documents])
    return [name for name in ids if name in chosen]


def _add_pages(
    data: FitData, training: StoredDocuments, known: frozenset[str], settings: FitSettings, *, times: int = 1
) -> Counter[str]:
    """Take in the pages of training documents, with those of several places of a value that its surroundings speak for.

    Returns:
        For each field the documents whose value was not found on any page.
    """
    kept = kept_places(_InOrder(training), data.schema) if settings.refine else {}
    not_found: Counter[str] = Counter()
    for number, (record_id, labelled) in enumerate(training.items()):
        data.pages.add(training.place(record_id), labelled, known, kept=kept.get(number), times=times)
        not_found.update({entry.name for entry in labelled.fields if not entry.occurrences})
    return not_found


class _InOrder(Sequence[LabelledDocument]):
    """Stored documents by their numbers."""

    def __init__(self, documents: StoredDocuments) -> None:
        self._documents, self._ids = documents, list(documents)

    def __len__(self) -> int:
        return len(self._ids)

    def __getitem__(self, row: Any) -> Any:
        if isinstance(row, slice):
            return [self._documents[key] for key in self._ids[row]]
        return self._documents[self._ids[row]]


class _Texts(Mapping[str, Document]):
    """Stored documents without their labels."""

    def __init__(self, documents: StoredDocuments) -> None:
        self._documents = documents

    def __len__(self) -> int:
        return len(self._documents)

    def __iter__(self) -> Iterator[str]:
        return iter(self._documents)

    def __getitem__(self, key: str) -> Document:
        return self._documents[key].document


def _compared(loaded: StoredDocuments) -> Mapping[str, Document] | None:
    """The documents whose texts are compared with one another."""
    return _Texts(loaded) if len(loaded) <= COMPARED_MOST else None


def _held_out(dataset: Dataset, records: Sequence[Record], loaded: StoredDocuments, settings: FitSettings) -> frozenset[str]:
    """Ids of the validation documents: the dataset's own part, else one of some folds without near-duplicates across.

    Named layouts (of a native dataset) are kept on one side as well, so that validation asks for layouts never seen.
    """
    own = held_out_ids(records, settings.fold)
    if own and len(own) < len(records):
        return own
    if len(records) < 2 or settings.validation_share <= 0:
        return frozenset()
    share = max(settings.validation_share, 1 / len(records))
    folds = int(1 / share + 1e-9)
    named = dataset.format is DatasetFormat.NATIVE and len({record.layout for record in records}) >= 2 * folds
    _, held_out = split_records(
        records,
        held_out=share,
        fold=settings.fold % folds,
        seed=settings.training.seed,
        together=Together.LAYOUTS if named else Together.DUPLICATES,
        documents=_compared(loaded),
    )
    return frozenset(record.id for record in held_out)


def _load_records(
    records: Sequence[Record], schema: Schema, settings: FitSettings
) -> Iterator[tuple[Record, LabelledDocument | DocgridError]]:
    """Every record with its labelled document or the reason why there is none, in order."""
    to_read = [record for record in records if record.given is None]
    if not to_read:
        for record in records:
            yield record, _load_given(record, schema)
        return
    from docgrid.reading import ReaderPool

    with ReaderPool(settings.reading, jobs=settings.jobs) as pool:
        results = pool.read(record.path for record in to_read)
        for record in records:
            if record.given is not None:
                yield record, _load_given(record, schema)
                continue
            result = next(results)
            if result.document is None or not result.status.has_pages:
                yield record, DocumentError(result.problem, status=result.status, hint=result.hint)
            else:
                yield record, _load_read(record, schema, result.document)


def _load_given(record: Record, schema: Schema) -> LabelledDocument | DocgridError:
    try:
        return load(record, schema, _never_read)
    except DocgridError as error:
        return error


def _load_read(record: Record, schema: Schema, document: Document) -> LabelledDocument | DocgridError:
    try:
        return load(record, schema, lambda _: document)
    except DocgridError as error:
        return error


def _never_read(path: object) -> Document:
    raise DocumentError(f"{path} brings no text", status=DocumentStatus.EMPTY, hint="Check the dataset.")


def shortened(documents: StoredDocuments, most: int) -> list[LabelledDocument]:
    """At most so many documents, spread evenly over all; read and held in memory."""
    ids = list(documents)
    if len(ids) > most:
        ids = [ids[round(row * (len(ids) - 1) / (most - 1))] for row in range(most)] if most > 1 else ids[:1]
    return [documents[key] for key in ids]
