"""Whatever goes wrong in docgrid's own process is the failure of one document, or exit code 9 with whole outputs."""

from __future__ import annotations

import json
import os
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pytest

from docgrid.cli.guard import guarded
from docgrid.errors import DocumentError, DocumentStatus, ExitCode
from docgrid.files import atomic_path, sweep_temporaries
from docgrid.inference import PagePrediction, Predictor
from docgrid.page import Document
from docgrid.schema import RECEIPT


class Outcome(Protocol):
    exit_code: int
    stdout: str
    stderr: str
    words: str


Run = Callable[..., Outcome]
Pdf = Callable[..., bytes]


@pytest.fixture
def model(tiny_model: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A model that finds a total in every word 9.00, and goes wrong as the name of the document says."""

    def predict(self: Predictor, document: Document) -> list[PagePrediction]:
        if "bug" in document.path.name:
            raise KeyError("private text")
        if "memory" in document.path.name:
            raise MemoryError
        if "hang" in document.path.name:
            while True:
                time.sleep(0.01)
        pages = []
        for page in document.pages:
            words = page.characters.word_texts
            table = np.full((len(words), len(RECEIPT.names)), 0.01, np.float32)
            table[[row for row, word in enumerate(words) if word == "9.00"], RECEIPT.names.index("total")] = 0.95
            pages.append(PagePrediction(table, table, np.zeros((0, 4), np.float32), np.zeros(0, np.float32), None))
        return pages

    monkeypatch.setattr(Predictor, "predict", predict)
    return tiny_model


def write_inputs(pdf: Pdf, *names: str) -> list[Path]:
    Path("in").mkdir()
    for name in names:
        Path("in", name).write_bytes(pdf())
    return [Path("in", name) for name in names]


def statuses(path: str = "fields.json") -> dict[str, str]:
    return {Path(entry["source"]).name: entry["status"] for entry in json.loads(Path(path).read_text())["documents"]}


def leftovers(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob(".*") if path.is_file())


def test_a_document_that_breaks_the_extraction_fails_alone(docgrid: Run, pdf: Pdf, model: Path) -> None:
    write_inputs(pdf, "a.pdf", "bug.pdf", "hang.pdf", "memory.pdf", "z.pdf")
    outcome = docgrid(
        "extract",
        "in",
        "--model",
        model,
        "--out",
        "fields.json",
        "--ledger",
        "l.jsonl",
        "--document-timeout-s",
        "2",
        "--no-crops",
    )
    assert outcome.exit_code == ExitCode.SOME_DOCUMENTS_FAILED
    wanted = {"a.pdf": "ok", "bug.pdf": "crashed", "hang.pdf": "timeout", "memory.pdf": "out_of_memory", "z.pdf": "ok"}
    assert statuses() == wanted
    assert {
        Path(line["source"]).name: line["status"] for line in map(json.loads, Path("l.jsonl").read_text().splitlines())
    } == wanted
    assert "in/hang.pdf: finding its fields took longer than 2.25 s" in outcome.words
    assert "unexpected KeyError while finding its fields" in outcome.words
    assert "private text" not in outcome.words


def test_a_document_that_cannot_be_drawn_fails_alone(docgrid: Run, pdf: Pdf, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise ZeroDivisionError

    write_inputs(pdf, "a.pdf")
    monkeypatch.setattr("docgrid.chargrid.grid_of_page", fails)
    outcome = docgrid("encode", "in", "--out", "out", "--json")
    assert outcome.exit_code == ExitCode.NO_INPUT
    assert [row["status"] for row in json.loads(outcome.stdout)["documents"]] == ["crashed"]


def test_the_clock_of_a_document_stops_with_it() -> None:
    with guarded(Path("a.pdf"), "waiting", timeout_s=0.05):
        pass
    time.sleep(0.1)  # an alarm that is still set would end the test here
    with (
        pytest.raises(DocumentError, match="waiting took longer than 0.05 s") as caught,
        guarded(Path("a.pdf"), "waiting", timeout_s=0.05),
    ):
        time.sleep(5)
    assert caught.value.status is DocumentStatus.TIMEOUT


class DiskFullError(OSError):
    def __init__(self) -> None:
        super().__init__(28, "No space left on device")


def fail_at(number: int, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let the `number`th operation on an output fail; gives the names of the operations as they happen."""
    calls: list[str] = []

    def counted(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            calls.append(name)
            if len(calls) == number:
                raise DiskFullError
            return real(*arguments, **options)

        return call

    monkeypatch.setattr(tempfile, "mkstemp", counted("mkstemp", tempfile.mkstemp))
    monkeypatch.setattr(os, "fsync", counted("fsync", os.fsync))
    monkeypatch.setattr(Path, "write_text", counted("write_text", Path.write_text))
    monkeypatch.setattr(Path, "replace", counted("replace", Path.replace))
    return calls


@pytest.mark.parametrize("command", ["extract", "encode"])
def test_a_fault_at_any_write_ends_with_exit_code_9_and_whole_outputs(
    docgrid: Run, pdf: Pdf, model: Path, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_inputs(pdf, "a.pdf")
    arguments = ["encode", "in", "--out", "out"]
    if command == "extract":  # of a chargrid file, which needs no reading process: this is repeated often
        assert docgrid("encode", "in", "--out", "in").exit_code == ExitCode.OK
        arguments = ["extract", "in/a.chargrid.safetensors", "--model", str(model), "--csv", "f.csv", "--ledger", "l.jsonl"]
        arguments += ["--out", "fields.json", "--no-crops"]
    for number in range(1, 100):
        with monkeypatch.context() as patch:
            calls = fail_at(number, patch)
            outcome = docgrid(*arguments, "--force", "--jobs", "1", "--quiet")
        if len(calls) < number:
            break
        assert outcome.exit_code == ExitCode.OUTPUT_NOT_WRITTEN, (number, calls[-1], outcome.stderr)
        assert "No space left" in outcome.words
        for path in (Path("fields.json"), Path("f.csv"), *Path("out").glob("*")):
            assert not path.exists() or path.stat().st_size > 50
        assert [name for name in leftovers(Path()) if not name.endswith((".journal", ".docgrid-output"))] == []
    assert number > (10 if command == "extract" else 3)
    assert outcome.exit_code == ExitCode.OK
    assert [name for name in leftovers(Path()) if name != ".docgrid-output"] == []


@contextmanager
def files_up_to(size: int) -> Iterator[None]:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


@pytest.mark.parametrize("command", ["extract", "encode"])
@pytest.mark.parametrize("size", [0, 100, 1000])
def test_files_that_may_not_grow_end_with_exit_code_9_and_nothing_half_written(
    docgrid: Run, pdf: Pdf, model: Path, command: str, size: int
) -> None:
    write_inputs(pdf, "a.pdf", "b.pdf")
    out = ["--model", model, "--out", "fields.json"] if command == "extract" else ["--out", "out"]
    with files_up_to(size):
        outcome = docgrid(command, "in", *out, "--jobs", "1", "--quiet")
    assert outcome.exit_code == ExitCode.OUTPUT_NOT_WRITTEN
    assert not Path("fields.json").exists()
    assert not list(Path().glob("out/*.safetensors"))
    assert not [name for name in leftovers(Path()) if name.startswith(".docgrid-") and name != ".docgrid-output"]


def test_a_device_is_not_replaced_by_an_output(docgrid: Run, invoice: Path, model: Path) -> None:
    os.mkfifo("fifo")
    outcome = docgrid("extract", invoice, "--model", model, "--out", "fifo", "--force")
    assert outcome.exit_code == ExitCode.OUTPUT_NOT_WRITTEN
    assert "fifo is not a regular file" in outcome.words
    assert Path("fifo").is_fifo()


def test_temporaries_of_dead_processes_are_swept_and_those_of_living_ones_stay(tmp_path: Path) -> None:
    with atomic_path(tmp_path / "target.json") as living:
        other = living.with_name(living.name.replace(f"-{os.getpid()}-", "-4194999-"))  # beyond the largest process number
        parent = living.with_name(living.name.replace(f"-{os.getpid()}-", f"-{os.getppid()}-"))
        foreign = tmp_path / ".docgrid-00000000-4194999-abc.json"  # of another machine
        for path in (other, parent, foreign):
            path.touch()
        sweep_temporaries(tmp_path)
        assert not other.exists()
        assert living.exists() and parent.exists() and foreign.exists()


def test_a_run_sweeps_what_a_killed_one_left_and_bears_a_damaged_journal(docgrid: Run, pdf: Pdf, model: Path) -> None:
    write_inputs(pdf, "a.pdf")
    with atomic_path(Path("x.json")) as living:
        stale = living.name.replace(f"-{os.getpid()}-", "-4194999-")
    Path(stale).touch()
    Path("fields_crops").mkdir()
    Path("fields_crops", stale).touch()
    Path(".fields.json.journal").write_text('[1]\n"text"\n{}\n{"settings": 1}\n{"source": ')
    outcome = docgrid("extract", "in", "--model", model, "--out", "fields.json", "--resume")
    assert outcome.exit_code == ExitCode.OK
    assert leftovers(Path()) == [".docgrid-output"]


def test_a_document_that_vanishes_after_it_was_read_does_not_end_the_run(
    docgrid: Run, pdf: Pdf, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_inputs(pdf, "a.pdf", "b.pdf")

    def gone(path: Path) -> str:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("docgrid.cli.journal.sha256_of", gone)
    assert docgrid("extract", "in", "--model", model, "--out", "fields.json").exit_code == ExitCode.OK
    assert statuses() == {"a.pdf": "ok", "b.pdf": "ok"}
