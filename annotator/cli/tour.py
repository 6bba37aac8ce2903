"""`annotator tour`: the annotate screen explained on a sample text, a key at a time."""

from __future__ import annotations

import tempfile
from pathlib import Path

import typer

from annotator.cli.annotate import check_terminal
from annotator.cli.output import print_message


def tour() -> None:
    """Learn the keys in two minutes, on a sample text; nothing is kept.

    Each step says which key to press and waits for it. The texts and what you decide are in a temporary folder, which
    is removed when you leave.

    Example: annotator tour
    """
    check_terminal()
    code = run_tour()
    print_message("To annotate your own texts: annotator annotate FILE_OR_FOLDER")
    raise typer.Exit(code)


def run_tour() -> int:
    """Show the tour until the person leaves it; the program's exit code."""
    from annotator.settings import read_settings
    from annotator.workspace.tour import open_tour

    settings = read_settings()
    with tempfile.TemporaryDirectory(prefix="annotator-tour-") as folder:
        workspace = open_tour(Path(folder) / "tour", settings)
        from annotator.tui.tour_app import run

        return run(workspace)
