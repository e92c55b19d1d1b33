from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from docgrid.datasets.given import TextLine, document_from_lines
from docgrid.decoding import Decoded, DecodingSettings, FieldPrediction, decode_document
from docgrid.page import Document
from docgrid.schema import FieldSpec, FieldType, Schema

WIDTH = 10.0  # of a character, in points; lines are 10 points high
Lines = Sequence[tuple[str, float, float]]  # text, left, top


@dataclass(frozen=True)
class Evidence:
    """What a network would say about one page."""

    word_probabilities: NDArray[np.float32]
    item_boxes: NDArray[np.float32]
    item_scores: NDArray[np.float32]
    item_starts: NDArray[np.float32] | None = None


def document_of(*pages: Lines) -> Document:
    documents = [
        document_from_lines(
            Path(__file__),
            (600, 800),
            [TextLine(text, (left, top, left + WIDTH * len(text), top + 10)) for text, left, top in lines],
            reader="test",
        )
        for lines in pages
    ]
    numbered = [replace(document.pages[0], number=number) for number, document in enumerate(documents, start=1)]
    return replace(documents[0], pages=tuple(numbered))


def evidence_of(document: Document, schema: Schema, chances: Mapping[str, Mapping[str, float]]) -> list[Evidence]:
    """For every word (by its text) the probability of each field; 0.01 where nothing is said."""
    pages = []
    for page in document.pages:
        rows = [[chances.get(name, {}).get(word, 0.01) for name in schema.names] for word in page.characters.word_texts]
        probabilities = np.array(rows, np.float32).reshape(-1, len(schema.names))
        pages.append(Evidence(probabilities, np.zeros((0, 4), np.float32), np.zeros(0, np.float32)))
    return pages


def decode(
    document: Document, schema: Schema, chances: Mapping[str, Mapping[str, float]], settings: DecodingSettings | None = None
) -> Decoded:
    return decode_document(document, evidence_of(document, schema, chances), schema, settings)


def text_of(document: Document, field: FieldPrediction) -> str:
    return document.pages[field.page - 1].characters.text_of(np.array(field.characters))


def texts_of(document: Document, decoded: Decoded) -> dict[str, str]:
    return {field.name: text_of(document, field) for field in decoded.fields}


def schema_of(*specs: FieldSpec) -> Schema:
    return Schema("test", specs)


TOTAL = schema_of(FieldSpec("total", FieldType.MONEY))
DATE = schema_of(FieldSpec("date", FieldType.DATE))
COMPANY = schema_of(FieldSpec("company", FieldType.TEXT, multiline=True))


def test_the_candidate_of_the_right_type_wins_over_a_likelier_word() -> None:
    document = document_of([("Total 9.00", 0, 0)])
    decoded = decode(document, TOTAL, {"total": {"Total": 0.99, "9.00": 0.8}})
    assert texts_of(document, decoded) == {"total": "9.00"}
    assert decoded.fields[0].score == pytest.approx(0.8)
    assert decoded.fields[0].value is not None
    assert decoded.fields[0].value.value == "9.00"


def test_a_value_is_cut_out_of_its_token() -> None:
    document = document_of([("Date:25/12/2018", 0, 0)])
    decoded = decode(document, DATE, {"date": {"Date:25/12/2018": 0.9}})
    assert texts_of(document, decoded) == {"date": "25/12/2018"}
    assert decoded.fields[0].characters == tuple(range(5, 15))


def test_a_value_over_several_words_is_scored_by_the_length_of_its_words() -> None:
    document = document_of([("on 12 March 2020", 0, 0)])
    decoded = decode(document, DATE, {"date": {"12": 0.9, "March": 0.5, "2020": 0.7}})
    assert texts_of(document, decoded) == {"date": "12 March 2020"}
    assert decoded.fields[0].score == pytest.approx((2 * 0.9 + 5 * 0.5 + 4 * 0.7) / 11)


def test_two_fields_on_one_token_take_its_values_in_the_order_of_the_schema() -> None:
    schema = schema_of(FieldSpec("flight_from", FieldType.DATE), FieldSpec("flight_to", FieldType.DATE))
    document = document_of([("12/30/19-03/29/20", 0, 0)])
    token = {"12/30/19-03/29/20": 0.9}
    assert texts_of(document, decode(document, schema, {"flight_from": token, "flight_to": token})) == {
        "flight_from": "12/30/19",
        "flight_to": "03/29/20",
    }


def test_the_best_place_of_all_pages_is_taken() -> None:
    document = document_of([("Sub 5.00", 0, 0)], [("Total 9.00", 0, 0)])
    decoded = decode(document, TOTAL, {"total": {"5.00": 0.6, "9.00": 0.7}})
    assert [(field.page, text_of(document, field)) for field in decoded.fields] == [(2, "9.00")]


def test_other_values_are_alternatives_and_the_margin_tells_how_far_behind_they_are() -> None:
    document = document_of([("5.00 9.00 1.00", 0, 0)])
    (field,) = decode(document, TOTAL, {"total": {"5.00": 0.6, "9.00": 0.7}}).fields
    assert [text_of(document, other) for other in field.alternatives] == ["5.00"]
    assert field.scores["margin"] == pytest.approx(0.1)


def test_a_repeated_field_keeps_all_good_values() -> None:
    schema = schema_of(FieldSpec("rate", FieldType.PERCENT, repeated=True))
    document = document_of([("19 % 7 % 3 %", 0, 0)])
    decoded = decode(document, schema, {"rate": {"19": 0.9, "7": 0.8, "%": 0.9, "3": 0.1}})
    assert [text_of(document, field) for field in decoded.fields] == ["19 %", "7 %"]


def test_a_weak_field_is_missing() -> None:
    document = document_of([("Total 9.00", 0, 0)])
    assert decode(document, TOTAL, {"total": {"9.00": 0.2}}).fields == ()
    assert decode(document, TOTAL, {"total": {"9.00": 0.2}}, DecodingSettings(minimum_scores={"total": 0.1})).fields != ()


def test_equal_values_at_several_places_can_support_each_other() -> None:
    document = document_of([("9.00 5.00", 0, 0), ("again 9.00", 0, 40)])
    chances = {"total": {"9.00": 0.5, "5.00": 0.6}}
    assert texts_of(document, decode(document, TOTAL, chances)) == {"total": "5.00"}
    assert texts_of(document, decode(document, TOTAL, chances, DecodingSettings(equal_value_weight=0.5))) == {"total": "9.00"}


def test_a_currency_mark_that_stands_apart_belongs_to_the_amount_when_the_network_says_so() -> None:
    document = document_of([("Total RM 7.42", 0, 0)])
    assert texts_of(document, decode(document, TOTAL, {"total": {"RM": 0.9, "7.42": 0.95}})) == {"total": "RM 7.42"}
    assert texts_of(document, decode(document, TOTAL, {"total": {"RM": 0.6, "7.42": 0.95}})) == {"total": "7.42"}


def test_a_whole_number_counts_less_than_an_amount_with_cents() -> None:
    document = document_of([("Table 12 9.00", 0, 0)])
    assert texts_of(document, decode(document, TOTAL, {"total": {"12": 0.7, "9.00": 0.6}})) == {"total": "9.00"}


def test_amounts_that_add_up_are_preferred_to_slightly_likelier_ones() -> None:
    names = ("amount_total_net", "amount_total_tax", "amount_total_gross")
    schema = schema_of(*(FieldSpec(name, FieldType.MONEY) for name in names))
    document = document_of([("100.00 19.00 119.00 20.00", 0, 0)])
    chances = {names[0]: {"100.00": 0.9}, names[1]: {"19.00": 0.6, "20.00": 0.7}, names[2]: {"119.00": 0.9}}
    assert texts_of(document, decode(document, schema, chances))[names[1]] == "19.00"
    plain = decode(document, schema, chances, DecodingSettings(arithmetic=False))
    assert texts_of(document, plain)[names[1]] == "20.00"


def test_amounts_that_add_up_do_not_outweigh_far_likelier_ones() -> None:
    names = ("amount_total_net", "amount_total_tax", "amount_total_gross")
    schema = schema_of(*(FieldSpec(name, FieldType.MONEY) for name in names))
    document = document_of([("100.00 19.00 119.00 20.00", 0, 0)])
    settings = DecodingSettings(minimum_score=0.1)
    # 0.15 is less than three tenths of 0.95: the tax stays what the network says.
    chances = {names[0]: {"100.00": 0.9}, names[1]: {"19.00": 0.15, "20.00": 0.95}, names[2]: {"119.00": 0.9}}
    assert texts_of(document, decode(document, schema, chances, settings))[names[1]] == "20.00"


def test_a_registration_number_glued_to_a_name_is_no_part_of_it() -> None:
    document = document_of([("MYNEWS RETAIL SB(306295-X)", 0, 0)])
    decoded = decode(document, COMPANY, {"company": dict.fromkeys(("MYNEWS", "RETAIL", "SB(306295-X)"), 0.9)})
    assert texts_of(document, decoded) == {"company": "MYNEWS RETAIL SB"}


def test_a_text_runs_over_lines_of_its_column_and_not_into_the_next_one() -> None:
    document = document_of([("ACME Works", 0, 0), ("of Iron", 0, 12), ("ACME Other", 400, 0)])
    decoded = decode(document, COMPANY, {"company": {"ACME": 0.9, "Works": 0.9, "of": 0.9, "Iron": 0.9}})
    assert texts_of(document, decoded) == {"company": "ACME Works\nof Iron"}


def test_one_weak_word_does_not_tear_a_text_apart() -> None:
    document = document_of([("ACME and Sons Ltd", 0, 0)])
    decoded = decode(document, COMPANY, {"company": {"ACME": 0.9, "and": 0.1, "Sons": 0.9, "Ltd": 0.9}})
    assert texts_of(document, decoded) == {"company": "ACME and Sons Ltd"}


def test_a_text_may_be_a_part_of_its_line() -> None:
    document = document_of([("Sold by ACME Ltd on account", 0, 0)])
    assert texts_of(document, decode(document, COMPANY, {"company": {"ACME": 0.95, "Ltd": 0.95}})) == {"company": "ACME Ltd"}


def test_captions_and_punctuation_at_the_edges_are_no_part_of_a_text() -> None:
    document = document_of([("Company : ACME Ltd. -", 0, 0)])
    every = {"company": dict.fromkeys(("Company", ":", "ACME", "Ltd.", "-"), 0.9)}
    assert texts_of(document, decode(document, COMPANY, every)) == {"company": "ACME Ltd."}


def test_a_name_that_is_printed_again_below_itself_is_taken_once() -> None:
    document = document_of([("LAVENDER", 0, 0), ("LAVENDER BAKERY", 0, 12)])
    decoded = decode(document, COMPANY, {"company": {"LAVENDER": 0.9, "BAKERY": 0.9}})
    assert texts_of(document, decoded) == {"company": "LAVENDER BAKERY"}


def test_a_web_address_is_no_name_where_the_name_is_printed_too() -> None:
    document = document_of([("BEST FOOD", 0, 0), ("www.best-food-restaurants.com", 0, 200)])
    decoded = decode(document, COMPANY, {"company": {"BEST": 0.9, "FOOD": 0.9, "www.best-food-restaurants.com": 0.9}})
    assert texts_of(document, decoded) == {"company": "BEST FOOD"}


def test_a_field_of_one_line_does_not_go_on_below() -> None:
    schema = schema_of(FieldSpec("terms", FieldType.TEXT))
    document = document_of([("30 days net", 0, 0), ("no discount", 0, 12)])
    every = dict.fromkeys(("30", "days", "net", "no", "discount"), 0.9)
    assert texts_of(document, decode(document, schema, {"terms": every})) == {"terms": "30 days net"}


def test_an_identifier_is_taken_without_its_caption_and_with_its_remark() -> None:
    schema = schema_of(FieldSpec("contract", FieldType.IDENTIFIER))
    document = document_of([("Contract No:7654321 (Rev 9)", 0, 0)])
    decoded = decode(document, schema, {"contract": {"No:7654321": 0.9, "(Rev": 0.9, "9)": 0.9}})
    assert texts_of(document, decoded) == {"contract": "7654321 (Rev 9)"}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("HRB 37369", "HRB 37369"),  # letters before the digits belong to it where the network says so
        ("DE 982 397 186", "DE 982 397 186"),
        ("Invoice No: HRB 37369.", "HRB 37369"),
        ("Ref# AB-12,", "AB-12"),
        ("Invoice#12345", "12345"),
    ],
)
def test_letters_of_an_identifier_stay_and_captions_go(line: str, expected: str) -> None:
    schema = schema_of(FieldSpec("number", FieldType.IDENTIFIER))
    document = document_of([(line, 0, 0)])
    decoded = decode(document, schema, {"number": dict.fromkeys(line.split(), 0.9)})
    assert texts_of(document, decoded) == {"number": expected}
    assert decoded.fields[0].value is not None
    assert decoded.fields[0].value.value == expected


def test_an_iban_is_taken_up_to_its_end_also_where_the_network_is_unsure_of_its_tail() -> None:
    schema = schema_of(FieldSpec("iban", FieldType.IDENTIFIER))
    document = document_of([("IBAN DE89 3704 0044 0532 0130 00 BIC", 0, 0)])
    decoded = decode(document, schema, {"iban": {"DE89": 0.9, "3704": 0.9, "0044": 0.9}})
    assert texts_of(document, decoded) == {"iban": "DE89 3704 0044 0532 0130 00"}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Own by: ACME Ltd", "ACME Ltd"),
        ("LOT NO: 12 TOWN", "LOT NO: 12 TOWN"),  # an address may begin so
        ("12 ROAD, JOHOR, TEL :", "12 ROAD, JOHOR"),
    ],
)
def test_captions_before_and_after_a_text_go(line: str, expected: str) -> None:
    document = document_of([(line, 0, 0)])
    assert texts_of(document, decode(document, COMPANY, {"company": dict.fromkeys(line.split(), 0.9)})) == {"company": expected}


def test_a_single_letter_is_no_name() -> None:
    document = document_of([("P", 0, 0)])
    assert decode(document, COMPANY, {"company": {"P": 0.9}}).fields == ()


def test_words_without_anything_like_an_identifier_are_no_identifier() -> None:
    schema = schema_of(FieldSpec("contract", FieldType.IDENTIFIER))
    document = document_of([("Contract Number", 0, 0)])
    assert decode(document, schema, {"contract": {"Contract": 0.9, "Number": 0.9}}).fields == ()


def test_every_character_of_a_field_is_one_of_the_page_and_in_order() -> None:
    document = document_of([("ACME Ltd", 0, 0), ("Street 5, Town", 0, 12)])
    decoded = decode(document, COMPANY, {"company": dict.fromkeys(("ACME", "Ltd", "Street", "5,", "Town"), 0.9)})
    for field in decoded.fields:
        assert list(field.characters) == sorted(set(field.characters))
        assert field.characters[0] >= 0
        assert field.characters[-1] < len(document.pages[0].characters)


def test_an_empty_page_has_no_fields() -> None:
    document = document_of([])
    assert decode(document, TOTAL, {}).fields == ()


def test_predictions_that_do_not_fit_are_refused() -> None:
    document = document_of([("Total 9.00", 0, 0)])
    with pytest.raises(ValueError, match="as many predictions"):
        decode_document(document, [], TOTAL)
    with pytest.raises(ValueError, match=r"shape \(2, 1\)"):
        decode_document(document, evidence_of(document_of([("9.00", 0, 0)]), TOTAL, {}), TOTAL)
