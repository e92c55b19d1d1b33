from __future__ import annotations

from collections.abc import Mapping

import pytest

from docgrid.evaluation import Comparison, Counts, DocumentValues, FieldValue, equal, match_document
from docgrid.evaluation.conventions import Convention, conventions_of
from docgrid.evaluation.instances import Values
from docgrid.schema import FieldSpec, FieldType, Schema
from docgrid.values import DocumentLocale

MONEY = FieldSpec("total", FieldType.MONEY)
DATE = FieldSpec("date", FieldType.DATE)
TEXT = FieldSpec("company", FieldType.TEXT)
RATE = FieldSpec("rate", FieldType.PERCENT, repeated=True)
NAME = FieldSpec("line_item_name", FieldType.TEXT, line_item=True)
PRICE = FieldSpec("line_item_price", FieldType.MONEY, line_item=True)
SCHEMA = Schema("test", (MONEY, DATE, TEXT, RATE, NAME, PRICE))


def values(**texts: str) -> Values:
    """One value a field; several where separated by a bar, best first."""
    return {name: tuple(FieldValue(text) for text in joined.split("|")) for name, joined in texts.items()}


def document(fields: Mapping[str, tuple[FieldValue, ...]] | None = None, *items: Values) -> DocumentValues:
    return DocumentValues("a", fields or {}, items)


@pytest.mark.parametrize(
    ("predicted", "true", "how", "same"),
    [
        ("RM 7.42", "RM7.42", Comparison.EXACT, False),
        ("RM 7.42", "RM7.42", Comparison.FOLDED, True),
        ("NO 3\nJALAN  X", "NO 3 JALAN X", Comparison.EXACT, True),
        ("Café, Ltd.", "CAFE LTD", Comparison.FOLDED, True),
        ("Café, Ltd.", "CAFE LTD", Comparison.EXACT, False),
        ("-", "-", Comparison.FOLDED, True),
        ("-", "+", Comparison.FOLDED, False),
    ],
)
def test_exact_means_the_string_and_folded_drops_case_space_and_punctuation(
    predicted: str, true: str, how: Comparison, same: bool
) -> None:
    assert equal(FieldValue(predicted), FieldValue(true), TEXT, how) is same


@pytest.mark.parametrize(
    ("value", "true", "spec", "locale", "same"),
    [
        ("1234.50", "$1,234.50", MONEY, DocumentLocale(".", False), True),
        ("1234.50", "1.234,50 EUR", MONEY, DocumentLocale(",", True), True),
        ("1234.5", "1234.50", MONEY, DocumentLocale(".", None), True),
        ("1234.51", "1234.50", MONEY, DocumentLocale(".", None), False),
        ("1.234", "1.234", MONEY, DocumentLocale(",", None), False),  # one and a bit is not the 1234 that a comma writer means
        ("2020-02-03", "02/03/20", DATE, DocumentLocale(".", False), True),
        ("2020-03-02", "02/03/20", DATE, DocumentLocale(".", False), False),
        ("2020-02-12", "February 12, 2020", DATE, DocumentLocale(".", False), True),
        ("not a date", "Not a date.", DATE, DocumentLocale(".", False), True),
    ],
)
def test_typed_values_are_compared_as_dates_and_decimals_under_the_convention_of_the_truth(
    value: str, true: str, spec: FieldSpec, locale: DocumentLocale, same: bool
) -> None:
    assert equal(FieldValue("whatever", value), FieldValue(true), spec, Comparison.TYPED, locale) is same


def test_a_single_field_counts_once_and_its_best_prediction_decides() -> None:
    match = match_document(
        document(values(company="Acme|ACME Ltd", total="9.00")),
        document(values(company="Acme Ltd.|Acme", date="2020-01-01")),
        SCHEMA,
        Comparison.FOLDED,
    )
    assert match.fields["company"] == Counts(1, 1, 1)  # equals one of the two spellings that the truth allows
    assert match.fields["total"] == Counts(0, 0, 1)  # missed
    assert match.fields["date"] == Counts(0, 1, 0)  # not there
    assert [(one.field, one.right) for one in match.judged] == [("date", False), ("company", True)]


def test_a_second_best_prediction_does_not_help_a_single_field() -> None:
    match = match_document(document(values(total="9.00")), document(values(total="8.00|9.00")), SCHEMA, Comparison.FOLDED)
    assert match.fields["total"] == Counts(0, 1, 1, modified=1)


def test_of_a_repeated_field_every_different_value_is_an_instance() -> None:
    match = match_document(document(values(rate="7|19|19")), document(values(rate="19|5|5.0")), SCHEMA, Comparison.TYPED)
    assert match.fields["rate"] == Counts(1, 2, 2, modified=1)  # true 7 and 19, predicted 19 and 5


def test_line_items_are_paired_so_that_the_most_fields_agree() -> None:
    true = [
        values(line_item_name="nail", line_item_price="1.00"),
        values(line_item_name="screw", line_item_price="2.00"),
        values(line_item_name="bolt", line_item_price="3.00"),
    ]
    predicted = [
        values(line_item_name="screw", line_item_price="2.00"),  # both fields of the second
        values(line_item_name="nail", line_item_price="2.00"),  # one field of the first (or of the second, which is taken)
    ]
    match = match_document(document(None, *true), document(None, *predicted), SCHEMA, Comparison.TYPED)
    assert match.item_fields == {"line_item_name": Counts(2, 2, 3), "line_item_price": Counts(1, 2, 3, modified=1)}
    assert match.items == Counts(1, 2, 3, modified=1)


def test_a_line_item_with_an_added_field_is_not_whole() -> None:
    match = match_document(
        document(None, values(line_item_name="nail")),
        document(None, values(line_item_name="nail", line_item_price="1.00")),
        SCHEMA,
        Comparison.TYPED,
    )
    assert match.items == Counts(0, 1, 1, modified=1)
    assert match.item_fields == {"line_item_name": Counts(1, 1, 1), "line_item_price": Counts(0, 1, 0)}


def test_a_field_missed_in_one_line_item_and_invented_in_another_is_two_edits() -> None:
    true = [values(line_item_name="nail", line_item_price="1.00"), values(line_item_name="screw")]
    predicted = [values(line_item_name="nail"), values(line_item_name="screw", line_item_price="2.00")]
    match = match_document(document(None, *true), document(None, *predicted), SCHEMA, Comparison.TYPED)
    assert match.item_fields["line_item_price"] == Counts(0, 1, 1, modified=0)
    assert match.item_fields["line_item_price"].edits == 2


def test_within_a_line_item_only_the_best_prediction_of_a_field_counts() -> None:
    true, predicted = values(line_item_name="nail"), values(line_item_name="screw|nail")
    match = match_document(document(None, true), document(None, predicted), SCHEMA, Comparison.TYPED)
    assert match.item_fields["line_item_name"] == Counts(0, 1, 1, modified=1)


def test_documents_without_line_items_count_none() -> None:
    match = match_document(document(), document(None, values(line_item_name="nail")), SCHEMA, Comparison.TYPED)
    assert match.items == Counts(0, 1, 0)
    assert match_document(document(), document(), SCHEMA, Comparison.TYPED).items == Counts(0, 0, 0)


def test_one_decisive_date_settles_the_order_for_the_whole_data_set() -> None:
    truths = [document(values(date="01/20/2020")), document(values(date="02/03/2020"))]
    assert [one.day_first for one in conventions_of(truths, SCHEMA)] == [False, False]


def test_where_truths_disagree_each_document_speaks_for_itself() -> None:
    truths = [
        document(values(date="01/20/2020", total="1,234.50")),
        document(values(date="20/01/2020", total="1.234,50")),
        document(values(date="02/03/2020")),
    ]
    assert conventions_of(truths, SCHEMA) == [Convention(".", False), Convention(",", True), Convention(None, None)]


def test_a_swapped_day_and_month_is_wrong_although_the_prediction_read_both_sides_alike() -> None:
    prediction = DocumentValues("a", {"date": (FieldValue("02/03/2020", "2020-03-02"),)}, locale=DocumentLocale(".", True))
    truth = document(values(date="02/03/2020"))
    known = match_document(truth, prediction, SCHEMA, Comparison.TYPED, Convention(day_first=False))
    unknown = match_document(truth, prediction, SCHEMA, Comparison.TYPED)
    assert known.fields["date"] == Counts(0, 1, 1, modified=1)
    assert unknown.fields["date"] == Counts(1, 1, 1)  # nobody says how the truth is written: the document decides
