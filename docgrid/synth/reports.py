"""Renderings of electronic invoices: long lists of `caption: value` in sections, items as a table, as blocks or as lines.

They look like what a style sheet makes of an invoice in XML: seller, buyer, document data, items, taxes, totals, payment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random

from docgrid.synth.content import Invoice, Item, PriceMode, make_invoice
from docgrid.synth.countries import digits
from docgrid.synth.desk import Desk
from docgrid.synth.ink import (
    COURIER,
    HELVETICA,
    TIMES,
    VERA,
    Align,
    Font,
    Line,
    Piece,
    Sheet,
    Value,
    grey,
    length,
    split_lines,
    wrap,
)
from docgrid.synth.parties import Party
from docgrid.synth.style import make_style
from docgrid.synth.voice import Entry, Voice

LOOKS = ("zebra", "mono", "plain", "cards")
ITEMS = ("table", "blocks", "lines")
FAMILIES: tuple[str, ...] = tuple(f"report-{look}/{items}" for look in LOOKS for items in ITEMS)


@dataclass(frozen=True, slots=True)
class Row:
    """A caption and the lines beside it."""

    caption: str
    lines: tuple[Line, ...]
    strong: bool = False


class Report:
    """A document that is written from top to bottom, section after section."""

    def __init__(self, desk: Desk, look: str) -> None:
        rng = desk.rng
        self.desk = desk
        self.look = look
        self.left = desk.style.left
        self.right = desk.style.right
        face = COURIER if look == "mono" else rng.choice([HELVETICA, HELVETICA, VERA, TIMES])
        self.font = Font(
            face,
            rng.choice([6.5, 7, 7.5, 8, 8.5, 9]) - (0.7 if face is VERA else 0),
            stretch=rng.choice([1.0, 1.0, 0.92]) if face is not COURIER else 1.0,
        )
        self.step = self.font.size * rng.uniform(1.25, 1.9)
        self.middle = self.left + (self.right - self.left) * rng.uniform(0.3, 0.52)
        self.tint = grey(rng.uniform(0.9, 0.96))
        self.band = grey(rng.uniform(0.84, 0.93))
        self.gap = rng.uniform(0.8, 3.0)
        self.header = rng.choice(desk.voice.table["report_title"]) if rng.random() < 0.7 else ""
        self.value_bold = rng.random() < 0.3
        self.y = desk.style.top + (20 if self.header else 0)

    @property
    def sheet(self) -> Sheet:
        """Where it is drawn."""
        return self.desk.sheet

    def need(self, height: float) -> None:
        """Turn the page where less than `height` is left."""
        if self.y + height > self.desk.style.bottom + 20:
            self.sheet.add_page()
            self.y = self.desk.style.top + (16 if self.header else 0)

    def space(self, lines: float) -> None:
        """Leave room."""
        self.y += lines * self.step

    def heading(self, text: str) -> None:
        """The title of a section."""
        self.need(self.step * 4)
        bold = self.font.heavy()
        if self.look in ("zebra", "cards"):
            self.sheet.box(self.left, self.y - 2, self.right, self.y + self.font.size * 1.35, stroke=None, fill=self.band)
            self.sheet.text(self.left + 3, self.y, text, bold)
        else:
            end = self.sheet.text(self.left, self.y, text + (":" if self.look == "mono" else ""), bold.scaled(1.1))
            if self.look == "mono":
                self.sheet.rule(self.left, self.y + self.font.size * 1.2, end, self.y + self.font.size * 1.2)
        self.y += self.step * 1.3

    def rows(self, rows: Sequence[Row], *, left: float | None = None, middle: float | None = None) -> None:
        """Captions with values."""
        left = self.left if left is None else left
        middle = self.middle if middle is None else middle
        longest = max((len(row.caption) for row in rows), default=0)
        for number, row in enumerate(rows):
            self.need(self.step * (len(row.lines) + 1))
            height = self.step * max(1, len(row.lines))
            if self.look == "zebra" and number % 2:
                self.sheet.box(self.left, self.y - 1.5, self.right, self.y + height - 1.5, stroke=None, fill=self.tint)
            if self.look == "mono":
                end = self.sheet.text(left, self.y, row.caption.ljust(longest) + " : ", self.font)
                self.sheet.block(end, self.y, row.lines, self.font.heavy(row.strong), leading=self.step / self.font.size)
            else:
                caption = row.caption + (self.desk.voice.colon if row.caption else "")
                self.sheet.text(left + 3, self.y, caption, self.font)
                x = max(middle, left + 9 + self.font.width(caption))
                self.sheet.block(
                    x, self.y, row.lines, self.font.heavy(row.strong or self.value_bold), leading=self.step / self.font.size
                )
            self.y += height
        self.space(self.gap)

    def amounts(self, rows: Sequence[tuple[str, Line, bool]]) -> None:
        """Captions with amounts at the right edge."""
        left = self.left + (self.right - self.left) * self.desk.rng.choice([0.0, 0.33, 0.5])
        ruled = self.desk.rng.random() < 0.5
        step = self.step * self.desk.rng.uniform(1.0, 1.6)
        for caption, line, strong in rows:
            self.need(step * 2)
            font = self.font.heavy(strong)
            self.sheet.text(left, self.y, caption + (self.desk.voice.colon if self.look != "zebra" else ""), font)
            self.sheet.text(self.right - 8, self.y, line, font, align=Align.RIGHT)
            if ruled:
                self.sheet.rule(left, self.y + step - 3, self.right, self.y + step - 3, width=0.3, colour=grey(0.7))
            self.y += step
        self.space(self.gap)

    def table(
        self, heads: Sequence[str], rows: Sequence[Sequence[Line]], shares: Sequence[float], aligns: Sequence[Align]
    ) -> None:
        """A table whose cells wrap."""
        width = self.right - self.left
        total = sum(shares)
        lefts = [self.left + width * sum(shares[:place]) / total for place in range(len(shares))]
        widths = [width * share / total - 6 for share in shares]
        self._cells(
            [(head,) for head in heads], lefts, widths, aligns, self.font.heavy(self.look != "zebra"), band=self.look != "mono"
        )
        for number, row in enumerate(rows):
            self._cells(row, lefts, widths, aligns, self.font, band=False, tinted=self.look == "zebra" and number % 2 == 1)
        self.space(self.gap)

    def _cells(
        self,
        row: Sequence[Line],
        lefts: Sequence[float],
        widths: Sequence[float],
        aligns: Sequence[Align],
        font: Font,
        *,
        band: bool,
        tinted: bool = False,
    ) -> None:
        blocks = [_wrapped(line, font, width) for line, width in zip(row, widths, strict=True)]
        height = max(len(block) for block in blocks) * font.size * 1.2 + 6
        self.need(height + 2)
        if band or tinted:
            self.sheet.box(self.left, self.y, self.right, self.y + height, stroke=None, fill=self.band if band else self.tint)
        for block, x, width, align in zip(blocks, lefts, widths, aligns, strict=True):
            at = x + width + 3 if align is Align.RIGHT else x + 3
            self.sheet.block(at, self.y + 3, block, font, leading=1.2, align=align)
        self.y += height


def _wrapped(line: Line, font: Font, width: float) -> list[list[Piece]]:
    """Numbers never break; texts break at spaces."""
    if length(line, font) <= width or all(not isinstance(piece, str) and " " not in piece.text for piece in line):
        return [list(line)]
    return wrap(line, font, max(width, 20))


def draw_report(rng: Random, family: str) -> tuple[Invoice, Sheet]:
    """One rendering of a family, such as `report-zebra/table`."""
    look, items = family.removeprefix("report-").split("/")
    invoice = make_invoice(rng)
    if len(invoice.items) > 14:
        invoice = make_invoice(rng)
    desk = Desk(invoice, make_style(rng, american=False), Voice(invoice, rng), rng)
    desk.voice.shows_due = rng.random() < 0.7 or invoice.paid != 0
    if rng.random() < 0.6:
        desk.voice.total_pattern = desk.voice.item_pattern = "{}"
    report = Report(desk, look)
    _sections(report, titled=_title(report))
    _items(report, items)
    _closing(report)
    _margins(report)
    return invoice, desk.sheet


def _title(report: Report) -> set[str]:
    """The title with the number in it; gives back the fields that it holds."""
    rng, voice = report.desk.rng, report.desk.voice
    if rng.random() < 0.6:
        report.sheet.text(report.left, report.y, rng.choice(voice.table["report_title"]), report.font.heavy().scaled(1.25))
        report.space(2.2)
        urn = rng.choice(
            [
                "urn:cen.eu:en16931:2017",
                "urn:factur-x.eu:1p0:basic",
                "EN 16931 (COMFORT)",
                "XRechnung 3.0",
                "ZUGFeRD 2.1 EXTENDED",
            ]
        )
        extra = [
            Row(voice.word("profile"), ((urn,),)),
            Row("Version", ((f"{rng.randint(1, 3)}.{rng.randint(0, 9)} {voice.other_date('other')}",),)),
        ]
        report.rows(extra[: rng.randint(1, 2)])
    key = rng.choice(["title_with_date", "title_with_date", "title_with_id"])
    title = voice.title + (f" ({rng.choice(['380', '381', '384', '575'])})" if rng.random() < 0.4 else "")
    template = rng.choice(voice.table[key])
    report.sheet.text(
        report.left, report.y, voice.sentence(template, title=title), report.font.heavy().scaled(rng.uniform(1.15, 1.7))
    )
    report.space(2.4)
    return {"document_id", "date_issue"} if "date_issue" in template else {"document_id"}


def _entries_rows(entries: Sequence[Entry]) -> list[Row]:
    return [Row(entry.caption, (entry.line,)) for entry in entries]


def _party_rows(report: Report, party: Party, role: str) -> list[Row]:
    rng, voice = report.desk.rng, report.desk.voice
    rows: list[Row] = []
    if rng.random() < 0.5:
        if role == "customer_billing":
            rows.append(Row(voice.word("number"), ((voice.number("customer_id"),),)))
        else:
            rows.append(Row(voice.word("number"), ((rng.choice([digits(rng, 6), "GLN " + digits(rng, 13)]),),)))
    rows.append(
        Row(voice.word("name"), tuple([part] for part in split_lines(voice.party_name(party, role))), strong=rng.random() < 0.5)
    )
    contact = Row(voice.word("contact"), ((party.contact,),)) if rng.random() < 0.4 else None
    address = Row(voice.word("address"), tuple([part] for part in split_lines(voice.party_address(party, role))))
    rows += [contact, address] if contact else [address]
    rows += _entries_rows(voice.contact_entries(party, rng.randint(0, 3), vendor=role == "vendor"))
    if role in ("vendor", "customer_billing"):
        short = role.split("_")[0]
        if rng.random() < 0.7:
            rows.append(Row(*_pair(voice.tax_id(party, short))))
        if rng.random() < 0.25:
            rows.insert(rng.randint(1, len(rows)), Row(*_pair(voice.registration_id(party, short))))
    return rows


def _pair(entry: Entry) -> tuple[str, tuple[Line, ...]]:
    return entry.caption, (entry.line,)


def _sections(report: Report, *, titled: set[str]) -> None:
    """Document data and parties, in one of the usual orders; parties sometimes side by side."""
    rng, voice, invoice = report.desk.rng, report.desk.voice, report.desk.invoice
    entries = voice.meta_entries(rng.randint(2, 9))
    if rng.random() < 0.5:
        entries = [entry for entry in entries if entry.key not in titled]
    data_heading = voice.word("head_document") if rng.random() < 0.5 else ""
    parties = [
        (voice.word("head_seller"), invoice.vendor, "vendor"),
        (voice.word("head_buyer"), invoice.customer, "customer_billing"),
    ]
    if invoice.delivery:
        parties.append((voice.word("ship_to"), invoice.delivery, "customer_delivery"))
    if invoice.other:
        parties.append((voice.word("other_party"), invoice.other, "customer_other"))
    first = rng.random() < 0.7
    if first:
        _data(report, data_heading, entries)
    if report.look in ("plain", "cards") and rng.random() < 0.5:
        _side_by_side(report, parties[:2])
        parties = parties[2:]
    for heading, party, role in parties:
        report.heading(heading)
        report.rows(_party_rows(report, party, role))
    if not first:
        _data(report, data_heading or voice.word("head_document"), entries)
    if rng.random() < 0.4:
        report.rows(
            [
                Row(
                    rng.choice(["Bemerkung", "Note", "Info", "REG", "AAI"]),
                    tuple(tuple(line) for line in wrap(voice.sentence(rng.choice(voice.table["note"])), report.font, 260)),
                )
            ]
        )


def _data(report: Report, heading: str, entries: Sequence[Entry]) -> None:
    if heading:
        report.heading(heading)
    report.rows(_entries_rows(entries))


def _side_by_side(report: Report, parties: Sequence[tuple[str, Party, str]]) -> None:
    """Seller left, buyer right, each a list of captions and values."""
    report.need(report.step * 14)
    top, page = report.y, report.sheet.page
    lowest = top
    edges = (report.left, report.right)
    middle = (report.left + report.right) / 2
    for number, (heading, party, role) in enumerate(parties):
        report.y = top
        report.left, report.right = (edges[0], middle - 8) if number == 0 else (middle + 4, edges[1])
        report.heading(heading)
        report.rows(_party_rows(report, party, role), middle=report.left + 70)
        if report.sheet.page == page:
            lowest = max(lowest, report.y)
    report.left, report.right = edges
    report.y = max(lowest, report.y) if report.sheet.page == page else report.y


# Items -----------------------------------------------------------------------------------------------------------


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


def _items(report: Report, style: str) -> None:
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
    report._cells(cells, lefts, widths, aligns, report.font, band=False)


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
                tuple(tuple(line) for line in _wrapped(fact[key][1], report.font, report.right - report.middle - 10)),
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
        for line in _wrapped(head, report.font, limit) if length(head, report.font) > limit else [head]:
            report.sheet.text(report.left, report.y, line, report.font.heavy(report.value_bold))
            report.y += report.step
        second: list[Piece] = [*fact["quantity"][1], " ", *fact["unit"][1], times, *fact["price"][1]]
        if rng.random() < 0.6:
            second += [f"   {voice.word('tax_rate')} ", *fact["rate"][1]]
        report.sheet.text(report.left + 20, report.y, second, report.font)
        report.sheet.text(report.right - 8, report.y, fact["amount"][1], report.font, align=Align.RIGHT)
        report.y += report.step * 1.3
    report.space(report.gap)


# Taxes, totals, payment ------------------------------------------------------------------------------------------


def _closing(report: Report) -> None:
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
        rows += _entries_rows(voice.bank_entries())
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
        if invoice.shipping or rng.random() < 0.4:
            rows.append((voice.word("shipping"), voice.total((), invoice.shipping), False))
        if invoice.discount or rng.random() < 0.4:
            rows.append((voice.word("discount").format(percent="").strip(), voice.total((), -invoice.discount), False))
    strong = rng.random() < 0.7
    rows.append((voice.word("net_total"), voice.total(("amount_total_net",), invoice.net), strong))
    rows.append((voice.word("tax_total"), voice.total(("amount_total_tax",), invoice.tax), False))
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


def _margins(report: Report) -> None:
    """Running head and page numbers."""
    sheet, style, voice = report.sheet, report.desk.style, report.desk.voice
    pages = len(sheet.pages)
    template = report.desk.rng.choice(voice.table["page"])
    for page in range(1, pages + 1):
        sheet.page = page
        if report.header:
            sheet.text(report.left, style.top - 12, report.header, report.font.scaled(0.9))
        sheet.text(
            report.right, style.page[1] - 30, template.format(page=page, pages=pages), report.font.scaled(0.9), align=Align.RIGHT
        )


__all__ = ["FAMILIES", "Decimal", "Value", "draw_report"]
