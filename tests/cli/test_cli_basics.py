from __future__ import annotations

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pytest

from docgrid.cli import app as app_module
from docgrid.cli.encode import target_paths
from docgrid.cli.journal import Journal
from docgrid.cli.outputs import check_new, locked, parse_gate
from docgrid.errors import DatasetError, DocumentError, DocumentStatus, ExitCode, OutputError, UsageError


class Outcome(Protocol):
    exit_code: int
    stdout: str
    stderr: str
    words: str


Run = Callable[..., Outcome]
COMMANDS = ["encode", "train", "extract", "evaluate", "synth", "show", "doctor", "models", "data"]
HEAVY = (
    "torch",
    "openvino",
    "cv2",
    "pypdfium2",
    "pdfplumber",
    "dateparser",
    "faker",
    "reportlab",
    "scipy",
    "PIL",
)  # pydantic is loaded by typer itself


def python(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, env={**os.environ, **environment}, check=False
    )


def test_the_help_of_no_command_loads_anything_heavy() -> None:
    code = f"""
import sys
from docgrid.cli.app import app
for command in {[[], *([name] for name in COMMANDS)]!r}:
    try:
        app([*command, "--help"])
    except SystemExit as error:
        assert error.code == 0, error.code
    found = [name for name in {HEAVY!r} if name in sys.modules]
    assert not found, (command, found)
print("all light")
"""
    result = python(code)
    assert result.stdout.splitlines()[-1] == "all light", result.stdout + result.stderr


def test_help_is_fast() -> None:
    code = "import time; from docgrid.cli import main\ntry:\n    main()\nfinally:\n    print('CPU', time.process_time())"
    times = []
    for _ in range(3):
        result = subprocess.run([sys.executable, "-c", code, "--help"], capture_output=True, text=True, check=True)
        times.append(float(result.stdout.split()[-1]))
    assert min(times) < 0.5  # seconds of work, so that a busy machine does not fail it


def test_help_lists_every_exit_code(docgrid: Run) -> None:
    help_text = " ".join(docgrid("--help").stdout.split())
    for code in ExitCode:
        assert f" {int(code)} " in help_text or f"{int(code)} all good" in help_text, code


def test_a_mistyped_command_is_answered_with_the_nearest_one(docgrid: Run) -> None:
    outcome = docgrid("extrakt")
    assert outcome.exit_code == ExitCode.USAGE
    assert "Did you mean 'extract'?" in outcome.words


def test_a_mistyped_option_is_answered_with_the_nearest_ones(docgrid: Run) -> None:
    outcome = docgrid("extract", "--forse")
    assert outcome.exit_code == ExitCode.USAGE
    assert "--force" in outcome.words


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["extract", "x.pdf", "--ocr", "tesseract"], "is not one of 'auto', 'rapidocr', 'tesserocr', 'pytesseract', 'off'"),
        (["extract", "x.pdf", "--device", "gpu"], "unknown device 'gpu'"),
        (["extract", "x.pdf", "--limit", "0"], "'--limit'"),
        (["encode", "x.pdf", "--grid", "12"], "'12' is not a grid size hint: Write rows and columns: 336x256."),
        (["encode", "x.pdf", "--frame", "pages"], "unknown frame 'pages'"),
        (["encode", "x.pdf", "--pages", "3-1"], "'3-1' is not a range of pages"),
        (["evaluate", ".", "--fail-under", "micro_f1"], "'micro_f1' is not a quality gate"),
        (["evaluate", ".", "--split", "tset"], "unknown split 'tset'"),
        (["synth", "x", "--kind", "letter"], "unknown kind 'letter'"),
        (["train", "nowhere"], "nowhere is not a folder"),
        (["train", ".", "--network", "unet"], "unknown network 'unet'"),
        (["train", ".", "--schema", "recept"], "no schema 'recept' hint: Did you mean 'receipt'?"),
        (["show", "x.pdf", "--as", "pixels"], "unknown drawing 'pixels'"),
    ],
)
def test_wrong_options_end_with_exit_code_2_and_say_what_is_possible(docgrid: Run, arguments: list[str], message: str) -> None:
    Path("x.pdf").write_bytes(b"%PDF-1.4")
    outcome = docgrid(*arguments)
    assert (outcome.exit_code, outcome.stdout) == (ExitCode.USAGE, "")
    assert message in outcome.words


def test_version_is_printed(docgrid: Run) -> None:
    from docgrid import __version__

    assert docgrid("--version").stdout == f"docgrid {__version__}\n"


@pytest.mark.parametrize(
    ("raised", "code", "message"),
    [
        (
            DatasetError("label \x1b[31mx is wrong", hint="correct it"),
            ExitCode.DATASET_INVALID,
            "error: label [31mx is wrong hint: correct it",
        ),
        (
            DocumentError("locked", status=DocumentStatus.ENCRYPTED, hint="give --password-file"),
            ExitCode.NO_INPUT,
            "error: locked hint: give --password-file",
        ),
        (KeyboardInterrupt(), ExitCode.INTERRUPTED, "error: interrupted"),
        (app_module.Terminated(), ExitCode.TERMINATED, "error: terminated"),
        (ValueError("a [bold] bug"), ExitCode.BUG, "error: unexpected ValueError: a [bold] bug hint: This is a bug in docgrid"),
    ],
)
def test_whatever_ends_a_command_becomes_a_message_and_an_exit_code(
    docgrid: Run, monkeypatch: pytest.MonkeyPatch, raised: BaseException, code: ExitCode, message: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise raised

    monkeypatch.setattr("docgrid.reading.inputs.expand_inputs", fail)
    outcome = docgrid("encode", "x.pdf")
    assert outcome.exit_code == code
    assert outcome.words.startswith(message)
    assert "Traceback" not in outcome.stderr


def test_a_bug_shows_its_traceback_only_when_asked(docgrid: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("nothing to share")

    monkeypatch.setattr("docgrid.reading.inputs.expand_inputs", fail)
    assert "Traceback" not in docgrid("encode", "x.pdf").stderr
    assert "Traceback" in docgrid("encode", "x.pdf", "-v").stderr
    monkeypatch.setenv("DOCGRID_DEBUG", "1")
    assert "Traceback" in docgrid("encode", "x.pdf").stderr


def test_sigterm_unwinds_the_command_and_ends_with_143(tmp_path: Path) -> None:
    code = """
import time
import docgrid.reading.inputs as inputs
from docgrid.cli import main
def wait(*_):
    try:
        print("ready", flush=True)
        time.sleep(30)
    finally:
        print("cleaned up", flush=True)
inputs.expand_inputs = wait
main()
"""
    process = subprocess.Popen(
        [sys.executable, "-c", code, "encode", "x.pdf"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=10)
    assert (process.returncode, out) == (ExitCode.TERMINATED, "cleaned up\n")
    assert "terminated" in err


def test_a_settings_file_gives_options_their_values_and_typed_ones_win(docgrid: Run) -> None:
    Path("docgrid.toml").write_text('frame = "wrong"\nmodel = "not for encode"\n[encode]\ngrid = "also wrong"\n')
    assert "'also wrong' is not a grid size" in docgrid("encode", "x.pdf", "--config", "docgrid.toml").words
    assert "unknown frame 'wrong'" in docgrid("encode", "x.pdf", "--config", "docgrid.toml", "--grid", "8x8").words


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[encode]\ngrit = 1\n", "docgrid.toml: [encode] unknown setting 'grit' hint: Did you mean 'grid'?"),
        ("forse = true\n", "docgrid.toml: unknown setting 'forse' hint: Did you mean 'force'?"),
        ("a b\n", "docgrid.toml is not TOML"),
    ],
)
def test_a_wrong_settings_file_is_refused_with_key_and_nearest_name(docgrid: Run, content: str, message: str) -> None:
    Path("docgrid.toml").write_text(content)
    outcome = docgrid("encode", "x.pdf", "--config", "docgrid.toml")
    assert outcome.exit_code == ExitCode.USAGE
    assert message in outcome.words


def test_a_missing_settings_file_is_refused(docgrid: Run) -> None:
    assert docgrid("encode", "x.pdf", "--config", "none.toml").exit_code == ExitCode.USAGE


@pytest.mark.parametrize("text", ["micro_f1", "=0.5", "micro_f1=high", "micro_f1=1.5", "micro_f1=nan", ""])
def test_a_gate_needs_a_name_and_a_share(text: str) -> None:
    with pytest.raises(UsageError, match="is not a quality gate"):
        parse_gate(text)


def test_a_gate_is_a_figure_and_its_least_value() -> None:
    assert parse_gate("unseen_micro_f1=0.9") == ("unseen_micro_f1", 0.9)


def test_what_is_there_is_not_replaced_without_force(tmp_path: Path) -> None:
    there = tmp_path / "fields.json"
    there.write_text("{}")
    with pytest.raises(OutputError, match="exists already") as caught:
        check_new([tmp_path / "new.json", there], force=False)
    assert "--force" in caught.value.hint
    check_new([there], force=True)
    with pytest.raises(OutputError, match="is a folder"):
        check_new([tmp_path], force=True)
    with pytest.raises(OutputError, match="/proc cannot be written to"):
        check_new([Path("/proc/new/x.json")], force=False)
    check_new([tmp_path / "not" / "there" / "yet.json"], force=False)
    assert not (tmp_path / "not").exists()


def hold_lock(target: Path, ready: multiprocessing.synchronize.Event) -> None:
    with locked(target):
        ready.set()
        time.sleep(60)


def test_a_second_run_is_refused_with_the_process_of_the_first_and_a_killed_one_is_no_obstacle(tmp_path: Path) -> None:
    target = tmp_path / "fields.json"
    context = multiprocessing.get_context("spawn")
    ready = context.Event()
    owner = context.Process(target=hold_lock, args=(target, ready))
    owner.start()
    assert ready.wait(30)
    with pytest.raises(OutputError, match=f"written by another run .process {owner.pid}.") as caught, locked(target):
        pass
    assert "Wait" in caught.value.hint
    owner.kill()
    owner.join()
    owner.close()
    assert (tmp_path / ".fields.json.lock").exists()
    with locked(target):
        assert (tmp_path / ".fields.json.lock").read_text() == f"{os.getpid()}\n"
    assert list(tmp_path.iterdir()) == []


def test_a_lock_is_not_left_behind_by_a_failure(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), locked(tmp_path / "x"):
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be written to"), locked(tmp_path / "file" / "x.json"):
        pass


def test_names_of_encoded_files_stay_apart_and_inside_the_folder() -> None:
    sources = [Path("a/x.pdf"), Path("b/x.pdf"), Path("plain.pdf"), Path("../..pdf"), Path("ü b.pdf")]
    names = [path.name for path in target_paths(sources, Path("out"))]
    assert len(set(names)) == 5
    assert names[2] == "plain.chargrid.safetensors"
    assert all("/" not in name and not name.startswith(".") for name in names)
    assert names[4].startswith("u_b-")


SETTINGS = {"weights": "abc"}


def test_a_journal_gives_back_what_a_killed_run_finished_and_goes_when_the_run_ends_well(tmp_path: Path) -> None:
    source, target = tmp_path / "a.pdf", tmp_path / "fields.json"
    source.write_text("one")
    with pytest.raises(KeyboardInterrupt), Journal(target, SETTINGS, resume=False) as journal:
        journal.add(source, {"id": "a"}, {"status": "ok"})
        raise KeyboardInterrupt
    with journal.path.open("a") as handle:
        handle.write('{"source": "b.pdf", "sha')  # cut by the kill
    with Journal(target, SETTINGS, resume=True) as journal:
        assert journal.finished(source) == ({"id": "a"}, {"status": "ok"})
        assert journal.finished(tmp_path / "b.pdf") is None
    assert not journal.path.exists()


def test_a_journal_line_of_a_changed_file_or_of_other_settings_is_not_taken_over(tmp_path: Path) -> None:
    source, target = tmp_path / "a.pdf", tmp_path / "fields.json"
    source.write_text("one")
    first = Journal(target, SETTINGS, resume=False)
    first.add(source, {"id": "a"}, {"status": "ok"})
    first.__exit__(KeyboardInterrupt, None, None)
    kept = first.path.read_text()
    source.write_text("two")
    with Journal(target, SETTINGS, resume=True) as journal:
        assert journal.finished(source) is None
    source.write_text("one")
    first.path.write_text(kept)
    with Journal(target, {"weights": "other"}, resume=True) as journal:
        assert journal.finished(source) is None


def test_what_failed_is_tried_again_and_the_journal_stays_only_where_that_saves_work(tmp_path: Path) -> None:
    good, bad, target = tmp_path / "a.pdf", tmp_path / "b.pdf", tmp_path / "fields.json"
    for source in (good, bad):
        source.write_text("one")
    outcomes = [({"id": "a"}, {"status": "ok"}), ({"id": "b"}, {"status": "timeout"})]
    with Journal(target, SETTINGS, resume=False) as journal:
        for source, outcome in zip((good, bad), outcomes, strict=True):
            journal.add(source, *outcome)
        journal.keep_for_resume(outcomes)
    with Journal(target, SETTINGS, resume=True) as journal:
        assert (journal.finished(good), journal.finished(bad)) == (outcomes[0], None)
        journal.keep_for_resume(outcomes[1:])  # no document was read: there is nothing to go on from
    assert not journal.path.exists()


def test_without_resume_a_journal_starts_empty(tmp_path: Path) -> None:
    source, target = tmp_path / "a.pdf", tmp_path / "fields.json"
    source.write_text("one")
    first = Journal(target, SETTINGS, resume=False)
    first.add(source, {"id": "a"}, {"status": "ok"})
    first.__exit__(KeyboardInterrupt, None, None)
    with Journal(target, SETTINGS, resume=False) as journal:
        assert journal.finished(source) is None


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_behind_stdout_ends_with_exit_code_9(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        result = subprocess.run(
            [sys.executable, "-c", "from docgrid.cli import main; main()", "models", "list", "--json"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            cwd=tmp_path,
        )
    assert result.returncode == ExitCode.OUTPUT_NOT_WRITTEN
    assert "stdout cannot be written to" in result.stderr


def test_doctor_names_engines_languages_packages_caches_and_limits(docgrid: Run) -> None:
    outcome = docgrid("doctor", "--json", "--ocr-cache", "cache")
    findings = {finding["name"]: finding for finding in json.loads(outcome.stdout)["findings"]}
    assert findings["torch"]["ok"] is True
    assert "lightning-fabric" not in findings  # docgrid does not ask for it
    assert {"rapidocr", "tesserocr", "pytesseract", "cpu", "cores", "pypdfium2", "invoice"} <= findings.keys()
    assert {"deu", "eng", "fra"} <= set(findings["rapidocr"]["languages"])
    assert "deu" in findings["rapidocr"]["detail"]
    assert "languages" not in findings["torch"]
    assert findings["ocr"]["detail"].startswith("cache: 0 pages")
    assert (findings["--max-pages"]["detail"], findings["--document-timeout-s"]["detail"]) == ("2,000", "300")
    assert outcome.exit_code == ExitCode.OK


def test_doctor_lists_the_languages_of_a_tessdata_folder(docgrid: Run) -> None:
    pytest.importorskip("tesserocr")
    Path("data").mkdir()
    for name in ("deu", "pol", "osd"):
        Path(f"data/{name}.traineddata").write_bytes(b"x")
    findings = json.loads(docgrid("doctor", "--json", "--tessdata", "data").stdout)["findings"]
    (found,) = [finding for finding in findings if finding["name"] == "tesserocr"]
    assert found["languages"] == ["deu", "pol"]


def test_doctor_prints_a_table(docgrid: Run) -> None:
    outcome = docgrid("doctor")
    assert "rapidocr" in outcome.stdout
    assert "--max-file-mb" in outcome.stdout


@pytest.mark.parametrize("command", [("encode", "a.png"), ("extract", "a.png")])
def test_an_unknown_language_ends_with_exit_code_3_and_names_what_is_there(docgrid: Run, command: tuple[str, ...]) -> None:
    Path("a.png").write_bytes(b"x")
    outcome = docgrid(*command, "--lang", "deu+klingon")
    assert outcome.exit_code == ExitCode.MISSING_DEPENDENCY
    assert "deu+klingon" in outcome.words
    assert "rapidocr knows afr, aze" in outcome.words


def test_an_unknown_model_is_refused_with_exit_code_5(docgrid: Run) -> None:
    for arguments in (["models", "info", "invoce"], ["models", "verify", "invoce"]):
        outcome = docgrid(*arguments)
        assert outcome.exit_code == ExitCode.MODEL_REFUSED
        assert "'invoce' is neither a shipped model nor a model folder" in outcome.words


def test_models_are_listed(docgrid: Run) -> None:
    outcome = docgrid("models", "list", "--json")
    assert outcome.exit_code == 0
    assert "models" in json.loads(outcome.stdout)


def test_data_check_names_file_field_and_fix(docgrid: Run) -> None:
    folder = Path("data")
    folder.mkdir()
    (folder / "a.pdf").write_bytes(b"%PDF-1.4")
    (folder / "a.json").write_text('{"total": "9.00"}')
    good = docgrid("data", "check", folder, "--labels-only", "--json")
    assert good.exit_code == 0
    assert json.loads(good.stdout)["fields"] == [{"field": "total", "values": 1, "empty": 0, "found": 0}]
    (folder / "a.json").write_text('{"total": 9.00,}')
    bad = docgrid("data", "check", folder)
    assert bad.exit_code == ExitCode.DATASET_INVALID
    assert "a.json" in bad.words and "line 1" in bad.words


def test_an_interrupt_before_the_command_begins_is_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    import docgrid.cli.app

    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(docgrid.cli.app, "app", interrupted)
    with pytest.raises(SystemExit) as caught:
        docgrid.cli.main()
    assert caught.value.code == ExitCode.INTERRUPTED
