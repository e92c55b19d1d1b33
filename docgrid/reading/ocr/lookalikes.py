"""Characters that were taken for one that looks alike (l I 1, O 0, S 5) are put right where two witnesses agree.

The word must have a shape that hardly any correct word has, such as a 1 among lower-case letters, and the recogniser itself
must have held the other character for possible; of a 1 that is a 1 it is all but certain. Article numbers, IBAN
and codes of banks, amounts, dates and addresses of the web have other shapes and stay as they were read.
"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

LOOKALIKES = "lI0OoS"  # what is put in; the recogniser gives the probability of each in every column
RIVAL_MIN = 0.02  # probability of the other character; on receipts wrong ones had 0.03 to 0.47, right ones under 0.003

_LOW = "a-zß-öø-ÿ"
_CAP = "A-ZÀ-ÖØ-Þ"
_WEB = re.compile(r"@|//|www\.|\w\.[a-z]{2,4}(?:/|$)", re.IGNORECASE)
_NO_BANK_CODE = r"(?!(?:\w{8}|\w{11})(?!\w))"  # those are capital letters with or without digits: SOLADES1KNZ
_SHAPES = (  # what stands there, what should, and the shape of the letters and digits in a row that say so
    ("1", "l", rf"(?=\w*[{_LOW}])(?!\w1+(?!\w))[{_CAP}{_LOW}]+1[{_CAP}{_LOW}1]*"),  # Tota1, J1n, Ma11; no c1
    ("I", "l", rf"[{_CAP}{_LOW}]+I(?!s(?!\w))[{_LOW}]+"),  # BIk, MaIaysia; no plural such as APIs
    ("l", "I", rf"l[bcdfgkmnpqrstvwxz](?=\w*[aeiou])[{_LOW}]{{2,}}"),  # lpoh, ltem; no lbs, ltd, lfd
    ("0", "O", rf"{_NO_BANK_CODE}[{_CAP}]+0+[{_CAP}]+|0[{_LOW}]{{2,}}"),  # FO0D, 0lio
    ("0", "o", rf"[{_CAP}{_LOW}]+0+[{_LOW}]+"),  # T0tal
    ("O", "0", rf"(?![{_CAP}]2O)[{_CAP}]?\d+O[\dO]*"),  # 29O, G3O; no oxide
    ("5", "S", rf"5(?=/[{_CAP}](?!\w))"),  # 5/B: an abbreviation
)
_RULES = tuple((wrong, right, re.compile(rf"(?<![^\W_])(?:{shape})(?![^\W_])")) for wrong, right, shape in _SHAPES)


def repair(code_points: NDArray[np.uint32], breaks: NDArray[np.bool_], rivals: NDArray[np.float32]) -> NDArray[np.uint32]:
    """The characters of a text line with look-alikes put right, one for one.

    Args:
        code_points: uint32 [N], no white space.
        breaks: bool [N], before which characters a space stands.
        rivals: float32 [N, 6], probability that the character is each of `LOOKALIKES`.

    Returns:
        uint32 [N].
    """
    text = "".join(map(chr, code_points.tolist()))
    repaired = code_points.copy()
    edges = [0, *(np.flatnonzero(breaks[1:]) + 1).tolist(), len(text)]
    for start, stop in zip(edges, edges[1:], strict=False):
        word = text[start:stop]
        if _WEB.search(word):
            continue
        for wrong, right, shape in _RULES:
            for match in shape.finditer(word):
                rows = [start + place for place in range(*match.span()) if word[place] == wrong]
                likely = rivals[rows, LOOKALIKES.index(right)] >= RIVAL_MIN
                repaired[np.array(rows)[likely]] = ord(right)
    return repaired
