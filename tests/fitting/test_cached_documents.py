from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from docgrid.chargrid import Frame, GridSize
from docgrid.errors import DatasetError
from docgrid.files import sha256_of
from docgrid.fitting import FitReport, FitSettings, LoadReport, StartReport, fit
from docgrid.reading import ReaderPool
from docgrid.synth import generate
from docgrid.training import Precision, StepReport, TrainingSettings


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cached")
    generate(folder, documents=6, seed=3, kind="receipt")
    return folder


def settings(data: Path, out: Path, cache: Path | None) -> FitSettings:
    return FitSettings(
        data=(data,),
        out=out,
        width=4,
        grid_size=GridSize(96, 48),
        frame=Frame.TEXT,
        validation_share=0.3,
        cache=cache,
        jobs=1,
        training=TrainingSettings(epochs=1, batch_size=2, precision=Precision.FLOAT32),
    )


def run(how: FitSettings, *, until: type | None = None) -> list[FitReport]:
    reports: list[FitReport] = []
    for report in fit(how):
        reports.append(report)
        if until is not None and isinstance(report, until):
            break
    return reports


def read_paths(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of all documents that are read from now on."""
    names: list[str] = []
    before = ReaderPool.read

    def read(self: ReaderPool, paths: object) -> object:
        def noted() -> object:
            for path in paths:  # type: ignore[attr-defined]  # an iterable of paths
                names.append(path.stem)
                yield path

        return before(self, noted())  # type: ignore[arg-type]  # likewise

    monkeypatch.setattr(ReaderPool, "read", read)
    return names


def test_a_second_run_reads_nothing_and_ends_with_the_same_weights(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(settings(data, tmp_path / "one", tmp_path / "cache"))
    names = read_paths(monkeypatch)
    reports = run(settings(data, tmp_path / "two", tmp_path / "cache"))
    assert names == []
    assert sum(isinstance(report, LoadReport) for report in reports) == 6
    run(settings(data, tmp_path / "three", None))
    assert len(names) == 6
    weights = {sha256_of(tmp_path / name / "weights.safetensors") for name in ("one", "two", "three")}
    assert len(weights) == 1


def test_only_what_is_new_or_damaged_is_read_again(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    smaller = tmp_path / "smaller"
    shutil.copytree(data, smaller)
    gone = sorted((smaller / "data" / "annotations").iterdir())[0]
    gone.unlink()
    run(settings(smaller, tmp_path / "one", tmp_path / "cache"), until=StartReport)
    names = read_paths(monkeypatch)
    run(settings(data, tmp_path / "two", tmp_path / "cache"), until=StartReport)
    assert names == [gone.stem]
    large = max((tmp_path / "cache").iterdir(), key=lambda path: path.stat().st_size)
    content = bytearray(large.read_bytes())
    content[-10] ^= 1
    large.write_bytes(content)
    reports = run(settings(data, tmp_path / "three", tmp_path / "cache"), until=StartReport)
    assert len(names) == 6  # the five documents of the damaged shard beside the one before
    assert isinstance(reports[-1], StartReport)


def test_without_a_cache_nothing_stays_behind_even_when_a_run_is_broken_off(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    runner = fit(settings(data, tmp_path / "model", None))
    while not isinstance(next(runner), StepReport):
        pass
    assert list((tmp_path / "temporary").iterdir()) != []
    runner.close()  # type: ignore[attr-defined]  # a generator
    assert list((tmp_path / "temporary").iterdir()) == []


def test_workers_draw_the_same_pages_in_the_same_order(data: Path, tmp_path: Path) -> None:
    losses = [
        [
            report.losses
            for report in run(replace(settings(data, tmp_path / f"m{workers}", tmp_path / "cache"), workers=workers))
            if isinstance(report, StepReport)
        ]
        for workers in (0, 2)
    ]
    assert len(losses[0]) == 2
    assert losses[0] == losses[1]


def test_a_shard_that_vanishes_while_training_stops_the_run_with_what_to_do(data: Path, tmp_path: Path) -> None:
    runner = fit(settings(data, tmp_path / "model", tmp_path / "cache"))
    while not isinstance(next(runner), StartReport):
        pass
    for path in (tmp_path / "cache").iterdir():
        path.unlink()
    with pytest.raises(DatasetError, match="No such file"):
        list(runner)
