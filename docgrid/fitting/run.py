"""The training run: data -> network -> epochs -> model folder, with checkpoints, a metrics log and TensorBoard events."""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from docgrid.chargrid import DEFAULT_ALPHABET, Alphabet, Frame, GridSize
from docgrid.errors import OutputError, UsageError
from docgrid.fitting.calibration import fit_calibration, judge
from docgrid.fitting.data import FitData, load_all, open_all, shortened
from docgrid.fitting.settings import DoneReport, FitSettings, LoadReport, StartReport
from docgrid.fitting.validation import validate_weights
from docgrid.labels import LabelledDocument
from docgrid.losses import ChargridLoss, class_weights
from docgrid.model import CARD_NAME, Model, ModelCard, TrainingData, build_network, load_model, save_model, write_card
from docgrid.networks import NETWORKS, Architecture
from docgrid.networks.words import DocumentNetwork, PageBatch
from docgrid.objective import DocumentObjective
from docgrid.samples import GridSettings, PageSample, PageTargets, collate, draw
from docgrid.schema import Schema
from docgrid.targets import fit_anchors
from docgrid.training import Batches, EpochReport, StepReport, TrainingState, keep_freed_memory, train
from docgrid.version import __version__

CHECKPOINT_NAME = "checkpoint.safetensors"
METRICS_NAME = "metrics.jsonl"
EVENTS_NAME = "events"
LAST_NAME = "last"  # the model after the last epoch, a model folder inside the model folder
_PLAIN_PARTS = (5.0, 2.0, 0.5)  # segmentation, box mask, box coordinates without class weights: most cells are easy
_SHARES_PAGES = 200  # pages that class shares are counted on
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
    _check_out(settings)
    base = load_model(settings.base) if settings.base else None
    datasets, schema = open_all(settings, base.schema if base else None)
    data = FitData(schema)
    yield from load_all(settings, datasets, data)
    torch.manual_seed(settings.training.seed)
    grid = _grid_settings(settings, data.samples, schema, base)
    card = _card(settings, data, grid, base)
    network = build_network(card)
    if base is not None:
        start_from(network, base.network)
    yield from _train(settings, data, grid, card, network, started)


def _check_out(settings: FitSettings) -> None:
    """Refuse to overwrite a finished model before any work is done."""
    if settings.resume:
        if not (settings.out / CHECKPOINT_NAME).is_file():
            raise UsageError(f"{settings.out} has no checkpoint to resume from", hint="Start without --resume.")
    elif (settings.out / CARD_NAME).exists() and not settings.force:
        raise OutputError(f"{settings.out} holds a model already", hint="Add --force to replace it, or choose another --out.")


def _grid_settings(settings: FitSettings, samples: Sequence[PageSample], schema: Schema, base: Model | None) -> GridSettings:
    """Alphabet, grid and anchors: the base model's, what was asked for, or what fits the pages."""
    tall = float(np.median([_text_height_by_width(sample) for sample in samples])) > _TALL
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
    boxes = [draw(sample, grid).boxes for sample in samples if len(sample.item_boxes)]
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
        own = WIDTH_ARGUMENTS[settings.network](settings.width)
        if base is not None and base.card.architecture == settings.network.value:
            own = {name: base.card.network[name] for name in own}
        network = {"inputs": grid.alphabet.size, "classes": classes, "anchors": len(grid.anchors), **own}
        channels = _feature_channels(settings.network, network)
    return ModelCard(
        name=settings.out.name,
        docgrid_version=__version__,
        architecture=settings.network.value if settings.network else None,
        network=network,
        words={"fields": fields, "grid_channels": channels} if settings.words else None,
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


# What --width (base channels of a chargrid network, 64 in the paper) means for each network.
WIDTH_ARGUMENTS: dict[Architecture, Callable[[int], dict[str, int | float | bool | str]]] = {
    Architecture.CHARGRID: lambda width: {"width": width},
    Architecture.DEEPLAB: lambda width: {"depth": 65 if width >= 64 else 41, "width": width / 64},
    Architecture.FCN: lambda width: {"middle_channels": 4 * width},
    Architecture.RESUNET: lambda width: {"scale": width / 32},
}


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


def _objective(settings: FitSettings, data: FitData, grid: GridSettings) -> DocumentObjective:
    """The paper's losses (static class weights, focal), or plain cross entropy, which learned better where it was measured."""
    if settings.network is None:
        return DocumentObjective(None)
    if not settings.class_weights:
        return DocumentObjective(ChargridLoss(gamma=0.0, parts=_PLAIN_PARTS))
    step = max(len(data.samples) // _SHARES_PAGES, 1)
    counts = np.zeros(data.schema.class_count, np.int64)
    for sample in data.samples[::step]:
        classes = draw(sample, grid).segmentation
        counts += np.bincount(classes[classes >= 0], minlength=len(counts))
    shares = torch.from_numpy(counts / max(counts.sum(), 1)).float()
    return DocumentObjective(ChargridLoss(class_weights(shares)))


def _train(
    settings: FitSettings, data: FitData, grid: GridSettings, card: ModelCard, network: DocumentNetwork, started: float
) -> Iterator[FitReport]:
    device = torch.device(settings.training.device)
    network.to(device=device, memory_format=torch.channels_last)  # type: ignore[call-overload]  # torch's stubs miss this form
    state = TrainingState.start(network, settings.training)
    fixed = _fixed_settings(settings)
    checkpoint = settings.out / CHECKPOINT_NAME
    if settings.resume:
        state.load(checkpoint, fixed)
    else:
        (settings.out / METRICS_NAME).unlink(missing_ok=True)
    samples = data.samples

    def make(rows: Sequence[int], randoms: Sequence[np.random.Generator]) -> Batch:
        drawn = [
            draw(samples[row], grid, augmentation=settings.augmentation, random=random)
            for row, random in zip(rows, randoms, strict=True)
        ]
        batch, targets = collate(drawn, grid)
        return batch.to(device), targets.to(device)

    most = settings.validation_documents
    validation = {name: shortened(documents, most) for name, documents in data.validation.items()}

    def validate(weights: dict[str, Tensor]) -> dict[str, float]:
        return validate_weights(network, weights, card, validation, str(device))

    batches = Batches([len(sample.word_fields) for sample in samples], make)
    objective = _objective(settings, data, grid)
    if objective.grid_loss is not None:
        objective.grid_loss.to(device)
    steps = -(-len(samples) // settings.training.batch_size) * settings.training.epochs
    parameters = sum(parameter.numel() for parameter in network.parameters())
    held_out = sum(map(len, validation.values()))
    yield StartReport(data.training_documents, len(samples), held_out, parameters, steps, state.step, dict(data.not_found))
    if not settings.resume:
        state.save(checkpoint, fixed)  # a run that is broken off before its first checkpoint is due can be resumed too
    figures: dict[str, float] = {}
    saved = time.monotonic()
    with ExitStack() as stack:
        events = _EventLog(settings.out, stack)
        for report in train(state, batches, objective, settings.training, validate):
            if isinstance(report, EpochReport):
                figures = report.figures
                _save_epoch(settings, data, card, network, state, report, started)
                events.epoch(report)
            if isinstance(report, EpochReport) or time.monotonic() - saved > settings.checkpoint_every_s:
                state.save(checkpoint, fixed)
                saved = time.monotonic()
            yield report
    _calibrate(settings.out, validation, str(device))
    best = next((entry["figures"] for entry in state.history if entry["epoch"] == state.best_epoch), figures)
    yield DoneReport(settings.out, state.best_epoch, best, time.monotonic() - started)


def _calibrate(folder: Path, validation: Mapping[str, Sequence[LabelledDocument]], device: str) -> None:
    """Put the calibration of the best weights on their card."""
    model = load_model(folder, device=device)
    calibration = fit_calibration(judge(model, validation, device=device))
    write_card(folder, model.card.model_copy(update={"calibration": calibration}))


def _fixed_settings(settings: FitSettings) -> dict[str, Any]:
    """What must stay equal for a run to be resumed."""
    training = {key: str(value) for key, value in asdict(settings.training).items() if key != "device"}
    return training | {
        "data": ", ".join(str(folder) for folder in settings.data),
        "network": str(settings.network),
        "width": settings.width,
        "words": settings.words,
        "refine": settings.refine,
        "reread": settings.reread,
        "limit": settings.limit,
        "fold": settings.fold,
        "from": settings.base,
    }


def _save_epoch(
    settings: FitSettings,
    data: FitData,
    card: ModelCard,
    network: DocumentNetwork,
    state: TrainingState,
    report: EpochReport,
    started: float,
) -> None:
    """Write the averaged weights: always as `last`, and as the model itself when this epoch is the best so far."""
    averaged = copy.deepcopy(network)
    averaged.load_state_dict(state.averaged)
    history = {"epoch": report.epoch, "best_epoch": state.best_epoch, "validation": report.figures}
    held_out = {
        "validation_documents": sorted(entry.id for entries in data.validation.values() for entry in entries),
        "unseen_documents": sorted(data.unseen_ids),
        "training_layouts": sorted(data.training_layouts),
    }
    finished = card.model_copy(update={"training": {**history, "seconds": round(time.monotonic() - started), **held_out}})
    save_model(settings.out / LAST_NAME, averaged, finished)
    if report.is_best:
        save_model(settings.out, averaged, finished)
    with (settings.out / METRICS_NAME).open("a", encoding="utf-8") as handle:
        handle.write(json.dumps(asdict(report), allow_nan=False, default=str) + "\n")


class _EventLog:
    """TensorBoard events, where tensorboard is installed."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        try:
            from torch.utils.tensorboard import SummaryWriter
        except ImportError:
            self._writer = None
            return
        self._writer = stack.enter_context(SummaryWriter(str(folder / EVENTS_NAME)))

    def epoch(self, report: EpochReport) -> None:
        """Write the losses and figures of one epoch."""
        if self._writer is None:
            return
        for name, value in report.losses.items():
            self._writer.add_scalar(f"loss/{name}", value, report.epoch)
        for name, value in report.figures.items():
            self._writer.add_scalar(f"validation/{name}", value, report.epoch)
