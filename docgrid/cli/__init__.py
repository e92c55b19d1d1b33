"""The command line: thin commands that parse, call one function and print."""

from __future__ import annotations


def main() -> None:
    """Run the command line; what the `docgrid` script calls."""
    from docgrid.cli.app import app

    app()


__all__ = ["main"]
