from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from docgrid.datasets.given import TextLine, page_from_lines, places_of_entities
from docgrid.decoding import DecodingSettings
from docgrid.evaluation import Protocol, evaluate_places
from docgrid.evaluation.segments import match_segments, true_entities
from docgrid.evaluation.truth import TrueEvidence
from docgrid.labels import LabelledDocument, LabelledField
from docgrid.page import Document
from docgrid.schema import FieldSpec, FieldType, Schema

FORM = Schema("form", tuple(FieldSpec(name, FieldType.TEXT, multiline=True, repeated=True) for name in ("question", "answer")))
SLIP = Schema(
    "slip", tuple(FieldSpec(name, FieldType.TEXT, repeated=True) for name in ("Total_value", "Total_key", "Date_value"))
)


def labelled(schema: Schema, *entities: tuple[str, str]) -> LabelledDocument:
    """One entity below the other, each in a line of its own; an empty name is no field."""
    lines = [
        TextLine(text, (10, 60.0 * row, 10 + 6.0 * len(text), 60.0 * row + 10), row) for row, (_, text) in enumerate(entities)
    ]
    page = page_from_lines((300, 600), lines)
    places = places_of_entities(lines)
    fields = tuple(LabelledField(name, text, occurrences=(places[row],)) for row, (name, text) in enumerate(entities) if name)
    return LabelledDocument("d", Document(Path("d"), "", (page,)), fields)


def evidence(document: LabelledDocument, schema: Schema, **said: str) -> list[TrueEvidence]:
    """Probability 0.9 for the fields that words (without their punctuation) are said to be."""
    words = document.document.pages[0].characters.word_texts
    table = np.full((len(words), len(schema.names)), 0.02, np.float32)
    for row, word in enumerate(words):
        name = said.get(word.strip(":/").replace(".", "_"))
        if name:
            table[row, schema.class_of(name) - 1] = 0.9
    return [TrueEvidence(table, np.zeros((0, 4), np.float32), np.zeros(0, np.float32), None)]


def test_an_entity_is_right_with_exactly_its_words() -> None:
    form = labelled(FORM, ("question", "Name of agent:"), ("answer", "Ann Lee"), ("", "page one"))
    whole = evidence(form, FORM, Name="question", of="question", agent="question", Ann="answer", Lee="answer")
    match = match_segments(form, whole, FORM, Protocol.F1, DecodingSettings())
    assert [(match.fields[name].matched, match.fields[name].predicted) for name in FORM.names] == [(1, 1), (1, 1)]
    cut = evidence(form, FORM, Name="question", of="question", agent="question", Ann="answer", page="answer")
    match = match_segments(form, cut, FORM, Protocol.F1, DecodingSettings())
    assert (match.fields["answer"].matched, match.fields["answer"].predicted, match.fields["answer"].true) == (0, 2, 1)


def test_the_same_text_at_two_places_is_two_entities() -> None:
    form = labelled(FORM, ("answer", "yes"), ("question", "Paid"), ("answer", "yes"))
    match = match_segments(form, evidence(form, FORM, yes="answer", Paid="question"), FORM, Protocol.F1, DecodingSettings())
    assert (match.fields["answer"].matched, match.fields["answer"].true) == (2, 2)
    assert len(true_entities(form, FORM)["answer"]) == 2


def test_a_segment_gets_its_likeliest_class_or_none_and_captions_do_not_count() -> None:
    slip = labelled(SLIP, ("Total_key", "TOTAL"), ("Total_value", "9.00"), ("Date_value", "1/2/2020"), ("", "THANKS"))
    said = evidence(slip, SLIP, TOTAL="Total_value", **{"9_00": "Total_value"}, THANKS="Date_value")
    match = match_segments(slip, said, SLIP, Protocol.W1, DecodingSettings())
    found = evaluate_places({"d": match}, [slip], schema=SLIP, protocol=Protocol.W1).headline
    assert list(found.fields) == ["Total_value", "Date_value"]  # the key class is not scored
    assert found.fields["Total_value"].f1 == pytest.approx(2 / 3)  # one right of two said, one true
    assert found.fields["Date_value"].f1 == 0.0
    assert found.macro_f1 == pytest.approx(1 / 3)
    assert found.macro_interval is not None and found.macro_interval.low == pytest.approx(1 / 3)


def test_a_page_without_words_has_no_entities() -> None:
    empty = labelled(FORM)
    match = match_segments(empty, evidence(empty, FORM), FORM, Protocol.F1, DecodingSettings())
    assert match.fields["answer"].predicted == 0
