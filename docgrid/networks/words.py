"""The word head: labels every word from what the grid network sees around it, from its letters, and from the other words.

A segmentation votes cell by cell. The head reads the same features once more, pooled over the cells of each word, adds what a
grid cannot hold (letters of the whole word, rank of an amount, the line to the left), lets the words of the page look at each
other, and answers for every field separately: one printed amount may be both total and amount due.

Several heads, trained side by side and averaged when they answer, read unseen layouts better than one (`WordHeads`).

Shape letters: B pages, H x W cells, N words (padded), F fields, D width of the head, C channels of the grid features, M heads.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from docgrid.features import NEIGHBOURS, NGRAM_BUCKETS, NUMERIC_NAMES
from docgrid.networks.layers import NetworkOutput

MEMBERS_MAX = 16  # a card that asks for more is no card of ours


class PageBatch(NamedTuple):
    """Pages as tensors; words are padded to the longest page."""

    grid: Tensor  # uint8 [B, H, W]
    cell_words: Tensor  # int32 [B, H, W] word of each cell, -1 where there is none
    ngrams: Tensor  # int32 [B, N, NGRAMS_PER_WORD]
    numeric: Tensor  # float32 [B, N, len(NUMERIC_NAMES)]
    positions: Tensor  # float32 [B, N, 2]
    neighbours: Tensor  # int32 [B, N, len(NEIGHBOURS)]
    lines: Tensor  # int32 [B, N]
    is_word: Tensor  # bool [B, N], False for padding

    def to(self, device: torch.device) -> PageBatch:
        """The same batch on another device."""
        return PageBatch(*(tensor.to(device, non_blocking=True) for tensor in self))


class DocumentOutput(NamedTuple):
    """Logits of a page: those of the grid network and those of the word head; a part that was left out is None."""

    grid: NetworkOutput | None
    words: Tensor | None  # [M, B, N, F] of each of the M word heads; their mean is the answer
    item_starts: Tensor | None  # [M, B, N] whether a word stands in the first text line of a line item


class WordHead(nn.Module):
    """Words with their pooled grid features -> one logit for each field.

    Args:
        fields: Number of fields of the schema.
        grid_channels: Channels of the grid features; 0 for a head that sees no grid (the baseline).
        width: Width of the word vectors, a multiple of `4 * heads`.
        layers: Attention layers over the words of a page.
        heads: Attention heads.
        dropout: Share of activations dropped in training.
        ngram_dropout: Share of words whose letters are hidden in training, so that the head also learns to do without them.
    """

    def __init__(
        self,
        fields: int,
        grid_channels: int,
        *,
        width: int = 128,
        layers: int = 3,
        heads: int = 4,
        dropout: float = 0.1,
        ngram_dropout: float = 0.15,
    ) -> None:
        super().__init__()
        self.grid_channels = grid_channels
        self.ngram_dropout = ngram_dropout
        self.ngrams = nn.EmbeddingBag(NGRAM_BUCKETS, width // 2, mode="mean", padding_idx=0)
        nn.init.normal_(self.ngrams.weight, std=0.3)
        self.pooled = nn.BatchNorm1d(grid_channels) if grid_channels else None
        self.word = nn.Sequential(
            nn.Linear(width // 2 + len(NUMERIC_NAMES) + grid_channels, width), nn.GELU(), nn.LayerNorm(width)
        )
        self.around = nn.Linear(width * (1 + len(NEIGHBOURS)), width)
        self.dropout = nn.Dropout(dropout)
        self.layers = nn.ModuleList(AttentionLayer(width, heads, dropout) for _ in range(layers))
        self.last = nn.LayerNorm(width)
        self.fields = nn.Linear(width, fields + 1)  # the last output is the start of a line item
        nn.init.constant_(self.fields.bias, -4.0)  # a word seldom carries a given field

    def forward(self, batch: PageBatch, grid_features: Tensor | None) -> tuple[Tensor, Tensor]:
        """Logits [B, N, F] of the fields and [B, N] of the line-item starts.

        Args:
            batch: Words and the cells they own.
            grid_features: [B, C, H, W], or None for a head without grid.
        """
        pages, words = batch.is_word.shape
        letters = self.ngrams(batch.ngrams.flatten(0, 1)).view(pages, words, -1)
        if self.training and self.ngram_dropout:
            letters = letters * (torch.rand(pages, words, 1, device=letters.device) >= self.ngram_dropout)
        parts = [letters, batch.numeric]
        if self.pooled is not None:
            if grid_features is None:
                raise ValueError("this word head reads grid features, and there are none")
            pooled = pool_words(grid_features, batch.cell_words, words)  # [B, N, C]
            normal = torch.zeros_like(pooled)
            normal[batch.is_word] = self.pooled(pooled[batch.is_word])
            parts.append(normal)
        vectors = self.word(torch.cat(parts, dim=2))  # [B, N, D]
        vectors = self.dropout(vectors + self.around(self._look_around(vectors, batch)))
        angles = rotation_angles(batch.positions, vectors.shape[2] // self.layers[0].heads)
        for layer in self.layers:
            vectors = layer(vectors, angles, batch.is_word)
        logits = self.fields(self.last(vectors)).float()
        return logits[..., :-1], logits[..., -1]

    @staticmethod
    def _look_around(vectors: Tensor, batch: PageBatch) -> Tensor:
        """Each word beside its neighbouring words and the means of its own and the neighbouring lines: [B, N, 8 D]."""
        padded_words = functional.pad(vectors, (0, 0, 1, 0))  # row 0 stands for "none"
        line_means = functional.pad(_mean_by_line(vectors, batch), (0, 0, 1, 0))
        near = [vectors]
        for column in range(len(NEIGHBOURS)):
            table = padded_words if column < 2 else line_means
            index = (batch.neighbours[:, :, column].long() + 1).unsqueeze(2).expand(-1, -1, vectors.shape[2])
            near.append(table.gather(1, index))
        return torch.cat(near, dim=2)


def _mean_by_line(vectors: Tensor, batch: PageBatch) -> Tensor:
    """[B, N, D]: row l is the mean of the words of line l (there are never more lines than words)."""
    pages, words, width = vectors.shape
    weight = batch.is_word.to(vectors.dtype)
    index = batch.lines.long()
    sums = torch.zeros_like(vectors).scatter_add(1, index.unsqueeze(2).expand(-1, -1, width), vectors * weight.unsqueeze(2))
    counts = torch.zeros(pages, words, dtype=vectors.dtype, device=vectors.device).scatter_add(1, index, weight)
    return sums / counts.clamp(min=1).unsqueeze(2)


def pool_words(features: Tensor, cell_words: Tensor, words: int) -> Tensor:
    """Mean of the grid features over the cells of each word.

    Args:
        features: [B, C, H, W].
        cell_words: int [B, H, W], -1 where a cell has no word.
        words: N, the padded number of words.

    Returns:
        float32 [B, N, C]; 0 for a word that owns no cell.
    """
    pages, channels = features.shape[:2]
    owned = cell_words.flatten(1) >= 0  # [B, H*W]
    page, cell = owned.nonzero(as_tuple=True)
    rows = features.permute(0, 2, 3, 1).reshape(pages, -1, channels)[page, cell].float()  # [cells with a word, C]
    target = page * words + cell_words.flatten(1)[page, cell].long()
    sums = torch.zeros(pages * words, channels, device=features.device).index_add(0, target, rows)
    counts = torch.zeros(pages * words, device=features.device).index_add(0, target, torch.ones_like(rows[:, 0]))
    return (sums / counts.clamp(min=1).unsqueeze(1)).view(pages, words, channels)


class WordHeads(nn.Module):
    """Word heads that learn side by side, each from its own loss, and answer together by the mean of their logits.

    The first one reads the grid; the others see words alone, so that they err elsewhere.

    Args:
        fields: Number of fields of the schema.
        grid_channels: Channels of the grid features that the first head reads; 0 where there is no grid.
        members: Number of heads, 1 to `MEMBERS_MAX`.
        options: Further arguments of every `WordHead`.
    """

    def __init__(self, fields: int, grid_channels: int, *, members: int = 1, **options: int | float) -> None:
        super().__init__()
        if not 1 <= members <= MEMBERS_MAX:
            raise ValueError(f"{members} word heads: there must be one at least and {MEMBERS_MAX} at most")
        self.grid_channels = grid_channels
        channels = [grid_channels, *[0] * (members - 1)]
        self.members = nn.ModuleList(WordHead(fields, of_head, **options) for of_head in channels)  # type: ignore[arg-type]  # the head names a wrong argument itself

    def forward(self, batch: PageBatch, grid_features: Tensor | None) -> tuple[Tensor, Tensor]:
        """Logits [M, B, N, F] of the fields and [M, B, N] of the line-item starts."""
        answers = [member(batch, grid_features if member.grid_channels else None) for member in self.members]
        words, starts = zip(*answers, strict=True)
        return torch.stack(words), torch.stack(starts)


class AttentionLayer(nn.Module):
    """Pre-norm self-attention and feed-forward over the words of a page; places enter as rotations (2-D RoPE)."""

    def __init__(self, width: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.attention_norm = nn.LayerNorm(width)
        self.query_key_value = nn.Linear(width, 3 * width)
        self.project = nn.Linear(width, width)
        self.feed_norm = nn.LayerNorm(width)
        self.feed = nn.Sequential(nn.Linear(width, 2 * width), nn.GELU(), nn.Linear(2 * width, width))
        self.dropout = nn.Dropout(dropout)

    def forward(self, vectors: Tensor, angles: Tensor, is_word: Tensor) -> Tensor:
        """[B, N, D] -> [B, N, D]; `angles` [B, N, head width / 2]; padding is never looked at."""
        pages, words, width = vectors.shape
        split = self.query_key_value(self.attention_norm(vectors)).view(pages, words, 3, self.heads, -1)
        query, key, value = split.permute(2, 0, 3, 1, 4)  # each [B, heads, N, D / heads]
        query, key = rotate(query, angles), rotate(key, angles)
        seen = functional.scaled_dot_product_attention(query, key, value.to(query.dtype), attn_mask=is_word[:, None, None, :])
        vectors = vectors + self.dropout(self.project(seen.transpose(1, 2).reshape(pages, words, width)))
        refined: Tensor = vectors + self.dropout(self.feed(self.feed_norm(vectors)))
        return refined


def rotation_angles(positions: Tensor, head_width: int) -> Tensor:
    """Angles of rotary position encoding in two dimensions (Su et al. 2021, arXiv 2104.09864, applied to x and y apart).

    Args:
        positions: [B, N, 2] in character heights.
        head_width: Width of one attention head; a quarter of it are frequencies of x, a quarter of y.

    Returns:
        float32 [B, N, head_width / 2].
    """
    count = head_width // 4
    wavelengths = torch.logspace(0.6, 2.6, count, device=positions.device)  # from 4 to 400 character heights
    turns = positions.unsqueeze(3) / wavelengths  # [B, N, 2, count]
    return 2 * torch.pi * turns.flatten(2)


def rotate(vectors: Tensor, angles: Tensor) -> Tensor:
    """Turn pairs of components by their angles: [B, heads, N, D] with angles [B, N, D / 2]."""
    first, second = vectors.float().chunk(2, dim=3)
    cosine, sine = angles.cos().unsqueeze(1), angles.sin().unsqueeze(1)
    turned = torch.cat([first * cosine - second * sine, first * sine + second * cosine], dim=3)
    return turned.to(vectors.dtype)


class DocumentNetwork(nn.Module):
    """A grid network and a word head as one trainable whole; either may be left out.

    Args:
        grid: Any of the four grid networks, or None for the baseline that sees words only.
        words: The word heads, or None for pure segmentation.
    """

    def __init__(self, grid: nn.Module | None, words: WordHeads | None) -> None:
        super().__init__()
        if grid is None and words is None:
            raise ValueError("a document network needs a grid network, a word head, or both")
        self.grid = grid
        self.words = words

    def forward(self, batch: PageBatch) -> DocumentOutput:
        """Logits of a batch of pages."""
        grid_output: NetworkOutput | None = None
        if self.grid is not None:
            grid_output = self.grid(batch.grid)
        if self.words is None:
            return DocumentOutput(grid_output, None, None)
        reads_grid = self.words.grid_channels > 0 and grid_output is not None
        words, starts = self.words(batch, grid_output.features if reads_grid and grid_output else None)
        return DocumentOutput(grid_output, words, starts)
