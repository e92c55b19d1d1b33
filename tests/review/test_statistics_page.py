"""The statistics of a dataset are counted right, and shown on a page that runs nothing."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

from docgrid.datasets.base import Dataset, DatasetFormat, Record
from docgrid.datasets.given import TextLine, page_from_lines
from docgrid.datasets.statistics import Statistics, histogram
from docgrid.labels import LabelledDocument, LabelledField, Occurrence
from docgrid.page import Document
from docgrid.review.statistics_page import statistics_page
from docgrid.schema import RECEIPT


def statistics(layout: str = "x") -> Statistics:
    fields = (LabelledField("total", "9.00", occurrences=(Occurrence(1, (7, 8, 9, 10)),)), LabelledField("date", "1/1/2020"))
    record = Record("a", Path("a.pdf"), fields, layout=layout, languages=("en",))
    other = Record("b", Path("b.pdf"), fields[1:], part="valid")
    dataset = Dataset("<b>mine</b>", Path(), DatasetFormat.NATIVE, RECEIPT, (record, other))
    page = page_from_lines((600, 800), [TextLine("TOTAL IS 9.00", (0, 0, 130, 10))])
    counted = Statistics(dataset)
    counted.add(record, LabelledDocument("a", Document(Path("a.pdf"), "0" * 64, (page,)), fields, layout))
    counted.unread(other)
    return counted


def test_fields_parts_and_pages_are_counted() -> None:
    facts = statistics().to_dict()
    assert (facts["documents"], facts["pages"], facts["unread"]) == (2, 1, ["b"])
    assert (facts["parts"], facts["languages"]) == ({"train": 1, "valid": 1}, {"en": 1})
    rows = {row["field"]: row for row in facts["fields"]}  # type: ignore[attr-defined]
    assert (rows["total"]["documents"], rows["total"]["share"], rows["total"]["found"]) == (1, 0.5, 1)
    assert (rows["date"]["values"], rows["date"]["different"], rows["date"]["found"]) == (2, 1, 0)


def test_a_histogram_has_round_bins_of_equal_width() -> None:
    assert histogram([0, 499, 500, 5999], bins=12) == {
        f"{500 * row}-{500 * row + 499}": count for row, count in enumerate([2, 1, *[0] * 9, 1])
    }
    assert histogram([]) == {}


def test_the_page_has_no_script_and_hostile_names_are_only_text() -> None:
    hostile = "<script>alert(1)</script>"
    page = statistics_page(statistics(layout=hostile).to_dict())
    tags: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            tags.append(tag)
            assert not any(name.startswith("on") or name in ("src", "href") for name, _ in attrs)

    Reader().feed(page)
    assert {"svg", "rect", "table", "meta"} <= set(tags)
    assert "script" not in tags and "b" not in [tag for tag in tags if page.find("<b>mine") >= 0]
    assert "default-src &#39;none&#39;" in page or "default-src 'none'" in page
    assert "&lt;script&gt;" in page
