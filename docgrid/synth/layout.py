"""Made-up pages with class-index masks of their regions (title, text, table, picture), in the layout of Pascal VOC.

An example of page-layout data, small enough to train on within minutes; real pages vary far more.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from docgrid.files import atomic_path, write_text

CLASSES = ("background", "title", "text", "table", "picture")
TITLE, TEXT, TABLE, PICTURE = range(1, len(CLASSES))
VALIDATION_SHARE = 0.2
COLOURS = ((255, 255, 255), (214, 39, 40), (31, 119, 180), (44, 160, 44), (255, 127, 14), (148, 103, 189), (140, 86, 75))
_WIDTH, _HEIGHT, _MARGIN, _GAP = 352, 480, 20, 10
_SYLLABLES = ("ra", "ne", "to", "li", "mar", "ken", "do", "ve", "si", "lum", "ta", "per", "on", "ade", "ris", "mo", "ten", "ver")


def generate_layouts(out: Path, *, documents: int, seed: int = 0) -> int:
    """Write pages and masks; the last fifth is for validation. The same seed gives the same pages.

    Args:
        out: The folder: `JPEGImages/`, `SegmentationClass/`, `ImageSets/Segmentation/train.txt` and `val.txt`, `labels.txt`.
        documents: How many pages.
        seed: Of all choices.

    Returns:
        How many were written.

    Raises:
        OutputError: The folder cannot be written to.
    """
    names = [f"page-{seed}-{number:06}" for number in range(documents)]
    for number, name in enumerate(names):
        page, mask = layout_page(np.random.default_rng([seed, number]))
        with atomic_path(out / "JPEGImages" / f"{name}.jpg", durable=False) as path:
            page.save(path, quality=88)
        with atomic_path(out / "SegmentationClass" / f"{name}.png", durable=False) as path:
            as_palette(mask).save(path)
    kept = documents - round(documents * VALIDATION_SHARE)
    for part, rows in (("train", names[:kept]), ("val", names[kept:])):
        write_text(out / "ImageSets" / "Segmentation" / f"{part}.txt", "".join(f"{name}\n" for name in rows))
    write_text(out / "labels.txt", "".join(f"{name}\n" for name in CLASSES))
    return documents


def as_palette(mask: NDArray[np.uint8]) -> Image.Image:
    """A class-index picture, uint8 [H, W], that image viewers show in colours."""
    result = Image.frombytes("P", (mask.shape[1], mask.shape[0]), np.ascontiguousarray(mask).tobytes())
    result.putpalette([channel for number in range(256) for channel in COLOURS[number % len(COLOURS)]])
    return result


def layout_page(random: np.random.Generator) -> tuple[Image.Image, NDArray[np.uint8]]:
    """One page, width x height in pixels, and the class of each of its pixels, uint8 [H, W]."""
    paper = int(random.integers(225, 256))
    page = Image.new("RGB", (_WIDTH, _HEIGHT), (paper, paper, int(paper - random.integers(0, 12))))
    mask = np.zeros((_HEIGHT, _WIDTH), np.uint8)
    draw = ImageDraw.Draw(page)
    columns = int(random.integers(1, 3))
    top = _MARGIN
    if random.random() < 0.8:
        top = _title(draw, mask, (_MARGIN, top, _WIDTH - _MARGIN, _HEIGHT), 24, random)
    width = (_WIDTH - 2 * _MARGIN - (columns - 1) * _GAP) // columns
    for column in range(columns):
        left, place = _MARGIN + column * (width + _GAP), top
        while place < _HEIGHT - _MARGIN - 30:
            place = _block(page, mask, (left, place, left + width, _HEIGHT - _MARGIN), random) + _GAP
    return page, mask


def _block(page: Image.Image, mask: NDArray[np.uint8], room: tuple[int, int, int, int], random: np.random.Generator) -> int:
    """Draw something at the top of the room; where it ends."""
    left, top, right, bottom = room
    draw = ImageDraw.Draw(page)
    kind = random.choice([TITLE, TEXT, TABLE, PICTURE], p=[0.12, 0.48, 0.2, 0.2])
    height = min(int(random.integers(40, 130)), bottom - top)
    if kind == TITLE:
        return _title(draw, mask, room, 13, random)
    if kind == TABLE:
        _table(draw, (left, top, right, top + height), random)
    elif kind == PICTURE:
        page.paste(_photo(right - left, height, random), (left, top))
    else:
        height = _text(draw, (left, top, right, top + height), random)
    mask[top : top + height, left:right] = kind
    return top + height


def _words(count: int, random: np.random.Generator) -> str:
    return " ".join("".join(random.choice(_SYLLABLES, int(random.integers(1, 4)))) for _ in range(count))


def _title(
    draw: ImageDraw.ImageDraw, mask: NDArray[np.uint8], room: tuple[int, int, int, int], size: int, random: np.random.Generator
) -> int:
    left, top, right, _ = room
    font = ImageFont.load_default(size=size)
    text = _words(int(random.integers(1, 4)), random).title()
    while font.getlength(text) > right - left and len(text) > 3:
        text = text[:-1]
    draw.text((left, top), text, fill=int(random.integers(0, 60)) * 0x010101, font=font)
    end = top + round(size * 1.3)
    mask[top:end, left : left + int(font.getlength(text)) + 2] = TITLE
    return end + _GAP // 2


def _text(draw: ImageDraw.ImageDraw, room: tuple[int, int, int, int], random: np.random.Generator) -> int:
    left, top, right, bottom = room
    size = int(random.integers(7, 11))
    font, ink = ImageFont.load_default(size=size), int(random.integers(0, 110)) * 0x010101
    place = top
    while place + size + 2 <= bottom:
        line = _words(30, random)
        wanted = (right - left) * (0.6 if random.random() < 0.15 else 1)
        while font.getlength(line) > wanted:
            line = line[: max(int(len(line) * wanted / font.getlength(line)), 1) - 1]
        draw.text((left, place), line, fill=ink, font=font)
        place += size + 3
    return max(place - top, 1)


def _table(draw: ImageDraw.ImageDraw, room: tuple[int, int, int, int], random: np.random.Generator) -> None:
    left, top, right, bottom = room
    rows, columns = max((bottom - top) // 14, 1), int(random.integers(2, 6))
    ruled, ink = random.random() < 0.7, int(random.integers(0, 120)) * 0x010101
    font = ImageFont.load_default(size=8)
    edges = np.linspace(left, right - 1, columns + 1)
    for row in range(rows):
        y = top + row * (bottom - top) / rows
        draw.line((left, y, right - 1, y), fill=ink if ruled else 0xCCCCCC)
        for x in edges[:-1]:
            draw.text((x + 3, y + 2), f"{random.uniform(1, 999):.2f}" if random.random() < 0.8 else "", fill=ink, font=font)
    draw.line((left, bottom - 1, right - 1, bottom - 1), fill=ink)
    if ruled:
        for x in edges:
            draw.line((x, top, x, bottom - 1), fill=ink)


def _photo(width: int, height: int, random: np.random.Generator) -> Image.Image:
    """Soft colours with some shapes."""
    corners = random.integers(30, 230, (2, 2, 3)).astype(np.uint8)
    photo = Image.fromarray(corners).resize((width, height), Image.Resampling.BILINEAR)
    draw = ImageDraw.Draw(photo)
    for _ in range(int(random.integers(1, 5))):
        x, y, radius = random.integers(0, width), random.integers(0, height), random.integers(5, max(height // 2, 6))
        colour = tuple(int(channel) for channel in random.integers(20, 240, 3))
        draw.ellipse([int(edge) for edge in (x - radius, y - radius, x + radius, y + radius)], fill=colour)
    return photo
