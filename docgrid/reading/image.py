"""Image files become documents: every frame is a page, turned as its EXIF orientation says, and read by OCR.

Formats are allowed by name, because Pillow's list of formats has some that run programs (EPS), and the size is checked before
any pixel is decoded.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError, __version__

from docgrid.errors import DocumentError, DocumentStatus
from docgrid.page import Characters, Document, Page, TextSource
from docgrid.reading.document import Listener, Reading, Step, no_such_page, wanted_pages
from docgrid.reading.ink import BLANK, is_blank
from docgrid.reading.options import Limits, OcrEngineName, ReadingOptions

READER_NAME = f"pillow {__version__}"
FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "WEBP", "GIF")
POINTS_PER_INCH = 72
A4_WIDTH_PT = 595.0
DPI_MIN, DPI_MAX = 70.0, 1300.0  # what a file may claim; screens write 72 or 96 whatever the picture shows
PAGE_WIDTH_MIN_PT, PAGE_WIDTH_MAX_PT = 100.0, 1300.0  # 3.5 cm to 45 cm
EXIF_ORIENTATION = 0x0112
TURNS_OF_EXIF = {3: 180, 4: 180, 5: 90, 6: 90, 7: 270, 8: 270}  # degrees clockwise
# What Pillow's decoders raise on damaged files: it has no error class of its own for them.
DECODER_ERRORS = (OSError, ValueError, SyntaxError, IndexError, KeyError, TypeError, ZeroDivisionError, EOFError, OverflowError)
OCR_PIXELS = 12_000_000  # larger frames are shrunk to this before OCR: A4 at 350 dpi


def read_image_file(content: bytes, document: Document, options: ReadingOptions, listener: Listener) -> Reading:
    """Read the frames that were asked for, one at a time, into `document`, which has no pages yet.

    Raises:
        DocumentError: It is no image of a known kind, too large, or damaged.
        MissingDependencyError: The OCR engine or its language is not installed.
    """
    pages: list[Page] = []
    failures: dict[int, DocumentError] = {}
    with _open(content) as image:
        count = _frame_count(image)
        document = replace(document, reader=READER_NAME, page_count=count)
        numbers = wanted_pages(options, count)
        listener.opened(document, numbers)
        for number in numbers:
            listener.started(number, Step.TEXT_LAYER)
            try:
                pages.append(listener.finished(_read_frame(image, number, options, listener)))
            except DocumentError as error:
                failures[number] = error
            except DECODER_ERRORS as error:
                failures[number] = damaged(error)
    return Reading(replace(document, pages=tuple(pages)), failures)


def render_frame(content: bytes, number: int, dpi: float, options: ReadingOptions) -> Image.Image:
    """A frame in colour at `dpi`, in the frame of the character boxes; see `docgrid.reading.render_page`."""
    with _open(content) as image:
        count = _frame_count(image)
        if not 1 <= number <= count:
            raise no_such_page(number, count)
        frame = _load(image, number, options.limits, "RGB")
    size = (max(round(frame.width_pt * dpi / POINTS_PER_INCH), 1), max(round(frame.height_pt * dpi / POINTS_PER_INCH), 1))
    if size[0] * size[1] > options.limits.page_pixels:
        raise DocumentError(
            f"Page {number} would be {size[0]:,} x {size[1]:,} pixels",
            status=DocumentStatus.TOO_LARGE,
            hint="Choose a lower dpi.",
        )
    return frame.picture.resize(size, Image.Resampling.LANCZOS) if size != frame.picture.size else frame.picture


@contextmanager
def _open(content: bytes) -> Iterator[Image.Image]:
    """Open an image of an allowed kind; Pillow's complaints become errors of this document."""
    unreadable = DocumentError(
        "It is neither a PDF nor an image of a known kind",
        status=DocumentStatus.UNSUPPORTED,
        hint=f"Known are PDF, {', '.join(FORMATS)}; convert it to one of them.",
    )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # odd metadata, and its own pixel limit: ours is checked in _frame_size
            with Image.open(io.BytesIO(content), formats=FORMATS) as image:
                yield image
    except DocumentError:
        raise
    except UnidentifiedImageError as error:
        raise unreadable from error
    except Image.DecompressionBombError as error:
        raise DocumentError(
            "It has far too many pixels", status=DocumentStatus.TOO_LARGE, hint="Scan at a lower resolution."
        ) from error
    except DECODER_ERRORS as error:
        raise damaged(error) from error


def damaged(error: Exception) -> DocumentError:
    """The error for an image whose pixels cannot be decoded."""
    return DocumentError(
        f"The image is damaged ({type(error).__name__})", status=DocumentStatus.CORRUPT, hint="Scan or export it again."
    )


def _frame_count(image: Image.Image) -> int:
    """Frames of the file; an animation counts as one page, its first picture."""
    return int(getattr(image, "n_frames", 1)) if image.format == "TIFF" else 1


@dataclass(frozen=True)
class _Frame:
    """A decoded frame, upright, on white."""

    picture: Image.Image
    width_pt: float
    height_pt: float
    rotation: int  # degrees clockwise that the file asked for


def _load(image: Image.Image, number: int, limits: Limits, mode: str) -> _Frame:
    """Decode a frame in `mode`.

    Raises:
        DocumentError: It has more pixels than the limit; they are not decoded then.
    """
    image.seek(number - 1)
    width, height = image.size
    if width * height > limits.page_pixels:
        raise DocumentError(
            f"Page {number} has {width:,} x {height:,} pixels, more than the {limits.page_pixels:,} allowed",
            status=DocumentStatus.TOO_LARGE,
            hint="Scan at a lower resolution, or raise --max-page-megapixels.",
        )
    dpi_x, dpi_y = _resolution(image)
    rotation = TURNS_OF_EXIF.get(image.getexif().get(EXIF_ORIENTATION, 1), 0)  # of a PNG this decodes the pixels already
    if rotation in (90, 270):
        dpi_x, dpi_y = dpi_y, dpi_x
    picture = _on_white(ImageOps.exif_transpose(image)).convert(mode)
    return _Frame(picture, picture.width * POINTS_PER_INCH / dpi_x, picture.height * POINTS_PER_INCH / dpi_y, rotation)


def _on_white(image: Image.Image) -> Image.Image:
    """Transparent pixels show white paper; 16-bit grey is scaled to 8."""
    if image.mode.startswith("I") or image.mode == "F":
        values = np.asarray(image, np.float32)
        top = 65535.0 if values.max(initial=0) > 255 else 255.0
        return Image.fromarray((np.clip(values / top, 0, 1) * 255).astype(np.uint8))
    if image.mode in ("LA", "PA", "RGBA", "RGBa", "La") or "transparency" in image.info:
        rgba = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", rgba.size, "white"), rgba).convert("RGB")
    return image


def _resolution(image: Image.Image) -> tuple[float, float]:
    """Dots per inch across and down, as the file says where that makes a sane page, else so that the page is as wide as A4."""
    said = image.info.get("dpi")
    width, height = image.size
    if isinstance(said, tuple) and len(said) == 2:
        across, down = (float(value) for value in said)
        pages = (width * POINTS_PER_INCH / across, height * POINTS_PER_INCH / down) if across > 0 and down > 0 else (0.0, 0.0)
        sane = all(DPI_MIN < value <= DPI_MAX for value in (across, down)) and max(across, down) <= 3 * min(across, down)
        if sane and all(PAGE_WIDTH_MIN_PT <= side <= PAGE_WIDTH_MAX_PT * 2 for side in pages):
            return across, down
    assumed = width * POINTS_PER_INCH / A4_WIDTH_PT
    return assumed, assumed


def _read_frame(image: Image.Image, number: int, options: ReadingOptions, listener: Listener) -> Page:
    frame = _load(image, number, options.limits, "L")
    width_pt, height_pt = frame.width_pt, frame.height_pt
    if options.ocr is OcrEngineName.OFF:
        notes = ("it is a picture; OCR is off",)
        return Page(number, width_pt, height_pt, Characters.empty(), TextSource.NONE, frame.rotation, warnings=notes)
    from docgrid.reading.ocr_cache import recognise

    listener.started(number, Step.OCR)
    pixels, dpi = _for_ocr(frame.picture, width_pt, height_pt)
    if is_blank(pixels, dpi):
        return Page(number, width_pt, height_pt, Characters.empty(), TextSource.NONE, frame.rotation, warnings=(BLANK,))
    characters, run = recognise(pixels, dpi, options)
    source = TextSource.OCR if len(characters) else TextSource.NONE
    return Page(number, width_pt, height_pt, characters, source, frame.rotation, ocr=run)


def _for_ocr(picture: Image.Image, width_pt: float, height_pt: float) -> tuple[NDArray[np.uint8], float]:
    """Grey pixels of a moderate size with the same resolution across and down, and that resolution."""
    across, down = picture.width / width_pt, picture.height / height_pt  # pixels a point
    scale = min((OCR_PIXELS / (picture.width * picture.height)) ** 0.5, 1.0)
    if scale < 1 or abs(across - down) > 0.01 * across:
        target = min(across, down) if across != down else across
        target *= scale
        picture = picture.resize((max(round(width_pt * target), 1), max(round(height_pt * target), 1)), Image.Resampling.LANCZOS)
    return np.asarray(picture, np.uint8), picture.width / width_pt * POINTS_PER_INCH
