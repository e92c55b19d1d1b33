"""What is done with a document in this process may fail or take too long for that document alone."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from docgrid.errors import DocgridError, DocumentError, DocumentStatus


class _OverTime(BaseException):
    """The time is up; no `except Exception` on the way may swallow it."""


@contextmanager
def guarded(source: Path, doing: str, *, timeout_s: float) -> Iterator[None]:
    """Turn whatever goes wrong in the block into a failure of one document, so that the run goes on.

    The time limit works in the main thread of systems with interval timers; elsewhere there is none.

    Args:
        source: The document.
        doing: What the block does, for the message: "finding its fields".
        timeout_s: Seconds for the block.

    Raises:
        DocumentError: It took too long (`timeout`), too much memory (`out_of_memory`), or met a bug (`crashed`).
        DocgridError: As the block raised it.
    """
    try:
        with _time_limit(timeout_s):
            yield
    except DocgridError:
        raise
    except _OverTime as error:
        raise DocumentError(
            f"{source}: {doing} took longer than {timeout_s:g} s",
            status=DocumentStatus.TIMEOUT,
            hint="Raise --document-timeout-s, or read fewer --pages.",
        ) from error
    except MemoryError as error:
        raise DocumentError(
            f"{source}: the memory does not suffice for {doing}",
            status=DocumentStatus.OUT_OF_MEMORY,
            hint="Read fewer --pages at once.",
        ) from error
    except Exception as error:
        raise DocumentError(
            f"{source}: unexpected {type(error).__name__} while {doing}",
            status=DocumentStatus.CRASHED,
            hint="Please report it with the file.",
        ) from error


@contextmanager
def _time_limit(timeout_s: float) -> Iterator[None]:
    """Raise `_OverTime` in the block after so many seconds."""

    def stop(*_: object) -> NoReturn:
        raise _OverTime

    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return
    previous = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, timeout_s)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
