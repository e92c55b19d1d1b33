"""The program: a path is read, drawn as a chargrid, predicted, decoded, and becomes an extraction.

reading (a path -> Document)  ->  inference (chargrid, network -> probabilities)  ->  decoding (-> fields, line items)
->  extraction (typed, located, judged: the JSON)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from time import perf_counter

from docgrid.decoding import Decoded, DecodingSettings, FieldPrediction, decode_document
from docgrid.decoding.fields import TYPED
from docgrid.errors import DocumentStatus
from docgrid.extraction import DocumentExtraction, Judgement, build_document, failed_document
from docgrid.inference import WORDS_OF_PAGE_MAX, PagePrediction, Predictor
from docgrid.page import Document
from docgrid.reading import ReadingOptions
from docgrid.schema import Schema

_MANY_LOST = 0.05  # share of a page's characters that share a cell with another one: worth a warning


def extract(
    paths: Iterable[Path], predictor: Predictor, options: ReadingOptions | None = None, *, jobs: int | None = None
) -> Iterator[DocumentExtraction]:
    """The extraction of every path, in order; a document that cannot be read has a status that says why.

    Args:
        paths: Documents.
        predictor: A model, ready to predict.
        options: How documents are read.
        jobs: Reading processes; None: one for each core.
    """
    from docgrid.reading.isolation import ReaderPool  # starts processes, which single documents do not need

    with ReaderPool(options or ReadingOptions(), jobs=jobs) as pool:
        for result in pool.read(paths):
            if result.document is None or not result.status.has_pages:
                yield failed_document(result.path, result.status, result.problem, result.hint)
            else:
                yield extract_document(result.document, predictor, source=result.path, status=result.status)


def extract_document(
    document: Document,
    predictor: Predictor,
    *,
    source: Path | None = None,
    status: DocumentStatus = DocumentStatus.OK,
    timed: bool = False,
) -> DocumentExtraction:
    """The extraction of a document that was read already.

    Args:
        document: What was read.
        predictor: A model, ready to predict.
        source: The input as the user named it; the document's own path when None.
        status: How reading ended.
        timed: Note the seconds of each step; off by default, so that the same input gives the same result byte for byte.
    """
    card, schema = predictor.model.card, predictor.model.schema
    settings = DecodingSettings.from_dict(card.decoding)
    started = perf_counter()
    predictions = predictor.predict(document)
    predicted = perf_counter()
    layouts = predictor.model.layouts
    distance = None if layouts is None else layouts.distance(document)
    decoded = at_distance(decode_document(document, predictions, schema, settings), distance)
    timing_s = {"predict": predicted - started, "decode": perf_counter() - predicted} if timed else None
    trusted = layouts is None or distance is None or not layouts.is_foreign(distance)
    judgement = Judgement(settings, card.calibration, card.known_fields, trusted)
    warnings = [*_lost_characters(document, predictions), *_words_left_out(document)]
    if layouts is not None and distance is not None and (unfamiliar := layouts.warning(distance)):
        warnings.append(unfamiliar)
    if not trusted and not _has_typed_value(decoded, schema):
        decoded = replace(decoded, fields=(), line_items=())
    return build_document(
        document, decoded, schema, judgement, source=source, status=status, warnings=warnings, timing_s=timing_s
    )


def at_distance(decoded: Decoded, distance: float | None) -> Decoded:
    """The same fields, whose scores also say how far the document is from all training documents; None: that is not known."""
    if distance is None:
        return decoded

    def with_distance(entry: FieldPrediction) -> FieldPrediction:
        alternatives = tuple(with_distance(other) for other in entry.alternatives)
        return replace(entry, scores={**entry.scores, "distance": distance}, alternatives=alternatives)

    items = tuple(replace(item, fields=tuple(map(with_distance, item.fields))) for item in decoded.line_items)
    return replace(decoded, fields=tuple(map(with_distance, decoded.fields)), line_items=items)


def _has_typed_value(decoded: Decoded, schema: Schema) -> bool:
    """Whether any date or number was found: names alone, on a page like none trained on, are those of a letter or a poem."""
    found = (*decoded.fields, *(entry for item in decoded.line_items for entry in item.fields))
    return any(schema.field(entry.name).type in TYPED for entry in found)


def _lost_characters(document: Document, predictions: Iterable[PagePrediction]) -> list[str]:
    """Warnings for pages that are too dense for the model's grid."""
    return [
        f"page {page.number}: {prediction.lost_characters} of {len(page.characters)} characters share a grid cell with others"
        for page, prediction in zip(document.pages, predictions, strict=True)
        if prediction.lost_characters > _MANY_LOST * len(page.characters)
    ]


def _words_left_out(document: Document) -> list[str]:
    """Warnings for pages with more words than the network is shown."""
    counts = {page.number: len(page.characters.word_starts) for page in document.pages}
    return [
        f"page {number}: fields were looked for in the first {WORDS_OF_PAGE_MAX:,} of {count:,} words"
        for number, count in counts.items()
        if count > WORDS_OF_PAGE_MAX
    ]
