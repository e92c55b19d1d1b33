"""The flags that mean the same in every command, and the settings file that can give their values."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer

from docgrid.errors import UsageError
from docgrid.reading.options import OcrEngineName, ReadingOptions, parse_pages

DEVICE = re.compile(r"auto|cpu|cuda(:\d+)?|mps")


def _read_config(ctx: typer.Context, path: Path | None) -> Path | None:
    """Give the options of this command the values of a settings file; what is typed wins over the file.

    The file is TOML: keys at the top are for every command that has such an option, a table named like the command is for it
    alone. Keys are the names of the options, with dashes or underscores.
    """
    if path is None or ctx.resilient_parsing:
        return path
    known = {_key(flag): str(param.name) for param in ctx.command.params for flag in param.opts if flag.startswith("--")}
    del known["config"]
    known.pop("help", None)
    settings = _load_toml(path)
    chosen: dict[str, Any] = {}
    for key, value in settings.items():
        if isinstance(value, dict):
            continue  # the table of a command
        if _key(key) in known:
            chosen[known[_key(key)]] = value
        elif _key(key) not in SHARED_NAMES:
            raise _unknown_key(path, key, SHARED_NAMES | known.keys(), "")
    for key, value in settings.get(str(ctx.info_name), {}).items():
        if _key(key) not in known:
            raise _unknown_key(path, key, known.keys(), f"[{ctx.info_name}] ")
        chosen[known[_key(key)]] = value
    ctx.default_map = {**(ctx.default_map or {}), **chosen}
    return path


def _key(name: str) -> str:
    return name.removeprefix("--").replace("-", "_")


def _load_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}", hint="Name a TOML file after --config.") from error
    except ValueError as error:  # both a decoding and a TOML error; the latter names line and column
        raise UsageError(f"{path} is not TOML: {error}", hint='Write lines such as: ocr = "off"') from error


def _unknown_key(path: Path, key: str, known: Iterable[str], where: str) -> UsageError:
    """The refusal of a key that no option has, naming the nearest one."""
    near = difflib.get_close_matches(_key(key), sorted(known), n=1)
    hint = f"Did you mean {near[0]!r}?" if near else f"Known: {', '.join(sorted(known))}."
    return UsageError(f"{path}: {where}unknown setting {key!r}", hint=hint)


def _checked_device(value: str) -> str:
    if DEVICE.fullmatch(value) is None:
        near = difflib.get_close_matches(value, ["auto", "cpu", "cuda", "cuda:0", "mps"], n=1)
        hint = f"Did you mean {near[0]!r}? " if near else ""
        raise UsageError(f"unknown device {value!r}", hint=f"{hint}Choose auto, cpu, cuda, cuda:N or mps.")
    return value


def page_list(value: str | None) -> tuple[int, ...] | None:
    """The page numbers of a --pages option.

    Raises:
        UsageError: It is not a list of pages.
    """
    return None if value is None else parse_pages(value)


def reading_options(
    *, ocr: OcrEngineName, lang: str, tessdata: Path | None, pages: str | None, password_file: Path | None
) -> ReadingOptions:
    """How to read documents, from the options of a command.

    Raises:
        UsageError: The pages are not a list, or the password file cannot be read.
    """
    return ReadingOptions(ocr=ocr, language=lang, tessdata=tessdata, pages=page_list(pages), password=_password(password_file))


def _password(path: Path | None) -> str | None:
    if path is None:
        return None
    try:
        return (path.read_text(encoding="utf-8").splitlines() or [""])[0]
    except (OSError, ValueError) as error:
        raise UsageError(f"the password file {path} cannot be read", hint="It is a UTF-8 text file with one line.") from error


SHARED_NAMES = {
    *("out", "force", "jobs", "device", "model", "limit", "pages", "seed", "ocr", "lang"),
    *("resume", "fail_fast", "quiet", "verbose", "json", "password_file", "tessdata"),
}

Force = Annotated[bool, typer.Option("--force", help="Replace outputs that exist already.")]
Jobs = Annotated[int | None, typer.Option(min=1, show_default="one per core", help="Reading processes that run at once.")]
Device = Annotated[
    str, typer.Option(callback=_checked_device, metavar="auto|cpu|cuda|cuda:N|mps", help="Where the network runs.")
]
ModelName = Annotated[
    str | None,
    typer.Option(
        metavar="NAME_OR_FOLDER", envvar="DOCGRID_MODEL", show_default="invoice", help="A shipped model or a model folder."
    ),
]
Limit = Annotated[int | None, typer.Option(min=1, help="Stop after so many documents.")]
Pages = Annotated[str | None, typer.Option(metavar="1-3,7", show_default="all", help="Pages to read, counted from 1.")]
Seed = Annotated[int, typer.Option(min=0, help="Start of all random choices.")]
Ocr = Annotated[OcrEngineName, typer.Option(help="Engine that reads scans.")]
Lang = Annotated[str, typer.Option(metavar="eng+deu", help="Languages of scans, in Tesseract's three-letter codes.")]
Tessdata = Annotated[
    Path | None,
    typer.Option(metavar="FOLDER", help="Folder of *.traineddata files for the Tesseract engines.", exists=True, file_okay=False),
]
PasswordFile = Annotated[
    Path | None, typer.Option(metavar="FILE", help="File whose first line opens encrypted PDFs.", exists=True, dir_okay=False)
]
Resume = Annotated[bool, typer.Option("--resume", help="Go on where an earlier run stopped.")]
FailFast = Annotated[bool, typer.Option("--fail-fast", help="Stop at the first document that fails.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Only results and errors.")]
Verbose = Annotated[int, typer.Option("--verbose", "-v", count=True, metavar="", help="Say more; twice for details.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, also on a terminal.")]
Config = Annotated[
    Path | None,
    typer.Option(metavar="docgrid.toml", is_eager=True, callback=_read_config, help="Settings file; typed options win."),
]
