from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from docgrid.errors import ExitCode
from docgrid.extraction import Extraction
from docgrid.inference import PagePrediction, Predictor
from docgrid.model import ModelCard, build_network, save_model
from docgrid.page import Document
from docgrid.schema import RECEIPT


class Outcome(Protocol):
    exit_code: int
    stdout: str
    stderr: str
    words: str


Run = Callable[..., Outcome]
Pdf = Callable[..., bytes]
LINES = ("ACME SDN BHD", "Date 25/12/2018", "Total 9.00")
PATTERNS = {"company": "ACME|SDN|BHD", "date": r"\d+/\d+/\d+", "total": r"\d+\.\d\d"}


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A receipt model without a grid and with untrained weights: loading it is real, its predictions are not used."""
    folder = tmp_path_factory.mktemp("model") / "tiny"
    card = ModelCard(
        name="tiny",
        words={"fields": len(RECEIPT.fields), "grid_channels": 0},
        alphabet="abc",
        document_schema=RECEIPT.to_dict(),
        known_fields=list(RECEIPT.names),
        grid_height=64,
        grid_width=64,
        training={"validation_documents": ["b"], "training_layouts": ["acme"]},
    )
    save_model(folder, build_network(card), card)
    return folder


@pytest.fixture
def model(model_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A model whose predictions are known: company, date and total by the look of a word."""

    def predict(self: Predictor, document: Document) -> list[PagePrediction]:
        pages = []
        for page in document.pages:
            words = page.characters.word_texts
            table = np.full((len(words), len(RECEIPT.names)), 0.01, np.float32)
            for name, pattern in PATTERNS.items():
                found = [row for row, word in enumerate(words) if re.fullmatch(pattern, word)]
                table[found, RECEIPT.names.index(name)] = 0.95
            pages.append(PagePrediction(table, table, np.zeros((0, 4), np.float32), np.zeros(0, np.float32), None))
        return pages

    monkeypatch.setattr(Predictor, "predict", predict)
    return model_folder


def encrypted() -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, encrypt="secret")
    for row, line in enumerate(LINES):
        canvas.drawString(72, 700 - 20 * row, line)
    canvas.save()
    return buffer.getvalue()


def values_of(entry: dict[str, Any]) -> dict[str, str]:
    return {name: found[0]["value"] for name, found in entry["fields"].items()}


RIGHT = {"company": "ACME SDN BHD", "date": "2018-12-25", "total": "9.00"}


def test_extract_prints_the_json_contract_into_a_pipe(docgrid: Run, pdf: Pdf, model: Path) -> None:
    Path("a.pdf").write_bytes(pdf(LINES))
    outcome = docgrid("extract", "a.pdf", "--model", model)
    assert outcome.exit_code == 0, outcome.stderr
    content = json.loads(outcome.stdout)
    Extraction.model_validate(content)
    assert content["schema"] == "docgrid.extraction/1"
    assert content["model"]["name"] == "tiny"
    entry = content["documents"][0]
    assert (entry["source"], entry["status"], values_of(entry), entry["missing"]) == ("a.pdf", "ok", RIGHT, ["address"])
    assert "1 document: 1 ok" in outcome.stderr


def test_extract_shows_a_table_on_a_terminal(docgrid: Run, pdf: Pdf, model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("a.pdf").write_bytes(pdf(("ACME [red]x[/y]", *LINES)))
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    monkeypatch.setenv("NO_COLOR", "1")
    outcome = docgrid("extract", "a.pdf", "--model", model)
    assert outcome.exit_code == 0
    row = next(line for line in outcome.stdout.splitlines() if "total" in line)
    assert "9.00" in row and "{" not in outcome.stdout
    assert "\x1b[3" not in outcome.stdout  # no colour


def test_extract_writes_json_crops_and_csv_and_prints_the_table_unless_it_is_to_be_quiet(
    docgrid: Run, pdf: Pdf, model: Path
) -> None:
    Path("a.pdf").write_bytes(pdf(LINES))
    outcome = docgrid("extract", "a.pdf", "--model", model, "--out", "out/fields.json", "--csv", "out/fields.csv")
    assert outcome.exit_code == 0
    assert "ACME SDN BHD" in outcome.stdout
    quiet = docgrid("extract", "a.pdf", "--model", model, "--out", "quiet.json", "--quiet")
    assert (quiet.exit_code, quiet.stdout) == (0, "")
    entry = json.loads(Path("out/fields.json").read_text())["documents"][0]
    crop = Path("out") / entry["fields"]["total"][0]["crop"]
    assert crop.parent == Path("out/fields_crops")
    with Image.open(crop) as picture:
        assert np.asarray(picture.convert("L")).min() < 128  # there is ink in it
    rows = list(csv.DictReader(io.StringIO(Path("out/fields.csv").read_text())))
    assert {row["field"]: row["value"] for row in rows} == RIGHT
    assert sorted(path.name for path in Path("out").iterdir()) == [
        "fields.csv",
        "fields.json",
        "fields_crops",
    ]  # no lock, no journal


def test_crops_can_be_left_out(docgrid: Run, pdf: Pdf, model: Path) -> None:
    Path("a.pdf").write_bytes(pdf(LINES))
    assert docgrid("extract", "a.pdf", "--model", model, "--out", "fields.json", "--no-crops").exit_code == 0
    assert not Path("fields_crops").exists()
    assert json.loads(Path("fields.json").read_text())["documents"][0]["fields"]["total"][0]["crop"] is None


def test_a_dash_means_stdout(docgrid: Run, pdf: Pdf, model: Path) -> None:
    Path("a.pdf").write_bytes(pdf(LINES))
    outcome = docgrid("extract", "a.pdf", "--model", model, "--out", "-", "-q")
    assert json.loads(outcome.stdout)["documents"][0]["status"] == "ok"
    assert outcome.stderr == ""
    assert [path.name for path in Path().iterdir()] == ["a.pdf"]


def test_every_bad_document_gets_its_status_and_the_others_are_finished(docgrid: Run, pdf: Pdf, model: Path) -> None:
    files = {
        "a_good.pdf": pdf(LINES),
        "b_empty.pdf": b"",
        "c_cut.pdf": pdf(LINES)[:40],
        "d_locked.pdf": encrypted(),
        "e_text.pdf": b"just some text",
        "f_blank.pdf": pdf(()),
        "g_good.pdf": pdf(LINES),
    }
    for name, content in files.items():
        Path(name).write_bytes(content)
    outcome = docgrid(
        "extract",
        *files,
        "h_missing.pdf",
        "--model",
        model,
        "--out",
        "fields.json",
        "--ocr",
        "off",
        "--no-crops",
        "--ledger",
        "ledger.jsonl",
    )
    assert outcome.exit_code == ExitCode.SOME_DOCUMENTS_FAILED
    ledger = [json.loads(line) for line in Path("ledger.jsonl").read_text().splitlines()]
    documents = json.loads(Path("fields.json").read_text())["documents"]
    assert [entry["source"] for entry in documents] == [*files, "h_missing.pdf"]
    statuses = {entry["source"][0]: entry["status"] for entry in documents}
    assert (statuses["a"], statuses["g"], statuses["d"], statuses["f"]) == ("ok", "ok", "encrypted", "empty")
    assert {statuses["b"], statuses["c"], statuses["e"], statuses["h"]} <= {"corrupt", "unsupported", "skipped"}
    assert [values_of(entry) for entry in documents if entry["status"] == "ok"] == [RIGHT, RIGHT]
    assert [(line["source"], line["status"]) for line in ledger] == [(entry["source"], entry["status"]) for entry in documents]
    assert ledger[0]["pages"] == 1 and ledger[0]["seconds"] > 0 and ledger[0]["attempts"] == 1
    for entry in documents:
        failed = entry["status"] != "ok"
        assert bool(entry["errors"]) is failed
        assert (entry["source"] in outcome.words) is failed  # said on stderr, with what is wrong
    assert "--password" in outcome.words
    assert "secret" not in outcome.words


def test_nothing_that_can_be_read_ends_with_exit_code_4(docgrid: Run, model: Path) -> None:
    Path("a.pdf").write_bytes(b"")
    outcome = docgrid("extract", "a.pdf", "--model", model, "--out", "fields.json")
    assert outcome.exit_code == ExitCode.NO_INPUT
    assert len(json.loads(Path("fields.json").read_text())["documents"]) == 1


def test_without_input_every_chargrid_file_here_is_taken(docgrid: Run, pdf: Pdf, model: Path) -> None:
    nothing = docgrid("extract", "--model", model)
    assert nothing.exit_code == ExitCode.NO_INPUT
    assert "docgrid encode" in nothing.words
    Path("in").mkdir()
    for name in ("a", "b"):
        Path(f"in/{name}.pdf").write_bytes(pdf((f"{name.upper()} ACME", *LINES[1:])))
    encoded = docgrid("encode", "in")
    assert (encoded.exit_code, encoded.stdout) == (0, "a.chargrid.safetensors\nb.chargrid.safetensors\n")
    outcome = docgrid("extract", "--model", model, "--out", "fields.json")
    assert outcome.exit_code == 0, outcome.stderr
    documents = json.loads(Path("fields.json").read_text())["documents"]
    assert [values_of(entry)["total"] for entry in documents] == ["9.00", "9.00"]
    assert (Path() / documents[0]["fields"]["total"][0]["crop"]).is_file()


def test_a_chargrid_file_gives_the_same_fields_as_its_document(docgrid: Run, pdf: Pdf, model: Path) -> None:
    Path("a.pdf").write_bytes(pdf(LINES))
    docgrid("encode", "a.pdf")
    outcome = docgrid("extract", "a.pdf", "a.chargrid.safetensors", "--model", model)
    first, second = json.loads(outcome.stdout)["documents"]
    for key in ("fields", "pages", "sha256", "missing", "locale"):
        assert first[key] == second[key], key


@pytest.mark.parametrize("change", ["gone", "changed"])
def test_a_chargrid_file_whose_document_is_gone_or_changed_has_fields_but_no_crops(
    docgrid: Run, pdf: Pdf, model: Path, change: str
) -> None:
    Path("a.pdf").write_bytes(pdf(LINES))
    docgrid("encode", "a.pdf")
    Path("a.pdf").unlink()
    if change == "changed":
        Path("a.pdf").write_bytes(pdf(("something else",)))
    outcome = docgrid("extract", "--model", model, "--out", "fields.json")
    assert outcome.exit_code == 0
    assert "no crops" in outcome.words
    assert values_of(json.loads(Path("fields.json").read_text())["documents"][0]) == RIGHT


def test_a_damaged_chargrid_file_is_corrupt(docgrid: Run, pdf: Pdf, model: Path) -> None:
    Path("a.pdf").write_bytes(pdf(LINES))
    docgrid("encode", "a.pdf")
    path = Path("a.chargrid.safetensors")
    path.write_bytes(path.read_bytes()[:200])
    outcome = docgrid("extract", "--model", model)
    assert outcome.exit_code == ExitCode.NO_INPUT
    assert json.loads(outcome.stdout)["documents"][0]["status"] == "corrupt"


@pytest.mark.parametrize("option", ["--out", "--csv"])
def test_an_output_that_exists_is_refused_before_any_work(
    docgrid: Run, pdf: Pdf, model: Path, monkeypatch: pytest.MonkeyPatch, option: str
) -> None:
    Path("a.pdf").write_bytes(pdf(LINES))
    Path("there").write_text("mine")
    with monkeypatch.context() as patch:
        patch.setattr("docgrid.model.load_model", lambda *_: pytest.fail("the work began"))
        outcome = docgrid("extract", "a.pdf", "--model", model, option, "there")
    assert outcome.exit_code == ExitCode.OUTPUT_NOT_WRITTEN
    assert "there exists already hint: Add --force" in outcome.words
    assert Path("there").read_text() == "mine"
    assert docgrid("extract", "a.pdf", "--model", model, option, "there", "--force").exit_code == 0
    assert Path("there").read_text() != "mine"


def test_a_wrong_model_is_refused_before_any_document_is_read(docgrid: Run, pdf: Pdf, model: Path) -> None:
    Path("a.pdf").write_bytes(pdf(LINES))
    outcome = docgrid("extract", "a.pdf", "--model", "invoise", "--out", "fields.json")
    assert outcome.exit_code == ExitCode.MODEL_REFUSED
    assert not Path("fields.json").exists()


def test_an_unknown_language_is_refused(docgrid: Run, model: Path) -> None:
    Image.new("L", (400, 200), 255).save("a.png")
    outcome = docgrid("extract", "a.png", "--model", model, "--lang", "klingon", "--ocr", "tesserocr")
    assert outcome.exit_code in (ExitCode.MISSING_DEPENDENCY, ExitCode.USAGE)
    assert "klingon" in outcome.words


def test_fail_fast_stops_at_the_first_failure_and_the_rest_is_skipped(docgrid: Run, pdf: Pdf, model: Path) -> None:
    Path("a.pdf").write_bytes(pdf(LINES))
    Path("b.pdf").write_bytes(b"")
    Path("c.pdf").write_bytes(pdf(LINES))
    outcome = docgrid("extract", "a.pdf", "b.pdf", "c.pdf", "--model", model, "--fail-fast")
    assert outcome.exit_code == ExitCode.SOME_DOCUMENTS_FAILED
    statuses = [entry["status"] for entry in json.loads(outcome.stdout)["documents"]]
    assert statuses[0] == "ok" and statuses[2] == "skipped"


def test_limit_and_pages_are_kept_to(docgrid: Run, pdf: Pdf, model: Path) -> None:
    for name in ("a.pdf", "b.pdf"):
        Path(name).write_bytes(pdf(LINES, pages=3))
    outcome = docgrid("extract", "a.pdf", "b.pdf", "--model", model, "--limit", "1", "--pages", "2-3")
    documents = json.loads(outcome.stdout)["documents"]
    assert [[page["page"] for page in entry["pages"]] for entry in documents] == [[2, 3]]


def test_a_password_file_opens_an_encrypted_document(docgrid: Run, model: Path) -> None:
    Path("a.pdf").write_bytes(encrypted())
    Path("password").write_text("secret\n")
    outcome = docgrid("extract", "a.pdf", "--model", model, "--password-file", "password")
    assert outcome.exit_code == 0
    assert values_of(json.loads(outcome.stdout)["documents"][0]) == RIGHT
    assert "secret" not in outcome.stdout + outcome.stderr


def test_resume_takes_over_what_a_killed_run_finished(
    docgrid: Run, pdf: Pdf, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.pdf", "b.pdf"):
        Path(name).write_bytes(pdf(LINES))
    whole = docgrid("extract", "a.pdf", "b.pdf", "--model", model, "--out", "whole.json", "--no-crops")
    assert whole.exit_code == 0
    real, calls = Predictor.predict, []

    def dies_at_the_second(self: Predictor, document: Document) -> list[PagePrediction]:
        calls.append(document.path.name)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(self, document)

    with monkeypatch.context() as patch:
        patch.setattr(Predictor, "predict", dies_at_the_second)
        killed = docgrid("extract", "a.pdf", "b.pdf", "--model", model, "--out", "fields.json", "--no-crops")
        assert killed.exit_code == ExitCode.INTERRUPTED
        assert not Path("fields.json").exists()
        calls.append("resumed")
        again = docgrid("extract", "a.pdf", "b.pdf", "--model", model, "--out", "fields.json", "--no-crops", "--resume")
    assert again.exit_code == 0
    assert calls == ["a.pdf", "b.pdf", "resumed", "b.pdf"]
    assert Path("fields.json").read_bytes() == Path("whole.json").read_bytes()
    assert not list(Path().glob(".fields*"))


def test_encode_reports_every_document_as_json(docgrid: Run, pdf: Pdf) -> None:
    Path("a.pdf").write_bytes(pdf(LINES))
    Path("b.pdf").write_bytes(b"no document")
    outcome = docgrid("encode", "a.pdf", "b.pdf", "--out", "grids", "--json")
    assert outcome.exit_code == ExitCode.SOME_DOCUMENTS_FAILED
    first, second = json.loads(outcome.stdout)["documents"]
    assert (first["status"], first["out"], first["pages"], first["characters"]) == ("ok", "grids/a.chargrid.safetensors", 1, 33)
    assert (second["status"], second["out"]) == ("unsupported", None)
    assert second["hint"]


def test_encode_refuses_to_replace_and_resumes(docgrid: Run, pdf: Pdf) -> None:
    Path("a.pdf").write_bytes(pdf(LINES))
    assert docgrid("encode", "a.pdf").exit_code == 0
    assert docgrid("encode", "a.pdf").exit_code == ExitCode.OUTPUT_NOT_WRITTEN
    resumed = docgrid("encode", "a.pdf", "--resume", "--json")
    assert json.loads(resumed.stdout)["documents"][0]["status"] == "skipped"
    assert resumed.exit_code == 0
    other_grid = docgrid("encode", "a.pdf", "--resume", "--json", "--grid", "64x48")
    assert json.loads(other_grid.stdout)["documents"][0]["status"] == "ok"
    Path("a.pdf").write_bytes(pdf(("changed",)))
    changed = docgrid("encode", "a.pdf", "--resume", "--json")
    assert json.loads(changed.stdout)["documents"][0]["status"] == "ok"


def test_show_draws_a_page_in_the_terminal_and_as_a_picture(docgrid: Run, pdf: Pdf, model: Path) -> None:
    Path("a.pdf").write_bytes(pdf(LINES, pages=2))
    text = docgrid("show", "a.pdf", "--page", "2")
    assert text.exit_code == 0
    assert [line.split() for line in text.stdout.splitlines()] == [line.split() for line in LINES]
    assert "page 2 of 2" in text.words
    assert "▀" in docgrid("show", "a.pdf", "--as", "blocks").stdout
    docgrid("extract", "a.pdf", "--model", model, "--out", "fields.json", "--no-crops")
    picture = docgrid("show", "fields.json", "--out", "page.png", "--dpi", "72")
    assert picture.exit_code == 0, picture.stderr
    with Image.open("page.png") as image:
        assert image.size == (595, 842)
        pixels = np.asarray(image.convert("RGB")).astype(int)
    assert (pixels.max(axis=2) - pixels.min(axis=2)).max() > 100  # there is colour on the page
    marked = docgrid("show", "a.pdf", "--fields", "fields.json")
    assert "■ company" in marked.stdout
    assert "■ total" in docgrid("show", "a.pdf", "--extract", "--model", model).stdout
    Path("elsewhere").mkdir()
    for name in ("a.pdf", "fields.json"):
        Path(name).rename(Path("elsewhere") / name)
    assert "■ total" in docgrid("show", "elsewhere/fields.json").stdout  # the document is looked for beside the JSON


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["missing.pdf"], ExitCode.NO_INPUT, "missing.pdf"),
        (["a.pdf", "--page", "7"], ExitCode.NO_INPUT, "the file has 1"),
        (["a.pdf", "--fields", "a.pdf"], ExitCode.USAGE, "a.pdf is not the JSON of `docgrid extract`"),
        (["a.pdf", "--fields", "none.json"], ExitCode.USAGE, "none.json cannot be read"),
        (["a.pdf", "--out", "a.pdf"], ExitCode.OUTPUT_NOT_WRITTEN, "a.pdf exists already"),
    ],
)
def test_show_refuses_what_it_cannot_show(docgrid: Run, pdf: Pdf, arguments: list[str], code: ExitCode, message: str) -> None:
    Path("a.pdf").write_bytes(pdf(LINES))
    outcome = docgrid("show", *arguments)
    assert outcome.exit_code == code
    assert message in outcome.words


@pytest.fixture
def dataset(pdf: Pdf, tmp_path: Path) -> Path:
    """Two receipts with values beside them; of the second the total is labelled as it is not printed."""
    folder = tmp_path / "receipts"
    folder.mkdir()
    for name, total in (("a", "9.00"), ("b", "8.00")):
        (folder / f"{name}.pdf").write_bytes(pdf(LINES))
        (folder / f"{name}.json").write_text(json.dumps({"company": "Acme Sdn. Bhd.", "date": "25/12/2018", "total": total}))
    return folder


def test_evaluate_measures_what_training_held_out_and_says_so(docgrid: Run, dataset: Path, model: Path) -> None:
    everything = docgrid("evaluate", dataset, "--model", model, "--split", "all", "--json")
    assert everything.exit_code == 0, everything.stderr
    facts = json.loads(everything.stdout)
    assert (facts["protocol"], facts["documents"], facts["split"], facts["model"]) == ("A1", 2, "all", "tiny")
    assert facts["all"]["typed"]["micro"]["f1"] == round(10 / 12, 4)
    held_out = json.loads(docgrid("evaluate", dataset, "--model", model, "--json").stdout)
    assert (held_out["split"], held_out["documents"]) == ("valid", 1)
    assert held_out["all"]["typed"]["micro"]["f1"] == round(2 / 3, 4)
    table = docgrid("evaluate", dataset, "--model", model, "--protocol", "R1")
    assert "R1 all documents, folded (1 documents)" in table.stdout


def test_evaluate_holds_a_run_to_its_gates(docgrid: Run, dataset: Path, model: Path) -> None:
    assert docgrid("evaluate", dataset, "--model", model, "--fail-under", "micro_f1=0.6").exit_code == 0
    missed = docgrid("evaluate", dataset, "--model", model, "--fail-under", "micro_f1=0.6", "--fail-under", "total_f1=0.5")
    assert missed.exit_code == ExitCode.QUALITY_GATE_MISSED
    assert "total_f1 is 0.0000, below 0.5" in missed.words
    assert docgrid("evaluate", dataset, "--model", model, "--fail-under", "nonsense=0.5").exit_code == ExitCode.USAGE


def test_evaluate_counts_documents_that_cannot_be_read_as_missed(docgrid: Run, dataset: Path, model: Path) -> None:
    (dataset / "b.pdf").write_bytes(b"broken")
    outcome = docgrid("evaluate", dataset, "--model", model, "--split", "all", "--json", "--out", "figures.json")
    facts = json.loads(outcome.stdout)
    assert facts["unread"] == {"b": "unsupported"}
    assert facts["all"]["typed"]["micro"]["recall"] == 0.5
    assert json.loads(Path("figures.json").read_text())["unread"] == facts["unread"]


def test_evaluate_writes_its_figures_on_the_card(docgrid: Run, dataset: Path, model: Path) -> None:
    assert docgrid("evaluate", dataset, "--model", model, "--record").exit_code == 0
    card = json.loads((model / "card.json").read_text())
    metric = next(metric for metric in card["metrics"] if metric["note"] == "all documents")
    assert (metric["protocol"], metric["figure"], round(metric["value"], 4)) == ("A1", "fields F1, typed", round(2 / 3, 4))


def test_a_folder_that_is_no_dataset_ends_with_exit_code_6(docgrid: Run, model: Path) -> None:
    Path("empty").mkdir()
    outcome = docgrid("evaluate", "empty", "--model", model)
    assert outcome.exit_code == ExitCode.DATASET_INVALID


def test_synth_writes_a_dataset_and_does_not_write_into_a_full_folder(docgrid: Run) -> None:
    outcome = docgrid("synth", "made", "--documents", "2", "--seed", "5")
    assert (outcome.exit_code, outcome.stdout) == (0, "made\n")
    assert len(list(Path("made/data/annotations").glob("*.json"))) == 2
    assert docgrid("data", "check", "made").exit_code == 0
    again = docgrid("synth", "made", "--documents", "2")
    assert again.exit_code == ExitCode.OUTPUT_NOT_WRITTEN
    assert "made is not empty" in again.words


def test_the_whole_way_works_from_a_shell(tmp_path: Path, pdf: Pdf, model_folder: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf(LINES))
    command = [sys.executable, "-c", "from docgrid.cli import main; main()"]

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*command, *arguments],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
            env={**os.environ, "DOCGRID_MODEL": str(model_folder)},
            check=False,
        )

    encoded = run("encode", "a.pdf")
    assert (encoded.returncode, encoded.stdout) == (0, "a.chargrid.safetensors\n"), encoded.stderr
    extracted = run("extract", "--out", "fields.json")
    assert extracted.returncode == 0, extracted.stderr
    Extraction.model_validate(json.loads((tmp_path / "fields.json").read_text()))
    assert run("extract", "--out", "fields.json").returncode == ExitCode.OUTPUT_NOT_WRITTEN
