"""The upper part of the first page: letterhead, parties, facts and title, in many arrangements.

A head draws from the top margin down and gives back the y where the table may start.
"""

from __future__ import annotations

from collections.abc import Callable

from docgrid.synth.desk import Desk
from docgrid.synth.head_forms import banner, boxed, grid, header_line, listing, summary_box, three_columns
from docgrid.synth.head_letters import (
    centred,
    classic,
    customer_right,
    lean,
    left_column,
    window_pairs,
    window_row,
    window_sidebar,
)

HEADS: dict[str, Callable[[Desk], float]] = {
    "window-pairs": window_pairs,
    "window-row": window_row,
    "window-sidebar": window_sidebar,
    "classic": classic,
    "three-columns": three_columns,
    "centred": centred,
    "banner": banner,
    "left-column": left_column,
    "boxed": boxed,
    "customer-right": customer_right,
    "lean": lean,
    "grid": grid,
    "listing": listing,
    "summary-box": summary_box,
    "header-line": header_line,
}
