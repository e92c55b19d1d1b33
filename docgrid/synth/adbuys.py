"""Orders, contracts and invoices of political advertising on television, in the manner of the programs of stations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from docgrid.synth.formats import DateStyle, NumberStyle, money
from docgrid.synth.ink import COURIER, HELVETICA, TIMES, VERA, Align, Font, Line, Piece, Sheet, Value, grey, length
from docgrid.synth.spots import AdOrder, SpotLine, make_order

_NUMBERS = NumberStyle(".", ",", "({})")


class Form:
    """One order on its sheet."""

    def __init__(self, order: AdOrder, rng: Random, *, wide: bool) -> None:
        self.order = order
        self.rng = rng
        page = (792.0, 612.0) if wide else (612.0, 792.0)
        face = rng.choices([HELVETICA, TIMES, COURIER, VERA], [76, 8, 6, 10])[0]
        self.font = Font(
            face, rng.uniform(6.2, 8.2) if wide or face is VERA else rng.uniform(7.2, 9.2), stretch=rng.choice([1.0, 1.0, 0.9])
        )
        self.sheet = Sheet(*page)
        self.left, self.right = rng.uniform(18, 40), page[0] - rng.uniform(18, 40)
        self.bottom = page[1] - 60
        self.y = rng.uniform(20, 36)
        pattern = rng.choice(
            ["{mm}/{dd}/{yy}"] * 8 + ["{m}/{d}/{yyyy}", "{m}/{d}/{yy}", "{mm}/{dd}/{yyyy}", "{short} {d}, {yyyy}"]
        )
        self.dates = DateStyle(pattern, "en")
        self.between = rng.choice([" - ", " - ", "-", " to ", "  "])
        self.header: Callable[[], None] = lambda: None

    @property
    def step(self) -> float:
        """From line to line."""
        return self.font.size * 1.32

    def day(self, day: date) -> str:
        """A date that is no field."""
        return self.dates.write(day)

    def flight(self) -> list[Piece]:
        """First and last day of the flight."""
        order = self.order
        first = Value(self.day(order.start), ("flight_from",), order.start.isoformat())
        last = Value(self.day(order.stop), ("flight_to",), order.stop.isoformat())
        return [first, self.between, last]

    def contract(self) -> Value:
        """The number of the contract."""
        return Value(self.order.contract, ("contract_num",), self.order.contract)

    def advertiser(self) -> Value:
        """Who advertises."""
        return Value(self.order.advertiser, ("advertiser",), self.order.advertiser)

    def gross(self) -> list[Piece]:
        """The gross amount; its currency mark is no part of the value."""
        return ["$", Value(_NUMBERS.write(self.order.gross, 2), ("gross_amount",), money(self.order.gross))]

    def amount(self, number: Decimal) -> str:
        """Any other amount."""
        return "$" + _NUMBERS.write(number, 2) if number >= 0 else f"(${_NUMBERS.write(-number, 2)})"

    def pairs(self, x: float, y: float, right: float, rows: Sequence[tuple[str, Line]], *, look: str) -> float:
        """Captions with values: in `boxes`, `ruled`, `above` or `plain`."""
        column = x + max(self.font.width(caption) for caption, _ in rows) + 8
        for caption, line in rows:
            if look == "above":
                self.sheet.text(x + 2, y, caption, self.font.scaled(0.85))
                with self.sheet.within(right):
                    self.sheet.text(x + 6, y + self.step * 0.9, line, self.font.heavy(self.rng.random() < 0.4))
                self.sheet.box(x, y - 1, right, y + self.step * 2, width=0.5)
                y += self.step * 2 + 1
                continue
            self.sheet.text(x, y, caption, self.font.heavy(look != "plain"))
            with self.sheet.within(right):
                self.sheet.text(column, y, line, self.font)
            if look == "boxes":
                self.sheet.box(x - 3, y - 2, right, y + self.step - 2, width=0.5)
                self.sheet.rule(column - 4, y - 2, column - 4, y + self.step - 2)
            elif look == "ruled":
                self.sheet.rule(column, y + self.step - 2, right, y + self.step - 2, width=0.4)
            y += self.step + (1.5 if look == "ruled" else 0)
        return y

    def turn(self, height: float) -> None:
        """A new page where less than `height` is left."""
        if self.y + height > self.bottom:
            self.sheet.add_page()
            self.y = 30.0
            self.header()

    def station(self, x: float, y: float, *, bold: bool = True) -> float:
        """The address of the station."""
        order = self.order
        lines = [order.station, *order.station_address, order.phone]
        return self.sheet.block(x, y, lines, self.font.heavy(bold), leading=1.25)

    def agency(self, x: float, y: float) -> float:
        """The address of the agency."""
        return self.sheet.block(
            x, y, [self.order.agency, *self.order.agency_address], self.font.heavy(self.rng.random() < 0.5), leading=1.25
        )

    def title(self, text: str) -> None:
        """The title in the middle, with the date of printing and the page beside it."""
        middle = (self.left + self.right) / 2
        self.sheet.text(middle, self.y, text, self.font.heavy().scaled(1.7), align=Align.CENTRE)
        self.sheet.text(self.right - 80, self.y, f"Print Date {self.day(self.order.issued)}", self.font, align=Align.RIGHT)
        self.y += self.step * 2.2


# The upper parts -------------------------------------------------------------------------------------------------


def _contract(form: Form) -> None:
    """A contract: station left, ruled cells right."""
    order, sheet = form.order, form.sheet
    form.title(form.rng.choice(["CONTRACT", "CONTRACT", "ORDER CONFIRMATION"]))
    sheet.text(form.left, form.y - form.step, "Contract Agreement Between:", form.font)
    sheet.box(form.left, form.y + 2, form.left + 62, form.y + 52, stroke=None, fill=grey(0.35))
    bottom = form.station(form.left + 72, form.y + 8)
    sheet.text(form.left, bottom + 14, "And:", form.font)
    bottom = form.agency(form.left + 30, bottom + 26)
    x = form.left + (form.right - form.left) * 0.62
    middle = (x + form.right) / 2
    y = form.y
    first = form.pairs(
        x, y, middle, [("Contract / Revision", [form.contract(), " /"]), ("Contract Dates", form.flight())], look="above"
    )
    form.pairs(middle, y, form.right, [("Alt Order #", [order.alternative]), ("Estimate #", [order.estimate])], look="above")
    rows: list[tuple[str, Line]] = [("Advertiser", [form.advertiser()]), ("Product", [order.product])]
    first = form.pairs(x, first, form.right, rows, look="above")
    rows = [
        ("Original Date / Revision", [f"{form.day(order.issued)} / {form.day(order.issued + timedelta(days=2))}"]),
        ("Property", [order.station]),
    ]
    second = form.pairs(x, first, middle, rows, look="above")
    form.pairs(middle, first, form.right, [("Account Executive", [order.seller]), ("Sales Office", [order.office])], look="above")
    form.y = max(bottom, second) + 14


def _order(form: Form) -> None:
    """An order: sections with underlined values, then tables of sums."""
    order, sheet = form.order, form.sheet
    form.title("ORDER")
    x, middle = form.left + 55, form.left + (form.right - form.left) * 0.52
    sections: list[tuple[str, list[tuple[str, Line]]]] = [
        (
            "Orders",
            [
                ("Order / Rev:", [form.contract()]),
                ("Alt Order #:", [order.alternative]),
                ("Product Desc:", [order.product]),
                ("Estimate:", [order.estimate]),
                ("Flight Dates:", form.flight()),
                ("Original Date / Rev:", [f"{form.day(order.issued)} / {form.day(order.issued)}"]),
            ],
        ),
        (
            "Agency",
            [("Name:", [order.agency]), ("Buying Contact:", [order.seller]), ("Billing Contact:", [order.agency_address[0]])],
        ),
        ("Advertiser", [("Name:", [form.advertiser()]), ("Demographic:", ["Adults 35+"]), ("Product Codes:", ["Candidate"])]),
    ]
    for name, rows in sections:
        sheet.text(form.left, form.y, name, form.font.heavy())
        side: list[tuple[str, Line]] = [
            ("Primary AE:", [order.seller]),
            ("Sales Office:", [order.office]),
            ("Sales Region:", ["Local"]),
        ]
        form.pairs(middle, form.y, form.right, side, look="ruled")
        form.y = form.pairs(x, form.y, middle - 12, rows, look="ruled") + 10
    _bill_plan(form)


def _bill_plan(form: Form) -> None:
    order = form.order
    net = form.amount(order.gross - order.commission)
    heads = ["Start Date", "End Date", "# Spots", "Gross Amount", "Net Amount"]
    row: list[Line] = [[form.day(order.start)], [form.day(order.stop)], [str(order.spots)], form.gross(), [net]]
    form.sheet.text(form.left, form.y, form.rng.choice(["Bill Plan", "Totals"]), form.font.heavy())
    form.y += form.step
    _table_row(form, [[head] for head in heads], form.left, form.left + 300, ruled=True)
    _table_row(form, row, form.left, form.left + 300, ruled=True)
    form.y += form.step


def _table_row(form: Form, cells: Sequence[Line], left: float, right: float, *, ruled: bool, bold: bool = False) -> None:
    width = (right - left) / len(cells)
    for number, cell in enumerate(cells):
        x = left + number * width
        font = form.font.heavy(bold)
        if length(cell, font) > width - 5:
            font = font.scaled((width - 5) / length(cell, font))
        form.sheet.text(x + width - 3, form.y + 1, cell, font, align=Align.RIGHT)
        if ruled:
            form.sheet.box(x, form.y - 1, x + width, form.y + form.step, width=0.4)
    form.y += form.step + 1


def _invoice(form: Form) -> None:
    """An invoice: station and agency left, two tables of facts right."""
    order, sheet = form.order, form.sheet
    form.title("INVOICE")
    sheet.box(form.left, form.y, form.left + 56, form.y + 42, stroke=None, fill=grey(0.5))
    bottom = form.station(form.left + 66, form.y)
    sheet.text(form.left + 66, bottom + 16, "Billing Address:", form.font.heavy())
    bottom = form.agency(form.left + 66, bottom + 16 + form.step)
    as_contract = form.rng.random() < 0.5  # what the number is called differs between stations
    rows: list[tuple[str, Line]] = [
        ("Invoice #", [form.contract() if as_contract else order.invoice]),
        ("Invoice Date", [form.day(order.stop)]),
        ("Invoice Period", [f"{form.day(order.start - timedelta(days=14))} - {form.day(order.stop)}"]),
        ("Order #", [order.contract.partition("-")[0] if as_contract else form.contract()]),
        ("Alt Order #", [order.alternative]),
        (form.rng.choice(["Order Flight", "Flight Dates"]), form.flight()),
        ("Advertiser", [form.advertiser()]),
        ("Product", [order.product]),
        ("Estimate #", [order.estimate]),
        ("Account Executive", [order.seller]),
        ("Sales Office", [order.office]),
    ]
    if form.rng.random() < 0.5:
        form.rng.shuffle(rows)
    x = form.left + (form.right - form.left) * 0.55
    form.y = max(bottom, form.pairs(x, form.y, form.right, rows, look="boxes")) + 16


def _confirmation(form: Form) -> None:
    """A wide sheet: a column of bold captions, sums by month in a box on the right."""
    order, sheet = form.order, form.sheet
    top = form.y
    sheet.box(form.left, top, form.left + 48, top + 40, stroke=None, fill=grey(0.3))
    form.station(form.left + 54, top, bold=False)
    form.agency(form.left, top + 70)
    middle = form.left + (form.right - form.left) * 0.32
    rows: list[tuple[str, Line]] = [
        ("Contract #", [form.contract()]),
        ("Schedule Dates", form.flight()),
        ("Advertiser", [form.advertiser()]),
        ("Agency", [order.agency]),
        ("Product", [order.product]),
        ("Brand", [order.estimate]),
        ("Salesperson", [order.seller]),
        ("Sales Office", [order.office]),
        ("Billing Type", ["Standard"]),
        ("Account Types", ["National/Agency Political"]),
    ]
    low = form.pairs(middle, top, middle + 190, rows, look="bold")
    second: list[tuple[str, Line]] = [
        ("Date Entered", [form.day(order.issued)]),
        ("Last Modified", [form.day(order.issued)]),
        ("Commission %", [f"{order.commission_rate}.00"]),
        ("Commission", [form.amount(order.commission)]),
        ("Net Total", [form.amount(order.gross - order.commission)]),
        ("Order Type", ["Normal"]),
    ]
    form.pairs(middle + 200, top, middle + 330, second, look="bold")
    x = form.right - 150
    form.y = top
    for cells, bold in (
        ([["By Month"], ["Spots"], ["Rate"]], True),
        ([["Grand Total:"], [str(order.spots)], form.gross()], False),
    ):
        _table_row(form, cells, x, form.right, ruled=False, bold=bold)  # type: ignore[arg-type]  # lists of pieces
    sheet.box(x, top - 2, form.right, top + 90, width=0.8)
    form.y = max(low, top + 100) + 16


def _national(form: Form) -> None:
    """A wide sheet of a national seller: three columns of `Caption: value`."""
    order = form.order
    form.sheet.text(
        form.left, form.y, form.rng.choice(["SALES GROUP", "TELEVISION SALES", "NATIONAL REP"]), form.font.heavy().scaled(2)
    )
    form.y += form.step * 3
    third = (form.right - form.left) / 3
    columns: list[list[tuple[str, Line]]] = [
        [("Contract #", [form.contract()]), ("CPE:", [order.estimate]), ("Agency:", [order.agency]), ("Buyer:", [order.seller])],
        [
            ("Flight:", form.flight()),
            ("Advertiser:", [form.advertiser()]),
            ("Product:", [order.product]),
            ("Agency Order #:", [order.alternative]),
        ],
        [
            ("Station:", [order.channel]),
            ("Total $:", form.gross()),
            ("Total Spots:", [str(order.spots)]),
            ("Office:", [order.office]),
        ],
    ]
    if form.rng.random() < 0.4:
        form.rng.shuffle(columns)
    ends = [
        form.pairs(form.left + number * third, form.y, form.left + (number + 1) * third - 8, rows, look="bold")
        for number, rows in enumerate(columns)
    ]
    form.y = max(ends) + 14


# Lines and sums --------------------------------------------------------------------------------------------------

_HEADS = ("Line", "Ch", "Start Date", "End Date", "Description", "Time", "Days", "Len", "Spots", "Rate", "Amount")
_SHARES = (0.5, 0.7, 1.0, 1.0, 2.4, 1.4, 0.9, 0.5, 0.6, 0.9, 1.1)


def _line_cells(form: Form, number: int, line: SpotLine) -> list[str]:
    return [
        str(number),
        form.order.channel,
        form.day(line.start),
        form.day(line.stop),
        line.program,
        line.hours,
        line.days,
        line.length,
        str(line.spots),
        form.amount(line.rate),
        form.amount(line.amount),
    ]


def _spread(form: Form, cells: Sequence[str], font: Font) -> None:
    total, x = sum(_SHARES), form.left
    for cell, share in zip(cells, _SHARES, strict=True):
        width = (form.right - form.left) * share / total
        with form.sheet.within(x + width - 2):
            form.sheet.text(x, form.y, cell, font)
        x += width
    form.y += form.step


def _lines(form: Form, *, weeks: bool, ruled: bool) -> None:
    """All lines of the order, with a line for each week below in some forms."""

    def header() -> None:
        _spread(form, _HEADS, form.font.heavy(ruled))
        form.sheet.rule(form.left, form.y, form.right, form.y, width=0.8)
        form.y += 3

    form.turn(form.step * 4)
    header()
    form.header = header
    for number, line in enumerate(form.order.lines, start=1):
        form.turn(form.step * 4)
        _spread(form, _line_cells(form, number, line), form.font)
        if weeks:
            week = [
                form.day(line.start),
                form.day(line.start + timedelta(days=6)),
                line.days,
                str(line.spots),
                form.amount(line.rate),
            ]
            form.sheet.text(form.left + 24, form.y, "Week: " + "   ".join(week), form.font.scaled(0.95))
            form.y += form.step
        if ruled:
            form.sheet.rule(form.left, form.y, form.right, form.y, width=0.4)
            form.y += 2
    form.header = lambda: None


def _sums(form: Form) -> None:
    """Gross, commission and net; the gross amount is the field."""
    order, rng = form.order, form.rng
    form.turn(form.step * 7)
    form.y += form.step
    captions = rng.choice(
        [
            ("Gross Total", "Agency Commission", "Net Amount Due"),
            ("Gross Amount", "Commission", "Net Amount"),
            ("Totals", "Commission", "Net Total"),
        ]
    )
    rows: list[tuple[str, Line]] = [
        ("Total Spots", [str(order.spots)]),
        (captions[0], form.gross()),
        (captions[1], [form.amount(order.commission)]),
        (captions[2], [form.amount(order.gross - order.commission)]),
    ]
    x = form.left + (form.right - form.left) * rng.uniform(0.4, 0.7)
    for caption, line in rows[rng.choice([0, 1]) :]:
        form.sheet.text(x, form.y, caption, form.font)
        form.sheet.text(x + 170, form.y, line, form.font.heavy(rng.random() < 0.4), align=Align.RIGHT)
        form.y += form.step * 1.4


_HEAD_TABLE: dict[str, tuple[Callable[[Form], None], bool]] = {
    "contract": (_contract, False),
    "order": (_order, False),
    "invoice": (_invoice, False),
    "confirmation": (_confirmation, True),
    "national": (_national, True),
}
_LINE_TABLE: dict[str, tuple[bool, bool]] = {"weeks": (True, True), "ruled": (False, True), "plain": (False, False)}
FAMILIES: tuple[str, ...] = tuple(f"adbuy-{head}/{lines}" for head in _HEAD_TABLE for lines in _LINE_TABLE)


def draw_adbuy(rng: Random, family: str) -> tuple[AdOrder, Sheet]:
    """One document of a family, such as `adbuy-contract/weeks`."""
    head, lines = family.removeprefix("adbuy-").split("/")
    draw, wide = _HEAD_TABLE[head]
    order = make_order(rng)
    form = Form(order, rng, wide=wide)
    draw(form)
    weeks, ruled = _LINE_TABLE[lines]
    _lines(form, weeks=weeks, ruled=ruled)
    _sums(form)
    pages = len(form.sheet.pages)
    for page in range(1, pages + 1):
        form.sheet.page = page
        form.sheet.text(form.right, 14, f"Page {page} of {pages}", form.font, align=Align.RIGHT)
        form.sheet.text(
            form.left,
            form.sheet.height - 24,
            "Payment is due within 30 days from invoice date. Air times are subject to change.",
            form.font.scaled(0.75),
        )
    return order, form.sheet
