"""The pages to train on: kept in a store of documents, drawn page by page when a batch wants them."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from docgrid.datasets.refine import KeptPlaces, with_kept
from docgrid.datasets.store import DocumentStore, Place
from docgrid.labels import LabelledDocument
from docgrid.networks.words import PageBatch
from docgrid.samples import Augmentation, GridSettings, PageSample, PageTargets, collate, draw, page_sample
from docgrid.schema import Schema


class StoredPages:
    """Training pages in a fixed order, each read when it is asked for.

    What is held in memory is one row of numbers a page, in arrays: a process that is forked off shares them.
    """

    def __init__(self, store: DocumentStore, schema: Schema) -> None:
        """No page yet."""
        self._store, self._schema = store, schema
        self._known: list[frozenset[str]] = []
        self._documents = array("q")  # for each document: shard, start, size, checksum, which of `_known`
        self._pages = array("q")  # for each page: number of its document, place among its pages
        self._kept: dict[int, KeptPlaces] = {}
        self.lengths = array("q")  # words of each page

    def __len__(self) -> int:
        return len(self.lengths)

    def add(
        self,
        place: Place,
        labelled: LabelledDocument,
        known_names: frozenset[str],
        *,
        kept: KeptPlaces | None = None,
        times: int = 1,
    ) -> None:
        """Take in the pages of a document that carry text.

        Args:
            place: Where the document stands in the store.
            labelled: The document.
            known_names: Fields that its dataset labels at all.
            kept: Places to train on, of the fields that lose some.
            times: How often each page counts.
        """
        number = len(self._documents) // 5
        if not self._known or self._known[-1] != known_names:
            self._known.append(known_names)
        self._documents.extend((place.shard, place.start, place.size, place.checksum, len(self._known) - 1))
        if kept:
            self._kept[number] = kept
        for _ in range(times):
            for row, page in enumerate(labelled.document.pages):
                if len(page.characters):
                    self._pages.extend((number, row))
                    self.lengths.append(len(page.characters.word_starts))

    def sample(self, row: int) -> PageSample:
        """The page of a row.

        Raises:
            DatasetError: Its shard was removed or damaged.
        """
        number, page = self._pages[2 * row : 2 * row + 2]
        *place, known = self._documents[5 * number : 5 * number + 5]
        labelled = self._store.read(Place(*place))
        if number in self._kept:
            labelled = with_kept(labelled, self._kept[number])
        return page_sample(labelled, labelled.document.pages[page], self._schema, self._known[known])

    def spread(self, most: int) -> Iterator[PageSample]:
        """At most so many pages, spread evenly; all where there are fewer."""
        step = max(-(-len(self) // most), 1)
        return (self.sample(row) for row in range(0, len(self), step))


@dataclass(frozen=True)
class BatchMaker:
    """Draws batches of pages; it holds no tensor and can be sent to another process."""

    pages: StoredPages
    grid: GridSettings
    augmentation: Augmentation

    def __call__(self, rows: Sequence[int], randoms: Sequence[np.random.Generator]) -> tuple[PageBatch, PageTargets]:
        """The pages of some rows, each changed as its own generator says."""
        drawn = [
            draw(self.pages.sample(row), self.grid, augmentation=self.augmentation, random=random)
            for row, random in zip(rows, randoms, strict=True)
        ]
        return collate(drawn, self.grid)
