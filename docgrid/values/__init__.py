"""Text to typed values: dates, amounts, identifiers, under the conventions of one document."""

from docgrid.values.folding import fold, plain_letters
from docgrid.values.identifiers import bic_is_valid, iban_is_valid, trim_identifier
from docgrid.values.locale import DocumentLocale, decide_locale
from docgrid.values.parsing import (
    Candidate,
    Value,
    find_candidates,
    parse_amount,
    parse_date,
    parse_value,
    same_value,
)

__all__ = [
    "Candidate",
    "DocumentLocale",
    "Value",
    "bic_is_valid",
    "decide_locale",
    "find_candidates",
    "fold",
    "iban_is_valid",
    "parse_amount",
    "parse_date",
    "parse_value",
    "plain_letters",
    "same_value",
    "trim_identifier",
]
