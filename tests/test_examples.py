"""The examples give what their expected JSON says, with the shipped models."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from docgrid.inference import Predictor
from docgrid.model import load_model
from docgrid.pipeline import extract

EXAMPLES = Path(__file__).parent.parent / "examples"
MODELS = {"invoice.pdf": "invoice", "multipage.pdf": "invoice", "receipt.png": "receipt"}


def found(document: dict[str, Any]) -> dict[str, Any]:
    """What was found and where. Confidences are left out: their last digits depend on the processor."""

    def plain(fields: dict[str, list[dict[str, Any]]]) -> dict[str, list[tuple[Any, ...]]]:
        return {
            name: [
                (entry["text"], entry["value"], entry["page"], *(round(edge, 2) for edge in entry["bbox"])) for entry in entries
            ]
            for name, entries in fields.items()
        }

    return {
        "status": document["status"],
        "fields": plain(document["fields"]),
        "line_items": [plain(item["fields"]) for item in document["line_items"]],
        "missing": document["missing"],
    }


@pytest.mark.parametrize("name", sorted(MODELS))
def test_an_example_gives_its_expected_json(name: str) -> None:
    expected = json.loads((EXAMPLES / f"{name}.fields.json").read_text(encoding="utf-8"))["documents"][0]
    (document,) = extract([EXAMPLES / name], Predictor(load_model(MODELS[name])), jobs=1)
    assert found(document.model_dump(mode="json")) == found(expected)


def test_every_example_has_an_expected_json_and_a_line_in_the_readme() -> None:
    readme = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    documents = [path.name for path in EXAMPLES.iterdir() if path.suffix in (".pdf", ".png")]
    assert sorted(documents) == sorted(MODELS)
    assert all(f"`{name}`" in readme for name in documents)
