"""What was filled in on a form: mask and darkness of the ink, from a picture and its blank template.

    python examples/template_mask.py --network resunet --picture masks.png

Every training form is made up anew; forms to validate with come from other seeds. Prints the foreground IoU of the mask and the
mean error of the ink after each epoch. `--loss mask=dice:2 map=ssim` chooses losses. The loop is the one of `docgrid train`.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn

from docgrid.losses import PICTURE_LOSSES, Head, chosen_losses, picture_losses
from docgrid.metrics import confusion_matrix, foreground_iou
from docgrid.networks import FCN
from docgrid.networks.resunet import MaskAndMap
from docgrid.synth.forms import FilledForm, filled_form
from docgrid.training import Batches, EpochReport, TrainingSettings, TrainingState, train

FORMS_AN_EPOCH, VALIDATED = 400, 64
UNSEEN = 1_000_000  # seeds from here on are never trained on


@dataclass(frozen=True)
class Forms:
    """A batch of forms."""

    pictures: Tensor  # float32 [B, 6, H, W]
    masks: Tensor  # float32 [B, 1, H, W]
    ink: Tensor  # float32 [B, 1, H, W]


class FcnMaskAndMap(nn.Module):
    """The FCN for the same task: its two output channels are the mask's logit and the map."""

    def __init__(self) -> None:
        super().__init__()
        self.network = FCN(6, 2, anchors=0)

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """pictures: [B, 6, H, W]; returns mask logits and map, [B, 1, H, W] each."""
        both = self.network(pictures).segmentation
        return both[:, :1], both[:, 1:]


NETWORKS: dict[str, Callable[[], nn.Module]] = {"resunet": lambda: MaskAndMap(6, scale=0.25), "fcn": FcnMaskAndMap}


def batch_of(forms: Sequence[FilledForm]) -> Forms:
    """Forms as tensors."""
    return Forms(
        torch.from_numpy(np.stack([form.picture for form in forms])),
        torch.from_numpy(np.stack([form.mask for form in forms]))[:, None],
        torch.from_numpy(np.stack([form.ink for form in forms]))[:, None],
    )


def unseen_forms(count: int, size: int) -> Forms:
    """Forms that training never makes."""
    return batch_of([filled_form(np.random.default_rng(UNSEEN + number), size=size) for number in range(count)])


@torch.no_grad()
def measure(network: nn.Module, forms: Forms) -> dict[str, float]:
    """Foreground IoU of the mask, and the mean error of the ink where there is some."""
    network.eval()
    logits, ink = (torch.cat(parts) for parts in zip(*(network(part) for part in torch.split(forms.pictures, 16)), strict=True))
    iou = foreground_iou(confusion_matrix((logits > 0).long(), forms.masks.long(), 2))
    error = (ink - forms.ink).abs()[forms.masks > 0].mean()
    return {"score": iou, "ink_error": float(error)}


def show(network: nn.Module, forms: Forms, path: Path) -> None:
    """Eight forms, one a row: filled form, template, true mask, found mask, true ink, found ink."""
    network.eval()
    with torch.no_grad():
        logits, ink = network(forms.pictures[:8])
    answers = (forms.masks[:8], (logits > 0).float(), forms.ink[:8], ink)
    columns = [forms.pictures[:8, :3], forms.pictures[:8, 3:]]
    columns += [(1 - answer).clamp(0, 1).expand(-1, 3, -1, -1) for answer in answers]
    rows = torch.cat([nn.functional.pad(column, (1, 1, 1, 1), value=0.6) for column in columns], dim=3)  # [8, 3, H, 6 W]
    sheet = torch.cat(list(rows), dim=1).permute(1, 2, 0)
    Image.fromarray((sheet * 255).byte().numpy()).save(path)


def main() -> None:
    """Train, print, draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--network", choices=list(NETWORKS), default="resunet")
    parser.add_argument("--epochs", type=int, default=20, help=f"of {FORMS_AN_EPOCH} forms")
    parser.add_argument("--size", type=int, default=96, help="height and width of a form, a multiple of 16")
    parser.add_argument("--loss", nargs="+", default=[], metavar="HEAD=NAME:WEIGHT")
    parser.add_argument("--picture", type=Path, help="write forms and answers as a PNG")
    arguments = parser.parse_args()
    chosen = chosen_losses(arguments.loss, [Head.MASK, Head.MAP], PICTURE_LOSSES)
    settings = TrainingSettings(epochs=arguments.epochs, batch_size=8, learning_rate=4e-3, average_decay=0.98)
    torch.manual_seed(settings.seed)
    network, unseen = NETWORKS[arguments.network](), unseen_forms(VALIDATED, arguments.size)

    def make(rows: Sequence[int], randoms: Sequence[np.random.Generator]) -> Forms:
        return batch_of([filled_form(random, size=arguments.size) for random in randoms])

    def loss(network: nn.Module, forms: Forms) -> dict[str, Tensor]:
        logits, ink = network(forms.pictures)
        return picture_losses(chosen, (logits, forms.masks), (ink, forms.ink))

    def validate(weights: dict[str, Tensor]) -> dict[str, float]:
        copy = NETWORKS[arguments.network]()
        copy.load_state_dict(weights)
        return measure(copy, unseen)

    state, started = TrainingState.start(network, settings), time.process_time()
    for report in train(state, Batches([1] * FORMS_AN_EPOCH, make), loss, settings, validate):
        if isinstance(report, EpochReport):
            minutes = (time.process_time() - started) / 60
            figures = f"foreground IoU {report.figures['score']:.3f}, error of the ink {report.figures['ink_error']:.3f}"
            print(f"epoch {report.epoch}: {figures}, {minutes:.1f} min of processor time", flush=True)
    if arguments.picture:
        network.load_state_dict(state.averaged)
        show(network, unseen, arguments.picture)


if __name__ == "__main__":
    main()
