from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from docgrid.chargrid import GridSize
from docgrid.errors import ExitCode, ModelError, UsageError
from docgrid.files import sha256_of
from docgrid.fitting import DoneReport, FitReport, FitSettings, StartReport
from docgrid.inference import Predictor
from docgrid.model import load_model
from docgrid.networks import Architecture
from docgrid.segmenting import Segmenter, fit_pictures
from docgrid.segmenting.measuring import figures_of
from docgrid.segmenting.pictures import Placement, logits_back, placed_mask, placed_picture, placement_in
from docgrid.segmenting.prediction import regions_of
from docgrid.synth.layout import as_palette
from docgrid.training import Precision, StepReport, TrainingSettings


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve pictures with a dark bar (class 1) and a red bar (class 2), and their masks."""
    root = tmp_path_factory.mktemp("bars")
    for place in ("JPEGImages", "SegmentationClass"):
        (root / place).mkdir()
    random = np.random.default_rng(0)
    for number in range(12):
        picture, mask = np.full((40, 33, 3), 255, np.uint8), np.zeros((40, 33), np.uint8)
        top, left = random.integers(2, 12), random.integers(2, 16)
        picture[top : top + 8, left : left + 14], mask[top : top + 8, left : left + 14] = 20, 1
        picture[top + 14 : top + 24, 4:30], mask[top + 14 : top + 24, 4:30] = (230, 20, 20), 2
        Image.fromarray(picture).save(root / "JPEGImages" / f"{number:02}.png")
        as_palette(mask).save(root / "SegmentationClass" / f"{number:02}.png")
    (root / "labels.txt").write_text("background\ndark\nred\n")
    return root


def settings(folder: Path, out: Path, architecture: Architecture = Architecture.CHARGRID, epochs: int = 1) -> FitSettings:
    return FitSettings(
        data=(folder,),
        out=out,
        network=architecture,
        width=8,
        grid_size=GridSize(48, 32),
        validation_share=0.25,
        training=TrainingSettings(epochs=epochs, batch_size=3, precision=Precision.FLOAT32, warmup_steps=2, learning_rate=1e-2),
    )


def run(how: FitSettings, *, most_steps: int | None = None) -> list[FitReport]:
    reports: list[FitReport] = []
    for report in fit_pictures(how):
        reports.append(report)
        if isinstance(report, StepReport) and most_steps is not None and report.step >= most_steps:
            break
    return reports


@pytest.fixture(scope="module")
def trained(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("models") / "bars"
    reports = run(settings(folder, out, epochs=16))
    start, done = next(one for one in reports if isinstance(one, StartReport)), reports[-1]
    assert (start.training_documents, start.validation_documents) == (9, 3)
    assert isinstance(done, DoneReport)
    assert done.figures["mean_iou"] > 0.8, done.figures
    return out


def test_a_model_of_pictures_loads_and_finds_what_it_learned_at_the_size_of_the_picture(trained: Path, folder: Path) -> None:
    model = load_model(trained)
    assert model.card.reads_pictures
    assert model.schema.names == ("dark", "red")
    picture = Image.open(folder / "JPEGImages" / "03.png").convert("RGB")
    answer = Segmenter(model).predict(picture.resize((66, 80)))
    assert answer.mask.shape == (80, 66)
    assert {region.label for region in answer.regions} == {"dark", "red"}
    assert "docgrid segment" in (trained / "README.md").read_text()


@pytest.mark.parametrize("architecture", Architecture)
def test_every_network_trains_on_pictures(folder: Path, tmp_path: Path, architecture: Architecture) -> None:
    run(settings(folder, tmp_path / "m", architecture))
    model = load_model(tmp_path / "m")
    assert model.card.architecture == architecture
    assert model.card.network["inputs"] == 3
    assert Segmenter(model).predict(Image.new("RGB", (20, 50), "white")).mask.shape == (50, 20)


def test_a_killed_run_that_is_resumed_ends_like_one_that_was_not(folder: Path, tmp_path: Path) -> None:
    run(settings(folder, tmp_path / "whole", epochs=2))
    broken = replace(settings(folder, tmp_path / "broken", epochs=2), checkpoint_every_s=0.0)
    run(broken, most_steps=4)
    run(replace(broken, resume=True))
    name = "weights.safetensors"
    assert sha256_of(tmp_path / "broken" / "last" / name) == sha256_of(tmp_path / "whole" / "last" / name)


def test_options_that_do_not_fit_pictures_are_refused(folder: Path, tmp_path: Path) -> None:
    how = settings(folder, tmp_path / "m")
    for change, words in (
        ({"network": None}, "have no words"),
        ({"base": "receipt"}, "starts from nothing"),
        ({"losses": ("box_mask=focal",)}, "unknown head 'box_mask'"),
        ({"data": (folder, folder)}, "one folder"),
    ):
        with pytest.raises(UsageError, match=words):
            run(replace(how, **change))


def test_models_of_pictures_and_of_documents_do_not_take_each_others_place(trained: Path) -> None:
    with pytest.raises(ModelError, match="reads pictures, not documents"):
        Predictor(load_model(trained))
    with pytest.raises(ModelError, match="reads documents, not pictures"):
        Segmenter(load_model("receipt"))


def test_a_folder_of_one_network_is_refused_as_another(trained: Path, tmp_path: Path) -> None:
    for name, word in (("resunet", "cannot be built"), ("chargird", "Did you mean 'chargrid'?")):
        copy = tmp_path / name
        copy.mkdir()
        (copy / "weights.safetensors").write_bytes((trained / "weights.safetensors").read_bytes())
        card = json.loads((trained / "card.json").read_text())
        (copy / "card.json").write_text(json.dumps({**card, "architecture": name}))
        with pytest.raises(ModelError) as caught:
            load_model(copy)
        assert word in str(caught.value)
        assert caught.value.exit_code == ExitCode.MODEL_REFUSED


def test_a_picture_is_padded_and_cropped_back_without_moving() -> None:
    room, size = GridSize(32, 48), (20, 10)  # a picture 20 wide and 10 high becomes 48 x 24
    place = placement_in(size, room)
    assert place == Placement(0, 0, 48, 24)
    picture = np.full((10, 20, 3), 255, np.uint8)
    picture[5:, :10] = 0
    light = placed_picture(Image.fromarray(picture), place, room)
    assert light[:, 24:].max() == 0, "the padding is white paper"
    back = logits_back(torch.from_numpy(light), place, size)
    assert back.shape == (3, 10, 20)
    assert back[0, 7, 4].item() > 0.9 > 0.1 > back[0, 2, 4].item()
    mask = np.full((10, 20), 255, np.uint8)
    mask[:, 10:] = 3
    placed = placed_mask(mask, place, room)
    assert (placed[:24, 24:] == 3).all() and (placed[24:] == -1).all() and (placed[:24, :24] == -1).all()


def test_regions_are_connected_parts_with_their_boxes() -> None:
    mask = np.zeros((20, 30), np.uint8)
    mask[2:6, 3:9], mask[10:15, 20:28], mask[19, 29] = 1, 1, 2
    probabilities = np.zeros((3, 20, 30), np.float32)
    probabilities[1] = 0.75
    regions = regions_of(mask, probabilities, ("text", "table"))
    assert [(one.box, one.pixels) for one in regions[:2]] == [((3, 2, 9, 6), 24), ((20, 10, 28, 15), 40)]
    assert [one.label for one in regions] == ["text", "text", "table"]
    assert regions[0].confidence == 0.75


def test_figures_worked_out_by_hand() -> None:
    counts = torch.tensor([[6, 2, 0], [1, 3, 0], [0, 0, 0]])
    figures = figures_of(counts, ("background", "text", "table"), 2)
    assert figures.classes == {"background": round(6 / 9, 4), "text": 0.5, "table": None}
    assert figures.mean_iou == pytest.approx((6 / 9 + 0.5) / 2)
    assert figures.foreground_iou == 0.5
    assert figures.pixel_accuracy == pytest.approx(9 / 12)
