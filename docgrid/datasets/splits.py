"""Splits that do not leak: documents that are nearly the same, or share a layout, stand on one side.

All splits are decided by the ids, the layouts, the texts and the seed alone: the order of the records does not matter.
"""

from __future__ import annotations

import random
import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from docgrid.datasets.base import Record
from docgrid.errors import UsageError
from docgrid.page import Document
from docgrid.values import fold

SAME_TEXT = 0.7  # common word triples among all of both, from which two documents are nearly the same
SAME_LAYOUT = 0.5  # common captions among those of the smaller, from which two documents are of one layout
_SHINGLE = 3  # words
_COLUMNS = 20  # of a page, for the place of a caption
_LEAST_CAPTIONS = 8  # with fewer a document's layout cannot be told
_CHUNK = 512  # documents compared with all others at a time
_WORD = re.compile(r"[^\W\d_]{3,}")


class Together(StrEnum):
    """Which documents must stand on one side."""

    DUPLICATES = "duplicates"  # the same receipt scanned twice, variants of one invoice
    LAYOUTS = "layouts"  # also all documents of one layout or issuer


@dataclass(frozen=True, slots=True)
class SplitItem:
    """What a split looks at. Items that share a `layout` are of one layout; `same` items are nearly the same document."""

    id: str
    layout: str = ""  # empty: of its own
    same: str = ""  # likewise


@dataclass(frozen=True, slots=True)
class Split:
    """Ids of one training and one validation set. `unseen`: the validation ids whose layout training does not have."""

    train: tuple[str, ...]
    valid: tuple[str, ...]
    unseen: frozenset[str]


def split_items(records: Sequence[Record], documents: Mapping[str, Document] | None = None) -> list[SplitItem]:
    """What a split needs to know about records.

    Records are nearly the same when all their document-level values are equal (at least three), or, with `documents`, when they
    share most of their text. Layouts are those that the dataset names; for a dataset that names none, and with `documents`,
    clusters of documents whose first pages have the same words in the same columns.

    Args:
        records: The records.
        documents: What was read, by record id; may lack some.
    """
    known = documents or {}
    texts = {record.id: text_signature(known[record.id]) for record in records if record.id in known}
    pairs = cluster_texts(texts, SAME_TEXT) + _equal_values(records)
    same = _names_of(united(pairs))
    layouts = {record.id: record.layout for record in records if record.layout}
    if not layouts:
        pages = {record.id: layout_signature(known[record.id]) for record in records if record.id in known}
        layouts = _names_of(cluster_layouts(pages, SAME_LAYOUT))
    return [SplitItem(record.id, layouts.get(record.id, ""), same.get(record.id, "")) for record in records]


def _equal_values(records: Sequence[Record]) -> list[tuple[str, ...]]:
    groups: dict[tuple[tuple[str, str], ...], list[str]] = defaultdict(list)
    for record in records:
        key = tuple(sorted((entry.name, fold(entry.value)) for entry in record.fields if entry.item is None))
        if len(key) >= 3:
            groups[key].append(record.id)
    return [tuple(group) for group in groups.values()]


def _names_of(groups: Iterable[Sequence[str]]) -> dict[str, str]:
    """Each member's group, named after its first member."""
    return {member: min(group) for group in groups for member in group}


def text_signature(document: Document) -> frozenset[int]:
    """Hashes of all runs of three words of a document, for telling whether two documents are nearly the same."""
    words = [folded for page in document.pages for word in page.characters.word_texts if (folded := fold(word))]
    runs = (" ".join(words[place : place + _SHINGLE]) for place in range(max(len(words) - _SHINGLE + 1, 1)))
    return frozenset(zlib.crc32(run.encode()) for run in runs)


def layout_signature(document: Document) -> frozenset[int]:
    """Hashes of the words of a document's first page, each with the column it begins in: equal captions make equal layouts."""
    if not document.pages:
        return frozenset()
    page = document.pages[0]
    columns = np.clip(page.characters.word_boxes[:, 0] / page.width_pt * _COLUMNS, 0, _COLUMNS - 1).astype(int)
    tokens = set()
    for word, column in zip(page.characters.word_texts, columns.tolist(), strict=True):
        for plain in _WORD.findall(word.casefold()):
            tokens.add(zlib.crc32(f"{plain} {column}".encode()))
    return frozenset(tokens)


def cluster_texts(signatures: Mapping[str, frozenset[int]], least_shared: float) -> list[tuple[str, ...]]:
    """Groups of ids whose texts are nearly the same: what both have, among what either has, reaches `least_shared`."""
    ids = sorted(signatures)
    sizes = np.array([len(signatures[key]) for key in ids], np.int64)
    links: list[tuple[str, ...]] = [(key,) for key in ids]
    for first, second, common in _common([signatures[key] for key in ids]):
        close = common >= least_shared * (sizes[first] + sizes[second] - common)
        links += [(ids[a], ids[b]) for a, b in zip(first[close].tolist(), second[close].tolist(), strict=True)]
    return united(links)


def cluster_layouts(signatures: Mapping[str, frozenset[int]], least_shared: float) -> list[tuple[str, ...]]:
    """Groups of ids of one layout, linked one to the next: what both have, among what the smaller has, reaches `least_shared`.

    Only words that at least two documents have are counted: names and numbers of one document say nothing about its layout.
    """
    ids = sorted(signatures)
    counts = Counter(feature for signature in signatures.values() for feature in signature)
    captions = [frozenset(feature for feature in signatures[key] if counts[feature] > 1) for key in ids]
    sizes = np.array([len(caption) for caption in captions], np.int64)
    links: list[tuple[str, ...]] = [(key,) for key in ids]
    for first, second, common in _common(captions):
        smaller = np.minimum(sizes[first], sizes[second])
        close = (common >= least_shared * smaller) & (smaller >= _LEAST_CAPTIONS)
        links += [(ids[a], ids[b]) for a, b in zip(first[close].tolist(), second[close].tolist(), strict=True)]
    return united(links)


def _common(signatures: Sequence[frozenset[int]]) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]]:
    """All pairs of signatures that have anything in common, as (first numbers, second numbers, how much), some at a time."""
    columns: dict[int, int] = {}
    rows: list[int] = []
    places: list[int] = []
    for row, signature in enumerate(signatures):
        places += [columns.setdefault(feature, len(columns)) for feature in signature]
        rows += [row] * len(signature)
    ones = np.ones(len(rows), np.int64)
    matrix = sparse.csr_matrix((ones, (rows, places)), shape=(len(signatures), max(len(columns), 1)))
    for start in range(0, len(signatures), _CHUNK):
        common = (matrix[start : start + _CHUNK] @ matrix.T).tocoo()
        yield common.row.astype(np.int64) + start, common.col.astype(np.int64), common.data


def united(groups: Iterable[Sequence[str]]) -> list[tuple[str, ...]]:
    """Groups united where they share a member; members in order, groups by their first member."""
    parent: dict[str, str] = {}

    def root(member: str) -> str:
        while parent.setdefault(member, member) != member:
            parent[member] = parent[parent[member]]
            member = parent[member]
        return member

    for group in groups:
        for member in group:
            first, second = sorted((root(group[0]), root(member)))
            parent[second] = first
    united: dict[str, list[str]] = defaultdict(list)
    for member in sorted(parent):
        united[root(member)].append(member)
    return [tuple(group) for group in sorted(united.values())]


def groups_of(items: Sequence[SplitItem | Record], together: Together) -> list[tuple[str, ...]]:
    """Ids that must stand on one side, in groups."""
    wanted = [_item(item) for item in items]
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for item in wanted:
        groups["id", item.id].append(item.id)
        if item.same:
            groups["same", item.same].append(item.id)
        if item.layout and together is Together.LAYOUTS:
            groups["layout", item.layout].append(item.id)
    return united(groups.values())


def _item(item: SplitItem | Record) -> SplitItem:
    return item if isinstance(item, SplitItem) else SplitItem(item.id, item.layout)


def split_by_layout(
    items: Sequence[SplitItem | Record],
    *,
    fractions: Mapping[str, float],
    seed: int,
    together: Together = Together.LAYOUTS,
) -> dict[str, tuple[str, ...]]:
    """Ids of each part, with sizes as near to the fractions as whole groups allow.

    Args:
        items: What to split; see `split_items`.
        fractions: Name of each part and its share; the shares add up to 1.
        seed: Decides which groups go where.
        together: What stays on one side.

    Raises:
        UsageError: The fractions do not add up to 1.
    """
    if not fractions or min(fractions.values()) < 0 or abs(sum(fractions.values()) - 1) > 1e-6:
        raise UsageError(f"fractions {dict(fractions)} do not add up to 1", hint="Such as train=0.8,valid=0.1,test=0.1.")
    room = {name: share * len(items) for name, share in fractions.items()}
    parts = _fill(groups_of(items, together), room, seed)
    return {name: tuple(sorted(ids)) for name, ids in parts.items()}


def _fill(groups: Sequence[tuple[str, ...]], room: Mapping[str, float], seed: int) -> dict[str, list[str]]:
    """Each group, the largest first, goes to the part with the most room left; which of equal groups comes first is chance."""
    shuffled = list(groups)
    random.Random(seed).shuffle(shuffled)
    shuffled.sort(key=len, reverse=True)
    left = dict(room)
    parts: dict[str, list[str]] = {name: [] for name in room}
    for group in shuffled:
        name = max(left, key=lambda part: left[part])
        parts[name] += group
        left[name] -= len(group)
    return parts


def folds_of(
    items: Sequence[SplitItem | Record],
    *,
    folds: int,
    seed: int,
    valid_count: int | None = None,
    together: Together = Together.DUPLICATES,
) -> tuple[Split, ...]:
    """Cross-validation: disjoint validation sets, each with all other documents as its training set.

    The receipts protocol is `folds_of(items, folds=5, valid_count=100, seed=...)`: duplicates stay together, companies need not,
    and `Split.unseen` tells the receipts of companies that training lacks.

    Args:
        items: What to split; see `split_items`.
        folds: How many.
        seed: Decides which documents go where.
        valid_count: Documents of each validation set; None shares all documents out.
        together: What stays on one side.

    Raises:
        UsageError: There are fewer documents than the validation sets need.
    """
    wanted = [_item(item) for item in items]
    count = len(wanted) / folds if valid_count is None else valid_count
    if folds < 2 or count < 1 or count * folds > len(wanted):
        raise UsageError(f"{len(wanted)} documents cannot give {folds} validation sets", hint="Ask for fewer or smaller ones.")
    room: dict[str, float] = {f"fold {number}": count for number in range(folds)}
    if valid_count is not None:
        room["never"] = len(wanted) - count * folds
    parts = _fill(groups_of(wanted, together), room, seed)
    layouts = {item.id: item.layout or item.id for item in wanted}
    splits = []
    for number in range(folds):
        valid = set(parts[f"fold {number}"])
        seen = {layouts[item.id] for item in wanted if item.id not in valid}
        unseen = frozenset(key for key in valid if layouts[key] not in seen)
        splits.append(Split(tuple(sorted(set(layouts) - valid)), tuple(sorted(valid)), unseen))
    return tuple(splits)


def split_records(
    records: Sequence[Record],
    *,
    held_out: float,
    fold: int = 0,
    seed: int,
    together: Together | None = None,
    documents: Mapping[str, Document] | None = None,
) -> tuple[list[Record], list[Record]]:
    """Records to train on and records to hold out, in their given order.

    Args:
        records: All records.
        held_out: Share to hold out, 0..0.5; at least one record is.
        fold: Which of the `1 / held_out` disjoint held-out sets to take, from 0.
        seed: Decides which records go where.
        together: What stays on one side. Not given: whole layouts; but where most layouts have a single record (issuers of
            receipts), only near-duplicates, so that layouts both seen and unseen in training are measured.
        documents: What was read, by record id, to tell near-duplicates and unnamed layouts by their text.

    Raises:
        UsageError: There is no such fold, or there are too few records.
    """
    folds = int(1 / held_out + 1e-9) if 0 < held_out <= 0.5 else 0
    if not 0 <= fold < folds or len(records) < 2:
        raise UsageError(
            f"{len(records)} records cannot be split with a share of {held_out} held out, fold {fold}",
            hint="The share lies above 0 and up to 0.5; folds run from 0 to 1 / share - 1.",
        )
    items = split_items(records, documents)
    count = max(1, min(round(held_out * len(records)), len(records) // folds))
    folds = min(folds, len(records) // count)
    grouping = together or usual_grouping(items)
    splits = folds_of(items, folds=folds, valid_count=count, seed=seed, together=grouping)
    usable = [split for split in splits if split.valid and split.train]
    if not usable:  # one layout only: it cannot be held out whole
        usable = list(folds_of(items, folds=folds, valid_count=count, seed=seed))
    valid = set(usable[fold % len(usable)].valid)
    return [record for record in records if record.id not in valid], [record for record in records if record.id in valid]


def usual_grouping(items: Sequence[SplitItem]) -> Together:
    """Near-duplicates where most layouts have a single document, else layouts."""
    sizes = Counter(item.layout or item.id for item in items)
    single = sum(1 for size in sizes.values() if size == 1)
    return Together.DUPLICATES if 2 * single > len(sizes) else Together.LAYOUTS
