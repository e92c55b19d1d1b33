"""`docgrid segment`: regions of page pictures as masks and boxes; and how such a model is measured."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from docgrid.cli import options
from docgrid.cli.outputs import check_new
from docgrid.cli.screen import Screen, open_screen
from docgrid.errors import DatasetError, DocumentStatus, ExitCode, NoInputError, QualityGateError, UsageError

if TYPE_CHECKING:
    from docgrid.segmenting import PictureAnswer, Segmenter

SUFFIXES = (".jpg", ".jpeg", ".png")


def segment(
    pictures: Annotated[
        list[Path], typer.Argument(metavar="PICTURE...", help="Pictures, or folders of them.", show_default=False)
    ],
    model: Annotated[str, typer.Option(metavar="FOLDER", help="A model folder trained on pictures.", show_default=False)],
    out: Annotated[Path, typer.Option(help="Folder for masks (NAME.png) and regions.json.")] = Path("segments"),
    device: options.Device = "auto",
    limit: options.Limit = None,
    force: options.Force = False,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
    config: options.Config = None,
) -> None:
    """Find the regions of page pictures: a mask of classes for each, and the box of every region.

    The model comes from `docgrid train` on pictures with masks. Boxes are left, top, right, bottom in 0..1 of the picture.
    """
    screen = open_screen(quiet=quiet, verbose=verbose)
    paths = _expand(pictures)[:limit]
    masks = {path: out / f"{path.stem}.png" for path in paths}
    twice = sorted({path.stem for path in paths if sum(other.stem == path.stem for other in paths) > 1})
    if twice:
        raise UsageError(f"several pictures are named {twice[0]!r}", hint="Segment them one folder at a time.")
    check_new([*masks.values(), out / "regions.json"], force=force)
    from docgrid.files import atomic_path, write_json
    from docgrid.review.tables import document_table
    from docgrid.segmenting.folder import read_picture
    from docgrid.synth.layout import as_palette

    segmenter = _open_model(model, device)
    rows: list[dict[str, Any]] = []
    failed = 0
    with screen.progress() as progress:
        for path in progress.track(paths, description="segmenting"):
            try:
                picture = read_picture(path)
            except DatasetError as error:
                screen.failed(path, DocumentStatus.CORRUPT, error.problem, error.hint)
                failed += 1
                rows.append({"source": str(path), "status": DocumentStatus.CORRUPT.value, "regions": []})
                continue
            answer = segmenter.predict(picture)
            with atomic_path(masks[path], force=force) as temporary:
                as_palette(answer.mask).save(temporary)
            rows.append(_row(path, masks[path], answer, picture.size))
    facts = {"schema": "docgrid.regions/1", "model": segmenter.model.card.name, "pictures": rows}
    write_json(out / "regions.json", facts, force=force)
    if as_json:
        screen.json(facts)
    else:
        shown = [
            {"picture": Path(row["source"]).name, "status": row["status"], "regions": _counted(row["regions"])} for row in rows
        ]
        screen.out.print(document_table(shown, ("picture", "status", "regions")))
        screen.write(f"{out}\n")
    if failed:
        raise typer.Exit(int(ExitCode.NO_INPUT if failed == len(paths) else ExitCode.SOME_DOCUMENTS_FAILED))


def _expand(pictures: list[Path]) -> list[Path]:
    paths: list[Path] = []
    for path in pictures:
        inside = sorted(one for one in path.iterdir() if one.suffix.lower() in SUFFIXES) if path.is_dir() else [path]
        paths += [one for one in inside if one.is_file()]
        if not path.exists():
            raise NoInputError(f"{path} is not there", hint="Name JPEG or PNG pictures, or folders of them.")
    if not paths:
        raise NoInputError("there are no pictures to segment", hint="Name JPEG or PNG pictures, or folders of them.")
    return list(dict.fromkeys(paths))


def _open_model(model: str | None, device: str) -> Segmenter:
    from docgrid.inference import choose_device
    from docgrid.model import load_model
    from docgrid.segmenting import Segmenter

    return Segmenter(load_model(model), device=choose_device(device))


def _row(path: Path, mask: Path, answer: PictureAnswer, size: tuple[int, int]) -> dict[str, Any]:
    regions = [
        {
            "label": region.label,
            "bbox": [round(edge / side, 5) for edge, side in zip(region.box, size * 2, strict=True)],
            "pixels": region.pixels,
            "confidence": round(region.confidence, 4),
        }
        for region in answer.regions
    ]
    size_px = {"width": size[0], "height": size[1]}
    return {"source": str(path), "status": "ok", **size_px, "mask": str(mask), "regions": regions}


def _counted(regions: list[dict[str, Any]]) -> str:
    names = [str(region["label"]) for region in regions]
    return ", ".join(f"{names.count(name)} {name}" for name in dict.fromkeys(names)) or "none"


def evaluate_pictures(
    data: Path,
    model: str | None,
    screen: Screen,
    *,
    split: str,
    gates: list[tuple[str, float]],
    out: Path | None,
    device: str,
    limit: int | None,
    as_json: bool,
) -> None:
    """Print the IoU of every class over the held-out pictures of a folder; the body of `docgrid evaluate` for such folders.

    Raises:
        DatasetError: The folder is wrong, or has classes that the model lacks.
        QualityGateError: A figure lies below its gate.
    """
    from docgrid.files import write_json
    from docgrid.review.tables import document_table
    from docgrid.segmenting import measure_folder, open_picture_folder

    segmenter = _open_model(model, device)
    card = segmenter.model.card
    known = segmenter.model.schema
    folder = open_picture_folder(data, None if (data / "labels.txt").is_file() else known)
    if folder.schema.names != known.names:
        raise DatasetError(
            f"{data / 'labels.txt'} names {', '.join(folder.schema.names)}; the model knows {', '.join(known.names)}",
            hint="Measure with a model that was trained on these classes, in this order.",
        )
    held_out = set(card.training.get("validation_documents", ()))
    every = (*folder.train, *folder.valid)
    chosen = {
        "all": every,
        "train": folder.train,
        "valid": folder.valid or tuple(one for one in every if one.id in held_out),
    }
    what = split if split != "auto" else "valid" if chosen["valid"] else "all"
    if not chosen[what]:
        raise DatasetError(f"{data} has no pictures for --split {split}", hint="Use --split all.")
    figures = measure_folder(segmenter, chosen[what][:limit])
    facts = {"schema": "docgrid.evaluation/1", "model": card.name, "data": str(data), "split": what, **figures.to_dict()}
    if out is not None:
        write_json(out, facts)
    if as_json:
        screen.json(facts)
    else:
        rows = [{"class": name, "IoU": "-" if iou is None else f"{iou:.3f}"} for name, iou in figures.classes.items()]
        rows.append({"class": "mean", "IoU": f"{figures.mean_iou:.3f}"})
        screen.out.print(document_table(rows, ("class", "IoU")))
        screen.note(f"{figures.pictures} pictures ({what}); pixel accuracy {figures.pixel_accuracy:.3f}")
    _check_gates(gates, {"mean_iou": figures.mean_iou, "foreground_iou": figures.foreground_iou})


def _check_gates(gates: list[tuple[str, float]], figures: dict[str, float]) -> None:
    for name, least in gates:
        if name not in figures:
            raise UsageError(f"no figure {name!r} to fail under", hint=f"Figures of pictures: {', '.join(figures)}.")
        if figures[name] < least:
            raise QualityGateError(f"{name} is {figures[name]:.4f}, below {least:g}", hint="Train longer, or lower --fail-under.")
