"""How one document writes numbers, money and dates; every style gives the text and its normal form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random

from docgrid.synth.words import words

SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "CHF": "CHF", "CAD": "$", "AUD": "$", "MYR": "RM", "SGD": "$"}


@dataclass(frozen=True, slots=True)
class NumberStyle:
    """Separators and sign of one document."""

    decimal: str
    group: str  # between thousands; empty for none
    negative: str = "-{}"  # a pattern such as "({})" or "{}-"

    def write(self, number: Decimal, places: int) -> str:
        """A number with `places` decimals, such as `-1.234,50`."""
        whole = f"{abs(number):,.{places}f}"
        text = whole.replace(",", "\0").replace(".", self.decimal).replace("\0", self.group)
        return self.negative.format(text) if number < 0 and round(number, places) != 0 else text


@dataclass(frozen=True, slots=True)
class DateStyle:
    """One of the ways to write a date."""

    pattern: str
    language: str

    def write(self, day: date) -> str:
        """The date as printed."""
        table = words(self.language)
        month = table["months"][day.month - 1]
        short = table["short_months"][day.month - 1]
        return self.pattern.format(
            d=day.day,
            dd=f"{day.day:02}",
            m=day.month,
            mm=f"{day.month:02}",
            yy=f"{day.year % 100:02}",
            yyyy=day.year,
            month=month,
            MONTH=month.upper(),
            short=short,
            SHORT=short.upper(),
            short_plain=short.rstrip("."),
        )


DATE_PATTERNS = {
    "US": "{mm}/{dd}/{yyyy}|{m}/{d}/{yyyy}|{mm}/{dd}/{yy}|{month} {d}, {yyyy}|{short} {d}, {yyyy}|{yyyy}-{mm}-{dd}"
    "|{dd}-{short}-{yyyy}|{m}/{d}/{yy}|{month} {dd}, {yyyy}|{mm}-{dd}-{yyyy}",
    "GB": "{dd}/{mm}/{yyyy}|{d} {month} {yyyy}|{dd} {short} {yyyy}|{dd}-{short}-{yy}|{dd}/{mm}/{yy}|{yyyy}-{mm}-{dd}"
    "|{dd}.{mm}.{yyyy}|{dd}-{mm}-{yyyy}|{dd} {month} {yyyy}",
    "DE": "{dd}.{mm}.{yyyy}|{dd}.{mm}.{yyyy}|{dd}.{mm}.{yyyy}|{dd}.{mm}.{yy}|{d}. {month} {yyyy}|{d}.{m}.{yyyy}|{yyyy}-{mm}-{dd}"
    "|{dd}. {month} {yyyy}",
    "FR": "{dd}/{mm}/{yyyy}|{dd}/{mm}/{yyyy}|{dd}/{mm}/{yy}|{d} {month} {yyyy}|{dd} {month} {yyyy}|{dd}-{mm}-{yyyy}"
    "|{dd}.{mm}.{yyyy}",
    "ES": "{dd}/{mm}/{yyyy}|{dd}/{mm}/{yyyy}|{dd}-{mm}-{yyyy}|{d} de {month} de {yyyy}|{dd}/{mm}/{yy}|{dd}.{mm}.{yyyy}",
    "IT": "{dd}/{mm}/{yyyy}|{dd}/{mm}/{yyyy}|{dd}-{mm}-{yyyy}|{d} {month} {yyyy}|{dd}.{mm}.{yyyy}|{dd}/{mm}/{yy}",
    "NL": "{dd}-{mm}-{yyyy}|{dd}-{mm}-{yyyy}|{d} {month} {yyyy}|{dd}/{mm}/{yyyy}|{d}-{m}-{yyyy}|{dd}-{mm}-{yy}",
}


def date_style(rng: Random, country: str, language: str) -> DateStyle:
    """A usual date style of a country; month names in the language of the document."""
    patterns = DATE_PATTERNS.get(country, DATE_PATTERNS["GB"]).split("|")
    pattern = rng.choice(patterns)
    if language == "en" and " de " in pattern:
        pattern = "{d} {month} {yyyy}"
    return DateStyle(pattern, language)


class CurrencyMark:
    """Where and how the currency stands beside an amount."""

    NONE = "{}"

    @staticmethod
    def patterns(currency: str, rng: Random) -> str:
        """A pattern with one `{}` for the number, such as `{} €`."""
        symbol = SYMBOLS[currency]
        if currency in ("USD", "GBP", "CAD", "AUD"):
            return rng.choice([symbol + "{}"] * 6 + [symbol + " {}", currency + " {}", "{} " + currency])
        if symbol == currency:
            return rng.choice([currency + " {}", "{} " + currency])
        return rng.choice(
            ["{} " + symbol] * 5 + [symbol + " {}", symbol + "{}", "{} " + currency, currency + " {}", "{}" + symbol]
        )


def plain(number: Decimal) -> str:
    """The normal form of a number: no group marks, a point, at least the decimals that count."""
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def money(number: Decimal) -> str:
    """The normal form of an amount: two decimals or as many as it has."""
    text = plain(number)
    decimals = len(text.partition(".")[2])
    return text if decimals >= 2 else f"{number:.2f}"
