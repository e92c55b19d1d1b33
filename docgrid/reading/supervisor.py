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

from docgrid.errors import DocumentError, DocumentStatus
from docgrid.reading.child import Answer, Job, Progress, ReadingProcess
from docgrid.reading.document import Step
from docgrid.reading.options import ReadingOptions
from docgrid.reading.wire import WireError, unpack, unpack_failure

DOCUMENT_BYTES_MAX = 256 * 1024**2  # what a process may send of a document: 8 million characters
MESSAGE_BYTES_MAX = DOCUMENT_BYTES_MAX
LOSSES = (
    DocumentStatus.CRASHED.value,
    DocumentStatus.OUT_OF_MEMORY.value,
)  # failures of the page that was begun, not of the file
SECOND_READER_S = 20.0  # for one page: it is slow, and comes after a reader that found nothing
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
            self._processes.append(ReadingProcess())  # it starts up while its parent still finds out what to read
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
            if not idle.give(job, self._limits.document_timeout_s - job.seconds):  # it died while idle: this job goes to another
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
            self._give_up(process, _failure(DocumentStatus.CRASHED, problem, "Please report it."))

    def _obey(self, process: ReadingProcess, header: dict[str, Any], block: memoryview) -> None:
        """Act on one message of a process."""
        kind, job = header["kind"], process.job
        if job is None:
            return
        if kind == "started":
            process.document_started(self._limits.document_timeout_s - job.seconds)
        elif kind == "opened":
            if job.progress.document is None:
                job.progress.document, job.progress.numbers = header["document"], tuple(map(int, header["pages"]))
        elif kind == "page":
            step = Step(header["step"])
            process.page_started(int(header["number"]), step, timeout_s=self._step_timeout_s(step))
        elif kind == "finished":
            self._keep_page(process, job.progress, header["page"], block)
        elif kind == "failed" and header["failure"][0] in LOSSES:
            self._unexpected(process, unpack_failure(header["failure"]))
        else:
            process.release()
            job.finish(header, block)

    def _step_timeout_s(self, step: Step) -> float:
        return min(self._limits.ocr_timeout_s, SECOND_READER_S) if step is Step.SECOND_READER else self._limits.ocr_timeout_s

    def _keep_page(self, process: ReadingProcess, progress: Progress, page: dict[str, Any], block: memoryview) -> None:
        progress.pages[int(page["number"])] = page, block
        progress.size_bytes += len(block)
        if progress.size_bytes > DOCUMENT_BYTES_MAX:
            problem = f"its text needs more than {DOCUMENT_BYTES_MAX // 1024**2} MiB"
            self._give_up(process, _failure(DocumentStatus.TOO_LARGE, problem, "Read fewer --pages at once."))

    def _unexpected(self, process: ReadingProcess, error: DocumentError) -> None:
        """A process survived something that nobody foresaw, or a lack of memory."""
        worn = process.documents > 1
        no_memory = error.status is DocumentStatus.OUT_OF_MEMORY
        if no_memory:
            self._end(process)  # its memory is in shreds
        self._failed(process, error, again=no_memory and worn)

    def _died(self, process: ReadingProcess) -> None:
        """A process has ended by itself: what it did is tried once more, unless it alone filled the memory."""
        code = self._end(process)
        lacked_memory = process.address_space_bytes > NEAR_MEMORY_LIMIT * self._address_space_bytes
        hint = "Print the document to a new PDF with a viewer that shows it, or leave pages out with --pages."
        crash = _failure(DocumentStatus.CRASHED, f"the reading process {_how_it_ended(code)}", hint)
        again = process.documents > 1 or not lacked_memory
        self._failed(process, self._no_memory if lacked_memory else crash, again=again)

    def _failed(self, process: ReadingProcess, error: DocumentError, *, again: bool) -> None:
        """A job failed at a page: it is done again, goes on without the page, or ends with the pages that were read."""
        job, page = process.release(), process.page
        if job is None:
            return
        has_time = job.seconds < self._limits.document_timeout_s
        if has_time and ((again and job.tries_again(page)) or job.goes_on_without(page, error)):
            with self._lock:
                self._waiting.appendleft(job)
        else:
            job.fail(error)

    @property
    def _no_memory(self) -> DocumentError:
        limit = f"{self._limits.memory_bytes / 1024**3:.3g} GiB a process"
        hint = f"The limit is {limit}; raise --max-memory-gib, or read fewer --pages."
        return _failure(DocumentStatus.OUT_OF_MEMORY, "the memory does not suffice", hint)

    def _give_up(self, process: ReadingProcess, error: DocumentError, *, only_page: bool = False) -> None:
        """Kill a process and fail its job, or only the page it is at."""
        process.look()
        self._end(process)
        if only_page:
            self._failed(process, error, again=False)
        elif (job := process.release()) is not None:
            job.fail(error)

    def _check_clocks(self) -> None:
        """Kill what takes too long or too much memory."""
        limits = self._limits
        for process in [process for process in self._processes if process.job is not None]:
            process.look()
            if process.peak_memory_bytes > limits.memory_bytes:
                self._give_up(process, self._no_memory, only_page=True)
            elif time.monotonic() <= process.deadline:
                continue
            elif process.is_page_overdue:
                problem = f"{process.step.value} took longer than {self._step_timeout_s(process.step):g} s"
                hint = "Choose a lower --dpi, raise --ocr-timeout-s, or leave the page out with --pages."
                self._give_up(process, _failure(DocumentStatus.TIMEOUT, problem, hint), only_page=True)
            else:
                problem = f"reading the document took longer than {limits.document_timeout_s:g} s"
                hint = "Raise --document-timeout-s, or read fewer --pages."
                self._give_up(process, _failure(DocumentStatus.TIMEOUT, problem, hint))


def _failure(status: DocumentStatus, problem: str, hint: str) -> DocumentError:
    return DocumentError(problem, status=status, hint=hint)


def _how_it_ended(code: int) -> str:
    if code < 0:
        with contextlib.suppress(ValueError):
            return f"was ended by {signal.Signals(-code).name}"
    return f"ended with status {code}"
