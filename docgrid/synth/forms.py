"""Small pictures of filled-in forms over their blank templates, with what was filled in: a mask, and how dark its ink is.

The picture is not the template plus ink: it is moved by up to a pixel, darker or lighter, and noisy, so a difference of the two
does not tell the ink from the form.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

_FINE = 3  # forms are drawn at so many times their size and then made smaller, which gives edges the gray of a scan
_INK = 0.25  # from this darkness on a pixel is part of the mask
_CAPTIONS = ("Name", "Date", "Total", "Street", "City", "Phone", "Number", "Amount", "Remarks", "Signed")
_WRITTEN = "ABCDEFGHKLMNPRSTUVXYZabdefghiklmnoprstu0123456789"


class FilledForm(NamedTuple):
    """One form, all float32 in 0..1."""

    picture: NDArray[np.float32]  # [6, H, W]: the filled form, then its blank template, white = 1
    mask: NDArray[np.float32]  # [H, W] 1 where something was filled in
    ink: NDArray[np.float32]  # [H, W] how much of the light it takes away, 0 where nothing was filled in


def filled_form(random: np.random.Generator, *, size: int = 96) -> FilledForm:
    """A form that nobody has seen.

    Args:
        random: Of template, entries and damage.
        size: Height and width in pixels, a multiple of 16.
    """
    fine = size * _FINE
    template = Image.new("L", (fine, fine), 255)
    ink = Image.new("L", (fine, fine), 0)
    rows = int(random.integers(3, 6))
    for row in range(rows):
        top, bottom = fine * row // rows, fine * (row + 1) // rows
        _draw_field(ImageDraw.Draw(template), top, bottom, fine, random)
        if random.random() < 0.75:
            _fill_in(ImageDraw.Draw(ink), top, bottom, fine, random)
    blank, strength = _smaller(template, size), _smaller(ink, size)
    colour = random.uniform(0, 0.7, 3)[:, None, None]  # the light that full ink leaves, by channel
    filled = blank[None] * (1 - strength[None] * (1 - colour))
    shift = tuple(int(step) for step in random.integers(-1, 2, 2))
    shown = np.roll(np.broadcast_to(blank[None], (3, size, size)), shift, axis=(1, 2))
    picture = np.concatenate([filled * random.uniform(0.8, 1.0), shown])
    picture += random.normal(0, random.uniform(0, 0.04), picture.shape)
    return FilledForm(picture.clip(0, 1).astype(np.float32), (strength > _INK).astype(np.float32), strength)


def _draw_field(draw: ImageDraw.ImageDraw, top: int, bottom: int, width: int, random: np.random.Generator) -> None:
    """One row of the template: a caption, and a box, a line or cells to write in."""
    dark, height = int(random.integers(0, 120)), bottom - top
    font = ImageFont.load_default(size=max(height // 4, 12))
    draw.text((width // 30, top + height // 12), str(random.choice(_CAPTIONS)), fill=dark, font=font)
    kind = random.integers(0, 3)
    left, right = width // 20, width - width // 20
    if kind == 0:
        draw.rectangle((left, top + height // 3, right, bottom - height // 12), outline=dark, width=2)
    elif kind == 1:
        draw.line((left, bottom - height // 8, right, bottom - height // 8), fill=dark, width=2)
    else:
        for cell in np.linspace(left, right, int(random.integers(4, 9))):
            draw.line((cell, top + height // 3, cell, bottom - height // 12), fill=dark, width=2)


def _fill_in(draw: ImageDraw.ImageDraw, top: int, bottom: int, width: int, random: np.random.Generator) -> None:
    """Writing, a tick or a signature, with its own ink."""
    strength, height = int(random.integers(130, 256)), bottom - top
    left, middle = int(random.integers(width // 20, width // 2)), (top + 2 * bottom) / 3
    kind = random.integers(0, 4)
    if kind <= 1:
        text = "".join(random.choice(list(_WRITTEN), int(random.integers(3, 9))))
        size = int(height * random.uniform(0.35, 0.6))
        draw.text((left, middle - size / 2), text, fill=strength, font=ImageFont.load_default(size=size), stroke_width=1)
    elif kind == 2:
        step = height / 5
        draw.line((left, middle, left + step, middle + step, left + 3 * step, middle - 1.5 * step), fill=strength, width=8)
    else:
        length = int(random.integers(width // 4, width // 2))
        x = np.linspace(left, left + length, 40)
        waves = np.sum([np.sin(x / random.uniform(6, 20) + random.uniform(0, 6)) for _ in range(3)], axis=0)
        draw.line([*zip(x.tolist(), (middle + height / 9 * waves).tolist(), strict=True)], fill=strength, width=6, joint="curve")


def _smaller(picture: Image.Image, size: int) -> NDArray[np.float32]:
    small: NDArray[np.float32] = np.asarray(picture.resize((size, size), Image.Resampling.BOX), np.float32) / np.float32(255)
    return small
