"""Receipts: narrow paper, captions left and amounts right, in the manner of several regions and tills."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random

from docgrid.synth.ink import Align, Font, Line, Part, Piece, ShapeOp, Sheet, TextOp, Value, wrap
from docgrid.synth.shops import Receipt, Region, Sale, make_receipt
from docgrid.synth.slip import Slip

HEADERS = ("centred", "left", "boxed-title", "title-first")
ITEMS = ("name-then-numbers", "numbers-then-name", "one-line", "quantity-first", "columns")
FAMILIES: tuple[str, ...] = tuple(f"receipt-{header}/{items}" for header in HEADERS for items in ITEMS)


def draw_receipt(rng: Random, family: str) -> tuple[Receipt, Sheet]:
    """One receipt of a family, such as `receipt-centred/one-line`."""
    header, items = family.removeprefix("receipt-").split("/")
    receipt = make_receipt(rng)
    slip = Slip(receipt, rng)
    _head(slip, header)
    early = rng.random() < 0.75
    if early:
        _facts(slip)
    _goods(slip, items)
    _sums(slip)
    if not early:
        slip.gap()
        _facts(slip)
    _tail(slip)
    _cut(slip)
    return receipt, slip.sheet


def _head(slip: Slip, header: str) -> None:
    rng, receipt = slip.rng, slip.receipt
    align = Align.LEFT if header == "left" else Align.CENTRE
    if rng.random() < 0.06:
        slip.line(_written_above(rng), align=rng.choice([Align.LEFT, Align.CENTRE]))
    if rng.random() < 0.05:
        slip.wrapped(slip.word("thanks"), align=Align.CENTRE)
        slip.gap()
    title = slip.word("title")
    if header == "title-first" and title:
        slip.line(title, align=Align.CENTRE, font=slip.font.scaled(1.15))
        slip.gap(0.3)
    if receipt.company_first:
        slip.line(receipt.company_first, align=align, font=slip.font.scaled(1.4))
    _company(slip, align)
    parts = ["address", "phone", "tax_id"]
    if rng.random() < 0.15:
        parts = ["tax_id", "address", "phone"]
    if rng.random() < 0.2:
        parts = ["phone", "address", "tax_id"] if rng.random() < 0.3 else parts
    for part in parts:
        _head_part(slip, part, align)
    if rng.random() < 0.1:
        slip.line(
            rng.choice(["www.{}.com", "E-mail: sales@{}.com", "facebook.com/{}"]).format(receipt.company.split(" ")[0].lower()),
            align=align,
        )
    slip.gap(0.4)
    if header != "title-first" and title:
        top = slip.y
        slip.line(title, align=Align.CENTRE, font=slip.font.scaled(rng.choice([1.0, 1.2, 1.4])).heavy(rng.random() < 0.5))
        if header == "boxed-title":
            slip.sheet.box(slip.left, top - 2, slip.right, slip.y, width=0.6)
        slip.gap(0.3)


def _head_part(slip: Slip, part: str, align: Align) -> None:
    rng, receipt = slip.rng, slip.receipt
    joint = rng.choice([": ", " : ", " "])
    if part == "address":
        _address(slip, align)
    elif part == "phone" and rng.random() < 0.75:
        fax = f" {rng.choice(['Fax', 'FAX'])}: {receipt.phone[:-2]}{rng.randint(10, 99)}" if rng.random() < 0.25 else ""
        slip.line(f"{slip.word('phone').rstrip(':')}{joint}{receipt.phone}{fax}", align=align)
    elif part == "tax_id" and rng.random() < 0.75 and receipt.region is not Region.AMERICA:
        caption = slip.word("tax_id")
        slip.line(f"{caption}{joint}{receipt.tax_id}{')' if caption.startswith('(') else ''}", align=align)


def _written_above(rng: Random) -> str:
    """Something written above: a number, a counter."""
    return rng.choice(
        [f"{rng.randint(10**7, 10**8)}", f"Ref No: {rng.randint(10**8, 10**9)}", "CUSTOMER COPY", "** REPRINT **", "DINE IN"]
    )


def _company(slip: Slip, align: Align) -> None:
    rng, receipt = slip.rng, slip.receipt
    font = slip.font.scaled(rng.choice([1.0, 1.1, 1.25, 1.5])).heavy(rng.random() < 0.5)
    text = receipt.company.upper() if slip.upper else receipt.company
    value = Value(text, ("company",), receipt.company)
    registered = receipt.region in (Region.MALAYSIA, Region.SINGAPORE) and rng.random() < 0.75
    bracket = rng.choice(["({})", "({})", "{}", "(Co. No. {})", "CO. REG: {}", "(Company No: {})", "Co.Reg.No.: {}"]).format(
        receipt.registration
    )
    room = slip.right - slip.left
    same_line = registered and rng.random() < 0.4 and font.width(f"{text} {bracket}") < room
    if rng.random() < 0.05:
        slip.line(rng.choice(["OWNED BY :", "OPERATED BY", "DIMILIKI OLEH :"]), align=align)
    lines = wrap([value, " " + bracket] if same_line else value, font, room)
    slip.y = slip.sheet.block(
        slip.left if align is Align.LEFT else slip.width / 2, slip.y, lines, font, leading=slip.leading, align=align
    )
    if registered and not same_line:
        slip.line(bracket, align=align)


def _address(slip: Slip, align: Align) -> None:
    lines = slip.receipt.address
    text = "\n".join(lines)
    text = text.upper() if slip.upper else text
    value = Value(text, ("address",), " ".join(lines))
    font = slip.font
    longest = max(font.width(line) for line in text.split("\n"))
    pieces: list[Line] = [[Part(line, value)] for line in text.split("\n")]
    if longest > slip.right - slip.left:
        if slip.rng.random() < 0.5:
            font = font.scaled((slip.right - slip.left) / longest)
        else:
            pieces = [line for piece in pieces for line in wrap(piece, font, slip.right - slip.left)]
    slip.y = slip.sheet.block(
        slip.left if align is Align.LEFT else slip.width / 2, slip.y, pieces, font, leading=slip.leading, align=align
    )


def _date(slip: Slip) -> Value:
    return Value(slip.dates.write(slip.receipt.day), ("date",), slip.receipt.day.isoformat())


def _time(slip: Slip) -> str:
    receipt, rng = slip.receipt, slip.rng
    twelve = (receipt.hour - 1) % 12 + 1
    half = "AM" if receipt.hour < 12 else "PM"
    return rng.choice(
        [
            f"{receipt.hour:02}:{receipt.minute:02}",
            f"{receipt.hour:02}:{receipt.minute:02}:{receipt.second:02}",
            f"{twelve}:{receipt.minute:02}:{receipt.second:02} {half}",
            f"{twelve:02}:{receipt.minute:02}{half}",
            f"{twelve}:{receipt.minute:02} {half.lower()}",
            f"{receipt.hour:02}{receipt.minute:02}",
        ]
    )


def _facts(slip: Slip) -> None:
    """Number, date, time, cashier, in several arrangements."""
    rng, receipt = slip.rng, slip.receipt
    colon = slip.colon + " " if slip.colon else " "
    kind = rng.random()
    date_line: list[Piece] = [slip.word("date") + colon if slip.word("date") else "", _date(slip)]
    if kind < 0.2:  # all in one or two lines without captions
        first: list[Piece] = [f"{_time(slip)} ", f"{rng.randint(100000, 999999)} ", _date(slip)]
        if rng.random() < 0.5:
            first = [_date(slip), f" {_time(slip)} ", receipt.number]
        slip.line([f"{slip.word('number')}{colon}{receipt.number}"])
        slip.line(first)
    elif kind < 0.5:
        number = f"{slip.word('number')}{colon}{receipt.number}"
        if rng.random() < 0.4:
            slip.pair(number, date_line)
        else:
            slip.line(number)
            slip.line([*date_line, rng.choice([" ", "  "]) + _time(slip)])
        if rng.random() < 0.7:
            slip.pair(f"{slip.word('cashier')}{colon}{receipt.cashier}", f"{slip.word('time')}{colon}{_time(slip)}")
    else:
        captions = [slip.word("number"), slip.said("date"), slip.said("time"), slip.word("cashier")]
        values: list[Line] = [[receipt.number], [_date(slip)], [_time(slip)], [receipt.cashier]]
        order = list(range(4))
        if rng.random() < 0.4:
            rng.shuffle(order)
        column = slip.left + max(slip.font.width(caption) for caption in captions) + slip.font.width(" ") * rng.randint(1, 2)
        for place in order:
            if place == 2 and rng.random() < 0.5:
                continue
            slip.sheet.text(slip.left, slip.y, captions[place], slip.font)
            slip.sheet.text(column, slip.y, [(slip.colon.strip() + " ") if slip.colon else "", *values[place]], slip.font)
            slip.y += slip.step
    if rng.random() < 0.1:
        places = ["TABLE", "Table", "Pax(s)", "COUNTER", "TERMINAL"] if receipt.language == "en" else ["POS", "T", "Terminal"]
        slip.line(f"{rng.choice(places)}{colon}{rng.randint(1, 60)}")
    if receipt.language == "en" and rng.random() < 0.07:
        slip.line("BILL TO" + colon)
        slip.line(
            rng.choice(
                ["CASH SALES", "WALK-IN CUSTOMER", "TAN WOON YANN", "SUCI ALAM JAYA TRANSPORT", "MAKASSAR FRESH MARKET SDN BHD"]
            )
        )


def _goods(slip: Slip, items: str) -> None:
    rng, receipt = slip.rng, slip.receipt
    slip.rule()
    headed = rng.random() < 0.65
    columns = _item_columns(slip)
    if headed:
        font = slip.font.scaled(min(1.0, (slip.right - slip.left) * 0.19 / max(slip.font.width(slip.word("price")), 1)))
        for key, x, align in columns:
            slip.sheet.text(x, slip.y, slip.word(key), font, align=align)
        slip.y += slip.step
        if rng.random() < 0.25 and receipt.region is Region.MALAYSIA:
            slip.sheet.text(slip.right, slip.y, "(RM)", slip.font, align=Align.RIGHT)
            slip.y += slip.step
        slip.rule()
    code = rng.random() < 0.4
    suffix = rng.choice(["", "", "", " SR", " S", " Z", " T", "*"])
    for sale in receipt.sales:
        _sale(slip, items, sale, columns, code=code, suffix=suffix)
    slip.rule()
    if rng.random() < 0.4:
        count = sum(sale.quantity for sale in receipt.sales)
        slip.line(f"{slip.word('items_count')}{slip.colon} {count}")


def _item_columns(slip: Slip) -> list[tuple[str, float, Align]]:
    width = slip.right - slip.left
    return [
        ("item", slip.left, Align.LEFT),
        ("qty", slip.left + width * 0.55, Align.RIGHT),
        ("price", slip.left + width * 0.76, Align.RIGHT),
        ("amount", slip.right, Align.RIGHT),
    ]


def _sale(slip: Slip, items: str, sale: Sale, columns: list[tuple[str, float, Align]], *, code: bool, suffix: str) -> None:
    sheet, font = slip.sheet, slip.font
    amount = slip.amount(sale.amount) + suffix
    name = f"{sale.code} {sale.name}" if code and items != "columns" else sale.name
    times = f"{sale.quantity} X {slip.amount(sale.price)}"
    room = slip.right - slip.left
    if items == "one-line":
        slip.pair(_cut_text(name if sale.quantity == 1 else f"{sale.quantity} {name}", font, room * 0.68), amount)
    elif items == "quantity-first":
        slip.pair(_cut_text(f"{sale.quantity} {name}", font, room * 0.68), amount)
        if sale.quantity > 1:
            slip.line(f"  @{slip.amount(sale.price)}")
    elif items == "name-then-numbers":
        slip.line(_cut_text(name, font, room))
        slip.pair(times, amount, indent=room * 0.08)
    elif items == "numbers-then-name":
        for (_, x, align), text in zip(columns, (sale.code, str(sale.quantity), slip.amount(sale.price), amount), strict=True):
            sheet.text(x, slip.y, text, font, align=align)
        slip.y += slip.step
        slip.line(_cut_text(sale.name, font, room))
    else:
        short = _cut_text(sale.name, font, room * 0.42)
        for (_, x, align), text in zip(columns, (short, str(sale.quantity), slip.amount(sale.price), amount), strict=True):
            sheet.text(x, slip.y, text, font, align=align)
        slip.y += slip.step
        if code:
            slip.line(sale.code)


def _cut_text(text: str, font: Font, width: float) -> str:
    while len(text) > 4 and font.width(text) > width:
        text = text[:-1]
    return text.strip()


def _sums(slip: Slip) -> None:
    """From the subtotal to the change."""
    rng, receipt = slip.rng, slip.receipt
    indent = rng.choice([0.0, 0.0, 0.2, 0.35]) * (slip.right - slip.left)
    wide = slip.font.scaled(rng.choice([1.0, 1.15, 1.35, 1.7])).heavy(rng.random() < 0.5)

    def row(key: str, amount: Piece | Line, font: Font | None = None) -> None:
        slip.pair(slip.word(key) + slip.colon, amount, indent=0 if font else indent, font=font)

    base = receipt.before_rounding - (receipt.tax if receipt.tax_on_top else 0)
    adjusted = receipt.discount or receipt.service or receipt.tax_on_top
    if adjusted or rng.random() < 0.5:
        row("subtotal", slip.amount(receipt.item_sum if adjusted else base))
    if receipt.discount:
        row("discount", slip.amount(-receipt.discount))
    if receipt.service:
        row("service", slip.amount(receipt.service))
    if receipt.tax_on_top or rng.random() < 0.3:
        row("tax", slip.amount(receipt.tax))
    if receipt.rounding or rng.random() < 0.3:
        _rounding(slip, row)
    if rng.random() < 0.3:
        slip.rule()
    row("total", slip.total(receipt.total), wide)
    if rng.random() < 0.3:
        slip.rule()
    if rng.random() < 0.85:
        _payment(slip, row)
    if rng.random() < 0.08:
        row("total", slip.total(receipt.total))


def _rounding(slip: Slip, row: Callable[[str, Piece | Line], None]) -> None:
    rng, receipt = slip.rng, slip.receipt
    if rng.random() < 0.7:
        same = receipt.rounding == 0
        row("inclusive", slip.total(receipt.total) if same else slip.amount(receipt.before_rounding, marked=True))
    if receipt.region is Region.MALAYSIA:
        row("rounding", slip.amount(receipt.rounding))


def _payment(slip: Slip, row: Callable[[str, Piece | Line], None]) -> None:
    rng, receipt = slip.rng, slip.receipt
    if rng.random() < 0.25:
        row("card", slip.amount(receipt.total))
        if rng.random() < 0.3:
            slip.line(f"APPROVAL CODE: {rng.randint(100000, 999999)}")
    else:
        row("cash", slip.amount(receipt.cash, marked=rng.random() < 0.3))
        row("change", slip.amount(receipt.cash - receipt.total, marked=rng.random() < 0.3))


def _tail(slip: Slip) -> None:
    """Tax summary, thanks, and sometimes the date once more."""
    rng, receipt = slip.rng, slip.receipt
    if receipt.region is not Region.AMERICA and rng.random() < 0.5:
        slip.gap()
        _summary(slip)
    slip.gap()
    for _ in range(rng.randint(0, 4)):
        slip.wrapped(rng.choice(slip.words["thanks"].split("|")), align=Align.CENTRE)
    if rng.random() < 0.12:
        slip.line([_date(slip), " " + _time(slip)], align=rng.choice([Align.LEFT, Align.CENTRE]))
    if rng.random() < 0.05:
        other = slip.dates.write(receipt.day + timedelta(days=rng.randint(7, 400)))
        slip.line(f"{rng.choice(['Valid until', 'EXPIRY', 'Voucher valid till'])} {other}", align=Align.CENTRE)


def _summary(slip: Slip) -> None:
    rng, receipt = slip.rng, slip.receipt
    stars = rng.random() < 0.15
    slip.line(
        "*" * 12 + slip.word("summary") + "*" * 12 if stars else slip.word("summary"),
        align=rng.choice([Align.LEFT, Align.CENTRE]),
    )
    width = slip.right - slip.left
    base = receipt.before_rounding - receipt.tax
    rate = f"{receipt.rate.normalize():f}"
    code = rng.choice([f"SR @ {rate}%", f"S = {rate}%", f"SR {rate}", f"GST S@{rate}%", f"{rate}%", f"T @ {rate}%"])
    heads = rng.choice([("Tax Code", "Amt(RM)", "Tax(RM)"), ("", "Amount(RM)", "Tax(RM)"), ("CODE", "AMOUNT", "TAX")])
    rows = [heads, (code, slip.amount(base), slip.amount(receipt.tax))]
    if rng.random() < 0.3:
        rows.append(("ZRL @ 0%", slip.amount(Decimal(0)), slip.amount(Decimal(0))))
    if rng.random() < 0.3:
        rows.append(("Total :", slip.amount(base), slip.amount(receipt.tax)))
    for first, second, third in rows:
        slip.sheet.text(slip.left, slip.y, slip.native(first) if first else "", slip.font)
        slip.sheet.text(slip.left + width * 0.68, slip.y, slip.native(second), slip.font, align=Align.RIGHT)
        slip.sheet.text(slip.right, slip.y, slip.native(third), slip.font, align=Align.RIGHT)
        slip.y += slip.step


def _cut(slip: Slip) -> None:
    """Cut the paper below the last line; some receipts lie on a larger sheet."""
    rng, sheet = slip.rng, slip.sheet
    height = slip.y + rng.uniform(8, 60)
    if rng.random() < 0.14 and height < 800:
        sheet.sizes[0] = (595.28, 841.89)
        _shift(sheet, rng.uniform(0, 595 - slip.width), rng.uniform(0, max(1.0, 820 - height)))
    else:
        sheet.sizes[0] = (float(slip.width), height)
    sheet.width, sheet.height = sheet.sizes[0]


def _shift(sheet: Sheet, dx: float, dy: float) -> None:
    """Move all that is drawn."""
    moved: list[TextOp | ShapeOp] = []
    for operation in sheet.pages[0]:
        if isinstance(operation, TextOp):
            moved.append(replace(operation, x=operation.x + dx, y=operation.y + dy))
        else:
            left, top, right, bottom = operation.edges
            moved.append(replace(operation, edges=(left + dx, top + dy, right + dx, bottom + dy)))
    sheet.pages[0] = moved
    for record in sheet.records:
        record.boxes = [(left + dx, top + dy, right + dx, bottom + dy) for left, top, right, bottom in record.boxes]
