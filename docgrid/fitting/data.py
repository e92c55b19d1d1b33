"""Dataset folders -> labelled documents for training and for validation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from docgrid.datasets import Dataset, DatasetFormat, Record, load, open_dataset
from docgrid.datasets.splits import Together, folds_of, split_items
from docgrid.errors import DatasetError, DocgridError, DocumentError, DocumentStatus
from docgrid.fitting.settings import FitSettings, LoadReport
from docgrid.labels import LabelledDocument
from docgrid.page import Document
from docgrid.samples import PageSample, page_samples
from docgrid.schema import Schema, infer_schema


@dataclass
class FitData:
    """Everything that training and validation read."""

    schema: Schema
    samples: list[PageSample] = field(default_factory=list)
    training_documents: int = 0
    validation: dict[str, list[LabelledDocument]] = field(default_factory=dict)  # by dataset name
    training_layouts: set[str] = field(default_factory=set)
    known_names: set[str] = field(default_factory=set)
    not_found: Counter[str] = field(default_factory=Counter)
    sources: dict[str, int] = field(default_factory=dict)  # dataset name -> training documents


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


def load_all(settings: FitSettings, datasets: list[Dataset], data: FitData) -> Iterator[LoadReport]:
    """Read and align every document of every dataset into `data`; one report a document.

    Raises:
        DatasetError: Nothing is left to train on.
    """
    chosen = [dataset.records[: settings.limit] for dataset in datasets]
    total, done = sum(len(records) for records in chosen), 0
    for dataset, records in zip(datasets, chosen, strict=True):
        loaded: dict[str, LabelledDocument] = {}
        for record, outcome in _load_records(records, data.schema, settings):
            done += 1
            if isinstance(outcome, DocgridError):
                status = outcome.status if isinstance(outcome, DocumentError) else DocumentStatus.CORRUPT
                yield LoadReport(done, total, record.id, status, outcome.problem)
                continue
            loaded[record.id] = outcome
            yield LoadReport(done, total, record.id, DocumentStatus.OK)
        _take(data, dataset, [record for record in records if record.id in loaded], loaded, settings)
    if not data.samples:
        raise DatasetError(
            f"no page of {', '.join(str(folder) for folder in settings.data)} can be trained on",
            hint="Run `docgrid data check` on the folder, or raise --limit.",
        )


def _take(
    data: FitData, dataset: Dataset, records: Sequence[Record], loaded: Mapping[str, LabelledDocument], settings: FitSettings
) -> None:
    """Share the documents of one dataset out to training and validation."""
    held_out = _held_out(dataset, records, loaded, settings)
    known = frozenset(entry.name for record in records for entry in record.fields)
    data.known_names |= known
    times = settings.data.count(dataset.root)
    for record in records:
        labelled = loaded[record.id]
        if record.id in held_out:
            data.validation.setdefault(dataset.name, []).append(labelled)
            continue
        data.samples += page_samples(labelled, data.schema, known) * times
        data.training_documents += 1
        if labelled.layout:
            data.training_layouts.add(labelled.layout)
        data.sources[dataset.name] = data.sources.get(dataset.name, 0) + 1
        data.not_found.update({entry.name for entry in labelled.fields if not entry.occurrences})


def _held_out(
    dataset: Dataset, records: Sequence[Record], loaded: Mapping[str, LabelledDocument], settings: FitSettings
) -> frozenset[str]:
    """Ids of the validation documents: the dataset's own part, else one of some folds without near-duplicates across.

    Named layouts (of a native dataset) are kept on one side as well, so that validation asks for layouts never seen.
    """
    own = frozenset(record.id for record in records if record.part == "valid")
    if own and len(own) < len(records):
        return own
    count = round(len(records) * settings.validation_share)
    if len(records) < 2 or settings.validation_share <= 0:
        return frozenset()
    count = max(count, 1)
    folds = max(2, min(5, len(records) // count))
    items = split_items(records, {name: labelled.document for name, labelled in loaded.items()})
    layouts = dataset.format is DatasetFormat.NATIVE and len({item.layout for item in items}) >= 2 * folds
    splits = folds_of(
        items,
        folds=folds,
        seed=settings.training.seed,
        valid_count=count,
        together=Together.LAYOUTS if layouts else Together.DUPLICATES,
    )
    return frozenset(splits[settings.fold % folds].valid)


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


def shortened(documents: list[LabelledDocument], most: int) -> list[LabelledDocument]:
    """At most so many documents, spread evenly over the list."""
    if len(documents) <= most:
        return documents
    return [documents[round(row * (len(documents) - 1) / (most - 1))] for row in range(most)] if most > 1 else documents[:1]
