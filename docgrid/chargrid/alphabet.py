"""Which characters a grid can tell apart, and which index each one gets."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from docgrid.errors import UsageError

BACKGROUND_INDEX = 0  # an empty cell
UNKNOWN_INDEX = 1  # a character outside the alphabet
FIRST_INDEX = 2
MAX_CHARACTERS = 256 - FIRST_INDEX

_TABLE_SIZE = 0x3000  # code points looked up in one table; the rest (mostly CJK) is mapped once per distinct code point

# Signs that Unicode does not decompose into the plain one they stand for.
_EQUIVALENTS = str.maketrans(
    {
        **dict.fromkeys("‐‑‒–—―−⁃", "-"),
        **dict.fromkeys("‘’‚‛′`´", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("•·∙●▪", "*"),
        "⁄": "/",
        "∕": "/",
        "×": "x",
        "ø": "o",
        "đ": "d",
        "ł": "l",
        "ħ": "h",
        "ı": "i",
        "æ": "a",
        "œ": "o",
    }
)


@dataclass(frozen=True)
class Alphabet:
    """The characters of a grid: index 0 is an empty cell, 1 an unknown character, i + 2 is `characters[i]`.

    A character that is not listed gets the index of the first of these that is: itself, its lower case, its compatible form
    (full-width, ligature), the plain sign it stands for (dashes, quotes), its base letter without accent.

    Raises:
        UsageError: A character stands twice, is white space, or there are none or more than 254.
    """

    characters: str

    def __post_init__(self) -> None:
        if not 1 <= len(self.characters) <= MAX_CHARACTERS:
            raise UsageError(
                f"an alphabet of {len(self.characters)} characters does not fit one byte",
                hint=f"List between 1 and {MAX_CHARACTERS} characters.",
            )
        twice = sorted({c for c in self.characters if self.characters.count(c) > 1})
        if twice:
            raise UsageError(f"the alphabet lists {''.join(twice)!r} twice", hint="List every character once.")
        if any(c.isspace() or 0xD800 <= ord(c) <= 0xDFFF for c in self.characters):
            raise UsageError("the alphabet lists white space", hint="Cells without a character are the background already.")

    @property
    def size(self) -> int:
        """How many indices there are, background and unknown included."""
        return len(self.characters) + FIRST_INDEX

    @cached_property
    def identifier(self) -> str:
        """Twelve hexadecimal digits that tell two alphabets apart."""
        return hashlib.sha256(self.characters.encode("utf-8")).hexdigest()[:12]

    def indices(self, code_points: NDArray[np.uint32]) -> NDArray[np.uint8]:
        """The index of every character.

        Args:
            code_points: uint32 [N]; a value that is no code point counts as unknown.

        Returns:
            uint8 [N]
        """
        inside = code_points < _TABLE_SIZE
        result: NDArray[np.uint8] = self._table[np.where(inside, code_points, 0)]
        if not inside.all():
            distinct, inverse = np.unique(code_points[~inside], return_inverse=True)
            mapped = np.array([self._index_of(int(code)) for code in distinct], np.uint8)
            result[~inside] = mapped[inverse]
        return result

    @property
    def _table(self) -> NDArray[np.uint8]:
        return _table_of(self.characters)

    def _index_of(self, code: int) -> int:
        return _index_of(code, _positions_of(self.characters))


@lru_cache(maxsize=8)  # a table takes 10 ms, and every model and every encoded file brings its alphabet
def _table_of(characters: str) -> NDArray[np.uint8]:
    positions = _positions_of(characters)
    table = np.array([_index_of(code, positions) for code in range(_TABLE_SIZE)], np.uint8)
    table.flags.writeable = False
    return table


@lru_cache(maxsize=8)
def _positions_of(characters: str) -> dict[str, int]:
    return {character: position for position, character in enumerate(characters, start=FIRST_INDEX)}


def _index_of(code: int, positions: dict[str, int]) -> int:
    if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        return UNKNOWN_INDEX
    character = chr(code)
    compatible = unicodedata.normalize("NFKC", character).translate(_EQUIVALENTS)
    lower = compatible.lower().translate(_EQUIVALENTS)
    for form in (character, character.lower(), compatible, lower, unicodedata.normalize("NFKD", lower)):
        if form[:1] in positions:
            return positions[form[:1]]
    return UNKNOWN_INDEX


DEFAULT_ALPHABET = Alphabet("abcdefghijklmnopqrstuvwxyz0123456789" + ".,:;-_/\\'\"()[]<>+=*#%&@!?|~°" + "$€£¥" + "äöüßéèàçñ")
