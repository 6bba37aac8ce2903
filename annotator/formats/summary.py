"""What each format reads, writes, holds and loses, as the command line and the documentation show it."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from annotator.formats.formats_table import FORMATS, Format
from annotator.formats.losses import held_names, lost_names

_MODULES = {"cas": "cassis", "parquet": "pyarrow", "office": "openpyxl"}
"""The module that each extra brings, by which it is seen whether the extra is installed."""


@dataclass(frozen=True, slots=True)
class FormatSummary:
    """One format as people choose it. `loses` is empty for a format that is only read; `extra` for one that needs none."""

    name: str
    description: str
    reads: bool
    writes: bool
    endings: tuple[str, ...]
    holds: tuple[str, ...]
    loses: tuple[str, ...]
    extra: str
    is_installed: bool

    def as_json(self) -> dict[str, Any]:
        """The summary for programs."""
        return {
            "name": self.name,
            "description": self.description,
            "reads": self.reads,
            "writes": self.writes,
            "endings": list(self.endings),
            "holds": list(self.holds),
            "loses": list(self.loses),
            "extra": self.extra or None,
            "is_installed": self.is_installed,
        }


def summaries() -> Iterator[FormatSummary]:
    """A summary of every format, in the order in which they are tried."""
    return map(summary_of, FORMATS.values())


def summary_of(format: Format) -> FormatSummary:
    """The summary of one format."""
    return FormatSummary(
        name=format.name,
        description=format.description,
        reads=format.read is not None,
        writes=format.write is not None,
        endings=format.suffixes,
        holds=tuple(held_names(format.holds)) if format.write else (),
        loses=tuple(lost_names(format.holds)) if format.write else (),
        extra=format.extra,
        is_installed=not format.extra or importlib.util.find_spec(_MODULES[format.extra]) is not None,
    )
