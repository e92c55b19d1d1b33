"""One thread that hands jobs to reading processes, watches their clocks, kills what takes too long and replaces what died."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import threading
import time
from collections import deque
from concurrent.futures import Future
from typing import Any

from docgrid.errors import DocumentStatus
from docgrid.reading.child import Answer, Job, ReadingProcess
from docgrid.reading.document import Step
from docgrid.reading.options import ReadingOptions
from docgrid.reading.wire import WireError, unpack

ATTEMPTS_MAX = 2  # of a document whose process crashed
NO_MEMORY = "the memory does not suffice"
MESSAGE_BYTES_MAX = 256 * 1024**2  # what a process may send at once: a document of 8 million characters
WATCH_INTERVAL_S = 0.25
NEAR_MEMORY_LIMIT = 0.85  # of the address space: a process that dies there died for lack of memory
WORN_SHARE = 0.6  # of the address space: an idle process that holds on to so much is replaced (OCR engines keep what they took)


class Supervisor:
    """Runs jobs in up to `jobs` processes. Started by its constructor; `close` ends it and every process."""

    def __init__(self, options: ReadingOptions, jobs: int) -> None:
        self._limits = options.limits
        self._address_space_bytes = options.address_space_bytes
        self._jobs = jobs
        self._waiting: deque[Job] = deque()
        self._lock = threading.Lock()  # of the queue
        self._ending = False
        self._processes: list[ReadingProcess] = []
        self._wake_read, self._wake_write = os.pipe()
        os.set_blocking(self._wake_write, False)
        # Children die with the thread that started them (PR_SET_PDEATHSIG), so one thread starts them all.
        self._thread = threading.Thread(target=self._run, name="docgrid-readers", daemon=True)
        self._thread.start()

    def submit(self, request: dict[str, Any]) -> Future[Answer]:
        """Queue a job; cancelling the future takes it back, also while it runs (after `wake`)."""
        job = Job(request, Future())
        with self._lock:
            self._waiting.append(job)
        self.wake()
        return job.future

    def wake(self) -> None:
        """Let the thread look at its queue now."""
        with contextlib.suppress(OSError):  # a full pipe wakes as well as one more byte
            os.write(self._wake_write, b"!")

    def close(self) -> None:
        """End everything; no process is left afterwards."""
        self._ending = True
        self.wake()
        self._thread.join()
        os.close(self._wake_read)
        os.close(self._wake_write)

    # From here on: in the thread.

    def _run(self) -> None:
        try:
            while not self._ending:
                self._dismiss()
                self._hand_out()
                self._listen()
                self._check_clocks()
        finally:
            running = [process.job for process in self._processes if process.job is not None]
            for process in self._processes:
                process.end()
            self._processes.clear()
            with self._lock:
                for job in (*running, *self._waiting):
                    job.future.cancel()

    def _dismiss(self) -> None:
        """End processes whose answer nobody wants any more, and those that have read enough documents."""
        for process in self._processes[:]:
            unwanted = process.job is not None and process.job.future.cancelled()
            many = process.documents >= self._limits.recycle_after
            large = process.address_space_bytes > WORN_SHARE * self._address_space_bytes
            worn = process.job is None and (many or large)
            if unwanted or worn:
                self._end(process)

    def _hand_out(self) -> None:
        """Give waiting jobs to idle processes; start processes as needed."""
        while True:
            idle = next((process for process in self._processes if process.job is None), None)
            if idle is None and len(self._processes) >= self._jobs:
                return
            job = self._next_job()
            if job is None:
                return
            if idle is None:
                idle = ReadingProcess()
                self._processes.append(idle)
            if not idle.give(job, self._limits.document_timeout_s):  # it died while idle: this job goes to another
                self._end(idle)
                with self._lock:
                    self._waiting.appendleft(job)

    def _next_job(self) -> Job | None:
        with self._lock:
            while self._waiting:
                job = self._waiting.popleft()
                if not job.future.cancelled():
                    return job
        return None

    def _end(self, process: ReadingProcess) -> int:
        self._processes.remove(process)
        return process.end()

    def _listen(self) -> None:
        """Sleep until a process says something, somebody wakes us, or a clock runs out; then take what was said."""
        busy = {process.connection.fileno(): process for process in self._processes if process.job is not None}
        soonest = min((process.deadline for process in busy.values()), default=0.0)
        wait_s = min(max(soonest - time.monotonic(), 0.0), WATCH_INTERVAL_S) if busy else None
        poll = select.poll()  # not select(): that fails beyond 1,024 open files
        for descriptor in (self._wake_read, *busy):
            poll.register(descriptor, select.POLLIN)
        for descriptor, _ in poll.poll(None if wait_s is None else wait_s * 1000 + 1):
            if descriptor == self._wake_read:
                os.read(self._wake_read, 4096)
            else:
                self._take(busy[descriptor])

    def _take(self, process: ReadingProcess) -> None:
        """Receive one message, or notice that the process has ended."""
        try:
            header, block = unpack(process.connection.recv_bytes(MESSAGE_BYTES_MAX))
            self._obey(process, header, block)
        except (EOFError, OSError):
            self._died(process)
        except (WireError, KeyError, TypeError, ValueError) as error:  # the process is not trusted to keep to the format
            problem = f"the reading process sent nonsense: {error}"
            self._give_up(process, DocumentStatus.CRASHED, problem, "Please report it.")

    def _obey(self, process: ReadingProcess, header: dict[str, Any], block: memoryview) -> None:
        """Act on one message of a process."""
        kind = header["kind"]
        if kind == "started":
            process.document_started(self._limits.document_timeout_s)
        elif kind == "page":
            process.page_started(int(header["number"]), Step(header["step"]), timeout_s=self._limits.ocr_timeout_s)
        elif process.job is not None:
            job, process.job = process.job, None
            no_memory = header.get("status") == DocumentStatus.OUT_OF_MEMORY.value
            if no_memory:
                self._end(process)  # its memory is in shreds
            if not (no_memory and process.documents > 1 and self._tries_again(job)):
                job.finish(header, block, process.seconds)

    def _died(self, process: ReadingProcess) -> None:
        """A process has ended by itself: its document is tried once more, unless it alone filled the memory."""
        code = self._end(process)
        job = process.job
        if job is None:
            return
        lacked_memory = process.address_space_bytes > NEAR_MEMORY_LIMIT * self._address_space_bytes
        if (process.documents > 1 or not lacked_memory) and self._tries_again(job):
            return
        if lacked_memory:
            status = DocumentStatus.OUT_OF_MEMORY.value
            job.fail(status, NO_MEMORY, self._memory_hint, seconds=process.seconds, peak=process.peak_memory_bytes)
            return
        hint = "Print the document to a new PDF with a viewer that shows it, or leave pages out with --pages."
        problem = f"the reading process {_how_it_ended(code)}"
        job.fail(DocumentStatus.CRASHED.value, problem, hint, seconds=process.seconds, peak=process.peak_memory_bytes)

    def _tries_again(self, job: Job) -> bool:
        """Queue a job once more, for a fresh process; not when it has had that."""
        if job.attempts + 1 >= ATTEMPTS_MAX:
            return False
        job.attempts += 1
        with self._lock:
            self._waiting.appendleft(job)
        return True

    @property
    def _memory_hint(self) -> str:
        return f"The limit is {self._limits.memory_bytes // 1024**2:,} MiB a process; raise it, or read fewer --pages."

    def _give_up(self, process: ReadingProcess, status: DocumentStatus, problem: str, hint: str) -> None:
        """Kill a process and fail its job."""
        process.look()
        self._end(process)
        if process.job is not None:
            process.job.fail(status.value, problem, hint, seconds=process.seconds, peak=process.peak_memory_bytes)

    def _check_clocks(self) -> None:
        """Kill what takes too long or too much memory."""
        limits = self._limits
        for process in [process for process in self._processes if process.job is not None]:
            process.look()
            if process.peak_memory_bytes > limits.memory_bytes:
                self._give_up(process, DocumentStatus.OUT_OF_MEMORY, NO_MEMORY, self._memory_hint)
                continue
            if time.monotonic() <= process.deadline:
                continue
            if process.is_page_overdue:
                problem = f"page {process.page}: {process.step.value} took longer than {limits.ocr_timeout_s:g} s"
                hint = "Choose a lower --dpi, or leave the page out with --pages."
            else:
                problem = f"reading took longer than {limits.document_timeout_s:g} s"
                hint = "Raise the time limit, or read fewer --pages."
            self._give_up(process, DocumentStatus.TIMEOUT, problem, hint)


def _how_it_ended(code: int) -> str:
    if code < 0:
        with contextlib.suppress(ValueError):
            return f"was ended by {signal.Signals(-code).name}"
    return f"ended with status {code}"
