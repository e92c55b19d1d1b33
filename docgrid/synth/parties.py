"""Companies and people with addresses, from faker and from own lists of word parts."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from random import Random
from typing import Any

from docgrid.synth.countries import BY_CODE, Country, Identifiers, digits, fill, identifiers
from docgrid.synth.words import words


@dataclass(frozen=True, slots=True)
class Party:
    """A company or a person with everything that may be printed about it."""

    name: str
    name_lines: tuple[str, ...]  # the same, as broken on an address label
    address_lines: tuple[str, ...]
    country: Country
    contact: str
    phone: str
    fax: str
    web: str
    email: str
    ids: Identifiers
    city: str


@cache
def _generator(locale: str) -> Any:
    from faker import Factory

    return Factory.create(locale)


def _fake(rng: Random, country: Country) -> Any:
    """The name generator of a country, drawing from `rng`: what it gives depends on nothing else."""
    generator = _generator(country.faker_locale)
    generator.random = rng
    return generator


def _printable(text: str) -> str:
    """Only what the standard fonts of PDF can show."""
    return re.sub(r"\s+", " ", text.encode("cp1252", "replace").decode("cp1252").replace("?", "")).strip()


def person(rng: Random, country: Country) -> str:
    """A full name."""
    fake = _fake(rng, country)
    return _printable(f"{fake.first_name()} {fake.last_name()}")


def company(rng: Random, country: Country) -> str:
    """A company name of the country."""
    fake = _fake(rng, country)
    if rng.random() < 0.2:
        return _printable(str(fake.company()))
    branch = rng.choice(words(country.language)["branches"])
    form = rng.choice(country.legal_forms)
    stem = rng.choice(words("parties")["stems"]) + rng.choice([*words("parties")["ends"], "", "", " "])
    surname = fake.last_name()
    core = rng.choice(
        [
            f"{surname} {branch}",
            f"{surname} {branch}",
            f"{stem.strip()} {branch}",
            f"{stem.strip()} {branch}",
            f"{surname} & {fake.last_name()}",
            stem.strip(),
            f"{branch} {surname}",
            f"{fake.first_name()} {surname} {branch}",
            f"{stem.strip()} {branch} {fake.city()}",
            surname,
            fill(rng, "@@@") + " " + branch,
        ]
    )
    name = _printable(f"{core} {form}")
    return name.upper() if rng.random() < 0.12 else name


def _street(rng: Random, country: Country) -> str:
    fake = _fake(rng, country)
    if country.code == "NL" or country.code == "BE":
        return _printable(f"{fake.street_name()} {rng.randint(1, 320)}{rng.choice(['', '', '', 'a', '-2'])}")
    if country.code == "IT":
        comma = rng.choice(["", ","])
        return _printable(f"{fake.street_name()}{comma} {rng.randint(1, 180)}")
    if country.code == "ES":
        return _printable(f"{rng.choice(['Calle', 'C/', 'Avda.', 'Plaza', 'Paseo'])} {fake.last_name()}, {rng.randint(1, 180)}")
    if country.code == "FR":
        kind = rng.choice(["rue", "avenue", "boulevard", "place", "chemin", "allée", "impasse"])
        name = rng.choice(["de la Gare", "du Moulin", "Victor Hugo", "des Lilas", "de Paris", fake.last_name(), fake.last_name()])
        return _printable(f"{rng.randint(1, 240)}{rng.choice(['', '', ',', ' bis'])} {kind} {name}")
    return _printable(str(fake.street_address()))


def _second_line(rng: Random, country: Country) -> list[str]:
    if rng.random() > 0.15:
        return []
    table = {
        "en": ["Suite {}", "Unit {}", "Floor {}", "P.O. Box {}", "Building {}"],
        "de": ["Postfach {}", "Gebäude {}", "Tor {}", "Hof {}"],
        "fr": ["BP {}", "Bâtiment {}", "ZI Nord {}", "CS {}"],
        "es": ["Nave {}", "Planta {}", "Apdo. {}", "Local {}"],
        "it": ["Scala {}", "Interno {}", "Casella Postale {}"],
        "nl": ["Postbus {}", "Gebouw {}", "Unit {}"],
    }
    return [rng.choice(table[country.language]).format(digits(rng, rng.randint(1, 4)))]


def _town(rng: Random, country: Country) -> tuple[str, list[str]]:
    fake = _fake(rng, country)
    city = _printable(str(fake.city()))
    state = rng.choice(["MI", "RM", "TO", "BO", "FI", "NA", "VE", "BG"])
    if country.code == "US":
        state = fake.state_abbr()
    line = country.postcode.format(city=city, zip=_printable(str(fake.postcode())), state=state)
    if country.code == "GB" and rng.random() < 0.4:
        line = line.replace("\n", rng.choice([", ", " "]))
    return city, line.split("\n")


def address(rng: Random, country: Country, home: Country, language: str) -> tuple[str, list[str]]:
    """Town and the lines of an address; the country is named where it is not the home country (and sometimes there)."""
    city, town = _town(rng, country)
    lines = [_street(rng, country), *_second_line(rng, country), *town]
    if len(lines) > 1 and rng.random() < 0.06:
        lines[:2] = [lines[0] + ", " + lines[1]]
    if country.code != home.code or rng.random() < 0.18:
        name = words(language)["countries"][country.index]
        if rng.random() < 0.25:
            lines[-1] = f"{country.code}-{lines[-1]}" if rng.random() < 0.5 else f"{country.code} {lines[-1]}"
        else:
            lines.append(name.upper() if rng.random() < 0.2 else name)
    if rng.random() < 0.06:
        lines = [line.upper() for line in lines]
    return city, lines


def _contacts(rng: Random, country: Country, name: str) -> tuple[str, str, str, str]:
    domain = re.sub(r"[^a-z0-9]", "", re.sub(r"[^a-z0-9 ]", "", name.lower()).replace(" ", rng.choice(["", "-"])))[:18] or "firma"
    suffix = rng.choice(
        {"US": ["com", "net"], "GB": ["co.uk", "com"], "IE": ["ie"]}.get(country.code, [country.code.lower(), "com"])
    )
    local = rng.choice(["info", "office", "sales", "contact", "billing", "accounts", "kontakt", "mail", "buchhaltung", "hello"])
    trunk = country.trunk
    area = digits(rng, rng.choice([2, 3, 4]))
    patterns = [
        f"{trunk} {area} {digits(rng, 6)}",
        f"{trunk} (0) {area} {digits(rng, 3)} {digits(rng, 4)}",
        f"0{area}/{digits(rng, 5)}",
        f"0{area} - {digits(rng, 6)}",
    ]
    if country.code == "US":
        patterns = [
            f"({digits(rng, 3)}) {digits(rng, 3)}-{digits(rng, 4)}",
            f"{digits(rng, 3)}-{digits(rng, 3)}-{digits(rng, 4)}",
        ]
    phone = rng.choice(patterns)
    fax = phone[:-2] + digits(rng, 2)
    return phone, fax, f"www.{domain}.{suffix}", f"{local}@{domain}.{suffix}"


def _label_lines(rng: Random, name: str) -> tuple[str, ...]:
    """A long name sometimes stands on two lines."""
    parts = name.split(" ")
    if len(parts) > 3 and len(name) > 28 and rng.random() < 0.4:
        middle = len(parts) // 2
        return " ".join(parts[:middle]), " ".join(parts[middle:])
    return (name,)


def make_party(rng: Random, country: Country, *, home: Country, language: str, private: bool = False) -> Party:
    """A company, or a private person."""
    name = person(rng, country) if private else company(rng, country)
    city, lines = address(rng, country, home, language)
    phone, fax, web, email = _contacts(rng, country, name)
    return Party(
        name=name,
        name_lines=_label_lines(rng, name),
        address_lines=tuple(lines),
        country=country,
        contact=person(rng, country),
        phone=phone,
        fax=fax,
        web=web,
        email=email,
        ids=identifiers(rng, country, city),
        city=city,
    )


def branch_of(rng: Random, party: Party, home: Country, language: str) -> Party:
    """Another site of the same or another company, for a delivery address."""
    if rng.random() < 0.35:
        return make_party(rng, party.country, home=home, language=language)
    city, lines = address(rng, party.country, home, language)
    name = party.name
    if rng.random() < 0.3:
        name = f"{party.name} {rng.choice(['Lager', 'Depot', 'Warehouse', 'Store', 'Filiale', city])}"
    return replace(party, name=name, name_lines=(name,), address_lines=tuple(lines), city=city)


def foreign(rng: Random, home: Country) -> Country:
    """Another country of the table."""
    return BY_CODE[rng.choice([code for code in BY_CODE if code != home.code])]
