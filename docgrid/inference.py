"""A model applied to the pages of a document: probabilities for words, boxes for line items.

Shapes: N words of a page, F fields of the schema, M line items.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from docgrid.chargrid import Frame, PageGrid, grid_of_page
from docgrid.errors import ModelError, UsageError
from docgrid.features import word_features
from docgrid.model import Model
from docgrid.networks import prepare_for_inference
from docgrid.networks.words import DocumentNetwork, DocumentOutput, PageBatch, pool_words
from docgrid.page import Characters, Document, Page
from docgrid.samples import collate_inputs, words_of_cells
from docgrid.targets import decode_boxes

WORDS_AT_ONCE = 2048  # attention grows with the square; a page with more words is answered in pieces
WORDS_OF_PAGE_MAX = 16_384  # a page set in small type has 3,000; what stands behind these many gets no field
TRIM_INTERVAL = 4  # passes through the network


@dataclass(frozen=True)
class PagePrediction:
    """What a model says about one page. Fields are independent: a word may carry two of them."""

    word_probabilities: NDArray[np.float32]  # [N, F]
    segmentation_probabilities: NDArray[np.float32]  # [N, F] the vote of the grid alone; [0, F] unless the predictor keeps votes
    item_boxes: NDArray[np.float32]  # [M, 4] points, after non-maximum suppression
    item_scores: NDArray[np.float32]  # [M]
    item_starts: NDArray[np.float32] | None  # [N] that a word stands in the first text line of a line item
    lost_characters: int = 0  # characters that own no cell of the grid


def choose_device(name: str) -> str:
    """The torch device for an option of the command line: auto, cpu, cuda, cuda:N, mps.

    Raises:
        UsageError: There is no such device here.
    """
    if name == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    kind, _, index = name.partition(":")
    there = {
        "cpu": index == "",
        "cuda": torch.cuda.is_available() and (not index or (index.isdigit() and int(index) < torch.cuda.device_count())),
        "mps": index == "" and torch.backends.mps.is_available(),
    }
    if kind not in there:
        raise UsageError(f"unknown device {name!r}", hint="Choose auto, cpu, cuda, cuda:N or mps.")
    if not there[kind]:
        raise UsageError(f"there is no device {name!r} here", hint="Use --device cpu; `docgrid doctor` lists what is there.")
    return name


class Predictor:
    """A model made ready to predict: batch norm folded, bfloat16 where the processor has it.

    Args:
        model: Trained network and card.
        device: As `choose_device` gives it.
        pages_at_once: Pages in one pass through the network; None: one on a processor, where more only take memory, else four.
        dtype: Of the grid network; None: the fastest that the device has.
        keep_votes: Give the votes of the grid alone, too; they take as much memory as the answers.

    Raises:
        ModelError: The model was trained on pictures.
    """

    def __init__(
        self,
        model: Model,
        *,
        device: str = "cpu",
        pages_at_once: int | None = None,
        dtype: torch.dtype | None = None,
        keep_votes: bool = False,
    ) -> None:
        if model.card.reads_pictures:
            raise ModelError(
                f"model {model.card.name!r} reads pictures, not documents", hint="Use `docgrid segment`, or name another --model."
            )
        self.model = model
        self.device = torch.device(device)
        self.keep_votes = keep_votes
        self.pages_at_once = pages_at_once or (1 if self.device.type == "cpu" else 4)
        grid = model.network.grid
        if grid is not None:
            grid = prepare_for_inference(grid, dtype)
        self.network = DocumentNetwork(grid, model.network.words).to(self.device).eval()
        self._anchors = np.array(model.card.anchors, np.float32).reshape(-1, 2)

    def predict(self, document: Document) -> list[PagePrediction]:
        """One prediction for each page of a document, in page order."""
        count = len(document.pages)
        pieces = ((row, piece) for row, page in enumerate(document.pages) for piece in self._pieces(page, count))
        answers: list[list[PagePrediction]] = [[] for _ in document.pages]
        # Pieces are made as they are needed: each is larger than its answer.
        for number, chunk in enumerate(_in_chunks(pieces, self.pages_at_once)):
            for (row, _), answer in zip(chunk, self._predict_pieces([piece for _, piece in chunk]), strict=True):
                answers[row].append(answer)
            if number % TRIM_INTERVAL == 0:
                _give_memory_back()
        fields = len(self.model.schema.fields)
        return [
            _joined(parts, len(page.characters.word_starts), fields) for parts, page in zip(answers, document.pages, strict=True)
        ]

    def _pieces(self, page: Page, page_count: int) -> Iterator[_Piece]:
        """The page as inputs; none for a page without text, several for one with very many words."""
        characters = page.characters
        if not len(characters):
            return
        grid = grid_of_page(page, self.model.alphabet, self.model.card.grid_size, Frame(self.model.card.frame))
        cell_words = words_of_cells(grid.cell_character, characters)
        words = min(len(characters.word_starts), WORDS_OF_PAGE_MAX)
        for first in range(0, words, WORDS_AT_ONCE):
            stop = min(first + WORDS_AT_ONCE, words)
            inside = (cell_words >= first) & (cell_words < stop)
            part = _slice(characters, int(characters.word_starts[first]), int(characters.word_stops[stop - 1]))
            features = word_features(part, page.width_pt, page.height_pt, page_number=page.number, page_count=page_count)
            batch = collate_inputs([grid.grid], [np.where(inside, cell_words - first, -1).astype(np.int32)], [features])
            yield _Piece(grid, batch, stop - first)

    @torch.no_grad()
    def _predict_pieces(self, pieces: Sequence[_Piece]) -> list[PagePrediction]:
        batch = _stack([piece.batch for piece in pieces]).to(self.device)
        output: DocumentOutput = self.network(batch)
        votes = None if output.grid is None else vote(output.grid.segmentation, batch)
        return [self._prediction(piece, row, output, votes) for row, piece in enumerate(pieces)]

    def _prediction(self, piece: _Piece, row: int, output: DocumentOutput, votes: Tensor | None) -> PagePrediction:
        fields = len(self.model.schema.fields)
        segmentation = np.zeros((piece.words, fields), np.float32)
        if votes is not None:
            segmentation = votes[row, : piece.words].float().cpu().numpy()
        words, starts = segmentation, None
        if output.words is not None and output.item_starts is not None:
            words = output.words.mean(dim=0)[row, : piece.words].float().sigmoid().cpu().numpy()
            starts = output.item_starts.mean(dim=0)[row, : piece.words].float().sigmoid().cpu().numpy()
        boxes, scores = np.zeros((0, 4), np.float32), np.zeros(0, np.float32)
        if output.grid is not None and output.grid.box_mask is not None and output.grid.box_coords is not None:
            mask = output.grid.box_mask[row].float()
            objectness = mask.view(-1, 2, *mask.shape[1:]).softmax(dim=1)[:, 1].cpu().numpy()
            boxes, scores = decode_boxes(objectness, output.grid.box_coords[row].float().cpu().numpy(), self._anchors)
            boxes = piece.grid.transform.to_points(boxes)
        votes_kept = segmentation if self.keep_votes else np.zeros((0, fields), np.float32)
        return PagePrediction(words, votes_kept, boxes, scores, starts, piece.grid.lost_characters)


@dataclass(frozen=True)
class _Piece:
    grid: PageGrid
    batch: PageBatch  # of one page
    words: int


def vote(segmentation: Tensor, batch: PageBatch) -> Tensor:
    """Each word's class probabilities from the mean log-probability of its cells; background is dropped.

    Args:
        segmentation: Logits [B, K, H, W].
        batch: Tells which cells belong to a word.

    Returns:
        float32 [B, N, K - 1]; zeros for a word that owns no cell.
    """
    logs = segmentation.float().log_softmax(dim=1)
    pooled = pool_words(logs, batch.cell_words, batch.is_word.shape[1])
    owns_cells = pooled.abs().sum(dim=2, keepdim=True) > 0
    return (pooled.softmax(dim=2) * owns_cells)[..., 1:]


def _stack(batches: Sequence[PageBatch]) -> PageBatch:
    """Single pages into one batch, words padded to the longest."""
    longest = max(batch.is_word.shape[1] for batch in batches)
    padding = {"neighbours": -1}
    columns = []
    for name in PageBatch._fields:
        tensors = [getattr(batch, name) for batch in batches]
        if name not in ("grid", "cell_words"):
            value = padding.get(name, 0)
            tensors = [
                torch.cat([tensor, tensor.new_full((1, longest - tensor.shape[1], *tensor.shape[2:]), value)], dim=1)
                for tensor in tensors
            ]
        columns.append(torch.cat(tensors))
    return PageBatch(*columns)


def _slice(characters: Characters, start: int, stop: int) -> Characters:
    rows = slice(start, stop)
    return Characters(
        characters.code_points[rows],
        characters.boxes[rows],
        characters.confidence[rows],
        characters.word_index[rows],
        characters.line_index[rows],
    )


def _give_memory_back() -> None:
    """Let the C library return what it holds on to for later: with each page it keeps more, gigabytes over a long document."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # not every C library has it
            ctypes.CDLL(None).malloc_trim(0)


def _in_chunks(pieces: Iterable[tuple[int, _Piece]], size: int) -> Iterator[list[tuple[int, _Piece]]]:
    source = iter(pieces)
    while chunk := list(islice(source, size)):
        yield chunk


def _joined(parts: Sequence[PagePrediction], words: int, fields: int) -> PagePrediction:
    """The pieces of one page put together; the grid, and so the boxes, are those of the first. Words left out have zeros."""
    if len(parts) == 1 and len(parts[0].word_probabilities) == words:
        return parts[0]
    if not parts:
        none = np.zeros((words, fields), np.float32)
        return PagePrediction(none, none, np.zeros((0, 4), np.float32), np.zeros(0, np.float32), None)
    left_out = words - sum(len(part.word_probabilities) for part in parts)
    starts = [part.item_starts for part in parts if part.item_starts is not None]
    rest = np.zeros((left_out, fields), np.float32)
    return PagePrediction(
        np.concatenate([*(part.word_probabilities for part in parts), rest]),
        np.concatenate([part.segmentation_probabilities for part in parts]),
        parts[0].item_boxes,
        parts[0].item_scores,
        np.concatenate([*starts, np.zeros(left_out, np.float32)]) if starts else None,
        parts[0].lost_characters,
    )
