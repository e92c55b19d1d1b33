from __future__ import annotations

import json
from dataclasses import dataclass

import pytest

from docgrid.errors import DatasetError, QualityGateError, UsageError
from docgrid.evaluation import Comparison, Evaluation, Protocol, evaluate
from docgrid.labels import LabelledField
from docgrid.schema import ADBUY, INVOICE, RECEIPT


@dataclass(frozen=True)
class Truth:
    id: str
    fields: tuple[LabelledField, ...]
    layout: str = ""


def truth(name: str, layout: str = "", **fields: str) -> Truth:
    return Truth(name, tuple(LabelledField(key, value) for key, value in fields.items()), layout)


def prediction(name: str, **fields: str) -> dict[str, object]:
    """Values written "text" or "text => value"."""
    entries = {}
    for key, written in fields.items():
        text, _, value = written.partition(" => ")
        entries[key] = [{"text": text, "value": value or None, "confidence": 0.9, "decision": "accept"}]
    return {"id": name, "status": "ok", "fields": entries, "line_items": []}


def receipts() -> Evaluation:
    return evaluate(
        [
            prediction("a", company="ACME SDN BHD", date="25/12/2018", total="RM 7.42"),
            prediction("b", company="Other", date="25/12/2018"),
        ],
        [
            truth("a", "known", company="Acme Sdn. Bhd.", date="25/12/2018", total="RM7.42", address="Somewhere 1"),
            truth("b", "new", company="Best", date="26/12/2018", total=""),
        ],
        schema=RECEIPT,
        protocol=Protocol.R1,
        seen_layouts=frozenset({"known"}),
    )


def test_receipts_are_measured_folded_and_exact() -> None:
    results = receipts().results
    folded, exact = results[Comparison.FOLDED].micro, results[Comparison.EXACT].micro
    assert (folded.counts.matched, folded.counts.predicted, folded.counts.true) == (3, 5, 6)
    assert (exact.counts.matched, exact.counts.predicted, exact.counts.true) == (1, 5, 6)
    assert folded.f1 == pytest.approx(6 / 11)
    assert list(results) == [Comparison.FOLDED, Comparison.EXACT]


def test_an_empty_label_is_no_true_field() -> None:
    assert receipts().results[Comparison.FOLDED].fields["total"].counts.true == 1


def test_layouts_that_training_saw_are_kept_apart() -> None:
    evaluation = receipts()
    assert evaluation.seen[Comparison.FOLDED].micro.f1 == pytest.approx(6 / 7)
    assert evaluation.unseen[Comparison.FOLDED].micro.f1 == 0.0
    assert evaluation.unseen[Comparison.FOLDED].documents == 1


def test_a_document_without_a_prediction_has_all_its_fields_missing() -> None:
    evaluation = evaluate([], [truth("a", total="9.00", date="1/2/2020")], schema=RECEIPT, protocol=Protocol.R1)
    assert evaluation.unread == {"a": "skipped"}
    assert evaluation.headline.micro.recall == 0.0
    assert evaluation.headline.micro.counts.true == 2


def test_only_fields_that_the_data_set_labels_are_scored() -> None:
    evaluation = evaluate(
        [prediction("a", amount_due="5.00 => 5.00", iban="DE12", vendor_name="X")],
        [truth("a", amount_due="5,00 EUR")],
        schema=INVOICE,
        protocol=Protocol.E1,
    )
    assert list(evaluation.headline.fields) == ["amount_due"]
    assert evaluation.headline.micro.f1 == 1.0


def test_names_of_another_schema_are_bridged_by_aliases() -> None:
    evaluation = evaluate(
        [prediction("a", vendor_name="Acme", amount_total_gross="9.00")],
        [truth("a", company="ACME", total="9.00")],
        schema=RECEIPT,
        protocol=Protocol.R1,
    )
    assert evaluation.headline.micro.f1 == 1.0


def test_ad_buys_are_compared_as_dates_and_decimals() -> None:
    evaluation = evaluate(
        [prediction("a", gross_amount="$1,350.00 => 1350.00", flight_from="02/03/20 => 2020-02-03", flight_to="x => 2020-03-04")],
        [
            truth("a", gross_amount="$1,350", flight_from="2/3/2020", flight_to="4/3/2020"),
            truth("b", flight_to="12/31/2020"),  # says that months come first
        ],
        schema=ADBUY,
        protocol=Protocol.A1,
    )
    fields = evaluation.headline.fields
    assert (fields["gross_amount"].f1, fields["flight_from"].f1, fields["flight_to"].f1) == (1.0, 1.0, 0.0)


def test_line_items_are_scored_beside_the_header() -> None:
    evaluation = evaluate(
        [
            prediction("a", document_id="R-1")
            | {
                "line_items": [
                    {"fields": {"line_item_description": [{"text": "Nail", "value": "Nail", "confidence": 0.5}]}},
                    {"fields": {"line_item_quantity": [{"text": "2", "value": "2", "confidence": 0.5}]}},
                ]
            }
        ],
        [
            Truth(
                "a",
                (
                    LabelledField("document_id", "R-1"),
                    LabelledField("line_item_description", "Nail", item=0),
                    LabelledField("line_item_quantity", "2", item=0),
                    LabelledField("line_item_description", "Screw", item=1),
                ),
            )
        ],
        schema=INVOICE,
        protocol=Protocol.E1,
    )
    figures = evaluation.headline
    assert figures.micro.f1 == 1.0
    assert figures.line_items is not None and figures.items is not None
    assert figures.line_items.f1 == pytest.approx(2 / 5)  # one of the first item's two fields: 2 * 1 / (2 + 3)
    assert figures.items.counts.matched == 0
    assert figures.overall.f1 == pytest.approx(4 / 7)


def test_the_paper_measure_of_several_fields_does_not_trade_edits_between_them() -> None:
    evaluation = evaluate(
        [prediction("a", company="Acme", date="1/1/2020")],
        [truth("a", company="Acme", total="9.00"), truth("b", date="2/2/2020")],
        schema=RECEIPT,
        protocol=Protocol.R1,
    )
    # a: the date is deleted, the total inserted; b: the date is inserted; N = 3
    assert evaluation.headline.micro.paper == pytest.approx(1 - 3 / 3)


def test_the_most_confident_value_of_a_single_field_counts_wherever_it_stands_in_the_list() -> None:
    entries = [{"text": "8.00", "value": None, "confidence": 0.2}, {"text": "9.00", "value": None, "confidence": 0.7}]
    document = prediction("a") | {"fields": {"total": entries}}
    evaluation = evaluate([document], [truth("a", total="9.00")], schema=RECEIPT, protocol=Protocol.R1)
    assert evaluation.headline.micro.f1 == 1.0


def test_the_gate_passes_fails_and_refuses_unknown_figures() -> None:
    evaluation = receipts()
    evaluation.check_gate("micro_f1", 0.5)
    evaluation.check_gate("exact_micro_f1", 0.1)
    with pytest.raises(QualityGateError, match="micro_f1 is 0.5455, below 0.9"):
        evaluation.check_gate("micro_f1", 0.9)
    with pytest.raises(UsageError, match="no figure 'micro_f2'") as caught:
        evaluation.check_gate("micro_f2", 0.9)
    assert "company_f1" in caught.value.hint


def test_the_result_is_strict_json() -> None:
    data = json.loads(json.dumps(receipts().to_dict(), allow_nan=False))
    assert data["all"]["folded"]["micro"]["f1"] == 0.5455
    assert data["unseen_layouts"]["folded"]["documents"] == 1


def test_something_else_than_an_extraction_is_refused() -> None:
    with pytest.raises(DatasetError, match="not a document of docgrid.extraction/1"):
        evaluate([{"values": 1}], [truth("a", total="9.00")], schema=RECEIPT, protocol=Protocol.R1)


def test_unknown_labels_are_refused_with_the_nearest_name() -> None:
    with pytest.raises(DatasetError) as caught:
        evaluate([], [truth("a", totl="9.00")], schema=RECEIPT, protocol=Protocol.R1)
    assert "'total'" in caught.value.hint


def test_documents_of_an_unnamed_layout_are_told_apart_by_their_ids() -> None:
    truths = [truth("a", total="7.42"), truth("b", total="1.00")]
    predictions = [prediction("a", total="7.42"), prediction("b", total="2.00")]
    measured = evaluate(
        predictions, truths, schema=RECEIPT, protocol=Protocol.S1, seen_layouts=frozenset(), unseen_ids=frozenset({"b", "other"})
    )
    assert measured.seen[Comparison.TYPED].micro.f1 == 1.0
    assert measured.unseen[Comparison.TYPED].micro.f1 == 0.0
    unknown = evaluate(predictions, truths, schema=RECEIPT, protocol=Protocol.S1, seen_layouts=frozenset())
    assert unknown.seen == unknown.unseen == {}


def test_line_items_of_an_e_invoice_whose_xml_has_none_are_not_scored() -> None:
    row = {"fields": {"line_item_description": [{"text": "pen", "value": "pen", "confidence": 0.9}]}}
    predictions = [{**prediction(name, amount_total_gross="1.00"), "line_items": [row]} for name in ("with", "without")]
    lined = Truth("with", (LabelledField("amount_total_gross", "1.00"), LabelledField("line_item_description", "pen", 0)))
    bare = truth("without", amount_total_gross="1.00")
    for protocol, precision in ((Protocol.E1, 1.0), (Protocol.S1, 0.5)):
        items = evaluate(predictions, [lined, bare], schema=INVOICE, protocol=protocol).headline.line_items
        assert items is not None
        assert items.precision == precision
