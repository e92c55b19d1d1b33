"""The training run: data -> network -> epochs -> model folder, with checkpoints, a metrics log and TensorBoard events."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch
from torch import Tensor

from docgrid.chargrid import DEFAULT_ALPHABET, Alphabet, Frame, GridSize
from docgrid.datasets.store import DocumentStore
from docgrid.evaluation.confidences import fit_calibration
from docgrid.fitting.aims import check_losses, objective_of
from docgrid.fitting.calibration import judge
from docgrid.fitting.data import FitData, load_all, open_all, shortened
from docgrid.fitting.familiar import layouts_of
from docgrid.fitting.pages import BatchMaker, StoredPages
from docgrid.fitting.settings import DoneReport, FitSettings, LoadReport, StartReport
from docgrid.fitting.steps import begin, best_figures, check_out, run_steps
from docgrid.fitting.validation import validate_weights
from docgrid.labels import LabelledDocument
from docgrid.layouts import save_layouts
from docgrid.model import Model, ModelCard, TrainingData, build_network, load_model, write_card
from docgrid.networks import NETWORKS, WIDTH_ARGUMENTS, Architecture
from docgrid.networks.words import DocumentNetwork, PageBatch
from docgrid.samples import GridSettings, PageSample, PageTargets, draw
from docgrid.schema import Schema
from docgrid.targets import fit_anchors
from docgrid.training import Batches, EpochReport, StepReport, keep_freed_memory
from docgrid.version import __version__

_SHAPE_PAGES = 2_000  # pages that the grid and the anchors are fitted to
_TALL = 1.7  # text higher than this many widths is a receipt

Batch = tuple[PageBatch, PageTargets]
FitReport = LoadReport | StartReport | StepReport | EpochReport | DoneReport


def fit(settings: FitSettings) -> Iterator[FitReport]:
    """Train a model and write its folder; a report after every document, step and epoch.

    Raises:
        DatasetError: The data cannot be trained on.
        ModelError: The model to start from is refused.
        OutputError: The folder exists, or cannot be written.
        TrainingError: The loss diverged.
        UsageError: The options contradict each other or the checkpoint.
    """
    started = time.monotonic()
    keep_freed_memory()
    check_out(settings)
    check_losses(settings)
    base = load_model(settings.base) if settings.base else None
    with ExitStack() as stack:
        data = yield from _load(settings, base, stack)
        torch.manual_seed(settings.training.seed)
        grid = _grid_settings(settings, data.pages, data.schema, base)
        card = _card(settings, data, grid, base)
        network = build_network(card)
        if base is not None:
            start_from(network, base.network)
        yield from _train(settings, data, grid, card, network, started)


def _load(settings: FitSettings, base: Model | None, stack: ExitStack) -> Generator[FitReport, None, FitData]:
    """Everything read and aligned, in the folder of the cache or in one that is removed with the stack."""
    datasets, schema = open_all(settings, base.schema if base else None)
    temporary = None if settings.cache else stack.enter_context(TemporaryDirectory(prefix="docgrid-"))
    folder = settings.cache or Path(str(temporary))
    data = FitData(schema, DocumentStore(folder, durable=settings.cache is not None))
    yield from load_all(settings, datasets, data)
    return data


def _grid_settings(settings: FitSettings, pages: StoredPages, schema: Schema, base: Model | None) -> GridSettings:
    """Alphabet, grid and anchors: the base model's, what was asked for, or what fits the pages."""
    tall = float(np.median([_text_height_by_width(sample) for sample in pages.spread(_SHAPE_PAGES)])) > _TALL
    size = settings.grid_size or (base.card.grid_size if base else GridSize(320, 160) if tall else GridSize(336, 256))
    frame = settings.frame or (Frame(base.card.frame) if base else Frame.TEXT if tall else Frame.PAGE)
    alphabet: Alphabet = base.alphabet if base else DEFAULT_ALPHABET
    nothing = np.zeros((0, 2), np.float32)
    grid = GridSettings(alphabet, size, frame, nothing)
    count = settings.anchors if settings.anchors is not None else (4 if schema.has_line_items else 0)
    if settings.network is None or count == 0:
        return grid
    if base is not None and len(base.card.anchors) == count:
        return replace(grid, anchors=np.array(base.card.anchors, np.float32))
    boxes = [draw(sample, grid).boxes for sample in pages.spread(_SHAPE_PAGES) if len(sample.item_boxes)]
    if not boxes:
        return grid
    every = np.concatenate(boxes)
    return replace(grid, anchors=fit_anchors(np.stack([every[:, 3] - every[:, 1], every[:, 2] - every[:, 0]], axis=1), count))


def _text_height_by_width(sample: PageSample) -> float:
    boxes = sample.page.characters.boxes
    width, height = boxes[:, 2:].max(axis=0) - boxes[:, :2].min(axis=0)
    return float(height / max(width, 1e-3))


def _card(settings: FitSettings, data: FitData, grid: GridSettings, base: Model | None) -> ModelCard:
    classes, fields = data.schema.class_count, len(data.schema.fields)
    network: dict[str, int | float | bool | str] = {}
    channels = 0
    if settings.network is not None:
        own = WIDTH_ARGUMENTS[settings.network](settings.width) | dict(settings.network_options)
        if base is not None and base.card.architecture == settings.network.value:
            own = dict(base.card.network)
        network = own | {"inputs": grid.alphabet.size, "classes": classes, "anchors": len(grid.anchors)}
        channels = _feature_channels(settings.network, network)
    return ModelCard(
        name=settings.out.name,
        docgrid_version=__version__,
        architecture=settings.network.value if settings.network else None,
        network=network,
        words={"fields": fields, "grid_channels": channels, "members": settings.word_heads} if settings.words else None,
        alphabet=grid.alphabet.characters,
        document_schema=data.schema.to_dict(),
        known_fields=[name for name in data.schema.names if name in data.known_names],
        grid_height=grid.size.height,
        grid_width=grid.size.width,
        frame=grid.frame.value,
        anchors=[(float(height), float(width)) for height, width in grid.anchors],
        data=[TrainingData(name=name, documents=count) for name, count in data.sources.items()],
        command=settings.command,
        seed=settings.training.seed,
    )


@torch.no_grad()
def _feature_channels(architecture: Architecture, arguments: Mapping[str, int | float | bool | str]) -> int:
    """Channels of the features that the word head reads, asked of the network itself on a small empty page."""
    network = NETWORKS[architecture](**arguments).eval()
    return int(network(torch.zeros(1, 32, 32, dtype=torch.uint8)).features.shape[1])


def start_from(network: DocumentNetwork, base: DocumentNetwork) -> int:
    """Copy every weight of a trained network that has the same name and shape here; how many were copied."""
    own, theirs = network.state_dict(), base.state_dict()
    shared = {name: theirs[name].clone() for name in own if name in theirs and theirs[name].shape == own[name].shape}
    network.load_state_dict(shared, strict=False)
    return len(shared)


def _train(
    settings: FitSettings, data: FitData, grid: GridSettings, card: ModelCard, network: DocumentNetwork, started: float
) -> Iterator[FitReport]:
    device = torch.device(settings.training.device)
    state = begin(settings, network)

    def move(batch: Batch) -> Batch:
        return batch[0].to(device), batch[1].to(device)

    most = settings.validation_documents
    validation = {name: shortened(documents, most) for name, documents in data.validation.items()}

    def validate(weights: dict[str, Tensor]) -> dict[str, float]:
        return validate_weights(network, weights, card, validation, str(device))

    batches = Batches(data.pages.lengths, BatchMaker(data.pages, grid, settings.augmentation), move, settings.workers)
    objective = objective_of(settings, data, grid)
    if objective.grid_loss is not None:
        objective.grid_loss.to(device)
    steps = -(-len(data.pages) // settings.training.batch_size) * settings.training.epochs
    parameters = sum(parameter.numel() for parameter in network.parameters())
    held_out = sum(map(len, validation.values()))
    yield StartReport(data.training_documents, len(data.pages), held_out, parameters, steps, state.step, dict(data.not_found))
    facts = {
        "validation_documents": sorted(name for documents in data.validation.values() for name in documents),
        "unseen_documents": sorted(data.unseen_ids),
        "training_layouts": sorted(data.training_layouts),
    }
    yield from run_steps(settings, state, batches, objective, validate, card, facts)
    save_layouts(settings.out, layouts_of(data))
    _calibrate(settings.out, validation, str(device))
    yield DoneReport(settings.out, state.best_epoch, best_figures(state), time.monotonic() - started)


def _calibrate(folder: Path, validation: Mapping[str, Sequence[LabelledDocument]], device: str) -> None:
    """Put the calibration of the best weights on their card."""
    model = load_model(folder, device=device)
    calibration = fit_calibration(judge(model, validation, device=device))
    write_card(folder, model.card.model_copy(update={"calibration": calibration}))
