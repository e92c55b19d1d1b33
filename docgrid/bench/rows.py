"""The rows of a benchmark's table."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Task(StrEnum):
    """What is measured."""

    CHARACTERS = "characters of born-digital pages"
    SCANS = "characters of scanned pages"


@dataclass(frozen=True)
class BenchRow:
    """One way to do a task.

    Attributes:
        task: Rows of one task saw the same pages in one run.
        way: The program and how it was called.
        pages: How many.
        characters: That it found, a page.
        processor_s: Processor time a page, of all threads and child processes.
        wall_s: Time on the clock a page; None where only processor time was taken.
        times_reference: How many times as fast as the task's reference, in processor time; None without a reference.
        error_rate: Of characters, spaces not counted; None where the truth is not known.
        error_rate_with_spaces: Likewise with spaces.
    """

    task: Task
    way: str
    pages: int
    characters: int
    processor_s: float
    wall_s: float | None = None
    times_reference: float | None = None
    error_rate: float | None = None
    error_rate_with_spaces: float | None = None
