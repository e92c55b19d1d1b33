"""Renderings of electronic invoices: long lists of `caption: value` in sections, items as a table, as blocks or as lines.

They look like what a style sheet makes of an invoice in XML: seller, buyer, document data, items, taxes, totals, payment.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from docgrid.synth.content import Invoice, make_invoice
from docgrid.synth.countries import digits
from docgrid.synth.desk import Desk
from docgrid.synth.ink import (
    Align,
    Line,
    Sheet,
    split_lines,
    wrap,
)
from docgrid.synth.parties import Party
from docgrid.synth.report_items import draw_items
from docgrid.synth.report_page import Report, Row, rows_of
from docgrid.synth.report_sums import draw_sums
from docgrid.synth.style import make_style
from docgrid.synth.voice import Entry, Voice

LOOKS = ("zebra", "mono", "plain", "cards")
ITEMS = ("table", "blocks", "lines")
FAMILIES: tuple[str, ...] = tuple(f"report-{look}/{items}" for look in LOOKS for items in ITEMS)


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
    report.may_turn(0.2)
    if rng.random() < 0.93:  # some profiles have sums only
        draw_items(report, items)
    report.may_turn(0.15)
    draw_sums(report)
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
    rows += rows_of(voice.contact_entries(party, rng.randint(0, 3), vendor=role == "vendor"))
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
    report.rows(rows_of(entries))


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
