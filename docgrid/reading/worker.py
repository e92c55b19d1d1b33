"""The reading process: takes jobs from its parent through a socket, reads documents, and sends what it found as plain data.

It lives in a session of its own, dies with its parent, and may not use more memory than it was given.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import sys
from collections.abc import Sequence
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from docgrid.errors import DocumentError, DocumentStatus, MissingDependencyError
from docgrid.geometry import Box
from docgrid.page import Characters, Document, Page
from docgrid.reading.document import Listener, Reading, Step, read_pages
from docgrid.reading.options import ReadingOptions
from docgrid.reading.wire import options_from_json, pack, pack_document, pack_failure, pack_page, unpack

PR_SET_PDEATHSIG = 1
CROP_PIXELS_MAX = 16_000_000  # of all crops of one job together


def main(descriptor: int, parent: int) -> None:
    """Serve jobs until the parent closes the socket.

    Args:
        descriptor: This end of the socket.
        parent: Process id of the parent; a child whose parent is gone already ends at once.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _die_with_parent(parent)
    connection = Connection(descriptor)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    limited = False
    while True:
        try:
            job, _ = unpack(connection.recv_bytes())
        except (EOFError, OSError):
            return
        options = options_from_json(job["options"])
        if not limited:
            _limit_memory(options.address_space_bytes)
            limited = True
        _reset_peak_memory()
        connection.send_bytes(pack({"kind": "started"}))
        message = _work(job, options, connection)
        try:
            connection.send_bytes(message)
        except OSError:
            return


def _die_with_parent(parent: int) -> None:
    """Ask the kernel (Linux) for a SIGKILL when the parent is gone."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)


def _limit_memory(more_bytes: int) -> None:
    """Limit the address space to what is in use now and `more_bytes`."""
    used = 0
    with contextlib.suppress(OSError, ValueError, IndexError):
        used = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = used + more_bytes
    if hard != resource.RLIM_INFINITY:
        limit = min(limit, hard)
    with contextlib.suppress(OSError, ValueError):  # not every system can limit it
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def _reset_peak_memory() -> None:
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def _peak_memory_bytes() -> int:
    with contextlib.suppress(OSError, ValueError):
        for line in Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _work(job: dict[str, Any], options: ReadingOptions, connection: Connection) -> bytes:
    """Do one job; whatever happens becomes a message."""
    path = Path(job["path"])
    try:
        if job["kind"] == "crops":
            header, blocks = _crops(path, job["crops"], job["dpi"], options)
        else:
            header, blocks = _reading_header(read_pages(path, options, _Teller(connection))), []
        return pack({"kind": job["kind"], "peak": _peak_memory_bytes(), "result": header}, blocks)
    except DocumentError as error:
        return _failure(pack_failure(error))
    except MissingDependencyError as error:
        return _failure(["missing", error.problem, error.hint])
    except MemoryError:
        return _failure([DocumentStatus.OUT_OF_MEMORY.value, "the memory does not suffice", "Raise --max-memory-gib."])
    except Exception as error:  # a bug, or an error of a library that nobody foresaw: this page failed, the run goes on
        problem = f"unexpected {type(error).__name__} while reading"
        return _failure([DocumentStatus.CRASHED.value, problem, "Please report it with the file."])


class _Teller(Listener):
    """Tells the parent what goes on, and sends it every page at once, so that none is lost with this process or fills it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def opened(self, document: Document, numbers: Sequence[int]) -> None:
        """See `Listener`."""
        self._connection.send_bytes(pack({"kind": "opened", "document": pack_document(document), "pages": list(numbers)}))

    def started(self, number: int, step: Step) -> None:
        """See `Listener`."""
        self._connection.send_bytes(pack({"kind": "page", "number": number, "step": step.value}))

    def finished(self, page: Page) -> Page:
        """See `Listener`; the page is kept without its characters."""
        header, blocks = pack_page(page)
        self._connection.send_bytes(pack({"kind": "finished", "page": header}, blocks))
        return replace(page, characters=Characters.empty())


def _reading_header(reading: Reading) -> dict[str, Any]:
    return {
        "document": pack_document(reading.document),
        "pages": [page.number for page in reading.document.pages],
        "failures": {number: pack_failure(error) for number, error in reading.failures.items()},
    }


def _failure(failure: list[str]) -> bytes:
    return pack({"kind": "failed", "peak": _peak_memory_bytes(), "failure": failure})


def _crops(
    path: Path, crops: list[tuple[int, list[float]]], dpi: float, options: ReadingOptions
) -> tuple[dict[str, Any], list[bytes]]:
    """Pictures of parts of pages; each page is rendered once."""
    from docgrid.reading.document import render_crops

    pictures = render_crops(path, [(number, Box(*edges)) for number, edges in crops], dpi=dpi, options=options)
    sizes: list[list[int] | None] = []
    blocks: list[bytes] = []
    total = 0
    for picture in pictures:
        total += 0 if picture is None else picture.width * picture.height
        if picture is None or total > CROP_PIXELS_MAX:
            sizes.append(None)
            continue
        sizes.append([picture.width, picture.height])
        blocks.append(picture.convert("RGB").tobytes())
    return {"sizes": sizes}, blocks
