"""How fast and how well documents are read; `docgrid bench read` prints the same figures.

    python benchmarks/reading.py                         born-digital pages and scans beside other programs, in one run
    python benchmarks/reading.py --pdfs FOLDER           the same over the PDFs of a folder
    python benchmarks/reading.py --sroie FOLDER          OCR of receipts: seconds a page, words found (needs the SROIE data)

Times are processor time, one thread. Ratios hold within one run.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from docgrid.bench.receipts import score_receipts
from docgrid.cli import main as run_docgrid
from docgrid.reading import OcrEngineName


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pdfs", type=Path, help="folder of PDFs")
    parser.add_argument("--sroie", type=Path, help="folder with img/ and box/")
    parser.add_argument("--limit", type=int, default=24, help="documents")
    parser.add_argument("--engine", type=OcrEngineName, default=OcrEngineName.RAPIDOCR)
    arguments = parser.parse_args()
    if not arguments.sroie:
        named = [str(arguments.pdfs)] if arguments.pdfs else []
        sys.argv = ["docgrid", "bench", "read", *named, "--pages", str(arguments.limit)]
        run_docgrid()
        return
    score = score_receipts(arguments.sroie, arguments.limit, arguments.engine)
    print(f"{score.receipts} receipts, {arguments.engine.value}: {score.processor_s:.2f} s of processor time a page, one thread")
    print(
        f"words found {score.recall:.4f}, precision {score.precision:.4f}; "
        f"found when spaces are ignored {score.recall_ignoring_spaces:.4f}"
    )


if __name__ == "__main__":
    main()
