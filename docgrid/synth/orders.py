"""Purchase orders: what a buyer sends to a supplier, drawn with the heads, tables and totals of invoices.

The one who writes is the customer here, the one written to is the vendor; nothing is due, and the bank account in the footer is
the buyer's own, so no field.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from random import Random

from docgrid.synth.content import Invoice, make_invoice
from docgrid.synth.desk import Desk
from docgrid.synth.heads import HEADS
from docgrid.synth.ink import Sheet
from docgrid.synth.invoices import draw_pages, invoice_style
from docgrid.synth.parties import branch_of
from docgrid.synth.table import Rules
from docgrid.synth.voice import Entry, Voice
from docgrid.synth.words import words

_ROLES = {"vendor": "customer_billing", "customer_billing": "vendor"}
_FIELDS: dict[str, tuple[str, ...]] = {
    **{f"{role}_{part}": (f"{other}_{part}",) for role, other in _ROLES.items() for part in ("name", "address")},
    **{f"vendor_{part}": (f"customer_{part}",) for part in ("tax_id", "registration_id")},
    **{f"customer_{part}": (f"vendor_{part}",) for part in ("tax_id", "registration_id")},
    "document_id": ("document_id", "order_id"),
}  # what the drawing of an invoice calls a field -> what it is on an order
_NO_FIELD = frozenset(
    (
        "vendor_email",
        "amount_due",
        "amount_paid",
        "currency_code_amount_due",
        "date_due",
        "iban",
        "bic",
        "account_num",
        "bank_num",
    )
)
_LEFT_OUT = frozenset(
    ("order_id", "customer_order_id", "payment_reference", "date_due", "date_order", "period", "delivery_note", "customer_tax_id")
)
_HEADS = tuple(head for head in HEADS if head not in ("summary-box", "lean"))  # those two shout what is due

FAMILIES: tuple[str, ...] = tuple(f"order/{head}" for head in _HEADS)


class OrderVoice(Voice):
    """The manner of an order."""

    def __init__(self, invoice: Invoice, rng: Random) -> None:
        super().__init__(invoice, rng)
        prefix = f"{invoice.language}."
        own = {key.removeprefix(prefix): texts for key, texts in words("orders").items() if key.startswith(prefix)}
        self.table = {**self.table, **own, **dict.fromkeys(("note", "thanks", "marketing"), own["pay_sentence"])}
        self._chosen = {key: text for key, text in self._chosen.items() if key not in own}
        self.shows_due = False
        self.title = self.word("title_invoice")

    def meta_entries(self, count: int) -> list[Entry]:
        """Number and date of the order and further facts that an order has."""
        return [entry for entry in super().meta_entries(count) if entry.key not in _LEFT_OUT]


def draw_order(rng: Random, family: str) -> tuple[Invoice, Sheet]:
    """One order of a family, such as `order/classic`."""
    invoice = make_invoice(rng)
    while invoice.credit:
        invoice = make_invoice(rng)
    delivery = branch_of(rng, invoice.vendor, invoice.home, invoice.language) if invoice.delivery else None
    invoice = replace(invoice, paid=Decimal(0), other=None, delivery=delivery)
    head = family.partition("/")[2]
    desk = Desk(invoice, invoice_style(rng, invoice, head), OrderVoice(invoice, rng), rng)
    sheet = draw_pages(desk, head, rng.choice(list(Rules)), bank=False)
    for record in sheet.records:
        fields = tuple(new for old in record.value.fields if old not in _NO_FIELD for new in _FIELDS.get(old, (old,)))
        record.value = replace(record.value, fields=fields)
    return invoice, sheet
