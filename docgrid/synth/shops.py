"""What a receipt says: a shop, its goods, and sums that add up, in the manner of several regions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from random import Random

from docgrid.synth.content import cents
from docgrid.synth.countries import BY_CODE, digits, fill
from docgrid.synth.parties import address, company
from docgrid.synth.words import words


class Region(StrEnum):
    """Whose manner of receipts."""

    MALAYSIA = "malaysia"
    SINGAPORE = "singapore"
    AMERICA = "america"
    BRITAIN = "britain"
    EUROPE = "europe"


@dataclass(frozen=True, slots=True)
class Sale:
    """One line of goods."""

    name: str
    code: str
    quantity: int
    price: Decimal
    amount: Decimal
    taxed: bool


@dataclass(frozen=True, slots=True)
class Receipt:
    """All values of one receipt; prices hold the tax unless `tax_on_top`."""

    region: Region
    language: str
    company: str
    registration: str
    company_first: str  # a brand above the company, or empty
    address: tuple[str, ...]
    phone: str
    tax_id: str
    day: date
    hour: int
    minute: int
    second: int
    number: str
    cashier: str
    sales: tuple[Sale, ...]
    item_sum: Decimal
    discount: Decimal
    service: Decimal
    rate: Decimal
    tax: Decimal
    tax_on_top: bool
    before_rounding: Decimal
    rounding: Decimal
    total: Decimal
    cash: Decimal
    currency: str


def _pick(rng: Random, key: str) -> str:
    """One of the words of a kind."""
    return rng.choice(words("shops")[key])


def _malaysian_address(rng: Random) -> list[str]:
    number = f"{rng.randint(1, 999)}{rng.choice(['', '', 'A', 'G', '-G', ' & ' + str(rng.randint(1, 999)), '-1'])}"
    block = f"{rng.randint(1, 9)}/{rng.randint(1, 9)}{rng.choice('ABC')}"
    place = rng.choice(["", str(rng.randint(1, 30)), f"{rng.randint(1, 30)}/{rng.randint(1, 70)}", block])
    street = f"JALAN {_pick(rng, 'streets')} {place}"
    first = f"{rng.choice(['NO.', 'NO. ', 'NO ', 'LOT ', '', 'NO: '])}{number}{rng.choice([', ', ',', ', '])}{street.strip()}"
    area, town = _pick(rng, "areas"), _pick(rng, "towns")
    state = _pick(rng, "states")
    kind = rng.random()
    if kind < 0.35:
        lines = [first, area, town, state]
    elif kind < 0.6:
        lines = [first, area, f"{town}, {state}"]
    elif kind < 0.8:
        lines = [f"{first}, {area}", f"{town}, {state}"]
    elif kind < 0.9:
        lines = [f"LEVEL {rng.randint(1, 9)}, WISMA {_pick(rng, 'words')}", first, area, town, state]
    else:
        lines = [first, town]
    comma = rng.random() < 0.7
    return [
        line + "," if comma and place < len(lines) - 1 and not line.endswith(",") else line for place, line in enumerate(lines)
    ]


def _malaysian_company(rng: Random) -> str:
    core = rng.choice(
        [
            f"{_pick(rng, 'words')} {_pick(rng, 'trades')}",
            f"{_pick(rng, 'words')} {_pick(rng, 'words')} {_pick(rng, 'trades')}",
            f"{rng.choice(['RESTORAN', 'KEDAI', 'PERNIAGAAN', 'FARMASI', 'PASARAYA', 'KLINIK'])} {_pick(rng, 'words')}",
            f"{fill(rng, '@@')} {_pick(rng, 'trades')}",
            f"{_pick(rng, 'words')} & {_pick(rng, 'words')} {_pick(rng, 'trades')}",
        ]
    )
    form = _pick(rng, "forms")
    text = f"{core} {form}".strip()
    return re.sub(r"\b(\w+) \1\b", r"\1", text)


def _shop(rng: Random, region: Region) -> tuple[str, str, list[str], str, str, str]:
    """Company, language, address, registration, telephone and tax number."""
    if region is Region.MALAYSIA:
        number = rng.choice([fill(rng, pattern) for pattern in ("######-@", "#######-@", "@@#######-@", "#########-@")])
        phone = rng.choice(
            [f"0{rng.randint(3, 9)}-{digits(rng, 8)}", f"+60{rng.randint(3, 9)}-{digits(rng, 4)} {digits(rng, 4)}"]
        )
        return _malaysian_company(rng), "en", _malaysian_address(rng), number, phone, "00" + digits(rng, 10)
    if region is Region.SINGAPORE:
        road = _pick(rng, "singapore_roads")
        kind = rng.choice(["Road", "Street 11", "Avenue 3", "Central"])
        lines = [f"{rng.choice(['Blk ', 'Block ', ''])}{rng.randint(1, 999)} {road} {kind}"]
        lines.append(f"#{rng.randint(1, 5):02}-{rng.randint(1, 99):02}" + rng.choice(["", f" {road} Mall", " Plaza Singapura"]))
        lines.append(f"Singapore {digits(rng, 6)}")
        name = rng.choice(
            [
                _malaysian_company(rng).replace("SDN BHD", "PTE LTD").replace("SDN. BHD.", "PTE. LTD."),
                f"{_pick(rng, 'words')} PTE LTD",
            ]
        ).replace("(M) ", "")
        uen = fill(rng, "#########@")
        return name, "en", lines, uen, f"6{digits(rng, 3)} {digits(rng, 4)}", rng.choice([uen, fill(rng, "@#-#######-#")])
    codes = {Region.AMERICA: ["US"], Region.BRITAIN: ["GB", "IE"], Region.EUROPE: ["DE", "FR", "ES", "IT", "NL", "AT", "BE"]}
    country = BY_CODE[rng.choice(codes[region])]
    _, lines = address(rng, country, country, country.language)
    name = company(rng, country)
    phone = (
        f"({digits(rng, 3)}) {digits(rng, 3)}-{digits(rng, 4)}" if country.code == "US" else f"0{digits(rng, 3)} {digits(rng, 6)}"
    )
    return (
        name,
        country.language,
        lines,
        digits(rng, 8),
        phone,
        fill(rng, f"{country.code}#########"),
    )


def _goods(rng: Random, region: Region, language: str) -> str:
    if language == "en":
        text = rng.choice(words("shops")["foods"] if rng.random() < 0.5 else words("shops")["goods"])
        return text if region is Region.MALAYSIA or rng.random() < 0.5 else text.title()
    text = rng.choice(words(language)["goods"])
    return text.upper() if rng.random() < 0.5 else text


def _sales(rng: Random, region: Region, language: str) -> tuple[Sale, ...]:
    result = []
    count = rng.choice([1, 1, 1, 2, 2, 3, 3, 4, 5, 6, 8, 10, rng.randint(1, 22)])
    for _ in range(count):
        price = cents(Decimal(str(round(rng.lognormvariate(1.9, 1.1), 2))))
        if region in (Region.MALAYSIA, Region.SINGAPORE) and rng.random() < 0.7:
            price = (price * 10).to_integral_value() / 10
        price = max(cents(price), Decimal("0.10"))
        quantity = rng.choice([1, 1, 1, 1, 1, 2, 2, 3, 4, 6, 10])
        code = rng.choice([digits(rng, 4), digits(rng, 7), "9" + digits(rng, 12), fill(rng, "@@-###"), digits(rng, 5)])
        result.append(Sale(_goods(rng, region, language), code, quantity, price, price * quantity, rng.random() < 0.8))
    return tuple(result)


_RATES = {
    Region.MALAYSIA: ["6", "6", "6", "0"],
    Region.SINGAPORE: ["7", "7", "8", "9"],
    Region.AMERICA: ["8.25", "7", "6", "8.875", "9.5"],
    Region.BRITAIN: ["20", "20", "0"],
    Region.EUROPE: ["19", "20", "21", "10", "7", "22"],
}
_CURRENCIES = {
    Region.MALAYSIA: "RM", Region.SINGAPORE: "$", Region.AMERICA: "$", Region.BRITAIN: "£", Region.EUROPE: "€",
}  # fmt: skip


def _five_cents(amount: Decimal) -> Decimal:
    return (amount * 20).to_integral_value(ROUND_HALF_UP) / 20


def make_receipt(rng: Random) -> Receipt:
    """Draw the content of one receipt."""
    region = rng.choices(list(Region), [58, 8, 14, 8, 12])[0]
    name, language, lines, registration, phone, tax_id = _shop(rng, region)
    sales = _sales(rng, region, language)
    item_sum = sum((sale.amount for sale in sales), Decimal(0))
    discount = cents(item_sum * Decimal(rng.choice(["0.05", "0.1", "0.2"]))) if rng.random() < 0.1 else Decimal(0)
    on_top = (
        region is Region.AMERICA
        or (region is Region.MALAYSIA and rng.random() < 0.3)
        or (region is Region.SINGAPORE and rng.random() < 0.4)
    )
    service = (
        cents((item_sum - discount) * Decimal("0.1"))
        if on_top and region is not Region.AMERICA and rng.random() < 0.3
        else Decimal(0)
    )
    rate = Decimal(rng.choice(_RATES[region]))
    base = item_sum - discount + service
    tax = cents(base * rate / 100) if on_top else base - cents(base * 100 / (100 + rate))
    before = base + tax if on_top else base
    rounds = region is Region.MALAYSIA and rng.random() < 0.8
    total = _five_cents(before) if rounds else before
    notes = [Decimal(5), Decimal(10), Decimal(20), Decimal(50), Decimal(100)]
    cash = rng.choice(
        [
            total,
            total,
            (total / 10).to_integral_value(rounding="ROUND_CEILING") * 10,
            *[note for note in notes if note >= total][:1],
        ]
    )
    return Receipt(
        region=region,
        language=language,
        company=name,
        registration=registration,
        company_first=_pick(rng, "words") if rng.random() < 0.1 else "",
        address=tuple(lines),
        phone=phone,
        tax_id=tax_id,
        day=date(2013, 1, 1) + timedelta(days=rng.randint(0, 4900)),
        hour=rng.randint(7, 23),
        minute=rng.randint(0, 59),
        second=rng.randint(0, 59),
        number=rng.choice(
            [
                digits(rng, 6),
                "CS" + digits(rng, 8),
                digits(rng, 5),
                fill(rng, "@#-#######"),
                fill(rng, "@@#####/###/@####"),
                digits(rng, 10),
                "INV" + digits(rng, 7),
            ]
        ),
        cashier=_pick(rng, "cashiers"),
        sales=sales,
        item_sum=item_sum,
        discount=discount,
        service=service,
        rate=rate,
        tax=tax,
        tax_on_top=on_top,
        before_rounding=before,
        rounding=total - before,
        total=total,
        cash=cash,
        currency=_CURRENCIES[region],
    )
