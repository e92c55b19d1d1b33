"""Scans: where the ink stands after all the damage, the boxes stand too."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from random import Random

import numpy as np
import pytest

from docgrid.synth import SynthKind, generate, make_document
from docgrid.synth.ink import HELVETICA, Font, Sheet, Value
from docgrid.synth.scan import Damage, bend, draw_damage, scan, turn_box

MILD = Damage(
    dpi=100, skew_degrees=0.0, blur=0.0, noise=0.0, contrast=1.0, paper=1.0, shadow=0.0, fading=0.0, specks=0,
    margin=0.0, background=1.0, quality=90, as_jpeg=True,
)  # fmt: skip


def sheet_with_one_value() -> Sheet:
    sheet = Sheet(300, 200)
    sheet.text(40, 60, Value("123456789 123456789", ("document_id",), "123456789"), Font(HELVETICA, 14))
    return sheet


@pytest.mark.parametrize(
    "change", [{}, {"skew_degrees": 3.0}, {"skew_degrees": -3.0}, {"margin": 0.1}, {"curl": 0.15}, {"curl": -0.15}]
)
def test_all_ink_of_a_value_lies_in_its_boxes_and_they_are_no_larger_than_needed(change: dict[str, float]) -> None:
    sheet = sheet_with_one_value()
    damage = dataclasses.replace(MILD, **change)  # type: ignore[arg-type]  # names of its fields
    (picture,) = scan(sheet, damage, Random(1))
    dark = np.argwhere(np.asarray(picture) < 100) * 72 / damage.dpi  # rows of (y, x) in points
    boxes = sheet.records[0].boxes
    inside = np.zeros(len(dark), bool)
    for left, top, right, bottom in boxes:
        inside |= (dark[:, 1] >= left - 1) & (dark[:, 1] <= right + 1) & (dark[:, 0] >= top - 1) & (dark[:, 0] <= bottom + 1)
    assert len(dark) > 500 and inside.all()
    height = 14 * (HELVETICA.ascent + HELVETICA.descent)
    assert all(bottom - top < height * 1.35 for _, top, _, bottom in boxes)
    assert picture.size == tuple(round(side * damage.dpi / 72) for side in sheet.sizes[0])


def test_a_quarter_turn_moves_a_box_to_where_the_turned_paper_has_it() -> None:
    # Counter-clockwise about (0, 0) with y downwards: a point to the right goes up.
    pieces = turn_box((10, 0, 20, 5), 90, (0, 0))
    assert min(piece[1] for piece in pieces) == pytest.approx(-20)
    assert max(piece[3] for piece in pieces) == pytest.approx(-10)
    assert max(piece[2] for piece in pieces) == pytest.approx(5)


def test_a_bent_page_sinks_at_one_side_only_and_by_what_was_asked() -> None:
    page = np.full((100, 41), 255, np.uint8)
    page[50] = 0
    lowest = bend(page, 0.2).argmin(axis=0)
    assert lowest[0] == 50
    assert lowest[-1] == pytest.approx(50 + 0.2 * 100 * (40.5 / 41) ** 2, abs=0.5)
    assert (np.diff(lowest) >= 0).all()
    assert bend(page, -0.2).argmin(axis=0).tolist() == lowest[::-1].tolist()


def test_a_fax_is_black_and_white_with_lines_in_pairs() -> None:
    sheet, blurred = sheet_with_one_value(), dataclasses.replace(MILD, blur=2.0, quality=100)
    grey, faxed = (
        np.asarray(scan(sheet, damage, Random(1))[0]).astype(int) for damage in (blurred, dataclasses.replace(blurred, fax=True))
    )
    inked = [pixels[pixels < 230] for pixels in (grey, faxed)]
    assert (inked[0] < 60).mean() < 0.5  # what the blur leaves in between ...
    assert (inked[1] < 60).mean() > 0.9  # ... comes out black or white
    assert (np.abs(faxed[0:-1:2] - faxed[1::2]) < 60).mean() > 0.98
    assert len(inked[1]) > 200


def test_a_straight_scan_keeps_its_boxes() -> None:
    sheet, untouched = sheet_with_one_value(), sheet_with_one_value()
    scan(sheet, MILD, Random(1))
    assert sheet.records[0].boxes == untouched.records[0].boxes


def test_scans_are_the_same_for_the_same_seed_and_of_the_asked_fraction(tmp_path: Path) -> None:
    for name in ("first", "second"):
        generate(tmp_path / name, documents=8, seed=3, kind=SynthKind.RECEIPT, rasterise=0.5)
    first, second = (
        {path.name: path.read_bytes() for path in (tmp_path / name / "data" / "documents").iterdir()}
        for name in ("first", "second")
    )
    assert first == second
    suffixes = sorted({Path(name).suffix for name in first})
    assert ".pdf" in suffixes and {".jpg", ".png"} & set(suffixes)


def test_a_document_of_several_pages_becomes_one_pdf_of_pictures(tmp_path: Path) -> None:
    number = next(n for n in range(100) if len(make_document(n, seed=1, kind=SynthKind.INVOICE).sheet.pages) == 2)
    sheet = make_document(number, seed=1, kind=SynthKind.INVOICE).sheet
    damage = dataclasses.replace(draw_damage(Random(1), narrow=False), dpi=50)
    pages = scan(sheet, damage, Random(2))
    from docgrid.synth.scan import write_scan

    write_scan(pages, damage, tmp_path / "scan.pdf")
    import pypdfium2

    with pypdfium2.PdfDocument(tmp_path / "scan.pdf") as pdf:
        assert len(pdf) == 2
        page = pdf[0]
        assert page.get_textpage().count_chars() == 0
        assert page.get_size() == pytest.approx(sheet.sizes[0], abs=1)
        page.close()
