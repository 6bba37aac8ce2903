"""The workspace of the tour: a sample text whose suggestions come with it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from annotator.formats.exchange import ReadOptions, Report
from annotator.model.resources import corpora_path
from annotator.settings import Settings
from annotator.workspace.transfer.importing import import_files
from annotator.workspace.workspace import Workspace

_LABELS = "news"
_MODEL = "blank:en"
"""It makes tokens alone."""


def open_tour(path: Path, settings: Settings) -> Workspace:
    """A new store in `path` with the texts of the tour, where nothing but the sample suggests; `settings` hold otherwise."""
    store, _ = import_files(
        path,
        [corpora_path() / "tour" / "tour.jsonl"],
        labels=_LABELS,
        model=_MODEL,
        format="jsonl",
        options=ReadOptions(),
        reading=Report(),
    )
    plain = replace(
        settings, learning="off", adapt=0, backups=0, blind_share=0.0, order="imported", patterns=""
    )
    return Workspace(store, annotator="you", settings=plain, model=_MODEL)
