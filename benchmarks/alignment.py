"""How many true values are found on the pages, and how they are printed there.

    python benchmarks/alignment.py DATA... [--ocr auto] [--missing]

For each field: values, found, printed exactly as labelled (white space apart), so after folding, mean places of a found value.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np

from docgrid.datasets import Dataset, Record, load_aligned, open_dataset
from docgrid.errors import DocgridError
from docgrid.labels import LabelledDocument, LabelledField
from docgrid.page import Document
from docgrid.reading import read_document
from docgrid.reading.options import OcrEngineName, ReadingOptions
from docgrid.values import fold


class Tally:
    """Counts of one dataset."""

    def __init__(self) -> None:
        self.values: Counter[str] = Counter()
        self.found: Counter[str] = Counter()
        self.exact: Counter[str] = Counter()
        self.folded: Counter[str] = Counter()
        self.places: Counter[str] = Counter()
        self.pages = 0
        self.seconds = 0.0
        self.missing: list[str] = []

    def add(self, labelled: LabelledDocument) -> None:
        """Count one document."""
        self.pages += len(labelled.document.pages)
        for entry in labelled.fields:
            self.values[entry.name] += 1
            if not entry.occurrences:
                item = "" if entry.item is None else f" of item {entry.item}"
                self.missing.append(f"{labelled.id}: {entry.name}{item} {entry.value!r}")
                continue
            printed = texts_of(labelled.document, entry)
            self.found[entry.name] += 1
            self.places[entry.name] += len(printed)
            self.exact[entry.name] += " ".join(entry.value.split()) in printed
            self.folded[entry.name] += fold(entry.value) in {fold(text) for text in printed}


def texts_of(document: Document, entry: LabelledField) -> list[str]:
    """What the page prints at each place of a field, in one line."""
    pages = {page.number: page.characters for page in document.pages}
    return [" ".join(pages[place.page].text_of(np.array(place.characters)).split()) for place in entry.occurrences]


def measure(dataset: Dataset, options: ReadingOptions) -> Tally:
    """Read and align every record."""
    tally = Tally()
    for record in dataset.records:
        try:
            document = record.given() if record.given is not None else read_document(record.path, options)
        except DocgridError as error:
            print(f"{record.id}: {error.problem}")
            continue
        started = time.process_time()
        labelled = _aligned(record, dataset, document)
        tally.seconds += time.process_time() - started
        tally.add(labelled)
    return tally


def _aligned(record: Record, dataset: Dataset, document: Document) -> LabelledDocument:
    if record.given is not None:
        record = replace(record, given=lambda: document)
    return load_aligned(record, dataset.schema, lambda _: document)[0]


def report(dataset: Dataset, tally: Tally) -> None:
    """Print the table of one dataset."""
    milliseconds = 1000 * tally.seconds / max(tally.pages, 1)
    print(
        f"{dataset.name}: {len(dataset.records)} documents, {tally.pages} pages, {milliseconds:.1f} ms of processor time a page"
    )
    print(f"  {'field':28}{'values':>8}{'found':>8}{'':>8}{'exact':>8}{'folded':>8}{'places':>8}")
    for name in [name for name in dataset.schema.names if tally.values[name]]:
        count, found = tally.values[name], tally.found[name]
        places = tally.places[name] / max(found, 1)
        print(f"  {name:28}{count:8}{found:8}{found / count:8.1%}{tally.exact[name]:8}{tally.folded[name]:8}{places:8.2f}")


def main() -> None:
    """Measure the datasets named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="+", type=Path)
    parser.add_argument("--ocr", type=OcrEngineName, default=OcrEngineName.OFF)
    parser.add_argument("--missing", action="store_true", help="list what was not found")
    arguments = parser.parse_args()
    for folder in arguments.data:
        dataset = open_dataset(folder)
        tally = measure(dataset, ReadingOptions(ocr=arguments.ocr))
        report(dataset, tally)
        if arguments.missing:
            print("\n".join(f"  {line}" for line in tally.missing))


if __name__ == "__main__":
    main()
