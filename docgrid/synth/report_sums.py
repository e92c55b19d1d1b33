"""Taxes, totals and payment of a report."""

from __future__ import annotations

from docgrid.synth.ink import (
    Align,
    Line,
    wrap,
)
from docgrid.synth.report_page import Report, Row, rows_of


def draw_sums(report: Report) -> None:
    """Draw taxes, totals, terms and bank."""
    rng, voice = report.desk.rng, report.desk.voice
    parts = [_taxes, _totals] if rng.random() < 0.6 else [_totals, _taxes]
    if rng.random() < 0.2:
        parts.remove(_taxes)
    for part in parts:
        part(report)
    report.heading(voice.word("head_payment"))
    rows = [
        Row(
            voice.word("payment_terms"),
            tuple(tuple(line) for line in wrap(voice.terms(), report.font, report.right - report.middle)),
        )
    ]
    if rng.random() < 0.6:
        rows.append(Row(voice.word("date_due"), ((voice.date_value("date_due"),),)))
    if rng.random() < 0.4:
        rows.append(Row(voice.word("payment_reference"), ((voice.number("payment_reference"),),)))
    if rng.random() < 0.7:
        rows += rows_of(voice.bank_entries())
    report.rows(rows)
    if report.desk.invoice.exempt:
        report.y = report.sheet.paragraph(
            report.left, report.y, report.right - report.left, report.desk.invoice.exempt, report.font
        )


def _taxes(report: Report) -> None:
    voice, rng = report.desk.voice, report.desk.rng
    report.heading(voice.word("head_tax"))
    sign = rng.random() < 0.5
    if rng.random() < 0.7:
        kinds = rng.random() < 0.6
        heads = (["Art (Kategorie)" if voice.invoice.language == "de" else voice.word("detail_caption")] if kinds else []) + [
            voice.word("detail_net"),
            voice.word("detail_rate"),
            voice.word("detail_tax"),
        ]
        rows: list[list[Line]] = []
        for line in voice.invoice.tax_lines:
            category = [(f"{voice.word('tax_total')} ({'S' if line.tax else 'E'})",)] if kinds else []
            rows.append(
                [
                    *category,
                    voice.total(("tax_detail_net",), line.net, marked=False),
                    (voice.percent(("tax_detail_rate",), line.rate, sign=sign),),
                    voice.total(("tax_detail_tax",), line.tax, marked=False),
                ]
            )
        shares = [2.0] * len(heads)
        report.table(heads, rows, shares, [Align.LEFT] * (len(heads) - 3) + [Align.RIGHT] * 3)
        return
    for line in voice.invoice.tax_lines:
        report.rows(
            [
                Row(voice.word("detail_rate"), ((voice.percent(("tax_detail_rate",), line.rate, sign=True),),)),
                Row(voice.word("detail_net"), (voice.total(("tax_detail_net",), line.net),)),
                Row(voice.word("detail_tax"), (voice.total(("tax_detail_tax",), line.tax),)),
            ]
        )


def _totals(report: Report) -> None:
    voice, invoice, rng = report.desk.voice, report.desk.invoice, report.desk.rng
    report.heading(voice.word("head_totals"))
    rows: list[tuple[str, Line, bool]] = []
    if invoice.discount or invoice.shipping or rng.random() < 0.6:
        same = invoice.item_sum == invoice.net
        rows.append((voice.word("subtotal"), voice.total(("amount_total_net",) if same else (), invoice.item_sum), False))
        zeros = rng.random() < 0.5  # style sheets print what is nothing, too
        if invoice.shipping or zeros:
            rows.append((voice.word("charges"), voice.total((), invoice.shipping), False))
        if invoice.discount or zeros:
            minus = "-" if not invoice.discount and rng.random() < 0.5 else ""
            rows.append((voice.word("allowances"), [minus, *voice.total((), -invoice.discount)], False))
    strong = rng.random() < 0.7
    rows.append((voice.word("net_total"), voice.total(("amount_total_net",), invoice.net), strong))
    suffix = f" {rng.choice(['in', '/', ''])} {invoice.currency}" if rng.random() < 0.25 else ""
    rows.append((voice.word("tax_total") + suffix, voice.total(("amount_total_tax",), invoice.tax), False))
    rows.append((voice.word("gross_total"), voice.total(voice.gross_fields(), invoice.gross), strong))
    if invoice.paid or rng.random() < 0.3:
        fields = ("amount_paid",) if invoice.paid else ()
        rows.append(
            (voice.word("amount_paid"), voice.total(fields, invoice.paid if rng.random() < 0.5 else -invoice.paid), False)
        )
    if voice.shows_due:
        rows.append((voice.word("amount_due"), voice.total(("amount_due",), invoice.due), strong))
    if report.look != "zebra" and rng.random() < 0.3:
        report.rows([Row(caption, (line,), strong=heavy) for caption, line, heavy in rows])
    else:
        report.amounts(rows)
