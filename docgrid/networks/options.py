"""From what a user types to the arguments of a network: its name, its width, its own settings."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum

from docgrid.errors import UsageError
from docgrid.networks.chargrid import Chargrid
from docgrid.networks.deeplab import DeepLabV3Plus
from docgrid.networks.fcn import FCN
from docgrid.networks.layers import GridNetwork
from docgrid.networks.resunet import ResUNet

Argument = int | float | bool | str


class Architecture(StrEnum):
    """The networks that can be trained."""

    CHARGRID = "chargrid"
    DEEPLAB = "deeplab"
    FCN = "fcn"
    RESUNET = "resunet"


NETWORKS: dict[Architecture, Callable[..., GridNetwork]] = {
    Architecture.CHARGRID: Chargrid,
    Architecture.DEEPLAB: DeepLabV3Plus,
    Architecture.FCN: FCN,
    Architecture.RESUNET: ResUNet,
}

# What --width (base channels of a chargrid network, 64 in the paper) means for each network.
WIDTH_ARGUMENTS: dict[Architecture, Callable[[int], dict[str, Argument]]] = {
    Architecture.CHARGRID: lambda width: {"width": width},
    Architecture.DEEPLAB: lambda width: {"depth": 65 if width >= 64 else 41, "width": width / 64},
    Architecture.FCN: lambda width: {"middle_channels": 4 * width},
    Architecture.RESUNET: lambda width: {"scale": width / 32},
}

GIVEN_BY_DATA = ("inputs", "classes", "anchors")  # arguments that follow from alphabet, schema and boxes
_KINDS: dict[str, Callable[[str], Argument]] = {
    "int": int,
    "float": float,
    "bool": lambda text: {"true": True, "false": False}[text],
    "LastLayer | str": str,
    "Upsampling | str": str,
}


def architecture_named(name: str, *, others: Sequence[str] = ()) -> Architecture:
    """The architecture of a name.

    Args:
        name: As typed.
        others: Names that are allowed at this place beside those of networks, for the hint.

    Raises:
        UsageError: There is none; the nearest is suggested.
    """
    try:
        return Architecture(name)
    except ValueError:
        known = [*(entry.value for entry in Architecture), *others]
        raise UsageError(f"unknown network {name!r}", hint=nearest_hint(name, known)) from None


def network_options(architecture: Architecture, texts: Iterable[str]) -> dict[str, Argument]:
    """Settings of a network typed as `NAME=VALUE`, such as `middle_kernel=3`: arguments of its constructor.

    Raises:
        UsageError: The network has no such setting (the nearest is suggested), or the value is not of its kind.
    """
    parameters = inspect.signature(NETWORKS[architecture]).parameters
    kinds = {
        name: _KINDS[parameter.annotation]
        for name, parameter in parameters.items()
        if name not in GIVEN_BY_DATA and parameter.annotation in _KINDS
    }
    found: dict[str, Argument] = {}
    for text in texts:
        name, separator, value = (part.strip() for part in text.partition("="))
        if not separator:
            raise UsageError(f"{text!r} is no setting of a network", hint="Write NAME=VALUE, such as dropout=0.2.")
        if name not in kinds:
            raise UsageError(f"{architecture} has no setting {name!r}", hint=nearest_hint(name, sorted(kinds)))
        try:
            found[name] = kinds[name](value)
        except (ValueError, KeyError):
            kind = parameters[name].annotation
            raise UsageError(f"{name}={value} is not a value of {architecture}", hint=f"{name} takes one {kind}.") from None
    return found


def nearest_hint(name: str, known: Sequence[str]) -> str:
    """What to choose instead of a name that does not exist: the nearest one first, then all."""
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return (f"Did you mean {near[0]!r}? " if near else "") + f"Choose one of {', '.join(known)}."
