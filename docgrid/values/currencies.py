"""Currency marks: what is printed beside an amount, and its ISO 4217 code."""

from __future__ import annotations

import re

# Codes in use (ISO 4217 without funds, metals and test codes); a test compares them with babel's list.
_CODES = (
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP "
    "CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HRK HTG "
    "HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA "
    "MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD "
    "RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX "
    "USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW"
)
ISO_CODES = frozenset(_CODES.split())

# Codes that stand alone in a text without an amount beside them and still mean money; the others may be words ("ALL", "TOP").
_COMMON = "EUR USD GBP CHF MYR SGD AUD CAD NZD JPY CNY HKD SEK NOK DKK PLN CZK HUF RON INR BRL ZAR"
COMMON_CODES = frozenset(_COMMON.split())

DOLLAR = "$"  # which dollar it is must be decided for the whole document

MARKS: dict[str, str] = {
    "€": "EUR",
    "EURO": "EUR",
    "EUROS": "EUR",
    "$": DOLLAR,
    "US$": "USD",
    "U$": "USD",
    "S$": "SGD",
    "A$": "AUD",
    "AU$": "AUD",
    "C$": "CAD",
    "CA$": "CAD",
    "HK$": "HKD",
    "NZ$": "NZD",
    "R$": "BRL",
    "£": "GBP",
    "¥": "JPY",
    "￥": "JPY",
    "RM": "MYR",
    "SFR": "CHF",
    "SFR.": "CHF",
    "FR.": "CHF",
    "KČ": "CZK",
    "ZŁ": "PLN",
    "₹": "INR",
    "RS.": "INR",
    "₩": "KRW",
    "₺": "TRY",
    "₫": "VND",
    "฿": "THB",
    "₱": "PHP",
    "₪": "ILS",
    "₽": "RUB",
    "RP": "IDR",
    "FT": "HUF",
    "LEI": "RON",
}

DOLLAR_CODES = frozenset(("USD", "SGD", "AUD", "CAD", "HKD", "NZD"))

# Words that tell which dollar a bare "$" is, where no letter says so.
DOLLAR_REGIONS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"singapore|\bpte\.? ltd\b", re.IGNORECASE), "SGD"),
    (re.compile(r"australia|\babn\b", re.IGNORECASE), "AUD"),
    (re.compile(r"canada|\b[hp]st\b", re.IGNORECASE), "CAD"),
    (re.compile(r"hong kong", re.IGNORECASE), "HKD"),
    (re.compile(r"new zealand", re.IGNORECASE), "NZD"),
)

_ALL_MARKS = sorted((*MARKS, *ISO_CODES), key=len, reverse=True)
MARK_PATTERN = "|".join(re.escape(mark) for mark in _ALL_MARKS)
_MARK_BEFORE = re.compile(rf"(?:(?<![A-Za-z])(?:{MARK_PATTERN})|(?<=[A-Za-z])[€$£¥])[ .:]?\Z", re.IGNORECASE)
_MARK_AFTER = re.compile(rf" ?(?:{MARK_PATTERN})(?![A-Za-z])", re.IGNORECASE)
_LONE_MARK = re.compile(rf"(?<![A-Za-z])(?:{MARK_PATTERN})(?![A-Za-z])")


def currency_of(mark: str, dollar: str | None = None) -> str | None:
    """The ISO 4217 code of a printed mark.

    Args:
        mark: Such as "€", "RM", "eur", "US$".
        dollar: What a bare "$" means in this document; None reads it as USD.
    """
    key = mark.strip(" .:").upper() if mark.strip().upper() not in MARKS else mark.strip().upper()
    code = MARKS.get(key) or (key if key in ISO_CODES else None)
    if code == DOLLAR:
        return dollar if dollar in DOLLAR_CODES else "USD"
    return code


def mark_before(text: str, start: int) -> int | None:
    """Where a currency mark begins that ends just before `start`, or None."""
    match = _MARK_BEFORE.search(text, max(0, start - 8), start)
    return match.start() if match else None


def mark_after(text: str, stop: int) -> int | None:
    """Where a currency mark ends that begins just after `stop`, or None."""
    match = _MARK_AFTER.match(text, stop)
    return match.end() if match else None


def find_marks(text: str) -> list[tuple[int, int]]:
    """Offsets of all currency marks and codes in a line, lower-case words left out."""
    return [(match.start(), match.end()) for match in _LONE_MARK.finditer(text)]
