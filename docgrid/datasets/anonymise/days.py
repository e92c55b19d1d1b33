"""Other dates in place of the true ones: valid, in the same writing, and all of a document moved together where that can be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from itertools import permutations
from random import Random

_TOKEN = re.compile(r"\d+")
_FARTHEST = 700  # days


def other_dates(writings: Mapping[date, Iterable[str]], random: Random) -> dict[date, dict[str, str]]:
    """For each date of a document its writings, each with the new one.

    Args:
        writings: Date -> how it is printed.
        random: Decides.
    """
    known = {day: sorted(set(texts)) for day, texts in writings.items()}
    shifts = [shift for shift in range(-_FARTHEST, _FARTHEST + 1) if abs(shift) > 5]
    random.shuffle(shifts)
    for shift in shifts:
        moved = {day: _moved(day, shift, texts) for day, texts in known.items()}
        if all(found is not None for found in moved.values()):
            return {day: found for day, found in moved.items() if found is not None}
    return {day: _alone(day, texts, shifts) for day, texts in known.items()}


def _moved(day: date, shift: int, texts: Iterable[str]) -> dict[str, str] | None:
    try:
        new = day + timedelta(days=shift)
    except OverflowError:
        return None
    found = {text: rewritten(text, day, new) for text in texts}
    return {text: new_text for text, new_text in found.items() if new_text} if all(found.values()) else None


def _alone(day: date, texts: list[str], shifts: Iterable[int]) -> dict[str, str]:
    """Another date for one that cannot be moved with the rest; for each writing its own where there is no common one."""
    for shift in shifts:
        found = _moved(day, shift, texts)
        if found:
            return found
    if len(texts) == 1:
        return {texts[0]: texts[0]}
    return {text: _alone(day, [text], shifts)[text] for text in texts}


def rewritten(text: str, old: date, new: date) -> str | None:
    """A writing of a date, with another date in the same places; None where that has other digits or another month name."""
    tokens = list(_TOKEN.finditer(text))
    whole = "".join(token[0] for token in tokens)
    if len(tokens) == 1 and len(whole) == 8:
        for pattern in ("%Y%m%d", "%d%m%Y"):
            if whole == old.strftime(pattern):
                return text.replace(whole, new.strftime(pattern))
        return None
    if len(tokens) == 2 and new.month != old.month:
        return None  # a month by its name stays
    for order in permutations(("day", "month", "year"), len(tokens)):
        if len(tokens) == 2 and "month" in order:
            continue
        found = [
            _replaced(token[0], getattr(old, part), getattr(new, part), part) for token, part in zip(tokens, order, strict=False)
        ]
        if len(found) in (2, 3) and all(found):
            return _joined(text, tokens, [one or "" for one in found])
    return None


def _replaced(digits: str, old: int, new: int, part: str) -> str | None:
    if part == "year":
        if len(digits) == 4:
            return str(new) if int(digits) == old else None
        return f"{new % 100:02}" if len(digits) == 2 and int(digits) == old % 100 else None
    if int(digits) != old or len(str(new)) > len(digits):
        return None
    return str(new).zfill(len(digits)) if len(digits) == 2 or len(str(new)) == len(digits) else None


def _joined(text: str, tokens: list[re.Match[str]], found: list[str]) -> str:
    parts, done = [], 0
    for token, new in zip(tokens, found, strict=True):
        parts += [text[done : token.start()], new]
        done = token.end()
    return "".join([*parts, text[done:]])
