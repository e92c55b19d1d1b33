"""A folder of page pictures with class-index masks, in the layout of Pascal VOC, checked when it is opened.

    JPEGImages/ID.jpg|png        the pictures
    SegmentationClass/ID.png     their masks: palette or gray PNG whose values are classes, 0 = background, 255 = not judged
    ImageSets/Segmentation/train.txt, val.txt    IDs, one a line (without them every picture with a mask is used)
    labels.txt                   class names, one a line, the first one `background` (without it: class_1, class_2, ...)

Source:
    Everingham et al. 2010, The Pascal Visual Object Classes Challenge, https://doi.org/10.1007/s11263-009-0275-4.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from docgrid.datasets.base import Problems
from docgrid.errors import DatasetError, UsageError
from docgrid.schema import BACKGROUND, Schema

PICTURES, MASKS, SETS, LABELS = "JPEGImages", "SegmentationClass", "ImageSets/Segmentation", "labels.txt"
SUFFIXES = (".jpg", ".jpeg", ".png")
NOT_JUDGED = 255
_BACKGROUNDS = (BACKGROUND, "_background_", "__background__")
_LARGEST_PIXELS = 100_000_000


@dataclass(frozen=True)
class LabelledPicture:
    """A picture and its mask, nothing read yet."""

    id: str
    picture: Path
    mask: Path


@dataclass(frozen=True)
class PictureFolder:
    """A folder that was checked. `valid` is empty where the folder has no val.txt."""

    name: str
    root: Path
    schema: Schema  # its classes; class 0 is background
    train: tuple[LabelledPicture, ...]
    valid: tuple[LabelledPicture, ...]


def is_picture_folder(root: Path) -> bool:
    """Whether a folder has pictures and masks in the layout of Pascal VOC."""
    return (root / PICTURES).is_dir() and (root / MASKS).is_dir()


def open_picture_folder(root: Path, schema: Schema | None = None) -> PictureFolder:
    """Open a folder and look at every mask.

    Args:
        root: The folder.
        schema: Classes to use instead of the folder's own.

    Raises:
        DatasetError: Pictures or masks are missing, do not fit each other, or hold a class that the schema lacks; all problems in
            one message with files and what to do.
    """
    problems = Problems(root)
    sets = {name: _names(root / SETS / f"{name}.txt", problems) for name in ("train", "val", "trainval")}
    listed = any(names is not None for names in sets.values())
    train = sets["train"] if sets["train"] is not None else sets["trainval"]
    if not listed:
        train = sorted(path.stem for path in (root / MASKS).glob("*.png"))
    valid = sets["val"] or []
    pictures = {name: _find(root, name, problems) for name in dict.fromkeys([*(train or []), *valid])}
    problems.raise_if_any()
    if not pictures:
        raise DatasetError(f"{root} lists no pictures", hint=f"Write IDs into {SETS}/train.txt, or put masks into {MASKS}/.")
    found = {name: one for name, one in pictures.items() if one is not None}
    largest = {name: _check_mask(one, problems) for name, one in found.items()}
    chosen = schema or _schema(root, max(largest.values(), default=0), problems)
    for name, value in largest.items():
        if value >= chosen.class_count:
            classes = ", ".join((BACKGROUND, *chosen.names))
            problems.add(
                found[name].mask,
                f"holds class {value}, the schema has {chosen.class_count} (0 to {chosen.class_count - 1}: {classes})",
                f"Name the class in {LABELS} (line {value + 1}), or correct the mask; {NOT_JUDGED} leaves pixels out.",
            )
    problems.raise_if_any()
    return PictureFolder(
        root.resolve().name, root, chosen, tuple(found[name] for name in train or []), tuple(found[name] for name in valid)
    )


def _names(path: Path, problems: Problems) -> list[str] | None:
    """IDs of a list; None where there is no list."""
    try:
        rows = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        problems.add(path, f"cannot be read: {error}", "A list is a UTF-8 text file with one ID a line.")
        return []
    names = [row.split()[0] for row in rows if row.strip()]
    outside = [name for name in names if "/" in name or "\\" in name or name.startswith(".")]
    for name in outside:
        problems.add(path, f"{name!r} is no name of a picture", "List names without folder and suffix.")
    return [name for name in names if name not in outside]


def _find(root: Path, name: str, problems: Problems) -> LabelledPicture | None:
    picture = next((path for suffix in SUFFIXES if (path := root / PICTURES / f"{name}{suffix}").is_file()), None)
    mask = root / MASKS / f"{name}.png"
    if picture is None:
        problems.add(root / PICTURES / f"{name}.jpg", "is missing", f"Restore the picture, or take its ID out of {SETS}/.")
    if not mask.is_file():
        problems.add(mask, "is missing", f"Add the mask as a PNG of class numbers, or take its ID out of {SETS}/.")
    return LabelledPicture(name, picture, mask) if picture is not None and mask.is_file() else None


def _check_mask(one: LabelledPicture, problems: Problems) -> int:
    """The largest class of a mask; what is wrong with it is noted."""
    try:
        mask = read_mask(one.mask)
        with Image.open(one.picture) as picture:
            size = picture.size
    except DatasetError as error:
        problems.add(one.mask, error.problem, error.hint)
        return 0
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        problems.add(one.picture, f"cannot be read: {error}", "Restore the picture, a JPEG or PNG.")
        return 0
    if size != mask.shape[::-1]:
        problems.add(
            one.mask,
            f"is {mask.shape[1]}x{mask.shape[0]}, its picture {size[0]}x{size[1]}",
            "Make the mask as large as its picture, without interpolation.",
        )
    return int(mask[mask != NOT_JUDGED].max(initial=0))


def read_mask(path: Path) -> NDArray[np.uint8]:
    """The classes of a mask, uint8 [H, W].

    Raises:
        DatasetError: It is no palette or gray PNG, or damaged.
    """
    try:
        with Image.open(path) as mask:
            if mask.mode not in ("P", "L", "1"):
                raise DatasetError(
                    f"holds colours ({mask.mode}), not class numbers",
                    hint="Save masks as palette or gray PNG of class numbers.",
                )
            if mask.width * mask.height > _LARGEST_PIXELS:
                raise DatasetError("is too large", hint=f"Masks have at most {_LARGEST_PIXELS:,} pixels.")
            return np.asarray(mask, np.uint8)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise DatasetError(f"cannot be read: {error}", hint="Restore the mask, a PNG of class numbers.") from error


def read_picture(path: Path) -> Image.Image:
    """A picture in colour.

    Raises:
        DatasetError: It is damaged or too large.
    """
    try:
        with Image.open(path) as picture:
            if picture.width * picture.height > _LARGEST_PIXELS:
                raise DatasetError(f"{path} is too large", hint=f"Pictures have at most {_LARGEST_PIXELS:,} pixels.")
            return picture.convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise DatasetError(f"{path} cannot be read: {error}", hint="Restore the picture, a JPEG or PNG.") from error


def _schema(root: Path, largest: int, problems: Problems) -> Schema:
    """The classes of labels.txt, else as many as the masks hold."""
    path = root / LABELS
    if not path.is_file():
        classes = [f"class_{number}" for number in range(1, max(largest, 1) + 1)]
        return Schema.from_dict({"name": root.resolve().name, "fields": classes})
    names = [row.strip() for row in path.read_text(encoding="utf-8", errors="replace").splitlines() if row.strip()]
    names = [name for name in names if name != "__ignore__"]  # labelme's name of what is not judged
    if len(names) < 2 or names[0] not in _BACKGROUNDS:
        problems.add(
            path, "does not begin with 'background' and a class", "Line 1 names class 0, background; line 2 class 1; ..."
        )
        problems.raise_if_any()
    try:
        return Schema.from_dict({"name": root.resolve().name, "fields": names[1:]}, origin=str(path))
    except UsageError as error:
        raise DatasetError(error.problem, hint=error.hint) from error
