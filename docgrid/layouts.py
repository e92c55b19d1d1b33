"""What the training documents looked like, in short, so that a page far from all of them can be told.

A document's signature is the set of words on its first page (three letters or more, case dropped), hashed to 16 bits each. Names
and numbers differ between documents of one layout, captions do not; so the share of words that a document has in common with the
training document nearest to it says how familiar it is. Places are left out on purpose: on receipts they told seen and unseen
issuers apart less well than the words alone, above all on photographed pages.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from docgrid.errors import ModelError
from docgrid.files import atomic_path
from docgrid.page import Document, Page

if TYPE_CHECKING:
    from scipy import sparse

FILE_NAME = "layouts.safetensors"
UNFAMILIAR = "unfamiliar document"  # how the warning begins
FALSE_ALARMS = 0.05  # share of documents of known layouts that may be warned about
_WORD = re.compile(r"[^\W\d_]{3,}")
_BUCKETS = 1 << 16
_LONGEST = 400  # words of one page that are kept
_ROOM = 90_000  # words of all pages that are kept: 180 kB
_FEWEST = 12  # a page of fewer words is compared as if it had so many: three common words are no layout
_MOST_PAGES = 4000  # that are compared with each other while thinning
_TOLERANCES = (0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5)  # pages nearer than this to a kept one are left out, as far as need be
_LEAST_HELD_OUT = 20  # documents that a threshold can be chosen on
_FOREIGN = 0.01  # share of the training documents that are further from all others than what is called foreign

_FACTS = ("unfamiliar", "foreign", "false_alarms")

Signature = frozenset[int]


@dataclass(frozen=True)
class KnownLayouts:
    """Signatures of the documents that a model was trained on, and from which distance on a document is unfamiliar or foreign.

    Distances are 0 (all words of the nearest training document) to 1 (none).
    """

    signatures: tuple[Signature, ...]
    unfamiliar: float  # beyond it a document gets a warning
    foreign: float  # beyond it no field is accepted: training documents are hardly ever so far from each other
    false_alarms: float = FALSE_ALARMS  # the share of familiar documents that `unfamiliar` was chosen for

    @cached_property
    def _known(self) -> sparse.csr_matrix:
        return _matrix(self.signatures)

    def distance(self, document: Document) -> float:
        """How far a document is from the nearest training document; 0 for one without text, of which nothing can be said."""
        if document.is_empty:
            return 0.0
        return float(_distances(_matrix([signature_of(document)]), self._known).min(initial=1.0))

    def warning(self, distance: float) -> str | None:
        """What the user should know about a document at this distance; None: nothing."""
        if distance <= self.unfamiliar:
            return None
        shared = f"{UNFAMILIAR}: it shares {100 * (1 - distance):.0f} % of its words with the nearest training document"
        return (
            f"{shared}, less than training documents share with each other; no field is accepted"
            if self.is_foreign(distance)
            else f"{shared}; check its fields"
        )

    def is_foreign(self, distance: float) -> bool:
        """Whether a document is so far from all that was trained on that confidences mean nothing."""
        return distance > max(self.foreign, self.unfamiliar)


def signature_of(document: Document) -> Signature:
    """The signature of a document: of its first page with text."""
    page = next((page for page in document.pages if len(page.characters)), None)
    return frozenset() if page is None else page_signature(page)


def page_signature(page: Page) -> Signature:
    """Hashes of the words of a page; of very many the smallest hashes, which are the same words on every page."""
    words = {word for text in page.characters.word_texts for word in _WORD.findall(text.casefold())}
    hashes = {zlib.crc32(word.encode("utf-8", "surrogatepass")) % _BUCKETS for word in words}
    return frozenset(sorted(hashes)[:_LONGEST])


def _distances(first: sparse.csr_matrix, second: sparse.csr_matrix) -> NDArray[np.float64]:
    """float64 [N, K]: 1 - common words / words of the smaller document, of every pair."""
    common = np.asarray((first @ second.T).todense(), np.float64)
    sizes = np.maximum(np.minimum.outer(np.diff(first.indptr), np.diff(second.indptr)), _FEWEST)
    distances: NDArray[np.float64] = 1 - common / sizes
    return distances


def _matrix(signatures: Sequence[Signature]) -> sparse.csr_matrix:
    from scipy import sparse  # slow to import, and models without such a file do not need it

    columns = [sorted(signature) for signature in signatures]
    places = np.concatenate([np.array(row, np.int64) for row in columns]) if columns else np.zeros(0, np.int64)
    starts = np.concatenate([[0], np.cumsum([len(row) for row in columns])])
    return sparse.csr_matrix((np.ones(len(places), np.int32), places, starts), shape=(len(columns), _BUCKETS))


def learn_layouts(
    training: Mapping[str, Sequence[Signature]], familiar: Sequence[Signature], *, false_alarms: float = FALSE_ALARMS
) -> KnownLayouts:
    """What a model remembers of its training documents.

    Args:
        training: Signatures by document; one document may have been read in several ways.
        familiar: Held-out documents of layouts that training has. With fewer than 20 of them the first threshold comes from the
            training documents, each compared with all others, as the second one does.
        false_alarms: Share of familiar documents that may be warned about.
    """
    owners = np.array([name for name, several in training.items() for _ in several])
    signatures = [signature for several in training.values() for signature in several]
    step = max(-(-len(signatures) // _MOST_PAGES), 1)
    owners, signatures = owners[::step], signatures[::step]
    known = _matrix(signatures)
    between = np.where(owners[:, None] == owners[None, :], 1.0, _distances(known, known)).min(axis=1, initial=1.0)
    held_out = _distances(_matrix(familiar), known).min(axis=1, initial=1.0) if len(familiar) >= _LEAST_HELD_OUT else between
    unfamiliar = float(np.quantile(held_out, 1 - false_alarms)) if len(held_out) else 1.0
    foreign = float(np.quantile(between, 1 - _FOREIGN)) if len(between) else 1.0
    return KnownLayouts(tuple(_thinned(signatures)), unfamiliar, max(foreign, unfamiliar), false_alarms)


def _thinned(signatures: Sequence[Signature]) -> list[Signature]:
    """Signatures without those that are nearly another one's, until the rest fits into the file."""
    kept = list(dict.fromkeys(signatures))
    for tolerance in _TOLERANCES:
        if sum(map(len, kept)) <= _ROOM:
            return kept
        kept = _without_likes(kept, tolerance)
    while sum(map(len, kept)) > _ROOM:
        kept = kept[::2]
    return kept


def _without_likes(signatures: Sequence[Signature], tolerance: float) -> list[Signature]:
    matrix = _matrix(signatures)
    near = _distances(matrix, matrix) <= tolerance
    kept: list[int] = []
    for row in range(len(signatures)):
        if not near[row, kept].any():
            kept.append(row)
    return [signatures[row] for row in kept]


def save_layouts(folder: Path, layouts: KnownLayouts) -> None:
    """Write `layouts.safetensors` into a model folder."""
    words = np.array([word for signature in layouts.signatures for word in sorted(signature)], np.uint16)
    counts = np.array([len(signature) for signature in layouts.signatures], np.int32)
    facts = {name: repr(getattr(layouts, name)) for name in _FACTS}
    with atomic_path(folder / FILE_NAME) as temporary:
        save_file({"words": words, "counts": counts}, temporary, metadata=facts)


def load_layouts(folder: Path) -> KnownLayouts | None:
    """What a model folder remembers of its training documents; None where it remembers nothing.

    Raises:
        ModelError: The file is damaged.
    """
    path = folder / FILE_NAME
    if not path.is_file():
        return None
    try:
        with safe_open(path, framework="numpy") as handle:
            facts = handle.metadata() or {}
            words, counts = handle.get_tensor("words"), handle.get_tensor("counts")
        numbers = [float(facts[name]) for name in _FACTS]
        if not (all(0 <= number <= 1 for number in numbers) and np.all(counts >= 0) and counts.sum() == len(words)):
            raise ValueError("its numbers contradict each other")
        pieces = np.split(words, np.cumsum(counts)[:-1])
        return KnownLayouts(tuple(frozenset(piece.tolist()) for piece in pieces), *numbers)
    except (SafetensorError, KeyError, TypeError, ValueError, OSError) as error:
        hint = f"Delete {path}, or write it again with `docgrid calibrate {folder} DATA --layouts`."
        raise ModelError(f"{path} is damaged: {error}", hint=hint) from error
