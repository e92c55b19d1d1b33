"""The inputs of a command: files, folders and `@list.txt` become paths; a file becomes bytes only if it is a regular one."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from docgrid.errors import DocumentError, DocumentStatus, NoInputError, UsageError

DOCUMENT_SUFFIXES = frozenset({".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp", ".gif"})
OUTPUT_MARK = ".docgrid-output"  # a file of this name says that its folder holds pictures that docgrid wrote, no documents


@dataclass(frozen=True)
class Input:
    """Something that was named or found: a document to read, or a place that is left out for a reason."""

    path: Path
    skipped: str = ""  # why it is not read


def expand_inputs(inputs: Sequence[str]) -> list[Input]:
    """The documents that `inputs` name, each once, in the order given; folders are walked in sorted order.

    A file that is named is kept whatever its suffix, also where it does not exist: its status will say so. In folders only
    documents with a known suffix count; hidden ones and what docgrid wrote there do not. Links that leave the folder and
    folders that cannot be listed are given back as skipped.

    Args:
        inputs: File names, folder names, or `@list.txt`, a text file with one path a line.

    Raises:
        UsageError: A list cannot be read.
        NoInputError: Nothing that was named exists, or a folder holds no document.
    """
    named = [name for item in inputs for name in (_read_list(item) if item.startswith("@") else [item])]
    found: dict[Path, Input] = {}  # a dictionary keeps the order and drops repetitions
    for name in named:
        for one in _walk(Path(name)) if os.path.isdir(name) else [Input(Path(name))]:  # noqa: PTH112  # Path.is_dir raises
            found.setdefault(one.path, one)
    if not any(os.path.lexists(path) for path in found):
        missing = [str(path) for path in list(found)[:3]]
        said = f"{', '.join(missing)} does not exist" if missing else f"no document in {', '.join(inputs) or 'an empty list'}"
        raise NoInputError(
            said, hint=f"Name files, folders or @list.txt; in folders these count: {' '.join(sorted(DOCUMENT_SUFFIXES))}"
        )
    return list(found.values())


def _read_list(item: str) -> list[str]:
    path = Path(item[1:])
    try:
        lines = path.read_text(encoding="utf-8-sig", errors="surrogateescape").splitlines()
    except (OSError, ValueError) as error:  # ValueError: a null byte in the name
        raise UsageError(
            f"The list {path} cannot be read: {getattr(error, 'strerror', None) or error}",
            hint="After @ comes a text file with one path a line.",
        ) from error
    return [line for line in lines if line.strip()]


def _walk(root: Path) -> Iterator[Input]:
    """Every document below `root`, sorted; what lies behind links that leave it is skipped."""
    inside = Path(os.path.realpath(root))  # unlike Path.resolve, it bears loops of links
    unlisted: list[OSError] = []
    for folder, folders, files in os.walk(root, onerror=unlisted.append, followlinks=False):
        yield from _unlisted(unlisted)
        if OUTPUT_MARK in files:
            folders.clear()
            continue
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Input(path, _leaves(root)) for name in folders if _leads_out(path := Path(folder) / name, inside))
        for name in sorted(files):
            path = Path(folder) / name
            if not name.startswith(".") and path.suffix.lower() in DOCUMENT_SUFFIXES:
                yield Input(path, _leaves(root) if _leads_out(path, inside) else "")
    yield from _unlisted(unlisted)


def _leads_out(path: Path, inside: Path) -> bool:
    return path.is_symlink() and not Path(os.path.realpath(path)).is_relative_to(inside)


def _leaves(root: Path) -> str:
    return f"a link that leads out of {root} is not followed; name it to read it"


def _unlisted(errors: list[OSError]) -> Iterator[Input]:
    """The folders that could not be listed; empties `errors`."""
    while errors:
        error = errors.pop(0)
        yield Input(Path(str(error.filename)), f"the folder cannot be listed: {error.strerror or error}")


def read_regular_file(path: Path, *, limit_bytes: int) -> bytes:
    """The content of a regular file. A FIFO, a device or a folder is refused without waiting on it.

    Args:
        path: The file; a link to a regular file is followed.
        limit_bytes: The largest size taken.

    Raises:
        DocumentError: It is missing, may not be opened, or is not a regular file (`skipped`: nobody looked at its content);
            it is larger than the limit (`too_large`); it is empty or the disk fails (`corrupt`).
    """
    try:
        # O_NONBLOCK: opening a FIFO must not wait for a writer. It changes nothing on a regular file.
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOCTTY | os.O_NONBLOCK)
    except (OSError, ValueError) as error:  # ValueError: a null byte in the name
        reason = getattr(error, "strerror", None) or str(error)
        raise DocumentError(
            f"{path} cannot be opened: {reason}", status=DocumentStatus.SKIPPED, hint="Check the name and the permissions."
        ) from error
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        raise DocumentError(f"{path} is not a regular file", status=DocumentStatus.SKIPPED, hint="Name a PDF or an image file.")
    with os.fdopen(descriptor, "rb") as handle:
        if status.st_size > limit_bytes:
            raise DocumentError(
                f"{path} has {status.st_size:,} bytes, more than the {limit_bytes:,} allowed",
                status=DocumentStatus.TOO_LARGE,
                hint="Split the file, or raise --max-file-mb.",
            )
        try:
            content = handle.read(limit_bytes + 1)  # it may grow meanwhile
        except OSError as error:
            raise DocumentError(
                f"{path} cannot be read: {error.strerror or error}",
                status=DocumentStatus.CORRUPT,
                hint="Check the disk or the network share that the file is on.",
            ) from error
    if not content:
        raise DocumentError(f"{path} is an empty file", status=DocumentStatus.CORRUPT, hint="Fetch or export the file again.")
    if len(content) > limit_bytes:
        raise DocumentError(f"{path} grew while it was read", status=DocumentStatus.TOO_LARGE, hint="Wait until it is complete.")
    return content
