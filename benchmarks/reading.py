"""How fast and how well documents are read.

    python benchmarks/reading.py                         born-digital pages: docgrid against pdfplumber, in one run
    python benchmarks/reading.py --pdfs FOLDER           the same over the PDFs of a folder
    python benchmarks/reading.py --sroie FOLDER          OCR of receipts: seconds a page, words found (needs the SROIE data)

Times are processor time of one thread, medians over pages (of born-digital ones the best of some repetitions). Ratios hold
within one run.
"""

from __future__ import annotations

import argparse
import io
import re
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from docgrid.reading import Limits, OcrEngineName, ReadingOptions, read_document
from docgrid.reading.layout import order_characters
from docgrid.reading.pdf import PdfFile

REPETITIONS = 3


def invoice_pages(count: int) -> bytes:
    """A PDF of invoice-like pages with about 2,400 characters each."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4)
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
    return buffer.getvalue()


def best_seconds(work: Callable[[], object]) -> float:
    """The shortest of some runs, in processor time."""
    times = []
    for _ in range(REPETITIONS):
        start = time.process_time()  # of one thread: other programs on the machine do not count
        work()
        times.append(time.process_time() - start)
    return min(times)


def time_born_digital(contents: Iterable[bytes], pages_each: int) -> None:
    """Print milliseconds a page of both readers, of docgrid's layout, and their ratio."""
    import pdfplumber

    rows: list[tuple[float, float, float, int]] = []
    for content in contents:
        with PdfFile(content, limits=Limits()) as file, pdfplumber.open(io.BytesIO(content)) as plumber:
            for number in range(1, min(file.page_count, pages_each) + 1):

                def read(number: int = number, file: PdfFile = file) -> int:
                    with file.page(number) as page:
                        return len(page.read_text().glyphs.code_points)

                def read_and_order(number: int = number, file: PdfFile = file) -> int:
                    with file.page(number) as page:
                        glyphs = page.read_text().glyphs
                    return len(order_characters(glyphs.code_points, glyphs.boxes, glyphs.confidence, glyphs.breaks, glyphs.turns))

                page = plumber.pages[number - 1]

                def read_with_pdfplumber(page: pdfplumber.page.Page = page) -> int:
                    page.close()
                    return len(page.chars)

                count = read()
                if count:
                    rows.append((best_seconds(read), best_seconds(read_and_order), best_seconds(read_with_pdfplumber), count))
                page.close()
    table = np.array(rows)
    glyphs_s, ordered_s, plumber_s = (statistics.median(table[:, column].tolist()) for column in range(3))
    print(f"{len(rows)} pages, {table[:, 3].mean():.0f} characters each; medians a page")
    print(f"pdfplumber page.chars          {plumber_s * 1000:8.2f} ms")
    print(f"docgrid glyphs                 {glyphs_s * 1000:8.2f} ms   {plumber_s / glyphs_s:5.1f} x faster")
    print(f"docgrid words, lines, order    {ordered_s * 1000:8.2f} ms   {plumber_s / ordered_s:5.1f} x faster")


def words_of(texts: Iterable[str]) -> Counter[str]:
    """Words folded to upper-case letters and digits."""
    folded = (re.sub(r"[^A-Z0-9]", "", word.upper()) for text in texts for word in text.split())
    return Counter(word for word in folded if word)


def score_receipts(folder: Path, count: int, engine: OcrEngineName) -> None:
    """Print seconds a page, and which share of the true words was found, over every so-many-th receipt."""
    images = sorted((folder / "img").glob("*.jpg"))
    images = images[3 :: max(len(images) // count, 1)][:count]
    options = ReadingOptions(ocr=engine, ocr_threads=1)
    read_document(images[0], options)  # loads the engine
    found = true = read = inside = 0
    seconds = []
    for image in images:
        rows = (folder / "box" / f"{image.stem}.txt").read_text(encoding="utf-8", errors="replace").splitlines()
        truth = words_of(row.split(",", 8)[8] for row in rows if row.count(",") >= 8)
        start = time.process_time()
        page = read_document(image, options).pages[0]
        seconds.append(time.process_time() - start)
        words = words_of(page.characters.word_texts)
        everything = re.sub(r"[^A-Z0-9]", "", page.text.upper())
        found += (words & truth).total()
        true += truth.total()
        read += words.total()
        inside += sum(times for word, times in truth.items() if word in everything)
    print(f"{len(images)} receipts, {engine.value}: {statistics.median(seconds):.2f} s of processor time a page, one thread")
    print(f"words found {found / true:.4f}, precision {found / read:.4f}; found when spaces are ignored {inside / true:.4f}")


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pdfs", type=Path, help="folder of born-digital PDFs")
    parser.add_argument("--sroie", type=Path, help="folder with img/ and box/")
    parser.add_argument("--limit", type=int, default=24, help="documents")
    parser.add_argument("--engine", type=OcrEngineName, default=OcrEngineName.RAPIDOCR)
    arguments = parser.parse_args()
    if arguments.sroie:
        score_receipts(arguments.sroie, arguments.limit, arguments.engine)
    elif arguments.pdfs:
        files = sorted(arguments.pdfs.rglob("*.pdf"))
        chosen = files[:: max(len(files) // arguments.limit, 1)][: arguments.limit]
        time_born_digital((path.read_bytes() for path in chosen), pages_each=2)
    else:
        time_born_digital([invoice_pages(arguments.limit)], pages_each=arguments.limit)


if __name__ == "__main__":
    main()
