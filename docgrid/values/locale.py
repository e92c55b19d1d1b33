"""The locale of one document, decided once from all its numbers, dates, currency marks and words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from docgrid.values.currencies import COMMON_CODES, DOLLAR, DOLLAR_REGIONS, ISO_CODES, MARKS, find_marks
from docgrid.values.dates import DateSpan, find_dates
from docgrid.values.folding import plain_letters

# Frequent words of documents that few of the other languages use.
_WORDS: dict[str, frozenset[str]] = {
    language: frozenset(words.split())
    for language, words in {
        "en": "the and of to for from with your invoice total date amount due number tax page payment please order thank cash",
        "de": "der die das und mit fur von rechnung datum betrag gesamt menge preis netto brutto mwst ust bitte zahlung kunde nr",
        "fr": "le la les des et pour avec facture date montant quantite prix total tva ttc ht votre client paiement du au page",
        "es": "el los las del para con factura fecha importe cantidad precio iva cliente pago su total por una",
        "it": "il della di del per con fattura data importo quantita prezzo totale iva cliente pagamento la gli una",
        "nl": "de het een van en voor met factuur datum bedrag aantal prijs totaal btw klant betaling uw te nummer",
    }.items()
}
_COMMA_LANGUAGES = frozenset(("de", "fr", "es", "it", "nl"))
_COMMA_CURRENCIES = frozenset(("EUR", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "RON", "BRL"))
_MONTH_FIRST_CURRENCIES = frozenset(["USD"])
_US_PLACE = re.compile(r"\b[A-Z]{2},? \d{5}(?:-\d{4})?\b")
_DECIMALS = re.compile(r"(?<![\d.,])\d{1,3}(?:[.,' ]\d{3})*([.,])\d{2}(?![\d.,])")
_LONGEST_LINE = 5000  # characters; what a line holds beyond them is no part of a document
_WORD = re.compile(r"[a-z]{2,}")


@dataclass(frozen=True, slots=True)
class DocumentLocale:
    """How numbers and dates of one document are read."""

    decimal_separator: str = "."  # "." or ","
    day_first: bool | None = None  # None: nothing in the document decides
    currency: str | None = None  # ISO 4217
    language: str | None = None  # ISO 639-1


def decide_locale(texts: Sequence[str]) -> DocumentLocale:
    """Decide how a document writes numbers and dates.

    Args:
        texts: The lines of all pages.
    """
    texts = [text[:_LONGEST_LINE] for text in texts]
    language = _decide_language(texts)
    currency = _decide_currency(texts)
    decimal_separator = _decide_decimal(texts, language, currency)
    return DocumentLocale(decimal_separator, _decide_order(texts, language, currency), currency, language)


def _decide_language(texts: Sequence[str]) -> str | None:
    words = Counter(word for text in texts for word in _WORD.findall(plain_letters(text)))
    scores = {language: sum(words[word] for word in known) for language, known in _WORDS.items()}
    best = max(scores, key=lambda language: scores[language])
    return best if scores[best] >= 3 else None


def _decide_currency(texts: Sequence[str]) -> str | None:
    votes: Counter[str] = Counter()
    for text in texts:
        for start, stop in find_marks(text):
            mark = text[start:stop]
            beside_digit = text[stop : stop + 2].strip()[:1].isdigit() or text[max(0, start - 2) : start].strip()[-1:].isdigit()
            code = MARKS.get(mark.upper(), mark if mark in ISO_CODES else "")
            if code and (beside_digit or code in COMMON_CODES or mark in "€$£"):
                votes[code] += 2 if beside_digit else 1
    if not votes:
        return None
    code = votes.most_common(1)[0][0]
    if code != DOLLAR:
        return code
    return next((region for pattern, region in DOLLAR_REGIONS if any(pattern.search(text) for text in texts)), "USD")


def _decide_decimal(texts: Sequence[str], language: str | None, currency: str | None) -> str:
    votes = Counter(separator for text in texts for separator in _DECIMALS.findall(text))
    if votes["."] != votes[","]:
        return "." if votes["."] > votes[","] else ","
    if language in _COMMA_LANGUAGES:
        return ","
    return "," if language is None and currency in _COMMA_CURRENCIES else "."


def _decide_order(texts: Sequence[str], language: str | None, currency: str | None) -> bool | None:
    spans = [span for text in texts for span in find_dates(text, None) if span.order]
    votes = sum(_order_vote(span) for span in spans)
    if votes:
        return votes > 0
    if language is not None and language != "en":
        return True
    if currency is not None:
        return currency not in _MONTH_FIRST_CURRENCIES
    if any(_US_PLACE.search(text) for text in texts):
        return False
    return _order_by_span(spans)


def _order_vote(span: DateSpan) -> int:
    """+1 where only day-first is possible or usual (dots), -1 where only month-first is possible, else 0."""
    assert span.order is not None
    first, second = span.order
    if first > 12 >= second:
        return 1
    if second > 12 >= first:
        return -1
    return 1 if span.separator == "." else 0


def _order_by_span(spans: Sequence[DateSpan]) -> bool | None:
    """The order under which the dates of a document lie clearly closer together, as dates of one document do."""
    both = {span.readings for span in spans if len(span.readings) == 2}
    if len(both) < 2:
        return None
    day_first, month_first = (_days_spanned([readings[way] for readings in both]) for way in (0, 1))
    if day_first * 3 < month_first:
        return True
    return False if month_first * 3 < day_first else None


def _days_spanned(dates: Sequence[date]) -> int:
    return (max(dates) - min(dates)).days
