"""`docgrid models`: what ships, what is on a card, whether a folder is sound."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from docgrid.cli import options
from docgrid.cli.screen import open_screen
from docgrid.errors import ModelError

app = typer.Typer(no_args_is_help=True, help="List, describe and check models.")
NameArgument = Annotated[
    str | None, typer.Argument(metavar="NAME_OR_FOLDER", help="A shipped model or a model folder.", show_default="invoice")
]


@app.command("list")
def list_models(as_json: options.Json = False) -> None:
    """Show the models that come with docgrid and those in ./models."""
    from docgrid.model import read_card, shipped_models
    from docgrid.review.tables import document_table

    screen = open_screen()
    folders = dict(shipped_models())
    here = Path("models")
    if here.is_dir():
        folders |= {str(card.parent): card.parent for card in sorted(here.glob("*/card.json")) if card.parent.name not in folders}
    rows = []
    for name, folder in folders.items():
        try:
            card = read_card(folder)
        except ModelError as error:
            rows.append(
                {"name": name, "status": "damaged", "fields": 0, "parameters": 0, "figure": error.problem, "folder": folder}
            )
            continue
        best = card.metrics[0] if card.metrics else None
        figure = f"{best.protocol} {best.figure} {best.value:.3f}" if best else "not measured"
        row = {"name": name, "status": "ok", "fields": len(card.known_fields), "parameters": card.parameters, "figure": figure}
        rows.append(row | {"folder": folder})
    rows = [{**row, "folder": str(row["folder"])} for row in rows]
    if as_json:
        screen.json({"models": rows})
        return
    screen.out.print(document_table(rows, ("name", "status", "fields", "parameters", "figure", "folder")))


@app.command()
def networks(as_json: options.Json = False) -> None:
    """Show what the four networks cost: parameters beside the count they must have, multiply-adds, memory, receptive field.

    Multiply-adds and the memory of activations are those of one page of 336 x 256 cells; the receptive field is that of the
    last feature of the encoder, in cells.
    """
    from docgrid.networks.facts import HEIGHT, REFERENCES, WIDTH, facts_of
    from docgrid.review.tables import document_table

    screen = open_screen()
    facts = [facts_of(reference) for reference in REFERENCES]
    if as_json:
        screen.json({"height": HEIGHT, "width": WIDTH, "networks": [one.to_dict() for one in facts]})
        return
    rows = [
        {
            "network": one.network,
            "configuration": one.configuration,
            "parameters": f"{one.parameters:,}",
            "reference": f"{one.reference:,} {'equal' if one.is_equal else 'DIFFERS'}",
            "GMAC": round(one.multiply_adds / 1e9, 1),
            "activations, MB": round(one.activation_bytes / 1e6),
            "field": one.receptive_field,
        }
        for one in facts
    ]
    screen.out.print(document_table(rows, tuple(rows[0])))


@app.command()
def info(model: NameArgument = None, as_json: options.Json = False) -> None:
    """Show the card of a model: fields, data, licence, figures and the commands that measured them."""
    from docgrid.model import describe, find_model, read_card
    from docgrid.review.plain import printable

    screen = open_screen()
    card = read_card(find_model(model))
    if as_json:
        screen.json(card.model_dump(mode="json"))
        return
    screen.write(printable(describe(card), keep_breaks=True))


@app.command()
def verify(model: NameArgument = None, as_json: options.Json = False) -> None:
    """Check that a model's weights are what its card describes, finite, and of the right shapes."""
    from docgrid.model import load_model

    screen = open_screen()
    loaded = load_model(model)
    facts = {"name": loaded.card.name, "folder": str(loaded.folder), "parameters": loaded.card.parameters, "sound": True}
    if as_json:
        screen.json(facts)
        return
    screen.out.print(f"{loaded.card.name}: sound, {loaded.card.parameters:,} parameters ({loaded.folder})", markup=False)
