"""Dataset folders -> records of documents and true fields; `load` reads one and finds the places of its values."""

from __future__ import annotations

from docgrid.datasets.align import Alignment, AlignSettings, align
from docgrid.datasets.base import Dataset, DatasetFormat, Record
from docgrid.datasets.loading import load, load_aligned
from docgrid.datasets.opening import open_dataset, recognise
from docgrid.datasets.refine import refine
from docgrid.datasets.splits import Together, split_by_layout, split_records

__all__ = [
    "AlignSettings",
    "Alignment",
    "Dataset",
    "DatasetFormat",
    "Record",
    "Together",
    "align",
    "load",
    "load_aligned",
    "open_dataset",
    "recognise",
    "refine",
    "split_by_layout",
    "split_records",
]
