"""A small picture of every field beside the JSON, so that a value can be checked with one look."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docgrid.files import atomic_path, safe_stem
from docgrid.geometry import Box
from docgrid.review.marks import Data, entries_of

if TYPE_CHECKING:
    from docgrid.reading.isolation import ReaderPool

CROP_DPI = 150.0
_MARGIN_PT = 2.0


def crop_boxes(document: Data) -> list[tuple[int, Box]]:
    """The page and the box, with a small margin, of every field entry, in the order of `entries_of`."""
    sizes = {page["page"]: (float(page["width_pt"]), float(page["height_pt"])) for page in document.get("pages", ())}
    places = []
    for _, _, entry in entries_of(document):
        width, height = sizes[entry["page"]]
        box = Box.from_relative(entry["bbox"], width, height)
        places.append(
            (
                int(entry["page"]),
                Box(
                    max(box.left - _MARGIN_PT, 0.0),
                    max(box.top - _MARGIN_PT, 0.0),
                    min(box.right + _MARGIN_PT, width),
                    min(box.bottom + _MARGIN_PT, height),
                ),
            )
        )
    return places


def crop_names(document: Data) -> list[str]:
    """A safe file name for the crop of every entry: document, line item, field, number."""
    stem = safe_stem(str(document.get("id", "document")))  # the id ends in a hash of the content: equal names, equal crops
    counts: dict[tuple[str, int | None], int] = {}
    names = []
    for name, item, _ in entries_of(document):
        counts[name, item] = counts.get((name, item), 0) + 1
        row = "" if item is None else f"item{item + 1}-"
        names.append(f"{stem}-{row}{safe_stem(name, limit=60)}-{counts[name, item]}.png")
    return names


def write_crops(document: Data, source: Path, pool: ReaderPool, folder: Path, *, relative_to: Path) -> dict[str, Any]:
    """Write the crops of one document.

    Args:
        document: Plain data of a document of docgrid.extraction/1.
        source: The file it was read from.
        pool: Renders pages in a child process.
        folder: Where the PNG files go.
        relative_to: The folder of the JSON; `crop` keys are paths from there, with forward slashes.

    Returns:
        A copy of `document` with a `crop` in every entry whose place could be drawn.
    """
    result: dict[str, Any] = copy.deepcopy(dict(document))
    places = crop_boxes(result)
    if not places:
        return result
    pictures = pool.crops(source, places, dpi=CROP_DPI)
    entries: Sequence[Any] = [entry for _, _, entry in entries_of(result)]
    for entry, name, picture in zip(entries, crop_names(result), pictures, strict=True):
        if picture is None:
            continue
        with atomic_path(folder / name) as temporary:
            picture.save(temporary, format="PNG")
        entry["crop"] = (folder / name).relative_to(relative_to).as_posix()
    return result
