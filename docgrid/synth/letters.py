"""Pages without any field: letters, small print, memos, lists of people. A model learns from them to find nothing.

They print what invoices print too (letterheads, addresses, dates, amounts, numbers of bank accounts), but none of it is a value
of an invoice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from docgrid.synth.countries import COUNTRIES, Country, digits
from docgrid.synth.formats import date_style
from docgrid.synth.ink import Align, Font, Sheet
from docgrid.synth.parties import Party, make_party, person
from docgrid.synth.style import Style, make_style
from docgrid.synth.words import words


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes to whom, in which language and look."""

    rng: Random
    sheet: Sheet
    style: Style
    language: str
    sender: Party
    receiver: Party
    day: date

    def text(self, key: str) -> str:
        """One of the texts of a key, with names and numbers put in."""
        rng, country = self.rng, self.sender.country
        template = rng.choice(words("letters")[f"{self.language}.{key}"])
        other = self.day - timedelta(days=rng.randint(1, 300))
        written = date_style(rng, country.dates or country.code, self.language).write
        return template.format(
            date=written(other),
            person=person(rng, country),
            city=self.sender.city,
            number=digits(rng, rng.randint(2, 7)),
            small=rng.randint(2, 60),
            phone=self.sender.phone,
            amount=f"{rng.randint(1, 90)}{rng.choice(['.', ',', ' '])}{digits(rng, 3)} {country.currency}",
        )

    def paragraph(self, least: int, most: int) -> str:
        """Some sentences."""
        return " ".join(self.text("sentence") for _ in range(self.rng.randint(least, most)))

    def today(self) -> str:
        """The date of the page."""
        country = self.sender.country
        return date_style(self.rng, country.dates or country.code, self.language).write(self.day)


def draw_letter(rng: Random, family: str) -> tuple[str, Sheet]:
    """One page of a family, such as `letter/office`; gives back its language too."""
    home: Country = rng.choices(COUNTRIES, [country.weight for country in COUNTRIES])[0]
    language = home.language
    style = make_style(rng, american=home.code == "US")
    sender = make_party(rng, home, home=home, language=language)
    receiver = make_party(rng, home, home=home, language=language, private=rng.random() < 0.4)
    day = date(2012, 1, 1) + timedelta(days=rng.randint(0, 5500))
    writer = Writer(rng, Sheet(*style.page, colour=style.ink), style, language, sender, receiver, day)
    _FAMILIES[family](writer)
    return language, writer.sheet


def _office(writer: Writer) -> None:
    """A letter: letterhead, address, date, subject, paragraphs, name, and a footer with the bank."""
    style, sheet, rng = writer.style, writer.sheet, writer.rng
    align, x = rng.choice([(Align.LEFT, style.left), (Align.RIGHT, style.right), (Align.CENTRE, (style.left + style.right) / 2)])
    big = style.body.scaled(rng.uniform(1.2, 2.0)).heavy()
    sheet.text(x, style.top, writer.sender.name, big, align=align, colour=style.accent)
    y = sheet.block(x, style.top + big.size * 1.3, list(writer.sender.address_lines), style.small, align=align)
    sheet.text(x, y, rng.choice([writer.sender.phone, writer.sender.email, writer.sender.web]), style.small, align=align)
    y = max(y + 20, 130 + rng.uniform(0, 20))
    y = sheet.block(style.left, y, [*writer.receiver.name_lines, *writer.receiver.address_lines], style.body)
    dated = rng.choice([f"{writer.sender.city}, {writer.today()}", writer.today()])
    right = rng.random() < 0.6
    sheet.text(style.right if right else style.left, y + 18, dated, style.body, align=Align.RIGHT if right else Align.LEFT)
    y += 18 + style.step * 2
    sheet.text(style.left, y, writer.text("subject"), style.body.heavy())
    y = _lines(writer, y + style.step * 2, writer.text("greeting"))
    for _ in range(rng.randint(1, 5)):
        y = _lines(writer, y, writer.paragraph(1, 5))
    y = _lines(writer, y, writer.text("closing"))
    _lines(writer, y + style.step * 2, rng.choice([writer.sender.contact, f"{writer.sender.contact}\n{writer.sender.name}"]))
    _footer(writer)


def _lines(writer: Writer, y: float, text: str, *, left: float | None = None, right: float | None = None) -> float:
    """A paragraph; gives back the y of the next one."""
    style = writer.style
    left, right = style.left if left is None else left, style.right if right is None else right
    for part in text.split("\n"):
        y = writer.sheet.paragraph(left, y, right - left, [part], style.body, leading=style.leading)
    return y + style.step * 0.7


def _footer(writer: Writer) -> None:
    ids, style, sender = writer.sender.ids, writer.style, writer.sender
    parts = [sender.name, *sender.address_lines, sender.phone, ids.bank, ids.iban, ids.bic, ids.tax_id, sender.web]
    text = writer.rng.choice([" · ", " | ", ", "]).join(
        part for part in writer.rng.sample(parts, writer.rng.randint(3, 6)) if part
    )
    font = style.small.scaled(0.9)
    while font.width(text) > style.width and font.size > 4.5:
        font = font.scaled(0.92)
    writer.sheet.text((style.left + style.right) / 2, style.page[1] - 34, text, font, align=Align.CENTRE)


def _small_print(writer: Writer) -> None:
    """Numbered paragraphs in one, two or three columns of small type."""
    style, sheet, rng = writer.style, writer.sheet, writer.rng
    sheet.text(style.left, style.top, writer.text("title_rules"), style.big, colour=style.accent)
    columns = rng.choice([1, 2, 2, 3])
    font = style.small.scaled(rng.uniform(0.8, 1.1))
    gap, top, number = 14.0, style.top + style.big.size * 1.8, 1
    width = (style.width - gap * (columns - 1)) / columns
    for column in range(columns):
        left, y = style.left + column * (width + gap), top
        while y < style.bottom - font.size * 12:
            heading = rng.choice([f"{number}.", f"§ {number}", f"({number})", f"Art. {number}"])
            sheet.text(left, y, heading, font.heavy())
            y = sheet.paragraph(left, y + font.size * 1.3, width, [writer.paragraph(1, 4)], font, leading=1.2) + font.size * 0.6
            number += 1


def _memo(writer: Writer) -> None:
    """A heading, who and when, then points."""
    style, sheet, rng = writer.style, writer.sheet, writer.rng
    sheet.text(style.left, style.top, writer.text("title_memo"), style.big, colour=style.accent)
    y = style.top + style.big.size * 1.8
    for value in (person(rng, writer.sender.country), writer.sender.name, writer.today(), writer.text("subject")):
        sheet.text(style.left, y, value, style.body.heavy(rng.random() < 0.3))
        y += style.step
    sheet.rule(style.left, y + 4, style.right, y + 4, width=style.line)
    y += 16
    mark = rng.choice(["-", "•", "*", "", "1"])
    for number in range(1, rng.randint(4, 12)):
        if y > style.bottom - style.step * 6:
            break
        sheet.text(style.left, y, f"{number}." if mark == "1" else mark, style.body)
        y = _lines(writer, y, writer.paragraph(1, 3), left=style.left + 16)


def _directory(writer: Writer) -> None:
    """A table of people: name, room or number, telephone, mail or city."""
    style, sheet, rng = writer.style, writer.sheet, writer.rng
    sheet.text(style.left, style.top, writer.text("title_list"), style.big, colour=style.accent)
    y = style.top + style.big.size * 2
    font: Font = style.body.scaled(0.95)
    country = writer.sender.country
    columns: list[Callable[[], str]] = rng.sample(
        [
            lambda: digits(rng, 3),
            lambda: f"{digits(rng, 4)} {digits(rng, 5)}",
            lambda: rng.choice(words(writer.language)["branches"]),
            lambda: f"{rng.randint(7, 20)}:{rng.choice(['00', '15', '30', '45'])}",
        ],
        rng.randint(2, 4),
    )
    width = style.width / (len(columns) + 1.6)
    ruled, step = rng.random() < 0.5, font.size * rng.uniform(1.3, 1.9)
    while y < style.bottom - step * rng.uniform(0, 10):
        sheet.text(style.left, y, person(rng, country), font)
        for place, column in enumerate(columns):
            sheet.text(style.left + width * (place + 1.6), y, column(), font)
        if ruled:
            sheet.rule(style.left, y + step - 2, style.right, y + step - 2, width=0.3)
        y += step


_FAMILIES: dict[str, Callable[[Writer], None]] = {
    "letter/office": _office,
    "letter/small-print": _small_print,
    "letter/memo": _memo,
    "letter/directory": _directory,
}
FAMILIES: tuple[str, ...] = tuple(_FAMILIES)
