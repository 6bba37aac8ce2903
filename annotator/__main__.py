"""Environment defaults, then the command line."""

from __future__ import annotations

import gc
import os
import sys


def main() -> None:
    """Run the command line; errors are one message with a hint, and exit code 1, or 2 for wrong usage."""
    # Imports make many objects and no garbage: by default a sixth of the start-up goes into looking for it. The
    # command line looks for it again before a command runs, and the screen once it is painted.
    gc.disable()
    _occupy_closed_descriptors()
    # Textual reads it when it is imported: a frame waits for half as long as by default.
    os.environ.setdefault("TEXTUAL_FPS", "120")
    # Pydantic's plug-ins could only watch validation, and looking for them reads every package's metadata.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    from annotator.cli.main import run

    sys.exit(run())


def _occupy_closed_descriptors() -> None:
    """Open what is closed of standard input, output and error on nothing.

    Otherwise a file of the store would get the free number, and with it what a library prints.
    """
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            opened = os.open(os.devnull, os.O_RDWR)  # the lowest number that is free
            os.set_inheritable(opened, True)


if __name__ == "__main__":
    main()
