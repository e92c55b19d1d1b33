"""Sheets written as PDF."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

from docgrid.synth.ink import Colour, ShapeOp, Sheet, TextOp, register_fonts


def write_pdf(sheet: Sheet, target: Path | BytesIO) -> None:
    """Write the pages as a PDF; equal sheets give equal bytes."""
    from reportlab import rl_config
    from reportlab.pdfgen.canvas import Canvas

    rl_config.useA85 = 0  # page streams as bytes: a fifth smaller, and no slow encoding in Python
    register_fonts()
    pen = _Pen(Canvas(target if isinstance(target, BytesIO) else str(target), invariant=1, pageCompression=1))
    for operations, (width, height) in zip(sheet.pages, sheet.sizes, strict=True):
        pen.start_page(width, height)
        for operation in operations:
            if isinstance(operation, TextOp):
                pen.text(operation)
            else:
                pen.shape(operation)
        pen.canvas.showPage()
    pen.canvas.save()


class _Pen:
    """A canvas of reportlab with y downwards; it sets a colour only when it changes."""

    def __init__(self, canvas: Any) -> None:
        self.canvas = canvas
        self.height = 0.0
        self.filled: Colour | None = None

    def start_page(self, width: float, height: float) -> None:
        """Everything until `showPage` goes on this page."""
        self.canvas.setPageSize((width, height))
        self.height = height
        self.filled = None

    def _fill(self, colour: Colour) -> None:
        if colour != self.filled:
            self.canvas.setFillColorRGB(colour.red, colour.green, colour.blue)
            self.filled = colour

    def text(self, operation: TextOp) -> None:
        """Draw a run of text."""
        canvas, font = self.canvas, operation.font
        x, y = operation.x, self.height - operation.y
        self._fill(operation.colour)
        if operation.turned:
            canvas.saveState()
            canvas.translate(x, y)
            canvas.rotate(operation.turned)
            x = y = 0.0
        run = canvas.beginText(x, y)
        run.setFont(font.cut, font.size)
        if font.stretch != 1.0:
            run.setHorizScale(font.stretch * 100)
        run.textOut(operation.text)
        if font.stretch != 1.0:
            run.setHorizScale(100)
        canvas.drawText(run)
        if operation.turned:
            canvas.restoreState()

    def shape(self, operation: ShapeOp) -> None:
        """Draw a line, a box or a circle."""
        canvas = self.canvas
        left, top, right, bottom = operation.edges
        if operation.stroke is not None:
            canvas.setStrokeColorRGB(operation.stroke.red, operation.stroke.green, operation.stroke.blue)
            canvas.setLineWidth(operation.width)
        if operation.fill is not None:
            self._fill(operation.fill)
        paint = {"stroke": int(operation.stroke is not None), "fill": int(operation.fill is not None)}
        if operation.kind == "line":
            canvas.line(left, self.height - top, right, self.height - bottom)
        elif operation.kind == "circle":
            canvas.ellipse(left, self.height - bottom, right, self.height - top, **paint)
        else:
            canvas.rect(left, self.height - bottom, right - left, bottom - top, **paint)
