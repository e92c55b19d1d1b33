from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import pytest

from docgrid.errors import ExitCode
from docgrid.fitting import DoneReport, FitReport, FitSettings


class Outcome(Protocol):
    exit_code: int
    stdout: str
    stderr: str
    words: str


Run = Callable[..., Outcome]


def test_models_networks_prints_every_count_beside_the_one_it_must_be(docgrid: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from docgrid.networks import facts

    quick = [one for one in facts.REFERENCES if one.parameters < 2_000_000]  # the rest is held by tests/networks
    monkeypatch.setattr(facts, "REFERENCES", quick)
    outcome = docgrid("models", "networks", "--json")
    assert outcome.exit_code == 0, outcome.stderr
    rows = json.loads(outcome.stdout)["networks"]
    assert [row["parameters"] for row in rows] == [1_274_609, 121_593, 714_489]
    assert all(row["is_equal"] and row["parameters"] == row["reference"] for row in rows)
    table = docgrid("models", "networks").stdout
    assert "1,274,609 equal" in table
    assert "DIFFERS" not in table


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[FitSettings]:
    seen: list[FitSettings] = []

    def fit(settings: FitSettings) -> Iterator[FitReport]:
        seen.append(settings)
        yield DoneReport(settings.out, 1, {"score": 0.5}, 9.0)

    monkeypatch.setattr("docgrid.fitting.fit", fit)
    Path("data").mkdir(exist_ok=True)
    return seen


def test_losses_and_network_settings_come_from_options_or_a_settings_file(docgrid: Run, asked: list[FitSettings]) -> None:
    Path("data").mkdir(exist_ok=True)
    typed = ("--loss", "segmentation=dice:2", "--loss", "words=bce:0.5", "--network-option", "middle_kernel=3")
    assert docgrid("train", "data", "--device", "cpu", "--network", "fcn", *typed).exit_code == 0
    Path("docgrid.toml").write_text(
        '[train]\nnetwork = "fcn"\nloss = ["segmentation=dice:2", "words=bce:0.5"]\nnetwork-option = ["middle_kernel=3"]\n'
    )
    assert docgrid("train", "data", "--device", "cpu", "--config", "docgrid.toml").exit_code == 0
    for settings in asked:
        assert settings.losses == ("segmentation=dice:2", "words=bce:0.5")
        assert settings.network_options == {"middle_kernel": 3}
    assert len(asked) == 2


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--network", "deplab"), "unknown network 'deplab' hint: Did you mean 'deeplab'?"),
        (("--loss", "segmentation=focl"), "segmentation has no loss 'focl' hint: Did you mean 'focal'?"),
        (("--network", "none", "--loss", "segmentation=dice"), "unknown head 'segmentation'"),
        (("--no-words", "--loss", "words=bce"), "unknown head 'words'"),
        (("--network-option", "widht=3"), "chargrid has no setting 'widht' hint: Did you mean 'width'?"),
    ],
)
def test_unknown_networks_losses_and_settings_are_refused_before_any_work(
    docgrid: Run, options: tuple[str, ...], words: str
) -> None:
    Path("data").mkdir()
    outcome = docgrid("train", "data", "--device", "cpu", *options)
    assert outcome.exit_code == ExitCode.USAGE
    assert words in outcome.words
