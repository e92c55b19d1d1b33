"""What was decoded -> the result: typed, located, judged. Nothing is invented: every text is made of characters on a page."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from docgrid.decoding import Decoded, DecodingSettings, FieldPrediction, confidence_of
from docgrid.errors import DocumentStatus
from docgrid.extraction.checks import Finding, check_fields, check_item, check_sum_of_lines
from docgrid.extraction.models import (
    Alternative,
    Check,
    Decision,
    DocumentExtraction,
    Edges,
    ExtractedField,
    LineItem,
    LocaleInfo,
    OcrInfo,
    PageInfo,
    Problem,
)
from docgrid.files import safe_stem
from docgrid.geometry import Box
from docgrid.page import Document, Page
from docgrid.schema import FieldType, Schema
from docgrid.values import Value, parse_value

_BOX_DIGITS = 5
_SCORE_DIGITS = 4


@dataclass(frozen=True)
class Judgement:
    """What a model's card says about turning predictions into decisions."""

    settings: DecodingSettings = field(default_factory=DecodingSettings)
    calibration: Mapping[str, Sequence[float]] = field(default_factory=dict)
    known_fields: Collection[str] | None = None  # fields that training had examples of; None: all of the schema
    trusted: bool = True  # the document is like those that the confidences were fitted on; else no field is accepted


def build_document(
    document: Document,
    decoded: Decoded,
    schema: Schema,
    judgement: Judgement | None = None,
    *,
    source: Path | None = None,
    status: DocumentStatus = DocumentStatus.OK,
    warnings: Sequence[str] = (),
    timing_s: Mapping[str, float] | None = None,
) -> DocumentExtraction:
    """The result of one document.

    Args:
        document: What was read.
        decoded: What was found in it.
        schema: Types of the fields.
        judgement: Thresholds, calibration and known fields of the model.
        source: The input as the user named it; the document's own path when None.
        status: How reading ended.
        warnings: What else the user should know.
        timing_s: Seconds by step. Left empty where results are to be the same in every run.
    """
    judgement = judgement or Judgement()
    builder = _Builder(document, decoded, schema, judgement)
    fields = builder.by_name(decoded.fields)
    items = [builder.by_name(item.fields) for item in decoded.line_items]
    values = first_values(fields)
    item_values = [first_values(item) for item in items]
    findings = check_fields(values)
    whole = check_sum_of_lines(values, item_values)
    known = set(schema.names) if judgement.known_fields is None else set(judgement.known_fields)
    wanted = [spec.name for spec in schema.fields if not spec.line_item and spec.name in known]
    source = source or document.path
    return DocumentExtraction(
        id=safe_stem(source.stem, salt=document.sha256),
        source=_printable(source),
        sha256=document.sha256,
        status=status,
        warnings=[*_warnings(document), *warnings],
        ocr=_ocr_info(document),
        pages=[_page_info(page) for page in document.pages],
        locale=LocaleInfo(
            decimal_separator="," if decoded.locale.decimal_separator == "," else ".",
            day_first=decoded.locale.day_first,
            currency=decoded.locale.currency,
            language=decoded.locale.language,
        ),
        fields=builder.judged(fields, findings),
        line_items=[
            LineItem(
                id=number,
                pages=list(item.pages),
                confidence=_mean_confidence(entries),
                fields=builder.judged(entries, check_item(row)),
            )
            for number, (item, entries, row) in enumerate(zip(decoded.line_items, items, item_values, strict=True), start=1)
        ],
        missing=[name for name in wanted if name not in fields],
        checks=[finding.check for finding in (*findings, *([whole] if whole else []))],
        timing_s={name: round(seconds, 3) for name, seconds in (timing_s or {}).items()},
    )


def failed_document(source: Path, status: DocumentStatus, problem: str, hint: str = "") -> DocumentExtraction:
    """The result of a document that could not be worked on."""
    return DocumentExtraction(
        id=safe_stem(source.stem, salt=str(source)),
        source=_printable(source),
        sha256=None,
        status=status,
        errors=[Problem(problem=problem, hint=hint)],
    )


Entries = dict[str, list[ExtractedField]]


class _Builder:
    """Makes the fields of one document."""

    def __init__(self, document: Document, decoded: Decoded, schema: Schema, judgement: Judgement) -> None:
        self.pages = {page.number: page for page in document.pages}
        self.locale = decoded.locale
        self.schema = schema
        self.judgement = judgement

    def by_name(self, predictions: Sequence[FieldPrediction]) -> Entries:
        """Fields by name, in the order in which the names come."""
        entries: Entries = {}
        for prediction in predictions:
            entries.setdefault(prediction.name, []).append(self._field(prediction))
        return entries

    def _field(self, prediction: FieldPrediction) -> ExtractedField:
        page = self.pages[prediction.page]
        kind = self.schema.field(prediction.name).type
        text = text_of(page, prediction)
        value = self._value(prediction, kind, text)
        lines = line_boxes(page, prediction)
        return ExtractedField(
            text=text,
            value=value.value,
            type=kind,
            currency=(value.currency or self.locale.currency) if kind is FieldType.MONEY else None,
            page=page.number,
            bbox=box_of(page, prediction),
            lines=lines if len(lines) > 1 else [],
            confidence=self._confidence(prediction),
            scores={name: round(score, _SCORE_DIGITS) for name, score in prediction.scores.items()},
            decision=Decision.REVIEW,  # until its checks are made
            readings=list(value.alternatives),
            alternatives=[self._alternative(other, kind) for other in prediction.alternatives],
        )

    def _alternative(self, prediction: FieldPrediction, kind: FieldType) -> Alternative:
        page = self.pages[prediction.page]
        text = text_of(page, prediction)
        return Alternative(
            text=text,
            value=self._value(prediction, kind, text).value,
            page=page.number,
            bbox=box_of(page, prediction),
            confidence=self._confidence(prediction),
        )

    def _value(self, prediction: FieldPrediction, kind: FieldType, text: str) -> Value:
        return prediction.value or parse_value(text, kind, self.locale)

    def _confidence(self, prediction: FieldPrediction) -> float:
        return round(confidence_of(prediction, self.judgement.calibration), _SCORE_DIGITS)

    def judged(self, entries: Entries, findings: Sequence[Finding]) -> Entries:
        """The same fields with their checks and a decision. Checks between fields judge the first value of each."""
        return {
            name: [
                self._judged(entry, [finding.check for finding in findings if number == 0 and name in finding.fields])
                for number, entry in enumerate(values)
            ]
            for name, values in entries.items()
        }

    def _judged(self, entry: ExtractedField, checks: list[Check]) -> ExtractedField:
        settings = self.judgement.settings
        accepted = (
            self.judgement.trusted
            and entry.value is not None
            and entry.confidence >= settings.accept_confidence
            and entry.scores.get("ocr", 1.0) >= settings.accept_ocr
            and not (entry.type is FieldType.DATE and entry.readings)
            and all(check.passed for check in checks)
        )
        return entry.model_copy(update={"checks": checks, "decision": Decision.ACCEPT if accepted else Decision.REVIEW})


def first_values(entries: Entries) -> dict[str, str]:
    """The typed value of the first entry of every field that has one."""
    return {name: values[0].value for name, values in entries.items() if values[0].value is not None}


def text_of(page: Page, prediction: FieldPrediction) -> str:
    """The verbatim text of a prediction."""
    return page.characters.text_of(np.array(prediction.characters, np.int64))


def box_of(page: Page, prediction: FieldPrediction) -> Edges:
    """The box around all characters of a prediction, in 0..1 of the page."""
    return _relative(page, list(prediction.characters))


def line_boxes(page: Page, prediction: FieldPrediction) -> list[Edges]:
    """One box in 0..1 of the page for every text line of a prediction."""
    lines: dict[int, list[int]] = {}
    for row in prediction.characters:
        lines.setdefault(int(page.characters.line_index[row]), []).append(row)
    return [_relative(page, rows) for rows in lines.values()]


def _relative(page: Page, rows: list[int]) -> Edges:
    left, top, right, bottom = Box.around(page.characters.boxes[rows]).relative_to(page.width_pt, page.height_pt)
    return round(left, _BOX_DIGITS), round(top, _BOX_DIGITS), round(right, _BOX_DIGITS), round(bottom, _BOX_DIGITS)


def _mean_confidence(entries: Entries) -> float:
    values = [entry.confidence for several in entries.values() for entry in several]
    return round(sum(values) / len(values), _SCORE_DIGITS) if values else 0.0


def _printable(source: Path) -> str:
    """The path as text; names that are no UTF-8 stay writable."""
    return str(source).encode("utf-8", "backslashreplace").decode()


def _page_info(page: Page) -> PageInfo:
    return PageInfo(
        page=page.number,
        width_pt=round(page.width_pt, 3),
        height_pt=round(page.height_pt, 3),
        rotation=page.rotation,
        source=page.source.value,
    )


def _warnings(document: Document) -> list[str]:
    return [*document.warnings, *(f"page {page.number}: {text}" for page in document.pages for text in page.warnings)]


def _ocr_info(document: Document) -> OcrInfo:
    runs = [(page.number, page.ocr) for page in document.pages if page.ocr is not None]
    if not runs:
        return OcrInfo()
    first = runs[0][1]
    return OcrInfo(engine=first.engine, version=first.version, language=first.language, pages=[number for number, _ in runs])
