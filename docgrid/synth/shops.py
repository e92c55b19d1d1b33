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


_MY_WORDS = [
    "SENG HIN",
    "KIM HUAT",
    "LEE MENG",
    "PERMAS",
    "SETIA",
    "MEGAH",
    "JAYA",
    "HOCK LEONG",
    "WAN SHENG",
    "BINTANG",
    "MUTIARA",
    "SRI MUDA",
    "INDAH",
    "CAHAYA",
    "GOLDEN DRAGON",
    "PRIMA",
    "MAJU",
    "HARMONI",
    "BESTARI",
    "CHOP YEW",
    "ONE UTAMA",
    "TAI FATT",
    "KEDAI LIM",
    "ANEKA",
    "GLOBAL",
    "SUNRISE",
    "EASTERN",
    "AIK HONG",
    "SOON LEE",
    "UNITED",
    "PASAR BARU",
    "KAYA",
    "D'KASIH",
    "RASA SAYANG",
    "OLD TOWN",
    "LUCKY",
    "STAR",
    "DELTA",
    "FAMILY",
    "UNIQUE",
    "SUPER",
    "NIAGA",
    "ABADI",
    "DAMAI",
    "SELERA",
    "HAPPY",
    "PACIFIC",
    "ORIENTAL",
    "CHUAN HENG",
    "YONG TAT",
]
_MY_TRADES = [
    "HARDWARE",
    "TRADING",
    "STATIONERY",
    "RESTAURANT",
    "ENTERPRISE",
    "MARKETING",
    "MINI MARKET",
    "ELECTRICAL",
    "PHARMACY",
    "SUPERMARKET",
    "BAKERY",
    "CAFE",
    "BOOK STORE",
    "AUTO PARTS",
    "MART",
    "PETROL STATION",
    "FOOD INDUSTRIES",
    "SEAFOOD RESTAURANT",
    "GIFTS & TOYS",
    "ONLINE SERVICES",
    "PAINT & TOOLS",
    "CASH & CARRY",
    "CONFECTIONERY",
    "MOTOR",
    "TEXTILE",
]
_MY_FORMS = [
    "SDN BHD",
    "SDN BHD",
    "SDN. BHD.",
    "SDN BHD",
    "ENTERPRISE",
    "S/B",
    "(M) SDN BHD",
    "(M) SDN. BHD.",
    "TRADING",
    "SDN.BHD.",
    "",
    "CO.",
]
_MY_STREETS = [
    "SAGU",
    "DEDAP",
    "PUTRA",
    "BESAR",
    "INDAH",
    "MEWAH",
    "SETIA",
    "PERMAS",
    "HARMONI",
    "KURAU",
    "PINANG",
    "GENTING",
    "TEMENGGUNG",
    "KAPAR",
    "BATU",
    "MANIS",
    "ROS",
    "TUN RAZAK",
    "AMPANG",
    "DAMAI",
    "WIRA",
    "EMAS",
    "BAYU",
    "PERDANA",
    "RIA",
    "ANGSA",
    "JASA",
    "SEPADU",
    "KENARI",
    "PBS",
    "SS",
    "PJU",
    "USJ",
    "BUKIT",
    "TEBRAU",
    "RADIN",
    "ALAM",
    "UTAMA",
    "BESTARI",
]
_MY_AREAS = [
    "TAMAN DAYA",
    "TAMAN JOHOR JAYA",
    "TAMAN SRI MUDA",
    "TAMAN MALURI",
    "BANDAR BARU",
    "BANDAR MAHKOTA CHERAS",
    "TAMAN PERINDUSTRIAN",
    "SETIA ALAM",
    "TAMAN SENTOSA",
    "DAMANSARA JAYA",
    "KAWASAN PERINDUSTRIAN",
    "TAMAN MEGAH",
    "TAMAN SEA",
    "SEKSYEN 13",
    "BANDAR UTAMA",
    "TAMAN UNIVERSITI",
    "DESA TUN RAZAK",
    "SUBANG PERDANA",
]
_MY_TOWNS = [
    "81100 JOHOR BAHRU",
    "40170 SHAH ALAM",
    "50450 KUALA LUMPUR",
    "43300 SERI KEMBANGAN",
    "41150 KLANG",
    "47400 PETALING JAYA",
    "43200 CHERAS",
    "68100 BATU CAVES",
    "47500 SUBANG JAYA",
    "53300 KUALA LUMPUR",
    "40400 SHAH ALAM",
    "43800 DENGKIL",
    "10200 PENANG",
    "75000 MELAKA",
    "31400 IPOH",
    "70200 SEREMBAN",
    "52100 KEPONG",
]
_MY_STATES = [
    "SELANGOR",
    "SELANGOR DARUL EHSAN",
    "JOHOR",
    "SELANGOR.",
    "MALAYSIA",
    "W.P. KUALA LUMPUR",
    "KUALA LUMPUR",
    "JOHOR.",
    "SELANGOR D.E.",
]
_SG_ROADS = [
    "Bedok North",
    "Tampines",
    "Orchard",
    "Serangoon",
    "Jurong West",
    "Toa Payoh",
    "Clementi",
    "Yishun",
    "Bukit Timah",
    "Hougang",
    "Ang Mo Kio",
    "Marine Parade",
]
_FOODS = [
    "NASI LEMAK",
    "TEH TARIK",
    "ROTI CANAI",
    "MEE GORENG",
    "KOPI O",
    "WHITE COFFEE",
    "ICED MILO",
    "FRIED RICE",
    "CHICKEN CHOP",
    "TOM YAM",
    "FISH CURRY",
    "SATAY",
    "ICE LEMON TEA",
    "DIM SUM",
    "CURRY MIXED VEG",
    "PLAIN RICE",
    "BEEF NOODLE",
    "CAPPUCCINO",
    "LATTE",
    "BLUEBERRY MUFFIN",
    "CHEESE BURGER",
    "FRENCH FRIES",
    "COKE 330ML",
    "MINERAL WATER",
    "ORANGE JUICE",
    "CAESAR SALAD",
    "PIZZA REGULAR",
    "SPAGHETTI",
    "SOUP OF DAY",
    "TIGER BEER",
    "HOUSE WINE",
    "CHOCOLATE CAKE",
    "CROISSANT",
    "HAM SANDWICH",
    "BOBA TEA",
]
_SHOP_GOODS = [
    "PLASTIC BAG 24X36",
    "CELLOPHANE TAPE",
    "A4 PAPER 80GSM",
    "BALL PEN BLUE",
    "GLUE STICK",
    "LED BULB 9W",
    "EXTENSION WIRE 3M",
    "SCREWDRIVER SET",
    'PVC PIPE 1/2"',
    "PAINT ROLLER",
    "SILICONE GUN",
    "DETERGENT 2KG",
    "COOKING OIL 5KG",
    "EGGS GRADE A 10S",
    "FRESH MILK 1L",
    "TOOTHPASTE 175G",
    "SHAMPOO 650ML",
    "TISSUE 200S",
    "INSTANT NOODLE 5S",
    "SUGAR 1KG",
    "RICE 5KG",
    "BISCUIT 300G",
    "BATTERY AA 4S",
    "LIGHTER",
    "CABLE TIE 100S",
    "SAND PAPER",
    'NAIL 2"',
    'BRUSH 4"',
    "DOOR LOCK",
    "PADLOCK 50MM",
    "GLOVES",
    "MASK 50S",
    "PANADOL 10S",
    "VITAMIN C 500MG",
    "RON95 PETROL",
    "DIESEL",
    "ENGINE OIL 4L",
    "CAR WASH",
    "BOUQUET",
    "GREETING CARD",
    "PHOTOCOPY A4",
    "LAMINATION A4",
    "STAPLER NO.10",
    'FILE ARCH 3"',
]
_CASHIERS = [
    "USER",
    "ADMIN",
    "CASHIER",
    "NICOLE",
    "SITI",
    "MERLIN",
    "113 CASHIER",
    "MANAGER",
    "AHMAD",
    "TRAINEE CASHIER",
    "KUMAR",
    "LIM",
    "JENNY",
    "POS1",
    "ANNA",
    "TOM",
    "MAIN COUNTER",
]


def _malaysian_address(rng: Random) -> list[str]:
    number = f"{rng.randint(1, 999)}{rng.choice(['', '', 'A', 'G', '-G', ' & ' + str(rng.randint(1, 999)), '-1'])}"
    block = f"{rng.randint(1, 9)}/{rng.randint(1, 9)}{rng.choice('ABC')}"
    place = rng.choice(["", str(rng.randint(1, 30)), f"{rng.randint(1, 30)}/{rng.randint(1, 70)}", block])
    street = f"JALAN {rng.choice(_MY_STREETS)} {place}"
    first = f"{rng.choice(['NO.', 'NO. ', 'NO ', 'LOT ', '', 'NO: '])}{number}{rng.choice([', ', ',', ', '])}{street.strip()}"
    area, town = rng.choice(_MY_AREAS), rng.choice(_MY_TOWNS)
    state = rng.choice(_MY_STATES)
    kind = rng.random()
    if kind < 0.35:
        lines = [first, area, town, state]
    elif kind < 0.6:
        lines = [first, area, f"{town}, {state}"]
    elif kind < 0.8:
        lines = [f"{first}, {area}", f"{town}, {state}"]
    elif kind < 0.9:
        lines = [f"LEVEL {rng.randint(1, 9)}, WISMA {rng.choice(_MY_WORDS)}", first, area, town, state]
    else:
        lines = [first, town]
    comma = rng.random() < 0.7
    return [
        line + "," if comma and place < len(lines) - 1 and not line.endswith(",") else line for place, line in enumerate(lines)
    ]


def _malaysian_company(rng: Random) -> str:
    core = rng.choice(
        [
            f"{rng.choice(_MY_WORDS)} {rng.choice(_MY_TRADES)}",
            f"{rng.choice(_MY_WORDS)} {rng.choice(_MY_WORDS)} {rng.choice(_MY_TRADES)}",
            f"{rng.choice(['RESTORAN', 'KEDAI', 'PERNIAGAAN', 'FARMASI', 'PASARAYA', 'KLINIK'])} {rng.choice(_MY_WORDS)}",
            f"{fill(rng, '@@')} {rng.choice(_MY_TRADES)}",
            f"{rng.choice(_MY_WORDS)} & {rng.choice(_MY_WORDS)} {rng.choice(_MY_TRADES)}",
        ]
    )
    form = rng.choice(_MY_FORMS)
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
        road = rng.choice(_SG_ROADS)
        lines = [
            f"{rng.choice(['Blk ', 'Block ', ''])}{rng.randint(1, 999)} {road} {rng.choice(['Road', 'Street 11', 'Avenue 3', 'Central'])}"
        ]
        lines.append(f"#{rng.randint(1, 5):02}-{rng.randint(1, 99):02}" + rng.choice(["", f" {road} Mall", " Plaza Singapura"]))
        lines.append(f"Singapore {digits(rng, 6)}")
        name = rng.choice(
            [
                _malaysian_company(rng).replace("SDN BHD", "PTE LTD").replace("SDN. BHD.", "PTE. LTD."),
                f"{rng.choice(_MY_WORDS)} PTE LTD",
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
        text = rng.choice(_FOODS if rng.random() < 0.5 else _SHOP_GOODS)
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
        company_first=rng.choice(_MY_WORDS) if rng.random() < 0.1 else "",
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
        cashier=rng.choice(_CASHIERS),
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
