"""What to train on, what to train, and what comes back while it runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from docgrid.chargrid import Frame, GridSize
from docgrid.errors import DocumentStatus
from docgrid.networks import Architecture
from docgrid.reading.options import ReadingOptions
from docgrid.samples import Augmentation
from docgrid.schema import Schema
from docgrid.training import TrainingSettings


@dataclass(frozen=True)
class FitSettings:
    """One training run, from dataset folders to a model folder.

    Attributes:
        data: Dataset folders; what they label is put together. A folder named several times counts several times in training.
        out: The model folder to write.
        schema: Fields to learn; None takes the base model's, or the one that fits the data.
        base: A shipped model or a model folder to start from.
        network: The grid network; None trains the word head alone (the baseline without a grid).
        width: Base channels of the grid network.
        network_options: Further arguments of the network's constructor (see `networks.network_options`).
        anchors: Anchor boxes for line items; 0 trains no box decoder. None decides from the schema.
        words: Whether to train word heads.
        word_heads: So many of them, averaged: the first one reads the grid, the others words alone.
        grid_size: None decides from the shape of the pages.
        frame: None decides from the shape of the pages.
        class_weights: Weigh rare classes as the chargrid paper does, with focal loss; off is plain cross entropy.
        losses: Other losses of single heads, `HEAD=NAME:WEIGHT` (see `losses.chosen_losses`).
        validation_share: Share of documents held out where the dataset has no part of its own for that; at most a half.
        fold: Which of the folds is held out.
        validation_documents: At most so many of each dataset are extracted after each epoch.
        refine: Of several places that print a value, train on those that its surroundings speak for (`datasets.refine`).
        reread: Train on documents whose dataset brings the text along a second time, as the reader (OCR) sees them.
        limit: At most so many documents of each dataset.
        training_documents: Train on so many documents of each dataset; which ones the seed says. Held-out ones stay.
        checkpoint_every_s: Seconds between checkpoints.
        cache: Folder that keeps what was read and aligned for the next run; None keeps it in a temporary one for this run.
        workers: Processes that draw the pages of the next batches; 0 draws them between the steps.
    """

    data: tuple[Path, ...]
    out: Path
    schema: Schema | None = None
    base: str | None = None
    network: Architecture | None = Architecture.CHARGRID
    width: int = 16
    network_options: Mapping[str, int | float | bool | str] = field(default_factory=dict)
    anchors: int | None = None
    words: bool = True
    word_heads: int = 2
    grid_size: GridSize | None = None
    frame: Frame | None = None
    class_weights: bool = False
    losses: tuple[str, ...] = ()
    validation_share: float = 0.16
    fold: int = 0
    validation_documents: int = 120
    refine: bool = True
    reread: bool = False
    limit: int | None = None
    training_documents: int | None = None
    checkpoint_every_s: float = 30.0
    cache: Path | None = None
    workers: int = 0
    resume: bool = False
    force: bool = False
    jobs: int | None = None
    command: str = ""
    training: TrainingSettings = TrainingSettings()
    augmentation: Augmentation = Augmentation()
    reading: ReadingOptions = field(default_factory=ReadingOptions)


@dataclass(frozen=True)
class LoadReport:
    """One document was read and its values were looked for."""

    done: int
    total: int
    document: str
    status: DocumentStatus
    problem: str = ""


@dataclass(frozen=True)
class StartReport:
    """Everything is loaded; training begins."""

    training_documents: int
    training_pages: int
    validation_documents: int
    parameters: int
    steps: int
    resumed_at: int
    values_not_found: dict[str, int]  # field -> documents whose value was not found on the page


@dataclass(frozen=True)
class DoneReport:
    """The model folder is written."""

    folder: Path
    best_epoch: int
    figures: dict[str, float]
    seconds: float
