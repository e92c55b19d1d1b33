from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import pytest

from docgrid.errors import DocumentStatus, ExitCode, TrainingError
from docgrid.fitting import DoneReport, FitReport, FitSettings, LoadReport, StartReport
from docgrid.networks import Architecture
from docgrid.training import EpochReport, StepReport


class Outcome(Protocol):
    exit_code: int
    stdout: str
    stderr: str
    words: str


Run = Callable[..., Outcome]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[FitSettings]:
    """The settings that a run was started with; the run itself only reports."""
    seen: list[FitSettings] = []

    def fit(settings: FitSettings) -> Iterator[FitReport]:
        seen.append(settings)
        yield LoadReport(1, 2, "a", DocumentStatus.OK)
        yield LoadReport(2, 2, "b", DocumentStatus.CORRUPT, "b.pdf is cut off")
        yield StartReport(1, 3, 1, 1234, 2, 0, {"total": 4})
        yield StepReport(1, 1, 2, {"total": 1.5}, False)
        yield EpochReport(1, {"total": 1.25}, {"score": 0.5}, True, 0, False)
        yield DoneReport(settings.out, 1, {"score": 0.5}, 9.0)

    monkeypatch.setattr("docgrid.fitting.fit", fit)
    return seen


def test_train_passes_its_options_on_and_prints_the_folder(docgrid: Run, asked: list[FitSettings]) -> None:
    Path("My Data").mkdir()
    outcome = docgrid(
        "train", "My Data", "--epochs", "7", "--width", "8", "--schema", "receipt", "--seed", "3", "--device", "cpu"
    )
    assert outcome.exit_code == 0, outcome.stderr
    assert outcome.stdout == "models/My_Data\n"
    settings = asked[0]
    assert (settings.data, settings.out, settings.width) == ((Path("My Data"),), Path("models/My_Data"), 8)
    assert (settings.training.epochs, settings.training.seed, settings.training.device) == (7, 3, "cpu")
    assert settings.schema is not None and settings.schema.name == "receipt"
    assert settings.network is Architecture.CHARGRID


def test_train_says_what_it_does_on_stderr(docgrid: Run, asked: list[FitSettings]) -> None:
    Path("data").mkdir()
    outcome = docgrid("train", "data", "--network", "none", "--device", "cpu")
    assert asked[0].network is None
    assert "corrupt: b.pdf is cut off" in outcome.words
    assert "1 documents (3 pages) to train on, 1 to validate with; 1,234 parameters, 2 steps" in outcome.words
    assert "total in 4" in outcome.words
    assert "epoch 1: loss 1.2500 score 0.500 *" in outcome.words
    quiet = docgrid("train", "data", "-q", "--device", "cpu")
    assert quiet.words == "corrupt: b.pdf is cut off"


def test_train_prints_json_when_asked(docgrid: Run, asked: list[FitSettings]) -> None:
    Path("data").mkdir()
    facts = json.loads(docgrid("train", "data", "--json", "--out", "m", "--device", "cpu").stdout)
    assert facts == {"folder": "m", "best_epoch": 1, "figures": {"score": 0.5}, "seconds": 9.0}


def test_a_diverged_training_ends_with_exit_code_10(docgrid: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fit(settings: FitSettings) -> Iterator[FitReport]:
        yield LoadReport(1, 1, "a", DocumentStatus.OK)
        raise TrainingError("the loss is not finite", hint="lower --learning-rate")

    monkeypatch.setattr("docgrid.fitting.fit", fit)
    Path("data").mkdir()
    outcome = docgrid("train", "data", "--device", "cpu")
    assert outcome.exit_code == ExitCode.TRAINING_FAILED
    assert "the loss is not finite hint: lower --learning-rate" in outcome.words


def test_a_device_that_is_not_there_is_refused(docgrid: Run, asked: list[FitSettings]) -> None:
    Path("data").mkdir()
    outcome = docgrid("train", "data", "--device", "cuda:99")
    assert outcome.exit_code == ExitCode.USAGE
    assert "no device 'cuda:99' here" in outcome.words
    assert asked == []
