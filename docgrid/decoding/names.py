"""Names of firms over several lines: a brand above the firm that trades under it is no part of the firm's name.

    NYONYA COLORS@1 UTAMA
    LITTLE CRAVINGS SDN BHD      <- the name

A firm that takes two lines keeps both ("POPULAR BOOK / CO. (M) SDN BHD"): its last line is no whole name by itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from docgrid.decoding.lines import PageLines
from docgrid.schema import FieldSpec, FieldType

_LEGAL_FORM = re.compile(  # at the end of a line: Malaysia, English, German, French, Dutch, Italian, Spanish, Polish, Nordic
    r"(?<![^\W_])(?:sdn\.? ?bhd|s/b|bhd|ltd|limited|llc|inc|incorporated|corp|plc|pty|pte|plt"
    r"|gmbh|mbh|ag|kg|ohg|ug|e\.? ?k|s\.?a\.?r\.?l|s\.?a\.?s|s\.?a|sasu|eurl|b\.?v|n\.?v"
    r"|s\.?r\.?l|s\.?p\.?a|s\.?l|sp\. ?z ?o\. ?o|a/s|aps|ab|oy)\b\W*(?:\([^()]*\)?\W*)?\Z",  # a registration number may follow
    re.IGNORECASE,
)
_CONTENT = re.compile(r"[^\W\d_]{3,}")  # a word of a name
_LEAST_CONTENT = 2  # words of a line that is a whole name, beside the legal form
_GOES_ON = re.compile(
    r"^(?:&|\+|and\b|und\b|et\b|co\b)|(?:[&+,-]|\band|\bund|\bet)$", re.IGNORECASE
)  # begins or ends inside a name
_NAME_FIELD = re.compile(r"(?:^|_)(?:name|company|firm|merchant|seller|supplier|vendor|advertiser)$")


def is_name(spec: FieldSpec) -> bool:
    """Whether a field holds the name of a firm, by its own name and its aliases."""
    return spec.type is FieldType.TEXT and any(map(_NAME_FIELD.search, (spec.name, *spec.aliases)))


def firm_words(page: PageLines, words: Sequence[int]) -> Sequence[int]:
    """The words of a name from the line on that is a whole firm with its legal form; all words where no lower line is one.

    Args:
        page: The page.
        words: Rows of words, increasing.
    """
    lines: dict[int, list[int]] = {}
    for word in words:
        lines.setdefault(int(page.line_of_word[word]), []).append(word)
    rows = list(lines.values())
    texts = [" ".join(page.characters.word_texts[word] for word in row) for row in rows]
    for position in range(1, len(rows)):
        form = _LEGAL_FORM.search(texts[position])
        goes_on = any(map(_GOES_ON.search, (texts[position].split(" ")[0], texts[position - 1].split(" ")[-1])))
        if form and not goes_on and len(_CONTENT.findall(texts[position][: form.start()])) >= _LEAST_CONTENT:
            return [word for row in rows[position:] for word in row]
    return words
