"""Invoices put together: a head, a table, totals and a footer, each drawn from its choices."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from docgrid.synth.content import Invoice, make_invoice
from docgrid.synth.desk import Desk
from docgrid.synth.heads import HEADS
from docgrid.synth.ink import Align, Line, Piece, Sheet, split_lines
from docgrid.synth.style import Style, make_style
from docgrid.synth.table import GoodsTable, Rules
from docgrid.synth.totals import TotalsPlace, draw_closing, draw_tax_detail, draw_totals
from docgrid.synth.voice import Voice

FAMILIES: tuple[str, ...] = tuple(f"{head}/{rules}" for head in HEADS for rules in Rules)


def draw_invoice(rng: Random, family: str) -> tuple[Invoice, Sheet]:
    """One invoice of a family, such as `classic/grid`."""
    head, rules = family.split("/")
    invoice = make_invoice(rng)
    style = invoice_style(rng, invoice, head)
    return invoice, draw_pages(Desk(invoice, style, Voice(invoice, rng), rng), head, Rules(rules))


def invoice_style(rng: Random, invoice: Invoice, head: str) -> Style:
    """A look that suits a head."""
    return make_style(
        rng, american=invoice.home.code == "US", mono=head == "listing", compact=head in ("grid", "listing", "left-column")
    )


def draw_pages(desk: Desk, head: str, rules: Rules, *, bank: bool = True) -> Sheet:
    """Head, table, totals and footers; `bank` says whether the closing words may tell the account to pay to."""
    y = HEADS[head](desk)
    if desk.rng.random() < 0.97:  # some invoices tell only their sums
        y = GoodsTable(desk, rules, lambda: _next_page(desk)).draw(y)
    _finish(desk, y + desk.rng.uniform(0, 14), bank=bank)
    _decorate(desk)
    _footers(desk)
    return desk.sheet


def _next_page(desk: Desk) -> float:
    """A new page with its short header; gives back the y where it goes on."""
    desk.sheet.add_page()
    style, voice, rng = desk.style, desk.voice, desk.rng
    y = style.top
    if rng.random() < 0.5:
        line: list[Piece] = [voice.caption("document_id"), " ", voice.number("document_id")]
        if rng.random() < 0.5:
            line += ["  ", voice.caption("date_issue"), " ", voice.date_value("date_issue")]
        desk.sheet.text(desk.left, y, line, style.small)
        y += style.step * 1.6
    elif rng.random() < 0.4:
        desk.sheet.text(desk.left, y, voice.party_name(desk.invoice.vendor, "vendor", one_line=True), style.small.heavy())
        y += style.step * 1.6
    return y


def _finish(desk: Desk, y: float, *, bank: bool) -> None:
    """Totals, tax table and closing words; on the next page where they do not fit."""
    rng = desk.rng
    place = rng.choices(list(TotalsPlace), [38, 16, 16, 12, 11, 7])[0]
    detail = (
        place is not TotalsPlace.MATRIX
        and desk.invoice.tax != 0
        and rng.random() < (0.6 if len(desk.invoice.tax_lines) > 1 else 0.15)
    )
    bank = rng.random() < 0.35 and bank
    need = desk.style.step * (12 + (len(desk.invoice.tax_lines) + 2) * detail)
    if y + need > desk.style.bottom:
        y = _next_page(desk)
    beside = detail and place in (TotalsPlace.RIGHT, TotalsPlace.BOXED) and rng.random() < 0.4
    if beside and desk.right - desk.left > 430:
        end = draw_tax_detail(desk, y, left=desk.left, right=desk.left + (desk.right - desk.left) * 0.42)
        y = max(end, draw_totals(desk, y, place))
    elif detail and rng.random() < 0.4:
        y = draw_tax_detail(desk, y, left=desk.left, right=desk.left + (desk.right - desk.left) * rng.uniform(0.5, 1.0))
        y = draw_totals(desk, y + 6, place)
    else:
        y = draw_totals(desk, y, place)
        if detail:
            y = draw_tax_detail(desk, y + 6, left=desk.left, right=desk.left + (desk.right - desk.left) * rng.uniform(0.5, 1.0))
    if y + desk.style.step * 9 > desk.style.bottom:
        y = _next_page(desk)
    draw_closing(desk, y + rng.uniform(6, 24), bank=bank)


def _decorate(desk: Desk) -> None:
    """Stamps, watermarks, bar codes and side prints: no field, only in the way."""
    rng, sheet, style = desk.rng, desk.sheet, desk.style
    colour = style.tint
    if rng.random() < 0.03:
        text = rng.choice(desk.voice.table["stamp"])
        sheet.page = 1
        sheet.turned_text(style.left + 60, style.page[1] * 0.7, text, style.body.heavy().scaled(6), rng.uniform(20, 50), colour)
    if rng.random() < 0.04:
        _bar_code(desk, style.right - 120, max(12, style.top - 24))


def _bar_code(desk: Desk, x: float, y: float) -> None:
    rng = desk.rng
    for _ in range(36):
        width = rng.choice([0.6, 1.2, 1.8])
        desk.sheet.box(x, y, x + width, y + 16, stroke=None, fill=desk.style.ink)
        x += width + rng.choice([0.8, 1.4, 2.0])


def _footers(desk: Desk) -> None:
    """The foot of every page: page number and one of several footers."""
    rng, sheet = desk.rng, desk.sheet
    footer: Callable[[Desk, float], None] = rng.choice([_columns, _columns, _one_line, _two_lines, _nothing])
    page_key = rng.choice(desk.voice.table["page"])
    numbered = len(sheet.pages) > 1 or rng.random() < 0.35
    place = rng.choice(["left", "right", "right", "centre", "top"])
    every = rng.random() < 0.8
    for key in ("director", "court", "capital", "phone", "fax", "web", "email"):
        desk.voice.word(key)  # what is drawn once must not be drawn between two pages
    desk.voice.bank_entries()
    desk.voice.registration_id(desk.invoice.vendor, "vendor")
    desk.voice.tax_id(desk.invoice.vendor, "vendor")
    state = rng.getstate()
    for page in range(1, len(sheet.pages) + 1):
        sheet.page = page
        rng.setstate(state)  # the footer is the same on every page
        if every or page == len(sheet.pages):
            footer(desk, desk.style.page[1] - rng.uniform(52, 62))
        if numbered:
            _page_number(desk, page_key.format(page=page, pages=len(sheet.pages)), place)


def _page_number(desk: Desk, text: str, place: str) -> None:
    style, sheet = desk.style, desk.sheet
    y = 14.0 if place == "top" else style.page[1] - 18
    if place == "left":
        sheet.text(style.left, y, text, style.small)
    elif place == "centre":
        sheet.text(style.page[0] / 2, y, text, style.small, align=Align.CENTRE)
    else:
        sheet.text(style.right, y, text, style.small, align=Align.RIGHT)


def _columns(desk: Desk, y: float) -> None:
    """Three or four columns of company data in small print."""
    style, sheet, rng, voice = desk.style, desk.sheet, desk.rng, desk.voice
    vendor = desk.invoice.vendor
    font = style.small.scaled(0.82)
    if rng.random() < 0.7:
        sheet.rule(style.left, y - 4, style.right, y - 4, width=0.4)
    register = voice.registration_id(vendor, "vendor")
    columns: list[list[list[Piece] | Line]] = [
        [[voice.party_name(vendor, "vendor", one_line=True)], *_address_parts(desk)],
        [_joined(entry.caption, entry.line) for entry in voice.contact_entries(vendor, 4)],
        [_joined(entry.caption, entry.line) for entry in voice.bank_entries()],
        [
            [f"{voice.word('director')}: {vendor.contact}"],
            [f"{voice.word('court')} {vendor.city}"],
            _joined(register.caption, register.line),
            _joined(*_tax_pair(desk)),
        ],
    ]
    if rng.random() < 0.4:
        rng.shuffle(columns)
    columns = columns[: rng.choice([3, 4, 4])]
    widest = (style.right - style.left) / len(columns)
    for number, lines in enumerate(columns):
        longest = max((sum(font.width(_plain(piece)) for piece in line) for line in lines), default=0)
        fitted = font if longest < widest - 4 else font.scaled(max(0.6, (widest - 4) / longest))
        sheet.block(style.left + number * widest, y, lines[:4], fitted, leading=1.18)


def _plain(piece: Piece) -> str:
    return piece if isinstance(piece, str) else piece.text


def _address_parts(desk: Desk) -> list[list[Piece]]:
    parts: list[Piece] = [*split_lines(desk.voice.party_address(desk.invoice.vendor, "vendor"))]
    return [[part] for part in parts[:3]]


def _tax_pair(desk: Desk) -> tuple[str, Line]:
    entry = desk.voice.tax_id(desk.invoice.vendor, "vendor")
    return entry.caption, entry.line


def _joined(caption: str, line: Line) -> list[Piece]:
    return [caption.rstrip(":") + ": ", *line]


def _one_line(desk: Desk, y: float) -> None:
    """Everything about the company in one centred line."""
    voice, vendor = desk.voice, desk.invoice.vendor
    joint = desk.rng.choice([" - ", " | ", " · ", ", "])
    pieces: list[Piece] = [voice.party_name(vendor, "vendor", one_line=True)]
    if desk.rng.random() < 0.7:
        pieces += [joint, voice.party_address(vendor, "vendor", joint=", ")]
    for entry in (voice.contact_entries(vendor, 1)[:1]) + [voice.tax_id(vendor, "vendor")]:
        pieces += [joint + entry.caption + " ", *entry.line]
    _centred(desk, y + 16, pieces)


def _two_lines(desk: Desk, y: float) -> None:
    """Company in the first line, bank in the second."""
    voice, vendor, rng = desk.voice, desk.invoice.vendor, desk.rng
    first: list[Piece] = [voice.party_name(vendor, "vendor", one_line=True)]
    if rng.random() < 0.5:
        first.append(f" - {voice.word('capital')} {rng.choice([8, 10, 25, 50, 100])}.000 {desk.invoice.currency}")
    register = voice.registration_id(vendor, "vendor")
    first += [" - " + register.caption + " ", *register.line]
    second: list[Piece] = []
    for entry in voice.bank_entries():
        second += [("  " if second else "") + entry.caption + ": ", *entry.line]
    _centred(desk, y + 8, first)
    _centred(desk, y + 20, second)


def _centred(desk: Desk, y: float, pieces: list[Piece]) -> None:
    font = desk.style.small.scaled(0.9)
    while sum(font.width(_plain(piece)) for piece in pieces) > desk.style.width and font.size > 4.5:
        font = font.scaled(0.92)
    desk.sheet.text((desk.style.left + desk.style.right) / 2, y, pieces, font, align=Align.CENTRE)


def _nothing(desk: Desk, y: float) -> None:
    """No footer."""
