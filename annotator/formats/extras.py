"""Libraries that not every installation has."""

from __future__ import annotations

import importlib
from types import ModuleType

from annotator.errors import UsageError

DISTRIBUTION = "annotator-tui"
"""What the package is called where it is installed from; `annotator` is another project there."""


def library(module: str, *, extra: str, format: str) -> ModuleType:
    """A module of an optional library; UsageError that says which installation brings it."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise UsageError(
            f"{format} needs a library that is not installed: {error.name or module}",
            hint=f"pip install '{DISTRIBUTION}[{extra}]'",
        ) from error
