"""The only training loop of docgrid: a generator that steps, reports and leaves drawing, saving and stopping to its caller.

Every random choice follows from (seed, epoch, sample) or from the generator state in the checkpoint, so a run that was killed and
resumed ends like one that was not.
"""

from __future__ import annotations

import ctypes
import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Any, Generic, TypeVar

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset

from docgrid.errors import DatasetError, TrainingError, UsageError
from docgrid.files import atomic_path

NON_FINITE_STEPS_ALLOWED = 10  # in a row; each is skipped and counted
Batch = TypeVar("Batch")
_BUCKET_BATCHES = 8  # batches are cut from pages of similar length out of this many batches at a time


class Precision(StrEnum):
    """Number format of the arithmetic; weights and their averages stay float32."""

    AUTO = "auto"
    FLOAT32 = "float32"
    BFLOAT16 = "bfloat16"


@dataclass(frozen=True)
class TrainingSettings:
    """How a network is trained."""

    epochs: int = 20
    batch_size: int = 6
    learning_rate: float = 2e-3
    weight_decay: float = 0.01
    warmup_steps: int = 100
    final_rate: float = 0.02  # the cosine ends at this share of the learning rate
    gradient_limit: float = 5.0  # largest norm of a step's gradient
    average_decay: float = 0.998  # of the running mean of the weights, which is what is validated and saved
    patience: int = 0  # epochs without a better score before stopping; 0: never
    seed: int = 0
    device: str = "cpu"
    precision: Precision = Precision.AUTO


@dataclass(frozen=True)
class StepReport:
    """What one step did."""

    epoch: int  # from 1
    step: int  # from 1, over all epochs
    steps: int  # in all
    losses: dict[str, float]  # by part, "total" among them
    skipped: bool  # the loss was not finite


@dataclass(frozen=True)
class EpochReport:
    """What one pass over the data did."""

    epoch: int
    losses: dict[str, float]  # means over the epoch
    figures: dict[str, float]  # of the validation; "score" decides which epoch is best
    is_best: bool
    skipped_steps: int
    stops: bool  # the patience is used up


@dataclass
class TrainingState:
    """All that changes while training; saved and restored as one file."""

    network: nn.Module
    optimiser: torch.optim.Optimizer
    averaged: dict[str, Tensor]
    step: int = 0
    best_score: float = -math.inf
    best_epoch: int = 0
    skipped_steps: int = 0
    history: list[dict[str, Any]] = field(default_factory=list)
    epoch_losses: list[dict[str, float]] = field(default_factory=list)  # of the running epoch

    @classmethod
    def start(cls, network: nn.Module, settings: TrainingSettings) -> TrainingState:
        """A fresh state: AdamW (Loshchilov & Hutter 2019), no decay on biases and norms."""
        decayed = [parameter for parameter in network.parameters() if parameter.dim() > 1]
        others = [parameter for parameter in network.parameters() if parameter.dim() <= 1]
        optimiser = torch.optim.AdamW(
            [{"params": decayed, "weight_decay": settings.weight_decay}, {"params": others, "weight_decay": 0.0}],
            lr=settings.learning_rate,
        )
        return cls(network, optimiser, {name: tensor.detach().clone() for name, tensor in network.state_dict().items()})

    def save(self, path: Path, settings: Mapping[str, Any]) -> None:
        """Write the state as one safetensors file, whole or not at all.

        Args:
            path: The checkpoint.
            settings: What must be equal to resume; compared by `load`.

        Raises:
            OutputError: It cannot be written.
        """
        tensors = {f"network.{name}": tensor for name, tensor in self.network.state_dict().items()}
        tensors |= {f"averaged.{name}": tensor for name, tensor in self.averaged.items()}
        for index, values in self.optimiser.state_dict()["state"].items():
            tensors |= {f"optimiser.{index}.{name}": torch.as_tensor(value) for name, value in values.items()}
        tensors["random.cpu"] = torch.get_rng_state()
        if torch.cuda.is_available():
            tensors["random.cuda"] = torch.cuda.get_rng_state()
        plain = {
            "step": self.step,
            "best_score": self.best_score if math.isfinite(self.best_score) else None,
            "best_epoch": self.best_epoch,
            "skipped_steps": self.skipped_steps,
            "history": self.history,
            "epoch_losses": self.epoch_losses,
            "settings": dict(settings),
        }
        with atomic_path(path) as temporary:
            packed = {name: tensor.detach().cpu().contiguous().clone() for name, tensor in tensors.items()}
            save_file(packed, temporary, metadata={"state": json.dumps(plain)})

    def load(self, path: Path, settings: Mapping[str, Any]) -> None:
        """Continue from a checkpoint, in place.

        Raises:
            UsageError: The checkpoint is of a run with other settings, or damaged.
        """
        try:
            with safe_open(path, framework="pt") as handle:
                plain = json.loads((handle.metadata() or {})["state"])
                tensors = {name: handle.get_tensor(name) for name in handle.keys()}  # noqa: SIM118  # not a mapping
        except (OSError, SafetensorError, KeyError, ValueError) as error:
            raise UsageError(f"{path} is no checkpoint: {error}", hint="Start again without --resume.") from error
        differing = sorted(key for key in {*plain["settings"], *settings} if plain["settings"].get(key) != settings.get(key))
        if differing:
            raise UsageError(
                f"{path} is of a run with another {', '.join(differing)}",
                hint="Repeat the options of that run, or choose another --out.",
            )
        self.network.load_state_dict(_with_prefix(tensors, "network."))
        device = next(self.network.parameters()).device
        self.averaged = {name: tensor.to(device) for name, tensor in _with_prefix(tensors, "averaged.").items()}
        self.optimiser.load_state_dict({**self.optimiser.state_dict(), "state": _optimiser_state(tensors)})
        torch.set_rng_state(tensors["random.cpu"])
        if "random.cuda" in tensors and torch.cuda.is_available():
            torch.cuda.set_rng_state(tensors["random.cuda"])
        self.step, self.best_epoch, self.skipped_steps = plain["step"], plain["best_epoch"], plain["skipped_steps"]
        self.best_score = -math.inf if plain["best_score"] is None else plain["best_score"]
        self.history, self.epoch_losses = plain["history"], plain["epoch_losses"]


def _with_prefix(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): tensor for name, tensor in tensors.items() if name.startswith(prefix)}


def _optimiser_state(tensors: Mapping[str, Tensor]) -> dict[int, dict[str, Tensor]]:
    state: dict[int, dict[str, Tensor]] = {}
    for name, tensor in _with_prefix(tensors, "optimiser.").items():
        index, _, key = name.partition(".")
        state.setdefault(int(index), {})[key] = tensor
    return state


@dataclass(frozen=True)
class Batches(Generic[Batch]):
    """Batches that any step can be made from again.

    Attributes:
        lengths: Size of each sample (words of a page); batches hold samples of similar size.
        make: Draws the samples of the given rows; the generators belong to the samples.
        move: Brings a batch to where the network is.
        workers: Processes that make batches ahead; 0 makes each when it is wanted. The batches are the same.
    """

    lengths: Sequence[int]
    make: Callable[[Sequence[int], Sequence[np.random.Generator]], Batch]
    move: Callable[[Batch], Batch] | None = None
    workers: int = 0

    def stream(self, plan: Iterable[tuple[int, Sequence[int]]], seed: int) -> Iterator[Batch]:
        """The batches of some (epoch, rows) in their order.

        Raises:
            DatasetError: A sample cannot be read.
            TrainingError: A worker was killed.
        """
        loader: DataLoader[Batch | _Failed] = DataLoader(
            _Made(self.make, seed),
            sampler=plan,
            batch_size=None,
            num_workers=self.workers,
            collate_fn=_as_it_is,
            generator=torch.Generator(),  # not the one that dropout draws from
        )
        try:
            for batch in loader:
                if isinstance(batch, _Failed):
                    raise DatasetError(batch.problem, hint=batch.hint)
                yield batch if self.move is None else self.move(batch)
        except RuntimeError as error:
            if not str(error).startswith("DataLoader worker"):
                raise
            raise TrainingError(
                f"a process that draws pages was killed: {error}", hint="Give more (shared) memory, or train with --workers 0."
            ) from error


@dataclass(frozen=True)
class _Failed:
    """A `DatasetError` on its way out of a worker."""

    problem: str
    hint: str


class _Made(Dataset[Batch | _Failed]):
    """The batch of (epoch, rows): each sample with a generator of its own."""

    def __init__(self, make: Callable[[Sequence[int], Sequence[np.random.Generator]], Batch], seed: int) -> None:
        self._make, self._seed = make, seed

    def __getitem__(self, wanted: tuple[int, Sequence[int]]) -> Batch | _Failed:
        epoch, rows = wanted
        try:
            return self._make(rows, [np.random.default_rng([self._seed, epoch, row]) for row in rows])
        except DatasetError as error:
            return _Failed(error.problem, error.hint)


def _as_it_is(batch: Batch) -> Batch:
    return batch


def epoch_order(lengths: Sequence[int], batch_size: int, seed: int, epoch: int) -> list[list[int]]:
    """Rows of each batch of an epoch: shuffled, then sorted by length within stretches of some batches, then shuffled."""
    random = np.random.default_rng([seed, epoch])
    order = random.permutation(len(lengths))
    stretch = batch_size * _BUCKET_BATCHES
    batches = []
    for start in range(0, len(order), stretch):
        rows = sorted(order[start : start + stretch].tolist(), key=lambda row: lengths[row])
        batches += [rows[first : first + batch_size] for first in range(0, len(rows), batch_size)]
    return [batches[index] for index in random.permutation(len(batches))]


def train(
    state: TrainingState,
    batches: Batches[Batch],
    loss: Callable[[nn.Module, Batch], dict[str, Tensor]],
    settings: TrainingSettings,
    validate: Callable[[dict[str, Tensor]], dict[str, float]],
) -> Iterator[StepReport | EpochReport]:
    """Train in place, from wherever `state` stands; yield after every step and after every epoch.

    Args:
        state: Network, optimiser and averages; the network already on its device.
        batches: The training pages.
        loss: Parts of the loss of a batch, by name; they are added up.
        settings: Length, rates, seed.
        validate: Figures of a set of (averaged) weights; must have "score", of which more is better.

    Raises:
        TrainingError: The loss was not finite ten times in a row.
    """
    per_epoch = math.ceil(len(batches.lengths) / settings.batch_size)
    total = per_epoch * settings.epochs
    non_finite = 0
    stream = batches.stream(_plan(batches.lengths, settings, state.step), settings.seed)
    for epoch in range(state.step // per_epoch + 1, settings.epochs + 1):
        for batch in islice(stream, per_epoch * epoch - state.step):
            losses = _step(state, loss, batch, settings, learning_rate(settings, state.step, total))
            finite = all(math.isfinite(value) for value in losses.values())
            non_finite = 0 if finite else non_finite + 1
            state.step += 1
            if finite:
                state.epoch_losses.append(losses)
            else:
                state.skipped_steps += 1
            if non_finite >= NON_FINITE_STEPS_ALLOWED:
                raise TrainingError(
                    f"the loss was not finite {non_finite} times in a row, at step {state.step}",
                    hint="Lower --learning-rate, or train with --precision float32.",
                )
            yield StepReport(epoch, state.step, total, losses, not finite)
        report = _end_epoch(state, epoch, validate(state.averaged), settings)
        yield report
        if report.stops:
            return


def _plan(lengths: Sequence[int], settings: TrainingSettings, done: int) -> Iterator[tuple[int, list[int]]]:
    """Epoch and rows of every batch after the first `done` ones."""
    per_epoch = math.ceil(len(lengths) / settings.batch_size)
    for epoch in range(done // per_epoch + 1, settings.epochs + 1):
        order = epoch_order(lengths, settings.batch_size, settings.seed, epoch)
        yield from ((epoch, rows) for rows in order[max(done - (epoch - 1) * per_epoch, 0) :])


def _end_epoch(state: TrainingState, epoch: int, figures: dict[str, float], settings: TrainingSettings) -> EpochReport:
    names = state.epoch_losses[0] if state.epoch_losses else {}
    means = {name: sum(losses[name] for losses in state.epoch_losses) / len(state.epoch_losses) for name in names}
    is_best = figures["score"] > state.best_score
    if is_best:
        state.best_score, state.best_epoch = figures["score"], epoch
    stops = settings.patience > 0 and epoch - state.best_epoch >= settings.patience
    report = EpochReport(epoch, means, figures, is_best, state.skipped_steps, stops)
    state.history.append(asdict(report))
    state.epoch_losses = []
    return report


def _step(
    state: TrainingState,
    loss: Callable[[nn.Module, Batch], dict[str, Tensor]],
    batch: Batch,
    settings: TrainingSettings,
    rate: float,
) -> dict[str, float]:
    """One forward, backward and update; nothing is updated when the loss or its gradient is not finite."""
    state.network.train()
    for group in state.optimiser.param_groups:
        group["lr"] = rate
    state.optimiser.zero_grad(set_to_none=True)
    with autocast(settings.device, settings.precision):
        parts = loss(state.network, batch)
    total = torch.stack(list(parts.values())).sum()
    losses = {"total": float(total.detach()), **{name: float(part.detach()) for name, part in parts.items()}}
    if not math.isfinite(losses["total"]):
        return losses
    torch.autograd.backward(total)
    norm = nn.utils.clip_grad_norm_(state.network.parameters(), settings.gradient_limit)
    if not bool(torch.isfinite(norm)):
        return {**losses, "total": math.nan}
    state.optimiser.step()
    _average(state, settings.average_decay)
    return losses


@torch.no_grad()
def _average(state: TrainingState, decay: float) -> None:
    """Move the running mean of the weights; early steps count more, so that the start is forgotten."""
    keep = min(decay, (1 + state.step) / (10 + state.step))
    for name, tensor in state.network.state_dict().items():
        average = state.averaged[name]
        if average.is_floating_point():
            average.lerp_(tensor, 1 - keep)
        else:
            average.copy_(tensor)


def learning_rate(settings: TrainingSettings, step: int, total: int) -> float:
    """Linear warm-up, then a cosine down to `final_rate` of the full rate."""
    warmup = min(settings.warmup_steps, max(total // 5, 1))
    if step < warmup:
        return settings.learning_rate * (step + 1) / warmup
    progress = (step - warmup) / max(total - warmup, 1)
    cosine = 0.5 * (1 + math.cos(math.pi * min(progress, 1.0)))
    return settings.learning_rate * (settings.final_rate + (1 - settings.final_rate) * cosine)


def keep_freed_memory() -> None:
    """Tell glibc to keep freed memory for the next step instead of handing it back; elsewhere nothing happens.

    A training step frees and takes the same hundreds of megabytes again; page faults were a third of its time on a CPU.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return
    mallopt(ctypes.c_int(-1), ctypes.c_int(2**31 - 1))  # M_TRIM_THRESHOLD
    mallopt(ctypes.c_int(-3), ctypes.c_int(2**31 - 1))  # M_MMAP_THRESHOLD


def autocast(device: str, precision: Precision) -> AbstractContextManager[object]:
    """bfloat16 arithmetic where the device computes in it, or where it is asked for."""
    kind = torch.device(device).type
    if precision is Precision.AUTO:
        native = torch.cuda.is_bf16_supported() if kind == "cuda" else kind == "cpu" and _cpu_has_bfloat16()
        precision = Precision.BFLOAT16 if native else Precision.FLOAT32
    return torch.autocast(kind, dtype=torch.bfloat16) if precision is Precision.BFLOAT16 else nullcontext()


def _cpu_has_bfloat16() -> bool:
    return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())
