"""Tests that values must pass: arithmetic between amounts, check digits, the order of dates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from docgrid.extraction.models import Check
from docgrid.values import bic_is_valid, iban_is_valid

Values = Mapping[str, str]  # field name -> typed value of its first entry
_CENT = Decimal("0.01")
_HALF_CENT = Decimal("0.005")
_DATE_ORDERS = (("date_issue", "date_due"), ("flight_from", "flight_to"))


@dataclass(frozen=True, slots=True)
class Finding:
    """A check and the fields that it judges; none where it only says something about the document."""

    check: Check
    fields: tuple[str, ...]


def check_fields(values: Values) -> list[Finding]:
    """Checks between and of the fields of a document; one that lacks a value is not made."""
    found = [_net_and_tax(values), *(_dates(values, first, last) for first, last in _DATE_ORDERS)]
    if "iban" in values:
        found.append(_finding("iban_checksum", iban_is_valid(values["iban"]), "ISO 13616, remainder 1 modulo 97", "iban"))
    if "bic" in values:
        found.append(_finding("bic_shape", bic_is_valid(values["bic"]), "ISO 9362, 8 or 11 characters", "bic"))
    return [finding for finding in found if finding is not None]


def check_item(values: Values) -> list[Finding]:
    """Quantity times unit price is the amount, for net and gross; not where a discount comes between."""
    found = []
    discounted = "line_item_discount_amount" in values or "line_item_discount_rate" in values
    for kind in ("net", "gross"):
        names = ("line_item_quantity", f"line_item_unit_price_{kind}", f"line_item_amount_{kind}")
        numbers = _numbers(values, names)
        if numbers is not None and not discounted:
            quantity, price, amount = numbers
            slack = abs(quantity) * _HALF_CENT + _CENT  # the unit price may be printed rounded
            passed = abs(quantity * price - amount) <= slack
            found.append(
                _finding(
                    "quantity_times_price_is_amount",
                    passed,
                    f"{quantity} x {price} = {quantity * price}, printed {amount}",
                    *names,
                )
            )
    return found


def check_sum_of_lines(values: Values, items: Sequence[Values]) -> Finding | None:
    """The net amounts of all line items add up to the net total. Charges and discounts of the whole document may explain a gap.

    So a failure judges no single field.
    """
    amounts = [_number(item.get("line_item_amount_net")) for item in items]
    total = _number(values.get("amount_total_net"))
    known = [amount for amount in amounts if amount is not None]
    if total is None or not items or len(known) != len(amounts):
        return None
    passed = abs(sum(known, Decimal(0)) - total) <= _CENT * (len(known) + 1)
    return _finding("sum_of_lines_is_net", passed, f"lines {sum(known, Decimal(0))}, printed {total}")


def _net_and_tax(values: Values) -> Finding | None:
    names = ("amount_total_net", "amount_total_tax", "amount_total_gross")
    numbers = _numbers(values, names)
    if numbers is None:
        return None
    net, tax, gross = numbers
    return _finding(
        "net_plus_tax_is_gross", abs(net + tax - gross) <= _CENT, f"{net} + {tax} = {net + tax}, printed {gross}", *names
    )


def _dates(values: Values, first: str, last: str) -> Finding | None:
    try:
        early, late = date.fromisoformat(values[first]), date.fromisoformat(values[last])
    except (KeyError, ValueError):
        return None
    return _finding("date_order", early <= late, f"{first} {early} is not after {last} {late}", first, last)


def _finding(name: str, passed: bool, detail: str, *fields: str) -> Finding:
    return Finding(Check(name=name, passed=passed, detail=detail), fields)


def _numbers(values: Values, names: Sequence[str]) -> list[Decimal] | None:
    numbers = [_number(values.get(name)) for name in names]
    known = [number for number in numbers if number is not None]
    return known if len(known) == len(names) else None


def _number(text: str | None) -> Decimal | None:
    try:
        number = Decimal(text) if text else None
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() else None
