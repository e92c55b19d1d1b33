"""Reading in supervised child processes: one status for every input, whatever the input does to the process that reads it."""

from __future__ import annotations

import contextlib
import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from docgrid.errors import DocumentStatus, MissingDependencyError
from docgrid.geometry import Box
from docgrid.page import Document
from docgrid.reading.child import Answer
from docgrid.reading.document import FAILED_PAGES
from docgrid.reading.ocr.engine import check_engine
from docgrid.reading.options import ReadingOptions
from docgrid.reading.supervisor import Supervisor
from docgrid.reading.wire import WireError, options_as_json, unpack_document

if TYPE_CHECKING:
    from PIL.Image import Image

LOOK_AHEAD = 3  # documents for each process that may be read before their turn


@dataclass(frozen=True)
class ReadResult:
    """What became of one input."""

    path: Path
    status: DocumentStatus
    document: Document | None  # there for ok and partial; for empty too, with pages that have no characters
    problem: str = ""
    hint: str = ""
    seconds: float = 0.0  # of the last attempt
    peak_memory_bytes: int = 0  # of the reading process while it read this document; 0 where it is not known
    attempts: int = 1


class ReaderPool:
    """Reads documents in child processes; use it in a `with` block.

    ```python
    with ReaderPool(ReadingOptions(), jobs=2) as pool:
        for result in pool.read(paths):
            print(result.path, result.status)
    ```
    """

    def __init__(self, options: ReadingOptions | None = None, jobs: int | None = None) -> None:
        """Prepare a pool; nothing is started before the `with` block.

        Args:
            options: How to read.
            jobs: Processes; None takes one for each processor.

        Raises:
            MissingDependencyError: The OCR engine that was asked for is not installed or does not know the language.
        """
        options = options or ReadingOptions()
        check_engine(options)
        processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        self._jobs = max(jobs or processors, 1)
        if options.ocr_threads is None:
            options = replace(options, ocr_threads=1 if self._jobs > 1 else min(processors, 2))
        self._options = options
        self._supervisor: Supervisor | None = None

    def __enter__(self) -> Self:
        self._supervisor = Supervisor(self._options, self._jobs)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Stop all reading; every child is gone afterwards."""
        if self._supervisor is not None:
            self._supervisor.close()
            self._supervisor = None

    def read(self, paths: Iterable[Path]) -> Iterator[ReadResult]:
        """Read documents; the results come in the order of `paths`, a few being read ahead.

        Leaving the loop early ends what was begun.

        Raises:
            MissingDependencyError: A page needs an OCR engine that has gone missing.
        """
        running: deque[tuple[Path, Future[Answer]]] = deque()
        source = iter(paths)
        try:
            while True:
                while len(running) < self._jobs * LOOK_AHEAD and (path := next(source, None)) is not None:
                    running.append((path, self._submit({"kind": "read", "path": str(path)})))
                if not running:
                    return
                path, future = running[0]
                answer = future.result()
                running.popleft()
                yield read_result(path, answer)
        finally:
            for _, future in running:
                future.cancel()
            if running and self._supervisor is not None:
                self._supervisor.wake()

    def crops(self, path: Path, crops: Sequence[tuple[int, Box]], dpi: float = 150) -> list[Image | None]:
        """Pictures of parts of a document's pages, in colour; None for each that cannot be rendered.

        Args:
            path: The document.
            crops: Page number and box in points of the page as displayed.
            dpi: Resolution of the pictures.
        """
        from PIL import Image as PillowImage

        if not crops:
            return []
        wanted = [[number, [box.left, box.top, box.right, box.bottom]] for number, box in crops]
        answer = self._submit({"kind": "crops", "path": str(path), "crops": wanted, "dpi": dpi}).result()
        pictures: list[Image | None] = [None] * len(crops)
        if answer.header["kind"] != "crops":
            return pictures
        position = 0
        with contextlib.suppress(KeyError, TypeError, ValueError):  # the process is not trusted to keep to the format
            for row, size in enumerate(answer.header["result"]["sizes"][: len(crops)]):
                if size is not None:
                    stop = position + size[0] * size[1] * 3
                    pictures[row] = PillowImage.frombytes("RGB", (size[0], size[1]), bytes(answer.block[position:stop]))
                    position = stop
        return pictures

    def _submit(self, request: dict[str, object]) -> Future[Answer]:
        if self._supervisor is None:
            raise RuntimeError("the pool is closed: use it in a `with` block")
        return self._supervisor.submit(request | {"options": options_as_json(self._options)})


def read_result(path: Path, answer: Answer) -> ReadResult:
    """What the answer of a reading process says about a document.

    Raises:
        MissingDependencyError: The process lacks an OCR engine.
    """
    header = answer.header
    document: Document | None = None
    peak = 0
    try:
        peak = int(header.get("peak") or 0)
        if header["kind"] == "failed":
            problem, hint = str(header["problem"]), str(header["hint"])
            if header["status"] == "missing":
                raise MissingDependencyError(problem, hint=hint)
            status = DocumentStatus(header["status"])
        else:
            document = replace(unpack_document(header["result"], answer.block), path=path)
            status, problem, hint = _judge(document)
    except (WireError, KeyError, TypeError, ValueError) as error:  # the process is not trusted to keep to the format
        status, problem, hint = DocumentStatus.CRASHED, f"{path}: broken result: {error}", "Please report it."
    return ReadResult(
        path=path,
        status=status,
        document=document,
        problem=problem,
        hint=hint,
        seconds=answer.seconds,
        peak_memory_bytes=peak,
        attempts=answer.attempts,
    )


def _judge(document: Document) -> tuple[DocumentStatus, str, str]:
    """Status, problem and hint of a document that was read."""
    if document.is_empty:
        hint = "OCR found none either, where it was on (--ocr auto): look whether the pages are blank, and choose their --lang."
        return DocumentStatus.EMPTY, f"{document.path}: no characters were found", hint
    if FAILED_PAGES in document.metadata:
        return DocumentStatus.PARTIAL, f"{document.path}: " + "; ".join(document.warnings), "The other pages were read."
    return DocumentStatus.OK, "", ""
