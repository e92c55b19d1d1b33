"""The command line: thin commands that parse, call one function and print."""

from __future__ import annotations


def main() -> None:
    """Run the command line; what the `docgrid` script calls."""
    try:
        from docgrid.cli.app import app

        app()
    except KeyboardInterrupt:  # before the command began or after it ended: `app` minds it in between
        raise SystemExit(130) from None


__all__ = ["main"]
