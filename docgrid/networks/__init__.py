"""The table of networks: an architecture by name, and what builds it."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from torch import nn

from docgrid.networks.chargrid import Chargrid
from docgrid.networks.deeplab import DeepLabV3Plus
from docgrid.networks.fcn import FCN
from docgrid.networks.layers import NetworkOutput, prepare_for_inference, set_prior
from docgrid.networks.resunet import ResUNet


class Architecture(StrEnum):
    """The networks that can be trained."""

    CHARGRID = "chargrid"
    DEEPLAB = "deeplab"
    FCN = "fcn"
    RESUNET = "resunet"


NETWORKS: dict[Architecture, Callable[..., nn.Module]] = {
    Architecture.CHARGRID: Chargrid,
    Architecture.DEEPLAB: DeepLabV3Plus,
    Architecture.FCN: FCN,
    Architecture.RESUNET: ResUNet,
}

__all__ = [
    "FCN",
    "NETWORKS",
    "Architecture",
    "Chargrid",
    "DeepLabV3Plus",
    "NetworkOutput",
    "ResUNet",
    "prepare_for_inference",
    "set_prior",
]
