"""Every expected failure of docgrid: what is wrong, what to do next, and which exit code it becomes.

    DocgridError
    ├── UsageError                2   an option, argument or configuration file is wrong
    ├── MissingDependencyError    3   an OCR engine, a language or an optional package is not installed
    ├── NoInputError              4   nothing that was named could be read
    ├── ModelError                5   a model folder is refused
    ├── DatasetError              6   a dataset or an annotation is invalid
    ├── QualityGateError          8   a figure lies under the one asked for
    ├── OutputError               9   an output cannot be written, exists or is locked
    ├── TrainingError            10   training diverged or ran out of resources
    └── DocumentError             -   one document failed; its status says how, the run goes on

Library code raises these and never prints or exits; `docgrid.cli` turns them into messages and exit codes in one place.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum, StrEnum


class ExitCode(IntEnum):
    """Exit codes of the command line; stable across versions."""

    OK = 0
    BUG = 1
    USAGE = 2
    MISSING_DEPENDENCY = 3
    NO_INPUT = 4
    MODEL_REFUSED = 5
    DATASET_INVALID = 6
    SOME_DOCUMENTS_FAILED = 7
    QUALITY_GATE_MISSED = 8
    OUTPUT_NOT_WRITTEN = 9
    TRAINING_FAILED = 10
    INTERRUPTED = 130
    TERMINATED = 143


class DocumentStatus(StrEnum):
    """How the work on one document ended; every document ends in exactly one of these."""

    OK = "ok"
    PARTIAL = "partial"  # some pages are missing
    EMPTY = "empty"  # no characters
    ENCRYPTED = "encrypted"
    UNSUPPORTED = "unsupported"  # looked at, and of no known kind
    CORRUPT = "corrupt"
    TOO_LARGE = "too_large"
    TIMEOUT = "timeout"
    OUT_OF_MEMORY = "out_of_memory"
    CRASHED = "crashed"
    OCR_FAILED = "ocr_failed"
    SKIPPED = "skipped"  # nobody looked at it: missing, not to be opened, no regular file, done before, after --fail-fast

    @property
    def has_pages(self) -> bool:
        """Whether a document with this status carries pages that can be worked on."""
        return self in (DocumentStatus.OK, DocumentStatus.PARTIAL)


class DocgridError(Exception):
    """An expected failure: `problem` says what is wrong and where, `hint` what to do next."""

    exit_code = ExitCode.BUG  # each subclass sets its own

    def __init__(self, problem: str, *, hint: str) -> None:
        super().__init__(f"{problem}\n{hint}")
        self.problem = problem
        self.hint = hint


class UsageError(DocgridError):
    """An option, an argument or a configuration file is wrong."""

    exit_code = ExitCode.USAGE


class MissingDependencyError(DocgridError):
    """An OCR engine, a language or an optional package is not installed."""

    exit_code = ExitCode.MISSING_DEPENDENCY


class NoInputError(DocgridError):
    """Nothing that was named could be read."""

    exit_code = ExitCode.NO_INPUT


class ModelError(DocgridError):
    """A model folder is missing, damaged, or does not fit what is asked of it."""

    exit_code = ExitCode.MODEL_REFUSED


class DatasetError(DocgridError):
    """A dataset or one of its annotations is invalid; `details` are all problems as (file, what is wrong, what to do)."""

    exit_code = ExitCode.DATASET_INVALID

    def __init__(self, problem: str, *, hint: str, details: Sequence[tuple[str, str, str]] = ()) -> None:
        super().__init__(problem, hint=hint)
        self.details = tuple(details)


class QualityGateError(DocgridError):
    """A measured figure lies under the one that was asked for."""

    exit_code = ExitCode.QUALITY_GATE_MISSED


class OutputError(DocgridError):
    """An output cannot be written, exists already, or is locked by another run."""

    exit_code = ExitCode.OUTPUT_NOT_WRITTEN


class TrainingError(DocgridError):
    """Training diverged or ran out of resources."""

    exit_code = ExitCode.TRAINING_FAILED


class DocumentError(DocgridError):
    """One document could not be worked on; `status` says how it failed."""

    exit_code = ExitCode.SOME_DOCUMENTS_FAILED

    def __init__(self, problem: str, *, status: DocumentStatus, hint: str) -> None:
        super().__init__(problem, hint=hint)
        self.status = status

    def about(self, path: object) -> DocumentError:
        """The same with the document's name in front, where it is not said yet."""
        problem = self.problem if str(path) in self.problem else f"{path}: {self.problem}"
        return DocumentError(problem, status=self.status, hint=self.hint)

    def __reduce__(self) -> tuple[object, ...]:
        """Travel through a pipe from a reading process with all three parts."""
        return (_rebuild_document_error, (self.problem, self.status, self.hint))


def _rebuild_document_error(problem: str, status: DocumentStatus, hint: str) -> DocumentError:
    return DocumentError(problem, status=status, hint=hint)
