"""The items of a report: a table, blocks of captions and values, or lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from docgrid.synth.content import Item, PriceMode
from docgrid.synth.ink import (
    Align,
    Line,
    Piece,
    length,
)
from docgrid.synth.report_page import Report, Row, wrapped


def _facts_of(report: Report, item: Item, index: int) -> dict[str, tuple[str, Line]]:
    """Every fact of an item: caption and labelled value."""
    voice = report.desk.voice
    gross = report.desk.invoice.mode is PriceMode.GROSS
    price_key, amount_key = ("unit_price_gross", "amount_gross") if gross else ("unit_price", "amount_net")
    facts: dict[str, tuple[str, Line]] = {
        "pos": (voice.word("pos"), [voice.item_text("position", str(index + 1), index)]),
        "code": (voice.word("code"), [voice.item_text("code", item.code, index)]),
        "description": (voice.word("description"), [voice.item_text("description", item.description, index)]),
        "price": (voice.word(price_key), voice.item_amount(price_key, item.unit_price, index)),
        "quantity": (voice.word("quantity"), [voice.quantity(item, index)]),
        "unit": (voice.word("unit"), [voice.item_text("units_of_measure", item.unit, index)]),
        "rate": (voice.word("tax_rate"), [voice.percent(("line_item_tax_rate",), item.rate, item=index)]),
        "amount": (voice.word(amount_key), voice.item_amount(amount_key, item.amount, index)),
    }
    if item.discount:
        facts["discount"] = (
            voice.word("discount_rate"),
            [voice.percent(("line_item_discount_rate",), item.discount_rate, item=index, sign=True)],
        )
    return facts


def draw_items(report: Report, style: str) -> None:
    """Draw all items; `style` is `table`, `blocks` or `lines`."""
    voice = report.desk.voice
    report.heading(voice.word("head_items"))
    if style == "table":
        _item_table(report)
    elif style == "blocks":
        _item_blocks(report)
    else:
        _item_lines(report)


def _item_table(report: Report) -> None:
    rng = report.desk.rng
    keys = ["pos", "code", "description", "price", "quantity", "unit", "rate", "amount"]
    if rng.random() < 0.4:
        keys.remove("code")
    if rng.random() < 0.25:
        keys.remove("unit")
    if rng.random() < 0.3:
        keys.insert(keys.index("description") + 1, keys.pop(keys.index("quantity")))
    if any(item.discount for item in report.desk.invoice.items):
        keys.insert(-1, "discount")
    shares = {
        "pos": 0.5,
        "code": 1.5,
        "description": 2.6,
        "price": 1.1,
        "quantity": 0.9,
        "unit": 0.8,
        "rate": 0.9,
        "amount": 1.3,
        "discount": 0.8,
    }
    aligns = [Align.LEFT if key in ("pos", "code", "description", "unit") else Align.RIGHT for key in keys]
    facts = [_facts_of(report, item, index) for index, item in enumerate(report.desk.invoice.items)]
    heads = [next((fact[key][0] for fact in facts if key in fact), "") for key in keys]
    below = rng.random() < 0.4
    all_shares = [shares[key] for key in keys]
    report.table(heads, [], all_shares, aligns)
    report.space(-report.gap)
    for fact, item in zip(facts, report.desk.invoice.items, strict=True):
        _row(report, fact, keys, all_shares, aligns)
        if below:
            for note in item.notes:
                report.need(report.step)
                report.sheet.text(
                    report.left + (report.right - report.left) * 0.2,
                    report.y,
                    rng.choice(["• ", "- ", ""]) + note,
                    report.font.scaled(0.95),
                )
                report.y += report.step
    report.space(report.gap)


def _row(
    report: Report, fact: dict[str, tuple[str, Line]], keys: Sequence[str], shares: Sequence[float], aligns: Sequence[Align]
) -> None:
    width, total = report.right - report.left, sum(shares)
    lefts = [report.left + width * sum(shares[:place]) / total for place in range(len(shares))]
    widths = [width * share / total - 6 for share in shares]
    cells = [fact[key][1] if key in fact else ("",) for key in keys]
    report.cells(cells, lefts, widths, aligns, report.font, band=False)


def _item_blocks(report: Report) -> None:
    """Each item as a list of captions and values."""
    rng, voice = report.desk.rng, report.desk.voice
    keys = ["code", "description", "quantity", "unit", "price", "discount", "rate", "amount"]
    if rng.random() < 0.4:
        keys.remove("code")
    if rng.random() < 0.3:
        keys = [keys.pop(keys.index("description")), *keys]
    joined = rng.random() < 0.4
    gap, report.gap = report.gap, rng.uniform(0.3, 0.9)
    for index, item in enumerate(report.desk.invoice.items):
        fact = _facts_of(report, item, index)
        rows = [
            Row(
                fact[key][0],
                tuple(tuple(line) for line in wrapped(fact[key][1], report.font, report.right - report.middle - 10)),
            )
            for key in keys
            if key in fact
        ]
        if joined and "unit" in fact:  # quantity and unit in one line
            rows = [row for row in rows if row.caption != fact["unit"][0] or row.lines != (fact["unit"][1],)]
            rows = [
                replace(row, lines=((*fact["quantity"][1], " ", *fact["unit"][1]),))
                if row.caption == fact["quantity"][0]
                else row
                for row in rows
            ]
            rows = [row for row in rows if list(row.lines[0]) != list(fact["unit"][1])]
        report.need(report.step * 4)
        head: list[Piece] = [f"{voice.word('pos')} ", *fact["pos"][1]]
        report.sheet.text(report.left + 3, report.y, head, report.font.heavy())
        report.y += report.step
        report.rows(rows)
    report.gap = gap


def _item_lines(report: Report) -> None:
    """Two lines an item: its name, then quantity x price and the amount at the right."""
    rng, voice = report.desk.rng, report.desk.voice
    times = rng.choice([" x ", " × ", " * ", " à ", " @ "])
    for index, item in enumerate(report.desk.invoice.items):
        fact = _facts_of(report, item, index)
        report.need(report.step * 3)
        head: list[Piece] = [*fact["pos"][1], rng.choice([". ", "  ", ") "]), *fact["description"][1]]
        limit = report.right - report.left - 10
        for line in wrapped(head, report.font, limit) if length(head, report.font) > limit else [head]:
            report.sheet.text(report.left, report.y, line, report.font.heavy(report.value_bold))
            report.y += report.step
        second: list[Piece] = [*fact["quantity"][1], " ", *fact["unit"][1], times, *fact["price"][1]]
        if rng.random() < 0.6:
            second += [f"   {voice.word('tax_rate')} ", *fact["rate"][1]]
        if "discount" in fact:
            second += [f"   {fact['discount'][0]} ", *fact["discount"][1]]
        report.sheet.text(report.left + 20, report.y, second, report.font)
        report.sheet.text(report.right - 8, report.y, fact["amount"][1], report.font, align=Align.RIGHT)
        report.y += report.step * 1.3
    report.space(report.gap)
