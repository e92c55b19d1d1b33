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

_AS_WRITTEN = frozenset(("Euro", "Euros", "euro", "euros", "Fr.", "SFr", "SFr.", "Rs.", "Rp", "Ft", "Kč", "zł", "lei"))
_SIGNS = "€$£¥￥₹₩₺₫฿₱₪₽"
_GAP = " .:"  # what may stand between a mark and its amount
_LONGEST_MARK = 5
_MARK = re.compile(rf"[^\W\d_]{{0,3}}[{_SIGNS}]|[^\W\d_]{{2,5}}\.?")
_BEFORE = re.compile(rf"(?:[^\W\d_]{{0,3}}[{_SIGNS}]|[^\W\d_]{{2,5}}\.?)\Z")


def is_mark(text: str) -> bool:
    """Whether a text is a currency mark or code."""
    key = text.upper()
    return key in MARKS or key in ISO_CODES


def currency_of(mark: str, dollar: str | None = None) -> str | None:
    """The ISO 4217 code of a printed mark.

    Args:
        mark: Such as "€", "RM", "eur", "US$".
        dollar: What a bare "$" means in this document; None reads it as USD.
    """
    key = mark.strip().upper()
    if key not in MARKS:
        key = key.strip(_GAP)
    code = MARKS.get(key) or (key if key in ISO_CODES else None)
    if code == DOLLAR:
        return dollar if dollar in DOLLAR_CODES else "USD"
    return code


def mark_before(text: str, start: int) -> int | None:
    """Where a currency mark begins that ends just before `start`, or None."""
    stop = start - 1 if text[start - 1 : start] in _GAP and start > 0 else start
    for end in dict.fromkeys((start, stop)):  # "Fr." may end in a dot of its own
        match = _BEFORE.search(text, max(0, end - _LONGEST_MARK - 1), end)
        if match is None:
            continue
        begin = match.start()
        if text[begin - 1 : begin].isalpha() and text[end - 1] in _SIGNS:
            begin = end - 1  # TOTAL$5: the sign alone
        elif text[begin - 1 : begin].isalpha() and begin > 0:
            continue
        if is_mark(text[begin:end]):
            return begin
        if text[end - 1] in _SIGNS:
            return end - 1
    return None


def mark_after(text: str, stop: int) -> int | None:
    """Where a currency mark ends that begins just after `stop`, or None."""
    begin = stop + 1 if text[stop : stop + 1] == " " else stop
    match = _MARK.match(text, begin)
    if match is None or text[match.end() : match.end() + 1].isalpha():
        return None
    for end in (match.end(), match.end() - 1):
        if end > begin and is_mark(text[begin:end]) and not text[end : end + 1].isalpha():
            return end
    return None


def find_marks(text: str) -> list[tuple[int, int]]:
    """Offsets of all currency marks and codes in a line, written as usual: codes and letters in upper case."""
    found = []
    for match in _MARK.finditer(text):
        begin, end = match.span()
        whole = not text[begin - 1 : begin].isalpha() or begin == 0
        if text[end - 1] in _SIGNS:
            found.append((begin, end) if whole and is_mark(match[0]) else (end - 1, end))
        elif whole and not text[end : end + 1].isalpha():
            stop = end if is_mark(match[0]) else end - match[0].endswith(".")
            mark = text[begin:stop]
            if is_mark(mark) and (mark.isupper() or mark in _AS_WRITTEN):
                found.append((begin, stop))
    return found
