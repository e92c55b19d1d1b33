"""The words of each language: captions with their synonyms, sentences and goods, as plain tables of text."""

from __future__ import annotations

from functools import cache
from importlib import import_module

LANGUAGES = ("en", "de", "fr", "es", "it", "nl")


@cache
def words(name: str) -> dict[str, tuple[str, ...]]:
    """The table of a language (or of another module here, such as `shops`): a key such as `document_id` to its synonyms.

    Every module of this package holds one text, `TABLE`: a line is `key = first | second | ...`; a line that starts with a
    plus goes on with the key above.
    """
    table: dict[str, list[str]] = {}
    key = ""
    for line in import_module(f"docgrid.synth.words.{name}").TABLE.strip().splitlines():
        head, _, tail = line.partition("=" if not line.startswith("+") else "+")
        key = head.strip() or key
        table.setdefault(key, []).extend(part.strip() for part in tail.split("|") if part.strip())
    return {key: tuple(synonyms) for key, synonyms in table.items()}
