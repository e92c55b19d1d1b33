"""What commands that measure share: which documents, read how, and the figures on a model's card."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from docgrid.errors import DatasetError, DocgridError, DocumentError, DocumentStatus

if TYPE_CHECKING:
    from docgrid.datasets import Dataset, Record
    from docgrid.evaluation import Evaluation
    from docgrid.model import Model, ModelCard
    from docgrid.page import Document


@dataclass(frozen=True)
class Measured:
    """The records that were measured, and why these."""

    records: tuple[Record, ...]
    what: str


def choose_records(dataset: Dataset, card: ModelCard, split: str) -> Measured:
    """The records to measure.

    `auto` never measures what training may have seen, as far as the card tells: the data set's own `valid` part, else the
    documents that this model held out.

    Raises:
        DatasetError: There are none.
    """
    held_out = set(card.training.get("validation_documents", ()))
    records = dataset.records
    own = {part: tuple(record for record in records if record.part == part) for part in ("train", "valid", "test")}
    kept_back = tuple(record for record in records if record.id in held_out)
    rest = tuple(record for record in records if record.id not in held_out)
    choices: dict[str, tuple[Record, ...]] = {
        "all": records,
        "valid": own["valid"] or kept_back,
        "test": own["test"],
        "train": own["train"] or (rest if kept_back else ()),
    }
    if split == "auto":
        chosen = choices["valid"] or records
        what = "valid" if choices["valid"] else "all"
    else:
        chosen, what = choices[split], split
    if not chosen:
        raise DatasetError(
            f"{dataset.root} has no documents for --split {split}",
            hint="Use --split all, or a model that was trained on this data.",
        )
    return Measured(chosen, what)


def documents_of(
    records: Sequence[Record], reading: Any, *, jobs: int | None, reread: bool = False
) -> Iterator[tuple[Record, Document | None, DocumentStatus, str]]:
    """Every record with its document, its status and what is wrong, in order; texts that the data set brings are taken."""
    from docgrid.reading.isolation import ReaderPool

    to_read = [record.path for record in records if record.given is None or reread]
    if not to_read:
        for record in records:
            yield _given(record)
        return
    with ReaderPool(reading, jobs=jobs) as pool:
        results = pool.read(to_read)
        for record in records:
            if record.given is not None and not reread:
                yield _given(record)
                continue
            result = next(results)
            yield record, result.document if result.status.has_pages else None, result.status, result.problem


def _given(record: Record) -> tuple[Record, Document | None, DocumentStatus, str]:
    assert record.given is not None
    try:
        return record, record.given(), DocumentStatus.OK, ""
    except DocumentError as error:
        return record, None, error.status, error.problem
    except DocgridError as error:
        return record, None, DocumentStatus.CORRUPT, error.problem


def record_figures(model: Model, evaluation: Evaluation, command: str) -> None:
    """Put the headline figures on the card, in place of earlier ones of the same command."""
    from docgrid.model import Metric, write_card

    if model.folder is None:
        return
    rows = []
    groups = (("unseen layouts", evaluation.unseen), ("all documents", evaluation.results))
    for note, results in groups:
        for how, figures in results.items():
            scores = {"fields F1": figures.micro, "line items F1": figures.line_items}
            for name, score in scores.items():
                if score is None or score.f1 is None:
                    continue
                low, high = (score.interval.low, score.interval.high) if score.interval else (None, None)
                rows.append(
                    Metric(
                        protocol=evaluation.protocol.value,
                        figure=f"{name}, {how}",
                        value=score.f1,
                        low=low,
                        high=high,
                        documents=figures.documents,
                        command=command,
                        note=note,
                    )
                )
    kept = [metric for metric in model.card.metrics if metric.command != command]
    write_card(model.folder, model.card.model_copy(update={"metrics": [*kept, *rows]}))
