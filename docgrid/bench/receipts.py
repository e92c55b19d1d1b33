"""How many of the words of real receipts are read, and how long it takes: over a folder in the layout of SROIE."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from docgrid.bench.machine import Stopwatch
from docgrid.datasets.sroie import open_sroie
from docgrid.reading import OcrEngineName, ReadingOptions, read_document

FIRST_RECEIPT = 3  # the receipts are taken from this one on, at even distances


@dataclass(frozen=True)
class ReceiptScore:
    """What was found of the true words, over all receipts."""

    receipts: int
    recall: float
    precision: float
    recall_ignoring_spaces: float  # the word stands somewhere in the text of the receipt without its spaces
    processor_s: float  # median of a receipt, one thread


def score_receipts(folder: Path, count: int, engine: OcrEngineName) -> ReceiptScore:
    """Read every so-many-th receipt and compare its words with those of the dataset, folded to capital letters and digits.

    Args:
        folder: With `img/ID.jpg`, `box/ID.txt` and `entities/ID.txt`.
        count: Receipts at most.
        engine: That reads.

    Raises:
        DatasetError: The folder has no receipts, or files are missing or damaged.
    """
    records = open_sroie(folder).records
    records = records[min(FIRST_RECEIPT, len(records) - 1) :: max(len(records) // count, 1)][:count]
    options = ReadingOptions(ocr=engine, ocr_threads=1)
    read_document(records[0].path, options)  # loads the engine
    found = true = read = inside = 0
    seconds = []
    for record in records:
        truth = words_of([] if record.given is None else record.given().pages[0].characters.word_texts)
        watch = Stopwatch()
        page = read_document(record.path, options).pages[0]
        seconds.append(watch.seconds().processor)
        words = words_of(page.characters.word_texts)
        everything = fold(page.text)
        found += (words & truth).total()
        true += truth.total()
        read += words.total()
        inside += sum(times for word, times in truth.items() if word in everything)
    return ReceiptScore(len(records), found / max(true, 1), found / max(read, 1), inside / max(true, 1), median(seconds))


def words_of(texts: Iterable[str]) -> Counter[str]:
    """Words folded to capital letters and digits; those without any are left out."""
    return Counter(word for text in texts if (word := fold(text)))


def fold(text: str) -> str:
    """The capital letters and digits of a text."""
    return re.sub(r"[^A-Z0-9]", "", text.upper())
