"""Tables for people, JSON for programs, and progress on a terminal."""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any, TextIO

_GAP = "  "
_BETWEEN = 0.2
"""Seconds between two words on progress."""


def print_table(
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    last_is_long: bool = True,
    file: TextIO | None = None,
) -> None:
    """Print rows below their headings, each column as wide as it must be; the last one is cut to the terminal.

    `file` is standard output by default. What is no terminal gets everything. Control characters are drawn and never
    sent.
    """
    from annotator.cells.fitting import cell_width, drawable, filled, fitted

    file = file or sys.stdout
    lines = [[drawable(cell) for cell in line] for line in (headings, *rows)]
    widths = [max(map(cell_width, column)) for column in zip(*lines, strict=True)]
    before = sum(widths[:-1]) + len(_GAP) * (len(widths) - 1)
    if last_is_long and file.isatty():
        widths[-1] = min(widths[-1], max(10, shutil.get_terminal_size().columns - before))
    for line in lines:
        cells = [filled(cell, width) for cell, width in zip(line[:-1], widths, strict=False)]
        print(_GAP.join([*cells, fitted(line[-1], widths[-1])]).rstrip(), file=file)


def print_json(value: Any) -> None:
    """Print a value as JSON, indented."""
    print(json.dumps(value, ensure_ascii=False, indent=2))


def progress(what: str) -> Callable[[int, int], None] | None:
    """Says how much of it all is done, a few times a second, on a terminal; None where nobody looks on."""
    if not sys.stderr.isatty():
        return None
    said_at = time.monotonic()

    def say(done: int, total: int) -> None:
        nonlocal said_at
        now = time.monotonic()
        if done < total and now - said_at > _BETWEEN:
            said_at = now
            print(f"\r{what}: {100 * done // total} %\r", end="", file=sys.stderr, flush=True)
        elif done == total:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)

    return say
