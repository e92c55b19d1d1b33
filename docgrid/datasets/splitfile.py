"""The split of a dataset as a file in its folder: which document is of which part. `open_dataset` gives it to the records.

    {"schema": "docgrid.split/1", "seed": 0, "parts": {"train": [ID, ...], "valid": [...]}, "layouts": {ID: NAME}}

Parts named "fold 0", "fold 1" ... are those of a cross-validation: `docgrid train --fold N` holds out the part "fold N".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from docgrid.datasets.base import Dataset, Problems, Record, read_json
from docgrid.errors import UsageError
from docgrid.files import write_json

SPLIT_NAME = "docgrid-split.json"
SPLIT_SCHEMA = "docgrid.split/1"
FOLD = "fold "  # a part of a cross-validation is named so, and its number
_HINT = "Write it anew with `docgrid data split --force`, or remove it."


def fold_name(number: int) -> str:
    """The name of a part of a cross-validation."""
    return f"{FOLD}{number}"


def held_out_ids(records: Sequence[Record], fold: int) -> frozenset[str]:
    """Ids of the documents that a dataset's own parts hold out of training: of the fold, else of the part "valid".

    Raises:
        UsageError: There are folds, and not so many.
    """
    folds = {record.part for record in records if record.part.startswith(FOLD)}
    if folds and fold_name(fold) not in folds:
        raise UsageError(f"{SPLIT_NAME} has no fold {fold}", hint=f"It has {len(folds)}, counted from 0.")
    wanted = fold_name(fold) if folds else "valid"
    return frozenset(record.id for record in records if record.part == wanted)


def for_training(records: Sequence[Record]) -> list[Record]:
    """The records that training may look at: all but those of the part "test"."""
    return [record for record in records if record.part != "test"]


def write_split(root: Path, parts: Mapping[str, Sequence[str]], layouts: Mapping[str, str], *, seed: int, force: bool) -> Path:
    """Write the split of a dataset into its folder.

    Raises:
        OutputError: There is one and `force` is off, or the folder cannot be written to.
    """
    content = {
        "schema": SPLIT_SCHEMA,
        "seed": seed,
        "parts": {name: sorted(ids) for name, ids in parts.items()},
        "layouts": {key: name for key, name in sorted(layouts.items()) if name},
    }
    write_json(root / SPLIT_NAME, content, force=force)
    return root / SPLIT_NAME


def with_split(dataset: Dataset) -> Dataset:
    """The dataset with the parts of its split file, and with its layouts where the dataset names none itself.

    Raises:
        DatasetError: The file is damaged, or names documents that are not there.
    """
    path = dataset.root / SPLIT_NAME
    if not path.is_file():
        return dataset
    problems = Problems(dataset.root)
    content = read_json(path, problems)
    parts, layouts = _checked(content, path, problems)
    known = {record.id for record in dataset.records}
    for key in sorted(parts.keys() - known):
        problems.add(path, f"there is no document {key!r}", _HINT)
    problems.raise_if_any()
    records = tuple(
        replace(record, part=parts.get(record.id, ""), layout=record.layout or layouts.get(record.id, ""))
        for record in dataset.records
    )
    left = sorted(known - parts.keys())
    warnings = (f"{len(left)} documents are in no part of {SPLIT_NAME}, such as {left[0]}",) if left else ()
    return replace(dataset, records=records, warnings=dataset.warnings + warnings)


def _checked(content: object, path: Path, problems: Problems) -> tuple[dict[str, str], dict[str, str]]:
    if content is not None and (not isinstance(content, dict) or content.get("schema") != SPLIT_SCHEMA):
        problems.add(path, "is not a split of a dataset", _HINT)
    problems.raise_if_any()
    assert isinstance(content, dict)
    named, layouts = content.get("parts"), content.get("layouts", {})
    parts: dict[str, str] = {}
    if not isinstance(named, dict) or not isinstance(layouts, dict) or not all(isinstance(ids, list) for ids in named.values()):
        problems.add(path, "parts is not an object of lists of documents", _HINT)
        named = {}
    for part, ids in named.items():
        for key in ids:
            if not isinstance(key, str) or key in parts:
                problems.add(path, f"{key!r} is no document, or is in two parts", _HINT)
            else:
                parts[key] = str(part)
    return parts, {str(key): str(name) for key, name in layouts.items()} if isinstance(layouts, dict) else {}
