"""How one invoice speaks: its captions, its number and date formats, and every value as a labelled piece of text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from docgrid.synth.content import Invoice, Item
from docgrid.synth.countries import digits
from docgrid.synth.formats import SYMBOLS, CurrencyMark, NumberStyle, date_style, money, plain
from docgrid.synth.ink import Line, Piece, Value
from docgrid.synth.parties import Party
from docgrid.synth.words import words

_ITEM_MONEY = {
    "unit_price": "line_item_unit_price_net",
    "unit_price_gross": "line_item_unit_price_gross",
    "amount_net": "line_item_amount_net",
    "amount_gross": "line_item_amount_gross",
    "tax": "line_item_tax",
    "discount_amount": "line_item_discount_amount",
}


_OF_CUSTOMER = r"customer|your|buyer|kunde|ihre|client|votre|vs\.|klant|\buw\b"


@dataclass(frozen=True, slots=True)
class Entry:
    """A caption and what stands beside it."""

    key: str
    caption: str
    line: Line


class Voice:
    """The manner of one document, drawn once, the same on all its pages."""

    def __init__(self, invoice: Invoice, rng: Random) -> None:
        self.invoice = invoice
        self.rng = rng
        self.table = words(invoice.language)
        self._chosen: dict[str, str] = {}
        self._bank: list[Entry] | None = None
        decimal_and_group = rng.choice(invoice.home.numbers)
        # Sometimes a program writes all countries the same way.
        if rng.random() < 0.05:
            decimal_and_group = rng.choice([".,", ",.", ".", ","])
        self.numbers = NumberStyle(decimal_and_group[0], decimal_and_group[1:], rng.choice(["-{}"] * 6 + ["{}-", "({})", "- {}"]))
        self.dates = date_style(rng, invoice.home.dates or invoice.home.code, invoice.language)
        symbol_pattern = CurrencyMark.patterns(invoice.currency, rng)
        self.total_pattern = symbol_pattern if rng.random() < 0.66 else "{}"
        self.item_pattern = symbol_pattern if rng.random() < 0.25 else "{}"
        self.colon = rng.choice([":", ":", ":", "", "", " :"])
        self.case = rng.choice(["plain"] * 8 + ["upper", "title"])
        self.percent_pattern = rng.choice(["{}%", "{} %", "{} %", "{}%", "{}"])
        self.percent_places = rng.choice([None, None, None, 0, 1, 2, 2])
        self.quantity_places = rng.choice([None, None, None, None, 2, 2, 3, 4])
        self.price_places = rng.choice([2, 2, 2, 2, 2, 2, 3, 4])
        self.shows_due = invoice.paid != 0 or rng.random() < 0.25
        self.title = self.word("title_credit" if invoice.credit else "title_invoice")

    # Captions -----------------------------------------------------------------------------------------------------

    def word(self, key: str) -> str:
        """The synonym that this document uses for a key, always the same one."""
        if key not in self._chosen:
            synonyms = list(self.table[key])
            if self.invoice.home.code == "US":
                synonyms = [text for text in synonyms if "VAT" not in text and "excl" not in text] or [
                    text.replace("VAT", "Tax") for text in synonyms
                ]
            self._chosen[key] = self.rng.choice(synonyms)
        return self._chosen[key]

    def choose(self, key: str, text: str) -> None:
        """Settle the synonym of a key."""
        self._chosen[key] = text

    def caption(self, key: str, *, colon: bool = False) -> str:
        """A caption in the case of the document."""
        text = self.word(key)
        if self.case == "upper":
            text = text.upper()
        elif self.case == "title":
            text = text.title() if self.invoice.language == "en" else text
        return text.rstrip(":") + self.colon if colon and not text.endswith((".", "#")) else text

    def sentence(self, template: str, **extra: str) -> list[Piece]:
        """A template with its values put in as labelled pieces."""
        pieces: list[Piece] = []
        for part in re.split(r"(\{\w+\})", template):
            name = part[1:-1]
            if not part.startswith("{"):
                pieces.append(part)
            elif name in extra:
                pieces.append(extra[name])
            elif name == "amount_due":
                pieces += self.amount(("amount_due",), self.invoice.due, self.total_pattern, marks_currency=True)
            elif name.startswith("date_"):
                pieces.append(self.date_value(name))
            elif name == "iban":
                pieces.append(Value(self.invoice.vendor.ids.iban, ("iban",), self.invoice.vendor.ids.iban))
            elif name == "otherdate":
                pieces.append(self.dates.write(self.invoice.dates["other"]))
            else:
                pieces.append(self.number(name))
        return [piece for piece in pieces if piece != ""]

    # Values ---------------------------------------------------------------------------------------------------------

    def number(self, name: str) -> Value:
        """One of the numbers of the document, such as `order_id`."""
        text = self.invoice.numbers[name]
        return Value(text, (name,), text)

    def date_value(self, name: str) -> Value:
        """`date_issue` or `date_due`."""
        day = self.invoice.dates[name]
        return Value(self.dates.write(day), (name,), day.isoformat())

    def other_date(self, name: str) -> str:
        """A date that is no field."""
        return self.dates.write(self.invoice.dates[name])

    def amount(
        self,
        fields: tuple[str, ...],
        number: Decimal,
        pattern: str,
        *,
        item: int | None = None,
        marks_currency: bool = False,
        places: int = 2,
    ) -> list[Piece]:
        """An amount; the currency beside it is a value of its own where it is that of the amount due."""
        text = self.numbers.write(number, places)
        before, after = pattern.split("{}")
        value: Piece = Value(text, fields, money(number), item) if fields else text
        return [piece for piece in (self._mark(before, marks_currency), value, self._mark(after, marks_currency)) if piece]

    def _mark(self, text: str, marks_currency: bool) -> Piece:
        if not text.strip() or not marks_currency:
            return text
        return Value(text, ("currency_code_amount_due",), text.strip())

    def total(self, fields: tuple[str, ...], number: Decimal, *, marked: bool = True) -> list[Piece]:
        """An amount of the totals block."""
        marks = bool({"amount_due", "amount_total_gross"} & set(fields))
        return self.amount(fields, number, self.total_pattern if marked else "{}", marks_currency=marks)

    def gross_fields(self) -> tuple[str, ...]:
        """The fields that the printed gross total serves."""
        if self.shows_due:
            return ("amount_total_gross",)
        return ("amount_total_gross", "amount_due")

    def percent_text(self, rate: Decimal) -> str:
        """A rate as printed."""
        places = len(plain(rate).partition(".")[2])
        if self.percent_places is not None:
            places = max(places, self.percent_places)
        return self.percent_pattern.format(self.numbers.write(rate, places))

    def percent(self, fields: tuple[str, ...], rate: Decimal, *, item: int | None = None, sign: bool = False) -> Value:
        """A labelled rate; `sign` makes sure of the percent sign."""
        text = self.percent_text(rate)
        return Value(text if "%" in text or not sign else text + "%", fields, plain(rate), item)

    def quantity(self, item: Item, index: int) -> Value:
        """The quantity of an item."""
        places = len(plain(item.quantity).partition(".")[2])
        if self.quantity_places is not None:
            places = max(places, self.quantity_places)
        return Value(self.numbers.write(item.quantity, places), ("line_item_quantity",), plain(item.quantity), index)

    def item_amount(self, key: str, number: Decimal, index: int, *, bare: bool = False) -> list[Piece]:
        """An amount of an item by its column."""
        places = max(2, min(4, len(plain(number).partition(".")[2])))
        if key.startswith("unit_price"):
            places = max(places, self.price_places)
        return self.amount((_ITEM_MONEY[key],), number, "{}" if bare else self.item_pattern, item=index, places=places)

    def item_text(self, name: str, text: str, index: int) -> Value:
        """A text of an item, by field name without `line_item_`."""
        return Value(text, (f"line_item_{name}",), text.replace("\n", " "), index)

    def item_date(self, item: Item, index: int) -> Value:
        """The date of an item."""
        return Value(self.dates.write(item.day), ("line_item_date",), item.day.isoformat(), index)

    def currency(self) -> Value:
        """The currency code, as under a caption."""
        code = self.invoice.currency
        text = code if self.rng.random() < 0.8 else SYMBOLS[code]
        return Value(text, ("currency_code_amount_due",), code)

    def terms(self) -> Value:
        """The payment terms."""
        key = "terms" if self.invoice.days else "terms_now"
        if key not in self._chosen:
            self._chosen[key] = self.rng.choice(self.table[key]).format(
                days=self.invoice.days, short=max(3, self.invoice.days // 3)
            )
        return Value(self._chosen[key], ("payment_terms",), self._chosen[key])

    def party_name(self, party: Party, role: str, *, one_line: bool = False) -> Value:
        """The name of a party; `role` is such as `vendor` or `customer_billing`."""
        text = party.name if one_line else "\n".join(party.name_lines)
        return Value(text, (f"{role}_name",), party.name)

    def party_address(self, party: Party, role: str, *, joint: str = "\n") -> Value:
        """The address of a party, its lines joined with `joint`."""
        return Value(joint.join(party.address_lines), (f"{role}_address",), ", ".join(party.address_lines))

    def tax_id(self, party: Party, role: str, *, marked: bool = False) -> Entry:
        """The tax number with a caption that fits it; `marked` captions of a customer tell that it is the customer's."""
        field = f"{role}_tax_id"
        key = f"{field}/marked" if marked else field
        text = party.ids.tax_id
        if key not in self._chosen:
            synonyms = list(self.table[field])
            if party.country.code == "DE" and self.invoice.language == "de":
                own = [word for word in synonyms if word.startswith(("Steuer", "St.-"))]
                synonyms = (own or ["Steuernummer"]) if "/" in text else [word for word in synonyms if word not in own]
            elif party.country.code == "US":
                synonyms = ["Tax ID", "Federal Tax ID", "EIN", "Tax ID No.", "FEIN"]
            elif party.country.code == "AT":
                synonyms = ["UID", "UID-Nr.", "ATU-Nr."]
            if marked:
                told = [word for word in synonyms if re.search(_OF_CUSTOMER, word, re.IGNORECASE)]
                synonyms = told or [f"{self.word('customer_mark')} {word}" for word in synonyms]
            self._chosen[key] = self.rng.choice(synonyms)
        return Entry(field, self.caption(key), (Value(text, (field,), text),))

    def registration_id(self, party: Party, role: str) -> Entry:
        """The number in the register of companies."""
        key = f"{role}_registration_id"
        return Entry(key, self.caption(key), (Value(party.ids.registration_id, (key,), party.ids.registration_id),))

    def bank_entries(self) -> list[Entry]:
        """Bank details of the vendor, the same ones on all pages; without an IBAN the number of the account."""
        if self._bank is None:
            self._bank = self._draw_bank()
        return list(self._bank)

    def _draw_bank(self) -> list[Entry]:
        ids = self.invoice.vendor.ids
        entries = [Entry("bank", self.caption("bank"), (ids.bank,))]
        if ids.iban and self.rng.random() < 0.92:
            entries.append(Entry("iban", self.caption("iban"), (Value(ids.iban, ("iban",), ids.iban),)))
            if self.rng.random() < 0.85:
                entries.append(Entry("bic", self.caption("bic"), (Value(ids.bic, ("bic",), ids.bic),)))
        if len(entries) == 1 or self.rng.random() < 0.15:
            entries.append(
                Entry("account_num", self.caption("account_num"), (Value(ids.account, ("account_num",), ids.account),))
            )
            entries.append(Entry("bank_num", self.caption("bank_num"), (Value(ids.bank_code, ("bank_num",), ids.bank_code),)))
        if self.rng.random() < 0.2:
            entries.append(
                Entry(
                    "account_holder",
                    self.caption("account_holder"),
                    (self.party_name(self.invoice.vendor, "vendor", one_line=True),),
                )
            )
        if self.rng.random() < 0.3:
            self.rng.shuffle(entries)
        return entries

    def meta_entries(self, count: int) -> list[Entry]:
        """Number and date of the document and `count` further facts, in a usual order."""
        invoice = self.invoice
        number_key = "credit_id" if invoice.credit else "document_id"
        entries = [
            Entry("document_id", self.caption(number_key), (self.number("document_id"),)),
            Entry("date_issue", self.caption("date_issue"), (self.date_value("date_issue"),)),
        ]
        more = [
            Entry(key, self.caption(key), (self.number(key),))
            for key in ("customer_id", "customer_id", "order_id", "customer_order_id", "vendor_order_id", "payment_reference")
        ]
        more += [
            Entry("date_due", self.caption("date_due"), (self.date_value("date_due"),)),
            Entry("date_delivery", self.caption("date_delivery"), (self.other_date("delivery"),)),
            Entry("date_order", self.caption("date_order"), (self.other_date("order"),)),
            Entry("period", self.caption("period"), (f"{self.other_date('other')} - {self.other_date('delivery')}",)),
            Entry("delivery_note", self.caption("delivery_note"), (invoice.numbers["delivery_note"],)),
            Entry("contract", self.caption("contract"), (invoice.numbers["contract"],)),
            Entry("contact", self.caption("contact"), (invoice.vendor.contact,)),
            Entry("payment_terms", self.caption("payment_terms"), (self.terms(),)),
            Entry("currency", self.caption("currency"), (self.currency(),)),
            self.tax_id(invoice.customer, "customer", marked=True),
            self.tax_id(invoice.vendor, "vendor"),
        ]
        picked: dict[str, Entry] = {}
        for entry in self.rng.sample(more, min(count, len(more))):
            picked.setdefault(entry.key, entry)
        rest = list(picked.values())
        if self.rng.random() < 0.25:
            entries.reverse()
        if self.rng.random() < 0.2:
            entries = [*rest, *entries]
            if self.rng.random() < 0.5:
                self.rng.shuffle(entries)
        else:
            entries += rest
        return entries

    def contact_entries(self, party: Party, count: int, *, vendor: bool = True) -> list[Entry]:
        """Telephone, fax, web and mail; the mail address of the vendor is a field."""
        mail: Piece = Value(party.email, ("vendor_email",), party.email) if vendor else party.email
        entries = [
            Entry("phone", self.caption("phone"), (party.phone,)),
            Entry("fax", self.caption("fax"), (party.fax,)),
            Entry("email", self.caption("email"), (mail,)),
            Entry("web", self.caption("web"), (party.web,)),
        ]
        kept = set(self.rng.sample(range(4), min(count, 4)))
        entries = [entry for place, entry in enumerate(entries) if place in kept]
        if self.rng.random() < 0.07:
            entries.insert(0, Entry("gln", self.rng.choice(["GLN", "GLN", "ILN", "DUNS"]), (digits(self.rng, 13),)))
        return entries
