"""Gold-standard entity annotation in the terminal.

`open_store` opens a store for notebooks and scripts; `annotator.api` documents what it gives.
"""

from typing import Any

__version__ = "0.1.0"
__all__ = ["open_store"]


def __getattr__(name: str) -> Any:
    """Load the API when it is asked for: the program itself starts without it."""
    if name == "open_store":
        from annotator.api import open_store

        return open_store
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
