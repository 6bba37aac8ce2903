"""`annotator annotate`, and `annotator` alone: open the screen on a store."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from annotator.cli.options import (
    AnnotatorOption,
    EncodingOption,
    LabelsOption,
    ModelOption,
    SizeOption,
    StoreOption,
    store_path,
)
from annotator.errors import AnnotatorError, InputError
from annotator.formats.records import SIZE_LIMIT


def annotate(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Text files or folders to import first.", show_default=False)
    ] = None,
    store: StoreOption = None,
    annotator: AnnotatorOption = None,
    labels: LabelsOption = None,
    model: ModelOption = None,
    encoding: EncodingOption = "utf-8",
    size_limit: SizeOption = SIZE_LIMIT,
) -> None:
    """Open documents on the screen and annotate them.

    Example: annotator annotate articles/ --store news --labels conll
    """
    from annotator.settings import annotator_name, read_settings
    from annotator.workspace import Workspace, open_store

    settings = read_settings()
    name = annotator_name(annotator, settings)
    _check_terminal()
    opened = open_store(store_path(store), labels=labels, model=model, create=bool(paths))
    if paths:
        from annotator.formats.records import ReadOptions, Report
        from annotator.formats.registry import read
        from annotator.workspace.importing import import_documents

        reading = Report()
        texts = read(
            paths,
            format="text",
            options=ReadOptions(encoding=encoding, size_limit=size_limit),
            report=reading,
        )
        import_documents(opened, texts)
        for problem in reading.problems:
            print(f"annotator: {problem}", file=sys.stderr)
    workspace = Workspace(opened, annotator=name, settings=settings, model=model)
    first = workspace.first()
    if first is None:
        raise InputError(
            f"the store {opened.path} has no documents", hint="annotator annotate FILE_OR_FOLDER imports text"
        )
    from annotator.tui.app import run

    sys.exit(run(workspace, first=first))


def open_here() -> None:
    """Open the store in this folder, or offer the sample articles where there is none."""
    path = store_path(None)
    if (path / "store.json").exists():
        annotate()
        return
    _check_terminal()
    from annotator.model.resources import corpora_path

    print(
        f"There is no store in {path} yet. Your own texts: annotator annotate FILE_OR_FOLDER", file=sys.stderr
    )
    if not typer.confirm(f"Open the sample articles in {path}?", default=True, err=True):
        raise typer.Exit
    annotate([corpora_path() / "news"])


def _check_terminal() -> None:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise AnnotatorError(
            "the screen needs a terminal for its input and output",
            hint="without one, annotator import and annotator export work",
        )
