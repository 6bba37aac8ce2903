"""What a person chose on the start page."""

from __future__ import annotations

import enum
from pathlib import Path
from typing import NamedTuple


class Way(enum.Enum):
    """A way to begin."""

    TOUR = enum.auto()
    TEXTS = enum.auto()
    SAMPLES = enum.auto()
    STORE = enum.auto()


class Choice(NamedTuple):
    """A way to begin. `path` is the file or folder of texts, or the store; `labels` what --labels takes."""

    way: Way
    path: Path | None = None
    labels: str = ""
