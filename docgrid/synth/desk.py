"""The desk a layout works at: sheet, style and voice together, with the blocks that all layouts are made of."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from docgrid.synth.content import Invoice
from docgrid.synth.ink import WHITE, Align, Colour, Font, Line, Piece, Sheet, length, split_lines, wrap
from docgrid.synth.parties import Party
from docgrid.synth.style import Style
from docgrid.synth.voice import Entry, Voice


class Desk:
    """Everything that the parts of a layout share."""

    def __init__(self, invoice: Invoice, style: Style, voice: Voice, rng: Random) -> None:
        self.invoice = invoice
        self.style = style
        self.voice = voice
        self.rng = rng
        self.sheet = Sheet(*style.page, colour=style.ink)
        self.left = style.left  # the column that the body of the document may use
        self.right = style.right
        self.footed = False  # whether the head has shown the vendor's details already

    # Parties --------------------------------------------------------------------------------------------------------

    def party_lines(self, party: Party, role: str, *, contact: bool = False) -> list[list[Piece]]:
        """Name, contact and address, line by line."""
        voice = self.voice
        lines: list[list[Piece]] = [[part] for part in split_lines(voice.party_name(party, role))]
        if contact:
            prefix = self.rng.choice(["", self.rng.choice(voice.table["salutations"]) + " ", "c/o ", "Attn: "])
            lines.append([prefix + party.contact])
        lines += [[part] for part in split_lines(voice.party_address(party, role))]
        return lines

    def party(
        self,
        x: float,
        y: float,
        party: Party,
        role: str,
        *,
        font: Font | None = None,
        bold_name: bool | None = None,
        contact: bool = False,
    ) -> float:
        """Draw name and address as a block."""
        font = font or self.style.body
        lines = self.party_lines(party, role, contact=contact)
        names = len(party.name_lines)
        bold = self.rng.random() < 0.4 if bold_name is None else bold_name
        y = self.sheet.block(x, y, lines[:names], font.heavy(bold or font.bold), leading=self.style.leading)
        return self.sheet.block(x, y, lines[names:], font, leading=self.style.leading)

    def vendor_details(self, *, count: int | None = None) -> list[Entry]:
        """Ways to reach the vendor and its numbers."""
        rng, voice, vendor = self.rng, self.voice, self.invoice.vendor
        entries = voice.contact_entries(vendor, rng.randint(1, 4))
        if rng.random() < 0.6:
            entries.append(voice.tax_id(vendor, "vendor"))
        if rng.random() < 0.3:
            entries.append(voice.registration_id(vendor, "vendor"))
        return entries[:count]

    def customer_details(self) -> list[Entry]:
        """Numbers of the customer, sometimes none."""
        rng, voice, customer = self.rng, self.voice, self.invoice.customer
        entries = []
        if rng.random() < 0.25:
            entries.append(voice.tax_id(customer, "customer"))
        if rng.random() < 0.1:
            entries.append(voice.registration_id(customer, "customer"))
        if rng.random() < 0.12:
            entries.append(Entry("customer_id", voice.caption("customer_id"), (voice.number("customer_id"),)))
        if rng.random() < 0.12:
            entries += voice.contact_entries(customer, 2, vendor=False)
        return entries

    # Captions with values ----------------------------------------------------------------------------------------

    def inline(
        self, x: float, y: float, entries: Sequence[Entry], font: Font, *, align: Align = Align.LEFT, bold: bool = False
    ) -> float:
        """`Caption: value` on one line each."""
        for entry in entries:
            self.inline_entry(x, y, entry, font, align=align, bold=bold)
            y += font.size * self.style.leading
        return y

    def inline_entry(
        self, x: float, y: float, entry: Entry, font: Font, *, align: Align = Align.LEFT, bold: bool = False
    ) -> None:
        """One `Caption: value`; the caption may be bold."""
        caption = _spaced(entry.caption, self.voice.colon or ":")
        head = font.heavy(bold)
        if align is Align.LEFT:
            x = self.sheet.text(x, y, caption, head)
            self.sheet.text(x, y, entry.line, font)
        else:
            total = head.width(caption) + length(entry.line, font)
            x -= total if align is Align.RIGHT else total / 2
            self.sheet.text(self.sheet.text(x, y, caption, head), y, entry.line, font)

    def pairs(
        self,
        x: float,
        y: float,
        right: float,
        entries: Sequence[Entry],
        font: Font,
        *,
        values_right: bool = False,
        bold: bool = False,
        bold_value: bool = False,
    ) -> float:
        """Captions in one column, values in a second one."""
        colon = self.voice.colon
        captions = [entry.caption.rstrip(":") + (colon if not entry.caption.endswith("#") else "") for entry in entries]
        caption_font, value_font = font.heavy(bold), font.heavy(bold_value)
        longest = max((caption_font.width(caption) for caption in captions), default=0)
        if longest > (right - x) * 0.6:  # leave room for the values
            caption_font, longest = caption_font.scaled((right - x) * 0.6 / longest), (right - x) * 0.6
        column = x + longest + font.size * self.rng.uniform(0.8, 2.5)
        for caption, entry in zip(captions, entries, strict=True):
            self.sheet.text(x, y, caption, caption_font)
            lines = (
                wrap(entry.line, value_font, right - column) if length(entry.line, value_font) > right - column else [entry.line]
            )
            with self.sheet.within(right):
                at, align = (right, Align.RIGHT) if values_right and len(lines) == 1 else (column, Align.LEFT)
                y = self.sheet.block(at, y, lines, value_font, leading=self.style.leading, align=align)
        return y

    def stacked(self, x: float, y: float, width: float, entries: Sequence[Entry], font: Font, small: Font) -> float:
        """The caption small above its value; a value that is too long breaks."""
        for entry in entries:
            self.sheet.text(x, y, entry.caption, small)
            y = self.sheet.paragraph(x, y + small.size * 1.2, width, entry.line, font, leading=self.style.leading) + 2
        return y

    def row(self, x: float, y: float, right: float, entries: Sequence[Entry], *, ruled: bool, filled: bool) -> float:
        """A table of one row: captions above, values below."""
        style, font = self.style, self.style.body
        small = self.style.small if self.rng.random() < 0.6 else self.style.body.heavy()
        wanted = [max(small.width(entry.caption), length(entry.line, font)) + 10 for entry in entries]
        scale = (right - x) / sum(wanted)
        step = small.size * 1.5
        height = step + font.size * 1.6
        if filled:
            self.sheet.box(x, y, right, y + step, stroke=None, fill=style.tint)
        at = x
        for entry, want in zip(entries, wanted, strict=True):
            width = want * scale
            self.sheet.text(at + 3, y + 2, entry.caption, small)
            self.sheet.text(at + 3, y + step + 2, entry.line, font)
            if ruled:
                self.sheet.box(at, y, at + width, y + height, width=style.line)
                self.sheet.rule(at, y + step, at + width, y + step, width=style.line)
            at += width
        return y + height

    def wide(self, entries: Sequence[Entry], width: float) -> list[Entry]:
        """Those entries that fit side by side in a row."""
        kept: list[Entry] = []
        used = 0.0
        for entry in sorted(entries, key=lambda entry: entry.key not in ("document_id", "date_issue")):
            used += max(self.style.body.heavy().width(entry.caption), length(entry.line, self.style.body)) + 12
            if used > width:
                break
            kept.append(entry)
        return kept

    # Decoration -----------------------------------------------------------------------------------------------------

    def logo(self, x: float, y: float, size: float) -> None:
        """A mark without text."""
        rng, colour = self.rng, self.style.accent
        kind = rng.choice(["circle", "box", "bars", "rings"])
        half = size / 2
        if kind == "bars":
            for number in range(3):
                left = x + number * size / 3
                self.sheet.box(left, y + number * size / 6, left + size / 4, y + size, stroke=None, fill=colour)
        elif kind == "rings":
            self.sheet.circle(x + half, y + half, half, stroke=colour, fill=None, width=size / 9)
            self.sheet.circle(x + half, y + half, half * 0.4, stroke=None, fill=colour)
        elif kind == "circle":
            self.sheet.circle(x + half, y + half, half, stroke=None, fill=colour)
        else:
            self.sheet.box(x, y, x + size, y + size, stroke=None, fill=colour)
        if kind in ("circle", "box") and rng.random() < 0.5:
            font = self.style.body.heavy().scaled(size / self.style.body.size * 0.6)
            self.sheet.text(x + half, y + size * 0.2, self.invoice.vendor.name[0], font, align=Align.CENTRE, colour=WHITE)

    def title_line(self) -> tuple[Line, bool]:
        """The title, in some documents with number (and date) in it; tells whether the number is in it."""
        voice, rng = self.voice, self.rng
        kind = rng.random()
        if kind < 0.62:
            return (voice.title,), False
        key = "title_with_id" if kind < 0.86 else "title_with_date"
        return voice.sentence(rng.choice(voice.table[key]), title=voice.title), True

    def heading_colour(self) -> Colour:
        """Titles are coloured in some documents."""
        return self.style.accent if self.rng.random() < 0.5 else self.style.ink


def _spaced(caption: str, colon: str) -> str:
    return caption.rstrip(":") + ("" if caption.endswith("#") else colon) + " "
