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

from docgrid.errors import DocumentError, DocumentStatus, MissingDependencyError
from docgrid.geometry import Box
from docgrid.page import Document
from docgrid.reading.child import Answer
from docgrid.reading.document import Reading
from docgrid.reading.ocr.engine import check_engine
from docgrid.reading.ocr_cache import trim_cache
from docgrid.reading.options import ReadingOptions
from docgrid.reading.supervisor import Supervisor
from docgrid.reading.wire import WireError, options_as_json, unpack_document, unpack_failure, unpack_page

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
    seconds: float = 0.0  # of all attempts
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
        if self._options.ocr_cache is not None:
            trim_cache(self._options.ocr_cache)
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
    error: DocumentError | None = None
    peak = answer.peak_memory_bytes
    try:
        peak = max(peak, int(header.get("peak") or 0))
        if header["kind"] == "failed" and header["failure"][0] == "missing":
            raise MissingDependencyError(str(header["failure"][1]), hint=str(header["failure"][2]))
        reading = _reading_of(path, answer)
        document = reading.result()
        error = _judge(reading, document)
    except DocumentError as failure:
        error = failure
    except (WireError, KeyError, TypeError, ValueError, IndexError, AttributeError) as broken:  # the process is not trusted
        error = DocumentError(f"broken result: {broken}", status=DocumentStatus.CRASHED, hint="Please report it.")
    said = None if error is None else error.about(path)
    return ReadResult(
        path=path,
        status=DocumentStatus.OK if said is None else said.status,
        document=document,
        problem="" if said is None else said.problem,
        hint="" if said is None else said.hint,
        seconds=answer.seconds,
        peak_memory_bytes=peak,
        attempts=answer.attempts,
    )


def _reading_of(path: Path, answer: Answer) -> Reading:
    """The pages that were sent, whatever became of the process afterwards, and the failures of the others.

    Raises:
        DocumentError: The file was not even opened.
    """
    header, progress = answer.header, answer.progress
    failures = dict(progress.lost)
    if header["kind"] == "failed":
        error = unpack_failure(header["failure"])
        if progress.document is None:
            raise error
        failures |= dict.fromkeys(progress.remaining, error)
        numbers, description = progress.pages.keys() - failures.keys(), progress.document
    else:
        result = header["result"]
        failures |= {int(number): unpack_failure(values) for number, values in result["failures"].items()}
        numbers, description = {*map(int, result["pages"]), *progress.pages} - failures.keys(), result["document"]
    pages = [unpack_page(*progress.pages[number]) for number in sorted(numbers)]
    return Reading(unpack_document(description, path, pages), failures)


def _judge(reading: Reading, document: Document) -> DocumentError | None:
    """What is wrong with a document that has pages; None where nothing is."""
    if reading.is_empty and reading.failures:
        return reading.failures[min(reading.failures)]
    if reading.is_empty:
        hint = "OCR found none either, where it was on (--ocr auto): look whether the pages are blank, and choose their --lang."
        said = sorted({warning for page in document.pages for warning in page.warnings})
        return DocumentError(": ".join(["no characters were found", *said]), status=DocumentStatus.EMPTY, hint=hint)
    if reading.failures:
        hint = f"The other pages were read. {reading.failures[min(reading.failures)].hint}"
        return DocumentError("; ".join(document.warnings), status=DocumentStatus.PARTIAL, hint=hint)
    return None
