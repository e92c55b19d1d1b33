"""The networks: an architecture by name, and what builds it."""

from __future__ import annotations

from docgrid.networks.chargrid import Chargrid
from docgrid.networks.deeplab import DeepLabV3Plus
from docgrid.networks.fcn import FCN
from docgrid.networks.layers import GridNetwork, NetworkOutput, prepare_for_inference, set_prior
from docgrid.networks.options import NETWORKS, WIDTH_ARGUMENTS, Architecture, architecture_named, network_options
from docgrid.networks.resunet import ResUNet

__all__ = [
    "FCN",
    "NETWORKS",
    "WIDTH_ARGUMENTS",
    "Architecture",
    "Chargrid",
    "DeepLabV3Plus",
    "GridNetwork",
    "NetworkOutput",
    "ResUNet",
    "architecture_named",
    "network_options",
    "prepare_for_inference",
    "set_prior",
]
