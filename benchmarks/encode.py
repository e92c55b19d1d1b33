"""How fast and with how much memory `docgrid encode` turns a long PDF into a chargrid file.

    python benchmarks/encode.py                  200 pages against pdfplumber's page.chars, then the memory of 50 and 2,000 pages
    python benchmarks/encode.py --pages 50       the same with fewer pages, without the memory

Times are processor time of all processes of the command together, so that other programs on the machine do not count; starting
Python and loading the libraries is measured with a one-page document and printed apart. Memory is that of the largest process.
"""

from __future__ import annotations

import argparse
import io
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

REPETITIONS = 2
PROGRAM = "from docgrid.cli import main; main()"


def invoice_pages(path: Path, count: int) -> Path:
    """Write a PDF of invoice-like pages with about 2,400 characters each."""
    canvas = Canvas(str(path), pagesize=A4)
    for page in range(count):
        canvas.setFont("Helvetica", 9)
        for row in range(55):
            y = 800 - 14 * row
            canvas.drawString(40, y, f"{row + 1:03d} Item {page * 55 + row:06d} of steel")
            canvas.drawString(300, y, f"{row % 9 + 1} pcs")
            canvas.drawRightString(430, y, f"{1.37 * row + 2:,.2f}")
            canvas.drawRightString(550, y, f"{11.9 * row * page + 100:,.2f} EUR")
        canvas.showPage()
    canvas.save()
    return path


def encode(path: Path) -> tuple[float, float, float]:
    """Processor seconds, wall-clock seconds and the MiB of the largest process of `docgrid encode` on one document."""
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, "encode", str(path), "--out", folder, "--jobs", "1", "--quiet"],
            stdout=subprocess.DEVNULL,
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall_s = time.perf_counter() - started
        if status:
            raise SystemExit(f"docgrid encode ended with {os.waitstatus_to_exitcode(status)}")
    return usage.ru_utime + usage.ru_stime, wall_s, usage.ru_maxrss / 1024


def best(path: Path) -> tuple[float, float, float]:
    """The quickest of some runs."""
    return min(encode(path) for _ in range(REPETITIONS))


def read_with_pdfplumber(content: bytes) -> tuple[float, int]:
    """Processor seconds and characters of a loop over page.chars."""
    import pdfplumber

    count = 0
    started = time.process_time()
    with pdfplumber.open(io.BytesIO(content)) as pdf:
        for page in pdf.pages:
            count += len(page.chars)
            page.close()
    return time.process_time() - started, count


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--memory", type=int, nargs=2, default=(50, 2000), metavar=("FEW", "MANY"))
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        start_s, start_wall_s, _ = best(invoice_pages(folder / "one.pdf", 1))
        path = invoice_pages(folder / "many.pdf", arguments.pages)
        cpu_s, wall_s, _ = best(path)
        plumber_s, count = read_with_pdfplumber(path.read_bytes())
        pages = arguments.pages
        print(f"{pages} pages, {count / pages:.0f} characters each; processor time, all processes")
        print(f"pdfplumber, page.chars alone       {plumber_s:7.2f} s   {1000 * plumber_s / pages:6.2f} ms a page")
        print(f"docgrid encode, whole command      {cpu_s:7.2f} s   {plumber_s / cpu_s:6.1f} x faster ({wall_s:.2f} s wall)")
        net_s = cpu_s - start_s
        print(f"  of that starting, with one page  {start_s:7.2f} s   ({start_wall_s:.2f} s wall)")
        print(f"  of that the other pages          {net_s:7.2f} s   {1000 * net_s / pages:6.2f} ms a page")
        if arguments.pages >= 200:
            few, many = (encode(invoice_pages(folder / "memory.pdf", size))[2] for size in arguments.memory)
            print(f"largest process: {few:.0f} MiB with {arguments.memory[0]} pages, {many:.0f} MiB with {arguments.memory[1]}")


if __name__ == "__main__":
    main()
