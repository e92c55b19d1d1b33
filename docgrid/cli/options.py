"""The flags that mean the same in every command, and the settings file that can give their values."""

from __future__ import annotations

import difflib
import functools
import inspect
import re
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from docgrid.cli.outputs import check_writable
from docgrid.errors import UsageError
from docgrid.reading.options import Limits, OcrEngineName, ReadingOptions, parse_pages

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
    *,
    ocr: OcrEngineName,
    lang: str,
    tessdata: Path | None,
    pages: str | None = None,
    password_file: Path | None = None,
    ocr_cache: Path | None = None,
) -> ReadingOptions:
    """How to read documents, from the options of a command.

    Raises:
        UsageError: The pages are not a list, or the password file cannot be read.
        OutputError: The OCR cache cannot be written to.
    """
    if ocr_cache is not None:
        check_writable(ocr_cache)
    return ReadingOptions(
        ocr=ocr,
        language=lang,
        tessdata=tessdata,
        pages=page_list(pages),
        password=_password(password_file),
        ocr_cache=ocr_cache,
    )


def _password(path: Path | None) -> str | None:
    if path is None:
        return None
    try:
        return (path.read_text(encoding="utf-8").splitlines() or [""])[0]
    except (OSError, ValueError) as error:
        raise UsageError(f"the password file {path} cannot be read", hint="It is a UTF-8 text file with one line.") from error


def unfolded(command: Callable[..., None]) -> Callable[..., None]:
    """A command with every parameter that is one of `GROUPS` unfolded: Typer sees an option for each field of the group.

    So commands share a list of options without repeating it, and receive it as one frozen value.
    """
    signature = inspect.signature(command, eval_str=True)
    folded = {name: parameter.annotation for name, parameter in signature.parameters.items() if parameter.annotation in GROUPS}
    parameters: list[inspect.Parameter] = []
    for name, parameter in signature.parameters.items():
        group = folded.get(name)
        of_group = [] if group is None else list(inspect.signature(group, eval_str=True).parameters.values())
        parameters += [parameter] if group is None else [one.replace(kind=parameter.kind) for one in of_group]

    @functools.wraps(command)
    def run(**given: Any) -> None:
        for name, group in folded.items():
            given[name] = group(**{field.name: given.pop(field.name) for field in fields(group)})
        command(**given)

    run.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    return run


LIMITS = (
    *("max_file_mb", "max_pages", "max_page_megapixels", "max_page_characters", "max_page_objects"),
    *("ocr_timeout_s", "document_timeout_s", "max_memory_gib", "documents_per_process"),
)
SHARED_NAMES = {
    *("out", "force", "jobs", "device", "model", "limit", "pages", "seed", "ocr", "lang"),
    *("resume", "fail_fast", "quiet", "verbose", "json", "password_file", "tessdata", "dpi", "ocr_cache"),
    *LIMITS,
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
OcrCache = Annotated[
    Path | None,
    typer.Option(
        metavar="FOLDER",
        envvar="DOCGRID_OCR_CACHE",
        show_default="none",
        help="Keep what OCR read here for the next time, up to 1 GiB. It is the text of your documents: mind who can read it.",
        file_okay=False,
    ),
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


def _limit(help_text: str, *, low: float, high: float) -> Any:
    """An option for a limit; its name comes from the field that it annotates."""
    return typer.Option(rich_help_panel="Limits", min=low, max=high, help=help_text)


_DEFAULTS = Limits()
_MB, _GIB = 1024**2, 1024**3


@dataclass(frozen=True)
class Reading:
    """The options of commands that read documents."""

    ocr: Ocr = OcrEngineName.AUTO
    lang: Lang = "eng"
    tessdata: Tessdata = None
    dpi: Annotated[
        float | None,
        typer.Option(
            min=30, max=1200, show_default="by the size of the type", help="Resolution at which PDF pages are read by OCR."
        ),
    ] = None
    ocr_cache: OcrCache = None
    pages: Pages = None
    password_file: PasswordFile = None
    max_file_mb: Annotated[float, _limit("Size of a file, in MiB.", low=0.001, high=1e6)] = _DEFAULTS.file_bytes / _MB
    max_pages: Annotated[int, _limit("Pages read of a document.", low=1, high=1e7)] = _DEFAULTS.pages
    max_page_megapixels: Annotated[float, _limit("Pixels of a page or picture, in millions.", low=0.01, high=2000)] = (
        _DEFAULTS.page_pixels / 1e6
    )
    max_page_characters: Annotated[int, _limit("Characters of a page.", low=1, high=1e8)] = _DEFAULTS.page_characters
    max_page_objects: Annotated[int, _limit("Objects that a page draws.", low=1, high=1e8)] = _DEFAULTS.page_objects
    ocr_timeout_s: Annotated[float, _limit("Seconds of OCR for a page.", low=0.01, high=1e6)] = _DEFAULTS.ocr_timeout_s
    document_timeout_s: Annotated[float, _limit("Seconds for reading a document.", low=0.01, high=1e6)] = (
        _DEFAULTS.document_timeout_s
    )
    max_memory_gib: Annotated[float, _limit("Memory of a reading process, in GiB.", low=0.25, high=1e4)] = (
        _DEFAULTS.memory_bytes / _GIB
    )
    documents_per_process: Annotated[int, _limit("Documents until a reading process is replaced.", low=1, high=1e7)] = (
        _DEFAULTS.recycle_after
    )

    @property
    def limits(self) -> Limits:
        """How much one document may cost."""
        return Limits(
            file_bytes=round(self.max_file_mb * _MB),
            pages=self.max_pages,
            page_pixels=round(self.max_page_megapixels * 1e6),
            page_characters=self.max_page_characters,
            page_objects=self.max_page_objects,
            ocr_timeout_s=self.ocr_timeout_s,
            document_timeout_s=self.document_timeout_s,
            memory_bytes=round(self.max_memory_gib * _GIB),
            recycle_after=self.documents_per_process,
        )

    def what_changes_results(self) -> dict[str, Any]:
        """The options on which the text of a document depends; limits only decide whether there is one."""
        return {
            "ocr": self.ocr.value,
            "lang": self.lang,
            "pages": self.pages,
            "dpi": self.dpi,
            "tessdata": None if self.tessdata is None else str(self.tessdata),
        }

    def checked(self) -> ReadingOptions:
        """How to read documents.

        Raises:
            UsageError: The pages are not a list, or the password file cannot be read.
            OutputError: The OCR cache cannot be written to.
        """
        options = reading_options(
            ocr=self.ocr,
            lang=self.lang,
            tessdata=self.tessdata,
            pages=self.pages,
            password_file=self.password_file,
            ocr_cache=self.ocr_cache,
        )
        return replace(options, dpi=self.dpi, limits=self.limits)


GROUPS = (Reading,)
