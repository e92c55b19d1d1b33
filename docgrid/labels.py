"""What is known about a document: its fields, where they stand, and which line item they belong to."""

from __future__ import annotations

from dataclasses import dataclass, field

from docgrid.geometry import Box
from docgrid.page import Document


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One place where a value is printed: rows of the character table of one page, in reading order."""

    page: int  # from 1
    characters: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LabelledField:
    """One true field of a document.

    `value` is the truth as the dataset gives it. `occurrences` are all the places that print it (empty: not found, or not
    looked for yet); where a box was drawn by hand it is kept in `boxes` as (page, box). `normal` is the typed form of the value
    (ISO date, plain decimal) where the dataset gives one.
    """

    name: str
    value: str
    item: int | None = None  # number of the line item, from 0; None for a field of the document
    occurrences: tuple[Occurrence, ...] = ()
    boxes: tuple[tuple[int, Box], ...] = ()
    normal: str = field(default="", compare=False)  # two writings of one value stay two, one value read twice stays one


@dataclass(frozen=True)
class LabelledDocument:
    """A document with its true fields."""

    id: str
    document: Document
    fields: tuple[LabelledField, ...]
    layout: str = ""  # documents of one layout (a template, an issuer) share this; splits keep them together
    languages: tuple[str, ...] = ()

    def values(self, name: str) -> tuple[str, ...]:
        """The true values of a document-level field."""
        return tuple(entry.value for entry in self.fields if entry.name == name and entry.item is None)

    @property
    def item_count(self) -> int:
        """How many line items the truth has."""
        return len({entry.item for entry in self.fields if entry.item is not None})
