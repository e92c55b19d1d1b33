"""Inputs: files, folders, lists; and what is not a regular file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from docgrid.errors import DocumentError, DocumentStatus, NoInputError, UsageError
from docgrid.reading.inputs import OUTPUT_MARK, Input, expand_inputs, read_regular_file


def touch(path: Path, content: bytes = b"x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_folders_are_walked_in_sorted_order_for_documents_only(tmp_path: Path) -> None:
    for name in ("b.PDF", "a.jpeg", "notes.txt", ".hidden.pdf", "sub/c.tif", ".git/d.pdf"):
        touch(tmp_path / name)
    names = [one.path.relative_to(tmp_path).as_posix() for one in expand_inputs([str(tmp_path)])]
    assert names == [
        "a.jpeg",
        "b.PDF",
        "sub/c.tif",
    ]


def test_a_named_file_is_kept_whatever_its_name_and_only_once(tmp_path: Path) -> None:
    path = touch(tmp_path / "scan.dat")
    assert expand_inputs([str(path), str(path)]) == [Input(path)]


def test_a_named_file_that_is_missing_is_kept_beside_others_to_get_a_status(tmp_path: Path) -> None:
    there, gone = touch(tmp_path / "a.pdf"), tmp_path / "gone.pdf"
    assert expand_inputs([str(gone), str(there)]) == [Input(gone), Input(there)]


def test_a_list_names_one_path_a_line(tmp_path: Path) -> None:
    first, second = touch(tmp_path / "a b.pdf"), touch(tmp_path / "c.pdf")
    listing = touch(tmp_path / "list.txt", f"{first}\n\n{second}\n".encode())
    assert expand_inputs([f"@{listing}"]) == [Input(first), Input(second)]


def test_a_list_that_is_missing_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"list.txt cannot be read") as caught:
        expand_inputs([f"@{tmp_path}/list.txt"])
    assert "one path a line" in caught.value.hint


def test_nothing_to_read_says_what_counts(tmp_path: Path) -> None:
    touch(tmp_path / "notes.txt")
    with pytest.raises(NoInputError) as caught:
        expand_inputs([str(tmp_path)])
    assert str(tmp_path) in caught.value.problem
    assert ".pdf" in caught.value.hint
    with pytest.raises(NoInputError):
        expand_inputs([str(tmp_path / "missing.pdf")])


def test_links_that_leave_a_walked_folder_are_named_and_not_followed(tmp_path: Path) -> None:
    outside = touch(tmp_path / "outside" / "secret.pdf")
    root = tmp_path / "root"
    inside = touch(root / "a.pdf")
    (root / "leaves.pdf").symlink_to(outside)
    (root / "loop.pdf").symlink_to(root / "loop.pdf")
    (root / "stays.pdf").symlink_to(inside)
    (root / "elsewhere").symlink_to(outside.parent)
    (root / "here").symlink_to(root)
    found = {one.path.name: one.skipped for one in expand_inputs([str(root)])}
    assert list(found) == ["elsewhere", "a.pdf", "leaves.pdf", "loop.pdf", "stays.pdf"]
    assert found["a.pdf"] == found["loop.pdf"] == found["stays.pdf"] == ""
    assert found["leaves.pdf"] == found["elsewhere"] == f"a link that leads out of {root} is not followed; name it to read it"
    assert expand_inputs([str(root / "leaves.pdf")]) == [Input(root / "leaves.pdf")]  # named by the user: read


def test_pictures_that_docgrid_wrote_are_no_documents(tmp_path: Path) -> None:
    touch(tmp_path / "a.pdf")
    touch(tmp_path / "fields_crops" / "a-total-1.png")
    touch(tmp_path / "fields_crops" / OUTPUT_MARK)
    touch(tmp_path / "scans_crops" / "mine.png")
    assert [one.path.name for one in expand_inputs([str(tmp_path)])] == ["a.pdf", "mine.png"]


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may list every folder")
def test_a_folder_that_cannot_be_listed_is_named(tmp_path: Path) -> None:
    touch(tmp_path / "a.pdf")
    closed = tmp_path / "closed"
    closed.mkdir(mode=0)
    first, second = expand_inputs([str(tmp_path)])
    assert (first, second.path) == (Input(tmp_path / "a.pdf"), closed)
    assert "cannot be listed" in second.skipped


@pytest.mark.parametrize("name", ["x" * 5000, "a\0b", "a/" * 3000, "loop/loop"])
def test_impossible_names_are_said_not_to_exist(tmp_path: Path, name: str) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(NoInputError, match="does not exist"):
        expand_inputs([f"{tmp_path}/{name}"])
    listing = touch(tmp_path / "list.txt", f"{tmp_path}/{name}\n{touch(tmp_path / 'a.pdf')}\n".encode())
    assert len(expand_inputs([f"@{listing}"])) == 2


def test_a_regular_file_is_read_whole(tmp_path: Path) -> None:
    assert read_regular_file(touch(tmp_path / "a", b"12345"), limit_bytes=5) == b"12345"


def refusal(path: Path, limit_bytes: int = 10) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        read_regular_file(path, limit_bytes=limit_bytes)
    return caught.value


def test_fifos_devices_and_folders_are_refused_without_waiting(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo.pdf"
    os.mkfifo(fifo)
    for path in (fifo, Path("/dev/zero"), tmp_path):
        error = refusal(path)
        assert error.status is DocumentStatus.SKIPPED
        assert "not a regular file" in error.problem


def test_missing_and_oddly_named_files_are_refused(tmp_path: Path) -> None:
    assert "No such file" in refusal(tmp_path / "gone.pdf").problem
    assert refusal(Path("a\0b")).status is DocumentStatus.SKIPPED


def test_empty_and_large_files_have_their_own_status(tmp_path: Path) -> None:
    assert refusal(touch(tmp_path / "empty", b"")).status is DocumentStatus.CORRUPT
    assert refusal(touch(tmp_path / "large", b"x" * 11)).status is DocumentStatus.TOO_LARGE
