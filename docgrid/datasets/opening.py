"""Which dataset a folder holds, and opening it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from docgrid.datasets.base import Dataset, DatasetFormat, Problems, documents_in, own_schema, read_json
from docgrid.datasets.coco import is_coco, open_coco
from docgrid.datasets.cord import is_cord, open_cord
from docgrid.datasets.csvvalues import is_csv, open_csv
from docgrid.datasets.docile import is_docile, open_docile
from docgrid.datasets.doctr import is_doctr, open_doctr
from docgrid.datasets.donut import is_donut, open_donut
from docgrid.datasets.einvoice import looks_like_einvoice, open_einvoice
from docgrid.datasets.funsd import is_funsd, open_funsd
from docgrid.datasets.labelstudio import is_label_studio, open_label_studio
from docgrid.datasets.native import is_native, open_native
from docgrid.datasets.paddleocr import is_paddleocr, open_paddleocr
from docgrid.datasets.pairs import HOW_TO_LABEL, folders_with_pairs, open_pairs
from docgrid.datasets.splitfile import with_split
from docgrid.datasets.sroie import is_sroie, open_sroie
from docgrid.datasets.wildreceipt import is_wildreceipt, open_wildreceipt
from docgrid.datasets.xfund import is_xfund, open_xfund
from docgrid.errors import DatasetError
from docgrid.schema import Schema

OPENERS: dict[DatasetFormat, Callable[[Path, Schema | None], Dataset]] = {
    DatasetFormat.NATIVE: open_native,
    DatasetFormat.SROIE: open_sroie,
    DatasetFormat.VALUES: open_pairs,
    DatasetFormat.CSV: open_csv,
    DatasetFormat.EINVOICE: open_einvoice,
    DatasetFormat.FUNSD: open_funsd,
    DatasetFormat.XFUND: open_xfund,
    DatasetFormat.CORD: open_cord,
    DatasetFormat.WILDRECEIPT: open_wildreceipt,
    DatasetFormat.PADDLEOCR: open_paddleocr,
    DatasetFormat.DOCILE: open_docile,
    DatasetFormat.DONUT: open_donut,
    DatasetFormat.DOCTR: open_doctr,
    DatasetFormat.COCO: open_coco,
    DatasetFormat.LABEL_STUDIO: open_label_studio,
}
# In this order: the layouts that say more come first. COCO has folders of FUNSD's names, PaddleOCR files of WildReceipt's names,
# and documents of several pages lie in `documents/` beside the labels of any format.
_LAYOUTS: tuple[tuple[DatasetFormat, Callable[[Path], bool]], ...] = (
    (DatasetFormat.SROIE, is_sroie),
    (DatasetFormat.DOCILE, is_docile),
    (DatasetFormat.CORD, is_cord),
    (DatasetFormat.COCO, is_coco),
    (DatasetFormat.FUNSD, is_funsd),
    (DatasetFormat.XFUND, is_xfund),
    (DatasetFormat.PADDLEOCR, is_paddleocr),
    (DatasetFormat.WILDRECEIPT, is_wildreceipt),
    (DatasetFormat.DONUT, is_donut),
    (DatasetFormat.DOCTR, is_doctr),
    (DatasetFormat.LABEL_STUDIO, is_label_studio),
    (DatasetFormat.CSV, is_csv),
    (DatasetFormat.NATIVE, is_native),
)


def recognise(root: Path) -> DatasetFormat:
    """The format of a dataset folder, by its layout.

    Raises:
        DatasetError: The folder is missing, empty, has no labels, or is of no known layout.
    """
    if not root.is_dir():
        raise DatasetError(f"{root} is not a folder", hint="Name the folder of a dataset.")
    found = next((format for format, has_layout in _LAYOUTS if has_layout(root)), None)
    if found is not None:
        return found
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


def open_dataset(
    root: Path, *, format: DatasetFormat | None = None, schema: Schema | None = None, with_parts: bool = True
) -> Dataset:
    """Open and check a dataset folder.

    Args:
        root: The folder.
        format: Its layout; recognised when not given.
        schema: The fields to use; when not given those that the folder's `docgrid.toml` names, else the dataset's own.
        with_parts: Give the records the parts that `docgrid data split` wrote, where it did.

    Raises:
        DatasetError: The folder or its labels are wrong; all problems in one message that names files, fields and what to do.
    """
    if not root.is_dir():
        raise DatasetError(f"{root} is not a folder", hint="Name the folder of a dataset.")
    dataset = OPENERS[format or recognise(root)](root, schema or own_schema(root))
    return with_split(dataset) if with_parts else dataset
