"""The journal of an extraction: what is finished stays finished when a run is killed."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from docgrid.errors import DocumentStatus, OutputError
from docgrid.files import sha256_of, write_text


def journal_path(target: Path) -> Path:
    """Where the journal of an output is while the run goes on, and where a killed run leaves it."""
    return target.with_name(f".{target.name}.journal")


class Journal:
    """One line of JSON for each finished document, beside the output; gone once the output is whole.

    It stays where some documents were read and others were not, so that --resume tries only those again.

    Args:
        target: The output that the run will write.
        settings: What must be equal for a line to be taken over: the model and the reading options.
        resume: Take over what earlier runs finished.

    Raises:
        OutputError: It cannot be written.
    """

    def __init__(self, target: Path, settings: Mapping[str, Any], *, resume: bool) -> None:
        self.path = journal_path(target)
        self._settings = dict(settings)
        self.is_kept = False  # after the run
        self._finished = self._load() if resume else {}
        # Lines that are taken over are written again, so that a line cut by a kill does not spoil the next one.
        write_text(self.path, "".join(map(_as_line, self._finished.values())))
        try:
            self._handle = self.path.open("a", encoding="utf-8")
        except OSError as error:
            raise OutputError(f"{self.path} cannot be written: {error.strerror}", hint="Choose another --out.") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._handle.close()
        if kind is None and not self.is_kept:
            self.path.unlink(missing_ok=True)

    def _load(self) -> dict[str, dict[str, Any]]:
        finished: dict[str, dict[str, Any]] = {}
        try:
            lines = self.path.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return {}
        for text in lines:
            try:
                line = json.loads(text)
            except ValueError:  # the line that was being written when the run was killed
                continue
            if isinstance(line, dict) and line.keys() == _KEYS and line["settings"] == self._settings:
                finished[line["source"]] = line
        return finished

    def finished(self, source: Path) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """Result and facts of a document that an earlier run read whole; None where there are none, or the file has changed."""
        line = self._finished.get(str(source))
        if line is None or line["facts"].get("status") != DocumentStatus.OK:
            return None
        try:
            same = sha256_of(source) == line["sha256"]
        except OSError:
            return None
        return (dict(line["document"]), dict(line["facts"])) if same else None

    def keep_for_resume(self, finished: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]]) -> None:
        """Say how the run ended: the journal stays if it saves work later."""
        good = sum(facts["status"] == DocumentStatus.OK for _, facts in finished)
        self.is_kept = 0 < good < len(finished)

    def add(self, source: Path, document: Mapping[str, Any], facts: Mapping[str, Any]) -> None:
        """Note a finished document and what it cost.

        Raises:
            OutputError: The disk is full.
        """
        sha256 = ""
        with suppress(OSError):  # it has gone, or may not be read: then it is tried again
            sha256 = sha256_of(source) if facts["status"] == DocumentStatus.OK else ""
        values = (str(source), sha256, self._settings, document, facts)
        try:
            self._handle.write(_as_line(dict(zip(_KEYS, values, strict=True))))
            self._handle.flush()
            os.fsync(self._handle.fileno())
        except OSError as error:
            raise OutputError(f"{self.path} cannot be written: {error.strerror}", hint="Free some space.") from error


_KEYS = dict.fromkeys(("source", "sha256", "settings", "document", "facts")).keys()  # of a line, in this order


def _as_line(line: Mapping[str, Any]) -> str:
    return json.dumps(line, ensure_ascii=True, allow_nan=False) + "\n"
