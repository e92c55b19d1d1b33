"""Identifiers: tokens that name something (invoice numbers, tax ids, IBAN, BIC, e-mail), and their check digits."""

from __future__ import annotations

import re

_IBAN_SPACED = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9])")
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_BIC = re.compile(r"(?<![A-Za-z0-9])[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?(?![A-Za-z0-9])")
_TOKEN = re.compile(r"(?<!\S)\S{1,100}(?!\S)")  # longer ones name nothing
_CAPTION = re.compile(
    r"^(?:[^\W\d_]{2,}[.:#=]+(?:[-:#]+)?|[^\W\d_]{2,}\.?(?:no|nr|num|number)\.?[:#]*(?=\d)|(?:no|nr)\.?[:.]*(?=\d)|[:#=*.,;]+)",
    re.IGNORECASE,
)
_LONGEST = 1000  # characters; longer texts are left as they are
_EDGES = " .,;:!?\"'“”„«»()[]{}<>|*=~`"


def find_identifiers(text: str) -> list[tuple[int, int]]:
    """Offsets of all identifier-like pieces of a line: IBANs (also in groups of four), e-mails, BICs, tokens with a digit."""
    spans = []
    for pattern in (_IBAN_SPACED, _EMAIL, _BIC):
        for match in pattern.finditer(text):
            if pattern is not _IBAN_SPACED or iban_is_valid(match[0]):
                spans.append((match.start(), match.end()))
    taken = {place for start, stop in spans for place in range(start, stop)}
    for match in _TOKEN.finditer(text):
        start, stop = trim_identifier(text, match.start(), match.end())
        if start not in taken and stop - 1 not in taken and any(map(str.isdigit, text[start:stop])):
            spans.append((start, stop))
    return sorted(spans)


def trim_identifier(text: str, start: int, stop: int) -> tuple[int, int]:
    """Drop a caption ("No:", "Invoice#") and stray punctuation from the edges of an identifier."""
    if stop - start > _LONGEST:
        return start, stop
    while start < stop:
        caption = _CAPTION.match(text[start:stop])
        if caption and caption.end() < stop - start and any(map(str.isdigit, text[start + caption.end() : stop])):
            start += caption.end()
            continue
        if text[start] in _EDGES and not _closes(text, start, stop):
            start += 1
        elif text[stop - 1] in _EDGES and not _closes(text, start, stop):
            stop -= 1
        else:
            break
    return start, stop


def _closes(text: str, start: int, stop: int) -> bool:
    """Whether a bracket at the edge has its partner inside: `123 (Rev 9)` keeps it, `(123)` does not."""
    inner = text[start:stop]
    return inner[-1] == ")" and inner[0] != "(" and "(" in inner


def iban_is_valid(text: str) -> bool:
    """ISO 13616 check: length 15 to 34 and remainder 1 modulo 97."""
    plain = "".join(text.split()).upper()
    if not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", plain):
        return False
    digits = "".join(str(int(character, 36)) for character in plain[4:] + plain[:4])
    return int(digits) % 97 == 1


def bic_is_valid(text: str) -> bool:
    """ISO 9362 shape: four letters, two letters of a country, two or five letters or digits."""
    return re.fullmatch(r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?", "".join(text.split()).upper()) is not None
