"""A trained model on disk: a folder with `weights.safetensors`, `card.json` and `README.md`. Loading never runs code.

The card holds everything that is needed to use the weights (architecture, its arguments, alphabet, schema, grid), to check them
(SHA-256) and to judge them (data, licence, figures and the commands that measured them).
"""

from __future__ import annotations

import difflib
import json
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import torch
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from docgrid.chargrid import Alphabet, Frame, GridSize
from docgrid.errors import DocgridError, ModelError
from docgrid.files import atomic_path, sha256_of, write_json, write_text
from docgrid.layouts import KnownLayouts, load_layouts
from docgrid.networks import NETWORKS, Architecture
from docgrid.networks.words import DocumentNetwork, WordHeads
from docgrid.schema import Schema

CARD_NAME = "card.json"
WEIGHTS_NAME = "weights.safetensors"
DEFAULT_MODEL = "invoice"
MODEL_VARIABLE = "DOCGRID_MODEL"
_LARGEST_CARD_BYTES = 4_000_000
_LARGEST_ARGUMENT = 8192  # no sensible width, depth or count lies above; a hostile card cannot ask for gigabytes


class TrainingData(BaseModel):
    """One source of training documents."""

    model_config = ConfigDict(extra="allow")

    name: str
    documents: int
    licence: str = "not stated"


class Metric(BaseModel):
    """A measured figure and the command that measured it."""

    model_config = ConfigDict(extra="allow")

    protocol: str
    figure: str
    value: float
    low: float | None = None  # 95 % bootstrap interval over documents
    high: float | None = None
    documents: int | None = None
    command: str = ""
    note: str = ""


class ModelCard(BaseModel):
    """Everything about a model but its weights."""

    model_config = ConfigDict(extra="allow")

    format: Literal["docgrid.model/1"] = "docgrid.model/1"
    name: str
    version: str = "1"
    docgrid_version: str = ""
    architecture: str | None = None  # None: a word head without grid network
    network: dict[str, int | float | bool | str] = Field(default_factory=dict)
    words: dict[str, int | float] | None = None
    reads_pictures: bool = False  # trained on pictures with masks: the fields are classes of regions
    alphabet: str
    document_schema: dict[str, Any]
    known_fields: list[str]  # those that training had examples of; only these are ever reported missing
    grid_height: int = Field(gt=0, le=4096)
    grid_width: int = Field(gt=0, le=4096)
    frame: str = Frame.PAGE.value
    anchors: list[tuple[float, float]] = Field(default_factory=list)  # (height, width) in cells
    decoding: dict[str, float | bool | str] = Field(default_factory=dict)
    calibration: dict[str, list[float]] = Field(default_factory=dict)
    weights_sha256: str = ""
    parameters: int = 0
    data: list[TrainingData] = Field(default_factory=list)
    licence: str = ""
    command: str = ""
    seed: int = 0
    training: dict[str, Any] = Field(default_factory=dict)
    metrics: list[Metric] = Field(default_factory=list)
    limits: list[str] = Field(default_factory=list)

    @property
    def schema_(self) -> Schema:
        """The fields in class order."""
        return Schema.from_dict(self.document_schema, origin=f"the card of model {self.name!r}")

    @property
    def grid_size(self) -> GridSize:
        """Cells of one page."""
        return GridSize(self.grid_height, self.grid_width)


@dataclass(frozen=True)
class Model:
    """A trained network with its card, ready to predict."""

    card: ModelCard
    network: DocumentNetwork
    schema: Schema
    alphabet: Alphabet
    folder: Path | None = None
    layouts: KnownLayouts | None = None  # what it was trained on looked like; None: it does not remember


def build_network(card: ModelCard) -> DocumentNetwork:
    """A network as the card describes it, untrained.

    Raises:
        ModelError: The architecture is unknown, or its arguments are not its own.
    """
    for name, value in (*card.network.items(), *(card.words or {}).items()):
        if isinstance(value, float | int) and not (math.isfinite(value) and 0 <= value <= _LARGEST_ARGUMENT):
            raise ModelError(
                f"model {card.name!r}: argument {name}={value} is out of range", hint="Use a card that docgrid wrote."
            )
    grid = None
    try:
        if card.architecture is not None:
            grid = NETWORKS[Architecture(card.architecture)](**card.network)
        words = WordHeads(**card.words) if card.words is not None else None  # type: ignore[arg-type]  # checked by the call
        return DocumentNetwork(grid, words)
    except DocgridError:
        raise
    except (TypeError, ValueError, RuntimeError, ZeroDivisionError, AssertionError) as error:
        known = ", ".join(Architecture)
        near = difflib.get_close_matches(str(card.architecture), [entry.value for entry in Architecture], n=1)
        hint = f"Did you mean {near[0]!r}? " if near and near[0] != card.architecture else ""
        raise ModelError(
            f"model {card.name!r} cannot be built: {error}", hint=f"{hint}Architectures: {known}. The card may be damaged."
        ) from error


def save_model(folder: Path, network: DocumentNetwork, card: ModelCard) -> ModelCard:
    """Write a model folder: weights first, the card that vouches for them last.

    Returns:
        The card with hash and parameter count filled in.

    Raises:
        OutputError: The folder cannot be written to.
        ModelError: A weight is not finite.
    """
    weights = {name: tensor.detach().cpu().contiguous() for name, tensor in network.state_dict().items()}
    _refuse_infinite(weights, card.name)
    with atomic_path(folder / WEIGHTS_NAME) as temporary:
        save_file(weights, temporary, metadata={"format": "pt"})
    finished = card.model_copy(
        update={
            "weights_sha256": sha256_of(folder / WEIGHTS_NAME),
            "parameters": sum(parameter.numel() for parameter in network.parameters()),
        }
    )
    write_card(folder, finished)
    return finished


def write_card(folder: Path, card: ModelCard) -> None:
    """Write `README.md` and `card.json` of a model folder."""
    write_text(folder / "README.md", describe(card))
    write_json(folder / CARD_NAME, card.model_dump(mode="json"))


def load_model(name_or_folder: str | Path | None = None, *, device: str = "cpu") -> Model:
    """Rebuild a trained network from its folder, checked against its card.

    Args:
        name_or_folder: A shipped model's name or a model folder; None: the environment variable `DOCGRID_MODEL`, else `invoice`.
        device: Where the weights go, such as "cpu" or "cuda:0".

    Raises:
        ModelError: There is no such model, or card and weights are damaged or disagree.
    """
    folder = find_model(name_or_folder)
    card = read_card(folder)
    weights_path = folder / WEIGHTS_NAME
    if not weights_path.is_file():
        raise ModelError(f"{folder} has no {WEIGHTS_NAME}", hint=_restore_hint(folder))
    if sha256_of(weights_path) != card.weights_sha256:
        raise ModelError(f"{weights_path} is not the file that its card describes", hint=_restore_hint(folder))
    with torch.device("meta"):  # nothing is allocated before the shapes are known to agree
        network = build_network(card)
    weights = _read_weights(weights_path, network, device)
    _refuse_infinite(weights, card.name)
    network.load_state_dict(weights, strict=True, assign=True)
    network.requires_grad_(False)
    layouts = load_layouts(folder)
    try:
        return Model(card, network.eval(), card.schema_, Alphabet(card.alphabet), folder, layouts)
    except (DocgridError, ValueError) as error:
        raise ModelError(f"{folder / CARD_NAME}: {error}", hint=_restore_hint(folder)) from error


def read_card(folder: Path) -> ModelCard:
    """The card of a model folder.

    Raises:
        ModelError: It is missing or damaged; the message names the key.
    """
    path = folder / CARD_NAME
    try:
        if path.stat().st_size > _LARGEST_CARD_BYTES:
            raise ModelError(f"{path} is too large for a model card", hint=_restore_hint(folder))
        return ModelCard.model_validate_json(path.read_bytes())
    except OSError as error:
        raise ModelError(f"{path} cannot be read: {error.strerror}", hint="Name a folder that `docgrid train` wrote.") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the whole file"
        raise ModelError(f"{path} is damaged at {place}: {first['msg']}", hint=_restore_hint(folder)) from error


def _read_weights(path: Path, network: nn.Module, device: str) -> dict[str, Tensor]:
    """Tensors of the file, after their names and shapes were compared with the network's."""
    wanted = network.state_dict()
    try:
        with safe_open(path, framework="pt", device=device) as handle:
            names = set(handle.keys())
            wrong = sorted(names ^ set(wanted))
            wrong += [
                name for name in sorted(names & set(wanted)) if handle.get_slice(name).get_shape() != list(wanted[name].shape)
            ]
            if wrong:
                raise ModelError(
                    f"{path} does not fit the architecture of its card: {', '.join(wrong[:3])} and {len(wrong) - 1} more differ",
                    hint="The folder mixes two models; " + _restore_hint(path.parent),
                )
            return {name: handle.get_tensor(name) for name in handle.keys()}  # noqa: SIM118  # not a mapping
    except SafetensorError as error:
        raise ModelError(f"{path} is damaged: {error}", hint=_restore_hint(path.parent)) from error


def _refuse_infinite(weights: Mapping[str, Tensor], name: str) -> None:
    for key, tensor in weights.items():
        if tensor.is_floating_point() and not bool(torch.isfinite(tensor).all()):
            raise ModelError(f"model {name!r}: weight {key} is not finite", hint="Train again, or restore the folder.")


def _restore_hint(folder: Path) -> str:
    return f"Restore {folder} from where it came from, or train it again."


def shipped_models() -> dict[str, Path]:
    """The models that come with docgrid, by name."""
    package = Path(__file__).parent
    roots = (package / "shipped", package.parent / "models")  # in a wheel; in a checkout
    return {
        folder.name: folder
        for root in reversed(roots)
        if root.is_dir()
        for folder in sorted(root.iterdir())
        if (folder / CARD_NAME).is_file()
    }


def find_model(name_or_folder: str | Path | None) -> Path:
    """The folder of a model.

    Raises:
        ModelError: There is none; the nearest shipped name is suggested.
    """
    wanted = str(name_or_folder or os.environ.get(MODEL_VARIABLE) or DEFAULT_MODEL)
    shipped = shipped_models()
    if wanted in shipped:
        return shipped[wanted]
    folder = Path(wanted)
    if (folder / CARD_NAME).is_file():
        return folder
    near = difflib.get_close_matches(wanted, list(shipped), n=1)
    names = ", ".join(sorted(shipped)) or "none"
    hint = f"Did you mean {near[0]!r}? " if near else ""
    what = "has no card.json" if folder.is_dir() else "is neither a shipped model nor a model folder"
    raise ModelError(f"{wanted!r} {what}", hint=f"{hint}Shipped: {names}; or a folder that `docgrid train` wrote.")


def describe(card: ModelCard) -> str:
    """The README of a model folder, written from its card."""
    command = "segment" if card.reads_pictures else "extract"
    lines = [
        f"# {card.name}",
        "",
        f"A docgrid model (`{card.architecture or 'words only'}`, {card.parameters:,} parameters, grid {card.grid_height} x "
        f"{card.grid_width}, docgrid {card.docgrid_version}). Use it with `docgrid {command} FILE --model {card.name}`.",
        "",
        f"{'Classes' if card.reads_pictures else 'Fields'}: {', '.join(card.known_fields)}.",
        "",
        "## Data",
        "",
        *(f"- {source.name}: {source.documents:,} documents; licence: {source.licence}" for source in card.data),
        "",
        f"Licence of the weights: {card.licence or 'not stated'}.",
        "",
        "## Figures",
        "",
        "| protocol | figure | value | 95 % interval | documents | note |",
        "|---|---|---|---|---|---|",
        *(_metric_row(metric) for metric in card.metrics),
        "",
        *(f"    {command}" for command in dict.fromkeys(metric.command for metric in card.metrics if metric.command)),
        "",
        "## Training",
        "",
        f"    {card.command}",
        "",
        f"Seed {card.seed}. " + json.dumps(_in_short(card.training), ensure_ascii=False, sort_keys=True),
        "",
        "## Limits",
        "",
        *(f"- {limit}" for limit in card.limits),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _in_short(training: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a training run, with lists of documents and layouts as their lengths; the card has them in full."""
    return {name: len(value) if isinstance(value, list) else value for name, value in training.items()}


def _metric_row(metric: Metric) -> str:
    interval = f"{metric.low:.3f} to {metric.high:.3f}" if metric.low is not None and metric.high is not None else ""
    return f"| {metric.protocol} | {metric.figure} | {metric.value:.3f} | {interval} | {metric.documents or ''} | {metric.note} |"
