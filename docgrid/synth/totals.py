"""The end of an invoice: sums, taxes, what is due, payment terms and bank."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from docgrid.synth.content import PriceMode, TaxLine
from docgrid.synth.desk import Desk
from docgrid.synth.ink import WHITE, Align, Line, Piece, length
from docgrid.synth.voice import Entry
from docgrid.synth.words import words


class TotalsPlace(StrEnum):
    """Where the sums stand."""

    RIGHT = "right"
    BOXED = "boxed"
    WIDE = "wide"  # leader lines over the full width
    STRIP = "strip"  # one row: net | tax | gross
    BAND = "band"
    MATRIX = "matrix"  # the last row of the table of tax rates


@dataclass(frozen=True, slots=True)
class Sum:
    """A caption, an amount, and whether it is the one that counts."""

    caption: Line
    amount: Line
    strong: bool = False


def _net_fields(desk: Desk) -> tuple[str, ...]:
    return ("amount_total_net",)


def sums_of(desk: Desk) -> list[Sum]:
    """The sums in their usual order; together they show how the total comes about."""
    invoice, voice, rng = desk.invoice, desk.voice, desk.rng
    rows: list[Sum] = []
    adjusted = bool(invoice.discount or invoice.shipping)
    gross_mode = invoice.mode is PriceMode.GROSS
    if adjusted:
        rows.append(Sum([voice.caption("subtotal", colon=True)], voice.total((), invoice.item_sum)))
        if invoice.discount:
            caption = voice.word("discount").format(percent=voice.percent_text(invoice.discount_rate))
            rows.append(Sum([caption + voice.colon], voice.total((), -invoice.discount)))
        if invoice.shipping:
            rows.append(Sum([voice.caption("shipping", colon=True)], voice.total((), invoice.shipping)))
    net = Sum([voice.caption("net_total", colon=True)], voice.total(("amount_total_net",), invoice.net))
    taxes = _tax_sums(desk)
    gross = Sum(
        [_with_currency(desk, voice.caption("gross_total", colon=True))],
        voice.total(voice.gross_fields(), invoice.gross),
        strong=True,
    )
    if gross_mode and rng.random() < 0.6:
        rows += [gross, *taxes]
        if rng.random() < 0.5:
            rows.append(net)
    elif not invoice.tax and rng.random() < 0.4:
        rows.append(gross)
    else:
        rows += [net, *taxes, gross]
    if invoice.paid:
        rows.append(
            Sum(
                [voice.caption("amount_paid", colon=True)],
                voice.total(("amount_paid",), rng.choice([invoice.paid, -invoice.paid])),
            )
        )
    if voice.shows_due:
        rows.append(
            Sum(
                [_with_currency(desk, voice.caption("amount_due", colon=True))],
                voice.total(("amount_due",), invoice.due),
                strong=True,
            )
        )
    return rows


def _with_currency(desk: Desk, caption: str) -> str:
    return caption


def _tax_sums(desk: Desk) -> list[Sum]:
    """A line for each rate and, with several, sometimes one for all."""
    invoice, voice, rng = desk.invoice, desk.voice, desk.rng
    lines = [line for line in invoice.tax_lines if line.tax or rng.random() < 0.7]
    single = len(invoice.tax_lines) == 1
    if not lines:
        return []
    if single and rng.random() < 0.4 or (not single and rng.random() < 0.3):
        return [Sum([voice.caption("tax_total", colon=True)], voice.total(("amount_total_tax",), invoice.tax))]
    key = "sales_tax" if invoice.home.code == "US" else "tax_line"
    template = voice.word(key)
    result = []
    for line in lines:
        extra = ("amount_total_tax",) if single else ()
        amount_fields = (*extra, "tax_detail_tax") if "{rate}" in template else extra or ("tax_detail_tax",)
        result.append(Sum(_tax_caption(desk, template, line), voice.total(amount_fields, line.tax)))
    if len(lines) > 1 and rng.random() < 0.5:
        result.append(Sum([voice.caption("tax_total", colon=True)], voice.total(("amount_total_tax",), invoice.tax)))
    return result


def _tax_caption(desk: Desk, template: str, line: TaxLine) -> list[Piece]:
    voice = desk.voice
    pieces: list[Piece] = []
    for part in template.replace("{", "\0{").replace("}", "}\0").split("\0"):
        if part == "{rate}":
            pieces.append(voice.percent(("tax_detail_rate",), line.rate, sign=True))
        elif part == "{base}":
            pieces += voice.amount(("tax_detail_net",), line.net, voice.total_pattern)
        elif part:
            pieces.append(part)
    return [*pieces, voice.colon] if voice.colon else pieces


def draw_totals(desk: Desk, y: float, place: TotalsPlace) -> float:
    """Draw the sums; gives back the y below."""
    if place is TotalsPlace.STRIP and not desk.invoice.discount and not desk.invoice.shipping:
        return _strip(desk, y)
    if place is TotalsPlace.MATRIX and not desk.invoice.discount and not desk.invoice.shipping:
        return _matrix(desk, y)
    rows = sums_of(desk)
    style, sheet = desk.style, desk.sheet
    font = style.body.scaled(desk.rng.choice([1.0, 1.0, 1.1]))
    left = desk.left if place is TotalsPlace.WIDE else _totals_left(desk, rows)
    right = desk.right - (0 if desk.rng.random() < 0.6 else 4)
    boxed = place is TotalsPlace.BOXED
    step = font.size * desk.rng.uniform(1.3, 1.8)
    captions_right = place is TotalsPlace.RIGHT and desk.rng.random() < 0.3
    column = right - max(length(row.amount, font.heavy()) for row in rows) - 12
    strong_colour = desk.heading_colour()
    for row in rows:
        heavy = font.heavy(row.strong and desk.voice.case != "title")
        if place is TotalsPlace.BAND and row.strong:
            sheet.box(left - 4, y - 2, right + 2, y + step - 3, stroke=None, fill=style.accent)
        colour = WHITE if place is TotalsPlace.BAND and row.strong else strong_colour if row.strong else None
        if row.strong and place in (TotalsPlace.RIGHT, TotalsPlace.WIDE):
            sheet.rule(left, y - 2, right, y - 2, width=style.line)
        if captions_right:
            sheet.text(column, y, row.caption, heavy, align=Align.RIGHT, colour=colour)
        else:
            sheet.text(left, y, row.caption, heavy, colour=colour)
        sheet.text(right - (3 if boxed else 0), y, row.amount, heavy, align=Align.RIGHT, colour=colour)
        if boxed:
            sheet.box(left - 4, y - 3, right, y - 3 + step, width=style.line)
            sheet.rule(column, y - 3, column, y - 3 + step, width=style.line)
        y += step
    return y + 4


def _totals_left(desk: Desk, rows: list[Sum]) -> float:
    font = desk.style.body.scaled(1.1).heavy()
    need = max(length(row.caption, font) for row in rows) + max(length(row.amount, font) for row in rows) + 34
    return max(desk.left, min(desk.right - need, desk.left + (desk.right - desk.left) * desk.rng.uniform(0.45, 0.68)))


def _strip(desk: Desk, y: float) -> float:
    """Net, tax and gross side by side in a ruled row, then what is due."""
    invoice, voice, style, sheet = desk.invoice, desk.voice, desk.style, desk.sheet
    cells = [
        (voice.caption("net_total"), voice.total(("amount_total_net",), invoice.net)),
        (voice.caption("tax_total"), voice.total(("amount_total_tax",), invoice.tax)),
        (voice.caption("gross_total"), voice.total(voice.gross_fields(), invoice.gross)),
    ]
    if invoice.paid:
        cells.append((voice.caption("amount_paid"), voice.total(("amount_paid",), invoice.paid)))
    if voice.shows_due:
        cells.append((voice.caption("amount_due"), voice.total(("amount_due",), invoice.due)))
    bold = style.body.heavy()
    need = len(cells) * max(max(bold.width(caption), length(amount, bold)) + 12 for caption, amount in cells)
    if need > desk.right - desk.left:
        bold = bold.scaled((desk.right - desk.left) / need)
    left = min(max(desk.left, desk.right - need), desk.left + (desk.right - desk.left) * desk.rng.choice([0.0, 0.3, 0.45]))
    width = (desk.right - left) / len(cells)
    step = style.body.size * 1.8
    for number, (caption, amount) in enumerate(cells):
        x = left + number * width
        sheet.box(x, y, x + width, y + step, width=style.line, fill=style.tint)
        sheet.box(x, y + step, x + width, y + 2 * step, width=style.line)
        sheet.text(x + width / 2, y + style.body.size * 0.35, caption, bold, align=Align.CENTRE)
        sheet.text(x + width / 2, y + step + style.body.size * 0.35, amount, bold.heavy(number >= 2), align=Align.CENTRE)
    return y + 2 * step + 8


def _matrix(desk: Desk, y: float) -> float:
    """A row for each tax rate and one for the sums, then what is due."""
    invoice, voice, style, sheet, rng = desk.invoice, desk.voice, desk.style, desk.sheet, desk.rng
    keys = ["detail_rate", "detail_net", "detail_tax", "detail_gross"]
    if rng.random() < 0.3:
        keys = ["detail_net", "detail_rate", "detail_tax", "detail_gross"]
    left = desk.left + (desk.right - desk.left) * rng.choice([0.0, 0.0, 0.25, 0.4])
    width = (desk.right - left) / len(keys)
    font = style.body if width > 80 else style.body.scaled(0.85)
    step = font.size * 1.55
    table: list[dict[str, Line]] = [{key: [voice.caption(key)] for key in keys}]
    table += [_tax_row(desk, line) for line in invoice.tax_lines]
    table.append(
        {
            "detail_rate": [rng.choice([voice.word("gross_total"), "", "=", invoice.currency])],
            "detail_net": voice.total(("amount_total_net",), invoice.net),
            "detail_tax": voice.total(("amount_total_tax",), invoice.tax),
            "detail_gross": voice.total(voice.gross_fields(), invoice.gross),
        }
    )
    for place, row in enumerate(table):
        strong = place in (0, len(table) - 1)
        for number, key in enumerate(keys):
            with sheet.within(desk.right):
                sheet.text(left + (number + 1) * width - 3, y + 2, row[key], font.heavy(strong), align=Align.RIGHT)
        if strong:
            edge = y + step if place == 0 else y
            sheet.rule(left, edge, desk.right, edge, width=style.line)
        y += step
    rows = []
    if invoice.paid:
        rows.append((voice.caption("amount_paid", colon=True), voice.total(("amount_paid",), invoice.paid)))
    if voice.shows_due:
        rows.append((voice.caption("amount_due", colon=True), voice.total(("amount_due",), invoice.due)))
    for caption, amount in rows:
        sheet.text(left + width, y + 4, caption, font.heavy())
        sheet.text(desk.right - 3, y + 4, amount, font.heavy(), align=Align.RIGHT)
        y += step
    return y + 8


def _tax_row(desk: Desk, line: TaxLine) -> dict[str, Line]:
    voice = desk.voice
    return {
        "detail_rate": (voice.percent(("tax_detail_rate",), line.rate),),
        "detail_net": voice.total(("tax_detail_net",), line.net, marked=False),
        "detail_tax": voice.total(("tax_detail_tax",), line.tax, marked=False),
        "detail_gross": voice.total(("tax_detail_gross",), line.gross, marked=False),
    }


def draw_tax_detail(desk: Desk, y: float, *, left: float, right: float) -> float:
    """A table with a row for each rate."""
    invoice, voice, style, sheet, rng = desk.invoice, desk.voice, desk.style, desk.sheet, desk.rng
    font = rng.choice([style.body, style.small])
    keys = ["detail_rate", "detail_net", "detail_tax"] + (["detail_gross"] if rng.random() < 0.5 else [])
    if rng.random() < 0.3:
        keys[0], keys[1] = keys[1], keys[0]
    if rng.random() < 0.5:
        sheet.text(left, y, voice.caption("detail_caption"), font.heavy())
        y += font.size * 1.6
    need = len(keys) * (max(font.heavy().width(voice.caption(key)) for key in keys) + 8)
    if right - left < need:
        right = min(desk.right, left + need)
        font = font.scaled(min(1.0, (right - left) / need))
    width = (right - left) / len(keys)
    step = font.size * 1.55
    ruled = rng.random() < 0.5
    for number, key in enumerate(keys):
        sheet.text(left + (number + 1) * width - 3, y + 2, voice.caption(key), font.heavy(), align=Align.RIGHT)
    if not ruled:
        sheet.rule(left, y + step, right, y + step, width=style.line)
    rows: list[TaxLine] = list(invoice.tax_lines)
    for place, line in enumerate([None, *rows]):
        top = y + step * place
        if line is not None:
            cells = _tax_row(desk, line)
            for number, key in enumerate(keys):
                sheet.text(left + (number + 1) * width - 3, top + 2, cells[key], font, align=Align.RIGHT)
        if ruled:
            for number in range(len(keys)):
                sheet.box(left + number * width, top, left + (number + 1) * width, top + step, width=style.line)
    return y + step * (len(rows) + 1) + 4


def draw_closing(desk: Desk, y: float, *, bank: bool) -> float:
    """Payment sentence, terms, notes, thanks and sometimes the bank, in free order."""
    voice, rng = desk.voice, desk.rng
    parts = []
    if desk.invoice.exempt:
        y = _text(desk, y, [desk.invoice.exempt])
    if rng.random() < 0.5:
        parts.append("terms")
    if rng.random() < 0.35:
        parts.append("sentence")
    if rng.random() < 0.4:
        parts.append("note")
    if rng.random() < 0.3:
        parts.append("thanks")
    if rng.random() < 0.12:
        parts.append("marketing")
    if bank:
        parts.append("bank")
    if rng.random() < 0.3:
        rng.shuffle(parts)
    for part in parts:
        y = _closing_part(desk, y, part)
    return y if not voice.invoice.other else y


def _closing_part(desk: Desk, y: float, part: str) -> float:
    voice, rng, style = desk.voice, desk.rng, desk.style
    if part == "terms":
        return _text(desk, y, [voice.caption("payment_terms", colon=True), " ", voice.terms()])
    if part == "sentence":
        templates = [text for text in voice.table["pay_sentence"] if desk.invoice.vendor.ids.iban or "{iban}" not in text]
        return _text(desk, y, voice.sentence(rng.choice(templates)))
    if part == "bank":
        desk.sheet.text(desk.left, y, voice.caption("bank_caption"), style.body.heavy())
        entries = voice.bank_entries()
        if rng.random() < 0.3:
            entries.append(Entry("payment_reference", voice.caption("payment_reference"), (voice.number("payment_reference"),)))
        if rng.random() < 0.5:
            return desk.inline(desk.left, y + style.step * 1.1, entries, style.body) + 6
        return desk.pairs(desk.left, y + style.step * 1.1, desk.left + 260, entries, style.body) + 6
    table = words(desk.invoice.language)
    return _text(desk, y, voice.sentence(rng.choice(table[part])))


def _text(desk: Desk, y: float, line: list[Piece]) -> float:
    return (
        desk.sheet.paragraph(
            desk.left, y, (desk.right - desk.left) * 0.95, line, desk.rng.choice([desk.style.body, desk.style.small])
        )
        + 4
    )


__all__ = ["Decimal", "Sum", "TotalsPlace", "draw_closing", "draw_tax_detail", "draw_totals", "sums_of"]
