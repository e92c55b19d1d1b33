"""Text of documents is hostile: what may not reach a terminal or a spreadsheet is taken out here."""

from __future__ import annotations

import unicodedata

_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
REPLACEMENT = "\ufffd"


def printable(text: str, *, keep_breaks: bool = False) -> str:
    """Text that cannot steer a terminal: C0 and C1 controls, escape sequences and bidirectional marks are gone.

    Args:
        text: Anything.
        keep_breaks: Line breaks stay; otherwise they, like tabs, become spaces.
    """
    return "".join(_printable_character(character, keep_breaks) for character in text)


def _printable_character(character: str, keep_breaks: bool) -> str:
    if character == "\n" and keep_breaks:
        return character
    if character in "\n\t\r":
        return " "
    if character in _BIDI:
        return ""
    category = unicodedata.category(character)
    if category == "Cc":
        return ""
    if category == "Cs":  # half of a pair: it cannot be encoded, so printing it would fail
        return REPLACEMENT
    return " " if category in ("Zl", "Zp") else character


def spreadsheet_cell(text: str) -> str:
    """Text that a spreadsheet shows and does not run: a cell that starts like a formula gets a quote, unless it is a number."""
    clean = printable(text)
    if clean.startswith(_FORMULA_STARTS) and not _is_number(clean):
        return "'" + clean
    return clean


def _is_number(text: str) -> bool:
    unsigned = text[1:] if text[:1] in "+-" else text
    return unsigned.isascii() and unsigned.replace(".", "", 1).isdigit()
