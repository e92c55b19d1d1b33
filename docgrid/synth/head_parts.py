"""The parts that heads are made of: letterheads, address blocks, captions, titles and facts."""

from __future__ import annotations

from docgrid.synth.desk import Desk
from docgrid.synth.ink import Align, Font, Line, Part, Piece, wrap
from docgrid.synth.parties import Party
from docgrid.synth.voice import Entry


def sender_line(desk: Desk, x: float, y: float) -> None:
    """The small line with the sender above a window address."""
    voice, vendor = desk.voice, desk.invoice.vendor
    joint = desk.rng.choice([" · ", " - ", ", ", " | ", " * "])
    font = desk.style.small.scaled(0.85)
    line: list[Piece] = [
        voice.party_name(vendor, "vendor", one_line=True),
        joint,
        voice.party_address(vendor, "vendor", joint=joint),
    ]
    end = desk.sheet.text(x, y, line, font)
    if desk.rng.random() < 0.5:
        desk.sheet.rule(x, y + font.size * 1.1, end, y + font.size * 1.1, width=0.3)


def vendor_top(desk: Desk, x: float, y: float, *, align: Align = Align.LEFT, address: bool = True, details: int = 3) -> float:
    """Name as a letterhead, address, ways to reach."""
    style, sheet, vendor = desk.style, desk.sheet, desk.invoice.vendor
    big = style.body.scaled(desk.rng.uniform(1.2, 2.2)).heavy(desk.rng.random() < 0.8)
    name = desk.voice.party_name(vendor, "vendor", one_line=True)
    while big.width(name.text) > style.width * (0.9 if align is Align.CENTRE else 0.55) and big.size > 7:
        big = big.scaled(0.9)
    sheet.text(x, y, name, big, align=align, colour=desk.heading_colour())
    y += big.size * 1.3
    small = desk.rng.choice([style.body, style.small])
    if address:
        joint = (
            desk.rng.choice(["\n", "\n", ", ", " - "])
            if align is not Align.CENTRE
            else desk.rng.choice(["\n", ", ", " - ", " · "])
        )
        value = desk.voice.party_address(vendor, "vendor", joint=joint)
        y = sheet.block(x, y, [Part(text, value) for text in value.text.split("\n")], small, leading=style.leading, align=align)
    entries = desk.vendor_details(count=details)
    if entries and details:
        if desk.rng.random() < 0.25 and align is not Align.RIGHT:
            line: list[Piece] = []
            for entry in entries[:3]:
                line += [("  " if line else "") + entry.caption + ": ", *entry.line]
            sheet.text(x, y, line, style.small.scaled(0.9), align=align)
            y += small.size * style.leading
        else:
            y = desk.inline(x, y, entries, small, align=align)
    return y


def customer(desk: Desk, x: float, y: float, *, caption: bool | None = None, details: bool = True, width: float = 220) -> float:
    """The billing address, often under a caption."""
    style, rng = desk.style, desk.rng
    if rng.random() < 0.7 if caption is None else caption:
        caption_of(desk, x, y, "bill_to", width)
        y += style.body.size * 1.5
    with desk.sheet.within(x + width):
        y = desk.party(x, y, desk.invoice.customer, "customer_billing", contact=rng.random() < 0.12)
        if details:
            entries = desk.customer_details()
            y = desk.inline(x, y + 2, entries, rng.choice([style.body, style.small])) if entries else y
    return y


def caption_of(desk: Desk, x: float, y: float, key: str, width: float) -> None:
    """The caption of an address: plain, small, coloured, or on a grey bar."""
    style = desk.style
    kind = desk.rng.random()
    text = desk.voice.caption(key)
    if kind < 0.2:
        desk.sheet.box(x - 2, y - 2, x + width, y + style.body.size * 1.25, stroke=None, fill=style.tint)
        desk.sheet.text(x, y, text, style.body.heavy())
    elif kind < 0.45:
        desk.sheet.text(x, y, text + desk.voice.colon, style.small)
    else:
        desk.sheet.text(x, y, text + desk.voice.colon, style.body.heavy(), colour=desk.heading_colour())


def delivery(desk: Desk, x: float, y: float, width: float = 200) -> float:
    """The delivery address, where it differs; or another party."""
    delivery, other = desk.invoice.delivery, desk.invoice.other
    party: Party | None = delivery or other
    if party is None:
        return y
    caption_of(desk, x, y, "ship_to" if delivery else "other_party", width)
    y += desk.style.body.size * 1.5
    with desk.sheet.within(x + max(width, 120)):
        return desk.party(x, y, party, "customer_delivery" if delivery else "customer_other")


def title_of(
    desk: Desk, x: float, y: float, *, align: Align = Align.LEFT, with_number: bool = True, line: Line | None = None
) -> tuple[float, bool]:
    """The title, or the `line` given for it; gives back the y below and whether the number was in it."""
    numbered = False
    if line is None:
        line, numbered = desk.title_line() if with_number else ((desk.voice.title,), False)
    font = desk.style.big
    while sum(font.width(piece if isinstance(piece, str) else piece.text) for piece in line) > desk.style.width * 0.95:
        font = font.scaled(0.88)
    desk.sheet.text(x, y, line, font, align=align, colour=desk.heading_colour())
    return y + font.size * 1.5, numbered


def facts(desk: Desk, *, numbered: bool, low: int = 1, high: int = 6) -> list[Entry]:
    """Captions with values; mostly without the number when the title has it."""
    entries = desk.voice.meta_entries(desk.rng.randint(low, high))
    if numbered and desk.rng.random() < 0.8:
        entries = [entry for entry in entries if entry.key != "document_id"]
    return entries


def intro(desk: Desk, y: float) -> float:
    """A sentence before the table, sometimes."""
    if desk.rng.random() < 0.3:
        y = desk.sheet.paragraph(
            desk.left, y, desk.right - desk.left, desk.rng.choice(desk.voice.table["intro"]), desk.style.body
        )
        y += desk.style.step * 0.6
    return y


def name_lines(desk: Desk, width: float, font: Font) -> list[list[Piece]]:
    """The name of the vendor, broken to a width."""
    return wrap(desk.voice.party_name(desk.invoice.vendor, "vendor", one_line=True), font, width)
