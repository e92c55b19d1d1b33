from __future__ import annotations

import pytest

from docgrid.extraction.checks import check_fields, check_item, check_sum_of_lines


def outcome(values: dict[str, str]) -> dict[str, bool]:
    return {finding.check.name: finding.check.passed for finding in check_fields(values)}


@pytest.mark.parametrize(("gross", "passed"), [("119.00", True), ("119.01", True), ("119.02", False)])
def test_net_and_tax_make_gross_up_to_a_cent(gross: str, passed: bool) -> None:
    values = {"amount_total_net": "100.00", "amount_total_tax": "19.00", "amount_total_gross": gross}
    assert outcome(values) == {"net_plus_tax_is_gross": passed}


def test_a_check_names_the_fields_it_judges_and_what_it_computed() -> None:
    values = {"amount_total_net": "100", "amount_total_tax": "19", "amount_total_gross": "120"}
    (finding,) = check_fields(values)
    assert finding.fields == ("amount_total_net", "amount_total_tax", "amount_total_gross")
    assert finding.check.detail == "100 + 19 = 119, printed 120"


def test_a_check_that_lacks_a_value_is_not_made() -> None:
    assert outcome({"amount_total_net": "100", "amount_total_tax": "19"}) == {}


def test_iban_and_bic() -> None:
    assert outcome({"iban": "DE89 3704 0044 0532 0130 00", "bic": "COBADEFFXXX"}) == {"iban_checksum": True, "bic_shape": True}
    assert outcome({"iban": "DE88 3704 0044 0532 0130 00", "bic": "COBA"}) == {"iban_checksum": False, "bic_shape": False}


@pytest.mark.parametrize(("first", "last"), [("date_issue", "date_due"), ("flight_from", "flight_to")])
def test_dates_come_in_their_order(first: str, last: str) -> None:
    assert outcome({first: "2020-03-01", last: "2020-03-31"}) == {"date_order": True}
    assert outcome({first: "2020-03-31", last: "2020-03-01"}) == {"date_order": False}


@pytest.mark.parametrize(
    ("quantity", "price", "amount", "passed"),
    [("3", "2.50", "7.50", True), ("3", "3.33", "10.00", True), ("3", "3.33", "10.05", False), ("-2", "1.45", "-2.90", True)],
)
def test_quantity_times_price_is_the_amount_with_room_for_a_rounded_price(
    quantity: str, price: str, amount: str, passed: bool
) -> None:
    # 3 x 3.33 = 9.99; half a cent on each of three pieces and one cent on the sum leave 0.025.
    values = {"line_item_quantity": quantity, "line_item_unit_price_net": price, "line_item_amount_net": amount}
    assert [finding.check.passed for finding in check_item(values)] == [passed]


def test_a_discount_between_price_and_amount_ends_that_check() -> None:
    values = {"line_item_quantity": "2", "line_item_unit_price_net": "5", "line_item_amount_net": "9"}
    assert len(check_item(values)) == 1
    assert check_item(values | {"line_item_discount_amount": "1"}) == []


def test_the_lines_add_up_to_the_net_total() -> None:
    items = [{"line_item_amount_net": "7.50"}, {"line_item_amount_net": "2.50"}]
    good, bad = (check_sum_of_lines({"amount_total_net": total}, items) for total in ("10.00", "12.00"))
    assert good is not None and good.check.passed
    assert bad is not None and not bad.check.passed
    assert bad.fields == ()  # charges on the whole document may explain it
    assert check_sum_of_lines({"amount_total_net": "10.00"}, [*items, {}]) is None
    assert check_sum_of_lines({"amount_total_net": "10.00"}, []) is None


def test_values_that_are_no_numbers_are_not_checked() -> None:
    assert outcome({"amount_total_net": "NaN", "amount_total_tax": "x", "amount_total_gross": "1"}) == {}
