"""Which dataset a folder holds, and opening it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from docgrid.datasets.base import Dataset, DatasetFormat, Problems, documents_in, read_json
from docgrid.datasets.einvoice import looks_like_einvoice, open_einvoice
from docgrid.datasets.funsd import is_funsd, open_funsd
from docgrid.datasets.native import is_native, open_native
from docgrid.datasets.pairs import HOW_TO_LABEL, folders_with_pairs, open_pairs
from docgrid.datasets.sroie import is_sroie, open_sroie
from docgrid.datasets.wildreceipt import is_wildreceipt, open_wildreceipt
from docgrid.errors import DatasetError
from docgrid.schema import Schema

OPENERS: dict[DatasetFormat, Callable[[Path, Schema | None], Dataset]] = {
    DatasetFormat.NATIVE: open_native,
    DatasetFormat.SROIE: open_sroie,
    DatasetFormat.VALUES: open_pairs,
    DatasetFormat.EINVOICE: open_einvoice,
    DatasetFormat.FUNSD: open_funsd,
    DatasetFormat.WILDRECEIPT: open_wildreceipt,
}


def recognise(root: Path) -> DatasetFormat:
    """The format of a dataset folder, by its layout.

    Raises:
        DatasetError: The folder is missing, empty, has no labels, or is of no known layout.
    """
    if not root.is_dir():
        raise DatasetError(f"{root} is not a folder", hint="Name the folder of a dataset.")
    if is_sroie(root):
        return DatasetFormat.SROIE
    if is_native(root):
        return DatasetFormat.NATIVE
    if is_funsd(root):
        return DatasetFormat.FUNSD
    if is_wildreceipt(root):
        return DatasetFormat.WILDRECEIPT
    with_pairs = folders_with_pairs(root)
    if with_pairs:
        labels = next(path.with_suffix(".json") for path in documents_in(with_pairs[0]) if path.with_suffix(".json").is_file())
        return DatasetFormat.EINVOICE if looks_like_einvoice(read_json(labels, Problems(root))) else DatasetFormat.VALUES
    documents = documents_in(root)
    if any(b"invoice" in path.read_bytes().lower() for path in documents[:5] if path.suffix.lower() == ".pdf"):
        return DatasetFormat.EINVOICE
    if documents:
        raise DatasetError(f"{root} has {len(documents)} documents but no labels", hint=HOW_TO_LABEL)
    raise DatasetError(f"{root} is no dataset that docgrid knows", hint=f"Known layouts: {', '.join(OPENERS)}. {HOW_TO_LABEL}")


def open_dataset(root: Path, *, format: DatasetFormat | None = None, schema: Schema | None = None) -> Dataset:
    """Open and check a dataset folder.

    Args:
        root: The folder.
        format: Its layout; recognised when not given.
        schema: The fields to use; the dataset's own when not given.

    Raises:
        DatasetError: The folder or its labels are wrong; all problems in one message that names files, fields and what to do.
    """
    return OPENERS[format or recognise(root)](root, schema)
