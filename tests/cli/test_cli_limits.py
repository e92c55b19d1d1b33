"""Every limit on what one document may cost is an option of the commands that read documents, and reaches the readers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

import pytest
from reportlab.pdfgen.canvas import Canvas

from docgrid.cli.options import Reading
from docgrid.errors import ExitCode
from docgrid.reading import Limits, ReadingOptions


class Outcome(Protocol):
    exit_code: int
    stdout: str
    stderr: str
    words: str


Run = Callable[..., Outcome]

OPTIONS = {  # option, value, the limit it becomes
    "--max-file-mb": ("0.5", ("file_bytes", 512 * 1024)),
    "--max-pages": ("7", ("pages", 7)),
    "--max-page-megapixels": ("1.5", ("page_pixels", 1_500_000)),
    "--max-page-characters": ("11", ("page_characters", 11)),
    "--max-page-objects": ("12", ("page_objects", 12)),
    "--ocr-timeout-s": ("2.5", ("ocr_timeout_s", 2.5)),
    "--document-timeout-s": ("9", ("document_timeout_s", 9.0)),
    "--max-memory-gib": ("0.5", ("memory_bytes", 512 * 1024**2)),
    "--documents-per-process": ("3", ("recycle_after", 3)),
}
WANTED = dict(expected for _, expected in OPTIONS.values())


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[ReadingOptions]:
    """The options with which reading was begun; nothing is read."""
    taken: list[ReadingOptions] = []

    class Pool:
        def __init__(self, options: ReadingOptions, jobs: int | None = None) -> None:
            taken.append(options)

        def __enter__(self) -> Pool:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def read(self, paths: object) -> Iterator[Any]:
            raise KeyboardInterrupt

    monkeypatch.setattr("docgrid.reading.isolation.ReaderPool", Pool)
    Path("a.pdf").write_bytes(b"%PDF-1.4")
    return taken


@pytest.mark.parametrize("command", ["encode", "extract"])
def test_typed_limits_reach_the_readers(docgrid: Run, seen: list[ReadingOptions], command: str) -> None:
    docgrid(command, "a.pdf", *[text for option, (value, _) in OPTIONS.items() for text in (option, value)])
    assert asdict(seen[0].limits) == WANTED


def test_limits_in_a_settings_file_reach_the_readers_and_typed_ones_win(docgrid: Run, seen: list[ReadingOptions]) -> None:
    lines = [f"{option[2:]} = {value}" for option, (value, _) in OPTIONS.items()]
    Path("docgrid.toml").write_text("\n".join(lines))
    docgrid("encode", "a.pdf", "--config", "docgrid.toml", "--max-pages", "8")
    assert asdict(seen[0].limits) == WANTED | {"pages": 8}


def test_without_options_the_limits_are_those_of_the_library(docgrid: Run, seen: list[ReadingOptions]) -> None:
    docgrid("encode", "a.pdf")
    assert seen == [ReadingOptions()]
    assert Reading().limits == Limits()


@pytest.mark.parametrize("command", ["encode", "extract"])
def test_the_help_shows_the_limits_in_a_group_of_their_own(docgrid: Run, command: str) -> None:
    text = docgrid(command, "--help").stdout
    assert all(option in text.partition("Limits")[2] for option in OPTIONS)
    assert "text of your documents" in " ".join(text.replace("│", " ").split())  # what an OCR cache holds


@pytest.mark.parametrize("option", [*OPTIONS, "--dpi"])
@pytest.mark.parametrize("value", ["0", "-1", "many"])
def test_a_limit_that_is_none_is_a_usage_error(docgrid: Run, option: str, value: str) -> None:
    Path("a.pdf").write_bytes(b"%PDF-1.4")
    outcome = docgrid("encode", "a.pdf", option, value)
    assert (outcome.exit_code, option in outcome.words) == (ExitCode.USAGE, True)


def invoice(path: str, pages: int) -> None:
    canvas = Canvas(path)
    for number in range(pages):
        canvas.drawString(72, 700, f"page {number + 1}")
        for row in range(30):
            canvas.rect(72, 600 - row, 5, 1)
        canvas.showPage()
    canvas.save()


@pytest.mark.parametrize(
    ("limit", "status", "said"),
    [
        (("--max-file-mb", "0.001"), "too_large", "--max-file-mb"),
        (("--max-pages", "2"), "too_large", "3 pages to read, more than the 2 allowed"),
        (("--max-pages", "2", "--pages", "2-3"), "ok", ""),
        (("--max-page-characters", "4"), "too_large", "more than the 4 allowed"),
        (("--max-page-objects", "30"), "too_large", "31 objects, more than the 30 allowed"),
        (("--document-timeout-s", "0.01"), "timeout", "longer than 0.01 s"),
    ],
)
def test_a_document_beyond_a_limit_gets_the_status_that_says_so(
    docgrid: Run, limit: tuple[str, ...], status: str, said: str
) -> None:
    invoice("a.pdf", 3)
    outcome = docgrid("encode", "a.pdf", "--json", "--ocr", "off", *limit)
    (document,) = json.loads(outcome.stdout)["documents"]
    assert document["status"] == status
    assert said in document["problem"] + document["hint"]
