"""The inputs of a command: files, folders and `@list.txt` become paths; a file becomes bytes only if it is a regular one."""

from __future__ import annotations

import logging
import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from docgrid.errors import DocumentError, DocumentStatus, NoInputError, UsageError

logger = logging.getLogger(__name__)

DOCUMENT_SUFFIXES = frozenset({".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp", ".gif"})


def expand_inputs(inputs: Sequence[str]) -> list[Path]:
    """The documents that `inputs` name, each once, in the order given; folders are walked in sorted order.

    A file that is named is kept whatever its suffix, also where it does not exist: its status will say so. In folders only
    documents with a known suffix count; hidden ones do not, and links that leave the folder are not followed.

    Args:
        inputs: File names, folder names, or `@list.txt`, a text file with one path a line.

    Raises:
        UsageError: A list cannot be read.
        NoInputError: Nothing that was named exists, or a folder holds no document.
    """
    named = [name for item in inputs for name in (_read_list(item) if item.startswith("@") else [item])]
    found: dict[Path, None] = {}  # a dictionary keeps the order and drops repetitions
    for name in named:
        path = Path(name)
        found.update(dict.fromkeys(_walk(path) if path.is_dir() else [path]))
    if not any(path.exists() for path in found):
        missing = [str(path) for path in list(found)[:3]]
        said = f"{', '.join(missing)} does not exist" if missing else f"no document in {', '.join(inputs) or 'an empty list'}"
        raise NoInputError(
            said, hint=f"Name files, folders or @list.txt; in folders these count: {' '.join(sorted(DOCUMENT_SUFFIXES))}"
        )
    return list(found)


def _read_list(item: str) -> list[str]:
    path = Path(item[1:])
    try:
        lines = path.read_text(encoding="utf-8-sig", errors="surrogateescape").splitlines()
    except OSError as error:
        raise UsageError(
            f"The list {path} cannot be read: {error.strerror or error}",
            hint="After @ comes a text file with one path a line.",
        ) from error
    return [line for line in lines if line.strip()]


def _walk(root: Path) -> Iterator[Path]:
    """Every document below `root`, sorted; links are kept only where they stay inside."""
    inside = root.resolve()
    for folder, folders, files in os.walk(root, followlinks=False):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = Path(folder) / name
            if name.startswith(".") or path.suffix.lower() not in DOCUMENT_SUFFIXES:
                continue
            if path.is_symlink() and not path.resolve().is_relative_to(inside):
                logger.warning("%s is left out: the link leaves the folder %s", path, root)
                continue
            yield path


def read_regular_file(path: Path, *, limit_bytes: int) -> bytes:
    """The content of a regular file. A FIFO, a device or a folder is refused without waiting on it.

    Args:
        path: The file; a link to a regular file is followed.
        limit_bytes: The largest size taken.

    Raises:
        DocumentError: It is missing, not a regular file, too large, or cannot be read.
    """
    try:
        # O_NONBLOCK: opening a FIFO must not wait for a writer. It changes nothing on a regular file.
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOCTTY | os.O_NONBLOCK)
    except (OSError, ValueError) as error:  # ValueError: a null byte in the name
        reason = getattr(error, "strerror", None) or str(error)
        raise DocumentError(
            f"{path} cannot be opened: {reason}", status=DocumentStatus.UNSUPPORTED, hint="Check the name and the permissions."
        ) from error
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        raise DocumentError(
            f"{path} is not a regular file", status=DocumentStatus.UNSUPPORTED, hint="Name a PDF or an image file."
        )
    with os.fdopen(descriptor, "rb") as handle:
        if status.st_size > limit_bytes:
            raise DocumentError(
                f"{path} has {status.st_size:,} bytes, more than the {limit_bytes:,} allowed",
                status=DocumentStatus.TOO_LARGE,
                hint="Split the file, or raise the limit for file size.",
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
