from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from docgrid.fitting import FitSettings, curve
from docgrid.fitting.data import _part
from docgrid.fitting.settings import DoneReport, StartReport
from docgrid.training import TrainingSettings


def settings(count: int | None, seed: int = 0) -> FitSettings:
    return FitSettings((Path("data"),), Path("out"), training_documents=count, training=TrainingSettings(seed=seed))


def test_a_smaller_part_lies_within_a_larger_one_and_keeps_the_order() -> None:
    ids = [f"d{number:02d}" for number in range(40)]
    small, large = _part(ids, settings(10)), _part(ids, settings(20))
    assert len(small) == 10 and set(small) < set(large)
    assert small == sorted(small)
    assert _part(ids, settings(None)) == ids
    assert _part(ids, settings(10, seed=1)) != small


def test_the_curve_halves_the_documents_until_too_few_are_left(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    trained: list[int | None] = []

    def fit(asked: FitSettings):  # type: ignore[no-untyped-def]
        trained.append(asked.training_documents)
        yield StartReport(asked.training_documents or 40, 40, 5, 1, 1, 0, {})
        yield DoneReport(asked.out, 1, {}, 2.0)

    monkeypatch.setattr(curve, "fit", fit)
    monkeypatch.setattr(curve, "load_model", lambda *_, **__: None)
    monkeypatch.setattr(curve, "_held_out", lambda *_: [("record", "document")])
    monkeypatch.setattr(
        curve, "_point", lambda _model, held, count, seconds, _: curve.CurvePoint(count, 0.5, 0.4, 0.6, len(held), seconds)
    )
    points = [report for report in curve.learning_curve(settings(None)) if isinstance(report, curve.CurvePoint)]
    assert trained == [None, 20, 10]  # an eighth would be 5
    assert [point.documents for point in points] == [40, 20, 10]
    assert json.dumps(points[0].to_dict()) and np.isclose(points[0].high, 0.6)
