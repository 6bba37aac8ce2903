"""Options that import, export and convert share, with the choices of formats, which other commands do not load."""

from __future__ import annotations

from typing import Annotated

import typer

from annotator.formats.choices import OnOverlap

OnOverlapOption = Annotated[
    OnOverlap,
    typer.Option(
        "--on-overlap",
        help="What to do about spans that overlap where none may: longest and first keep some, nested keeps all.",
    ),
]
