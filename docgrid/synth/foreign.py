"""Documents that have none of the fields: blank pages, letters, poems, photographs; to measure what a model invents on them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from random import Random
from typing import Any

_A4 = (595.0, 842.0)
_VERSE = """\
Above the river hangs a narrow moon
The orchard keeps the colour of the rain
I count the windows going dark at noon
A bell forgets itself and rings again
We left our shoes beside the sleeping door
The salt of summer dries upon the wall
No letter crosses from the other shore
The swallows write their absence over all
And yet the lamp is lit, the table laid
Your chair still turned a little to the light
What we have lost is not what we have made
The hills go home along the edge of night""".splitlines()


class ForeignKind(StrEnum):
    """What a document without fields is."""

    BLANK = "blank"
    LETTER = "letter"
    POEM = "poem"
    PHOTOGRAPH = "photograph"


def write_foreign(folder: Path, count: int, *, seed: int = 0) -> dict[Path, ForeignKind]:
    """Write documents without fields, the kinds in turn: PDFs with a text layer, photographs as JPEG.

    Args:
        folder: Must exist.
        count: How many.
        seed: The same seed gives the same documents.
    """
    written = {}
    for number in range(count):
        kind = list(ForeignKind)[number % len(ForeignKind)]
        rng = Random(seed * 1_000_003 + number)
        suffix = "jpg" if kind is ForeignKind.PHOTOGRAPH else "pdf"
        path = folder / f"{kind.value}-{number:03d}.{suffix}"
        if kind is ForeignKind.PHOTOGRAPH:
            _photograph(path, rng)
        else:
            _WRITERS[kind](path, rng)
        written[path] = kind
    return written


def _canvas(path: Path) -> Any:
    from reportlab.pdfgen.canvas import Canvas

    return Canvas(str(path), pagesize=_A4, invariant=1)


def _blank(path: Path, rng: Random) -> None:
    canvas = _canvas(path)
    canvas.showPage()
    canvas.save()


def _letter(path: Path, rng: Random) -> None:
    """A private letter: a place, a greeting, paragraphs, a name; no date and no amount."""
    from faker import Faker

    faker = Faker("en_GB")
    faker.seed_instance(rng.getrandbits(32))
    lines = [faker.city(), "", f"Dear {faker.first_name()},", ""]
    for _ in range(rng.randint(3, 5)):
        lines += [*_wrapped(faker.paragraph(nb_sentences=rng.randint(4, 8))), ""]
    lines += ["With love from all of us,", "", faker.first_name()]
    _write_lines(path, lines, size=rng.choice([10, 11, 12]), left=rng.choice([60, 72, 90]))


def _wrapped(text: str, columns: int = 82) -> list[str]:
    import textwrap

    return textwrap.wrap(text, columns)


def _poem(path: Path, rng: Random) -> None:
    lines = rng.sample(_VERSE, rng.randint(6, len(_VERSE)))
    for place in range(4, len(lines), 5):
        lines.insert(place, "")
    _write_lines(path, lines, size=rng.choice([11, 13, 15]), left=rng.choice([90, 140, 180]))


def _write_lines(path: Path, lines: Sequence[str], *, size: int, left: int) -> None:
    canvas = _canvas(path)
    canvas.setFont("Times-Roman", size)
    for row, line in enumerate(lines):
        canvas.drawString(left, 760 - row * size * 1.35, line)
    canvas.showPage()
    canvas.save()


def _photograph(path: Path, rng: Random) -> None:
    """Soft hills under a sky: light, edges and grain, and nothing to read."""
    import numpy as np
    from PIL import Image, ImageFilter

    width, height = 900, 640
    draw = np.random.default_rng(rng.getrandbits(63))
    sky = np.linspace(rng.uniform(150, 220), rng.uniform(210, 250), height)[:, None, None] * np.array([0.85, 0.93, 1.0])
    pixels = np.broadcast_to(sky, (height, width, 3)).copy()
    x = np.arange(width)
    for layer in range(4):
        line = height * (0.45 + 0.13 * layer) + 40 * np.sin(x / rng.uniform(60, 200) + rng.uniform(0, 6))
        below = np.arange(height)[:, None] > line[None, :]
        pixels[below] = np.array([rng.uniform(40, 120), rng.uniform(80, 150), rng.uniform(40, 100)])
    pixels += draw.normal(0, 6, pixels.shape)
    picture = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(1))
    picture.save(path, quality=85)


_WRITERS: dict[ForeignKind, Callable[[Path, Random], None]] = {
    ForeignKind.BLANK: _blank,
    ForeignKind.LETTER: _letter,
    ForeignKind.POEM: _poem,
}
