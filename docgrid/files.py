"""Outputs that are whole or absent, and names that are safe to write."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import tempfile
import unicodedata
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from docgrid.errors import OutputError

TEMPORARY_PREFIX = ".docgrid-"  # what a killed run may leave behind starts with this


@contextmanager
def atomic_path(target: Path, *, force: bool = True, durable: bool = True) -> Iterator[Path]:
    """Hand out a temporary path beside `target`; on success it is synced to disk and renamed, on failure removed.

    Args:
        target: The file to write; its folder is made when missing.
        force: Replace a file that is there already.
        durable: Wait until the disk holds the content. Off only for thousands of files that one command can make again.

    Raises:
        OutputError: The folder cannot be written to, the disk is full, or the file exists and `force` is off.
    """
    if target.exists() and not force:
        raise OutputError(f"{target} exists already", hint="Add --force to replace it, or choose another --out.")
    temporary = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(prefix=_own_prefix(), suffix=target.suffix, dir=target.parent)
        os.close(descriptor)
        temporary = Path(name)
        yield temporary
        if durable:
            with temporary.open("rb") as handle:
                os.fsync(handle.fileno())
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(target)
    except OSError as error:
        raise OutputError(
            f"{target} cannot be written: {error.strerror or error}",
            hint="Check the folder's permissions and the free space, or choose another --out.",
        ) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def _own_prefix() -> str:
    """What the temporaries of this process start with: whoever finds one knows whether its owner still lives."""
    return f"{TEMPORARY_PREFIX}{zlib.crc32(platform.node().encode()):08x}-{os.getpid()}-"


def sweep_temporaries(folder: Path) -> None:
    """Remove the temporaries that killed processes of this machine left in a folder; those of running ones stay."""
    host = _own_prefix().rsplit("-", 2)[0]
    for path in folder.glob(f"{host}-*-*"):
        owner = path.name.removeprefix(f"{host}-").split("-", 1)[0]
        if owner.isdigit() and not _is_running(int(owner)):
            with suppress(OSError):
                path.unlink()


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:  # it belongs to somebody else
        return True
    return True


def _umask() -> int:
    """The permissions mask; the system tells it only while setting it."""
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def write_text(target: Path, text: str, *, force: bool = True, durable: bool = True) -> None:
    """Write a UTF-8 text file, whole or not at all; what UTF-8 cannot say is written as an escape, as in JSON."""
    with atomic_path(target, force=force, durable=durable) as temporary:
        temporary.write_text(text, encoding="utf-8", errors="backslashreplace")


def write_json(target: Path, value: object, *, force: bool = True, durable: bool = True) -> None:
    """Write strict JSON (no NaN), whole or not at all."""
    write_text(target, json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) + "\n", force=force, durable=durable)


def sha256_of(path: Path) -> str:
    """Hexadecimal SHA-256 of a file's content, read in pieces."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def safe_stem(name: str, *, salt: str = "", limit: int = 80) -> str:
    """A file stem from an untrusted name: letters, digits, dot, dash, underscore; never empty, hidden or a path.

    Args:
        name: Any text: a file name, a field label.
        salt: Where it is not empty, a short hash of it is added, so that equal names from different places differ.
        limit: Characters at most, before the hash.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    stem = re.sub(r"[^A-Za-z0-9._-]+", "_", plain).strip("._-")[:limit] or "document"
    if salt:
        stem += "-" + hashlib.sha256(salt.encode("utf-8", "surrogateescape")).hexdigest()[:8]
    return stem
