"""Kills docgrid at random moments and lets it go on: the outputs must be those of an unbroken run, byte for byte.

    python tests/cli/kill_sweep.py --kills 200 --signals 20 --seed 1

Commands run in forks of this process, which has everything imported: a kill costs a second, not ten. The ledger is compared
without what differs between any two runs: seconds, memory, attempts.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

COSTS = ("seconds", "peak_memory_bytes", "attempts")
KEPT = ".docgrid-output"  # the only hidden file that may stay: it marks the folder of the crops
GONE_WITHIN_S = 5.0


@dataclass(frozen=True)
class Setting:
    """A command over some documents; `arguments` name outputs in the current directory."""

    arguments: tuple[str, ...]

    def start(self, folder: Path, *more: str) -> int:
        """Run the command in `folder` in a fork; gives the process id."""
        folder.mkdir(parents=True, exist_ok=True)
        process = os.fork()
        if process:
            return process
        try:
            os.setsid()
            os.chdir(folder)
            with Path(folder.parent, "log.txt").open("a") as log:
                os.dup2(log.fileno(), 1)
                os.dup2(log.fileno(), 2)
            sys.argv = ["docgrid", *self.arguments, *more]
            from docgrid.cli import main as docgrid_main

            docgrid_main()
        except SystemExit as end:
            os._exit(end.code if isinstance(end.code, int) else 1)
        except BaseException:
            traceback.print_exc()
            os._exit(99)
        os._exit(0)


def wait(process: int) -> int:
    """The exit code, negative for a signal."""
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def log_of(folder: Path) -> str:
    """The end of what the commands said."""
    return Path(folder.parent, "log.txt").read_text()[-3000:]


def children_of(process: int) -> list[int]:
    """Reading processes that were started by `process`, which may be dead."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0")
                state = (entry / "stat").read_text().rsplit(")", 1)[1].split()[0]
            except OSError:
                continue
            if state != "Z" and b"docgrid.reading.worker" in b" ".join(words) and str(process).encode() in words:
                found.append(int(entry.name))
    return found


def check_children_go(process: int) -> None:
    """See that the reading processes of a dead process follow it."""
    deadline = time.monotonic() + GONE_WITHIN_S
    while (left := children_of(process)) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not left, f"reading processes outlive their parent: {left}"


def content_of(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, the ledger without its costs."""
    found = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = path.read_bytes()
        if path.name == "ledger.jsonl":
            rows = [json.loads(line) for line in content.splitlines()]
            content = json.dumps([{key: value for key, value in row.items() if key not in COSTS} for row in rows]).encode()
        found[str(path.relative_to(folder))] = content
    return found


def unbroken(setting: Setting, folder: Path) -> tuple[dict[str, bytes], float]:
    """Outputs and seconds of a run that nobody disturbs."""
    started = time.monotonic()
    code = wait(setting.start(folder))
    assert code == 0, f"exit code {code}: {log_of(folder)}"
    return content_of(folder), time.monotonic() - started


def sweep(setting: Setting, work: Path, *, kills: int, random: Random) -> int:
    """Kill runs so many times, several times in a row, and compare what the last one of each row gives; gives the rows."""
    expected, seconds = unbroken(setting, work / "unbroken")
    assert len(expected) > 5, sorted(expected)
    done = rows = 0
    while done < kills:
        rows += 1
        folder = work / f"row{rows}"
        for _ in range(min(random.randint(1, 5), kills - done)):
            process = setting.start(folder, "--resume")
            time.sleep(random.uniform(0, 1.1 * seconds))
            os.kill(process, signal.SIGKILL)
            wait(process)
            done += 1
            check_children_go(process)
        code = wait(setting.start(folder, "--resume", *(["--force"] if (folder / "fields.json").exists() else [])))
        assert code == 0, f"{folder}: exit code {code}: {log_of(folder)}"
        found = content_of(folder)
        assert found.keys() == expected.keys(), f"{folder}: {sorted(found.keys() ^ expected.keys())}"
        for name, content in expected.items():
            assert found[name] == content, f"{folder / name} differs"
        assert all(not Path(name).name.startswith(".") or Path(name).name == KEPT for name in found)
    return rows


def interrupt(setting: Setting, work: Path, *, times: int, within_s: float, random: Random) -> float:
    """Send SIGINT and SIGTERM at random moments; gives the longest time that a command took to end."""
    _, seconds = unbroken(setting, work / "before")
    slowest = 0.0
    for number in range(times):
        wanted = (signal.SIGINT, signal.SIGTERM)[number % 2]
        folder = work / f"signal{number}"
        process = setting.start(folder)
        time.sleep(random.uniform(0.1, 0.9) * seconds)
        sent = time.monotonic()
        os.kill(process, wanted)
        code = wait(process)
        took = time.monotonic() - sent
        # Negative: before or after docgrid minds signals; a shell shows 128 + signal for it all the same.
        assert code in (128 + wanted, -wanted, 0), f"{folder}: exit code {code} after {wanted.name}: {log_of(folder)}"
        assert took < within_s, f"{folder}: {took:.1f} s until the end"
        assert not children_of(process)
        for path in folder.rglob("*"):
            assert not path.name.startswith(".docgrid-") or path.name == KEPT, f"{path} is left"
            assert not path.name.endswith(".lock"), f"{path} is left"
        slowest = max(slowest, took)
    return slowest


def prepare(folder: Path, documents: int) -> tuple[Setting, Setting]:
    """Documents, a small model, and the two commands over them."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "reading"))
    import torch
    from pdf_writing import PdfPageSpec, pdf_bytes, text_at

    import docgrid.cli.app
    import docgrid.pipeline
    import docgrid.review.crops
    import docgrid.review.spreadsheet  # noqa: F401  # everything is imported before the forks
    from docgrid.model import ModelCard, build_network, save_model
    from docgrid.schema import RECEIPT

    torch.set_num_threads(1)  # a fork inherits no threads
    torch.manual_seed(0)
    given = folder / "given"
    given.mkdir(parents=True)
    for number in range(documents):
        text = text_at(f"SHOP {number} LTD", 20, 300) + text_at(f"TOTAL {number}9.00", 20, 260) + text_at("01/02/2024", 20, 220)
        (given / f"{number}.pdf").write_bytes(pdf_bytes([PdfPageSpec(text)] * (1 + number % 3)))
    card = ModelCard(
        name="tiny",
        words={"fields": len(RECEIPT.fields), "grid_channels": 0, "width": 16, "layers": 1},
        alphabet="abc",
        document_schema=RECEIPT.to_dict(),
        known_fields=list(RECEIPT.names),
        grid_height=64,
        grid_width=64,
        decoding={"minimum_score": 0.0, "seed": 0.0, "grow": 0.0},
    )
    save_model(folder / "tiny", build_network(card), card)
    extract = ("extract", str(given), "--model", str(folder / "tiny"), "--out", "fields.json", "--csv", "f.csv")
    return (
        Setting((*extract, "--ledger", "ledger.jsonl", "--jobs", "2", "--quiet")),
        Setting(("encode", str(given), "--out", ".", "--jobs", "2", "--quiet")),
    )


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200, help="of each command")
    parser.add_argument("--signals", type=int, default=20, help="of each command, SIGINT and SIGTERM in turn")
    parser.add_argument("--within-s", type=float, default=GONE_WITHIN_S, help="after a signal; more on a busy machine")
    parser.add_argument("--commands", nargs="+", default=["extract", "encode"], choices=["extract", "encode"])
    parser.add_argument("--documents", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    random = Random(options.seed)
    with tempfile.TemporaryDirectory(prefix="docgrid-kills-") as name:
        work = Path(name)
        settings = dict(zip(("extract", "encode"), prepare(work, options.documents), strict=True))
        for command in options.commands:
            setting = settings[command]
            rows = sweep(setting, work / command, kills=options.kills, random=random)
            print(f"{command}: {options.kills} kills, {rows} resumed runs, all equal to the unbroken one", flush=True)  # noqa: T201
            slowest = interrupt(
                setting, work / f"{command}-signals", times=options.signals, within_s=options.within_s, random=random
            )
            print(f"{command}: {options.signals} signals, at most {slowest:.2f} s until the end", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
