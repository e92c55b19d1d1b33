"""Documents as a scanner gives them: skewed, blurred, noisy and unevenly lit, with the boxes moved along."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from docgrid.synth.ink import Sheet
from docgrid.synth.pen import write_pdf

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image

_BOX = tuple[float, float, float, float]
_FAX_BLACK = 0.6  # of the white of the paper; what is darker comes out black
_TALL = 0.3  # a turned box may grow by this part of its height; longer ones are cut into pieces


@dataclass(frozen=True, slots=True)
class Damage:
    """What happens to one document; lengths in pixels of the scan."""

    dpi: int
    skew_degrees: float  # counter-clockwise
    blur: float
    noise: float
    contrast: float
    paper: float  # brightness of white, 0..1
    shadow: float
    fading: float
    specks: int
    margin: float  # what lies around the paper, part of its width
    background: float
    quality: int  # of JPEG
    as_jpeg: bool
    curl: float = 0.0  # how far the bent side of the paper sinks, part of its height; below 0 the left side is bent
    fax: bool = False  # black and white, every other line lost


def draw_damage(rng: Random, *, narrow: bool) -> Damage:
    """Mild for most documents, heavy for a few; `narrow` paper is often smaller than the glass."""
    heavy = rng.random() < 0.25
    damage = Damage(
        dpi=rng.choice([150, 170, 200, 200]),
        skew_degrees=rng.gauss(0, 0.9 if heavy else 0.35),
        blur=rng.uniform(0.3, 1.1) if heavy else rng.uniform(0.0, 0.6),
        noise=rng.uniform(6, 22) if heavy else rng.uniform(0, 8),
        contrast=rng.uniform(0.55, 0.9) if heavy else rng.uniform(0.8, 1.1),
        paper=rng.uniform(0.8, 1.0) if heavy else rng.uniform(0.93, 1.0),
        shadow=rng.uniform(0.05, 0.3) if rng.random() < 0.4 else 0.0,
        fading=rng.uniform(0.1, 0.4) if narrow and rng.random() < 0.3 else 0.0,
        specks=rng.choice([0, 0, 30, 150]) if heavy else rng.choice([0, 0, 0, 20]),
        margin=rng.uniform(0.01, 0.12) if narrow and rng.random() < 0.5 else 0.0,
        background=rng.choice([0.05, 0.2, 0.5, 1.0, 1.0]),
        quality=rng.randint(35, 90),
        as_jpeg=rng.random() < 0.8,
        curl=rng.choice([-1, 1]) * rng.uniform(0.002, 0.014) if rng.random() < 0.15 else 0.0,
    )
    if rng.random() >= 0.05:
        return damage
    # Fax machines even out the light; what is faded would be lost for any reader.
    contrast, noise = max(damage.contrast, 0.9), min(damage.noise, 8.0)
    return replace(damage, fax=True, shadow=0.0, fading=0.0, contrast=contrast, noise=noise)


def scan(sheet: Sheet, damage: Damage, rng: Random) -> list[Image]:
    """Render every page, damage it, and move the records of the sheet to where they stand then.

    Args:
        sheet: Its records and sizes are changed: the new unit is still the point (1/72 inch of the scan).
        damage: What happens.
        rng: For noise and stains.

    Returns:
        A grey picture for each page, at `damage.dpi`.
    """
    import pypdfium2

    buffer = io.BytesIO()
    write_pdf(sheet, buffer)
    pdf = pypdfium2.PdfDocument(buffer.getvalue())
    pages = []
    for number in range(len(pdf)):
        page = pdf[number]
        picture = page.render(scale=damage.dpi / 72, grayscale=True).to_pil().convert("L")
        page.close()
        pages.append(damage_picture(picture, damage, rng))
        _move_records(sheet, number + 1, damage)
    pdf.close()
    return pages


def _frame(size: tuple[float, float], damage: Damage) -> tuple[float, float, float, float]:
    """Width and height of the scan, and where the left top corner of the paper stands in it; unit as `size`."""
    border = size[0] * damage.margin
    return size[0] + 2 * border, size[1] + 2 * border, border, border


def damage_picture(picture: Image, damage: Damage, rng: Random) -> Image:
    """A grey picture of a page as a scanner gives it, at the resolution that it has already."""
    import numpy as np
    from PIL import Image, ImageFilter

    width, height, left, top = _frame(picture.size, damage)
    ground = round(255 * damage.background)
    glass = Image.new("L", (round(width), round(height)), ground)
    glass.paste(picture, (round(left), round(top)))
    glass = glass.rotate(damage.skew_degrees, resample=Image.Resampling.BICUBIC, expand=False, fillcolor=ground)
    if damage.curl:
        glass = Image.fromarray(bend(np.asarray(glass), damage.curl))
    if damage.blur > 0.05:
        glass = glass.filter(ImageFilter.GaussianBlur(damage.blur))
    pixels = _aged(np.asarray(glass, dtype=np.float32), damage, rng)
    result = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
    if damage.fax:
        result = _faxed(result, threshold=round(_FAX_BLACK * 255 * damage.paper))
    jpeg = io.BytesIO()
    result.save(jpeg, "JPEG", quality=damage.quality)
    return Image.open(jpeg).convert("L")


def sinking(x: NDArray[Any] | float, width: float, height: float, curl: float) -> Any:
    """How far the paper sinks at some x: nothing at the flat side, `curl` heights at the bent one, as a parabola."""
    from_flat = x / width if curl > 0 else 1 - x / width
    return abs(curl) * height * from_flat**2


def bend(pixels: NDArray[np.uint8], curl: float) -> NDArray[np.uint8]:
    """A page of which one side bends away: every column moves down as a whole."""
    import numpy as np

    height, width = pixels.shape
    source = np.arange(height)[:, None] - sinking(np.arange(width) + 0.5, width, height, curl)[None, :]
    above = np.floor(source).astype(np.int64)
    share = (source - above).astype(np.float32)
    columns = np.arange(width)[None, :]
    first, second = (pixels[np.clip(rows, 0, height - 1), columns].astype(np.float32) for rows in (above, above + 1))
    bent: NDArray[np.uint8] = np.rint(first * (1 - share) + second * share).astype(np.uint8)
    return bent


def _faxed(picture: Image, *, threshold: int) -> Image:
    """Black and white at half the lines, as facsimile machines send pages."""
    from PIL import Image

    half = picture.resize((picture.width, max(picture.height // 2, 1)), Image.Resampling.BOX)
    black = half.point([0] * threshold + [255] * (256 - threshold))
    return black.resize(picture.size, Image.Resampling.NEAREST)


def _aged(pixels: NDArray[np.float32], damage: Damage, rng: Random) -> NDArray[np.float32]:
    """Light, ink and grain."""
    import numpy as np

    light: NDArray[Any]  # numpy widens it by the way

    draw = np.random.default_rng(rng.getrandbits(63))
    height, width = pixels.shape
    x = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    white = 255 * damage.paper
    pixels = white - (255 - pixels) * damage.contrast * damage.paper
    if damage.fading:
        light = np.sin(y * rng.uniform(1, 4) + x * rng.uniform(-2, 2) + rng.uniform(0, 6)).astype(np.float32)
        pixels -= (pixels - white) * (damage.fading * (0.5 + 0.5 * light))
    if damage.shadow:
        angle = rng.uniform(0, 2 * math.pi)
        light = np.clip(0.5 + 0.5 * (x * math.cos(angle) + y * math.sin(angle)), 0, 1).astype(np.float32)
        pixels *= 1 - damage.shadow * light ** rng.uniform(1, 3)
    if damage.noise:
        pixels = pixels + damage.noise * draw.standard_normal(pixels.shape, dtype=np.float32)
    for _ in range(damage.specks):
        row, column, size = rng.randrange(height), rng.randrange(width), rng.randint(1, 3)
        pixels[row : row + size, column : column + size] = rng.choice([20, 90, 250])
    return pixels


def _move_records(sheet: Sheet, page: int, damage: Damage) -> None:
    """The boxes of one page, in points of the scan."""
    old = sheet.sizes[page - 1]
    width, height, left, top = _frame(old, damage)
    for record in sheet.records:
        if record.page == page:
            shifted = [(box[0] + left, box[1] + top, box[2] + left, box[3] + top) for box in record.boxes]
            turned = [piece for box in shifted for piece in turn_box(box, damage.skew_degrees, (width / 2, height / 2))]
            record.boxes = [piece for box in turned for piece in bend_box(box, damage.curl, (width, height))]
    sheet.sizes[page - 1] = (width, height)


def turn_box(box: _BOX, degrees: float, centre: tuple[float, float]) -> list[_BOX]:
    """Upright boxes around a box that is turned counter-clockwise about `centre` (y grows downwards).

    A long flat box grows much when it is turned, into the lines above and below; it is cut into pieces that stand in a
    staircase instead.
    """
    left, top, right, bottom = box
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    growth = abs((right - left) * sine)
    pieces = max(1, math.ceil(growth / max((bottom - top) * _TALL, 0.1)))
    step = (right - left) / pieces
    result = []
    for number in range(pieces):
        start, stop = left + number * step, left + (number + 1) * step
        corners = [(start, top), (stop, top), (start, bottom), (stop, bottom)]
        turned = [
            (
                centre[0] + (x - centre[0]) * cosine + (y - centre[1]) * sine,
                centre[1] - (x - centre[0]) * sine + (y - centre[1]) * cosine,
            )
            for x, y in corners
        ]
        xs, ys = [point[0] for point in turned], [point[1] for point in turned]
        result.append((min(xs), min(ys), max(xs), max(ys)))
    return result


def bend_box(box: _BOX, curl: float, size: tuple[float, float]) -> list[_BOX]:
    """Upright boxes around a box on a page of which one side bends away; cut into pieces as in `turn_box`."""
    if not curl:
        return [box]
    left, top, right, bottom = box
    from_flat = right / size[0] if curl > 0 else 1 - left / size[0]
    steepest = 2 * abs(curl) * size[1] / size[0] * from_flat
    pieces = max(1, math.ceil(steepest * (right - left) / max((bottom - top) * _TALL, 0.1)))
    step = (right - left) / pieces
    result = []
    for number in range(pieces):
        start, stop = left + number * step, left + (number + 1) * step
        low, high = sorted((sinking(start, *size, curl), sinking(stop, *size, curl)))
        result.append((start, top + low, stop, bottom + high))
    return result


def write_scan(pages: list[Image], damage: Damage, path: Path) -> None:
    """Write a picture, or a PDF of pictures, by the suffix of `path`: .png, .jpg or .pdf."""
    if path.suffix == ".png":
        pages[0].save(path, dpi=(damage.dpi, damage.dpi), compress_level=1)
    elif path.suffix == ".jpg":
        pages[0].save(path, quality=damage.quality, dpi=(damage.dpi, damage.dpi))
    else:
        _write_pdf(pages, damage, path)


def _write_pdf(pages: list[Image], damage: Damage, path: Path) -> None:
    """A PDF without text: one JPEG a page."""
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    canvas: Any = Canvas(str(path), invariant=1)
    for picture in pages:
        width, height = (side * 72 / damage.dpi for side in picture.size)
        jpeg = io.BytesIO()
        picture.save(jpeg, "JPEG", quality=damage.quality)
        jpeg.seek(0)
        canvas.setPageSize((width, height))
        canvas.drawImage(ImageReader(jpeg), 0, 0, width, height)
        canvas.showPage()
    canvas.save()
