from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from docgrid.chargrid import Frame, GridSize
from docgrid.errors import DatasetError, OutputError, UsageError
from docgrid.files import sha256_of
from docgrid.fitting import DoneReport, FitReport, FitSettings, LoadReport, StartReport, fit
from docgrid.model import load_model
from docgrid.networks import Architecture
from docgrid.schema import RECEIPT
from docgrid.synth import generate
from docgrid.training import EpochReport, Precision, StepReport, TrainingSettings


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("receipts")
    generate(folder, documents=10, seed=1, kind="receipt")
    return folder


def settings(data: Path, out: Path) -> FitSettings:
    return FitSettings(
        data=(data,),
        out=out,
        width=4,
        grid_size=GridSize(96, 48),
        frame=Frame.TEXT,
        validation_share=0.3,
        jobs=1,
        training=TrainingSettings(epochs=2, batch_size=2, precision=Precision.FLOAT32),
    )


def run(how: FitSettings, *, most_steps: int | None = None) -> list[FitReport]:
    """The reports of a run, which is broken off after so many steps, as a kill would."""
    reports: list[FitReport] = []
    runner = fit(how)
    for report in runner:
        reports.append(report)
        if isinstance(report, StepReport) and most_steps is not None and report.step >= most_steps:
            break
    return reports


@pytest.fixture(scope="module")
def finished(data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[FitReport]]:
    out = tmp_path_factory.mktemp("models") / "whole"
    return out, run(settings(data, out))


def test_every_document_is_reported_then_every_step_and_epoch_then_the_end(finished: tuple[Path, list[FitReport]]) -> None:
    _, reports = finished
    kinds = [type(report) for report in reports]
    assert kinds.count(LoadReport) == 10
    assert kinds.count(StartReport) == 1
    assert kinds.count(EpochReport) == 2
    assert kinds[-1] is DoneReport
    start = next(report for report in reports if isinstance(report, StartReport))
    assert start.training_documents + start.validation_documents == 10
    assert kinds.count(StepReport) == start.steps


def test_the_folder_holds_a_model_that_loads_with_its_card(finished: tuple[Path, list[FitReport]]) -> None:
    out, reports = finished
    model = load_model(out)
    assert model.schema == RECEIPT
    assert model.card.known_fields == ["company", "date", "address", "total"]
    start = next(report for report in reports if isinstance(report, StartReport))
    assert len(model.card.training["validation_documents"]) == start.validation_documents
    assert "*" in model.card.calibration or not model.card.calibration
    assert load_model(out / "last").card.training["epoch"] == 2
    lines = [json.loads(line) for line in (out / "metrics.jsonl").read_text().splitlines()]
    assert [line["epoch"] for line in lines] == [1, 2]


def test_a_killed_run_that_is_resumed_ends_like_one_that_was_not(
    data: Path, tmp_path: Path, finished: tuple[Path, list[FitReport]]
) -> None:
    whole, _ = finished
    how = replace(settings(data, tmp_path / "broken"), checkpoint_every_s=0.0)
    run(how, most_steps=3)
    assert not (tmp_path / "broken" / "card.json").exists()
    reports = run(replace(how, resume=True))
    start = next(report for report in reports if isinstance(report, StartReport))
    assert start.resumed_at in (2, 3)  # the checkpoint after step 3 may or may not have been written
    for place in ("weights.safetensors", "last/weights.safetensors"):
        assert sha256_of(tmp_path / "broken" / place) == sha256_of(whole / place)


def test_a_model_is_not_overwritten_without_force(data: Path, finished: tuple[Path, list[FitReport]]) -> None:
    out, _ = finished
    with pytest.raises(OutputError, match="holds a model already"):
        run(settings(data, out))


def test_there_is_nothing_to_resume_in_an_empty_folder(data: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no checkpoint"):
        run(replace(settings(data, tmp_path / "none"), resume=True))


def test_a_run_starts_from_a_trained_model(data: Path, tmp_path: Path, finished: tuple[Path, list[FitReport]]) -> None:
    base, _ = finished
    how = replace(settings(data, tmp_path / "tuned"), base=str(base), grid_size=None, frame=None)
    start = replace(how.training, epochs=1, learning_rate=0.0, weight_decay=0.0)
    run(replace(how, training=start))
    tuned, before = load_model(tmp_path / "tuned"), load_model(base)
    assert tuned.card.grid_size == before.card.grid_size
    name = "words.members.0.fields.weight"
    assert tuned.network.state_dict()[name].equal(before.network.state_dict()[name])


def test_a_folder_without_a_readable_document_cannot_be_trained_on(tmp_path: Path) -> None:
    (tmp_path / "pairs").mkdir()
    (tmp_path / "pairs" / "a.pdf").write_bytes(b"not a pdf")
    (tmp_path / "pairs" / "a.json").write_text('{"total": "3.00"}')
    with pytest.raises(DatasetError, match="can be trained on"):
        run(settings(tmp_path / "pairs", tmp_path / "model"))


@pytest.mark.parametrize("architecture", Architecture)
def test_every_network_trains_saves_and_loads_through_the_same_run(
    data: Path, tmp_path: Path, architecture: Architecture
) -> None:
    how = replace(settings(data, tmp_path / "model"), network=architecture, width=8, limit=4)
    run(replace(how, training=replace(how.training, epochs=1)))
    model = load_model(tmp_path / "model")
    assert model.card.architecture == architecture
    assert model.network.words is not None
    assert model.network.words.grid_channels > 0
