"""The picture of a page with coloured, labelled boxes where fields were found."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

from docgrid.review.marks import Mark, colours_of
from docgrid.review.plain import printable

_LABEL_SHARE = 0.0095  # height of a label, of the longer side of the page
_SMALLEST_LABEL_PX = 8


def draw_overlay(picture: Image.Image, marks: Sequence[Mark]) -> Image.Image:
    """A copy of a page's picture with a box and a name for every mark.

    Args:
        picture: The page as displayed, whole.
        marks: The fields on this page.

    Returns:
        RGB, the size of `picture`.
    """
    page = picture.convert("RGB")
    glass = Image.new("RGBA", page.size, (0, 0, 0, 0))
    pen = ImageDraw.Draw(glass)
    size = max(int(max(page.size) * _LABEL_SHARE), _SMALLEST_LABEL_PX)
    font = ImageFont.load_default(size)
    colours = colours_of(mark.name for mark in marks)
    taken: list[tuple[float, float, float, float]] = []
    for mark in sorted(marks, key=lambda one: (one.edges[1], one.edges[0])):
        colour = colours[mark.name]
        left, top, right, bottom = _pixels(mark, page.size)
        pen.rectangle(
            (left - 2, top - 2, right + 2, bottom + 2), fill=(*colour, 46), outline=(*colour, 255), width=max(size // 7, 1)
        )
        place = _label_place(pen, _label(mark), font, (left, top, right, bottom), page.size, taken)
        taken.append(place)
        pen.rectangle(place, fill=(*colour, 235))
        pen.text((place[0] + 2, (place[1] + place[3]) / 2), _label(mark), fill=(255, 255, 255, 255), font=font, anchor="lm")
    return Image.alpha_composite(page.convert("RGBA"), glass).convert("RGB")


def _label(mark: Mark) -> str:
    name = printable(mark.name).removeprefix("line_item_")
    return name if mark.item is None else f"{mark.item + 1} {name}"


def _pixels(mark: Mark, size: tuple[int, int]) -> tuple[float, float, float, float]:
    left, top, right, bottom = mark.edges
    return left * size[0], top * size[1], right * size[0], bottom * size[1]


def _label_place(
    pen: ImageDraw.ImageDraw,
    text: str,
    font: ImageFont.FreeTypeFont | ImageFont.ImageFont,
    box: tuple[float, float, float, float],
    size: tuple[int, int],
    taken: Sequence[tuple[float, float, float, float]],
) -> tuple[float, float, float, float]:
    """Above the box, else below it or beside it: the first place inside the page that no other label has."""
    left, top, right, bottom = box
    extent = pen.textbbox((0, 0), text, font=font)
    width, height = extent[2] + 4, extent[3] + 3
    corners = (
        (left, top - height - 2),
        (left, bottom + 2),
        (right + 3, top),
        (left - width - 3, top),
        (left, top - 2 * height - 2),
    )
    places = [(x, y, x + width, y + height) for x, y in corners]
    inside = [one for one in places if one[0] >= 0 and one[1] >= 0 and one[2] <= size[0] and one[3] <= size[1]]
    free = [one for one in inside if not any(_overlap(one, other) for other in taken)]
    x, y = (free or inside or places)[0][:2]
    x, y = min(max(x, 0), max(size[0] - width, 0)), min(max(y, 0), max(size[1] - height, 0))
    return x, y, x + width, y + height


def _overlap(first: tuple[float, float, float, float], second: tuple[float, float, float, float]) -> bool:
    return first[0] < second[2] and second[0] < first[2] and first[1] < second[3] and second[1] < first[3]
