"""What exporters are given: documents with their pages, text, marks and pictures of pages, whatever format they come from."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image

from docgrid.datasets.base import DrawnPlace, Record
from docgrid.datasets.given import GivenPage, TextLine, around, picture_size, runs_of, words_of
from docgrid.datasets.shapes import Edges
from docgrid.errors import DatasetError, DocumentError, DocumentStatus
from docgrid.geometry import Box
from docgrid.labels import LabelledField
from docgrid.page import Document, Page
from docgrid.reading import ReaderPool

PICTURE_SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".webp", ".gif")
_EXIF_ORIENTATION = 0x0112
_LOOSE = -1  # words of no entity and no line
_WHOLE_PAGE = Box(0.0, 0.0, 1e6, 1e6)  # points; cut to the page


@dataclass(frozen=True)
class Outgoing:
    """One document on its way into another format."""

    stem: str  # names its files; no other document has it
    record: Record
    fields: tuple[LabelledField, ...]
    places: tuple[tuple[DrawnPlace, ...], ...]  # one entry for each of `fields`
    pages: tuple[GivenPage, ...]  # with what is known of their text; empty where nothing was read and nothing given

    @property
    def part(self) -> str:
        """What public datasets call its part: "train" where the record names none."""
        return self.record.part or "train"

    def placed(self, page: int) -> list[tuple[int, DrawnPlace]]:
        """The places on one page, each with the number of its field."""
        return [(row, place) for row, places in enumerate(self.places) for place in places if place.page == page]

    def homes(self, first: int) -> list[int]:
        """The one page of each field: that of its first place, the same for a whole line item, `first` where there is none."""
        own = [places[0].page if places else None for places in self.places]
        items: dict[int, int] = {}
        for entry, page in zip(self.fields, own, strict=True):
            if entry.item is not None and page is not None:
                items.setdefault(entry.item, page)
        return [
            items.get(entry.item, first) if entry.item is not None else page or first
            for entry, page in zip(self.fields, own, strict=True)
        ]


@dataclass(frozen=True, slots=True)
class PagePicture:
    """The picture of one page, as it lies in the new dataset."""

    page: GivenPage
    name: str  # file name
    width: int  # pixels
    height: int
    source: dict[str, object] = field(default_factory=dict)  # names document and page, where the picture is not all there is

    def pixels(self, edges: Edges, digits: int = 2) -> list[float]:
        """A box in 0..1 of the page, in pixels."""
        sides = (self.width, self.height, self.width, self.height)
        return [_short(round(edge * side, digits)) for edge, side in zip(edges, sides, strict=True)]

    def of_page(self, edges: Edges, digits: int = 2) -> list[float]:
        """A box in the unit of the page's text, in pixels."""
        sides = (self.page.width, self.page.height, self.page.width, self.page.height)
        return self.pixels(tuple(edge / side for edge, side in zip(edges, sides, strict=True)), digits)  # type: ignore[arg-type]  # four


def _short(number: float) -> float:
    return int(number) if number == int(number) else number


def quad(box: Sequence[float]) -> list[list[float]]:
    """The corners of a box, clockwise from top left."""
    left, top, right, bottom = box
    return [[left, top], [right, top], [right, bottom], [left, bottom]]


class Pictures:
    """Writes the pages of documents as pictures: a picture is copied as it is, other pages are rendered in a child process."""

    def __init__(self, root: Path, pool: ReaderPool, *, dpi: float) -> None:
        self.root = root
        self._pool = pool
        self._dpi = dpi

    def write(self, outgoing: Outgoing, folder: str) -> list[PagePicture]:
        """Write the pages of a document to a folder of the new dataset; a document that is no picture is copied to `documents`.

        Raises:
            DocumentError: A page cannot be rendered.
            DatasetError: The picture is damaged.
        """
        path = outgoing.record.path
        (self.root / folder).mkdir(parents=True, exist_ok=True)
        if is_plain_picture(path):
            name = f"{outgoing.stem}{path.suffix.lower()}"
            shutil.copyfile(path, self.root / folder / name)
            width, height = picture_size(path)
            pages = outgoing.pages or (GivenPage(1, width, height),)
            return [PagePicture(page, name, width, height) for page in pages[:1]]
        document = self.copy(outgoing)
        return [self._rendered(outgoing, page, folder, document) for page in outgoing.pages]

    def copy(self, outgoing: Outgoing, folder: str = "documents") -> str:
        """Copy the document itself; gives its path in the new dataset."""
        name = f"{folder}/{outgoing.stem}{outgoing.record.path.suffix.lower()}"
        (self.root / folder).mkdir(parents=True, exist_ok=True)
        shutil.copyfile(outgoing.record.path, self.root / name)
        return name

    def _rendered(self, outgoing: Outgoing, page: GivenPage, folder: str, document: str) -> PagePicture:
        picture = self._pool.crops(outgoing.record.path, [(page.number, _WHOLE_PAGE)], dpi=self._dpi)[0]
        if picture is None:
            raise DocumentError(
                f"{outgoing.record.id}: page {page.number} cannot be rendered",
                status=DocumentStatus.CORRUPT,
                hint="Lower --dpi, or leave the document out.",
            )
        name = f"{outgoing.stem}-{page.number}.png"
        picture.save(self.root / folder / name)
        return PagePicture(page, name, picture.width, picture.height, {"document": document, "page": page.number})


def is_plain_picture(path: Path) -> bool:
    """Whether a file is a picture of one page that every program shows the same way up.

    Raises:
        DatasetError: It is a damaged picture.
    """
    if path.suffix.lower() not in PICTURE_SUFFIXES:
        return False
    try:
        with Image.open(path) as picture:
            return bool(picture.getexif().get(_EXIF_ORIENTATION, 1) == 1)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise DatasetError(f"{path} cannot be read: {error}", hint="Restore the file, or leave it out.") from error


def pages_of(document: Document) -> tuple[GivenPage, ...]:
    """The text of a document that was read."""
    return tuple(_page_of(page) for page in document.pages)


def _page_of(page: Page) -> GivenPage:
    characters = page.characters
    words = tuple(
        TextLine(text, _edges(box)) for text, box in zip(characters.word_texts, characters.word_boxes.tolist(), strict=True)
    )
    lines = []
    for line in np.unique(characters.word_lines).tolist():
        own = [words[row] for row in np.flatnonzero(characters.word_lines == line).tolist()]
        lines.append(TextLine(" ".join(word.text for word in own), around([word.box for word in own])))
    return GivenPage(page.number, page.width_pt, page.height_pt, tuple(lines), words)


def _edges(box: Sequence[float]) -> Edges:
    return box[0], box[1], box[2], box[3]


def places_in(document: Document, entry: LabelledField) -> tuple[DrawnPlace, ...]:
    """The places of a field whose characters are known: one box a text line."""
    pages = {page.number: page for page in document.pages}
    places = []
    for occurrence in entry.occurrences:
        page = pages[occurrence.page]
        rows = np.array(occurrence.characters, np.int64)
        numbers = page.characters.line_index[rows]
        boxes = [Box.around(page.characters.boxes[rows[numbers == line]]) for line in np.unique(numbers)]
        relative = tuple(box.relative_to(page.width_pt, page.height_pt) for box in boxes)
        places.append(DrawnPlace(page.number, relative))
    return tuple(places)


def words_at(page: GivenPage, words: Sequence[TextLine], place: DrawnPlace) -> list[int]:
    """Numbers of the words of a page that make up a place; where the place does not say, those whose middle lies in its boxes."""
    if place.entity >= 0:
        return [row for row, word in enumerate(words) if word.entity == place.entity]
    found = []
    for row, word in enumerate(words):
        x = (word.box[0] + word.box[2]) / 2 / page.width
        y = (word.box[1] + word.box[3]) / 2 / page.height
        if any(left <= x <= right and top <= y <= bottom for left, top, right, bottom in place.boxes):
            found.append(row)
    return found


@dataclass(frozen=True, slots=True)
class Entity:
    """Words that belong together: one place of a field, or a text line that is none."""

    field: int | None  # number of the field
    text: str
    box: Edges  # in the unit of the page
    words: tuple[TextLine, ...]


def entities_of(outgoing: Outgoing, page: GivenPage) -> list[Entity]:
    """All words of a page as entities: the places of fields first, in their order, then the rest line by line.

    A word belongs to one field; where boxes of fields overlap, to the first. A place without any word of its own gets the text of
    its field, shared out over its boxes.
    """
    words, groups = _grouped(page)
    free = set(range(len(words)))
    entities = []
    for row, place in outgoing.placed(page.number):
        own = [number for number in words_at(page, words, place) if number in free]
        free -= set(own)
        boxes = [_scaled(box, page) for box in place.boxes]
        made = tuple(words[number] for number in own) or tuple(_spread(outgoing.fields[row].value, boxes))
        entities.append(Entity(row, outgoing.fields[row].value, around(boxes), made))
    rest: dict[int, list[TextLine]] = {}
    for number in sorted(free):
        rest.setdefault(groups[number], []).append(words[number])
    loose = rest.pop(_LOOSE, [])
    return entities + [_free(run) for run in (*rest.values(), *runs_of(loose))]


def _grouped(page: GivenPage) -> tuple[list[TextLine], list[int]]:
    """The words of a page, and for each what it belongs to: its entity, else its line, where the dataset has such."""
    if page.words:
        words = [word for word in page.words if word.text.strip()]
        return words, [word.entity if word.entity >= 0 else _LOOSE for word in words]
    found = [(word, number) for number, line in enumerate(page.lines) for word in words_of(line)]
    return [word for word, _ in found], [number for _, number in found]


def _free(words: Sequence[TextLine]) -> Entity:
    return Entity(None, " ".join(word.text for word in words), around([word.box for word in words]), tuple(words))


def _scaled(edges: Edges, page: GivenPage) -> Edges:
    return edges[0] * page.width, edges[1] * page.height, edges[2] * page.width, edges[3] * page.height


def _spread(text: str, boxes: Sequence[Edges]) -> list[TextLine]:
    """The words of a text over some boxes, one a text line: as many words to each as its width allows."""
    words = text.split()
    total = sum(box[2] - box[0] for box in boxes) or 1.0
    spread: list[TextLine] = []
    start = used = 0.0
    for number, box in enumerate(boxes):
        used += box[2] - box[0]
        stop = len(words) if number == len(boxes) - 1 else round(len(words) * used / total)
        line = TextLine(" ".join(words[int(start) : stop]), box)
        if line.text:
            spread += words_of(line)
        start = stop
    return spread
