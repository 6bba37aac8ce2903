"""Options that several commands share."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

DEFAULT_STORE = Path("annotations")

StoreOption = Annotated[
    Path | None,
    typer.Option(
        "--store",
        "-s",
        help="The store's folder; by default $ANNOTATOR_STORE, else ./annotations.",
        show_default=False,
    ),
]
AnnotatorOption = Annotated[
    str | None,
    typer.Option(
        "--annotator",
        "-n",
        help="Whose annotations; by default $ANNOTATOR_NAME, the settings' or the login name.",
        show_default=False,
    ),
]
LabelsOption = Annotated[
    str | None,
    typer.Option(
        "--labels", "-l", help="A label set for a new store: news, conll, wnut or a file.", show_default=False
    ),
]
ModelOption = Annotated[
    str | None,
    typer.Option(
        "--model", "-m", help="The spaCy pipeline that suggests, by name or path.", show_default=False
    ),
]
PatternsOption = Annotated[
    Path | None,
    typer.Option(
        "--patterns",
        "-p",
        help="A file of patterns that suggest as well, as Prodigy writes them.",
        show_default=False,
    ),
]
EncodingOption = Annotated[str, typer.Option("--encoding", help="The encoding of text files.")]
SizeOption = Annotated[int, typer.Option("--size-limit", min=1, help="The largest text to take, in bytes.")]
FormatOption = Annotated[
    str | None,
    typer.Option(
        "--format", "-f", help="The format; by default found from the name or content.", show_default=False
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="As JSON, for programs.")]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


def store_path(asked: Path | None) -> Path:
    """Where the store is: as asked, else $ANNOTATOR_STORE, else ./annotations."""
    return asked or Path(os.environ.get("ANNOTATOR_STORE") or DEFAULT_STORE)
