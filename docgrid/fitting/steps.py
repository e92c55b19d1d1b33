"""What every training run keeps while it goes on: checkpoints, the model folder, a metrics log and TensorBoard events."""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

import torch
from torch import Tensor, nn

from docgrid.errors import OutputError, UsageError
from docgrid.fitting.settings import FitSettings
from docgrid.model import CARD_NAME, ModelCard, save_model
from docgrid.networks.words import DocumentNetwork
from docgrid.training import Batches, EpochReport, StepReport, TrainingState, train

CHECKPOINT_NAME = "checkpoint.safetensors"
METRICS_NAME = "metrics.jsonl"
EVENTS_NAME = "events"
LAST_NAME = "last"  # the model after the last epoch, a model folder inside the model folder

Batch = TypeVar("Batch")


def check_out(settings: FitSettings) -> None:
    """Refuse to overwrite a finished model before any work is done.

    Raises:
        OutputError: The folder holds a model, and `force` is off.
        UsageError: There is nothing to resume.
    """
    if settings.resume:
        if not (settings.out / CHECKPOINT_NAME).is_file():
            raise UsageError(f"{settings.out} has no checkpoint to resume from", hint="Start without --resume.")
    elif (settings.out / CARD_NAME).exists() and not settings.force:
        raise OutputError(f"{settings.out} holds a model already", hint="Add --force to replace it, or choose another --out.")


def begin(settings: FitSettings, network: DocumentNetwork) -> TrainingState:
    """The state to train on from, on the device: that of the checkpoint with `resume`, else a fresh one, which is saved."""
    device = torch.device(settings.training.device)
    network.to(device=device, memory_format=torch.channels_last)  # type: ignore[call-overload]  # torch's stubs miss this form
    state = TrainingState.start(network, settings.training)
    if settings.resume:
        state.load(settings.out / CHECKPOINT_NAME, fixed_settings(settings))
    else:
        (settings.out / METRICS_NAME).unlink(missing_ok=True)
        state.save(settings.out / CHECKPOINT_NAME, fixed_settings(settings))  # so that a run broken off at once can be resumed
    return state


def run_steps(
    settings: FitSettings,
    state: TrainingState,
    batches: Batches[Batch],
    objective: Callable[[nn.Module, Batch], dict[str, Tensor]],
    validate: Callable[[dict[str, Tensor]], dict[str, float]],
    card: ModelCard,
    facts: Mapping[str, Any],
) -> Iterator[StepReport | EpochReport]:
    """Train to the end; checkpoints every few seconds, a model folder after every epoch.

    Args:
        settings: Of the run.
        state: From `begin`.
        batches: The training pages.
        objective: Parts of the loss of a batch.
        validate: Figures of averaged weights.
        card: Of the model folder.
        facts: About the data, for the card's `training`.
    """
    started = saved = time.monotonic()
    fixed, checkpoint = fixed_settings(settings), settings.out / CHECKPOINT_NAME
    with ExitStack() as stack:
        events = _EventLog(settings.out, stack)
        for report in train(state, batches, objective, settings.training, validate):
            if isinstance(report, EpochReport):
                seconds = round(time.monotonic() - started)
                _save_epoch(settings.out, state, report, card, {"seconds": seconds, **facts})
                events.epoch(report)
            if isinstance(report, EpochReport) or time.monotonic() - saved > settings.checkpoint_every_s:
                state.save(checkpoint, fixed)
                saved = time.monotonic()
            yield report


def best_figures(state: TrainingState) -> dict[str, float]:
    """The validation of the best epoch; nothing before the first one has ended."""
    return next((entry["figures"] for entry in state.history if entry["epoch"] == state.best_epoch), {})


def fixed_settings(settings: FitSettings) -> dict[str, Any]:
    """What must stay equal for a run to be resumed."""
    fixed = {key: str(value) for key, value in asdict(settings.training).items() if key != "device"}
    if settings.losses:
        fixed["losses"] = " ".join(settings.losses)
    if settings.network_options:
        fixed["network_options"] = str(dict(settings.network_options))
    return fixed | {
        "data": ", ".join(str(folder) for folder in settings.data),
        "network": str(settings.network),
        "width": settings.width,
        "words": settings.words,
        "word_heads": settings.word_heads,
        "refine": settings.refine,
        "reread": settings.reread,
        "limit": settings.limit,
        "fold": settings.fold,
        "from": settings.base,
    }


def _save_epoch(out: Path, state: TrainingState, report: EpochReport, card: ModelCard, facts: Mapping[str, Any]) -> None:
    """Write the averaged weights: always as `last`, and as the model itself when this epoch is the best so far."""
    averaged = copy.deepcopy(state.network)
    assert isinstance(averaged, DocumentNetwork)
    averaged.load_state_dict(state.averaged)
    history = {"epoch": report.epoch, "best_epoch": state.best_epoch, "validation": report.figures}
    finished = card.model_copy(update={"training": {**history, **facts}})
    save_model(out / LAST_NAME, averaged, finished)
    if report.is_best:
        save_model(out, averaged, finished)
    with (out / METRICS_NAME).open("a", encoding="utf-8") as handle:
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
