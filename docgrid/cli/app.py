"""The application: its commands, and the one place where failures become messages and exit codes."""

from __future__ import annotations

import errno
import logging
import os
import signal
import sys
import traceback
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.text import Text
from typer.core import TyperGroup

from docgrid.cli import bench, calibrate, data, doctor, encode, evaluate, extract, models, segment, show, synth, train
from docgrid.errors import DocgridError, DocumentError, ExitCode
from docgrid.review.plain import printable
from docgrid.version import __version__

EPILOG = (
    "Exit codes: 0 all good, 1 a bug, 2 usage or configuration, 3 missing dependency or language, 4 no input could be read, "
    "5 model refused, 6 dataset or annotation invalid, 7 finished but some documents failed, 8 quality gate missed, "
    "9 output cannot be written, exists or is locked, 10 training diverged or out of resources, 130 interrupted, 143 terminated."
)

_GO_ON = "What was finished is kept: repeat the command with --resume (encode, extract, train) to go on from there."


class Terminated(BaseException):
    """SIGTERM came; like KeyboardInterrupt, no `except Exception` may swallow it."""


class ErrorBoundary(TyperGroup):
    """Runs a command and turns whatever ends it into a message on stderr and an exit code."""

    def invoke(self, ctx: Any) -> Any:
        """Run the chosen command.

        Raises:
            typer.Exit: It failed; the code says how.
        """
        previous = _on_sigterm()
        try:
            return super().invoke(ctx)
        except DocumentError as error:  # it ends a command only where the command was about that one document
            raise _failed(error.problem, error.hint, ExitCode.NO_INPUT) from None
        except DocgridError as error:
            raise _failed(error.problem, error.hint, error.exit_code) from None
        except KeyboardInterrupt:
            raise _failed("interrupted", _GO_ON, ExitCode.INTERRUPTED) from None
        except Terminated:
            raise _failed("terminated", _GO_ON, ExitCode.TERMINATED) from None
        except Exception as error:
            if type(error).__module__.startswith("typer.") or _is_broken_pipe(error):
                raise  # a usage error, an exit, or a reader that went away: Typer knows these
            raise _bug(error) from None
        finally:
            if previous is not None:
                signal.signal(signal.SIGTERM, previous)


def _on_sigterm() -> Any:
    """Let SIGTERM unwind the command as Ctrl-C does. Returns what was set before, None outside the main thread."""

    def stop(*_: object) -> NoReturn:
        raise Terminated

    try:
        return signal.signal(signal.SIGTERM, stop)
    except ValueError:  # signals belong to the main thread; a caller in another one keeps its own ways
        return None


def _is_broken_pipe(error: Exception) -> bool:
    return isinstance(error, OSError) and error.errno == errno.EPIPE


def _failed(problem: str, hint: str | None, code: ExitCode) -> typer.Exit:
    """Say what is wrong and what to do; the texts may quote hostile names."""
    console = Console(stderr=True, soft_wrap=True, highlight=False)
    console.print(Text(f"error: {printable(problem, keep_breaks=True)}", style="bold red"))
    if hint:
        console.print(Text(f"hint: {printable(hint, keep_breaks=True)}"))
    return typer.Exit(int(code))


def _bug(error: Exception) -> typer.Exit:
    if os.environ.get("DOCGRID_DEBUG") or logging.getLogger("docgrid").isEnabledFor(logging.INFO):
        sys.stderr.write(printable(traceback.format_exc(), keep_breaks=True) + "\n")
    first_line = (str(error).splitlines() or [""])[0]
    return _failed(
        f"unexpected {type(error).__name__}: {first_line[:300]}",
        f"This is a bug in docgrid {__version__}. Please report it with what DOCGRID_DEBUG=1 prints.",
        ExitCode.BUG,
    )


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"docgrid {__version__}")
        raise typer.Exit


app = typer.Typer(
    cls=ErrorBoundary,
    epilog=EPILOG,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def docgrid(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_print_version, help="Show the version and exit.")
    ] = False,
) -> None:
    """Turn PDFs and scans into labelled, typed, traceable fields: offline, on a CPU, with models that you can train."""


app.command()(encode.encode)
app.command()(train.train)
app.command()(extract.extract)
app.command()(evaluate.evaluate)
app.command()(calibrate.calibrate)
app.command()(segment.segment)
app.command()(synth.synth)
app.command()(show.show)
app.command()(doctor.doctor)
app.add_typer(models.app, name="models")
app.add_typer(data.app, name="data")
app.add_typer(bench.app, name="bench")
