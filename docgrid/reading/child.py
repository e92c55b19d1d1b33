"""A handle on one reading process: how it is started, given a job, watched and ended."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import Future
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from docgrid.errors import DocumentError
from docgrid.reading.document import Step
from docgrid.reading.wire import pack, pack_failure

logger = logging.getLogger(__name__)

START_GRACE_S = 30.0  # until a fresh process has imported what it needs
ENGINE_GRACE_S = 30.0  # until the OCR engine of a process is loaded
NEVER = float("inf")
NOTHING = memoryview(b"")
ATTEMPTS_MAX = 8  # of a document whose process dies; each one after the second has a page less to read

# The child finds docgrid where its parent found it, and never runs the parent's main module again.
PROGRAM = (
    "import sys, json; sys.path[:] = json.loads(sys.argv[3]); "
    "from docgrid.reading.worker import main; main(int(sys.argv[1]), int(sys.argv[2]))"
)


@dataclass
class Progress:
    """What is known of a document before the last word about it: pages are kept as they come, so that none is read twice."""

    document: dict[str, Any] | None = None  # its header; None until the file is open
    numbers: tuple[int, ...] = ()  # of the pages to read
    pages: dict[int, tuple[dict[str, Any], memoryview]] = field(default_factory=dict)  # headers and blocks of `wire.pack_page`
    lost: dict[int, DocumentError] = field(default_factory=dict)  # pages that took their process with them
    size_bytes: int = 0

    @property
    def remaining(self) -> list[int]:
        """The pages that are neither read nor lost."""
        return [number for number in self.numbers if number not in self.pages and number not in self.lost]


@dataclass(frozen=True)
class Answer:
    """How a job ended: the last message of the process, or one made up for a process that died."""

    header: dict[str, Any]
    block: memoryview
    seconds: float  # of all attempts
    attempts: int
    progress: Progress
    peak_memory_bytes: int = 0


@dataclass
class Job:
    """Something for a reading process to do."""

    request: dict[str, Any]
    future: Future[Answer]
    attempts: int = 0  # that have failed
    failed_at: int | None = None  # the page at which the last one did; 0 before the first page
    seconds: float = 0.0
    peak_memory_bytes: int = 0
    progress: Progress = field(default_factory=Progress)

    def finish(self, header: dict[str, Any], block: memoryview = NOTHING) -> None:
        """Hand the answer to whoever waits for it, if anybody still does."""
        if self.future.set_running_or_notify_cancel():
            progress, peak = self.progress, self.peak_memory_bytes
            self.future.set_result(Answer(header, block, self.seconds, self.attempts + 1, progress, peak))

    def fail(self, error: DocumentError) -> None:
        """Hand over a failure that the process itself cannot report any more; finished pages stay."""
        self.finish({"kind": "failed", "failure": pack_failure(error)})

    def tries_again(self, page: int) -> bool:
        """Whether to try once more after the process died at `page`: not when the last one died there too."""
        if page == self.failed_at:
            return False
        self.failed_at = page
        return self._goes_on()

    def goes_on_without(self, page: int, error: DocumentError) -> bool:
        """Give `page` up; whether others are left to be read."""
        progress = self.progress
        if page not in progress.numbers:
            return False
        if page not in progress.pages:
            progress.lost[page] = error
        return bool(progress.remaining) and self._goes_on()

    def _goes_on(self) -> bool:
        if self.attempts + 1 >= ATTEMPTS_MAX or (self.progress.numbers and not self.progress.remaining):
            return False
        self.attempts += 1
        if self.progress.numbers:
            options = self.request["options"] | {"pages": self.progress.remaining}
            self.request = self.request | {"options": options}
        return True


class ReadingProcess:
    """One reading process and the clocks of the job that it has."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-c", PROGRAM, str(theirs.fileno()), str(os.getpid()), json.dumps(sys.path)]
            self.process = subprocess.Popen(
                command,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=None if logger.isEnabledFor(logging.DEBUG) else subprocess.DEVNULL,  # native libraries chatter there
                start_new_session=True,
            )
        self.connection = Connection(ours.detach())
        self.job: Job | None = None
        self.documents = 0
        self.page, self.step = 0, Step.TEXT_LAYER  # what was begun last
        self.address_space_bytes = 0  # the most that was seen during this job
        self.peak_memory_bytes = 0  # likewise, in real memory
        self._engine_loaded = False
        self._started_at = 0.0
        self._document_deadline = NEVER
        self._page_deadline = NEVER

    def give(self, job: Job, timeout_s: float) -> bool:
        """Send a job; False where the process is gone."""
        self.job = job
        self.documents += 1
        self.address_space_bytes = self.peak_memory_bytes = 0
        self._started_at = time.monotonic()
        self._document_deadline = self._started_at + timeout_s + START_GRACE_S
        self._page_deadline = NEVER
        self.page, self.step = 0, Step.TEXT_LAYER
        try:
            self.connection.send_bytes(pack(job.request))
        except OSError:
            return False
        return True

    def document_started(self, timeout_s: float) -> None:
        """The process has taken the job up: its clock starts."""
        self._started_at = time.monotonic()
        self._document_deadline = self._started_at + timeout_s

    def page_started(self, number: int, step: Step, *, timeout_s: float) -> None:
        """A step on a page is begun: the clock of the one before stops, and that of this one starts where it is a slow one."""
        self.page, self.step = number, step
        self._page_deadline = NEVER
        if step.is_slow:
            grace_s = ENGINE_GRACE_S if step is Step.OCR and not self._engine_loaded else 0.0
            self._engine_loaded |= step is Step.OCR
            self._page_deadline = time.monotonic() + timeout_s + grace_s

    @property
    def seconds(self) -> float:
        """For how long the process has had its job."""
        return time.monotonic() - self._started_at

    @property
    def deadline(self) -> float:
        """When the process is to be killed, on the monotonic clock."""
        return min(self._document_deadline, self._page_deadline)

    @property
    def is_page_overdue(self) -> bool:
        """Whether it is the time of a page that is up, not that of the document."""
        return time.monotonic() > self._page_deadline

    def look(self) -> None:
        """Note how much memory the process has; where the system tells it."""
        with contextlib.suppress(OSError, ValueError, IndexError):
            size, resident = Path(f"/proc/{self.process.pid}/statm").read_text(encoding="ascii").split()[:2]
            page = os.sysconf("SC_PAGESIZE")
            self.address_space_bytes = max(self.address_space_bytes, int(size) * page)
            self.peak_memory_bytes = max(self.peak_memory_bytes, int(resident) * page)

    def release(self) -> Job | None:
        """Take the job away, with what it has cost so far."""
        job, self.job = self.job, None
        if job is not None:
            job.seconds += self.seconds
            job.peak_memory_bytes = max(job.peak_memory_bytes, self.peak_memory_bytes)
        return job

    def end(self) -> int:
        """Kill the process with all that it started, and give its exit status."""
        self.connection.close()
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)  # its own session: programs that an OCR engine started go too
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        return self.process.wait()
