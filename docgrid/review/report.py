"""The page of an evaluation: one self-contained HTML file without scripts. Texts of documents are escaped and made printable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from docgrid.evaluation import Evaluation, Figures, Score
from docgrid.evaluation.attribution import table_of
from docgrid.review.diagrams import reliability_svg
from docgrid.review.lossviews import LossView
from docgrid.review.plain import printable

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ title }}</title>
<style>
:root { color-scheme: light dark; --line: #8884; --soft: #8882; --warm: #d9480f; }
body { font: 15px/1.45 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2.2rem; }
table { border-collapse: collapse; margin: .6rem 0 1.2rem; } th, td { padding: .2rem .7rem; text-align: right; }
th { border-bottom: 1px solid var(--line); font-weight: 600; } td:first-child, th:first-child { text-align: left; }
tr.total td { font-weight: 600; border-top: 1px solid var(--line); } tr:nth-child(even) td { background: var(--soft); }
code { background: var(--soft); padding: .1rem .3rem; overflow-wrap: anywhere; } .dim { opacity: .65; }
.flow { display: flex; flex-wrap: wrap; gap: 2rem; align-items: flex-start; }
.loss { border-top: 1px solid var(--line); padding: .7rem 0; display: grid; grid-template-columns: 15rem 1fr; gap: 1rem; }
.loss img { max-width: 100%; max-height: 14rem; border: 1px solid var(--line); background: #fff; }
.loss dl { margin: 0; display: grid; grid-template-columns: 4.5rem 1fr; } .loss dt { opacity: .65; }
.loss dd { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; } .accepted { color: var(--warm); font-weight: 600; }
svg text { font: 11px system-ui, sans-serif; fill: currentColor; }
</style></head><body>
<h1>{{ title }}</h1>
<p>{{ facts.documents }} documents ({{ facts.split }}) of <code>{{ facts.data }}</code>, protocol {{ facts.protocol }},
weights <code>{{ facts.weights_sha256[:12] }}</code>.<br><code>{{ facts.command }}</code></p>
{% for table in tables %}<h2>{{ table.title }}</h2>
<table><tr>{% for name in columns %}<th>{{ name }}</th>{% endfor %}</tr>
{% for row in table.rows %}<tr{% if row.total %} class="total"{% endif %}>
{% for cell in row.cells %}<td>{{ cell }}</td>{% endfor %}</tr>
{% endfor %}</table>{% endfor %}
<h2>Confidence</h2>
<div class="flow">{% for diagram in diagrams %}<figure>{{ diagram.svg }}<figcaption>{{ diagram.caption }}</figcaption></figure>
{% endfor %}<ul>{% for line in confidence %}<li>{{ line }}</li>{% endfor %}</ul></div>
{% if causes %}<h2>What lost the wrong fields</h2>
<p>{{ ceiling }}</p>
<table><tr><th>field</th>{% for name in causes.names %}<th>{{ name }}</th>{% endfor %}<th>wrong</th></tr>
{% for row in causes.rows %}<tr{% if row.total %} class="total"{% endif %}>
{% for cell in row.cells %}<td>{{ cell }}</td>{% endfor %}</tr>
{% endfor %}</table>
{% for view in losses %}<div class="loss"><div><b>{{ view.field }}</b><br>{{ view.cause }}<br>
<span class="dim">{{ view.document }}{% if view.page %}, page {{ view.page }}{% endif %}</span></div>
<div>{% if view.picture %}<img src="{{ view.picture }}" alt="the place on the page">{% endif %}
<dl><dt>true</dt><dd>{{ view.true or "(none)" }}</dd><dt>found</dt><dd>{{ view.found or "(nothing)" }}</dd>
{% if view.confidence is not none %}<dt>confidence</dt><dd>{{ "%.2f"|format(view.confidence) }}
{% if view.accepted %}<span class="accepted">accepted</span>{% endif %}</dd>{% endif %}</dl></div></div>
{% endfor %}{% endif %}
</body></html>
"""
COLUMNS = ("field", "true", "predicted", "right", "precision", "recall", "F1", "95 %")


@dataclass(frozen=True)
class Row:
    """Cells of one table row."""

    cells: tuple[str, ...]
    total: bool = False


def report_page(
    evaluation: Evaluation, facts: Mapping[str, Any], *, losses: Sequence[LossView] = (), ceiling: Evaluation | None = None
) -> str:
    """The page as text.

    Args:
        evaluation: The figures.
        facts: Model, data, split, command and weights, as `docgrid evaluate --json` prints them.
        losses: Wrong fields with their pictures, from `--explain`.
        ceiling: The figures of decoding true labels.
    """
    from jinja2 import Environment
    from markupsafe import Markup

    template = Environment(autoescape=True, trim_blocks=True).from_string(_PAGE)
    judged = evaluation.reliability
    diagrams = [{"svg": Markup(reliability_svg(*judged)), "caption": "confidence on the card"}] if judged[0] else []  # noqa: S704
    fitted = evaluation.cross_fit
    if fitted is not None:
        svg = Markup(reliability_svg(fitted.confidences, fitted.right))  # noqa: S704  # numbers alone are drawn
        diagrams.append({"svg": svg, "caption": f"fitted on other documents than those measured ({fitted.folds} folds)"})
    return template.render(
        title=printable(f"{facts['model']} on {facts['data']}"),
        facts={name: printable(str(value)) for name, value in facts.items() if not isinstance(value, dict | list)},
        columns=COLUMNS,
        tables=_tables(evaluation),
        diagrams=diagrams,
        confidence=confidence_lines(evaluation),
        causes=_causes(losses) if ceiling is not None else None,
        ceiling="" if ceiling is None else ceiling_line(evaluation, ceiling),
        losses=[_shown(view) for view in losses],
    )


def _tables(evaluation: Evaluation) -> list[dict[str, object]]:
    groups = (("unseen layouts", evaluation.unseen), ("seen layouts", evaluation.seen), ("all documents", evaluation.results))
    return [
        {"title": f"{title}, {how} ({figures.documents} documents)", "rows": _rows(figures)}
        for title, results in groups
        for how, figures in results.items()
    ]


def _rows(figures: Figures) -> list[Row]:
    rows = [_row(name, score) for name, score in figures.fields.items()]
    rows.append(_row("all fields (micro)", figures.micro, total=True))
    rows.append(Row(("all fields (macro)", "", "", "", "", "", percent(figures.macro_f1), "")))
    if figures.line_items is not None and figures.items is not None:
        rows += [_row(name, score) for name, score in figures.item_fields.items()]
        rows.append(_row("line items (micro)", figures.line_items, total=True))
        rows.append(_row("whole line items", figures.items))
    return rows


def _row(name: str, score: Score, *, total: bool = False) -> Row:
    interval = "" if score.interval is None else f"{percent(score.interval.low)}-{percent(score.interval.high)}"
    counts = (str(score.counts.true), str(score.counts.predicted), str(score.counts.matched))
    return Row((printable(name), *counts, percent(score.precision), percent(score.recall), percent(score.f1), interval), total)


def percent(figure: float | None) -> str:
    """A share with one decimal, without a sign; a dash for none."""
    return "-" if figure is None else f"{100 * figure:.1f}"


def confidence_lines(evaluation: Evaluation) -> list[str]:
    """What can be said about the confidences and the warnings, in sentences."""
    found, fitted = evaluation.calibration, evaluation.cross_fit
    lines = [
        f"As the model decides: {percent(found.decided_share)} % of the fields accepted, "
        f"{percent(found.decided_precision)} % of those right."
    ]
    if fitted is not None:
        spread = fitted.share_interval
        between = "" if spread is None else f" ({percent(spread.low)}-{percent(spread.high)})"
        lines.append(
            f"Calibration and threshold fitted on other documents: {percent(fitted.accepted_share)} %{between} accepted at a "
            f"target of {100 * fitted.precision:g} %, {percent(fitted.accepted_precision)} % of those right; "
            f"expected calibration error {fitted.expected_calibration_error:.3f}."
        )
    for name, warned in (("unseen", evaluation.warned_unseen), ("seen", evaluation.warned_seen)):
        if warned is not None and evaluation.warned:
            lines.append(f"Unfamiliar-document warnings: {warned[0]} of {warned[1]} documents of {name} layouts.")
    return lines


def ceiling_line(evaluation: Evaluation, ceiling: Evaluation) -> str:
    """The score and what these characters and this decoder allow, in one sentence."""
    parts = [
        f"{how}: F1 {percent(figures.overall.f1)} of at most {percent(ceiling.results[how].overall.f1)}"
        for how, figures in evaluation.results.items()
        if how in ceiling.results
    ]
    return "Reading and decoding true labels gives the best that any network could reach. " + "; ".join(parts) + "."


def _causes(losses: Sequence[LossView]) -> dict[str, object]:
    table = table_of(view.loss for view in losses)
    names = list(dict.fromkeys(cause for cause in _order() if any(counts[cause] for counts in table.values())))
    rows = [
        Row((printable(field), *(str(counts[cause] or "") for cause in names), str(counts.total())))
        for field, counts in table.items()
    ]
    sums = [sum(counts[cause] for counts in table.values()) for cause in names]
    rows.append(Row(("all", *map(str, sums), str(sum(sums))), total=True))
    return {"names": [cause.value for cause in names], "rows": rows}


def _order() -> Sequence[Any]:
    from docgrid.evaluation.attribution import Cause

    return list(Cause)


def _shown(view: LossView) -> dict[str, object]:
    loss = view.loss
    item = "" if loss.item is None else f", line item {loss.item + 1}"
    return {
        "field": printable(loss.field) + item,
        "cause": loss.cause.value,
        "document": printable(loss.document),
        "page": loss.page,
        "picture": view.picture,
        "true": printable(loss.true, keep_breaks=True),
        "found": printable(loss.found, keep_breaks=True),
        "confidence": loss.confidence,
        "accepted": loss.accepted,
    }
