"""Outputs are checked before the work begins, and one run at a time writes to a place."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from docgrid.errors import OutputError, UsageError
from docgrid.files import TEMPORARY_PREFIX, sweep_temporaries
from docgrid.reading.inputs import OUTPUT_MARK

STDOUT = "-"


def check_new(targets: Sequence[Path], *, force: bool) -> None:
    """Refuse to replace what is there already, and what cannot be written, before any work is done.

    Raises:
        OutputError: A target exists and `force` is off, is a folder, or lies where nothing can be written.
    """
    for target in targets:
        if target.is_dir():
            raise OutputError(f"{target} is a folder", hint="Name a file for the output.")
        if target.exists() and not target.is_file():  # a device would be replaced by a file
            raise OutputError(f"{target} is not a regular file", hint="Name a file for the output; '-' is stdout.")
    there = [target for target in targets if target.exists() or target.is_symlink()]
    if there and not force:
        more = f" and {len(there) - 1} more exist" if len(there) > 1 else " exists"
        raise OutputError(f"{there[0]}{more} already", hint="Add --force to replace it, or choose another --out.")
    for folder in dict.fromkeys(_nearest_folder(target) for target in targets):
        check_writable(folder)


def _nearest_folder(target: Path) -> Path:
    """The folder of a target, or the nearest one above it that exists."""
    return next(folder for folder in target.absolute().parents if folder.exists())


def check_writable(folder: Path) -> None:
    """Make a folder for outputs and see that files can be made in it.

    Raises:
        OutputError: They cannot.
    """
    probe = folder / f"{TEMPORARY_PREFIX}probe-{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise OutputError(
            f"{folder} cannot be written to: {error.strerror or error}",
            hint="Check the folder's permissions, or choose another --out.",
        ) from error


def mark_as_output(folder: Path) -> None:
    """Make a folder for pictures that docgrid writes, and say so in it: no later run reads them as documents.

    Raises:
        OutputError: It cannot be written to.
    """
    mark = folder / OUTPUT_MARK
    if mark.exists():
        return
    check_writable(folder)
    mark.touch()


@contextmanager
def locked(target: Path) -> Iterator[None]:
    """Keep other runs from writing to `target` while this one does; what killed runs left unfinished beside it is removed.

    The lock is a file beside it that names the owner's process; the system drops the lock when the owner dies, so that one
    left behind by a killed run is no obstacle.

    Raises:
        OutputError: Another run holds it, or the folder cannot be written to.
    """
    check_writable(target.parent)
    path = target.with_name(f".{target.name}.lock")
    descriptor = _acquire(path, target)
    try:
        _sign(descriptor, path)
        sweep_temporaries(target.parent)
        yield
    finally:
        path.unlink(missing_ok=True)  # while the lock is still held: nobody else can have taken it
        os.close(descriptor)


def _acquire(path: Path, target: Path) -> int:
    """An open descriptor of the lock file that holds the lock, and that is still the file of this name."""
    while True:
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise OutputError(
                f"the lock {path} cannot be made: {error.strerror or error}", hint="Check the folder's permissions."
            ) from error
        if not _try_lock(descriptor):
            owner = os.read(descriptor, 32).decode("ascii", "replace").strip() or "unknown"
            os.close(descriptor)
            raise OutputError(
                f"{target} is being written by another run (process {owner})", hint="Wait for it, or choose another --out."
            )
        try:
            if path.stat().st_ino == os.fstat(descriptor).st_ino:
                return descriptor
        except FileNotFoundError:
            pass  # the former owner finished and removed the file between our opening and locking it: once more
        os.close(descriptor)


def _sign(descriptor: int, path: Path) -> None:
    """Write the number of this process into its lock."""
    try:
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
    except OSError as error:
        raise OutputError(f"the lock {path} cannot be written: {error.strerror or error}", hint="Free some space.") from error


def _try_lock(descriptor: int) -> bool:
    if sys.platform == "win32":
        import msvcrt

        lock, arguments = msvcrt.locking, (msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        lock, arguments = fcntl.flock, (fcntl.LOCK_EX | fcntl.LOCK_NB,)
    try:
        lock(descriptor, *arguments)
    except OSError:
        return False
    return True


def parse_gate(text: str) -> tuple[str, float]:
    """The figure and the least value of `--fail-under micro_f1=0.9`.

    Raises:
        UsageError: It is not written like that.
    """
    name, separator, number = text.partition("=")
    try:
        least = float(number)
    except ValueError:
        least = float("nan")
    if not separator or not name.strip() or not 0 <= least <= 1:
        raise UsageError(f"{text!r} is not a quality gate", hint="Write a figure and a number from 0 to 1: micro_f1=0.9.")
    return name.strip(), least


def strict_json(value: object) -> str:
    """JSON text with a line break at its end; never NaN."""
    return json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
