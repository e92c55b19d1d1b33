from __future__ import annotations

import math
import os
import signal
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from docgrid.errors import DatasetError, TrainingError, UsageError
from docgrid.training import (
    Batches,
    EpochReport,
    Precision,
    StepReport,
    TrainingSettings,
    TrainingState,
    epoch_order,
    learning_rate,
    train,
)

SETTINGS = TrainingSettings(epochs=4, batch_size=4, learning_rate=1e-2, warmup_steps=2, precision=Precision.FLOAT32, seed=3)
SAMPLES = 40


def network() -> nn.Module:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(3, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(0.2), nn.Linear(8, 1))


def make(rows: Sequence[int], randoms: Sequence[np.random.Generator]) -> Tensor:
    return torch.tensor(np.stack([random.random(3) + row / SAMPLES for row, random in zip(rows, randoms, strict=True)])).float()


def loss(model: nn.Module, batch: Tensor) -> dict[str, Tensor]:
    error = model(batch).squeeze(1) - batch.sum(dim=1)
    return {"square": error.square().mean(), "absolute": error.abs().mean()}


def score(weights: dict[str, Tensor]) -> dict[str, float]:
    return {"score": -float(weights["0.weight"].square().sum())}


def run(state: TrainingState, settings: TrainingSettings = SETTINGS, *, most_steps: int | None = None) -> list[float]:
    totals = []
    for report in train(state, Batches(list(range(SAMPLES)), make), loss, settings, score):
        if isinstance(report, StepReport):
            totals.append(report.losses["total"])
            if len(totals) == most_steps:
                break
    return totals


def test_forty_steps_equal_twenty_a_kill_and_twenty_more(tmp_path: Path) -> None:
    whole = TrainingState.start(network(), SETTINGS)
    torch.manual_seed(5)
    expected = run(whole)
    assert len(expected) == 40
    first = TrainingState.start(network(), SETTINGS)
    torch.manual_seed(5)
    losses = run(first, most_steps=23)  # in the middle of the third epoch
    first.save(tmp_path / "c.safetensors", {"seed": 3})
    torch.manual_seed(99)
    second = TrainingState.start(network(), SETTINGS)
    second.load(tmp_path / "c.safetensors", {"seed": 3})
    losses += run(second)
    assert losses == expected
    assert all(torch.equal(whole.averaged[name], second.averaged[name]) for name in whole.averaged)
    assert whole.history == second.history


def test_a_checkpoint_of_other_settings_is_refused_with_the_setting_that_differs(tmp_path: Path) -> None:
    state = TrainingState.start(network(), SETTINGS)
    state.save(tmp_path / "c.safetensors", {"seed": 3, "width": 16})
    with pytest.raises(UsageError, match="width"):
        state.load(tmp_path / "c.safetensors", {"seed": 3, "width": 32})


@pytest.mark.parametrize("cut", [0, 10, 400])
def test_a_cut_checkpoint_is_refused(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "c.safetensors"
    TrainingState.start(network(), SETTINGS).save(path, {})
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(UsageError, match="no checkpoint"):
        TrainingState.start(network(), SETTINGS).load(path, {})


def test_the_loss_falls() -> None:
    totals = run(TrainingState.start(network(), SETTINGS))
    assert np.mean(totals[-5:]) < 0.5 * np.mean(totals[:5])


def test_every_sample_is_seen_once_an_epoch_and_epochs_differ() -> None:
    lengths = list(range(30))
    first, second = epoch_order(lengths, 4, 0, 1), epoch_order(lengths, 4, 0, 2)
    assert sorted(row for batch in first for row in batch) == list(range(30))
    assert first != second
    assert epoch_order(lengths, 4, 0, 1) == first


def test_batches_hold_samples_of_similar_length() -> None:
    lengths = [1] * 16 + [100] * 16
    spread = [max(lengths[row] for row in batch) - min(lengths[row] for row in batch) for batch in epoch_order(lengths, 4, 0, 1)]
    assert sum(value > 0 for value in spread) <= 1


def test_a_step_whose_loss_is_not_finite_changes_nothing_and_is_counted() -> None:
    state = TrainingState.start(network(), SETTINGS)
    before = {name: tensor.clone() for name, tensor in state.network.state_dict().items() if "weight" in name}

    def bad(model: nn.Module, batch: Tensor) -> dict[str, Tensor]:
        return {"bad": model(batch).sum() * math.nan}

    reports = train(state, Batches(list(range(SAMPLES)), make), bad, SETTINGS, score)
    report = next(reports)
    assert isinstance(report, StepReport)
    assert report.skipped
    assert state.skipped_steps == 1
    assert all(torch.equal(before[name], state.network.state_dict()[name]) for name in before)


def test_ten_steps_in_a_row_that_are_not_finite_stop_the_run() -> None:
    def bad(model: nn.Module, batch: Tensor) -> dict[str, Tensor]:
        return {"bad": model(batch).sum() * math.inf}

    state = TrainingState.start(network(), SETTINGS)
    with pytest.raises(TrainingError, match="10 times in a row"):
        list(train(state, Batches(list(range(SAMPLES)), make), bad, SETTINGS, score))
    assert state.step == 10


def test_training_stops_when_patience_is_used_up_and_keeps_the_best_epoch() -> None:
    scores = iter([0.1, 0.9, 0.5, 0.4])
    settings = TrainingSettings(epochs=9, batch_size=40, patience=2, precision=Precision.FLOAT32)
    state = TrainingState.start(network(), settings)
    reports = list(train(state, Batches(list(range(SAMPLES)), make), loss, settings, lambda _: {"score": next(scores)}))
    epochs = [report for report in reports if isinstance(report, EpochReport)]
    assert [report.is_best for report in epochs] == [True, True, False, False]
    assert epochs[-1].stops
    assert state.best_epoch == 2


def test_the_rate_warms_up_and_ends_low() -> None:
    settings = TrainingSettings(learning_rate=1.0, warmup_steps=10, final_rate=0.02)
    assert learning_rate(settings, 0, 1000) == pytest.approx(0.1)
    assert learning_rate(settings, 10, 1000) == pytest.approx(1.0)
    assert learning_rate(settings, 505, 1000) == pytest.approx(0.51, abs=0.01)
    assert learning_rate(settings, 1000, 1000) == pytest.approx(0.02)


def test_workers_make_the_same_batches_in_the_same_order() -> None:
    plan = [(1, [3, 1]), (1, [0]), (2, [2, 5])]
    alone, shared = (list(Batches(list(range(SAMPLES)), make, workers=workers).stream(plan, 7)) for workers in (0, 2))
    assert all(torch.equal(one, other) for one, other in zip(alone, shared, strict=True))
    assert len(alone) == 3


@pytest.mark.parametrize("workers", [0, 1])
def test_a_sample_that_cannot_be_read_is_the_same_error_in_a_worker(workers: int) -> None:
    def fail(rows: Sequence[int], randoms: Sequence[np.random.Generator]) -> Tensor:
        raise DatasetError("shard 7 is damaged", hint="Start again.")

    with pytest.raises(DatasetError, match="shard 7") as caught:
        next(Batches([1, 1], fail, workers=workers).stream([(1, [0])], 0))
    assert caught.value.hint == "Start again."


def test_a_killed_worker_ends_the_run_with_an_error_that_says_so() -> None:
    def kill(rows: Sequence[int], randoms: Sequence[np.random.Generator]) -> Tensor:
        os.kill(os.getpid(), signal.SIGKILL)
        return torch.zeros(1)

    with pytest.raises(TrainingError, match="killed") as caught:
        next(Batches([1, 1], kill, workers=1).stream([(1, [0])], 0))
    assert "--workers 0" in caught.value.hint


def test_making_batches_leaves_the_generator_of_dropout_alone() -> None:
    torch.manual_seed(3)
    before = torch.get_rng_state()
    list(Batches(list(range(SAMPLES)), make).stream([(1, [0, 1])], 0))
    assert torch.equal(torch.get_rng_state(), before)
