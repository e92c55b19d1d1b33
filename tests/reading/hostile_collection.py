"""A folder of odd, broken and hostile documents, the same for the same seed.

python tests/reading/hostile_collection.py FOLDER --count 1000 --seed 1 --valid examples
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

from hostile_content import contents
from hostile_images import images
from hostile_mutations import mutate
from hostile_pdfs import single_page, structures

SUFFIXES = (".pdf", ".png", ".jpg", ".jpeg", ".tif", ".bmp", ".webp", ".gif")
NAMES: tuple[bytes, ...] = (
    b"..%2f..%2fetc.pdf",
    b"-rf.pdf",
    b"--out.pdf",
    b"line\nbreak.pdf",
    b"carriage\rreturn.pdf",
    b"tab\there.pdf",
    b"\x1b]0;title\x07\x1b[31mred.pdf",
    b"\xff\xfe-not-utf-8.pdf",
    b"caf\xe9.pdf",
    b"a" * 240 + b".pdf",
    "\u202efdp.exe.pdf".encode(),
    "🧾🔥.pdf".encode(),
    "e\u0301te\u0301.pdf".encode(),
    "été.pdf".encode(),
    b"=cmd|' calc'!A0.pdf",
    b"<script>alert(1)<_script>.pdf",
    b"[red]markup[_red].pdf",
    b"[x].pdf",
    b"'quote\".pdf",
    b"$(touch owned).pdf",
    b"`id`;id.pdf",
    b" .pdf",
    b"..pdf.pdf",
    b"con.pdf",
    b"%s%n%d.pdf",
    b"{0}{x}.pdf",
    b"name.PDF",
    b"two.chargrid.safetensors.pdf",
    b"\xe2\x80\xa8line-separator.pdf",
    b"\x7f\x01\x02.pdf",
    b"@list.pdf",
    b"#hash?query=1.pdf",
)


def handmade() -> Iterator[tuple[bytes, bytes]]:
    """Names and contents of everything that is written by hand."""
    for name, content in (*structures(), *contents()):
        yield _file_name(name) + b".pdf", content
    for name, content in images():
        yield _file_name(name), content
    good = single_page()
    for odd in NAMES:
        yield odd, good


def _file_name(name: str) -> bytes:
    return name.replace("/", "-").replace(" ", "_")[:200].encode()


def mutated(valid: Sequence[Path], count: int, random: Random) -> Iterator[tuple[bytes, bytes]]:
    """Names and contents of `count` damaged copies of valid files."""
    for number in range(count):
        source = random.choice(valid)
        yield f"mutant-{number:05}{source.suffix.lower()}".encode(), mutate(source.read_bytes(), random)


def valid_files(folders: Sequence[Path]) -> list[Path]:
    """The documents of folders, in a fixed order."""
    return sorted(path for folder in folders for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)


def write_files(folder: Path, files: Iterator[tuple[bytes, bytes]]) -> int:
    """Write files whose names are bytes; gives how many."""
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for name, content in files:
        (folder / os.fsdecode(name)).write_bytes(content)
        count += 1
    return count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=500, help="damaged copies")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--valid", type=Path, nargs="+", default=[Path("examples")], help="folders of good documents")
    parser.add_argument("--handmade", action="store_true", help="add the files written by hand")
    arguments = parser.parse_args()
    if arguments.handmade:
        write_files(arguments.folder, handmade())
    write_files(arguments.folder, mutated(valid_files(arguments.valid), arguments.count, Random(arguments.seed)))


if __name__ == "__main__":
    main()
