from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from docgrid.errors import ModelError
from docgrid.files import sha256_of
from docgrid.model import ModelCard, build_network, find_model, load_model, read_card, save_model
from docgrid.networks.words import DocumentNetwork
from docgrid.schema import RECEIPT


def card(**changes: object) -> ModelCard:
    plain = {
        "name": "tiny",
        "architecture": "chargrid",
        "network": {"inputs": 12, "classes": 5, "width": 4, "anchors": 1},
        "words": {"fields": 4, "grid_channels": 4, "width": 16, "layers": 1},
        "alphabet": "abcdefghij",
        "document_schema": RECEIPT.to_dict(),
        "known_fields": list(RECEIPT.names),
        "grid_height": 32,
        "grid_width": 16,
        "anchors": [(2.0, 8.0)],
    }
    return ModelCard.model_validate(plain | changes)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    torch.manual_seed(0)
    save_model(tmp_path / "tiny", build_network(card()), card())
    return tmp_path / "tiny"


def edit_card(folder: Path, **changes: object) -> None:
    path = folder / "card.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def test_a_saved_model_loads_with_equal_weights(folder: Path) -> None:
    saved = load_file(folder / "weights.safetensors")
    model = load_model(folder)
    assert all(torch.equal(tensor, saved[name]) for name, tensor in model.network.state_dict().items())
    assert model.schema == RECEIPT
    assert model.card.parameters == sum(parameter.numel() for parameter in model.network.parameters())
    assert not model.network.training


def test_an_unknown_name_is_refused_with_what_there_is(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="neither a shipped model nor a model folder"):
        load_model("no-such-model")
    with pytest.raises(ModelError, match=r"has no card\.json"):
        load_model(tmp_path)


def test_the_environment_names_the_model_when_nothing_else_does(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCGRID_MODEL", str(folder))
    assert find_model(None) == folder


@pytest.mark.parametrize("position", [0, 7, 8, 100, 5000, -1])
def test_a_flipped_bit_in_the_weights_is_noticed(folder: Path, position: int) -> None:
    path = folder / "weights.safetensors"
    content = bytearray(path.read_bytes())
    content[position] ^= 0x10
    path.write_bytes(content)
    with pytest.raises(ModelError, match="not the file that its card describes"):
        load_model(folder)


@pytest.mark.parametrize("cut", [0, 1, 8, 200, 3000])
def test_cut_weights_are_refused_even_when_the_card_vouches_for_them(folder: Path, cut: int) -> None:
    path = folder / "weights.safetensors"
    path.write_bytes(path.read_bytes()[:cut])
    edit_card(folder, weights_sha256=sha256_of(path))
    with pytest.raises(ModelError, match="damaged|differ"):
        load_model(folder)


def test_weights_of_another_architecture_are_refused_before_they_are_read(folder: Path) -> None:
    edit_card(folder, network={"inputs": 12, "classes": 5, "width": 8, "anchors": 1})
    with pytest.raises(ModelError, match="does not fit the architecture"):
        load_model(folder)


def test_a_weight_that_is_not_a_number_is_refused(folder: Path) -> None:
    path = folder / "weights.safetensors"
    weights = load_file(path)
    weights["words.members.0.last.weight"][0] = float("nan")
    save_file(weights, path)
    edit_card(folder, weights_sha256=sha256_of(path))
    with pytest.raises(ModelError, match=r"words\.members\.0\.last\.weight is not finite"):
        load_model(folder)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"architecture": "chargird"}, "Did you mean 'chargrid'"),
        ({"network": {"inputs": 12, "classes": 5, "width": 10**9, "anchors": 1}}, "out of range"),
        ({"network": {"inputs": 12, "colour": 5}}, "cannot be built"),
        ({"words": {"fields": 4, "grid_channels": 4, "width": 17, "layers": 1}}, "cannot be built|does not fit"),
        ({"grid_height": -3}, "grid_height"),
        ({"alphabet": 7}, "alphabet"),
        ({"document_schema": {"fields": "none"}}, "not a schema"),
        ({"format": "docgrid.model/9"}, "format"),
    ],
)
def test_a_damaged_card_is_refused_with_the_place(folder: Path, changes: dict[str, object], said: str) -> None:
    edit_card(folder, **changes)
    with pytest.raises(ModelError) as caught:
        load_model(folder)
    assert any(part in str(caught.value) for part in said.split("|"))


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"name": 1}', "\x00\xff"])
def test_a_card_that_is_no_card_is_refused(folder: Path, content: str) -> None:
    (folder / "card.json").write_text(content)
    with pytest.raises(ModelError):
        read_card(folder)


def test_a_network_with_infinite_weights_is_not_saved(tmp_path: Path) -> None:
    network: DocumentNetwork = build_network(card())
    with torch.no_grad():
        next(network.parameters()).fill_(float("inf"))
    with pytest.raises(ModelError, match="not finite"):
        save_model(tmp_path, network, card())
    assert list(tmp_path.iterdir()) == []


def test_the_readme_of_a_model_names_its_fields(folder: Path) -> None:
    assert "company, date, address, total" in (folder / "README.md").read_text()
