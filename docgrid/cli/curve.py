"""`docgrid train --learning-curve`: F1 against the number of documents, as a table, JSON and SVG."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from docgrid.cli.outputs import locked
from docgrid.cli.screen import Screen

if TYPE_CHECKING:
    from docgrid.fitting import FitReport, FitSettings
    from docgrid.fitting.curve import CurvePoint

JSON_NAME, SVG_NAME = "learning-curve.json", "learning-curve.svg"


def draw_curve(settings: FitSettings, screen: Screen, *, as_json: bool) -> None:
    """Train on parts of the documents, print the points and write them into the model folder."""
    from docgrid.cli.train import watch
    from docgrid.files import write_json, write_text
    from docgrid.fitting.curve import CurvePoint, learning_curve
    from docgrid.review.diagrams import curve_svg

    points: list[CurvePoint] = []

    def until_point(reports: Iterator[FitReport | CurvePoint]) -> Iterator[FitReport]:
        for report in reports:
            if isinstance(report, CurvePoint):
                points.append(report)
                screen.note(f"{report.documents} documents: F1 {report.f1:.3f} ({report.low:.3f}-{report.high:.3f})")
            else:
                yield report

    with locked(settings.out / "card.json"):
        reports = until_point(learning_curve(settings))
        while (first := next(reports, None)) is not None:  # `watch` ends with each training, the reports go on
            watch(chain([first], reports), screen)
        points.sort(key=lambda point: point.documents)
        facts = {"schema": "docgrid.learning-curve/1", "points": [point.to_dict() for point in points]}
        write_json(settings.out / JSON_NAME, facts)
        figures = [(point.low, point.f1, point.high) for point in points]
        write_text(settings.out / SVG_NAME, curve_svg([point.documents for point in points], figures))
    if as_json:
        screen.json({"folder": str(settings.out), **facts})
    else:
        _print(points, screen)


def _print(points: Sequence[CurvePoint], screen: Screen) -> None:
    from rich.table import Table

    table = Table(title=f"learning curve, {points[0].held_out} documents held out", title_justify="left", header_style="bold")
    for name in ("documents", "F1", "95 %", "seconds"):
        table.add_column(name, justify="right")
    for point in points:
        spread = f"{100 * point.low:.1f}-{100 * point.high:.1f}"
        table.add_row(str(point.documents), f"{100 * point.f1:.1f}", spread, f"{point.seconds:.0f}")
    screen.out.print(table)
    if len(points) > 1:
        gain = 100 * (points[-1].f1 - points[-2].f1)
        screen.note(f"the last doubling of the documents gave {gain:+.1f} points; more documents give less each time")
