from __future__ import annotations

import re

from docgrid.evaluation import Evaluation, Protocol, evaluate
from docgrid.evaluation.attribution import Cause, Loss
from docgrid.labels import LabelledDocument, LabelledField
from docgrid.review.diagrams import curve_svg, reliability_svg
from docgrid.review.lossviews import LossView
from docgrid.review.report import report_page
from docgrid.schema import RECEIPT

IMAGE = '"><img src=x onerror=alert(2)>'
HOSTILE = "<script>alert(1)</script>\x1b[31m"
FACTS = {
    "model": "m",
    "data": HOSTILE,
    "split": "all",
    "protocol": "R1",
    "documents": 1,
    "weights_sha256": "abc",
    "command": "docgrid",
}


def evaluation() -> Evaluation:
    entry = {"text": "9.00", "confidence": 0.95, "decision": "accept", "scores": {"segmentation": 0.95}}
    predictions = [{"id": "a", "fields": {"total": [entry]}, "line_items": []}]
    truth = LabelledDocument("a", None, (LabelledField("total", "9.00"), LabelledField("date", "1/2/2020")))  # type: ignore[arg-type]
    return evaluate(predictions, [truth], schema=RECEIPT, protocol=Protocol.R1)


def page() -> str:
    loss = Loss("doc<b>", "total", None, Cause.OCR, HOSTILE, IMAGE, 0.91, True, 1, ((0.1, 0.1, 0.2, 0.2),))
    return report_page(evaluation(), FACTS, losses=[LossView(loss, "data:image/png;base64,AAAA")], ceiling=evaluation())


def test_texts_of_documents_are_shown_and_never_run() -> None:
    html = page()
    assert "<script" not in html and "onerror=alert(2)>" not in html.replace("onerror=alert(2)&gt;", "")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "\x1b" not in html
    assert "doc&lt;b&gt;" in html
    assert "default-src 'none'" in html


def test_the_page_asks_for_nothing_from_elsewhere() -> None:
    assert set(re.findall(r'(?:src|href)="([^"]*)"', page())) == {"data:image/png;base64,AAAA"}


def test_the_page_has_the_figures_the_diagram_and_what_lost_each_field() -> None:
    html = page()
    assert "all documents, folded (1 documents)" in html
    assert "confidence on the card" in html and "<svg" in html
    assert "accepted" in html and "0.91" in html
    assert "folded: F1 66.7 of at most 66.7" in html


def test_a_reliability_diagram_has_a_bar_for_each_bin_that_holds_anything() -> None:
    svg = reliability_svg([0.95, 0.97, 0.15], [True, False, False])
    assert svg.count("<rect") == 4  # height of the bar and count, for two bins
    assert "confidence 0.96, right 0.50, 2 predictions" in svg
    assert reliability_svg([], []).startswith("<svg")


def test_a_learning_curve_has_a_point_and_an_interval_for_each_size() -> None:
    svg = curve_svg([50, 100], [(0.5, 0.6, 0.7), (0.7, 0.75, 0.8)])
    assert svg.count("<circle") == 2 and "100: 0.750" in svg
