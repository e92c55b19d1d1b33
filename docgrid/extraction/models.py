"""The JSON contract "docgrid.extraction/1" as pydantic models. Keys may be added within /1, never changed or taken away.

Boxes are [left, top, right, bottom] in 0..1 of the page as displayed, origin top-left. Pages count from 1. A field is always a
list.
"""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from docgrid.errors import DocumentStatus
from docgrid.schema import FieldType

SCHEMA_NAME: Literal["docgrid.extraction/1"] = "docgrid.extraction/1"

Edge = Annotated[float, Field(ge=0, le=1)]
Edges = tuple[Edge, Edge, Edge, Edge]
Probability = Annotated[float, Field(ge=0, le=1)]


class Strict(BaseModel):
    """No NaN or infinity anywhere; immutable."""

    model_config = ConfigDict(allow_inf_nan=False, frozen=True, populate_by_name=True)


class Decision(StrEnum):
    """What to do with a field."""

    ACCEPT = "accept"
    REVIEW = "review"


class Check(Strict):
    """One test of a value, by itself or against others."""

    name: str
    passed: bool
    detail: str


class Alternative(Strict):
    """Another value that the field may have."""

    text: str
    value: str | None
    page: int = Field(ge=1)
    bbox: Edges
    confidence: Probability


class ExtractedField(Strict):
    """One value on the page."""

    text: str = Field(description="Verbatim characters of the page; a line break between text lines.")
    value: str | None = Field(description="Typed: ISO 8601 date, plain decimal, ISO 4217 code, else text; null if unreadable.")
    type: FieldType
    currency: str | None = Field(default=None, description="ISO 4217, for amounts of money.")
    page: int = Field(ge=1)
    bbox: Edges = Field(description="Around all characters.")
    lines: list[Edges] = Field(default_factory=list, description="One box for each text line, where there are several.")
    confidence: Probability = Field(description="Probability that the value is right.")
    scores: dict[str, float] = Field(default_factory=dict, description="What the confidence is made of.")
    decision: Decision
    checks: list[Check] = Field(default_factory=list)
    readings: list[str] = Field(default_factory=list, description="Other typed values that the same text may mean.")
    alternatives: list[Alternative] = Field(default_factory=list, description="Other places that may be meant, best first.")
    label: str | None = Field(default=None, description="The printed caption, where it is known.")
    crop: str | None = Field(default=None, description="Picture of the place, relative to the JSON file.")


class LineItem(Strict):
    """One row of the table of goods."""

    id: int = Field(ge=1)
    pages: list[int]
    confidence: Probability
    fields: dict[str, list[ExtractedField]]


class PageInfo(Strict):
    """One page as displayed."""

    page: int = Field(ge=1)
    width_pt: float = Field(gt=0)
    height_pt: float = Field(gt=0)
    rotation: int
    source: str = Field(description="Where the text comes from: text_layer, ocr, given or none.")


class OcrInfo(Strict):
    """Which engine read which pages; all empty where no page was a scan."""

    engine: str = ""
    version: str = ""
    language: str = ""
    pages: list[int] = Field(default_factory=list)


class LocaleInfo(Strict):
    """How the document writes numbers and dates."""

    decimal_separator: Literal[".", ","] = "."
    day_first: bool | None = None
    currency: str | None = None
    language: str | None = None


class Problem(Strict):
    """Why a document failed, and what to do."""

    problem: str
    hint: str


class DocumentExtraction(Strict):
    """All that was found in one document, or why there is nothing."""

    id: str
    source: str
    sha256: str | None
    status: DocumentStatus
    errors: list[Problem] = Field(default_factory=list)
    warnings: list[str] = Field(default_factory=list)
    ocr: OcrInfo = Field(default_factory=OcrInfo)
    pages: list[PageInfo] = Field(default_factory=list)
    locale: LocaleInfo = Field(default_factory=LocaleInfo)
    fields: dict[str, list[ExtractedField]] = Field(default_factory=dict)
    line_items: list[LineItem] = Field(default_factory=list)
    missing: list[str] = Field(default_factory=list, description="Fields that the model can find and did not.")
    checks: list[Check] = Field(default_factory=list, description="Tests over several fields.")
    timing_s: dict[str, float] = Field(default_factory=dict)


class ModelInfo(Strict):
    """Which model found the fields."""

    name: str
    weights_sha256: str = ""


class Extraction(Strict):
    """The whole file."""

    schema_name: Literal["docgrid.extraction/1"] = Field(default=SCHEMA_NAME, alias="schema")
    docgrid: str = Field(description="Version of docgrid.")
    model: ModelInfo
    documents: list[DocumentExtraction]


def to_json(extraction: Extraction | DocumentExtraction) -> str:
    """Strict JSON, indented, with a line break at the end."""
    data = extraction.model_dump(mode="json", by_alias=True)
    return json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def json_schema() -> dict[str, Any]:
    """The JSON Schema of the file; docs/extraction.schema.json is a copy of it."""
    schema = Extraction.model_json_schema(by_alias=True, mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
