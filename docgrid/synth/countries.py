"""What belongs to a country: language, currency, tax, number formats and identifiers with valid check digits."""

from __future__ import annotations

import string
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Country:
    """Facts of one country that an invoice shows."""

    code: str
    language: str
    faker_locale: str
    currency: str
    rates: tuple[str, ...]  # tax rates in percent, the usual one first
    numbers: tuple[str, ...]  # decimal separator + group separator
    iban: str  # pattern of the part after the check digits: # digit, @ letter; empty where the country has none
    legal_forms: tuple[str, ...]
    postcode: str  # pattern of the line with the town
    trunk: str  # country code of telephone numbers
    weight: int  # how often it is drawn
    dates: str = ""  # key of DATE_PATTERNS where it is not the code

    @property
    def index(self) -> int:
        """Row in the `countries` table of the words."""
        return ("US", "GB", "DE", "FR", "ES", "IT", "NL", "AT", "CH", "BE", "IE").index(self.code)


COUNTRIES = (
    Country("US", "en", "en_US", "USD", ("8.25", "7", "6.25", "8.875", "5", "4", "0"), (".,", ".,", ".,", "."), "",
            ("Inc.", "LLC", "Corp.", "Co.", "Ltd.", "L.P.", "& Sons", "Group", ""), "{city}, {state} {zip}", "+1", 14),
    Country("GB", "en", "en_GB", "GBP", ("20", "20", "5", "0"), (".,", ".,", "."), "@@@@##############",
            ("Ltd", "Limited", "plc", "LLP", "Ltd.", "& Co", ""), "{city}\n{zip}", "+44", 10),
    Country("DE", "de", "de_DE", "EUR", ("19", "7"), (",.", ",.", ",.", ","), "##################",
            ("GmbH", "AG", "GmbH & Co. KG", "KG", "e.K.", "OHG", "UG (haftungsbeschränkt)", "GbR", "e.V.", "SE"),
            "{zip} {city}", "+49", 22),
    Country("FR", "fr", "fr_FR", "EUR", ("20", "10", "5.5", "2.1"), (", ", ", ", ",", ",."), "##########@@@@@@@@@@@##",
            ("SARL", "SAS", "SA", "EURL", "SNC", "SASU", "et Fils", "EI"), "{zip} {city}", "+33", 16),
    Country("ES", "es", "es_ES", "EUR", ("21", "10", "4"), (",.", ",.", ","), "####################",
            ("S.L.", "S.A.", "SL", "SLU", "S.L.U.", "S. Coop.", "e Hijos S.L."), "{zip} {city}", "+34", 9),
    Country("IT", "it", "it_IT", "EUR", ("22", "10", "4"), (",.", ",.", ","), "@##########@@@@@@@@@@@@",
            ("S.r.l.", "S.p.A.", "SRL", "S.n.c.", "S.a.s.", "& Figli s.n.c.", "Srl"), "{zip} {city} ({state})", "+39", 9),
    Country("NL", "nl", "nl_NL", "EUR", ("21", "9"), (",.", ",.", ","), "@@@@##########",
            ("B.V.", "BV", "N.V.", "V.O.F.", "VOF", "& Zn."), "{zip} {city}", "+31", 9),
    Country("AT", "de", "de_AT", "EUR", ("20", "10", "13"), (",.", ", "), "################",
            ("GmbH", "AG", "KG", "e.U.", "GesmbH"), "{zip} {city}", "+43", 4, "DE"),
    Country("CH", "de", "de_CH", "CHF", ("8.1", "2.6", "7.7"), (".'", ".'", "."), "#####@@@@@@@@@@@@",
            ("AG", "GmbH", "SA", "Sàrl"), "{zip} {city}", "+41", 3, "DE"),
    Country("BE", "nl", "nl_BE", "EUR", ("21", "6", "12"), (",.", ", "), "############",
            ("NV", "BVBA", "BV", "SRL", "SA"), "{zip} {city}", "+32", 3, "NL"),
    Country("IE", "en", "en_IE", "EUR", ("23", "13.5", "9"), (".,", "."), "@@@@##############",
            ("Ltd", "Limited", "DAC", "plc"), "{city}\n{zip}", "+353", 2, "GB"),
)  # fmt: skip

BY_CODE = {country.code: country for country in COUNTRIES}


def digits(rng: Random, count: int) -> str:
    """Random digits, the first one not 0."""
    return str(rng.randint(1, 9)) + "".join(rng.choices(string.digits, k=count - 1)) if count else ""


def fill(rng: Random, pattern: str) -> str:
    """Random text after a pattern: # is a digit, @ a capital letter, everything else itself."""
    return "".join(
        rng.choice(string.digits) if sign == "#" else rng.choice(string.ascii_uppercase) if sign == "@" else sign
        for sign in pattern
    )


def check_iban(country: str, basic: str) -> str:
    """The IBAN of an account, with its two check digits (ISO 13616: remainder 1 after division by 97)."""
    number = "".join(str(int(sign, 36)) for sign in basic + country + "00")
    return f"{country}{98 - int(number) % 97:02}{basic}"


def luhn(body: str) -> str:
    """`body` with the check digit of Luhn, as in a SIREN."""
    total = 0
    for place, sign in enumerate(reversed(body)):
        number = int(sign) * (2 if place % 2 == 0 else 1)
        total += number - 9 if number > 9 else number
    return body + str(-total % 10)


@dataclass(frozen=True, slots=True)
class Identifiers:
    """Numbers under which a company is known."""

    tax_id: str
    registration_id: str
    iban: str  # grouped or not, as printed
    bic: str
    bank: str
    account: str
    bank_code: str


BANKS = {
    "US": "Chase|Bank of America|Wells Fargo|First National Bank|Citibank|Union Trust Bank",
    "GB": "Barclays Bank|Lloyds Bank|HSBC|NatWest|Northern Commercial Bank",
    "DE": "Sparkasse Musterstadt|Deutsche Bank|Commerzbank|Volksbank eG|Hausbank München|Postbank",
    "FR": "BNP Paribas|Crédit Agricole|Société Générale|Banque Populaire|CIC|Banque Fiducial",
    "ES": "BBVA|Santander|CaixaBank|Banco Sabadell|Bankinter",
    "IT": "Intesa Sanpaolo|UniCredit|Banco BPM|BPER Banca|Banca Sella",
    "NL": "ING Bank|ABN AMRO|Rabobank|SNS Bank|Triodos Bank",
    "AT": "Erste Bank|Raiffeisenbank|BAWAG",
    "CH": "UBS|PostFinance|Kantonalbank",
    "BE": "KBC|Belfius|BNP Paribas Fortis",
    "IE": "AIB|Bank of Ireland",
}


def _tax_id(rng: Random, code: str) -> str:
    if code == "US":
        return fill(rng, "##-#######")
    if code == "FR":
        siren = luhn(fill(rng, "########"))
        key = (12 + 3 * (int(siren) % 97)) % 97
        return rng.choice(["FR{:02}{}", "FR {:02} {}", "FR{:02} {}"]).format(key, siren)
    pattern = {
        "GB": ["GB#########", "GB ### #### ##", "GB### #### ##"],
        "DE": ["DE#########", "DE#########", "DE #########", "###/###/#####", "##/###/#####"],
        "ES": ["B########", "A########", "ESB########", "B-########", "########@"],
        "IT": ["IT###########", "###########", "##########"],
        "NL": ["NL#########B01", "NL####.##.###.B01", "NL#########B02"],
        "AT": ["ATU########"],
        "CH": ["CHE-###.###.### MWST", "CHE-###.###.###"],
        "BE": ["BE##########", "BE ####.###.###"],
        "IE": ["IE#######@", "IE#######@@"],
    }[code]
    return fill(rng, rng.choice(pattern))


def _registration_id(rng: Random, code: str, city: str) -> str:
    if code == "FR":
        siren = luhn(fill(rng, "########"))
        grouped = f"{siren[:3]} {siren[3:6]} {siren[6:]}"
        return rng.choice([grouped, siren, siren + fill(rng, "#####"), f"{grouped} {fill(rng, '#####')}", f"{city} B {grouped}"])
    pattern = {
        "US": ["#########", "C#######"],
        "GB": ["########", "#######", "SC######"],
        "DE": ["HRB #####", "HRB ######", "HRA ####", "HRB#####", "HRB Nr. ######"],
        "ES": ["T ####, F ##, H M-######", "Tomo ###, Folio ##, Hoja B-#####"],
        "IT": ["MI-#######", "RM - ######", "TO ######"],
        "NL": ["########"],
        "AT": ["FN ######a", "FN######x"],
        "CH": ["CH-###.#.###.###-#"],
        "BE": ["####.###.###"],
        "IE": ["######"],
    }[code]
    return fill(rng, rng.choice(pattern))


def identifiers(rng: Random, country: Country, city: str) -> Identifiers:
    """Numbers of one company; the IBAN and the French numbers have valid check digits."""
    bank = rng.choice(BANKS[country.code].split("|"))
    account = digits(rng, rng.choice([7, 8, 9, 10]))
    bank_code = fill(rng, {"US": "#########", "GB": "##-##-##", "DE": "### ### ##"}.get(country.code, "#####"))
    if country.code == "DE" and rng.random() < 0.5:
        bank_code = bank_code.replace(" ", "")
    iban = ""
    if country.iban:
        iban = check_iban(country.code, fill(rng, country.iban))
        if rng.random() < 0.7:
            iban = " ".join(iban[start : start + 4] for start in range(0, len(iban), 4))
    letters = "".join(sign for sign in bank.upper() if sign in string.ascii_uppercase)
    bic = (letters + "XXXX")[:4] + (country.code if country.code != "US" else "US") + fill(rng, rng.choice(["@#", "@@", "##"]))
    bic += rng.choice(["", "XXX", fill(rng, "###"), fill(rng, "@@@")])
    return Identifiers(_tax_id(rng, country.code), _registration_id(rng, country.code, city), iban, bic, bank, account, bank_code)
