from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from docgrid.cli.app import app
from docgrid.model import ModelCard, build_network, save_model
from docgrid.schema import RECEIPT

Run = Callable[..., "Outcome"]


@dataclass(frozen=True)
class Outcome:
    """How a command ended."""

    exit_code: int
    stdout: str
    stderr: str

    @property
    def words(self) -> str:
        """What stderr says, without frames and line breaks."""
        return " ".join(re.sub(r"[│╭╮╰╯─]", " ", self.stderr).split())


@pytest.fixture
def docgrid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command in this process, in an empty directory."""
    monkeypatch.chdir(tmp_path)
    for name in ("DOCGRID_MODEL", "DOCGRID_DEBUG", "DOCGRID_OCR_CACHE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "160")

    def run(*arguments: str | Path) -> Outcome:
        result = CliRunner().invoke(app, [str(argument) for argument in arguments], env=dict(os.environ))
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
        return Outcome(result.exit_code, result.stdout, result.stderr)

    return run


def minimal_pdf(lines: Sequence[str] = ("Invoice R-1", "Total 9.00 EUR"), *, pages: int = 1) -> bytes:
    """A PDF with a text layer, written by hand: A4 in points, Helvetica 12, first line 60 points below the top."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(pages))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number in range(pages):
        shows = " ".join(f"1 0 0 1 72 {782 - 24 * row} Tm ({line}) Tj" for row, line in enumerate(lines))
        stream = f"BT /F1 12 Tf {shows} ET"
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + 2 * number} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>",
            f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        ]
    body, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1")
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    end += f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    return body + end.encode()


@pytest.fixture
def invoice(tmp_path: Path) -> Path:
    """One good document."""
    path = tmp_path / "invoice.pdf"
    path.write_bytes(minimal_pdf())
    return path


@pytest.fixture
def pdf() -> Callable[..., bytes]:
    """Makes the bytes of a PDF."""
    return minimal_pdf


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an untrained receipt model; tests put their own words into its mouth."""
    folder = tmp_path_factory.mktemp("model") / "tiny"
    card = ModelCard(
        name="tiny",
        words={"fields": len(RECEIPT.fields), "grid_channels": 0},
        alphabet="abc",
        document_schema=RECEIPT.to_dict(),
        known_fields=list(RECEIPT.names),
        grid_height=64,
        grid_width=64,
    )
    save_model(folder, build_network(card), card)
    return folder
