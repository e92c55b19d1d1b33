"""Which fields a model can find: their names, types and aliases, and the schemas that come with docgrid.

Names of the `invoice` schema: the DocILE vocabulary (Šimsa et al. 2023, arXiv 2302.05658, table of field types).
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from docgrid.errors import DatasetError, UsageError

BACKGROUND = "background"  # class 0 of every segmentation


class FieldType(StrEnum):
    """How the text of a field is read as a value."""

    TEXT = "text"
    DATE = "date"
    MONEY = "money"
    NUMBER = "number"
    PERCENT = "percent"
    IDENTIFIER = "identifier"
    CURRENCY = "currency"


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field that a document may carry."""

    name: str
    type: FieldType
    line_item: bool = False  # one per row of the table of goods
    multiline: bool = False  # may run over several lines (addresses, descriptions)
    repeated: bool = False  # may have several different values on a document
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Schema:
    """An ordered set of fields; class i + 1 of a segmentation is field i, class 0 is background.

    Raises:
        UsageError: Two fields share a name.
    """

    name: str
    fields: tuple[FieldSpec, ...]

    def __post_init__(self) -> None:
        names = [spec.name for spec in self.fields]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise UsageError(f"schema {self.name!r} names {', '.join(twice)} twice", hint="Give every field its own name.")

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Field names in class order."""
        return tuple(spec.name for spec in self.fields)

    @property
    def class_count(self) -> int:
        """Number of segmentation classes, background included."""
        return len(self.fields) + 1

    @property
    def has_line_items(self) -> bool:
        """Whether any field belongs to a line item."""
        return any(spec.line_item for spec in self.fields)

    @cached_property
    def _by_name(self) -> dict[str, FieldSpec]:
        table = {alias: spec for spec in self.fields for alias in spec.aliases}
        return table | {spec.name: spec for spec in self.fields}

    def __contains__(self, name: str) -> bool:
        return name in self._by_name

    def field(self, name: str) -> FieldSpec:
        """The field of this name or alias.

        Raises:
            DatasetError: There is none; the nearest valid name is suggested.
        """
        try:
            return self._by_name[name]
        except KeyError:
            near = difflib.get_close_matches(name, list(self._by_name), n=1)
            hint = f"Did you mean {near[0]!r}?" if near else f"Known fields: {', '.join(self.names)}."
            raise DatasetError(f"unknown field {name!r} for schema {self.name!r}", hint=hint) from None

    def class_of(self, name: str) -> int:
        """The segmentation class of a field name or alias, from 1."""
        return self.names.index(self.field(name).name) + 1

    def to_dict(self) -> dict[str, object]:
        """Plain data for a model card or a schema file."""
        return {
            "name": self.name,
            "fields": [
                {
                    "name": spec.name,
                    "type": spec.type.value,
                    "line_item": spec.line_item,
                    "multiline": spec.multiline,
                    "repeated": spec.repeated,
                    "aliases": list(spec.aliases),
                }
                for spec in self.fields
            ],
        }

    @classmethod
    def from_dict(cls, data: object, *, origin: str = "schema") -> Schema:
        """Rebuild a schema from plain data.

        Args:
            data: What `to_dict` gives; only `name` is needed for a field, its type defaults to text.
            origin: Where the data comes from, for the error message.

        Raises:
            UsageError: The data is not a schema; the message names the place.
        """
        if not isinstance(data, dict) or not isinstance(data.get("fields"), list) or not data["fields"]:
            raise UsageError(
                f"{origin} is not a schema: it needs a list 'fields'",
                hint='Write {"name": "mine", "fields": [{"name": "total", "type": "money"}]}.',
            )
        fields = []
        for number, entry in enumerate(data["fields"], start=1):
            fields.append(_field_from_dict(entry, f"{origin}, field {number}"))
        return cls(str(data.get("name", "custom")), tuple(fields))


def _field_from_dict(entry: object, origin: str) -> FieldSpec:
    if isinstance(entry, str):
        entry = {"name": entry}
    if not isinstance(entry, dict) or not isinstance(entry.get("name"), str) or not entry["name"]:
        raise UsageError(f"{origin} has no name", hint='A field is {"name": "total", "type": "money"}.')
    if not re.fullmatch(r"\w[\w .:-]{0,79}", entry["name"]) or entry["name"] == BACKGROUND:
        raise UsageError(
            f"{origin}: {entry['name']!r} cannot be a field name",
            hint="Use letters, digits, space, dot, dash, colon and underscore; 80 at most; not 'background'.",
        )
    try:
        kind = FieldType(entry.get("type", "text"))
    except ValueError:
        known = ", ".join(FieldType)
        near = difflib.get_close_matches(str(entry.get("type")), [kind.value for kind in FieldType], n=1)
        hint = f"Did you mean {near[0]!r}? Types: {known}." if near else f"Types: {known}."
        raise UsageError(f"{origin}: unknown type {entry.get('type')!r}", hint=hint) from None
    aliases = entry.get("aliases", [])
    if not isinstance(aliases, list) or not all(isinstance(alias, str) for alias in aliases):
        raise UsageError(f"{origin}: aliases must be a list of names", hint='Such as "aliases": ["invoice_number"].')
    return FieldSpec(
        entry["name"],
        kind,
        line_item=bool(entry.get("line_item", False)),
        multiline=bool(entry.get("multiline", False)),
        repeated=bool(entry.get("repeated", False)),
        aliases=tuple(aliases),
    )


def _fields(
    kind: FieldType, names: str, *, line_item: bool = False, multiline: bool = False, repeated: bool = False
) -> list[FieldSpec]:
    return [
        FieldSpec(name, kind, line_item=line_item, multiline=multiline, repeated=repeated, aliases=_ALIASES.get(name, ()))
        for name in names.split()
    ]


# Names of the same thing elsewhere: Azure Document Intelligence (CamelCase), Textract AnalyzeExpense (UPPER_CASE),
# SROIE and invoice2data (lower case).
_ALIASES: dict[str, tuple[str, ...]] = {
    "account_num": ("ACCOUNT_NUMBER",),
    "amount_due": ("AmountDue", "AMOUNT_DUE"),
    "amount_paid": ("AMOUNT_PAID",),
    "amount_total_gross": ("InvoiceTotal", "TOTAL", "total", "amount", "grand_total"),
    "amount_total_net": ("SubTotal", "SUBTOTAL", "amount_untaxed", "tax_basis"),
    "amount_total_tax": ("TotalTax", "TAX", "amount_tax", "tax_total"),
    "customer_billing_address": ("BillingAddress", "CustomerAddress"),
    "customer_billing_name": ("CustomerName", "RECEIVER_NAME", "buyer", "partner_name"),
    "customer_delivery_address": ("ShippingAddress",),
    "customer_delivery_name": ("ShippingAddressRecipient",),
    "customer_id": ("CustomerId", "CUSTOMER_NUMBER"),
    "customer_order_id": (),
    "customer_tax_id": ("CustomerTaxId",),
    "date_due": ("DueDate", "DUE_DATE"),
    "date_issue": ("InvoiceDate", "INVOICE_RECEIPT_DATE", "date"),
    "document_id": ("InvoiceId", "INVOICE_RECEIPT_ID", "invoice_number", "id"),
    "order_id": ("PurchaseOrder", "PO_NUMBER"),
    "payment_terms": ("PaymentTerm", "PAYMENT_TERMS"),
    "vendor_address": ("VendorAddress", "VENDOR_ADDRESS", "address"),
    "vendor_email": ("VENDOR_EMAIL",),
    "vendor_name": ("VendorName", "VENDOR_NAME", "company", "issuer", "seller"),
    "vendor_tax_id": ("VendorTaxId", "TAX_PAYER_ID", "vat"),
    "line_item_amount_gross": (),
    "line_item_amount_net": ("Amount", "PRICE", "line_total"),
    "line_item_code": ("ProductCode", "PRODUCT_CODE"),
    "line_item_description": ("Description", "ITEM", "name"),
    "line_item_quantity": ("Quantity", "QUANTITY", "qty"),
    "line_item_tax_rate": ("TaxRate", "vat_percent"),
    "line_item_unit_price_net": ("UnitPrice", "UNIT_PRICE", "net_price"),
    "line_item_units_of_measure": ("Unit", "unit"),
}

INVOICE = Schema(
    "invoice",
    tuple(
        _fields(FieldType.IDENTIFIER, "account_num")
        + _fields(FieldType.MONEY, "amount_due amount_paid amount_total_gross amount_total_net amount_total_tax")
        + _fields(FieldType.IDENTIFIER, "bank_num bic")
        + _fields(FieldType.CURRENCY, "currency_code_amount_due")
        + _fields(FieldType.TEXT, "customer_billing_address", multiline=True)
        + _fields(FieldType.TEXT, "customer_billing_name", multiline=True)
        + _fields(FieldType.TEXT, "customer_delivery_address", multiline=True)
        + _fields(FieldType.TEXT, "customer_delivery_name", multiline=True)
        + _fields(FieldType.IDENTIFIER, "customer_id customer_order_id")
        + _fields(FieldType.TEXT, "customer_other_address customer_other_name", multiline=True)
        + _fields(FieldType.IDENTIFIER, "customer_registration_id customer_tax_id")
        + _fields(FieldType.DATE, "date_due date_issue")
        + _fields(FieldType.IDENTIFIER, "document_id iban order_id payment_reference")
        + _fields(FieldType.TEXT, "payment_terms", multiline=True)
        + _fields(FieldType.MONEY, "tax_detail_gross tax_detail_net", repeated=True)
        + _fields(FieldType.PERCENT, "tax_detail_rate", repeated=True)
        + _fields(FieldType.MONEY, "tax_detail_tax", repeated=True)
        + _fields(FieldType.TEXT, "vendor_address", multiline=True)
        + _fields(FieldType.IDENTIFIER, "vendor_email")
        + _fields(FieldType.TEXT, "vendor_name", multiline=True)
        + _fields(FieldType.IDENTIFIER, "vendor_order_id vendor_registration_id vendor_tax_id")
        + _fields(FieldType.MONEY, "line_item_amount_gross line_item_amount_net", line_item=True)
        + _fields(FieldType.IDENTIFIER, "line_item_code", line_item=True)
        + _fields(FieldType.CURRENCY, "line_item_currency", line_item=True)
        + _fields(FieldType.DATE, "line_item_date", line_item=True)
        + _fields(FieldType.TEXT, "line_item_description", line_item=True, multiline=True)
        + _fields(FieldType.MONEY, "line_item_discount_amount", line_item=True)
        + _fields(FieldType.PERCENT, "line_item_discount_rate", line_item=True)
        + _fields(FieldType.IDENTIFIER, "line_item_hts_number line_item_order_id", line_item=True)
        + _fields(FieldType.TEXT, "line_item_person_name", line_item=True)
        + _fields(FieldType.IDENTIFIER, "line_item_position", line_item=True)
        + _fields(FieldType.NUMBER, "line_item_quantity", line_item=True)
        + _fields(FieldType.MONEY, "line_item_tax", line_item=True)
        + _fields(FieldType.PERCENT, "line_item_tax_rate", line_item=True)
        + _fields(FieldType.MONEY, "line_item_unit_price_gross line_item_unit_price_net", line_item=True)
        + _fields(FieldType.TEXT, "line_item_units_of_measure", line_item=True)
        + _fields(FieldType.NUMBER, "line_item_weight", line_item=True)
    ),
)

RECEIPT = Schema(
    "receipt",
    (
        FieldSpec("company", FieldType.TEXT, multiline=True, aliases=("vendor_name",)),
        FieldSpec("date", FieldType.DATE, aliases=("date_issue",)),
        FieldSpec("address", FieldType.TEXT, multiline=True, aliases=("vendor_address",)),
        FieldSpec("total", FieldType.MONEY, aliases=("amount_total_gross",)),
    ),
)

ADBUY = Schema(
    "adbuy",
    (
        FieldSpec("contract_num", FieldType.IDENTIFIER),
        FieldSpec("advertiser", FieldType.TEXT, multiline=True),
        FieldSpec("gross_amount", FieldType.MONEY),
        FieldSpec("flight_from", FieldType.DATE),
        FieldSpec("flight_to", FieldType.DATE),
    ),
)

SCHEMAS: dict[str, Schema] = {schema.name: schema for schema in (INVOICE, RECEIPT, ADBUY)}


def load_schema(name_or_file: str | Path) -> Schema:
    """A built-in schema by name, or one from a JSON file.

    Raises:
        UsageError: There is no such schema, or the file is not one.
    """
    if str(name_or_file) in SCHEMAS:
        return SCHEMAS[str(name_or_file)]
    path = Path(name_or_file)
    if not path.is_file():
        near = difflib.get_close_matches(str(name_or_file), list(SCHEMAS), n=1)
        hint = f"Did you mean {near[0]!r}?" if near else f"Built in: {', '.join(SCHEMAS)}; or name a JSON file."
        raise UsageError(f"no schema {str(name_or_file)!r}", hint=hint)
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} is not a JSON schema file: {error}", hint="See `docgrid train --help`.") from error
    return Schema.from_dict(data, origin=str(path))


_TYPE_HINTS: tuple[tuple[str, FieldType], ...] = (
    (r"date|_from$|_to$|datum", FieldType.DATE),
    (r"amount|total|price|net$|gross|tax$|due$|sum|betrag|cost|fee", FieldType.MONEY),
    (r"rate$|percent", FieldType.PERCENT),
    (r"currency", FieldType.CURRENCY),
    (r"qty|quantity|count$|weight", FieldType.NUMBER),
    (r"(^|_)(id|num|number|no|nr|code|iban|bic|ref|reference)$", FieldType.IDENTIFIER),
)


def infer_schema(name: str, field_names: Iterable[str]) -> Schema:
    """A schema for data that brings none: a built-in one when it knows every name, else types guessed from the names.

    `line_item_` at the start of a name makes a field of line items.
    """
    wanted = list(dict.fromkeys(field_names))
    for schema in (RECEIPT, ADBUY, INVOICE):
        if all(wanted_name in schema.names for wanted_name in wanted):
            return schema
    fields = []
    for wanted_name in wanted:
        kind = next((kind for pattern, kind in _TYPE_HINTS if re.search(pattern, wanted_name.lower())), FieldType.TEXT)
        fields.append(
            FieldSpec(wanted_name, kind, line_item=wanted_name.startswith("line_item_"), multiline=kind is FieldType.TEXT)
        )
    return Schema(name, tuple(fields))
