"""Where bytes go: a file that appears whole or not at all, or standard output."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from annotator.errors import OutputClosedError, OutputError
from annotator.model.documents import Document

_HINTS = {
    errno.ENOENT: "make the folder first",
    errno.EACCES: "choose a folder that you may write to",
    errno.EPERM: "choose a folder that you may write to",
    errno.EROFS: "choose a folder that you may write to",
    errno.ENOSPC: "make room on the disk; nothing was left behind",
    errno.EDQUOT: "make room on the disk; nothing was left behind",
    errno.EISDIR: "give a file name",
}


@contextmanager
def replacing(target: Path | None) -> Iterator[BinaryIO]:
    """A file to write to that takes the place of `target` when the block ends well; None is standard output.

    When the block fails, an older file at `target` stays and nothing is left beside it. OutputError if the
    system does not let us write, OutputClosedError if the program that read standard output has ended.
    """
    try:
        if target is None:
            with tempfile.TemporaryFile() as file:
                yield file
                file.seek(0)
                _copy_to_standard_output(file)
        elif target.exists() and not target.is_file():
            with _opened_in_place(target) as file:  # a device or a named pipe has no place to take
                yield file
        else:
            with _beside(target.resolve()) as file:
                yield file
    except BrokenPipeError as error:
        raise OutputClosedError from error
    except OSError as error:
        raise unwritable(str(target) if target else "standard output", error) from error


def unwritable(name: str, error: OSError) -> OutputError:
    """The error of a file that the system does not let us write."""
    return OutputError(
        f"{name} cannot be written: {error.strerror or error}",
        hint=_HINTS.get(error.errno or 0, "choose another place"),
    )


def utf8(text: str, document: Document) -> bytes:
    """Text that goes into a document's file; OutputError if it holds what UTF-8 cannot."""
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise OutputError(
            f"{document.title} ({document.id}) holds a lone surrogate, which UTF-8 cannot",
            hint="write it as jsonl, which escapes it",
        ) from error


def _copy_to_standard_output(file: BinaryIO) -> None:
    """Send a file's bytes as they are, or to a terminal as text whose control characters are drawn."""
    if sys.stdout is None:
        raise OutputError("standard output is closed", hint="name a file to write")
    if sys.stdout.isatty():
        from annotator.cells.fitting import drawable

        for line in file:
            drawn = drawable(line.decode("utf-8", "replace").rstrip("\r\n"))
            sys.stdout.buffer.write(f"{drawn}\n".encode(sys.stdout.encoding, "replace"))
    else:
        shutil.copyfileobj(file, sys.stdout.buffer)
    sys.stdout.buffer.flush()


def _opened_in_place(target: Path) -> BinaryIO:
    """A device or named pipe, open for writing; OSError for a folder, OutputError for a pipe that nobody reads."""
    if not target.is_fifo():
        return target.open("wb")
    try:
        descriptor = os.open(target, os.O_WRONLY | os.O_NONBLOCK)
    except OSError as error:
        if error.errno != errno.ENXIO:
            raise
        raise OutputError(
            f"nobody reads from the named pipe {target}", hint="start the program that reads it first"
        ) from error
    os.set_blocking(descriptor, True)
    return os.fdopen(descriptor, "wb")


@contextmanager
def _beside(target: Path) -> Iterator[BinaryIO]:
    part = target.with_name(f".annotator-{secrets.token_hex(4)}.part")
    try:
        with part.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            shutil.copymode(target, part)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
