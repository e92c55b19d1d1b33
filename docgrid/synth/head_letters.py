"""Heads in the manner of letters: a letterhead, an address, facts."""

from __future__ import annotations

from docgrid.synth.desk import Desk
from docgrid.synth.head_parts import customer, delivery, facts, intro, name_lines, sender_line, title_of, vendor_top
from docgrid.synth.ink import Align, Part


def window_pairs(desk: Desk) -> float:
    """A letter with a window address; facts to its right."""
    style = desk.style
    right_top = desk.rng.random() < 0.6
    top_end = vendor_top(
        desk,
        style.right if right_top else style.left,
        style.top,
        align=Align.RIGHT if right_top else Align.LEFT,
        address=desk.rng.random() < 0.5,
        details=4,
    )
    y = 135 + desk.rng.uniform(0, 15)
    sender_line(desk, style.left, y - 8)
    end = customer(desk, style.left, y + 8, caption=desk.rng.random() < 0.1, details=False)
    x = style.left + style.width * desk.rng.uniform(0.55, 0.66)
    line, numbered = desk.title_line()
    entries = facts(desk, numbered=numbered)
    start = max(y + 8, top_end + 6) if right_top else y + 8
    below = desk.pairs(x, start, style.right, entries, style.body, values_right=desk.rng.random() < 0.5)
    y, _ = title_of(desk, style.left, max(end, 235, below) + 12, line=line)
    if desk.rng.random() < 0.2:
        desk.sheet.rule(style.left, y - 4, style.right, y - 4, width=style.line)
    return intro(desk, y + 4)


def window_row(desk: Desk) -> float:
    """A window address, then the facts side by side in a row."""
    style = desk.style
    vendor_top(desk, style.left + style.width / 2, style.top, align=Align.CENTRE, address=desk.rng.random() < 0.6, details=2)
    y = 140 + desk.rng.uniform(0, 15)
    sender_line(desk, style.left, y - 8)
    end = customer(desk, style.left, y + 8, caption=False, details=False)
    delivery(desk, style.left + style.width * 0.6, y + 8)
    y, numbered = title_of(desk, style.left, max(end, 232) + 20)
    entries = desk.wide(facts(desk, numbered=numbered, low=2, high=5), style.width)
    y = desk.row(style.left, y + 2, style.right, entries, ruled=desk.rng.random() < 0.5, filled=desk.rng.random() < 0.5)
    return intro(desk, y + 14)


def window_sidebar(desk: Desk) -> float:
    """A letter with the vendor's details in a narrow column on the right."""
    style, sheet = desk.style, desk.sheet
    column = style.right - 118
    desk.logo(column, style.top, 34)
    y = sheet.block(column, style.top + 44, name_lines(desk, 118, desk.style.small.heavy()), desk.style.small.heavy())
    value = desk.voice.party_address(desk.invoice.vendor, "vendor")
    y = sheet.block(column, y, [Part(text, value) for text in value.text.split("\n")], style.small)
    y = desk.stacked(
        column,
        y + 8,
        118,
        [*desk.vendor_details(), *facts(desk, numbered=False, low=0, high=3)],
        style.small,
        style.small.scaled(0.85),
    )
    sender_line(desk, style.left, 132)
    end = customer(desk, style.left, 148, caption=False, details=False)
    with sheet.within(column - 8):
        title, _ = title_of(desk, style.left, max(end, 230) + 16)
    return intro(desk, max(title + 4, y + 10))


def classic(desk: Desk) -> float:
    """Vendor left, large title right with the facts under it, addresses side by side."""
    style = desk.style
    if desk.rng.random() < 0.3:
        desk.logo(style.left, style.top, 30)
        left_end = vendor_top(desk, style.left, style.top + 36)
    else:
        left_end = vendor_top(desk, style.left, style.top)
    y, numbered = title_of(desk, style.right, style.top, align=Align.RIGHT, with_number=False)
    x = style.left + style.width * 0.6
    right_end = desk.pairs(
        x, y + 4, style.right, facts(desk, numbered=numbered), style.body, values_right=True, bold=desk.rng.random() < 0.4
    )
    y = max(left_end, right_end) + 18
    first = customer(desk, style.left, y)
    second = delivery(desk, style.left + style.width * 0.5, y)
    return intro(desk, max(first, second) + 16)


def centred(desk: Desk) -> float:
    """Everything of the vendor centred; customer left, facts right."""
    style = desk.style
    y = vendor_top(desk, style.left + style.width / 2, style.top, align=Align.CENTRE, details=4)
    desk.sheet.rule(style.left, y + 4, style.right, y + 4, width=style.line * 2, colour=style.accent)
    y, numbered = title_of(desk, style.left + style.width / 2, y + 14, align=Align.CENTRE)
    first = customer(desk, style.left, y + 4)
    second = desk.pairs(
        style.left + style.width * 0.58,
        y + 4,
        style.right,
        facts(desk, numbered=numbered),
        style.body,
        values_right=desk.rng.random() < 0.4,
    )
    y = max(first, second)
    if desk.invoice.delivery:
        y = delivery(desk, style.left, y + 10)
    return intro(desk, y + 16)


def customer_right(desk: Desk) -> float:
    """Vendor left, the address of the customer to the right and lower, as in French letters."""
    style = desk.style
    left_end = vendor_top(desk, style.left, style.top)
    x = style.left + style.width * desk.rng.uniform(0.52, 0.6)
    right_end = customer(desk, x, style.top + desk.rng.uniform(40, 90), details=desk.rng.random() < 0.3, width=style.right - x)
    y, numbered = title_of(desk, style.left, max(left_end, right_end) + 14)
    entries = facts(desk, numbered=numbered)
    kind = desk.rng.random()
    if kind < 0.45:
        y = desk.inline(style.left, y, entries, style.body, bold=desk.rng.random() < 0.3)
    elif kind < 0.75:
        y = desk.row(style.left, y, style.right, desk.wide(entries, style.width), ruled=True, filled=desk.rng.random() < 0.5)
    else:
        y = desk.pairs(style.left, y, style.left + style.width * 0.6, entries, style.body)
    if desk.invoice.delivery:
        y = delivery(desk, style.left, y + 8)
    return intro(desk, y + 12)


def lean(desk: Desk) -> float:
    """Title first, facts under it, addresses side by side, the amount due as a sentence."""
    style, sheet, voice = desk.style, desk.sheet, desk.voice
    y, _ = title_of(desk, style.left, style.top, with_number=False)
    desk.logo(style.right - 30, style.top, 28)
    y = desk.pairs(
        style.left,
        y + 2,
        style.left + style.width * 0.55,
        facts(desk, numbered=False, high=4),
        style.body,
        bold=desk.rng.random() < 0.5,
    )
    y += 14
    with sheet.within(style.left + style.width * 0.48):
        first = desk.party(style.left, y, desk.invoice.vendor, "vendor", bold_name=True)
        first = desk.inline(style.left, first, desk.vendor_details(count=2), style.body)
    second = customer(desk, style.left + style.width * 0.5, y, caption=True)
    y = max(first, second) + 18
    if desk.rng.random() < 0.6:
        sheet.text(
            style.left, y, voice.sentence(desk.rng.choice(voice.table["pay_sentence"][1:2])), style.body.scaled(1.5).heavy()
        )
        y += style.body.size * 2.6
    if desk.invoice.delivery:
        y = delivery(desk, style.left, y) + 12
    return y


def left_column(desk: Desk) -> float:
    """Vendor and facts in a tinted column on the left that runs down the page."""
    style, sheet = desk.style, desk.sheet
    width = desk.rng.uniform(125, 150)
    sheet.box(0, 0, style.left + width - 10, style.page[1], stroke=None, fill=style.tint)
    lines = name_lines(desk, width - 18, style.body.heavy())
    y = sheet.block(style.left, style.top, lines, style.body.heavy())
    address = desk.voice.party_address(desk.invoice.vendor, "vendor")
    y = sheet.block(style.left, y + 3, [Part(text, address) for text in address.text.split("\n")], style.small)
    y = desk.stacked(
        style.left,
        y + 10,
        width - 18,
        [*facts(desk, numbered=False), *desk.vendor_details()],
        style.body.scaled(0.92),
        style.small.scaled(0.9),
    )
    desk.left = style.left + width
    top, _ = title_of(desk, desk.left, style.top, with_number=False)
    end = customer(desk, desk.left, top + 8)
    second = delivery(desk, desk.left + (desk.right - desk.left) * 0.52, top + 8, 120)
    return intro(desk, max(end, second) + 20)
