"""Reading annotations of other makers: every part is checked for what it should be, and its place named where it is not."""

from __future__ import annotations

from pathlib import Path

from docgrid.datasets.base import DOCUMENT_SUFFIXES, MisshapenError
from docgrid.datasets.given import around, picture_size
from docgrid.errors import DatasetError

Edges = tuple[float, float, float, float]  # left, top, right, bottom

OUTSIDE = 0.01  # share of the page by which a box may stand out; it is cut off there
_LARGEST = 1e9


def as_object(content: object, what: str) -> dict[str, object]:
    """A JSON object.

    Raises:
        MisshapenError: It is something else.
    """
    if not isinstance(content, dict):
        raise MisshapenError(f"{what} is {_kind(content)}, not an object")
    return content


def as_list(content: object, what: str) -> list[object]:
    """A JSON list.

    Raises:
        MisshapenError: It is something else.
    """
    if not isinstance(content, list):
        raise MisshapenError(f"{what} is {_kind(content)}, not a list")
    return content


def as_text(content: object, what: str) -> str:
    """A text, its white space collapsed.

    Raises:
        MisshapenError: It is no text.
    """
    if not isinstance(content, str):
        raise MisshapenError(f"{what} is {_kind(content)}, not a text")
    return " ".join(content.split())


def as_name(content: object, what: str) -> str:
    """A text that is not empty.

    Raises:
        MisshapenError: It is empty or no text.
    """
    text = as_text(content, what)
    if not text:
        raise MisshapenError(f"{what} is empty")
    return text


def as_number(content: object, what: str) -> float:
    """A finite number.

    Raises:
        MisshapenError: It is none.
    """
    if isinstance(content, bool) or not isinstance(content, (int, float)):
        raise MisshapenError(f"{what} is {_kind(content)}, not a number")
    if not abs(content) < _LARGEST:  # also refuses NaN
        raise MisshapenError(f"{what} is {content!r:.20}, not a usable number")
    return float(content)


def as_count(content: object, what: str, *, least: int = 0) -> int:
    """A whole number.

    Raises:
        MisshapenError: It is none, or too small.
    """
    number = as_number(content, what)
    if number != int(number) or number < least:
        raise MisshapenError(f"{what} is {content!r}, not a whole number from {least}")
    return int(number)


def as_size(content: dict[str, object], what: str) -> tuple[float, float]:
    """Width and height of a page, both above zero.

    Raises:
        MisshapenError: One is missing or not above zero.
    """
    width, height = (as_number(content.get(side), f"{what}{side}") for side in ("width", "height"))
    if width <= 0 or height <= 0:
        raise MisshapenError(f"{what}width and height are {width:g} x {height:g}")
    return width, height


def as_box(content: object, what: str, size: tuple[float, float]) -> Edges:
    """A box `[left, top, right, bottom]` on a page of a size, cut off at its edges.

    Raises:
        MisshapenError: It is no box, its edges are reversed, or it lies off the page.
    """
    edges = as_list(content, what)
    if len(edges) != 4:
        raise MisshapenError(f"{what} has {len(edges)} numbers, not 4")
    left, top, right, bottom = (as_number(edge, what) for edge in edges)
    return checked((left, top, right, bottom), what, size)


def as_quad(content: object, what: str, size: tuple[float, float]) -> Edges:
    """The box around a polygon `[[x, y], ...]`, or around `[x1, y1, x2, y2, ...]`.

    Raises:
        MisshapenError: It is no polygon, has no area, or lies off the page.
    """
    points = as_list(content, what)
    if points and all(isinstance(point, list) for point in points):
        points = [value for point in points for value in as_list(point, what)]
    numbers = [as_number(value, what) for value in points]
    if len(numbers) < 4 or len(numbers) % 2:
        raise MisshapenError(f"{what} has {len(numbers)} numbers, which make no corners")
    corners = [(x, y, x, y) for x, y in zip(numbers[0::2], numbers[1::2], strict=True)]
    return checked(around(corners), what, size)


def checked(edges: Edges, what: str, size: tuple[float, float]) -> Edges:
    """A box whose edges are in order and on the page, cut off where it stands out by a little.

    Raises:
        MisshapenError: They are not.
    """
    left, top, right, bottom = edges
    shown = f"[{left:g}, {top:g}, {right:g}, {bottom:g}]"
    if left > right or top > bottom:
        raise MisshapenError(f"{what} {shown} is reversed: left must be below right and top below bottom")
    if left == right or top == bottom:
        raise MisshapenError(f"{what} {shown} is empty")
    width, height = size
    slack_x, slack_y = max(OUTSIDE * width, 1 if width > 1 else 0), max(OUTSIDE * height, 1 if height > 1 else 0)
    if left < -slack_x or top < -slack_y or right > width + slack_x or bottom > height + slack_y:
        raise MisshapenError(f"{what} {shown} lies off the page of {width:g} x {height:g}")
    cut = max(left, 0.0), max(top, 0.0), min(right, float(width)), min(bottom, float(height))
    if cut[0] >= cut[2] or cut[1] >= cut[3]:
        raise MisshapenError(f"{what} {shown} lies off the page of {width:g} x {height:g}")
    return cut


def relative(edges: Edges, size: tuple[float, float]) -> Edges:
    """A box in 0..1 of its page."""
    return edges[0] / size[0], edges[1] / size[1], edges[2] / size[0], edges[3] / size[1]


def file_in(root: Path, name: object, *folders: str, what: str) -> Path:
    """A document or picture that an annotation names, inside of the dataset.

    Args:
        root: The dataset; nothing outside of it is opened.
        name: As the annotation writes it.
        *folders: Folders of `root` that are looked into, in this order; `root` itself when none is given.
        what: For the message.

    Raises:
        MisshapenError: The name is none, there is no such file, or it is no document.
    """
    text = as_name(name, what)
    if "\0" in text or len(text) > 1000:
        raise MisshapenError(f"{what} {text!r:.60} is no file name")
    for folder in folders or ("",):
        path = root / folder / text
        try:
            found = path.is_file()
        except OSError:
            continue
        if not found:
            continue
        if not path.resolve().is_relative_to(root.resolve()):
            raise MisshapenError(f"{what} {text!r} lies outside of the dataset")
        if path.suffix.lower() not in DOCUMENT_SUFFIXES:
            raise MisshapenError(f"{what} {text!r} is no document; known are {', '.join(DOCUMENT_SUFFIXES)}")
        return path
    raise MisshapenError(f"{what} {text!r:.200} is missing")


def size_of(picture: Path) -> tuple[float, float]:
    """Width and height of a picture in pixels.

    Raises:
        MisshapenError: It is damaged.
    """
    try:
        width, height = picture_size(picture)
    except DatasetError as error:
        raise MisshapenError(error.problem) from error
    return float(width), float(height)


def _kind(content: object) -> str:
    return "missing" if content is None else type(content).__name__
