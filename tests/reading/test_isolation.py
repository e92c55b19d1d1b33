"""One status for every input, whatever it does to the process that reads it."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pdf_writing import PdfPageSpec, text_at, write_pdf

from docgrid.errors import DocumentStatus, MissingDependencyError
from docgrid.geometry import Box
from docgrid.reading import Limits, OcrEngineName, ReaderPool, ReadingOptions, ReadResult, child

NO_OCR = ReadingOptions(ocr=OcrEngineName.OFF)

# A reading process that goes wrong in the way that the name of the document says.
FAULTY = """
import json, os, signal, sys, time
sys.path[:] = json.loads(sys.argv[3])
import docgrid.reading.worker as worker
class AtPageTwo:
    def __init__(self, listener, name):
        self.opened, self.finished, self.begin, self.name = listener.opened, listener.finished, listener.started, name
    def started(self, number, step):
        self.begin(number, step)
        if "log" in self.name:
            with open(self.name + ".log", "a") as log: log.write(f"{number} ")
        if number != 2 and "every" not in self.name: return
        if "hang" in self.name:
            self.begin(number, worker.Step.OCR)
            time.sleep(600)
        if "slow" in self.name: time.sleep(600)
        if "die" in self.name: os._exit(7)
        if "odd" in self.name: raise KeyError("private text")
        if "full" in self.name: raise MemoryError
read_pages = worker.read_pages
def fail(path, options, listener):
    name = path.name
    if "segv" in name: os.kill(os.getpid(), signal.SIGSEGV)
    if "abort" in name: os.abort()
    if "exit" in name: os._exit(7)
    if "kill" in name: os.kill(os.getpid(), signal.SIGKILL)
    if "once" in name and not path.with_suffix(".seen").exists():
        path.with_suffix(".seen").touch()
        os._exit(7)
    if "sleep" in name: time.sleep(600)
    if "ocr" in name:
        listener.started(3, worker.Step.OCR)
        time.sleep(600)
    if "allocate" in name: return [bytes(64 << 20) for _ in range(1000)]  # zeros that nobody touches: only addresses are spent
    if "bug" in name: raise KeyError("private text")
    if "page2" in name: listener = AtPageTwo(listener, name)
    if "pid" in name: raise worker.DocumentError(str(os.getpid()), status=worker.DocumentStatus.CORRUPT, hint="")
    return read_pages(path, options, listener)
worker.read_pages = fail
worker.main(int(sys.argv[1]), int(sys.argv[2]))
"""


@pytest.fixture
def faulty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "PROGRAM", FAULTY)
    monkeypatch.setattr(child, "ENGINE_GRACE_S", 0.0)


def good(folder: Path, name: str) -> Path:
    return write_pdf(folder, text_at(f"text of {name}", 50, 100), name=f"{name}.pdf")


def children_of(process: int) -> list[int]:
    """Running reading processes of a process."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                state, parent = (entry / "stat").read_text().rsplit(")", 1)[1].split()[:2]
                command = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if int(parent) == process and state != "Z" and b"reading.worker" in command:
                found.append(int(entry.name))
    return found


def statuses(results: list[ReadResult]) -> list[str]:
    return [result.status.value for result in results]


def test_good_documents_around_bad_ones_are_read_and_all_come_in_order(tmp_path: Path, faulty: None) -> None:
    bad = ["segv", "abort", "exit", "kill", "sleep", "allocate", "bug"]
    names = [name for index, fault in enumerate(bad) for name in (f"good{index}", fault)]
    paths = [good(tmp_path, name) for name in names]
    limits = Limits(document_timeout_s=3, memory_bytes=512 * 1024**2)
    with ReaderPool(replace(NO_OCR, limits=limits), jobs=2) as pool:
        results = list(pool.read(paths))
    assert [result.path for result in results] == paths
    assert statuses(results)[::2] == ["ok"] * len(bad)
    by_fault = dict(zip(bad, results[1::2], strict=True))
    for name in ("segv", "abort", "exit", "kill"):
        assert (by_fault[name].status, by_fault[name].attempts) == (DocumentStatus.CRASHED, 2)
    assert "SIGSEGV" in by_fault["segv"].problem
    assert "status 7" in by_fault["exit"].problem
    assert (by_fault["sleep"].status, by_fault["sleep"].attempts) == (DocumentStatus.TIMEOUT, 1)
    assert 2.9 < by_fault["sleep"].seconds < 15
    assert by_fault["allocate"].status is DocumentStatus.OUT_OF_MEMORY
    assert by_fault["bug"].status is DocumentStatus.CRASHED
    assert "KeyError" in by_fault["bug"].problem
    assert "private text" not in by_fault["bug"].problem
    assert all(result.hint and str(result.path) in result.problem for result in by_fault.values())
    assert children_of(os.getpid()) == []


def test_a_document_that_crashes_its_process_once_is_read_at_the_second_try(tmp_path: Path, faulty: None) -> None:
    with ReaderPool(NO_OCR, jobs=1) as pool:
        (result,) = pool.read([good(tmp_path, "once")])
    assert (result.status, result.attempts) == (DocumentStatus.OK, 2)


def test_a_page_that_hangs_in_ocr_has_a_time_limit_of_its_own(tmp_path: Path, faulty: None) -> None:
    options = replace(NO_OCR, limits=Limits(ocr_timeout_s=0.5))
    with ReaderPool(options, jobs=1) as pool:
        (result,) = pool.read([good(tmp_path, "ocr")])
    assert result.status is DocumentStatus.TIMEOUT
    assert "OCR took longer than 0.5 s" in result.problem


def three_pages(folder: Path, name: str) -> Path:
    return write_pdf(folder, *[text_at(f"page {number}", 50, 100) for number in (1, 2, 3)], name=f"{name}.pdf")


@pytest.mark.parametrize(
    ("fault", "attempts", "problem"),
    [
        ("hang", 2, "OCR took longer than 0.5 s"),
        ("die", 3, "the reading process ended with status 7"),
        ("odd", 2, "unexpected KeyError while reading"),
        ("full", 2, "the memory does not suffice"),
    ],
)
def test_a_page_that_takes_its_process_along_is_lost_and_the_others_are_kept(
    tmp_path: Path, faulty: None, monkeypatch: pytest.MonkeyPatch, fault: str, attempts: int, problem: str
) -> None:
    monkeypatch.chdir(tmp_path)
    path = three_pages(tmp_path, f"{fault}-page2-log")
    with ReaderPool(replace(NO_OCR, limits=Limits(ocr_timeout_s=0.5)), jobs=1) as pool:
        result, after = pool.read([path, good(tmp_path, "after")])
    assert (result.status, result.attempts, after.status) == (DocumentStatus.PARTIAL, attempts, DocumentStatus.OK)
    assert result.problem == f"{path}: page 2: {problem}"
    assert "The other pages were read." in result.hint
    assert result.document is not None
    assert [page.text for page in result.document.pages] == ["page 1", "page 3"]
    assert result.document.warnings == (f"page 2: {problem}",)
    assert result.document.metadata == {"failed_pages": "2"}
    assert (result.document.page_count, len(result.document.sha256)) == (3, 64)
    begun = Path(f"{path.name}.log").read_text().split()
    assert (begun.count("1"), begun.count("3")) == (1, 1)  # nothing is read twice but what failed


def test_when_every_page_is_lost_so_is_the_document(tmp_path: Path, faulty: None) -> None:
    with ReaderPool(replace(NO_OCR, limits=Limits(ocr_timeout_s=0.2)), jobs=1) as pool:
        (result,) = pool.read([three_pages(tmp_path, "hang-page2-every")])
    assert (result.status, result.document) == (DocumentStatus.TIMEOUT, None)
    assert result.problem.endswith("OCR took longer than 0.2 s")


def test_a_document_whose_time_is_up_keeps_the_pages_that_were_read(tmp_path: Path, faulty: None) -> None:
    path = three_pages(tmp_path, "slow-page2")
    with ReaderPool(replace(NO_OCR, limits=Limits(document_timeout_s=1)), jobs=1) as pool:
        (result,) = pool.read([path])
    assert result.status is DocumentStatus.PARTIAL
    assert result.problem == f"{path}: pages 2-3: reading the document took longer than 1 s"
    assert "--document-timeout-s" in result.hint
    assert result.document is not None
    assert [page.text for page in result.document.pages] == ["page 1"]


def test_the_time_of_a_document_counts_over_all_attempts(tmp_path: Path, faulty: None) -> None:
    limits = Limits(document_timeout_s=1.5, ocr_timeout_s=1)
    with ReaderPool(replace(NO_OCR, limits=limits), jobs=1) as pool:
        (result,) = pool.read([three_pages(tmp_path, "hang-page2-every")])
    assert result.status is DocumentStatus.TIMEOUT
    assert 1.4 < result.seconds < 3  # three pages of a second each would be three
    assert result.attempts == 2


def test_processes_are_replaced_after_so_many_documents(tmp_path: Path, faulty: None) -> None:
    options = replace(NO_OCR, limits=Limits(recycle_after=2))
    with ReaderPool(options, jobs=1) as pool:
        pids = [result.problem.split()[-1] for result in pool.read([good(tmp_path, f"pid{index}") for index in range(5)])]
    assert pids[0] == pids[1]
    assert pids[2] == pids[3]
    assert len(set(pids)) == 3


def test_a_document_comes_back_as_it_was_read(tmp_path: Path) -> None:
    path = write_pdf(tmp_path, text_at("one two", 50, 100), PdfPageSpec(text_at("three", 50, 100), rotate=90))
    with ReaderPool(NO_OCR, jobs=1) as pool:
        (result,) = pool.read([path])
    assert result.document is not None
    assert [page.text for page in result.document.pages] == ["one two", "three"]
    assert [page.rotation for page in result.document.pages] == [0, 90]
    assert result.document.path == path
    assert len(result.document.sha256) == 64
    assert result.peak_memory_bytes > 10 * 1024**2
    assert 0 < result.seconds < 30


def encrypted_pdf(folder: Path, user_password: str, name: str) -> Path:
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    buffer = io.BytesIO()
    canvas = Canvas(buffer, encrypt=StandardEncryption(user_password, ownerPassword="owner"))
    canvas.drawString(50, 100, "confidential")
    canvas.save()
    path = folder / name
    path.write_bytes(buffer.getvalue())
    return path


def test_every_kind_of_input_ends_in_its_status(tmp_path: Path) -> None:
    damaged, text = tmp_path / "damaged.pdf", tmp_path / "notes.txt"
    damaged.write_bytes(b"%PDF-1.7 nothing")
    text.write_text("just text")
    os.mkfifo(tmp_path / "fifo.pdf")
    expected = {
        good(tmp_path, "good"): "ok",
        write_pdf(tmp_path, b"", name="blank.pdf"): "empty",
        write_pdf(tmp_path, text_at("a", 9, 9), PdfPageSpec(b"", media_box=(0, 0, 1e6, 1)), name="half.pdf"): "partial",
        damaged: "corrupt",
        text: "unsupported",
        tmp_path / "fifo.pdf": "skipped",
        tmp_path / "missing.pdf": "skipped",
        encrypted_pdf(tmp_path, "secret", "locked.pdf"): "encrypted",
        encrypted_pdf(tmp_path, "", "open.pdf"): "ok",
    }
    with ReaderPool(NO_OCR, jobs=1) as pool:
        results = list(pool.read(expected))
    assert {result.path: result.status.value for result in results} == expected
    by_name = {result.path.name: result for result in results}
    assert "--password-file" in by_name["locked.pdf"].hint
    assert by_name["half.pdf"].document is not None
    assert by_name["blank.pdf"].document is not None


def test_the_password_opens_an_encrypted_document(tmp_path: Path) -> None:
    path = encrypted_pdf(tmp_path, "secret", "locked.pdf")
    with ReaderPool(replace(NO_OCR, password="secret"), jobs=1) as pool:
        (result,) = pool.read([path])
    assert result.document is not None
    assert result.document.pages[0].text == "confidential"
    with ReaderPool(replace(NO_OCR, password="wrong"), jobs=1) as pool:
        (result,) = pool.read([path])
    assert result.status is DocumentStatus.ENCRYPTED
    assert "wrong" not in result.problem + result.hint


def test_a_missing_engine_is_told_before_any_work() -> None:
    with pytest.raises(MissingDependencyError, match="klingon"):
        ReaderPool(ReadingOptions(language="klingon"))


def test_leaving_the_loop_early_ends_what_was_begun(tmp_path: Path, faulty: None) -> None:
    def endless() -> Iterator[Path]:
        yield good(tmp_path, "good")
        while True:
            yield good(tmp_path, "sleep")

    start = time.monotonic()
    with ReaderPool(NO_OCR, jobs=2) as pool:
        for result in pool.read(endless()):
            assert result.status is DocumentStatus.OK
            break
        (after,) = pool.read([good(tmp_path, "after")])
    assert after.status is DocumentStatus.OK
    assert time.monotonic() - start < 20
    assert children_of(os.getpid()) == []


def test_only_a_few_documents_are_read_ahead(tmp_path: Path) -> None:
    taken = 0

    def paths() -> Iterator[Path]:
        nonlocal taken
        path = good(tmp_path, "good")
        for _ in range(100):
            taken += 1
            yield path

    with ReaderPool(NO_OCR, jobs=1) as pool:
        results = pool.read(paths())
        next(results)
        assert taken <= 5
        results.close()  # type: ignore[attr-defined]  # a generator


def test_crops_show_the_place_of_their_box(tmp_path: Path) -> None:
    path = write_pdf(tmp_path, b"0 0 0 rg 100 300 50 20 re f")  # on a page of 300 x 400: 80 to 100 points from the top
    with ReaderPool(NO_OCR, jobs=1) as pool:
        black, white, beyond, no_page = pool.crops(
            path, [(1, Box(100, 80, 150, 100)), (1, Box(0, 0, 50, 20)), (1, Box(900, 0, 950, 20)), (2, Box(0, 0, 5, 5))], dpi=72
        )
        assert pool.crops(tmp_path / "missing.pdf", [(1, Box(0, 0, 1, 1))]) == [None]
    assert beyond is None
    assert no_page is None
    assert black is not None
    assert white is not None
    assert black.size == white.size == (50, 20)
    assert black.getpixel((25, 10)) == (0, 0, 0)
    assert white.getpixel((25, 10)) == (255, 255, 255)


def test_a_closed_pool_takes_no_more_work(tmp_path: Path) -> None:
    pool = ReaderPool(NO_OCR, jobs=1)
    with pytest.raises(RuntimeError, match="closed"):
        next(pool.read([good(tmp_path, "good")]))


@pytest.mark.parametrize(
    "message",
    [
        "__import__('pickle').dumps(eval)",
        "pack({'kind': 'page', 'number': 'x', 'step': 'OCR'})",
        "pack({'kind': 'page', 'number': 1, 'step': 'dance'})",
        "pack({'nothing': 1})",
        "pack({'kind': 'read', 'result': 3, 'peak': []})",
        "pack({'kind': 'failed', 'status': 'fine', 'problem': '', 'hint': ''})",
    ],
)
def test_nothing_that_a_process_sends_is_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, message: str) -> None:
    evil = (
        "import sys, json; sys.path[:] = json.loads(sys.argv[3]); from docgrid.reading.wire import pack;"
        "from multiprocessing.connection import Connection; c = Connection(int(sys.argv[1]));"
        f"c.recv_bytes(); c.send_bytes({message}); c.recv_bytes()"
    )
    monkeypatch.setattr(child, "PROGRAM", evil)
    with ReaderPool(NO_OCR, jobs=1) as pool:
        (result,) = pool.read([good(tmp_path, "good")])
    assert result.status is DocumentStatus.CRASHED
    assert "nonsense" in result.problem or "broken result" in result.problem


# No `if __name__ == "__main__"`: a pool must not run the main module again.
# SIGINT is handled whoever started the tests: a shell's background jobs inherit that it is ignored.
SCRIPT = """
import signal, sys
from pathlib import Path
signal.signal(signal.SIGINT, signal.default_int_handler)
from docgrid.reading import OcrEngineName, ReaderPool, ReadingOptions
with ReaderPool(ReadingOptions(ocr=OcrEngineName.OFF), jobs=2) as pool:
    for result in pool.read(map(Path, sys.argv[1:])):
        print(result.status.value, flush=True)
"""


def test_a_script_without_a_main_guard_works(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    for command in ([sys.executable, str(script)], [sys.executable, "-c", SCRIPT]):
        done = subprocess.run(
            [*command, str(good(tmp_path, "good"))],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
            env=child_environment(),
        )
        assert done.stdout == "ok\n"
        assert done.stderr == ""


def child_environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_the_children_end_with_their_parent(tmp_path: Path, by: signal.Signals) -> None:
    prelude = f"import docgrid.reading.child as child; child.PROGRAM = {FAULTY!r}\n"
    paths = [str(good(tmp_path, name)) for name in ("good", "sleep1", "sleep2")]
    parent = subprocess.Popen(
        [sys.executable, "-c", prelude + SCRIPT, *paths],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=child_environment(),
    )
    assert parent.stdout is not None
    assert parent.stdout.readline() == b"ok\n"
    deadline = time.monotonic() + 20
    while len(children := children_of(parent.pid)) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(children) == 2
    assert [os.getsid(pid) for pid in children] == children  # Ctrl-C in a terminal reaches the parent only
    parent.send_signal(by)
    parent.wait(timeout=10)
    parent.stdout.close()
    while any(is_running(pid) for pid in children) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [pid for pid in children if is_running(pid)] == []


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_pools_in_several_threads_do_not_disturb_one_another(tmp_path: Path) -> None:
    paths = [good(tmp_path, f"good{index}") for index in range(6)]
    results: dict[int, list[str]] = {}

    def work(key: int) -> None:
        with ReaderPool(NO_OCR, jobs=1) as pool:
            results[key] = statuses(list(pool.read(paths)))

    threads = [threading.Thread(target=work, args=(key,)) for key in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {0: ["ok"] * 6, 1: ["ok"] * 6}
