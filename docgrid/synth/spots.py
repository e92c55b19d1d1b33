"""What an order of political advertising says: station, agency, advertiser, flight, and spots whose prices add up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from docgrid.synth.content import cents
from docgrid.synth.countries import BY_CODE, digits, fill
from docgrid.synth.parties import address, person
from docgrid.synth.words import words


@dataclass(frozen=True, slots=True)
class SpotLine:
    """One line of the order: a programme, and how often at what price."""

    program: str
    start: date
    stop: date
    hours: str
    days: str
    length: str
    spots: int
    rate: Decimal

    @property
    def amount(self) -> Decimal:
        """Spots times rate."""
        return self.rate * self.spots


@dataclass(frozen=True, slots=True)
class AdOrder:
    """All values of one order, contract or invoice."""

    station: str
    channel: str
    station_address: tuple[str, ...]
    phone: str
    agency: str
    agency_address: tuple[str, ...]
    advertiser: str
    product: str
    contract: str
    invoice: str
    alternative: str
    estimate: str
    start: date
    stop: date
    issued: date
    seller: str
    office: str
    lines: tuple[SpotLine, ...]
    commission_rate: Decimal

    @property
    def gross(self) -> Decimal:
        """The sum of all lines."""
        return sum((line.amount for line in self.lines), Decimal(0))

    @property
    def commission(self) -> Decimal:
        """What the agency keeps."""
        return cents(self.gross * self.commission_rate / 100)

    @property
    def spots(self) -> int:
        """How many spots in all."""
        return sum(line.spots for line in self.lines)


def _pick(rng: Random, key: str) -> str:
    """One of the words of a kind."""
    return rng.choice(words("spots")[key])


def _advertiser(rng: Random, surname: str, first: str) -> str:
    office, state, cause = (
        _pick(rng, "offices"),
        _pick(rng, "states"),
        _pick(rng, "causes"),
    )
    text = rng.choice(
        [
            f"{surname} for {office}",
            f"{first} {surname} for {office}",
            f"Friends of {first} {surname}",
            f"{cause} for {state}",
            f"{_pick(rng, 'causes')} & {cause} PAC",
            f"One {cause}",
            f"{surname} {rng.randint(2012, 2026)}",
            f"{surname} {rng.randint(2012, 2026)}, Inc",
            f"{surname}/{office}/{state}/{rng.choice(['Dem', 'Rep', 'D', 'R'])}",
            f"Citizens for {first} {surname} - {state} CD{rng.randint(1, 12):02}",
        ]
    )
    text = rng.choice(["", "", "", "POL/", "Pol/", "POLITICAL - "]) + text
    if rng.random() < 0.2:
        text += f" ({digits(rng, rng.choice([4, 5, 6]))})"
    return text.upper() if rng.random() < 0.12 else text


def _line(rng: Random, start: date, stop: date) -> SpotLine:
    hour = rng.randint(5, 22)
    twelve, half = (hour - 1) % 12 + 1, "a" if hour < 12 else "p"
    first = start + timedelta(days=rng.randint(0, (stop - start).days))
    last = min(stop, first + timedelta(days=rng.randint(0, 9)))
    hours = rng.choice(
        [
            f"{twelve}-{twelve % 12 + 1}{half}",
            f"{twelve}{half}-{twelve}{half[0]}30",
            f"{twelve}:00 {half.upper()}M-{twelve}:30 {half.upper()}M",
        ]
    )
    return SpotLine(
        program=rng.choice(["M-F ", "", "", "Sa ", "M-Su "]) + _pick(rng, "programs"),
        start=first,
        stop=last,
        hours=hours,
        days="".join(rng.choice([sign, "-"]) for sign in "MTWTFSS"),
        length=rng.choice([":30", ":30", ":60", ":15", "00:30"]),
        spots=rng.choice([1, 1, 2, 3, 4, 5, 8, 10]),
        rate=Decimal(rng.choice([25, 35, 45, 75, 100, 110, 150, 225, 300, 375, 450, 600, 850, 1200, 2500])),
    )


def make_order(rng: Random) -> AdOrder:
    """Draw the content of one order."""
    country = BY_CODE["US"]
    _, station_address = address(rng, country, country, "en")
    _, agency_address = address(rng, country, country, "en")
    first, _, surname = person(rng, country).partition(" ")
    start = date(2012, 1, 2) + timedelta(days=rng.randint(0, 5200))
    stop = start + timedelta(days=rng.choice([4, 6, 6, 6, 7, 13, 20, 27, 41]))
    station = rng.choice("KW") + fill(rng, "@@@")
    contract = digits(rng, rng.choice([6, 7, 7, 7, 8])) + rng.choice(["", "", f"-{rng.randint(1, 9)}"])
    return AdOrder(
        station=station + rng.choice(["", "-TV", ""]),
        channel=station,
        station_address=tuple(station_address[-2:]),
        phone=f"({digits(rng, 3)}) {digits(rng, 3)}-{digits(rng, 4)}",
        agency=f"{rng.choice(['Main', 'North', 'Blue', 'Summit', 'River', surname])} {_pick(rng, 'agencies')}",
        agency_address=tuple(agency_address[-2:]),
        advertiser=_advertiser(rng, surname, first),
        product=rng.choice(
            [
                f"{surname} FOR {_pick(rng, 'offices').upper()}",
                f"{_pick(rng, 'states')} {_pick(rng, 'offices')}",
                "Candidate",
                "Issue",
            ]
        ),
        contract=contract,
        invoice=digits(rng, 7) + "-" + str(rng.randint(1, 4)),
        alternative=rng.choice(["WOC", "", "0"]) + digits(rng, 8),
        estimate=digits(rng, 4),
        start=start,
        stop=stop,
        issued=start - timedelta(days=rng.randint(-9, 9)),
        seller=person(rng, country),
        office=rng.choice(["Philadelphia", "Washington", "Dallas", "New York", "Chicago"]),
        lines=tuple(_line(rng, start, stop) for _ in range(rng.choice([1, 2, 4, 6, 8, 10, 14, 20, 30]))),
        commission_rate=Decimal(rng.choice([15, 15, 15, 0, 10])),
    )
