"""Labelled documents on disk, in shards: what was read and aligned once is not read again, and no run holds all of it in memory.

A shard is a safetensors file of some hundred documents: for each one tensor of bytes, named by its key. Its header is the index,
so a shard is complete in itself; it is written once, whole or not at all, and never changed. Several runs may share a folder.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors.numpy import save

from docgrid.datasets.packing import pack_labelled, unpack_labelled
from docgrid.errors import DatasetError, OutputError
from docgrid.files import atomic_path
from docgrid.labels import LabelledDocument
from docgrid.reading.wire import WireError

SHARD_FORMAT = "docgrid.shard/1"
SHARD_BYTES = 16 * 2**20  # a shard is written as soon as so much waits for it
_SHARD_NAME = re.compile(r"shard-[0-9a-f]{32}\.safetensors")  # no other file of the folder is touched
_LENGTH_BYTES = 8  # in front of the header, whose length they give: the safetensors format
_LARGEST_HEADER_BYTES = 64 * 2**20

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document stands: bytes of a shard and their CRC-32."""

    shard: int
    start: int
    size: int
    checksum: int


class DocumentStore:
    """A folder of shards."""

    def __init__(self, folder: Path, *, shard_bytes: int = SHARD_BYTES, durable: bool = True) -> None:
        """Open a folder; shards that are cut or damaged are removed, so that their documents are made again.

        Args:
            folder: It is made with the first shard.
            shard_bytes: A shard is written as soon as so much waits for it.
            durable: Wait until the disk holds each shard.

        Raises:
            OutputError: The folder cannot be read.
        """
        self.folder, self._shard_bytes, self._durable = folder, shard_bytes, durable
        self._shards: list[str] = []
        self._places: dict[str, Place] = {}
        self._waiting: dict[str, bytes] = {}
        self._waiting_bytes = 0
        try:
            names = sorted(path.name for path in folder.iterdir()) if folder.exists() else []
        except OSError as error:
            raise OutputError(f"{folder} cannot be read: {error.strerror or error}", hint="Name another folder.") from error
        for name in filter(_SHARD_NAME.fullmatch, names):
            self._index(name)

    def __len__(self) -> int:
        """Documents on disk."""
        return len(self._places)

    def place(self, key: str) -> Place | None:
        """Where the document of a key stands; None where it is not on disk."""
        return self._places.get(key)

    def add(self, key: str, labelled: LabelledDocument) -> None:
        """Keep a document; it is on disk when its shard is full, at the latest after `flush`.

        Raises:
            OutputError: A shard cannot be written.
        """
        blob = self._waiting[key] = pack_labelled(labelled)
        self._waiting_bytes += len(blob)
        if self._waiting_bytes >= self._shard_bytes:
            self.flush()

    def flush(self) -> None:
        """Write what waits.

        Raises:
            OutputError: The shard cannot be written.
        """
        if not self._waiting:
            return
        checksums = json.dumps({key: zlib.crc32(blob) for key, blob in self._waiting.items()})
        tensors = {key: np.frombuffer(blob, np.uint8) for key, blob in self._waiting.items()}
        name = f"shard-{hashlib.sha256(checksums.encode()).hexdigest()[:32]}.safetensors"
        with atomic_path(self.folder / name, durable=self._durable) as temporary:
            temporary.write_bytes(save(tensors, {"format": SHARD_FORMAT, "checksums": checksums}))
        self._waiting, self._waiting_bytes = {}, 0
        self._index(name)

    def read(self, place: Place) -> LabelledDocument:
        """The document at a place.

        Raises:
            DatasetError: Its shard was removed or damaged.
        """
        path = self.folder / self._shards[place.shard]
        try:
            with path.open("rb", buffering=0) as handle:
                blob = os.pread(handle.fileno(), place.size, place.start)
        except OSError as error:
            raise _damaged(path, error.strerror or str(error)) from error
        if len(blob) != place.size or zlib.crc32(blob) != place.checksum:
            raise _damaged(path, "its content does not fit its checksum")
        try:
            return unpack_labelled(blob)
        except WireError as error:
            raise _damaged(path, str(error)) from error

    def is_sound(self, place: Place) -> bool:
        """Whether the document at a place can be read."""
        try:
            self.read(place)
        except DatasetError:
            return False
        return True

    def forget(self, place: Place) -> None:
        """Remove the shard of a place with all that it holds, so that its documents are made again."""
        self._remove(self._shards[place.shard], "its content does not fit its checksum")
        self._places = {key: other for key, other in self._places.items() if other.shard != place.shard}

    def _index(self, name: str) -> None:
        try:
            found = _places_in(self.folder / name, len(self._shards))
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            self._remove(name, str(error))
            return
        self._shards.append(name)
        self._places |= found

    def _remove(self, name: str, problem: str) -> None:
        _log.warning("%s is damaged (%s) and was removed; its documents are read again", self.folder / name, problem)
        (self.folder / name).unlink(missing_ok=True)


def _places_in(path: Path, shard: int) -> dict[str, Place]:
    """The documents of a shard by key. Whatever does not fit raises one of the errors that `_index` catches."""
    with path.open("rb") as handle:
        length = int.from_bytes(handle.read(_LENGTH_BYTES), "little")
        if length > _LARGEST_HEADER_BYTES:
            raise ValueError(f"a header of {length} bytes")
        header = json.loads(handle.read(length))
    about = header.pop("__metadata__")
    if about["format"] != SHARD_FORMAT:
        raise ValueError(f"it is of format {about['format']}")
    checksums, base = json.loads(about["checksums"]), _LENGTH_BYTES + length
    places = {}
    for key, entry in header.items():
        start, stop = entry["data_offsets"]
        places[key] = Place(shard, base + int(start), int(stop) - int(start), int(checksums[key]))
    whole = max((place.start + place.size for place in places.values()), default=base)
    if path.stat().st_size != whole:
        raise ValueError(f"it has {path.stat().st_size} bytes instead of {whole}")
    return places


def _damaged(path: Path, problem: str) -> DatasetError:
    return DatasetError(
        f"{path}: {problem}", hint="Start again: what is damaged is then read anew; with --resume nothing is lost."
    )


class StoredDocuments(Mapping[str, LabelledDocument]):
    """Documents of a store by their ids, in a given order; each is read when it is asked for and not kept.

    Raises:
        DatasetError: On access, when a shard was removed or damaged.
    """

    def __init__(self, store: DocumentStore, places: Mapping[str, Place]) -> None:
        """The documents at some places."""
        self._store, self._places = store, places

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __contains__(self, key: object) -> bool:
        return key in self._places

    def __getitem__(self, key: str) -> LabelledDocument:
        return self._store.read(self._places[key])

    def place(self, key: str) -> Place:
        """Where a document stands."""
        return self._places[key]

    def only(self, keys: Iterable[str]) -> StoredDocuments:
        """Some of the documents."""
        return StoredDocuments(self._store, {key: self._places[key] for key in keys})
