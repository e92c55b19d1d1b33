"""Training on pictures with masks: a folder in, a model folder out, through the one training loop."""

from __future__ import annotations

import copy
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from docgrid.chargrid import DEFAULT_ALPHABET, Alphabet, GridSize
from docgrid.errors import DatasetError, UsageError
from docgrid.fitting.run import FitReport
from docgrid.fitting.settings import DoneReport, FitSettings, StartReport
from docgrid.fitting.steps import begin, best_figures, check_out, run_steps
from docgrid.losses import ChosenLoss, GridLoss, Head, chosen_losses, class_weights
from docgrid.model import Model, ModelCard, TrainingData, build_network
from docgrid.networks import WIDTH_ARGUMENTS
from docgrid.networks.words import DocumentNetwork
from docgrid.segmenting.folder import LabelledPicture, PictureFolder, open_picture_folder, read_mask, read_picture
from docgrid.segmenting.measuring import measure_folder
from docgrid.segmenting.pictures import CHANNELS, PictureMaker, placed_mask, placement_in
from docgrid.segmenting.prediction import Segmenter
from docgrid.training import Batches, keep_freed_memory
from docgrid.version import __version__

_CELLS = 336 * 256  # of the network's input: as many as a page of characters has
_MULTIPLE = 16  # every network can halve such a size
_SHARES_PICTURES = 100  # masks that class shares are counted on
_DEFAULT_LOSSES = (ChosenLoss(Head.SEGMENTATION, "cross_entropy"),)


@dataclass(frozen=True)
class _Objective:
    loss: GridLoss

    def __call__(self, network: nn.Module, batch: tuple[Tensor, Tensor]) -> dict[str, Tensor]:
        assert isinstance(network, DocumentNetwork) and network.grid is not None
        output = network.grid(batch[0])
        with torch.autocast(batch[0].device.type, enabled=False):
            parts: dict[str, Tensor] = self.loss(output, batch[1])
        return parts


def fit_pictures(settings: FitSettings) -> Iterator[FitReport]:
    """Train a grid network on pictures with masks and write its model folder; a report after every step and epoch.

    The score is the mean IoU over the pictures that were held out: those of val.txt, else a share of all.

    Raises:
        DatasetError: The folder cannot be trained on.
        OutputError: The model folder exists, or cannot be written.
        TrainingError: The loss diverged.
        UsageError: An option does not fit pictures.
    """
    started = time.monotonic()
    keep_freed_memory()
    check_out(settings)
    chosen = chosen_losses(settings.losses, [Head.SEGMENTATION], _DEFAULT_LOSSES)
    folder = _open(settings)
    train, valid = _split(folder, settings)
    torch.manual_seed(settings.training.seed)
    card = _card(settings, folder, train)
    network = build_network(card)
    state, device = begin(settings, network), settings.training.device
    weights = _class_weights(train, card) if settings.class_weights else None
    objective = _Objective(GridLoss(chosen, weights).to(device))

    def move(batch: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
        return batch[0].to(device, memory_format=torch.channels_last), batch[1].to(device)

    def validate(weights: dict[str, Tensor]) -> dict[str, float]:
        averaged = copy.deepcopy(network)
        averaged.load_state_dict(weights)
        model = Model(card, averaged.eval(), card.schema_, Alphabet(card.alphabet))
        figures = measure_folder(Segmenter(model, device=device), valid[: settings.validation_documents])
        return {"score": figures.mean_iou, "mean_iou": figures.mean_iou, "foreground_iou": figures.foreground_iou}

    batches = Batches([1] * len(train), PictureMaker(train, card.grid_size), move, settings.workers)
    steps = -(-len(train) // settings.training.batch_size) * settings.training.epochs
    parameters = sum(parameter.numel() for parameter in network.parameters())
    yield StartReport(len(train), len(train), len(valid), parameters, steps, state.step, {})
    facts = {"validation_documents": sorted(one.id for one in valid)}
    yield from run_steps(settings, state, batches, objective, validate, card, facts)
    yield DoneReport(settings.out, state.best_epoch, best_figures(state), time.monotonic() - started)


def _open(settings: FitSettings) -> PictureFolder:
    if len(settings.data) > 1:
        raise UsageError("pictures are trained on from one folder", hint="Put the pictures and masks into one folder.")
    if settings.network is None:
        raise UsageError("pictures have no words", hint="Choose --network chargrid, deeplab, fcn or resunet.")
    if settings.base is not None:
        raise UsageError("a model of pictures starts from nothing", hint="Leave --from out.")
    return open_picture_folder(settings.data[0], settings.schema)


def _split(folder: PictureFolder, settings: FitSettings) -> tuple[list[LabelledPicture], list[LabelledPicture]]:
    """Pictures to train on and to hold out."""
    pictures = list(folder.train)[: settings.limit]
    if folder.valid:
        valid = list(folder.valid)[: settings.limit]
    else:
        order = np.random.default_rng(settings.training.seed).permutation(len(pictures))
        share = max(settings.validation_share, 1 / max(len(pictures), 1)) if settings.validation_share else 0.0
        folds = max(int(1 / share + 1e-9), 1) if share else 0
        held_out = set(order[settings.fold % folds :: folds].tolist()) if folds > 1 else set()
        valid = [one for row, one in enumerate(pictures) if row in held_out]
        pictures = [one for row, one in enumerate(pictures) if row not in held_out]
    if not pictures:
        raise DatasetError(f"{folder.root} has no picture to train on", hint="Name pictures in train.txt, or raise --limit.")
    return pictures, valid


def _card(settings: FitSettings, folder: PictureFolder, train: Sequence[LabelledPicture]) -> ModelCard:
    assert settings.network is not None
    size = settings.grid_size or _size_for(train)
    own = WIDTH_ARGUMENTS[settings.network](settings.width) | dict(settings.network_options)
    return ModelCard(
        name=settings.out.name,
        docgrid_version=__version__,
        architecture=settings.network.value,
        reads_pictures=True,
        network=own | {"inputs": CHANNELS, "classes": folder.schema.class_count, "anchors": 0},
        alphabet=DEFAULT_ALPHABET.characters,  # every card has one; pictures are not read with it
        document_schema=folder.schema.to_dict(),
        known_fields=list(folder.schema.names),
        grid_height=size.height,
        grid_width=size.width,
        data=[TrainingData(name=folder.name, documents=len(train))],
        command=settings.command,
        seed=settings.training.seed,
    )


def _size_for(pictures: Sequence[LabelledPicture]) -> GridSize:
    """A size of the usual number of cells in the median shape of the pictures."""
    sizes = [read_picture(one.picture).size for one in pictures[:_SHARES_PICTURES]]
    aspect = float(np.median([height / width for width, height in sizes]))
    height, width = ((_CELLS * aspect) ** 0.5, (_CELLS / aspect) ** 0.5)
    return GridSize(*(max(round(side / _MULTIPLE), 1) * _MULTIPLE for side in (height, width)))


def _class_weights(pictures: Sequence[LabelledPicture], card: ModelCard) -> Tensor:
    counts = np.zeros(card.schema_.class_count, np.int64)
    for one in pictures[:: max(len(pictures) // _SHARES_PICTURES, 1)]:
        mask = read_mask(one.mask)
        placed = placed_mask(mask, placement_in((mask.shape[1], mask.shape[0]), card.grid_size), card.grid_size)
        counts += np.bincount(placed[placed >= 0], minlength=len(counts))
    return class_weights(torch.from_numpy(counts / max(counts.sum(), 1)).float())
