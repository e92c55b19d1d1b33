from __future__ import annotations

from pathlib import Path

from docgrid.datasets import Record
from docgrid.evaluation.scans import scanned
from docgrid.synth.foreign import ForeignKind, write_foreign


def test_a_document_becomes_the_same_scan_for_the_same_seed_and_another_for_another(tmp_path: Path) -> None:
    written = write_foreign(tmp_path, 3, seed=5)
    poem = next(path for path, kind in written.items() if kind is ForeignKind.POEM)
    records = [Record("poem", poem, ()), Record("broken", Path(__file__), ())]
    content = []
    for number, seed in enumerate((0, 0, 1)):
        folder = tmp_path / str(number)
        folder.mkdir()
        scan, broken = scanned(records, folder, seed=seed, jobs=1)
        assert broken.path == Path(__file__)  # what cannot be rendered stays, and fails where it is read
        content.append(scan.path.read_bytes())
    assert content[0] == content[1] != content[2]
    assert b"Times-Roman" not in content[0]  # a picture: nothing of the text layer is left
