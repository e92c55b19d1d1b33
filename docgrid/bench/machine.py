"""The machine that figures were measured on."""

from __future__ import annotations

import os
import platform
import resource
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

CPU_FACTS = Path("/proc/cpuinfo")


@dataclass(frozen=True)
class Machine:
    """What figures depend on."""

    cores: int  # that this process may use
    processor: str
    system: str
    python: str
    versions: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        versions = ", ".join(f"{name} {number}" for name, number in self.versions.items())
        return f"{self.cores} cores of {self.processor}; {self.system}; Python {self.python}; {versions}"


def this_machine(packages: Iterable[str]) -> Machine:
    """The machine that this runs on, with the versions of those of `packages` that are installed."""
    versions = {name: number for name in packages if (number := _version(name)) is not None}
    return Machine(
        cores=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        processor=_processor(),
        system=f"{platform.system()} {platform.machine()}",
        python=platform.python_version(),
        versions=versions,
    )


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _processor() -> str:
    try:
        lines = CPU_FACTS.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, "") or platform.processor() or platform.machine()


@dataclass(frozen=True)
class Seconds:
    """How long something took."""

    wall: float
    processor: float  # of all threads and of child processes that ended


class Stopwatch:
    """Measures the time since it was made."""

    def __init__(self) -> None:
        self._wall, self._processor = time.perf_counter(), processor_seconds()

    def seconds(self) -> Seconds:
        """The time so far."""
        return Seconds(time.perf_counter() - self._wall, processor_seconds() - self._processor)


def processor_seconds() -> float:
    """Processor time of this process, its threads, and its children that ended."""
    if sys.platform == "win32":
        return time.process_time()
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)
