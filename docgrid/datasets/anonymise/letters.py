"""Letters for letters, digits for digits: the same word of a document always becomes the same other word."""

from __future__ import annotations

import hashlib
import hmac
import re
from functools import cache
from random import Random

from docgrid.datasets.anonymise.vocabulary import KEPT_WORDS
from docgrid.values import plain_letters

RUN = re.compile(r"[^\W_]+")
_LETTERS = ("fijlrt", "aeou", "mw", "bcdghknpsvxyzq")  # alike in width, so that the boxes still fit; vowels for vowels


class Pseudonyms:
    """The other words of one document.

    Args:
        secret: Without it nobody can tell the old word from the new one, not even by trying all words.
    """

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._of = cache(self._made)

    def word(self, text: str, *, named: bool) -> str:
        """The other text of a run of letters and digits, of the same length.

        Args:
            text: Letters and digits.
            named: It belongs to a labelled text, so that also common words change.
        """
        if not named and is_common(text):
            return text
        new = self._of(plain_letters(text).casefold() if len(plain_letters(text).casefold()) == len(text) else text)
        return "".join(letter.upper() if old.isupper() else letter for old, letter in zip(text, new, strict=True))

    def _made(self, key: str) -> str:
        digest = hmac.new(self._secret, key.encode("utf-8", "surrogatepass"), hashlib.sha256).digest()
        random = Random(digest)
        new = key
        for _ in range(20):
            new = "".join(_other(character, random, first=place == 0) for place, character in enumerate(key))
            if new != key:
                break
        return new


def is_common(text: str) -> bool:
    """Whether a word says nothing about anybody: a caption, a unit, a month, or a number of one or two digits."""
    if text.isdigit():
        return len(text) <= 2
    return plain_letters(text).casefold() in KEPT_WORDS


def _other(character: str, random: Random, *, first: bool) -> str:
    if character.isdigit() or character.isnumeric():
        return (
            random.choice("123456789" if first and character != "0" else "0123456789") if character != "0" or not first else "0"
        )
    return random.choice(next((group for group in _LETTERS if character in group), _LETTERS[-1]))
