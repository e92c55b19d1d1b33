"""The numbers that a document bears: its own, those of orders and customers, in the many shapes that programs give them."""

from __future__ import annotations

from datetime import date
from random import Random

from docgrid.synth.countries import digits, fill

# In a pattern # is a digit and @ a letter; {yyyy}, {yy} and {mm} are of the day.
_PATTERNS = {
    "document_id": (
        "###### ####### ##### ######## RE-#### INV-##### INV##### R{yyyy}-#### {yyyy}-#### {yyyy}/### F{yyyy}#### FA-{yyyy}-####"
        " {yyyy}##### A-###### FV/####/{yyyy} {yy}-##### @@###### ####-## SI-###### {yyyy}{mm}-### FAC#### RG##### VF-#####"
        " ###/{yyyy} {yy}#### ####/{yy} F-{yyyy}-### ##.###.###.#-{yyyy}-# TX-###### IN-##-#### {yyyy}-{mm}-#### #########"
    ),
    "order_id": "B###### PO-##### PO###### 45###### ####### ORD-#### {yyyy}-###### ##-### 45######## BE-#### ######",
    "customer_order_id": "PO####### ##### AB-### COMPRA#### K-##### ######/## REF#### {yyyy}-##### {mm}/{yyyy}/## @@@###",
    "vendor_order_id": "SO-##### SO#### A###### AU-{yyyy}-#### ####### AB###### ##-#### ######",
    "customer_id": "##### ###### 1#### K-#### C##### CUST-### D##### 009### #### GE####### @@#### 7###### {yy}###",
    "delivery_note": "L###### LS-##### DN#### BL#### ###### {yyyy}-####",
    "contract": "CT####### V-#### P##### #### Q-### {yyyy}.###",
}


def _number(rng: Random, patterns: str, day: date) -> str:
    pattern = rng.choice(patterns.split(" ")).format(yyyy=day.year, yy=f"{day.year % 100:02}", mm=f"{day.month:02}")
    if "#" in pattern and rng.random() < 0.8:  # few numbers start with 0
        pattern = pattern.replace("#", str(rng.randint(1, 9)), 1)
    return fill(rng, pattern)


def document_numbers(rng: Random, dates: dict[str, date]) -> dict[str, str]:
    """The numbers of one invoice, by field name; delivery note and contract are no fields.

    Args:
        rng: Where they are drawn from.
        dates: The dates of the invoice: `date_issue` and `order` stand in some of its numbers.
    """
    ordered = ("order_id", "customer_order_id", "vendor_order_id")
    numbers = {
        name: _number(rng, patterns, dates["order" if name in ordered else "date_issue"]) for name, patterns in _PATTERNS.items()
    }
    own = numbers["document_id"]
    references = [own, own, own, f"RF{digits(rng, 12)}", digits(rng, 10), f"{digits(rng, 5)}-{own}"]
    return numbers | {"payment_reference": rng.choice(references)}
