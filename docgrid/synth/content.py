"""What an invoice says: parties, items, taxes and totals that add up."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from random import Random

from docgrid.synth.countries import BY_CODE, COUNTRIES, Country, digits, fill
from docgrid.synth.numbering import document_numbers
from docgrid.synth.parties import Party, branch_of, foreign, make_party, person
from docgrid.synth.words import words

CENT = Decimal("0.01")


class PriceMode(StrEnum):
    """Whether the prices of the items hold the tax."""

    NET = "net"
    GROSS = "gross"


@dataclass(frozen=True, slots=True)
class Item:
    """One row of the table of goods; `net` and `gross` belong together in the mode of the invoice."""

    description: str
    notes: tuple[str, ...]  # further lines about it, not part of the description
    code: str
    quantity: Decimal
    unit: str
    unit_price: Decimal  # in the mode of the invoice
    discount_rate: Decimal
    discount: Decimal
    rate: Decimal
    amount: Decimal  # quantity x price less discount, in the mode of the invoice
    tax: Decimal
    day: date
    order: str
    hts: str
    weight: Decimal
    person: str

    @property
    def other_amount(self) -> Decimal:
        """Gross in net mode."""
        return self.amount + self.tax


@dataclass(frozen=True, slots=True)
class TaxLine:
    """The sums of one tax rate."""

    rate: Decimal
    net: Decimal
    tax: Decimal

    @property
    def gross(self) -> Decimal:
        """Net and tax together."""
        return self.net + self.tax


@dataclass(frozen=True, slots=True)
class Invoice:
    """All values of one invoice."""

    language: str
    home: Country
    currency: str
    credit: bool
    mode: PriceMode
    vendor: Party
    customer: Party
    delivery: Party | None
    other: Party | None
    numbers: dict[str, str]  # document_id, order_id, customer_id, ...
    dates: dict[str, date]  # date_issue, date_due, delivery, order, other
    days: int  # to pay
    items: tuple[Item, ...]
    sections: dict[int, str]  # heading before the item of that number
    item_sum: Decimal
    discount_rate: Decimal
    discount: Decimal
    shipping: Decimal
    tax_lines: tuple[TaxLine, ...]
    net: Decimal
    tax: Decimal
    gross: Decimal
    paid: Decimal
    exempt: str
    line_taxes: bool  # the tax was rounded item by item
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def due(self) -> Decimal:
        """What is left to pay."""
        return self.gross - self.paid


def cents(number: Decimal) -> Decimal:
    """Rounded to two decimals, half away from zero."""
    return number.quantize(CENT, ROUND_HALF_UP)


def _price(rng: Random, *, service: bool) -> Decimal:
    if service:
        return Decimal(rng.choice([rng.randint(35, 180), rng.randint(35, 180), rng.randint(10, 4000)]))
    value = Decimal(str(round(rng.lognormvariate(3.1, 1.4), 2))) + CENT
    ending = rng.random()
    if ending < 0.35:
        value = value.to_integral_value() + rng.choice(
            [Decimal("0.00"), Decimal("0.50"), Decimal("0.90"), Decimal("0.99"), Decimal("0.95")]
        )
    elif ending < 0.40:
        value += Decimal(rng.randint(1, 99)) / 10000
    return max(value, CENT)


def _quantity(rng: Random, unit: str, *, hourly: bool) -> Decimal:
    if hourly:
        return Decimal(rng.randint(2, 160)) / rng.choice([1, 2, 4])
    if unit in ("kg", "m", "l", "m²", "mq", "mt", "lt") and rng.random() < 0.6:
        return Decimal(rng.randint(1, 30000)) / rng.choice([10, 100, 1000])
    return Decimal(rng.choice([1, 1, 1, 1, 2, 2, 3, 4, 5, 6, 8, 10, 12, 20, 24, 25, 50, 100, 250, 500, 1000, rng.randint(1, 99)]))


def _note(rng: Random, template: str, country: Country, day: date) -> str:
    other = day - timedelta(days=rng.randint(3, 90))
    return template.format(
        number=digits(rng, rng.randint(1, 8)),
        person=person(rng, country),
        otherdate=f"{other.day:02}.{other.month:02}.{other.year}",
        ean="40" + digits(rng, 11),
    )


def _description(rng: Random, table: dict[str, tuple[str, ...]], *, service: bool) -> str:
    text = rng.choice(table["services" if service else "goods"])
    if service and rng.random() < 0.3:
        text += rng.choice([" ", ", ", " - "]) + f"{rng.choice(table['months'])} {rng.randint(2012, 2026)}"
    elif not service and rng.random() < 0.4:
        quality = rng.choice(table["qualities"]).format(number=digits(rng, rng.randint(1, 4)))
        text += rng.choice([", ", " ", " - ", " / "]) + quality
    if rng.random() < 0.08:
        text += rng.choice([" + ", ", "]) + rng.choice(table["services" if service else "goods"])
    if rng.random() < 0.05:
        text = text.upper()
    return text


@dataclass(frozen=True, slots=True)
class _Plan:
    """Choices that hold for all items of an invoice."""

    service: bool
    rates: tuple[Decimal, ...]
    code_pattern: str
    mode: PriceMode
    sign: int
    discounts: bool


def _make_item(rng: Random, plan: _Plan, country: Country, table: dict[str, tuple[str, ...]], day: date) -> Item:
    service = plan.service != (rng.random() < 0.1)
    hourly = service and rng.random() < 0.5
    unit = rng.choice(table["hours" if hourly else "units"])
    price = _price(rng, service=service)
    quantity = _quantity(rng, unit, hourly=hourly) * plan.sign
    if price > 900:
        quantity = Decimal(plan.sign * rng.randint(1, 4))
    elif abs(price * quantity) > 8000 and rng.random() < 0.8:
        quantity = Decimal(plan.sign * rng.randint(1, 12))
    rate = rng.choice(plan.rates)
    discount_rate = Decimal(rng.choice(["0", "0", "5", "10", "15", "20", "3", "2.5", "33"])) if plan.discounts else Decimal(0)
    full = cents(quantity * price)
    discount = cents(full * discount_rate / 100)
    amount = full - discount
    tax = cents(amount * rate / 100) if plan.mode is PriceMode.NET else amount - cents(amount * 100 / (100 + rate))
    notes = tuple(_note(rng, text, country, day) for text in rng.sample(table["item_note"], rng.choice([0, 0, 0, 0, 1, 1, 2, 3])))
    return Item(
        description=_description(rng, table, service=service),
        notes=notes,
        code=fill(rng, plan.code_pattern),
        quantity=quantity,
        unit=unit,
        unit_price=price,
        discount_rate=discount_rate,
        discount=discount,
        rate=rate,
        amount=amount,
        tax=tax,
        day=day - timedelta(days=rng.randint(0, 30)),
        order=digits(rng, 6),
        hts=fill(rng, "####.##.####" if rng.random() < 0.5 else "########"),
        weight=Decimal(rng.randint(1, 5000)) / 100,
        person=person(rng, country),
    )


_CODE_PATTERNS = (
    "######", "A-####", "@@####", "####-###", "@@@-##", "##.###.##", "#############", "@####", "@@-##-@@", "#####", "###",
    "ART-###",
)  # fmt: skip


def _item_count(rng: Random) -> int:
    size = rng.random()
    if size < 0.55:
        return rng.randint(1, 5)
    if size < 0.86:
        return rng.randint(4, 13)
    if size < 0.97:
        return rng.randint(12, 28)
    return rng.randint(25, 60)


def _dates(rng: Random, days: int) -> dict[str, date]:
    issue = date(2012, 1, 1) + timedelta(days=rng.randint(0, 5500))
    return {
        "date_issue": issue,
        "date_due": issue + timedelta(days=days),
        "delivery": issue - timedelta(days=rng.randint(0, 12)),
        "order": issue - timedelta(days=rng.randint(4, 40)),
        "other": issue - timedelta(days=rng.randint(10, 200)),
    }


def _sum_taxes(items: tuple[Item, ...], extras: dict[Decimal, Decimal], mode: PriceMode, *, line_taxes: bool) -> list[TaxLine]:
    """Sums by rate; `extras` are shipping and discount (negative) by rate, in the mode of the invoice."""
    lines = []
    for rate in sorted({item.rate for item in items} | set(extras), reverse=True):
        amount = sum((item.amount for item in items if item.rate == rate), extras.get(rate, Decimal(0)))
        if line_taxes:
            tax = sum((item.tax for item in items if item.rate == rate), Decimal(0))
        elif mode is PriceMode.NET:
            tax = cents(amount * rate / 100)
        else:
            tax = amount - cents(amount * 100 / (100 + rate))
        lines.append(TaxLine(rate, amount if mode is PriceMode.NET else amount - tax, tax))
    return lines


def _share_discount(items: tuple[Item, ...], discount: Decimal) -> dict[Decimal, Decimal]:
    """A discount on the whole invoice, split over the rates in proportion to their amounts."""
    total = sum((item.amount for item in items), Decimal(0))
    rates = sorted({item.rate for item in items})
    shares: dict[Decimal, Decimal] = {}
    for rate in rates[:-1]:
        part = sum((item.amount for item in items if item.rate == rate), Decimal(0))
        shares[rate] = -cents(discount * part / total)
    shares[rates[-1]] = -discount - sum(shares.values(), Decimal(0))
    return shares


def _languages(rng: Random, home: Country) -> str:
    if home.code == "BE" and rng.random() < 0.45:
        return "fr"
    if home.code == "CH" and rng.random() < 0.3:
        return rng.choice(["fr", "it"])
    return "en" if rng.random() < 0.08 else home.language


def _rates(rng: Random, home: Country, *, exempt: bool) -> tuple[Decimal, ...]:
    if exempt or (home.code == "US" and rng.random() < 0.3):
        return (Decimal(0),)
    rates = [Decimal(rate) for rate in home.rates]
    usual = rng.choice(rates[:2]) if home.code == "US" else rates[0]
    if home.code == "US" or rng.random() < 0.68:
        return (usual,)
    others = [rate for rate in rates if rate != usual]
    return (usual, usual, *rng.sample(others, min(len(others), rng.choice([1, 1, 2]))))


def make_invoice(rng: Random) -> Invoice:
    """Draw the content of one invoice."""
    home = rng.choices(COUNTRIES, [country.weight for country in COUNTRIES])[0]
    language = _languages(rng, home)
    table = words(language)
    abroad = rng.random() < 0.09
    vendor = make_party(rng, home, home=home, language=language)
    customer_country = foreign(rng, home) if abroad else home
    customer = make_party(rng, customer_country, home=home, language=language, private=rng.random() < 0.1)
    exempt = abroad and rng.random() < 0.7 or (home.code != "US" and rng.random() < 0.03)
    days = rng.choice([0, 7, 8, 10, 14, 14, 15, 20, 21, 28, 30, 30, 30, 30, 45, 60, 90])
    dates = _dates(rng, days)
    credit = rng.random() < 0.05
    mode = PriceMode.GROSS if home.code != "US" and rng.random() < 0.1 else PriceMode.NET
    plan = _Plan(
        service=rng.random() < 0.35,
        rates=_rates(rng, home, exempt=exempt),
        code_pattern=rng.choice(_CODE_PATTERNS),
        mode=mode,
        sign=-1 if credit and rng.random() < 0.4 else 1,
        discounts=rng.random() < 0.15,
    )
    items = tuple(_make_item(rng, plan, home, table, dates["delivery"]) for _ in range(_item_count(rng)))
    return _with_totals(rng, home, language, plan, vendor, customer, items, dates, days=days, credit=credit, exempt=exempt)


def _with_totals(  # noqa: PLR0913 - the one place where all parts of an invoice come together
    rng: Random,
    home: Country,
    language: str,
    plan: _Plan,
    vendor: Party,
    customer: Party,
    items: tuple[Item, ...],
    dates: dict[str, date],
    *,
    days: int,
    credit: bool,
    exempt: bool,
) -> Invoice:
    table = words(language)
    item_sum = sum((item.amount for item in items), Decimal(0))
    line_taxes = rng.random() < 0.25
    discount_rate = Decimal(0)
    shipping = Decimal(0)
    if not line_taxes:
        discount_rate = Decimal(rng.choice(["2", "3", "5", "10", "15"])) if rng.random() < 0.1 else Decimal(0)
        shipping = (
            Decimal(rng.choice(["4.90", "5.95", "12.00", "25.00", "8.50", "15.00", "49.90"])) * plan.sign
            if rng.random() < 0.16
            else shipping
        )
    discount = cents(item_sum * discount_rate / 100)
    extras = _share_discount(items, discount) if discount else {}
    if shipping:
        rate = max(item.rate for item in items)
        extras[rate] = extras.get(rate, Decimal(0)) + shipping
    tax_lines = tuple(_sum_taxes(items, extras, plan.mode, line_taxes=line_taxes))
    net = sum((line.net for line in tax_lines), Decimal(0))
    tax = sum((line.tax for line in tax_lines), Decimal(0))
    paid = Decimal(0)
    if rng.random() < 0.12 and net > 20:
        paid = rng.choice([cents((net + tax) / 2), cents((net + tax) * Decimal("0.3")), Decimal(int(net // 4) or 1), net + tax])
    sections = {}
    if len(items) > 3 and rng.random() < 0.12:
        for start in sorted(rng.sample(range(1, len(items)), rng.randint(1, 2)) + [0]):
            sections[start] = rng.choice(table["section"]).format(number=digits(rng, 4))
    shown_exempt = rng.choice(table["exempt"]) if exempt or (tax == 0 and home.code != "US") else ""
    return Invoice(
        language=language,
        home=home,
        currency=home.currency if rng.random() < 0.96 else rng.choice(["USD", "EUR", "GBP", "CHF"]),
        credit=credit,
        mode=plan.mode,
        vendor=vendor,
        customer=customer,
        delivery=branch_of(rng, customer, home, language) if rng.random() < 0.35 else None,
        other=make_party(rng, home, home=home, language=language) if rng.random() < 0.07 else None,
        numbers=document_numbers(rng, dates),
        dates=dates,
        days=days,
        items=items,
        sections=sections,
        item_sum=item_sum,
        discount_rate=discount_rate,
        discount=discount,
        shipping=shipping,
        tax_lines=tax_lines,
        net=net,
        tax=tax,
        gross=net + tax,
        paid=paid,
        exempt=shown_exempt,
        line_taxes=line_taxes,
    )


__all__ = ["BY_CODE", "Invoice", "Item", "PriceMode", "TaxLine", "cents", "make_invoice"]
