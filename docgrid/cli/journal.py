"""The journal of an extraction: what is finished stays finished when a run is killed."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from docgrid.errors import OutputError
from docgrid.files import sha256_of


def journal_path(target: Path) -> Path:
    """Where the journal of an output is while the run goes on, and where a killed run leaves it."""
    return target.with_name(f".{target.name}.journal")


class Journal:
    """One line of JSON for each finished document, beside the output; gone once the output is whole.

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
        self._finished = self._load() if resume else {}
        try:
            # Lines that are taken over are written again, so that a line cut by a kill does not spoil the next one.
            self._handle = self.path.open("w", encoding="utf-8")
            for source, line in self._finished.items():
                self._append(source, line["sha256"], line["document"], line["facts"])
        except OSError as error:
            raise OutputError(f"{self.path} cannot be written: {error.strerror}", hint="Choose another --out.") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._handle.close()
        if kind is None:
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
            if line.get("settings") == self._settings:
                finished[line["source"]] = line
        return finished

    def finished(self, source: Path) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """Result and facts of a document that an earlier run finished; None where there are none, or the file has changed."""
        line = self._finished.get(str(source))
        if line is None:
            return None
        try:
            same = sha256_of(source) == line["sha256"]
        except OSError:
            return None
        return (dict(line["document"]), dict(line["facts"])) if same else None

    def add(self, source: Path, document: Mapping[str, Any], facts: Mapping[str, Any]) -> None:
        """Note a finished document and what it cost.

        Raises:
            OutputError: The disk is full.
        """
        try:
            self._append(str(source), sha256_of(source) if source.is_file() else "", document, facts)
        except OSError as error:
            raise OutputError(f"{self.path} cannot be written: {error.strerror}", hint="Free some space.") from error

    def _append(self, source: str, sha256: str, document: Mapping[str, Any], facts: Mapping[str, Any]) -> None:
        line = {"source": source, "sha256": sha256, "settings": self._settings, "document": document, "facts": facts}
        self._handle.write(json.dumps(line, ensure_ascii=True, allow_nan=False) + "\n")
        self._handle.flush()
        os.fsync(self._handle.fileno())
