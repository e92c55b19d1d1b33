"""What a dataset is made of: fields, layouts, languages, lengths, pages."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from docgrid.datasets.base import Dataset, Record
from docgrid.labels import LabelledDocument, LabelledField
from docgrid.values import decide_locale, fold

UNKNOWN = "unknown"
UNNAMED = "(none named)"


@dataclass
class _FieldCounts:
    """What is counted of one field."""

    documents: set[str] = field(default_factory=set)
    lengths: list[int] = field(default_factory=list)  # characters of its values
    different: set[str] = field(default_factory=set)
    found: int = 0  # values whose place is known
    places: int = 0
    several_lines: int = 0  # values printed over more than one line

    def row(self, name: str, documents: int) -> dict[str, object]:
        values = len(self.lengths)
        return {
            "field": name,
            "documents": len(self.documents),
            "share": round(len(self.documents) / max(documents, 1), 4),
            "values": values,
            "different": len(self.different),
            "found": self.found,
            "places": self.places,
            "several_lines": self.several_lines,
            "length_median": median(self.lengths) if values else 0,
            "length_most": max(self.lengths, default=0),
        }


class Statistics:
    """Takes the documents of a dataset one by one."""

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset
        self._fields: dict[str, _FieldCounts] = defaultdict(_FieldCounts)
        self._layouts: Counter[str] = Counter()
        self._languages: Counter[str] = Counter()
        self._sources: Counter[str] = Counter()
        self._parts: Counter[str] = Counter()
        self._pages: Counter[int] = Counter()
        self._items: Counter[int] = Counter()
        self._characters: list[int] = []  # of each page
        self._sizes: Counter[str] = Counter()
        self._unread: list[str] = []

    def unread(self, record: Record) -> None:
        """Count a document that could not be read; its labels count, its pages do not."""
        self._unread.append(record.id)
        self._count(record, record.fields)

    def add(self, record: Record, labelled: LabelledDocument) -> None:
        """Count one document that was read."""
        self._count(record, labelled.fields)
        document = labelled.document
        self._pages[len(document.pages)] += 1
        for page in document.pages:
            self._characters.append(len(page.characters))
            self._sources[page.source.value] += 1
            self._sizes[f"{round(page.width_pt)} x {round(page.height_pt)}"] += 1
        lines = {page.number: page.characters.line_index for page in document.pages}
        for entry in labelled.fields:
            spans = [len({int(lines[place.page][row]) for row in place.characters}) for place in entry.occurrences]
            self._fields[entry.name].several_lines += any(count > 1 for count in spans)
        told = record.languages[0] if record.languages else None
        texts = [line for page in document.pages for line in page.text.split("\n")]
        self._languages[told or decide_locale(texts).language or UNKNOWN] += 1

    def _count(self, record: Record, fields: Sequence[LabelledField]) -> None:
        self._layouts[record.layout or UNNAMED] += 1
        self._parts[record.part or "train"] += 1
        self._items[len({entry.item for entry in fields if entry.item is not None})] += 1
        for entry in fields:
            counts = self._fields[entry.name]
            counts.documents.add(record.id)
            counts.lengths.append(len(entry.value))
            counts.different.add(fold(entry.value))
            counts.found += bool(entry.occurrences)
            counts.places += len(entry.occurrences)

    def to_dict(self) -> dict[str, object]:
        """Everything as plain data; counts are sorted, the largest first."""
        documents = sum(self._parts.values())
        names = [name for name in self.dataset.schema.names if name in self._fields]
        return {
            "name": self.dataset.name,
            "format": self.dataset.format.value,
            "schema": self.dataset.schema.name,
            "documents": documents,
            "pages": sum(self._sources.values()),
            "unread": sorted(self._unread),
            "parts": dict(self._parts.most_common()),
            "layouts": dict(self._layouts.most_common()),
            "languages": dict(self._languages.most_common()),
            "text_sources": dict(self._sources.most_common()),
            "page_sizes_pt": dict(self._sizes.most_common(20)),
            "pages_of_documents": {str(key): self._pages[key] for key in sorted(self._pages)},
            "line_items_of_documents": {str(key): self._items[key] for key in sorted(self._items)},
            "characters_of_pages": histogram(self._characters),
            "fields": [self._fields[name].row(name, documents) for name in names],
        }


def histogram(values: Sequence[int], bins: int = 12) -> dict[str, int]:
    """Counts in bins of equal, round width: "0-499", "500-999" ..."""
    if not values:
        return {}
    raw = max(max(values) / bins, 1)
    power = 10 ** (len(str(int(raw))) - 1)
    width = next(int(step * power) for step in (1, 2, 5, 10) if step * power >= raw)
    counts = Counter(value // width for value in values)
    return {f"{row * width}-{(row + 1) * width - 1}": counts[row] for row in range(max(counts) + 1)}
