"""The rooms of docgrid stand in data-flow order, and a module imports only from rooms above its own."""

from __future__ import annotations

import ast
from pathlib import Path

import docgrid

PACKAGE = Path(docgrid.__file__).parent

ROOMS = [
    "version",
    "errors",
    "files",
    "geometry",
    "page",
    "schema",
    "labels",
    "values",
    "reading",
    "chargrid",
    "datasets",
    "synth",
    "features",
    "layouts",
    "targets",
    "networks",
    "losses",
    "metrics",
    "samples",
    "objective",
    "training",
    "model",
    "inference",
    "decoding",
    "extraction",
    "pipeline",
    "evaluation",
    "fitting",
    "segmenting",
    "review",
    "scale",
    "bench",
    "cli",
]


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_rooms(path: Path) -> set[str]:
    """Every docgrid room that a module imports, at the top or inside a function; `from docgrid import x` counts as x."""
    rooms: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} uses a relative import"
            module = node.module or ""
            names = [f"docgrid.{alias.name}" for alias in node.names] if module == "docgrid" else [module]
        rooms |= {name.split(".")[1] for name in names if name.startswith("docgrid.")}
    return rooms & set(ROOMS)  # what the package itself re-exports (a class, the version) is no room


def test_every_module_belongs_to_a_known_room() -> None:
    rooms = {room_of(path) for path in PACKAGE.rglob("*.py") if path.parent != PACKAGE or path.stem != "__init__"}
    assert rooms - set(ROOMS) - {"__main__"} == set()


def test_a_module_imports_only_from_rooms_above_it() -> None:
    wrong = []
    for path in PACKAGE.rglob("*.py"):
        room = room_of(path)
        if room not in ROOMS:
            continue
        below = imported_rooms(path) - set(ROOMS[: ROOMS.index(room) + 1])
        wrong += [f"{path.relative_to(PACKAGE)} imports {name}" for name in sorted(below)]
    assert wrong == []
