"""All that the command line prints: lines and tables for people, JSON for programs, progress and questions.

Nothing else prints (a test holds it). What is printed may come from a stranger's file, so that control and
bidirectional characters are drawn and never sent, and a line of output is one line. Data for other programs, such
as an export to standard output, goes through formats/targets.py and stays as it is.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TextIO

from annotator.errors import AnnotatorError, OutputClosedError, OutputError
from annotator.throttle import Throttle

_GAP = "  "
LINE_PAUSE = 0.2
"""Seconds between two lines of progress, which may go through a slow connection."""
_CLEAR_LINE = "\r\x1b[K"
_UNSAFE_IN_JSON = re.compile(
    "[\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
"""What JSON may hold as it is and a terminal should not get: DEL, C1, invisible and bidirectional controls, line
separators, and surrogates, which no encoding has. (C0 is always escaped in JSON.)"""


class Piece(NamedTuple):
    """A piece of a line. `ground` is one of the 256 colours that terminals share, to stand on in black; None for none."""

    text: str
    ground: int | None = None


def prepare_streams() -> None:
    """Let standard output and error replace what their encoding does not have, instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def print_lines(*lines: str) -> None:
    """Print lines on standard output, an empty one if none is given; control characters are drawn.

    OutputError if standard output is closed or full, OutputClosedError if nobody reads it any more.
    """
    _send_lines(sys.stdout, lines or ("",))


def print_pieces(pieces: Sequence[Piece]) -> None:
    """Print one line of pieces, a blank between them, on standard output. The caller knows whether it takes colours."""
    line = " ".join(
        drawn if ground is None else f"\x1b[48;5;{ground};38;5;16m{drawn}\x1b[0m"
        for drawn, ground in ((_drawn(piece.text), piece.ground) for piece in pieces)
    )
    _send(sys.stdout, f"{line.rstrip()}\n")


def print_message(*lines: str) -> None:
    """Print lines on standard error; control characters are drawn. Where nobody can read them, they are lost."""
    _send_lines(sys.stderr, lines)


def print_json(value: Any) -> None:
    """Print a value as JSON, indented, with all escaped that could act on a terminal."""
    is_unicode = (sys.stdout is not None) and (sys.stdout.encoding or "").lower().startswith("utf")
    text = json.dumps(value, ensure_ascii=not is_unicode, indent=2)
    _send(sys.stdout, _UNSAFE_IN_JSON.sub(lambda match: f"\\u{ord(match.group()):04x}", text) + "\n")


def print_table(
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    last_is_long: bool = True,
    file: TextIO | None = None,
) -> None:
    """Print rows below their headings, each column as wide as it must be; the last one is cut to the terminal.

    `file` is standard output by default. What is no terminal gets everything.
    """
    from annotator.cells.fitting import cell_width, drawable, filled, fitted

    file = file or sys.stdout
    lines = [[drawable(cell) for cell in line] for line in (headings, *rows)]
    widths = [max(map(cell_width, column)) for column in zip(*lines, strict=True)]
    before = sum(widths[:-1]) + len(_GAP) * (len(widths) - 1)
    if last_is_long and is_terminal(file):
        widths[-1] = min(widths[-1], max(10, shutil.get_terminal_size().columns - before))
    _send_lines(
        file,
        [
            _GAP.join(
                [
                    *(filled(cell, width) for cell, width in zip(line[:-1], widths, strict=False)),
                    fitted(line[-1], widths[-1]),
                ]
            ).rstrip()
            for line in lines
        ],
    )


def confirm(question: str, *, default: bool = False) -> bool:
    """Ask a question on standard error; True if the answer is yes, `default` if it is empty.

    AnnotatorError if there is nobody to answer.
    """
    choices = "Y/n" if default else "y/N"
    while True:
        _send(sys.stderr, f"{_drawn(question)} [{choices}]: ")
        try:
            answer = sys.stdin.readline() if sys.stdin is not None else ""
        except OSError:
            answer = ""
        except UnicodeDecodeError:
            answer = "?"
        if not answer:
            print_message("")
            raise AnnotatorError(
                "nothing was done: it has to be confirmed, and standard input has ended",
                hint="answer y at a terminal, or give --yes",
            )
        answer = answer.strip().lower()
        if not answer:
            return default
        if answer in ("n", "no"):
            return False
        if answer in ("y", "yes"):
            return True
        print_message("answer y or n")


def progress(what: str) -> Callable[[int, int], None] | None:
    """Says how much of it all is done, a few times a second, on a terminal; None where nobody looks on."""
    if not is_terminal(sys.stderr):
        return None
    throttle = Throttle(LINE_PAUSE, waits=True)

    def say(done: int, total: int) -> None:
        if done == total:
            clear_passing()
        elif throttle.allow():
            show_passing(f"{what}: {100 * done // total} %")

    return say


def show_passing(line: str) -> None:
    """Show a line on the terminal at standard error that the next one takes the place of."""
    _send(sys.stderr, f"{_CLEAR_LINE}{_drawn(line)}\r")


def clear_passing() -> None:
    """Take away what `show_passing` has shown."""
    _send(sys.stderr, _CLEAR_LINE)


def is_terminal(stream: TextIO | None) -> bool:
    """True if `stream` is a terminal; a closed one is none."""
    return stream is not None and not stream.closed and stream.isatty()


def flush_output() -> None:
    """Bring what was written to where it goes; errors as for `print_lines`."""
    if sys.stdout is not None:
        _send(sys.stdout, "")


def discard_output() -> None:
    """Let what a failed standard output still holds go nowhere, so that the interpreter does not fail on it at its end."""
    if sys.stdout is None:
        return
    null = os.open(os.devnull, os.O_WRONLY)
    with contextlib.suppress(OSError, ValueError):
        os.dup2(null, sys.stdout.fileno())
    os.close(null)


def _drawn(text: str) -> str:
    """`text` in one line, its control characters drawn."""
    if text.isascii() and text.isprintable():
        return text
    from annotator.cells.fitting import drawable

    return drawable(text)


def _send_lines(stream: TextIO | None, lines: Sequence[str]) -> None:
    _send(stream, "".join(f"{_drawn(line)}\n" for line in lines))


def _send(stream: TextIO | None, text: str) -> None:
    """Write text that is safe to a standard stream, at once, so that both come in order."""
    is_error = stream is sys.stderr
    if stream is None:
        if is_error:
            return
        raise OutputError("standard output is closed", hint="send it to a file or a program, or to /dev/null")
    try:
        stream.write(text)
        stream.flush()
    except BrokenPipeError as error:
        if not is_error:
            raise OutputClosedError from error
    except (OSError, ValueError) as error:
        if not is_error:
            reason = getattr(error, "strerror", None) or error
            raise OutputError(
                f"standard output cannot be written: {reason}", hint="send it to another place"
            ) from error
