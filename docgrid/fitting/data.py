"""Dataset folders -> labelled documents for training and for validation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from docgrid.datasets import Dataset, DatasetFormat, Record, Together, load, open_dataset, refine, split_records
from docgrid.datasets.splits import split_items
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
    unseen_ids: set[str] = field(default_factory=set)  # validation documents of a layout that training does not have
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
    progress = _Progress(sum(len(records) for records in chosen))
    for dataset, records in zip(datasets, chosen, strict=True):
        loaded = yield from _load_part(records, data.schema, settings, progress)
        readable = [record for record in records if record.id in loaded]
        held_out = _held_out(dataset, readable, loaded, settings)
        _take(data, dataset, readable, loaded, held_out, settings)
        again = [replace(record, given=None) for record in readable if record.given is not None and record.id not in held_out]
        if settings.reread and again:
            progress.total += len(again)
            loaded = yield from _load_part(again, data.schema, settings, progress)
            _add_samples(data, list(loaded.values()), _labelled_names(again), settings)
    if not data.samples:
        raise DatasetError(
            f"no page of {', '.join(str(folder) for folder in settings.data)} can be trained on",
            hint="Run `docgrid data check` on the folder, or raise --limit.",
        )


@dataclass
class _Progress:
    total: int
    done: int = 0


def _load_part(
    records: Sequence[Record], schema: Schema, settings: FitSettings, progress: _Progress
) -> Generator[LoadReport, None, dict[str, LabelledDocument]]:
    """Report every record; return those that could be read, by id."""
    loaded = {}
    for record, outcome in _load_records(records, schema, settings):
        progress.done += 1
        status, problem = DocumentStatus.OK, ""
        if isinstance(outcome, DocgridError):
            status = outcome.status if isinstance(outcome, DocumentError) else DocumentStatus.CORRUPT
            problem = outcome.problem
        else:
            loaded[record.id] = outcome
        yield LoadReport(progress.done, progress.total, record.id, status, problem)
    return loaded


def _labelled_names(records: Sequence[Record]) -> frozenset[str]:
    """Fields that a dataset labels at all."""
    return frozenset(entry.name for record in records for entry in record.fields)


def _take(
    data: FitData,
    dataset: Dataset,
    records: Sequence[Record],
    loaded: Mapping[str, LabelledDocument],
    held_out: frozenset[str],
    settings: FitSettings,
) -> None:
    """Share the documents of one dataset out to training and validation."""
    known = _labelled_names(records)
    data.known_names |= known
    training = [loaded[record.id] for record in records if record.id not in held_out]
    data.validation[dataset.name] = [loaded[record.id] for record in records if record.id in held_out]
    _add_samples(data, training, known, settings, times=settings.data.count(dataset.root))
    items = split_items(records, {name: labelled.document for name, labelled in loaded.items()})
    layouts = {item.id: item.layout or item.id for item in items}
    seen = {layouts[record.id] for record in records if record.id not in held_out}
    data.unseen_ids |= {record_id for record_id in held_out if layouts[record_id] not in seen}
    data.training_documents += len(training)
    data.training_layouts |= {labelled.layout for labelled in training if labelled.layout}
    data.sources[dataset.name] = len(training)
    for labelled in training:
        data.not_found.update({entry.name for entry in labelled.fields if not entry.occurrences})


def _add_samples(
    data: FitData, training: Sequence[LabelledDocument], known: frozenset[str], settings: FitSettings, *, times: int = 1
) -> None:
    """The pages of training documents; where a value is printed in several places, those that its surroundings speak for."""
    chosen = refine(training, data.schema) if settings.refine else training
    for labelled in chosen:
        data.samples += page_samples(labelled, data.schema, known) * times


def _held_out(
    dataset: Dataset, records: Sequence[Record], loaded: Mapping[str, LabelledDocument], settings: FitSettings
) -> frozenset[str]:
    """Ids of the validation documents: the dataset's own part, else one of some folds without near-duplicates across.

    Named layouts (of a native dataset) are kept on one side as well, so that validation asks for layouts never seen.
    """
    own = frozenset(record.id for record in records if record.part == "valid")
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
        documents={name: labelled.document for name, labelled in loaded.items()},
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


def shortened(documents: list[LabelledDocument], most: int) -> list[LabelledDocument]:
    """At most so many documents, spread evenly over the list."""
    if len(documents) <= most:
        return documents
    return [documents[round(row * (len(documents) - 1) / (most - 1))] for row in range(most)] if most > 1 else documents[:1]
