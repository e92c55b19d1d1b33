"""Free text and identifiers: the best block of words, without what stands at its edges and does not belong to it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from docgrid.decoding.blocks import Block
from docgrid.decoding.lines import PageLines
from docgrid.decoding.names import firm_words, is_name
from docgrid.decoding.nouns import FieldPrediction
from docgrid.decoding.settings import DecodingSettings
from docgrid.decoding.typed import scores_of
from docgrid.schema import FieldSpec, FieldType
from docgrid.values import Value, find_candidates, fold, trim_identifier

_CAPTION = re.compile(  # "Sold by: ", but not the "Lot No: " inside an address
    r"(?=[^:]{4})(?![^:]*\b(?:no|nr|lot|blk|block|level|unit) ?:)[^\W\d_]{3,}(?: [^\W\d_]+){0,2} ?:\s?(?=\S)", re.IGNORECASE
)
_NUMBER_CAPTION = re.compile(
    r"(?:[^\W\d_][\w. -]*[:#]|(?:no|nr|num|number|nummer|invoice|rechnung|contract|order|ref|reference|customer|kunde)\b\.?[:#]*)"
    r" ?(?=\S)",
    re.IGNORECASE,
)
_NEXT_CAPTION = re.compile(r"[,;.\s]*\b(?:tel|telephone|phone|fax|gst|vat|hp|h/p)\b[\W_]*(?:no\b[\W_]*)?\Z", re.IGNORECASE)
_SHORTEST = 3  # letters and digits of a name or an address
_GLUED_NUMBER = re.compile(r"(?<=[^\s(])\(\d{4,7}-[A-Z]\)\Z")  # a registration number: SDN BHD(728384-M)
_LEADING = ":;,.-–—*=|#>»·•_/\\~"
_TRAILING = ":;-–—*=|#<«·•_/\\~"  # a comma stays: annotators keep it where an address is cut after it


def text_prediction(pages: Sequence[PageLines], spec: FieldSpec, block: Block, rival: float) -> FieldPrediction | None:
    """A block as a field: its words' characters without captions and stray punctuation at the edges.

    `rival` is the score of the best other text; a likely word at the border of the block counts as one, too.
    """
    page = pages[block.page]
    value = None
    if spec.type is FieldType.IDENTIFIER:
        rows, value = identifier_rows(page, page.rows_of_words(np.array(whole_identifier(page, block.words), np.int64)))
    else:
        words = firm_words(page, block.words) if is_name(spec) else block.words
        rows = trimmed(page, page.rows_of_words(np.array(words, np.int64)))
    if not rows:
        return None
    scores = scores_of(page, rows, block.score, block.weakest, max(rival, block.border))
    return FieldPrediction(spec.name, page.page.number, rows, block.score, scores, value=value)


def trimmed(page: PageLines, rows: tuple[int, ...]) -> tuple[int, ...]:
    """Character rows without punctuation and caption words ("Company:") at the edges."""
    text = page.characters.text
    first, last = 0, len(rows)
    while first < last and text[rows[first]] in _LEADING:
        first += 1
    while first < last and text[rows[last - 1]] in _TRAILING:
        last -= 1
    joined = page.characters.text_of(np.array(rows[first:last], np.int64))
    caption = _CAPTION.match(joined)
    if caption:
        kept = first + len("".join(joined[: caption.end()].split()))
        return trimmed(page, rows[kept:last])
    tail = _GLUED_NUMBER.search(joined) or _NEXT_CAPTION.search(joined)
    if tail and tail.start() > 0:
        return rows[first : last - len("".join(tail[0].split()))]
    return rows[first:last]


def identifier_rows(page: PageLines, rows: tuple[int, ...]) -> tuple[tuple[int, ...], Value | None]:
    """A run without captions before the identifier ("Contract No:"); nothing where it holds nothing like one."""
    text = page.characters.text_of(np.array(rows, np.int64)).replace("\n", " ")
    start, stop = 0, len(text)
    while caption := _NUMBER_CAPTION.match(text, start):
        if not find_candidates(text[caption.end() :], FieldType.IDENTIFIER, page.locale):
            break
        start = caption.end()
    inner = find_candidates(text[start:], FieldType.IDENTIFIER, page.locale)
    if not inner:
        return (), None
    first, last = trim_identifier(text, start, stop)
    if " " not in text[first:last] or inner[0].start == 0:  # a glued caption: Invoice#12345
        first = max(first, start + inner[0].start)
    kept = rows[first - text.count(" ", 0, first) : last - text.count(" ", 0, last)]
    return kept, Value(FieldType.IDENTIFIER, text[first:last])


def whole_identifier(page: PageLines, words: Sequence[int]) -> list[int]:
    """The words of a run, and the rest of an IBAN that the run cuts: its check digits say where it ends."""
    line = page.lines[int(page.line_of_word[words[0]])]
    inside = set(words)
    for candidate in page.candidates(int(page.line_of_word[words[0]]), FieldType.IDENTIFIER):
        of_candidate = line.words_of(candidate.start, candidate.stop)
        if len(of_candidate) > 1 and inside & set(of_candidate):
            inside |= set(of_candidate)
    return sorted(inside)


def choose_text(
    pages: Sequence[PageLines], spec: FieldSpec, blocks: Sequence[Block], settings: DecodingSettings
) -> list[FieldPrediction]:
    """The field of the best block, with other texts as alternatives; all good texts if it is repeated."""
    found: list[FieldPrediction] = []
    seen: set[str] = set()
    for number, block in enumerate(blocks):
        others = blocks[1:] if number == 0 else blocks[:1]
        rival = 0.0 if spec.repeated else max((other.score for other in others if not _alike(pages, block, other)), default=0.0)
        prediction = text_prediction(pages, spec, block, rival)
        if prediction is None or prediction.score < settings.minimum_of(spec.name):
            continue
        text = fold(pages[block.page].characters.text_of(np.array(prediction.characters, np.int64)))
        if len(text) >= (_SHORTEST if spec.multiline else 1) and text not in seen:
            seen.add(text)
            found.append(prediction)
    if not found or spec.repeated:
        return found
    return [replace(found[0], alternatives=tuple(found[1 : settings.alternatives + 1]))]


def _alike(pages: Sequence[PageLines], first: Block, second: Block) -> bool:
    """Whether two blocks print the same letters and digits."""
    one, other = (
        fold("".join(pages[block.page].characters.word_texts[word] for word in block.words)) for block in (first, second)
    )
    return one == other
