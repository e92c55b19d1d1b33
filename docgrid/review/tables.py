"""Tables for the terminal. Every text of a document goes through `printable` and rich's `Text`: never through markup."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from docgrid.evaluation import Evaluation, Figures, Score
from docgrid.review.marks import Data
from docgrid.review.plain import printable

if TYPE_CHECKING:
    from docgrid.evaluation.attribution import Loss

_LONGEST_CELL = 120
_ITEM_ORDER = (  # the order in which tables of goods are usually printed; "" stands for names that are not listed
    *("position", "code", "date", "order_id", "description", "person_name", "", "hts_number", "quantity", "units_of_measure"),
    *("weight", "unit_price_net", "unit_price_gross", "discount_rate", "discount_amount", "tax_rate", "tax", "currency"),
    *("amount_net", "amount_gross"),
)
_STATUS_STYLES = {"ok": "green", "partial": "yellow", "skipped": "dim", "empty": "yellow"}


def cell(value: object, *, style: str = "") -> Text:
    """A table cell that shows any text as it is, in one piece, and steers nothing."""
    text = printable("" if value is None else str(value))
    return Text(text if len(text) <= _LONGEST_CELL else text[: _LONGEST_CELL - 1] + "\u2026", style=style)


def _confidence(entry: Data) -> Text:
    confidence = float(entry.get("confidence", 0.0))
    style = "green" if entry.get("decision") == "accept" else "yellow" if confidence >= 0.5 else "red"
    return Text(f"{confidence:.2f}", style=style)


def field_table(document: Data) -> Table:
    """The document-level fields of an extraction: field, value, text as printed, confidence, decision, page."""
    table = Table(title=cell(document.get("source") or document.get("id")), title_justify="left", header_style="bold")
    for name in ("field", "value", "text"):
        table.add_column(name, overflow="fold")
    for name in ("conf.", "", "page"):
        table.add_column(name, justify="right", no_wrap=True)
    for name, entries in document.get("fields", {}).items():
        for entry in entries:
            value = entry.get("value")
            shown = value if not entry.get("currency") or value is None else f"{value} {entry['currency']}"
            text = "" if printable(str(entry.get("text", ""))) == shown else entry.get("text", "")
            table.add_row(
                cell(name),
                cell(shown),
                cell(text, style="dim"),
                _confidence(entry),
                cell(entry.get("decision")),
                cell(entry.get("page")),
            )
    missing = document.get("missing", ())
    if missing:
        table.caption = Text("missing: " + ", ".join(printable(name) for name in missing), style="dim", justify="left")
    return table


def item_table(document: Data) -> Table | None:
    """The line items of an extraction, one row each; None where it has none."""
    items = document.get("line_items") or []
    if not items:
        return None
    found = dict.fromkeys(name.removeprefix("line_item_") for item in items for name in item.get("fields", {}))
    headings = sorted(found, key=lambda name: _ITEM_ORDER.index(name) if name in _ITEM_ORDER else _ITEM_ORDER.index(""))
    table = Table(title="line items", title_justify="left", header_style="bold")
    table.add_column("#", justify="right")
    for heading in headings:
        table.add_column(cell(heading.replace("units_of_measure", "unit")), overflow="fold")
    table.add_column("conf.", justify="right")
    table.add_column("page", justify="right")
    for number, item in enumerate(items, start=1):
        fields = {name.removeprefix("line_item_"): entries for name, entries in item.get("fields", {}).items()}
        cells = [cell(" / ".join(_shown(entry) for entry in fields.get(heading, ()))) for heading in headings]
        pages = ", ".join(str(page) for page in item.get("pages", ()))
        table.add_row(str(number), *cells, _confidence(item), cell(pages))
    return table


def _shown(entry: Data) -> str:
    value = entry.get("value")
    return str(entry.get("text", "") if value is None else value)


def document_table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> Table:
    """What became of documents, one row each; `status` is coloured."""
    table = Table(header_style="bold")
    for column in columns:
        numeric = bool(rows) and all(isinstance(row.get(column), int | float) for row in rows)
        table.add_column(cell(column), justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(
            *(
                cell(row.get(name), style=_STATUS_STYLES.get(str(row[name]), "red") if name == "status" else "")
                for name in columns
            )
        )
    return table


def evaluation_tables(evaluation: Evaluation) -> list[Table]:
    """The figures of an evaluation, unseen layouts first, and its calibration."""
    tables = []
    groups = (("unseen layouts", evaluation.unseen), ("seen layouts", evaluation.seen), ("all documents", evaluation.results))
    for title, results in groups:
        tables += [
            _figures_table(figures, f"{evaluation.protocol} {title}, {how} ({figures.documents} documents)")
            for how, figures in results.items()
        ]
    tables.append(_calibration_table(evaluation))
    return tables


def loss_table(losses: Sequence[Loss], evaluation: Evaluation, ceiling: Evaluation) -> Table:
    """How many fields each cause lost, by field, beside the best F1 that reading and decoding allow."""
    from docgrid.evaluation.attribution import Cause, table_of

    table = table_of(losses)
    causes = [cause for cause in Cause if any(counts[cause] for counts in table.values())]
    shown = Table(title="what lost the wrong fields", title_justify="left", header_style="bold")
    shown.add_column("field")
    for name in (*causes, "wrong", "F1", "at best"):
        shown.add_column(str(name), justify="right", no_wrap=True)
    now, best = evaluation.headline, ceiling.headline
    scores = now.fields | now.item_fields
    allowed = best.fields | best.item_fields
    for name, counts in table.items():
        found = [counts[cause] or "" for cause in causes]
        shown.add_row(*map(cell, (name, *found, counts.total(), _percent(scores[name].f1), _percent(allowed[name].f1))))
    sums = [sum(counts[cause] for counts in table.values()) for cause in causes]
    figures = (_percent(now.overall.f1), _percent(best.overall.f1))
    shown.add_row(*(cell(one, style="bold") for one in ("everything", *sums, sum(sums), *figures)))
    return shown


def _figures_table(figures: Figures, title: str) -> Table:
    table = Table(title=title, title_justify="left", header_style="bold")
    table.add_column("field")
    for name in ("true", "predicted", "right", "precision", "recall", "F1", "95 %", "paper"):
        table.add_column(name, justify="right", no_wrap=True)
    for name, score in figures.fields.items():
        _add_score(table, name, score)
    _add_score(table, "all fields (micro)", figures.micro, style="bold")
    table.add_row(cell("all fields (macro)", style="bold"), *[""] * 5, cell(_percent(figures.macro_f1), style="bold"), "", "")
    if figures.line_items is not None and figures.items is not None:
        table.add_section()
        for name, score in figures.item_fields.items():
            _add_score(table, name, score)
        _add_score(table, "line items (micro)", figures.line_items, style="bold")
        _add_score(table, "whole line items", figures.items, style="bold")
        _add_score(table, "everything", figures.overall, style="bold")
    return table


def _add_score(table: Table, name: str, score: Score, *, style: str = "") -> None:
    interval = "" if score.interval is None else f"{_percent(score.interval.low)}-{_percent(score.interval.high)}"
    figures = (_percent(score.precision), _percent(score.recall), _percent(score.f1), interval, _percent(score.paper))
    counts = (score.counts.true, score.counts.predicted, score.counts.matched)
    table.add_row(cell(name, style=style), *(cell(one, style=style) for one in (*counts, *figures)))


def _percent(figure: float | None) -> str:
    return "-" if figure is None else f"{100 * figure:.1f}"


def _calibration_table(evaluation: Evaluation) -> Table:
    found = evaluation.calibration
    interval = found.accepted_interval
    table = Table(title="confidence", title_justify="left", show_header=False)
    error = found.expected_calibration_error
    table.add_row("expected calibration error", "-" if error is None else f"{error:.3f}")
    spread = "" if interval is None else f" ({_percent(interval.low)}-{_percent(interval.high)})"
    table.add_row(
        f"accepted at {100 * found.precision:g} % precision", f"{_percent(found.accepted_share)} % of the fields{spread}"
    )
    table.add_row("threshold for that", "-" if found.threshold is None else f"{found.threshold:.3f}")
    table.add_row(
        "accepted by the model", f"{_percent(found.decided_share)} %, {_percent(found.decided_precision)} % of them right"
    )
    fitted = evaluation.cross_fit
    if fitted is not None:
        low, high = (fitted.share_interval.low, fitted.share_interval.high) if fitted.share_interval else (None, None)
        table.add_section()
        table.add_row("fitted on other documents: calibration error", f"{fitted.expected_calibration_error:.3f}")
        table.add_row(
            f"accepted at a target of {100 * fitted.precision:g} %",
            f"{_percent(fitted.accepted_share)} % ({_percent(low)}-{_percent(high)}), "
            f"{_percent(fitted.accepted_precision)} % of them right",
        )
    for name, warned in (("unseen", evaluation.warned_unseen), ("seen", evaluation.warned_seen)):
        if warned is not None and evaluation.warned:
            table.add_row(f"unfamiliar-document warnings, {name} layouts", f"{warned[0]} of {warned[1]} documents")
    return table
