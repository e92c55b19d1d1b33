"""The result of docgrid: pydantic models that are the JSON contract "docgrid.extraction/1", and how they are made."""

from __future__ import annotations

from docgrid.extraction.building import Judgement, build_document, failed_document
from docgrid.extraction.models import (
    SCHEMA_NAME,
    Alternative,
    Check,
    Decision,
    DocumentExtraction,
    ExtractedField,
    Extraction,
    LineItem,
    ModelInfo,
    json_schema,
    to_json,
)

__all__ = [
    "SCHEMA_NAME",
    "Alternative",
    "Check",
    "Decision",
    "DocumentExtraction",
    "ExtractedField",
    "Extraction",
    "Judgement",
    "LineItem",
    "ModelInfo",
    "build_document",
    "failed_document",
    "json_schema",
    "to_json",
]
