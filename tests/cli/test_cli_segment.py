from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import numpy as np
import pytest
import torch
from PIL import Image

from docgrid.chargrid import DEFAULT_ALPHABET
from docgrid.errors import ExitCode
from docgrid.model import ModelCard, build_network, save_model
from docgrid.synth.layout import as_palette


class Outcome(Protocol):
    exit_code: int
    stdout: str
    stderr: str
    words: str


Run = Callable[..., Outcome]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Four pictures with masks, one of them for validation."""
    root = tmp_path / "pages"
    for place in ("JPEGImages", "SegmentationClass", "ImageSets/Segmentation"):
        (root / place).mkdir(parents=True)
    mask = np.zeros((40, 33), np.uint8)
    mask[4:12, 2:20], mask[20:30, 4:30], mask[39] = 1, 2, 255
    for name in ("00", "01", "02", "03"):
        Image.fromarray(np.repeat(np.where(mask > 0, 20, 255)[..., None], 3, 2).astype(np.uint8)).save(
            root / "JPEGImages" / f"{name}.png"
        )
        as_palette(mask).save(root / "SegmentationClass" / f"{name}.png")
    (root / "ImageSets" / "Segmentation" / "train.txt").write_text("00\n01\n02\n")
    (root / "ImageSets" / "Segmentation" / "val.txt").write_text("03\n")
    (root / "labels.txt").write_text("background\ntext\ntable\n")
    return root


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """An untrained model of pictures."""
    torch.manual_seed(0)
    card = ModelCard(
        name="regions",
        architecture="fcn",
        reads_pictures=True,
        network={"inputs": 3, "classes": 3, "anchors": 0, "middle_channels": 8},
        alphabet=DEFAULT_ALPHABET.characters,
        document_schema={"name": "pages", "fields": ["text", "table"]},
        known_fields=["text", "table"],
        grid_height=48,
        grid_width=32,
    )
    network = build_network(card)
    torch.nn.init.constant_(network.get_parameter("grid.segmentation_head.bias"), 0.0)
    torch.nn.init.constant_(network.get_parameter("grid.segmentation_head.bias")[1:2], 3.0)  # it says text everywhere
    save_model(tmp_path / "regions", network, card)
    return tmp_path / "regions"


def test_segment_writes_masks_and_regions(docgrid: Run, model: Path, folder: Path) -> None:
    command = ("segment", folder / "JPEGImages", "--model", model, "--out", "found", "--limit", "2", "--device", "cpu")
    outcome = docgrid(*command)
    assert outcome.exit_code == 0, outcome.stderr
    facts = json.loads(Path("found/regions.json").read_text())
    assert [Path(one["source"]).name for one in facts["pictures"]] == ["00.png", "01.png"]
    assert facts["pictures"][0]["regions"][0]["label"] == "text"
    assert facts["pictures"][0]["regions"][0]["bbox"] == [0.0, 0.0, 1.0, 1.0]
    with Image.open("found/00.png") as mask:
        assert (mask.mode, mask.size) == ("P", (33, 40))
    assert docgrid(*command).exit_code == ExitCode.OUTPUT_NOT_WRITTEN


def test_a_damaged_picture_does_not_end_the_run(docgrid: Run, model: Path, folder: Path) -> None:
    Path("broken.png").write_bytes(b"no picture")
    good = folder / "JPEGImages" / "00.png"
    outcome = docgrid("segment", "broken.png", good, "--model", model, "--json", "--device", "cpu")
    assert outcome.exit_code == ExitCode.SOME_DOCUMENTS_FAILED
    assert [one["status"] for one in json.loads(outcome.stdout)["pictures"]] == ["corrupt", "ok"]
    assert "broken.png" in outcome.words
    assert docgrid("segment", "broken.png", "--model", model, "--out", "x", "--device", "cpu").exit_code == ExitCode.NO_INPUT
    assert docgrid("segment", "nowhere", "--model", model, "--device", "cpu").exit_code == ExitCode.NO_INPUT


def test_evaluate_prints_the_iou_of_every_class(docgrid: Run, model: Path, folder: Path) -> None:
    outcome = docgrid("evaluate", folder, "--model", model, "--device", "cpu", "--json")
    assert outcome.exit_code == 0, outcome.stderr
    facts = json.loads(outcome.stdout)
    text = 8 * 18 / (39 * 33)  # the model says text everywhere; the last row is not judged
    assert facts["classes"] == {"background": 0.0, "text": round(text, 4), "table": 0.0}
    assert facts["mean_iou"] == pytest.approx(text / 3)
    assert (facts["pictures"], facts["split"]) == (1, "valid")
    missed = docgrid("evaluate", folder, "--model", model, "--device", "cpu", "--fail-under", "mean_iou=0.5")
    assert missed.exit_code == ExitCode.QUALITY_GATE_MISSED
    assert "mean" in missed.stdout


def test_a_folder_with_other_classes_is_not_measured(docgrid: Run, model: Path, folder: Path) -> None:
    (folder / "labels.txt").write_text("background\ntable\ntext\n")
    outcome = docgrid("evaluate", folder, "--model", model, "--device", "cpu")
    assert outcome.exit_code == ExitCode.DATASET_INVALID
    assert "the model knows text, table" in outcome.words


def test_a_model_of_pictures_extracts_nothing(docgrid: Run, model: Path, invoice: Path) -> None:
    outcome = docgrid("extract", invoice, "--model", model, "--device", "cpu")
    assert outcome.exit_code == ExitCode.MODEL_REFUSED
    assert "reads pictures, not documents hint: Use `docgrid segment`" in outcome.words


def test_train_takes_a_folder_of_pictures(docgrid: Run, folder: Path) -> None:
    options = ("--network", "fcn", "--epochs", "1", "--out", "trained", "--device", "cpu")
    outcome = docgrid("train", folder, *options)
    assert outcome.exit_code == 0, outcome.stderr
    assert outcome.stdout == "trained\n"
    assert "mean_iou" in outcome.words
    (folder / "labels.txt").write_text("background\ntext\n")
    refused = docgrid("train", folder, *options, "--force")
    assert refused.exit_code == ExitCode.DATASET_INVALID
    assert "holds class 2, the schema has 2" in refused.words


def test_synth_makes_pages_with_masks(docgrid: Run) -> None:
    assert docgrid("synth", "pages", "--kind", "layout", "--documents", "2").exit_code == 0
    assert len(list(Path("pages/SegmentationClass").glob("*.png"))) == 2
