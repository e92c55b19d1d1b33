"""The table of networks: an architecture by name, and what builds it."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from torch import nn

from docgrid.networks.chargrid import Chargrid
from docgrid.networks.layers import NetworkOutput, prepare_for_inference


class Architecture(StrEnum):
    """The networks that can be trained."""

    CHARGRID = "chargrid"


NETWORKS: dict[Architecture, Callable[..., nn.Module]] = {
    Architecture.CHARGRID: Chargrid,
}

__all__ = ["NETWORKS", "Architecture", "Chargrid", "NetworkOutput", "prepare_for_inference"]
