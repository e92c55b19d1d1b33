"""Memory and speed of a large data set: `python benchmarks/shards.py [--documents 2000] [--steps 200] [--workers 0]`.

Makes invoices, then runs `docgrid train` on them twice with one cache: the first run reads, aligns and writes shards, the second
takes them from there. Memory is the resident memory of the run and of its child processes without the pages of mapped files.
The long run is `--documents 80000` (about 100,000 pages).
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from docgrid.chargrid import Frame, GridSize
from docgrid.fitting import FitSettings, LoadReport, StartReport, fit
from docgrid.training import StepReport, TrainingSettings


def memory_mb(process: int | str = "self") -> int:
    """Anonymous resident memory of a process and of all below it."""
    folder = Path("/proc") / str(process)
    try:
        rows = (folder / "status").read_text().splitlines()
        own = next((int(row.split()[1]) // 1024 for row in rows if row.startswith("RssAnon:")), 0)
        children = {child for path in folder.glob("task/*/children") for child in path.read_text().split()}
    except OSError:
        return 0  # it has just ended
    return own + sum(memory_mb(int(child)) for child in children)


def watch(settings: FitSettings, steps: int) -> None:
    """Print pages a second and memory at the start, in the middle and at the end of reading and of training."""
    begun, start = time.monotonic(), memory_mb()
    print(f"  start            {start:6} MB")
    for report in fit(settings):
        seconds = time.monotonic() - begun
        if isinstance(report, LoadReport) and report.done in (report.total // 2, report.total):
            print(f"  read {report.done:11} {memory_mb():6} MB  {report.done / seconds:7.1f} documents/s")
        elif isinstance(report, StartReport):
            print(f"  ready            {memory_mb():6} MB  after {seconds:.1f} s, {report.training_pages} pages to train on")
            begun = time.monotonic()
        elif isinstance(report, StepReport):
            if report.step in (1, steps // 2, steps):
                pages = report.step * settings.training.batch_size
                print(f"  step {report.step:11} {memory_mb():6} MB  {pages / seconds:7.1f} pages/s")
            if report.step == steps:
                return


def main() -> None:
    """Make the documents where none are given, then train on them twice."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=2000)
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--workers", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--data", type=Path)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data, cache = chosen.data or Path(folder) / "data", Path(folder) / "cache"
        if chosen.data is None:
            begun = time.monotonic()
            command = [
                sys.executable,
                "-c",
                "from docgrid.cli import main; main()",
                "synth",
                str(data),
                "--documents",
                str(chosen.documents),
                "--quiet",
            ]
            subprocess.run([*command, "--jobs", str(chosen.jobs)], check=True, stdout=subprocess.DEVNULL)
            print(f"made {chosen.documents} documents, {chosen.documents / (time.monotonic() - begun):.1f} a second")
        settings = FitSettings(
            data=(data,),
            out=Path(folder) / "model",
            width=4,
            grid_size=GridSize(336, 256),
            frame=Frame.PAGE,
            limit=chosen.documents,
            cache=cache,
            workers=chosen.workers,
            jobs=chosen.jobs,
            validation_documents=20,
            training=TrainingSettings(epochs=1),
        )
        for name in ("first", "second"):
            print(f"{name} run")
            watch(replace(settings, out=Path(folder) / name), chosen.steps)
        shards = [path.stat().st_size for path in cache.iterdir()]
        each = sum(shards) / chosen.documents / 1024
        print(f"cache {sum(shards) / 2**20:.0f} MB in {len(shards)} shards, {each:.0f} KB a document")


if __name__ == "__main__":
    main()
