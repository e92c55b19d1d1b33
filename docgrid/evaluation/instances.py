"""What is compared: the values of one document, as plain data, whether predicted or true.

Extraction documents (`docgrid.extraction`, or the plain JSON of one) and labelled documents both become `DocumentValues`, so
that the measures know nothing about where values come from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from docgrid.errors import DatasetError
from docgrid.labels import LabelledField
from docgrid.layouts import UNFAMILIAR
from docgrid.schema import Schema
from docgrid.values import DocumentLocale

Edges = tuple[float, float, float, float]  # left, top, right, bottom in 0..1 of the page


@dataclass(frozen=True, slots=True)
class FieldValue:
    """One value of one field."""

    text: str  # verbatim where predicted, as the data set writes it where true
    value: str | None = None  # typed normal form, where one is known
    confidence: float = 1.0
    accepted: bool = False  # the decision of the model was "accept"
    page: int = 0  # from 1, of a predicted value; 0: not known
    boxes: tuple[Edges, ...] = ()  # of a predicted value, one for each of its text lines
    scores: tuple[tuple[str, float], ...] = ()  # the parts of the confidence, by name


Values = Mapping[str, tuple[FieldValue, ...]]  # field name -> its values, best first


@dataclass(frozen=True)
class DocumentValues:
    """The fields and line items of one document."""

    id: str
    fields: Values
    line_items: tuple[Values, ...] = ()
    layout: str = ""
    locale: DocumentLocale | None = None
    status: str = "ok"
    unfamiliar: bool = False  # predicted with a warning that nothing like it was trained on


class Labelled(Protocol):
    """What is needed of a truth: `docgrid.labels.LabelledDocument` and `docgrid.datasets` records both have it."""

    @property
    def id(self) -> str:
        """Name of the document in its data set."""

    @property
    def fields(self) -> Sequence[LabelledField]:
        """True fields."""

    @property
    def layout(self) -> str:
        """What documents of one template share."""


def true_values(truth: Labelled, schema: Schema) -> DocumentValues:
    """The truth of a labelled document under the names of `schema`.

    Raises:
        DatasetError: A label has a name that the schema does not know.
    """
    header: dict[str, list[FieldValue]] = {}
    items: dict[int, dict[str, list[FieldValue]]] = {}
    for label in truth.fields:
        if not label.value.strip():
            continue  # an empty label says that the document does not have the field
        rows = header if label.item is None else items.setdefault(label.item, {})
        rows.setdefault(schema.field(label.name).name, []).append(FieldValue(label.value))
    return DocumentValues(truth.id, _frozen(header), tuple(_frozen(items[row]) for row in sorted(items)), truth.layout)


def predicted_values(prediction: object, schema: Schema, *, document_id: str | None = None) -> DocumentValues:
    """The values of an extraction document under the names of `schema`; fields that the schema does not know are left out.

    Args:
        prediction: A document of `docgrid.extraction`, or the same as plain data.
        schema: The schema of the truth; its aliases bridge to the names of the model's schema.
        document_id: The identity to give it; its own `id` when None.

    Raises:
        DatasetError: It is neither.
    """
    data = prediction.model_dump(mode="json") if hasattr(prediction, "model_dump") else prediction
    if not isinstance(data, Mapping) or "fields" not in data:
        raise DatasetError(
            "a prediction is not a document of docgrid.extraction/1", hint="Give the entries of `documents` in fields.json."
        )
    items = tuple(_renamed(item.get("fields", {}), schema) for item in data.get("line_items") or ())
    return DocumentValues(
        str(document_id if document_id is not None else data.get("id", "")),
        _renamed(data["fields"], schema),
        items,
        locale=_locale(data.get("locale")),
        status=str(data.get("status", "ok")),
        unfamiliar=any(str(warning).startswith(UNFAMILIAR) for warning in data.get("warnings") or ()),
    )


def _renamed(fields: Mapping[str, Iterable[Mapping[str, Any]]], schema: Schema) -> Values:
    rows: dict[str, list[FieldValue]] = {}
    for name, entries in fields.items():
        if name not in schema:
            continue
        for entry in entries:
            value = entry.get("value")
            rows.setdefault(schema.field(name).name, []).append(
                FieldValue(
                    str(entry.get("text", "")),
                    None if value is None else str(value),
                    float(entry.get("confidence", 1.0)),
                    entry.get("decision") == "accept",
                    int(entry.get("page") or 0),
                    _boxes(entry),
                    tuple((str(part), float(score)) for part, score in (entry.get("scores") or {}).items()),
                )
            )
    return _frozen({name: sorted(values, key=lambda one: -one.confidence) for name, values in rows.items()})


def _boxes(entry: Mapping[str, Any]) -> tuple[Edges, ...]:
    """The boxes of the lines of a value, else its one box; none where the entry has no place."""
    boxes = entry.get("lines") or [entry["bbox"]] if entry.get("bbox") else []
    return tuple((float(box[0]), float(box[1]), float(box[2]), float(box[3])) for box in boxes)


def _frozen(rows: Mapping[str, list[FieldValue]]) -> Values:
    return {name: tuple(values) for name, values in rows.items()}


def _locale(data: object) -> DocumentLocale | None:
    if not isinstance(data, Mapping) or not data.get("decimal_separator"):
        return None
    return DocumentLocale(
        decimal_separator=str(data["decimal_separator"]),
        day_first=data.get("day_first"),
        currency=data.get("currency"),
        language=data.get("language"),
    )


class Pair(NamedTuple):
    """One document as it is and as it was predicted."""

    truth: DocumentValues
    prediction: DocumentValues
