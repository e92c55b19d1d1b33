"""What decoding can reach at best: true labels as word probabilities, through the same decoder as the networks' answers.

    python benchmarks/oracle.py DATA [--limit N] [--lost]

Every word that holds a character of a value gets probability 1 for that field, every other word 0. What is then still wrong was
lost by finding the values' places (alignment), by cutting texts at words, or by the decoder; no network can do better.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from docgrid.datasets import Record, load, open_dataset
from docgrid.decoding import Decoded, FieldPrediction, decode_document
from docgrid.errors import DocgridError
from docgrid.labels import LabelledDocument, LabelledField
from docgrid.page import Document
from docgrid.reading import read_document
from docgrid.schema import Schema
from docgrid.values import fold, same_value


@dataclass(frozen=True)
class TruePage:
    """True labels of one page in the shape of a network's answer."""

    word_probabilities: NDArray[np.float32]
    item_boxes: NDArray[np.float32]
    item_scores: NDArray[np.float32]
    item_starts: NDArray[np.float32] | None


def true_pages(labelled: LabelledDocument, schema: Schema) -> list[TruePage]:
    """Probability 1 on the words that hold a character of a value."""
    pages = []
    for page in labelled.document.pages:
        words = np.zeros((len(page.characters.word_starts), len(schema.fields)), np.float32)
        for field in labelled.fields:
            for occurrence in field.occurrences:
                if occurrence.page == page.number:
                    column = schema.class_of(field.name) - 1
                    words[page.characters.word_rank[list(occurrence.characters)], column] = 1
        pages.append(TruePage(words, np.zeros((0, 4), np.float32), np.zeros(0, np.float32), None))
    return pages


def text_of(document: Document, field: FieldPrediction) -> str:
    """The verbatim text of a field in one line."""
    page = next(page for page in document.pages if page.number == field.page)
    return page.characters.text_of(np.array(field.characters)).replace("\n", " ")


def judge(labelled: LabelledDocument, decoded: Decoded, schema: Schema) -> Iterator[tuple[str, str, str, bool, bool, bool]]:
    """For every true or found field: name, truth, text, and whether it is exact, folded and typed equal."""
    truth = {field.name: field.value for field in labelled.fields if field.item is None}
    found = {field.name: text_of(labelled.document, field) for field in reversed(decoded.fields)}
    for name in sorted(truth.keys() | found.keys()):
        wanted, text = truth.get(name, ""), found.get(name, "")
        kind = schema.field(name).type
        exact = " ".join(wanted.split()) == " ".join(text.split())
        typed = bool(wanted and text) and same_value(text, wanted, kind, decoded.locale)
        yield name, wanted, text, exact, fold(wanted) == fold(text), typed or fold(wanted) == fold(text)


def items_of(document: Document, decoded: Decoded) -> list[dict[str, str]]:
    """The line items as texts."""
    return [{field.name: text_of(document, field) for field in item.fields} for item in decoded.line_items]


def judge_items(labelled: LabelledDocument, decoded: Decoded, schema: Schema) -> tuple[Counter[str], list[str]]:
    """Counts of line-item fields matched row by row in order of best agreement, and what was lost."""
    true: dict[int, list[LabelledField]] = {}
    for field in labelled.fields:
        if field.item is not None:
            true.setdefault(field.item, []).append(field)
    found = items_of(labelled.document, decoded)
    counts: Counter[str] = Counter(true=sum(map(len, true.values())), found=sum(map(len, found)))
    counts.update(true_items=len(true), found_items=len(found))
    left, lost = list(found), []
    for fields in true.values():
        right = [sum(_same(item, field, schema, decoded) for field in fields) for item in left]
        best = int(np.argmax(right)) if right else -1
        if best < 0 or not right[best]:
            lost += [f"{field.name}: {field.value!r} -> no item" for field in fields]
            continue
        item = left.pop(best)
        counts["matched"] += right[best]
        lost += [
            f"{field.name}: {field.value!r} -> {item.get(field.name)!r}"
            for field in fields
            if not _same(item, field, schema, decoded)
        ]
    return counts, lost


def _same(item: dict[str, str], field: LabelledField, schema: Schema, decoded: Decoded) -> bool:
    text = item.get(field.name, "")
    if not text:
        return False
    kind = schema.field(field.name).type
    return same_value(text, field.value, kind, decoded.locale) or same_value(text, field.value, kind)


def measure(records: tuple[Record, ...], schema: Schema, *, show_lost: bool) -> None:
    """Decode every record from its true labels and print the counts."""
    header: Counter[tuple[str, str]] = Counter()
    items: Counter[str] = Counter()
    for record in records:
        try:
            labelled = load(record, schema, read_document)
        except DocgridError as error:
            print(record.id, error.problem)
            continue
        decoded = decode_document(labelled.document, true_pages(labelled, schema), schema)
        for name, wanted, text, exact, folded, typed in judge(labelled, decoded, schema):
            for key, hit in (
                ("true", bool(wanted)),
                ("found", bool(text)),
                ("exact", exact),
                ("folded", folded),
                ("typed", typed),
            ):
                header[name, key] += hit
            if show_lost and not (exact and typed):
                print(f"{record.id} {'exact' if typed else 'WRONG'} {name}: {wanted!r} -> {text!r}")
        counts, lost = judge_items(labelled, decoded, schema)
        items += counts
        for line in lost if show_lost else []:
            print(f"{record.id} ITEM {line}")
    report(header, items)


def report(header: Counter[tuple[str, str]], items: Counter[str]) -> None:
    """Print F1 for every field and over all."""
    names = sorted({name for name, _ in header})
    for name in names:
        print(f"{name:32s}" + "".join(f" {key} {_f1(header, [name], key):5.1f}" for key in ("exact", "folded", "typed")))
    print(f"{'all fields':32s}" + "".join(f" {key} {_f1(header, names, key):5.1f}" for key in ("exact", "folded", "typed")))
    if items["true"]:
        print(f"line items {items['true_items']} true, {items['found_items']} found; ", end="")
        print(f"their fields typed F1 {200 * items['matched'] / (items['true'] + items['found']):5.1f}")


def _f1(header: Counter[tuple[str, str]], names: list[str], key: str) -> float:
    total = sum(header[name, "true"] + header[name, "found"] for name in names)
    return 200 * sum(header[name, key] for name in names) / max(total, 1)


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="a dataset folder")
    parser.add_argument("--limit", type=int, help="only the first N documents")
    parser.add_argument("--lost", action="store_true", help="print every value that is lost")
    options = parser.parse_args()
    dataset = open_dataset(options.data)
    measure(dataset.records[: options.limit], dataset.schema, show_lost=options.lost)


if __name__ == "__main__":
    main()
