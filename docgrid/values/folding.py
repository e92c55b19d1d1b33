"""Folding: what stays of a text when case, accents, spaces and punctuation are dropped."""

from __future__ import annotations

import unicodedata


def fold(text: str) -> str:
    """NFKD, accents and case dropped, only letters and digits kept; for comparing texts."""
    if text.isascii():
        return "".join(filter(str.isalnum, text.lower()))
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKD", text).casefold()))


def _plain_letters() -> dict[int, str]:
    """Every Latin letter that lower case or accents change without changing the length."""
    table = {}
    for code in (*range(0x41, 0x5B), *range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        base = unicodedata.normalize("NFKD", chr(code))[0].lower()
        if len(base) == 1 and base != chr(code):
            table[code] = base
    return table


_PLAIN_LETTERS = _plain_letters()


def plain_letters(text: str) -> str:
    """Lower case without accents, character for character: offsets into the result are offsets into `text`."""
    return text.translate(_PLAIN_LETTERS)
