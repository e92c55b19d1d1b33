"""How many true values are found on the pages, and how they are printed there.

    python benchmarks/alignment.py DATA... [--ocr auto] [--missing] [--boxes]

For each field: values, found, printed exactly as labelled (white space apart), so after folding, mean places of a found value.

With --boxes, for datasets with true places (drawn boxes, FUNSD's words): the places are taken away, dates and amounts are
given in their typed form as a spreadsheet has them (FUNSD: texts), `docgrid data label` finds the places again, and what it
writes is compared with the truth. A box is right when four fifths of its characters or more belong to a true place of the field.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from pathlib import Path

import numpy as np

from docgrid.datasets import Dataset, Record, align, load_aligned, open_dataset
from docgrid.datasets.labelling import SEARCH
from docgrid.datasets.settling import settle
from docgrid.errors import DocgridError
from docgrid.labels import LabelledDocument, LabelledField
from docgrid.page import Document
from docgrid.reading import read_document
from docgrid.reading.options import OcrEngineName, ReadingOptions
from docgrid.schema import FieldType, Schema
from docgrid.values import decide_locale, fold, parse_value

RIGHT = 0.8  # share of a box's characters
TYPED = (FieldType.DATE, FieldType.MONEY, FieldType.NUMBER, FieldType.PERCENT)


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


@dataclass
class BoxTally:
    """Counts of boxes written against true places."""

    values: Counter[str] = dataclass_field(default_factory=Counter)  # whose place on the page is known
    found: Counter[str] = dataclass_field(default_factory=Counter)  # with a right box
    written: Counter[str] = dataclass_field(default_factory=Counter)
    right: Counter[str] = dataclass_field(default_factory=Counter)

    def add(self, truth: LabelledDocument, labelled: LabelledDocument) -> None:
        """Count one document."""
        rows: dict[tuple[str, int | None], set[tuple[int, int]]] = defaultdict(set)
        for entry in truth.fields:
            rows[entry.name, entry.item] |= {(place.page, row) for place in entry.occurrences for row in place.characters}
        for entry in labelled.fields:
            own = rows[entry.name, entry.item]
            hits = [sum((place.page, row) in own for row in place.characters) for place in entry.occurrences]
            right = [hit >= RIGHT * len(place.characters) for hit, place in zip(hits, entry.occurrences, strict=True)]
            self.values[entry.name] += 1
            self.written[entry.name] += len(right)
            self.right[entry.name] += sum(right)
            self.found[entry.name] += any(right)


def known_values(truth: LabelledDocument, schema: Schema) -> list[LabelledField]:
    """The values that stand on the page, once each, as a spreadsheet has them."""
    locale = decide_locale([line for page in truth.document.pages for line in page.text.split("\n")])
    known: dict[tuple[str, str, int | None], LabelledField] = {}
    for entry in truth.fields:
        kind = schema.field(entry.name).type
        typed = parse_value(entry.value, kind, locale).value if kind in TYPED else None
        value = typed or " ".join(entry.value.split())
        if entry.occurrences:
            key = (entry.name, typed or fold(value), entry.item)
            known.setdefault(key, LabelledField(entry.name, value, entry.item, normal=typed or ""))
    return list(known.values())


def measure_boxes(dataset: Dataset, options: ReadingOptions) -> BoxTally:
    """Find the places of a whole dataset again, and compare."""
    truths, aligned = [], []
    for record in dataset.records:
        document = record.given() if record.given is not None else read_document(record.path, options)
        truth = _aligned(record, dataset, document)
        truths.append(truth)
        fields = align(document, known_values(truth, dataset.schema), dataset.schema, SEARCH).fields
        aligned.append(replace(truth, fields=fields))
    tally = BoxTally()
    for truth, labelled in zip(truths, settle(aligned, dataset.schema), strict=True):
        tally.add(truth, labelled)
    return tally


def report_boxes(dataset: Dataset, tally: BoxTally) -> None:
    """Print the table of one dataset."""
    print(f"{dataset.name}: {len(dataset.records)} documents")
    print(f"  {'field':28}{'on page':>8}{'found':>8}{'boxes':>8}{'right':>8}")
    names = [name for name in dataset.schema.names if tally.values[name]]
    for name, own in [(name, [name]) for name in names] + [("all", names)]:
        values, found, written, right = (
            sum(counter[one] for one in own) for counter in (tally.values, tally.found, tally.written, tally.right)
        )
        print(f"  {name:28}{values:8}{found / values:8.1%}{written:8}{right / max(written, 1):8.1%}")


def main() -> None:
    """Measure the datasets named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="+", type=Path)
    parser.add_argument("--ocr", type=OcrEngineName, default=OcrEngineName.OFF)
    parser.add_argument("--boxes", action="store_true", help="compare the boxes that data label writes with true ones")
    parser.add_argument("--missing", action="store_true", help="list what was not found")
    arguments = parser.parse_args()
    for folder in arguments.data:
        dataset = open_dataset(folder)
        if arguments.boxes:
            report_boxes(dataset, measure_boxes(dataset, ReadingOptions(ocr=arguments.ocr)))
            continue
        tally = measure(dataset, ReadingOptions(ocr=arguments.ocr))
        report(dataset, tally)
        if arguments.missing:
            print("\n".join(f"  {line}" for line in tally.missing))


if __name__ == "__main__":
    main()
