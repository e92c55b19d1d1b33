"""What stands beside an amount or a date says which one it is: captions of the `invoice` schema's amounts and dates.

Used only to choose between several places that print the same value (the net total of an invoice with one line, an amount due
that equals the gross total). Languages: English, German, French, Spanish, Italian, Dutch.
"""

from __future__ import annotations

import re

import numpy as np

from docgrid.datasets.segments import PageIndex
from docgrid.values import plain_letters

OTHER = "other"  # a caption of something that no field of the schema holds
_HEADER_REACH = 12.0  # a column header stands at most so many line heights above

# The first pattern that fits decides, so special ones come first. Texts are lower case without accents.
_AMOUNTS: tuple[tuple[str, str], ...] = (
    (OTHER, r"positionssumme|line total|total lignes?\b|zwischensumme|rabatt|discount|remise|skonto|versand|fracht"),
    (OTHER, r"zuschl|abschl|allowance"),
    ("amount_paid", r"anzahlung|bereits (be|ge)zahlt|vorausbezahl|prepaid|amount paid|acompte|deja paye|paid amount"),
    (
        "amount_due",
        r"zahlbetrag|offener|zu zahlen|fallig|faellig|amount due|\bdue\b|payable|a payer|restant|da pagare|te betalen",
    ),
    (
        "amount_total_net",
        r"netto|ohne (mwst|ust|umsatz|mehrwert)|exkl|zzgl\. ust|\bnet\b|subtotal|sub total|excl|\bh\.?t\b|hors tax",
    ),
    ("amount_total_net", r"steuerbasis|tax basis|base imponible|imponibile|before tax|warenwert gesamt"),
    ("amount_total_gross", r"brutto|inkl|incl|t\.?t\.?c\b|gross|endbetrag|grand total|rechnungsbetrag|gesamtbetrag|gesamtsumme"),
    (OTHER, r"basisbetrag|basis|bemessung|taxable|base h"),
    ("amount_total_tax", r"steuer|mwst|ust\b|\bvat\b|\btax\b|\btva\b|\biva\b|\bbtw\b|\bgst\b"),
    ("amount_total_gross", r"total|gesamt|summe|rechnungssumme|importe|totaal"),
)
_DATES: tuple[tuple[str, str], ...] = (
    ("date_due", r"fallig|faellig|\bdue\b|echeance|zahlbar|scadenza|vencimiento|verval"),
    (OTHER, r"liefer|leistung|delivery|livraison|order|bestell|commande|auftrag|period|zeitraum|lieferschein|skonto|shipping"),
    (
        "date_issue",
        r"rechnungsdatum|invoice date|date de facture|date d.emission|belegdatum|\bvom\b|issue|fecha|data fattura|factuurdatum",
    ),
    ("date_issue", r"^\W*(date|datum|data)\b"),
)
_TABLES = tuple(tuple((name, re.compile(pattern)) for name, pattern in table) for table in (_AMOUNTS, _DATES))
_BY_FIELD = {name: table for table in _TABLES for name, _ in table if name != OTHER}


def is_captioned(field: str) -> bool:
    """Whether captions are known for a field."""
    return field in _BY_FIELD


def field_of_caption(field: str, caption: str) -> str | None:
    """Which field a caption announces, among those of the same kind as `field`; `OTHER` for none of them, None if unknown."""
    plain = plain_letters(caption)
    return next((name for name, pattern in _BY_FIELD[field] if pattern.search(plain)), None)


def announced_field(field: str, page: PageIndex, rows: tuple[int, ...]) -> str | None:
    """Which field is announced at a place: by the words to its left in the same row, else by the column header above it.

    Args:
        field: A field whose captions are known.
        page: The page.
        rows: Character rows of the place.
    """
    left = field_of_caption(field, text_left_of(page, rows))
    return left if left is not None else field_of_caption(field, text_above(page, rows))


def text_left_of(page: PageIndex, rows: tuple[int, ...], lines: int = 2) -> str:
    """The text before a place in its own line, and the nearest lines to the left in the same row."""
    characters = page.page.characters
    segment = page.segment_of(rows[0])
    inside = segment.text[: max(segment.rows.index(rows[0]), 0)]
    boxes = page.boxes
    top, bottom = characters.boxes[rows[0], 1], characters.boxes[rows[0], 3]
    middle = (boxes[:, 1] + boxes[:, 3]) / 2
    beside = np.flatnonzero((middle > top - 1) & (middle < bottom + 1) & (boxes[:, 2] <= segment.box[0] + 1))
    nearest = beside[np.argsort(-boxes[beside, 2])][:lines]
    return " ".join([page.segments[row].text for row in nearest[::-1].tolist()] + [inside]).strip()


def text_above(page: PageIndex, rows: tuple[int, ...]) -> str:
    """The nearest line with letters that stands above a place and shares its column."""
    characters = page.page.characters
    own = characters.boxes[list(rows)]
    left, top, right = float(own[:, 0].min()), float(own[:, 1].min()), float(own[:, 2].max())
    height = max(float(own[:, 3].max()) - top, 1.0)
    boxes = page.boxes
    over = np.flatnonzero(
        (boxes[:, 3] <= top + 0.3 * height)
        & (boxes[:, 3] > top - _HEADER_REACH * height)
        & (np.minimum(boxes[:, 2], right) > np.maximum(boxes[:, 0], left))
    )
    for row in over[np.argsort(-boxes[over, 3])].tolist():
        if any(map(str.isalpha, page.segments[row].text)):
            return str(page.segments[row].text)
    return ""
