"""The statistics of a dataset as one HTML page: tables and bars, no script, nothing loaded from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jinja2 import Environment

from docgrid.review.plain import printable

_MOST_BARS = 30
_LONGEST = 28  # characters of a caption

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ facts.name }}: statistics</title>
<style>
body { font: 15px/1.5 system-ui, sans-serif; color: #1c2430; background: #fff;
  max-width: 62rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.6rem; margin: 0 } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem }
p.lead { color: #5a6472; margin: .2rem 0 1rem }
.tiles { display: flex; flex-wrap: wrap; gap: 1rem } .tiles div { background: #f3f6fa; border-radius: 8px; padding: .6rem 1rem }
.tiles b { display: block; font-size: 1.4rem }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
th, td { padding: .25rem .5rem; border-bottom: 1px solid #e4e9f0; text-align: right } th { color: #5a6472; font-weight: 600 }
th:first-child, td:first-child { text-align: left }
svg { width: 100%; height: auto } .plots { display: grid;
  grid-template-columns: repeat(auto-fit, minmax(26rem, 1fr)); gap: 0 2rem }
</style></head><body>
<h1>{{ facts.name }}</h1>
<p class="lead">{{ facts.format }} dataset, schema {{ facts.schema }}</p>
<div class="tiles">{% for name, value in tiles %}<div><b>{{ value }}</b>{{ name }}</div>{% endfor %}</div>
<h2>Fields</h2>
<table><tr>{% for heading in headings %}<th>{{ heading }}</th>{% endfor %}</tr>
{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>
{% endfor %}</table>
<div class="plots">{% for plot in plots %}<section><h2>{{ plot.title }}</h2>
<svg viewBox="0 0 520 {{ plot.bars | length * 22 + 4 }}" role="img" aria-label="{{ plot.title }}">
{% for bar in plot.bars %}
<text x="196" y="{{ loop.index0 * 22 + 16 }}" text-anchor="end" font-size="12" fill="#1c2430">{{ bar.name }}</text>
<rect x="204" y="{{ loop.index0 * 22 + 4 }}" width="{{ bar.width }}" height="16" rx="2" fill="#3b7dd8"></rect>
<text x="{{ 210 + bar.width }}" y="{{ loop.index0 * 22 + 16 }}" font-size="12" fill="#5a6472">{{ bar.count }}</text>
{% endfor %}</svg>{% if plot.rest %}<p class="lead">and {{ plot.rest }} more</p>{% endif %}</section>
{% endfor %}</div>
</body></html>
"""
_HEADINGS = {
    "field": "field",
    "documents": "documents",
    "share": "share",
    "values": "values",
    "different": "different",
    "found": "found",
    "places": "places",
    "several_lines": "several lines",
    "length_median": "median length",
    "length_most": "longest",
}
_PLOTS = {
    "parts": "Documents by part",
    "languages": "Documents by language",
    "layouts": "Documents by layout",
    "pages_of_documents": "Documents by number of pages",
    "line_items_of_documents": "Documents by number of line items",
    "characters_of_pages": "Pages by number of characters",
    "text_sources": "Pages by source of the text",
    "page_sizes_pt": "Pages by size (points)",
}


def statistics_page(facts: Mapping[str, Any]) -> str:
    """The page.

    Args:
        facts: What `Statistics.to_dict` gives; texts in it may be hostile.
    """
    layouts = len([name for name in facts["layouts"] if not name.startswith("(")])
    tiles = [("documents", facts["documents"]), ("pages", facts["pages"]), ("layouts", layouts), ("unread", len(facts["unread"]))]
    rows = [[_cell(key, row[key]) for key in _HEADINGS] for row in facts["fields"]]
    fields = {row["field"]: row["documents"] for row in facts["fields"]}
    plots = [_plot("Documents by field", fields)] + [_plot(title, facts[key]) for key, title in _PLOTS.items() if facts[key]]
    template = Environment(autoescape=True).from_string(_PAGE)
    return template.render(
        facts={key: printable(str(facts[key])) for key in ("name", "format", "schema")},
        tiles=tiles,
        headings=list(_HEADINGS.values()),
        rows=rows,
        plots=plots,
    )


def _cell(key: str, value: object) -> str:
    return f"{float(value):.0%}" if key == "share" and isinstance(value, int | float) else printable(str(value))


def _plot(title: str, counts: Mapping[str, int]) -> dict[str, Any]:
    """Bars of the first 30 entries, the longest as wide as the plot."""
    most = max(counts.values(), default=1) or 1
    bars = [
        {"name": _short(printable(name)), "count": count, "width": round(250 * count / most, 1)}
        for name, count in list(counts.items())[:_MOST_BARS]
    ]
    return {"title": title, "bars": bars, "rest": max(len(counts) - _MOST_BARS, 0)}


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "\u2026"
