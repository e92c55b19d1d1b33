"""Text, boxes and pixels of PDF pages through pdfium, in the frame of the page as displayed.

pdfium may not be entered by two threads of a process at once, and a call cannot be interrupted: `docgrid.reading.isolation`
gives each reader a process of its own.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium
from numpy.typing import NDArray
from pypdfium2.version import PDFIUM_INFO, PYPDFIUM_INFO

from docgrid.errors import DocumentError, DocumentStatus
from docgrid.reading.frame import Frame
from docgrid.reading.options import Limits
from docgrid.reading.pdf_glyphs import TextLayer, read_glyphs
from docgrid.reading.user_unit import user_units

READER_NAME = f"pypdfium2 {PYPDFIUM_INFO.version} (pdfium {PDFIUM_INFO.build})"

POINTS_PER_INCH = 72
PAGE_SIDE_MIN_PT, PAGE_SIDE_MAX_PT = 1.0, 200_000.0
IMAGE_DEPTH = 3  # of nested forms that are searched for images
VISIBLE_ANNOTATIONS = frozenset({pdfium.FPDF_ANNOT_WIDGET, pdfium.FPDF_ANNOT_FREETEXT, pdfium.FPDF_ANNOT_STAMP})
ANNOTATIONS_MAX = 10_000

_STATUS_OF_ERROR = {
    pdfium.FPDF_ERR_PASSWORD: DocumentStatus.ENCRYPTED,
    pdfium.FPDF_ERR_SECURITY: DocumentStatus.ENCRYPTED,
    pdfium.FPDF_ERR_FORMAT: DocumentStatus.CORRUPT,
    pdfium.FPDF_ERR_FILE: DocumentStatus.CORRUPT,
    pdfium.FPDF_ERR_PAGE: DocumentStatus.CORRUPT,
}
_HINT_OF_STATUS = {
    DocumentStatus.ENCRYPTED: "Put its password into the first line of a file and name that with --password-file.",
    DocumentStatus.CORRUPT: "Open it in a PDF viewer; if that fails too, fetch or export it again.",
}


class PdfFile:
    """An open PDF; use it in a `with` block."""

    def __init__(self, content: bytes, *, limits: Limits, password: str | None = None) -> None:
        """Open a PDF from memory.

        Raises:
            DocumentError: It is encrypted, damaged, or of an unknown kind.
        """
        self._limits = limits
        try:
            self._document = pypdfium2.PdfDocument(content, password=password)
        except pypdfium2.PdfiumError as error:
            status = _STATUS_OF_ERROR.get(getattr(error, "err_code", None), DocumentStatus.CORRUPT)
            what = "The password does not open it" if password and status is DocumentStatus.ENCRYPTED else _plain(error)
            raise DocumentError(what, status=status, hint=_HINT_OF_STATUS[status]) from error
        self.page_count = len(self._document)
        self._units = user_units(content, password)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Give the memory back."""
        self._document.close()

    @contextmanager
    def page(self, number: int) -> Iterator[PdfPage]:
        """Load page `number` (from 1); it is closed with the block.

        Raises:
            DocumentError: The page cannot be loaded or has an impossible size.
        """
        handle = pdfium.FPDF_LoadPage(self._document, number - 1)
        if not handle:
            raise DocumentError(
                f"Page {number} cannot be loaded", status=DocumentStatus.CORRUPT, hint=_HINT_OF_STATUS[DocumentStatus.CORRUPT]
            )
        try:
            if _has_visible_annotation(handle) and pdfium.FPDFPage_Flatten(handle, 0) == pdfium.FLATTEN_SUCCESS:
                pdfium.FPDF_ClosePage(handle)  # what was filled into a form is text of the page only after loading it again
                handle = pdfium.FPDF_LoadPage(self._document, number - 1)
            yield PdfPage(handle, number, self._frame(handle, number), self._limits)
        finally:
            pdfium.FPDF_ClosePage(handle)

    def _frame(self, handle: Any, number: int) -> Frame:
        bounds = pdfium.FS_RECTF()
        ok = pdfium.FPDF_GetPageBoundingBox(handle, bounds)
        unit_pt = self._units.get(number, 1.0)
        frame = Frame(bounds.left, bounds.bottom, bounds.right, bounds.top, pdfium.FPDFPage_GetRotation(handle) % 4, unit_pt)
        if not ok or not all(PAGE_SIDE_MIN_PT <= side <= PAGE_SIDE_MAX_PT for side in frame.size_pt):
            raise DocumentError(
                f"Page {number} has an impossible size",
                status=DocumentStatus.CORRUPT,
                hint="Print the page to a new PDF with a viewer that shows it.",
            )
        return frame


def _plain(error: Exception) -> str:
    return str(error).strip().removesuffix(".") or "It cannot be opened"


def _has_visible_annotation(handle: Any) -> bool:
    """Whether a form field, a typed note or a stamp is laid over the page."""
    count = pdfium.FPDFPage_GetAnnotCount(handle)
    for index in range(min(count, ANNOTATIONS_MAX)):
        annotation = pdfium.FPDFPage_GetAnnot(handle, index)
        subtype = pdfium.FPDFAnnot_GetSubtype(annotation)
        pdfium.FPDFPage_CloseAnnot(annotation)
        if subtype in VISIBLE_ANNOTATIONS:
            return True
    return False


class PdfPage:
    """A loaded page."""

    def __init__(self, handle: Any, number: int, frame: Frame, limits: Limits) -> None:
        self._handle = handle
        self._limits = limits
        self.number = number
        self.frame = frame

    def read_text(self) -> TextLayer:
        """The glyphs of the text layer.

        Raises:
            DocumentError: There are more characters or objects than the limit, or the text cannot be loaded.
        """
        self.check_objects()
        text_page = pdfium.FPDFText_LoadPage(self._handle)
        if not text_page:
            raise DocumentError(
                f"The text of page {self.number} cannot be loaded",
                status=DocumentStatus.CORRUPT,
                hint=_HINT_OF_STATUS[DocumentStatus.CORRUPT],
            )
        try:
            count = max(pdfium.FPDFText_CountChars(text_page), 0)
            if count > self._limits.page_characters:
                raise DocumentError(
                    f"Page {self.number} has {count:,} characters, more than the {self._limits.page_characters:,} allowed",
                    status=DocumentStatus.TOO_LARGE,
                    hint="Leave the page out with --pages, or raise --max-page-characters.",
                )
            return read_glyphs(text_page, count, self.frame)
        finally:
            pdfium.FPDFText_ClosePage(text_page)

    def image_share(self) -> float:
        """How much of the page its largest picture covers, 0..1."""
        largest = 0.0
        width, height = self.frame.right - self.frame.left, self.frame.top - self.frame.bottom
        for box in self._image_boxes():
            left, bottom, right, top = box
            across = min(right, self.frame.right) - max(left, self.frame.left)
            down = min(top, self.frame.top) - max(bottom, self.frame.bottom)
            largest = max(largest, max(across, 0.0) * max(down, 0.0) / (width * height))
        return largest

    @property
    def object_count(self) -> int:
        """Drawing objects on the page; a form counts as one."""
        return max(int(pdfium.FPDFPage_CountObjects(self._handle)), 0)

    def check_objects(self) -> None:
        """Refuse a page that draws too much, before anything looks at each object.

        Raises:
            DocumentError: There are more objects than the limit.
        """
        count = self.object_count
        if count > self._limits.page_objects:
            raise DocumentError(
                f"Page {self.number} has {count:,} objects, more than the {self._limits.page_objects:,} allowed",
                status=DocumentStatus.TOO_LARGE,
                hint="Leave the page out with --pages, or raise --max-page-objects.",
            )

    def _image_boxes(self) -> Iterator[tuple[float, float, float, float]]:
        """left, bottom, right, top of every picture, in user space; of those inside a form, the form's box."""
        count = self.object_count
        edges = [ctypes.c_float() for _ in range(4)]
        for index in range(count):
            item = pdfium.FPDFPage_GetObject(self._handle, index)
            if _holds_image(item, IMAGE_DEPTH) and pdfium.FPDFPageObj_GetBounds(item, *edges):
                left, bottom, right, top = (edge.value for edge in edges)
                yield left, bottom, right, top

    def render(self, dpi: float, *, grey: bool) -> NDArray[np.uint8]:
        """The page as displayed on white: uint8 [H, W] grey or [H, W, 3] RGB; pixel = point * dpi / 72.

        Raises:
            DocumentError: It would have more pixels than the limit.
        """
        width, height = (max(round(side * dpi / POINTS_PER_INCH), 1) for side in self.frame.size_pt)
        if width * height > self._limits.page_pixels:
            raise DocumentError(
                f"Page {self.number} has {width:,} x {height:,} pixels at {dpi:g} dpi, more than the limit",
                status=DocumentStatus.TOO_LARGE,
                hint="Choose a lower --dpi, or raise --max-page-megapixels.",
            )
        channels = 1 if grey else 3
        pixels = np.full((height, width, channels), 255, np.uint8)
        kind = pdfium.FPDFBitmap_Gray if grey else pdfium.FPDFBitmap_BGR
        bitmap = pdfium.FPDFBitmap_CreateEx(width, height, kind, ctypes.c_void_p(pixels.ctypes.data), width * channels)
        if not bitmap:
            raise DocumentError(
                f"Page {self.number} cannot be rendered", status=DocumentStatus.OUT_OF_MEMORY, hint="Choose a lower --dpi."
            )
        try:
            flags = pdfium.FPDF_ANNOT | (pdfium.FPDF_GRAYSCALE if grey else pdfium.FPDF_REVERSE_BYTE_ORDER)
            pdfium.FPDF_RenderPageBitmap(bitmap, self._handle, 0, 0, width, height, 0, flags)
        finally:
            pdfium.FPDFBitmap_Destroy(bitmap)
        return pixels[:, :, 0] if grey else pixels


def _holds_image(item: Any, depth: int) -> bool:
    kind = pdfium.FPDFPageObj_GetType(item)
    if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
        return True
    if kind != pdfium.FPDF_PAGEOBJ_FORM or depth == 0:
        return False
    count = min(max(pdfium.FPDFFormObj_CountObjects(item), 0), 1000)
    return any(_holds_image(pdfium.FPDFFormObj_GetObject(item, index), depth - 1) for index in range(count))
