"""Line items: rows of words grouped into items, and the fields inside each item."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from docgrid.decoding.blocks import border_of
from docgrid.decoding.fields import TYPED, column_of
from docgrid.decoding.lines import PageLines
from docgrid.decoding.nouns import FieldPrediction, ItemPrediction, WordEvidence
from docgrid.decoding.rows import Group, group_rows, once_columns, rows_of, without_carried
from docgrid.decoding.settings import DecodingSettings
from docgrid.decoding.spans import identifier_rows, trimmed
from docgrid.decoding.typed import Place, places_of, prediction_of, scores_of
from docgrid.schema import FieldSpec, FieldType, Schema

_RICH = 4  # where a schema has so many line-item fields, an item has at least two of them
Owner = dict[tuple[int, int], int]  # (page, word) -> number of the group


def decode_items(
    pages: Sequence[PageLines], predictions: Sequence[WordEvidence], schema: Schema, settings: DecodingSettings
) -> list[ItemPrediction]:
    """The line items of a document, from top to bottom over all pages; one may go on over a page break.

    Groups without any amount or count are table headers or remarks and are left out.
    """
    once = once_columns(schema.fields)
    rows = [
        row
        for number, (page, evidence) in enumerate(zip(pages, predictions, strict=True))
        for row in rows_of(page, number, evidence, schema.fields, settings)
    ]
    groups = group_rows(without_carried(rows, pages, once), schema.fields, settings) if rows else []
    owner: Owner = {(row.page, word): number for number, group in enumerate(groups) for row in group for word in row.words}
    typed = _typed_fields(pages, predictions, schema, settings, owner)
    core = {spec.name for spec in schema.fields if spec.line_item and spec.type in (FieldType.MONEY, FieldType.NUMBER)}
    least = 2 if sum(spec.line_item for spec in schema.fields) >= _RICH else 1
    items: list[ItemPrediction] = []
    for number, group in enumerate(groups):
        fields = _fields_of(pages, predictions, schema, settings, group, typed.get(number, {}))
        if len(fields) < least or (core and not core & typed.get(number, {}).keys()):
            continue
        item = _item(fields, len(items))
        if item.score >= settings.item_score:
            items.append(item)
    return items


def _item(fields: Sequence[FieldPrediction], number: int) -> ItemPrediction:
    numbered = tuple(replace(entry, item=number) for entry in fields)
    score = float(np.mean([entry.score for entry in fields]))
    return ItemPrediction(numbered, tuple(sorted({entry.page for entry in fields})), score)


def _typed_fields(
    pages: Sequence[PageLines],
    predictions: Sequence[WordEvidence],
    schema: Schema,
    settings: DecodingSettings,
    owner: Owner,
) -> dict[int, dict[str, Place]]:
    """For each group the best candidate of each typed field."""
    result: dict[int, dict[str, Place]] = {}
    columns = [column for column, spec in enumerate(schema.fields) if spec.line_item]
    highest = [evidence.word_probabilities[:, columns].max(axis=1, initial=0) for evidence in predictions]
    for spec in schema.fields:
        if not spec.line_item or spec.type not in TYPED:
            continue
        # A word serves its best field, and others only where they are likely on their own.
        own = [
            np.where((of_words >= best) | (of_words >= settings.seed), of_words, 0).astype(np.float32)
            for of_words, best in zip(column_of(predictions, schema, spec), highest, strict=True)
        ]
        for place in places_of(pages, own, spec, settings):
            number = owner.get((place.page, place.words[0]))
            if number is not None and place.score >= settings.item_word:
                result.setdefault(number, {}).setdefault(spec.name, place)  # places come best first
    return result


def _fields_of(
    pages: Sequence[PageLines],
    predictions: Sequence[WordEvidence],
    schema: Schema,
    settings: DecodingSettings,
    group: Group,
    typed: dict[str, Place],
) -> list[FieldPrediction]:
    """The fields of one item, in the order of the schema."""
    fields: list[FieldPrediction] = []
    for column, spec in enumerate(schema.fields):
        if spec.name in typed:
            fields.append(prediction_of(pages, spec, typed[spec.name]))
        elif spec.line_item and spec.type not in TYPED:
            for number in sorted({row.page for row in group}):
                words = [
                    word
                    for row in group
                    if row.page == number
                    for word, field in zip(row.words, row.fields, strict=True)
                    if field == column
                ]
                if words:
                    of_words = predictions[number].word_probabilities[:, column]
                    entry = _text_field(pages[number], spec, _bridged(pages[number], sorted(words), settings), of_words)
                    fields += [entry] if entry else []
    return fields


def _bridged(page: PageLines, words: list[int], settings: DecodingSettings) -> NDArray[np.int64]:
    """The words with the few others that stand between two of them on one line."""
    full = set(words)
    for before, after in zip(words[:-1], words[1:], strict=True):
        if after - before <= settings.bridge_words + 1 and page.line_of_word[before] == page.line_of_word[after]:
            full.update(range(before, after))
    return np.array(sorted(full), np.int64)


def _best_line(page: PageLines, words: NDArray[np.int64], of_words: NDArray[np.float32]) -> NDArray[np.int64]:
    """The words on the line with the highest mean probability, the first one of equals."""
    lines = page.line_of_word[words]
    numbers = np.unique(lines)
    means = [float(of_words[words[lines == number]].mean()) for number in numbers]
    best: NDArray[np.int64] = words[lines == numbers[int(np.argmax(means))]]
    return best


def _text_field(
    page: PageLines, spec: FieldSpec, words: NDArray[np.int64], of_words: NDArray[np.float32]
) -> FieldPrediction | None:
    if not spec.multiline:
        words = _best_line(page, words, of_words)
    rows, value = page.rows_of_words(words), None
    if spec.type is FieldType.IDENTIFIER:
        rows, value = identifier_rows(page, rows)
    else:
        rows = trimmed(page, rows)
    if not rows:
        return None
    score = float(np.average(of_words[words], weights=page.word_lengths[words]))
    scores = scores_of(page, rows, score, float(of_words[words].min()), border_of(page, words, of_words))
    return FieldPrediction(spec.name, page.page.number, rows, score, scores, value=value)
