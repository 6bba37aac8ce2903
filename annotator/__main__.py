"""Environment defaults, then the command line."""

from __future__ import annotations

import gc
import os
import sys

_OBJECTS_BETWEEN_COLLECTIONS = 50_000


def main() -> None:
    """Run the command line; errors are one message with a hint, and exit code 1, or 2 for wrong usage."""
    # Imports make many objects and no garbage: by default a sixth of the start-up goes into looking for it.
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS, 20, 100)
    # Textual reads it when it is imported: a frame waits for half as long as by default.
    os.environ.setdefault("TEXTUAL_FPS", "120")
    from annotator.cli.main import run

    sys.exit(run())


if __name__ == "__main__":
    main()
