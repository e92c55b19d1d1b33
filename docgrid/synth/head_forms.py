"""Heads in the manner of forms and programs: bands, boxes, columns, listings."""

from __future__ import annotations

from docgrid.synth.desk import Desk
from docgrid.synth.head_parts import caption_of, customer, delivery, facts, intro, title_of, vendor_top
from docgrid.synth.ink import WHITE, Align, Part, Piece, length
from docgrid.synth.voice import Entry


def three_columns(desk: Desk) -> float:
    """From, bill to and ship to side by side; then a row of facts."""
    style, sheet = desk.style, desk.sheet
    y, numbered = title_of(desk, style.left, style.top)
    desk.logo(style.right - 36, style.top - 4, 32)
    third = style.width / 3
    caption_of(desk, style.left, y + 6, "seller", third - 10)
    with sheet.within(style.left + third - 6):
        ends = [desk.party(style.left, y + 6 + style.body.size * 1.5, desk.invoice.vendor, "vendor")]
        ends[0] = desk.inline(style.left, ends[0], desk.vendor_details(count=3), style.small)
    ends.append(customer(desk, style.left + third, y + 6, caption=True, width=third - 10))
    ends.append(delivery(desk, style.left + 2 * third, y + 6, third - 4))
    y = max(ends) + 12
    entries = facts(desk, numbered=numbered, low=2, high=5)
    if desk.rng.random() < 0.6:
        y = desk.row(
            style.left,
            y,
            style.right,
            desk.wide(entries, style.width),
            ruled=desk.rng.random() < 0.4,
            filled=desk.rng.random() < 0.5,
        )
    else:
        sheet.rule(style.left, y - 4, style.right, y - 4, width=style.line)
        y = desk.pairs(style.left, y, style.left + style.width / 2, entries, style.body, bold=True)
    return intro(desk, y + 14)


def banner(desk: Desk) -> float:
    """A coloured band with the title; parties and facts in two columns."""
    style, sheet = desk.style, desk.sheet
    height = desk.rng.uniform(50, 80)
    sheet.box(0, 0, style.page[0], height, stroke=None, fill=style.accent)
    sheet.text(style.left, height / 2 - style.big.size / 2, desk.voice.title, style.big, colour=WHITE)
    name = desk.voice.party_name(desk.invoice.vendor, "vendor", one_line=True)
    sheet.text(
        style.right, height / 2 - style.body.size / 2, name, style.body.heavy().scaled(1.2), align=Align.RIGHT, colour=WHITE
    )
    y = height + 18
    middle = style.left + style.width * desk.rng.uniform(0.5, 0.6)
    left_end = customer(desk, style.left, y, caption=True)
    value = desk.voice.party_address(desk.invoice.vendor, "vendor")
    right_end = sheet.block(middle, y, [Part(text, value) for text in value.text.split("\n")], style.body, leading=style.leading)
    right_end = desk.inline(middle, right_end, desk.vendor_details(count=4), style.small)
    y = max(left_end, right_end) + 12
    entries = facts(desk, numbered=False)
    half = (len(entries) + 1) // 2
    first = desk.pairs(style.left, y, middle - 12, entries[:half], style.body, bold=desk.rng.random() < 0.5)
    second = desk.pairs(middle, y, style.right, entries[half:], style.body, bold=desk.rng.random() < 0.5)
    y = max(first, second)
    if desk.invoice.delivery:
        y = delivery(desk, style.left, y + 10)
    return intro(desk, y + 14)


def boxed(desk: Desk) -> float:
    """Seller and buyer in ruled boxes on the left, facts in a box on the right."""
    style, sheet = desk.style, desk.sheet
    middle = style.left + style.width * desk.rng.uniform(0.5, 0.56)
    y = style.top
    sheet.text(style.left + 2, y + 2, desk.voice.caption("seller"), style.small)
    with sheet.within(middle - 12):
        end = desk.party(style.left + 10, y + style.small.size * 1.6, desk.invoice.vendor, "vendor")
        end = desk.inline(style.left + 10, end + 2, desk.vendor_details(count=2), style.small) + 4
    sheet.box(style.left, y, middle - 10, end, width=style.line)
    sheet.text(style.left + 2, end + 3, desk.voice.caption("bill_to"), style.small)
    with sheet.within(middle - 12):
        bottom = desk.party(style.left + 10, end + style.small.size * 1.7, desk.invoice.customer, "customer_billing")
        bottom = desk.inline(style.left + 10, bottom + 2, desk.customer_details(), style.small) + 4
    sheet.box(style.left, end, middle - 10, bottom, width=style.line)
    top, numbered = title_of(desk, middle + 4, y + 2, with_number=False)
    right_end = y + (top - y)
    for entry in facts(desk, numbered=numbered, low=2, high=6):
        sheet.text(middle + 3, right_end + 2, entry.caption, style.small)
        sheet.text(
            style.right - 3,
            right_end + style.small.size * 0.9,
            entry.line,
            style.body.heavy(desk.rng.random() < 0.7),
            align=Align.RIGHT,
        )
        right_end += style.body.size * 2.1
        sheet.rule(middle, right_end, style.right, right_end, width=style.line)
    sheet.box(middle, y, style.right, max(right_end, bottom), width=style.line)
    y = max(right_end, bottom) + 12
    if desk.invoice.delivery or desk.invoice.other:
        y = delivery(desk, style.left, y) + 10
    return intro(desk, y)


def grid(desk: Desk) -> float:
    """A form of boxes: each with a heading and lines of `CAPTION : value`."""
    style, sheet, voice, invoice = desk.style, desk.sheet, desk.voice, desk.invoice
    gap = 8
    middle = style.left + style.width / 2
    font = style.body.slanted(desk.rng.random() < 0.4)
    key = "credit_id" if invoice.credit else "document_id"
    sheet.box(style.left, style.top, middle - gap, style.top + 44, width=1)
    sheet.text(
        style.left + 4, style.top + 14, voice.party_name(invoice.vendor, "vendor", one_line=True), font.heavy().scaled(1.2)
    )
    sheet.box(middle, style.top, style.right, style.top + 44, width=1, fill=style.tint)
    for number, (caption, value) in enumerate(
        ((voice.caption(key), voice.number("document_id")), (voice.caption("date_issue"), voice.date_value("date_issue")))
    ):
        sheet.text(middle + 4, style.top + 8 + 17 * number, caption + " :", style.body.heavy())
        sheet.text(style.right - 8, style.top + 8 + 17 * number, value, font.heavy(desk.rng.random() < 0.6), align=Align.RIGHT)
    y = style.top + 44 + gap
    with sheet.within(middle - gap - 4):
        left_end = desk.party(style.left + 4, y + 4, invoice.vendor, "vendor", font=font)
        left_end = desk.inline(style.left + 4, left_end, desk.vendor_details(), font)
    sheet.text(middle + 4, y + 3, voice.caption("bill_to"), style.body.heavy())
    right_end = desk.party(middle + 8, y + 8 + style.step, invoice.customer, "customer_billing", font=font)
    right_end = desk.inline(middle + 8, right_end, desk.customer_details(), font)
    bottom = max(left_end, right_end) + 4
    sheet.box(style.left, y, middle - gap, bottom, width=1)
    sheet.box(middle, y, style.right, bottom, width=1)
    y = bottom + gap
    entries = [entry for entry in voice.meta_entries(desk.rng.randint(3, 8)) if entry.key not in ("document_id", "date_issue")]
    sheet.text(style.left + 4, y + 3, voice.word("head_document"), style.body.heavy())
    with sheet.within(middle - gap - 4):
        left_end = desk.inline(style.left + 4, y + 4 + style.step, entries, font)
    right_end = delivery(desk, middle + 8, y + 3, 100)
    bottom = max(left_end, right_end) + 4
    sheet.box(style.left, y, middle - gap, bottom, width=1)
    if right_end > y + 3:
        sheet.box(middle, y, style.right, bottom, width=1)
    return bottom + gap


def listing(desk: Desk) -> float:
    """A print of an old program: typewriter face, columns of parties, captions with aligned colons."""
    style, sheet, voice, invoice = desk.style, desk.sheet, desk.voice, desk.invoice
    third = style.width * 0.33
    y = style.top + 20
    ends = []
    for number, (key, party, role) in enumerate(
        (("seller", invoice.vendor, "vendor"), ("bill_to", invoice.customer, "customer_billing"))
    ):
        x = style.left + 4 + number * third
        sheet.text(x, y, voice.caption(key), style.body.heavy())
        details = desk.vendor_details(count=3) if role == "vendor" else desk.customer_details()
        with sheet.within(x + third - 6):
            end = desk.party(x, y + style.step, party, role, bold_name=False)
            ends.append(desk.inline(x, end + style.step, details, style.body))
    x = style.left + 2 * third + 8
    sheet.text(
        x,
        y,
        " ".join(voice.title.upper()) if len(voice.title) < 14 and " " not in voice.title else voice.title.upper(),
        style.body.heavy(),
    )
    ends.append(_aligned(desk, x, y + 2 * style.step, voice.meta_entries(desk.rng.randint(2, 7))))
    y = max(ends) + 6
    if invoice.delivery:
        y = delivery(desk, style.left + 4, y)
    sheet.rule(style.left, y + 4, style.right, y + 4, width=style.line)
    return y + 8


def summary_box(desk: Desk) -> float:
    """A bill with a box that sums it up: account, amount due, due date."""
    style, sheet, voice = desk.style, desk.sheet, desk.voice
    voice.shows_due = True
    left_end = vendor_top(desk, style.left, style.top)
    x = style.left + style.width * 0.55
    entries = [
        *[entry for entry in voice.meta_entries(3) if entry.key != "date_due"],
        Entry("date_due", voice.caption("date_due"), (voice.date_value("date_due"),)),
        Entry("amount_due", voice.caption("amount_due"), voice.total(("amount_due",), desk.invoice.due)),
    ]
    below = desk.pairs(
        x + 8, style.top + 8, style.right - 8, entries, style.body, values_right=True, bold_value=desk.rng.random() < 0.4
    )
    sheet.underlay(x, style.top, style.right, below + 4, style.tint)
    sheet.box(x, style.top, style.right, below + 4, width=style.line)
    y = max(left_end, below) + 20
    end = customer(desk, style.left, y)
    second = delivery(desk, x, y)
    y, _ = title_of(desk, style.left, max(end, second) + 14)
    return intro(desk, y)


def header_line(desk: Desk) -> float:
    """Vendor's data small in the page header; title with number; captions in grey cells."""
    style, sheet, voice = desk.style, desk.sheet, desk.voice
    desk.logo(style.left, style.top - 6, 34)
    x = style.left + desk.rng.uniform(80, 130)
    joint = " - "
    vendor = desk.invoice.vendor
    sheet.text(
        x,
        style.top - 4,
        [voice.party_name(vendor, "vendor", one_line=True), joint, voice.party_address(vendor, "vendor", joint=joint)],
        style.small,
    )
    y = style.top - 4
    for entries in (desk.vendor_details(count=2), [voice.tax_id(vendor, "vendor"), voice.registration_id(vendor, "vendor")]):
        y += style.small.size * 1.25
        line: list[Piece] = []
        for entry in entries:
            line += [(joint if line else "") + entry.caption + " : ", *entry.line]
        sheet.text(x, y, line, style.small)
    y, numbered = title_of(desk, style.left, y + 26)
    middle = style.left + style.width * 0.54
    right_end = customer(desk, middle, y + 8, caption=desk.rng.random() < 0.3)
    left_end = y + 8
    if desk.invoice.delivery or desk.invoice.other:
        left_end = delivery(desk, style.left + 2, y + 8, middle - style.left - 20) + 8
    sheet.limit = middle - 4
    for entry in facts(desk, numbered=numbered):
        sheet.box(style.left, left_end - 2, style.left + 104, left_end + style.step, stroke=None, fill=style.tint)
        sheet.text(style.left + 3, left_end, entry.caption, style.body.heavy())
        sheet.text(style.left + 110, left_end, entry.line, style.body)
        left_end += style.step + 3
    desk.sheet.limit = style.page[0] - 10
    return intro(desk, max(left_end, right_end) + 14)


def _aligned(desk: Desk, x: float, y: float, entries: list[Entry]) -> float:
    """Captions filled up with spaces so that the colons stand under each other."""
    longest = max(len(entry.caption) for entry in entries)
    room = desk.style.right - x - desk.style.body.width("n") * (longest + 3)
    needed = ("document_id", "date_issue")
    entries = [entry for entry in entries if entry.key in needed or length(entry.line, desk.style.body) <= room]
    for entry in entries:
        end = desk.sheet.text(x, y, entry.caption.ljust(longest) + " : ", desk.style.body)
        desk.sheet.text(end, y, entry.line, desk.style.body)
        y += desk.style.step
    return y
