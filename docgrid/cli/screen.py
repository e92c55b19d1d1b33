"""Where a command writes: results to stdout, progress, notes and the log to stderr."""

from __future__ import annotations

import json
import logging
import os
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

from docgrid.errors import DocumentStatus, OutputError
from docgrid.review.plain import printable

PIPE_COLUMNS = 160  # of tables that go into a file or a pipe, where no terminal limits them


@dataclass(frozen=True)
class Screen:
    """The two streams of a command."""

    out: Console
    err: Console
    quiet: bool

    def note(self, text: str, *, style: str = "") -> None:
        """Say something that is not a result; silent with --quiet."""
        if not self.quiet:
            self.err.print(Text(printable(text, keep_breaks=True), style=style))

    def warn(self, text: str) -> None:
        """Say something that went wrong without ending the run; also with --quiet."""
        self.err.print(Text(printable(text, keep_breaks=True), style="yellow"))

    def failed(self, source: Path | str, status: DocumentStatus, problem: str, hint: str = "") -> None:
        """Say that a document failed, how, and what to do about it."""
        place = "" if str(source) in problem else f"{source}: "
        said = printable(f"{status}: {place}{problem}")  # in one line: a line break in a file name could forge another message
        self.warn(said + (f"\n  hint: {printable(hint)}" if hint else ""))

    def write(self, text: str) -> None:
        """Print a result as it is.

        Raises:
            OutputError: What stdout leads to is full or broken. A pipe that its reader closed is left to the caller.
        """
        try:
            # A file name that is no UTF-8 comes as half pairs: written as escapes, which JSON reads back as they were.
            self.out.file.write(text.encode("utf-8", "backslashreplace").decode())
            self.out.file.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            raise OutputError(
                f"stdout cannot be written to: {error.strerror or error}", hint="Free some space, or write to a file with --out."
            ) from error

    def json(self, value: object) -> None:
        """Print a result as strict JSON."""
        self.write(json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) + "\n")

    def progress(self, *columns: ProgressColumn) -> Progress:
        """A bar with count, rate and time left on stderr; nothing off a terminal."""
        return Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            RateColumn(),
            *columns,
            TimeRemainingColumn(),
            console=self.err,
            disable=self.quiet or not self.err.is_terminal,
            transient=True,
        )


class RateColumn(ProgressColumn):
    """Steps per second."""

    def render(self, task: Task) -> Text:
        """The rate so far."""
        speed = task.finished_speed or task.speed
        return Text("" if not speed else f"{speed:.1f}/s" if speed >= 1 else f"{1 / speed:.1f} s each", style="dim")


def open_screen(*, quiet: bool = False, verbose: int = 0) -> Screen:
    """The streams of this run; sets how much the log says.

    Args:
        quiet: Errors only.
        verbose: 0 warnings, 1 what is done, 2 details.
    """
    level = logging.ERROR if quiet else (logging.WARNING, logging.INFO, logging.DEBUG)[min(verbose, 2)]
    logger = logging.getLogger("docgrid")
    logger.setLevel(level)
    err = Console(stderr=True, highlight=False, soft_wrap=True)
    for handler in [one for one in logger.handlers if isinstance(one, ScreenHandler)]:
        logger.removeHandler(handler)
    logger.addHandler(ScreenHandler(err))
    out = Console(highlight=False)
    if not out.is_terminal and "COLUMNS" not in os.environ:
        out.width = PIPE_COLUMNS
    return Screen(out, err, quiet)


class ScreenHandler(logging.Handler):
    """Log lines on stderr, with control characters taken out, above a running bar."""

    def __init__(self, console: Console) -> None:
        super().__init__()
        self.console = console

    def emit(self, record: logging.LogRecord) -> None:
        """Print one line."""
        self.console.print(Text(f"{record.levelname.lower()}: {printable(record.getMessage())}", style="dim"))
