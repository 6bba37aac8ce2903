"""Where bytes come from: files, folders and standard input, decoded piece by piece."""

from __future__ import annotations

import codecs
import os
import re
import select
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from annotator.errors import EncodingError, InputError, UsageError

_CHUNK = 1 << 16
PIPE_PATIENCE = 5.0
"""Seconds in which a program must begin to write to a named pipe that is read."""
_MILLISECONDS_BETWEEN = 20
_LINK = "it is a link, and links in a folder are not followed; name the file itself to read it"
_MAGIC = {b"%PDF-": "a PDF file", b"PK\x03\x04": "a ZIP file or office document", b"\x1f\x8b": "a gzip file"}
_LONG_HEAD = 1 << 24
"""So many bytes of a JSON file are looked at for its keys, where its texts fill the first ones."""
_JSON = re.compile(rb"(?:\xef\xbb\xbf)?\s*[\[{]")
_LONG_STRING = re.compile(rb'"([^"\\]{,64})(?:[^"\\]|\\.)*+(?:"|$)', re.DOTALL)
_KEY = re.compile(rb'"[^"\\]{1,64}"\s*:\s*[\[{"]?')
_UTF_8 = codecs.lookup("utf-8").name


@dataclass(frozen=True, slots=True)
class Source:
    """A readable file. `name` is what messages and metadata call it; `spool` holds what came through a pipe.

    `stem` is the path from the folder that is read, else the file's own name, without suffix; empty for a pipe.
    """

    name: str
    path: Path | None = None
    spool: BinaryIO | None = None
    stem: str = ""

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """The bytes from their beginning; InputError if they cannot be read."""
        try:
            if self.spool is not None:
                self.spool.seek(0)
                yield self.spool
            elif self.path is not None:
                with self.path.open("rb") as file:
                    yield file
        except OSError as error:
            raise unreadable(self.name, error) from error

    def close(self) -> None:
        """Let go of what came through a pipe; a file at a path is closed already."""
        if self.spool is not None:
            self.spool.close()

    def head(self, size: int = _CHUNK) -> bytes:
        """The first bytes, for telling the format; of JSON whose texts are longer, with these texts cut."""
        with self.open() as file:
            head = file.read(size)
            if len(head) < size or not _JSON.match(head):
                return head
            if len(_LONG_STRING.sub(rb'"\1"', head)) > size // 2 or _has_whole_row(head):
                return head
            return _shortened(head + file.read(_LONG_HEAD - size), size)


def _has_whole_row(head: bytes) -> bool:
    """True if the first line is an object of its own: its keys are there, and no more has to be read for them."""
    line, line_feed, _ = head.partition(b"\n")
    line = line.strip()
    return bool(line_feed) and line.startswith(b"{") and line.endswith(b"}")


def standard_input() -> Source:
    """What comes through the pipe, kept in a temporary file so that it can be looked at first."""
    return Source("standard input", spool=_spooled(sys.stdin.buffer))


def file_source(path: Path, *, name: str | None = None) -> Source:
    """The file at `path`; a named pipe is kept in a temporary file. InputError if it is no readable file."""
    name = name or str(path)
    try:
        if path.is_fifo():
            return Source(name, spool=_spooled_pipe(path))
        if not path.is_file():
            path.stat()  # tells a missing file from a folder or device
            raise InputError(f"{name} is not a file", hint="give a file, a folder of files, or - for a pipe")
    except OSError as error:
        raise unreadable(name, error) from error
    return Source(name, path=path, stem=path.stem)


def folder_sources(
    folder: Path,
    suffixes: tuple[str, ...],
    *,
    what: str | None = None,
    on_left_out: Callable[[Path, str], None] = lambda path, reason: None,
) -> list[Source]:
    """The files below `folder` with one of `suffixes`, sorted naturally, without hidden ones; `what` they are called.

    Each is named by its path from `folder`. Links are not followed, and pipes and devices not read: a folder may be
    somebody else's. `on_left_out` gets each, with the reason. InputError if there are none or the folder cannot be read.
    """
    found: list[Path] = []

    def fail(error: OSError) -> None:
        raise unreadable(str(error.filename), error) from error

    for parent, folders, files in os.walk(folder, onerror=fail):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in folders:
            if (path := Path(parent, name)).is_symlink():
                on_left_out(path, _LINK)
        for name in files:
            if name.startswith(".") or not name.lower().endswith(suffixes):
                continue
            path = Path(parent, name)
            if path.is_symlink():
                on_left_out(path, _LINK)
            elif not path.is_file():
                on_left_out(path, "it is neither a file nor a folder")
            else:
                found.append(path)
    if not found:
        wanted = what or f"files that end in {' or '.join(suffixes)}"
        raise InputError(
            f"{folder} holds no {wanted}",
            hint="give the files themselves, or name their format with --format",
        )
    named = [(path.relative_to(folder), path) for path in found]
    return [
        Source(name.as_posix(), path=path, stem=name.with_suffix("").as_posix())
        for name, path in sorted(named, key=lambda item: _natural(item[0].as_posix()))
    ]


def unreadable(name: str, error: OSError) -> InputError:
    """The error of a file that the system does not let us read."""
    if isinstance(error, FileNotFoundError):
        return InputError(f"{name} does not exist", hint="check the spelling and the folder you are in")
    return InputError(f"{name} cannot be read: {error.strerror or error}", hint="check its permissions")


def decoded(source: Source, encoding: str) -> Iterator[str]:
    """The text of a source in pieces, without a byte order mark.

    EncodingError names the byte and the line that are not in `encoding`; InputError tells of binary files.
    """
    try:
        "a".encode(encoding)  # which codecs that are not of text refuse
        codec = codecs.lookup(encoding)
    except (LookupError, UnicodeError) as error:
        raise UsageError(
            f"unknown encoding {encoding}", hint="for instance utf-8, utf-16, latin-1, cp1252, shift_jis"
        ) from error
    decoder = codec.incrementaldecoder("strict")
    offset = lines = 0
    is_first = True
    with source.open() as file:
        while True:
            chunk = file.read(_CHUNK)
            if codec.name == _UTF_8:
                _refuse_binary(source.name, chunk, offset)
            held = len(decoder.getstate()[0])
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                raise _wrong_encoding(source.name, encoding, error, offset - held, lines) from error
            if text and is_first:
                text = text.removeprefix("\ufeff")
                is_first = False
            if text:
                yield text
            if not chunk:
                return
            offset += len(chunk)
            lines += text.count("\n")


def lines(source: Source, encoding: str, *, size_limit: int) -> Iterator[tuple[int, str]]:
    """The lines of a source with their numbers from 1, without line feed or CRLF.

    Only a line feed ends a line. InputError if a line is longer than `size_limit` code points.
    """
    number = 1
    parts: list[str] = []
    length = 0
    for piece in decoded(source, encoding):
        *ended, rest = piece.split("\n")
        for line in ended:
            parts.append(line)
            yield number, "".join(parts).removesuffix("\r")
            parts.clear()
            length = 0
            number += 1
        parts.append(rest)
        length += len(rest)
        if length > size_limit:
            raise too_large(f"{source.name}:{number}", size_limit)
    if length:
        yield number, "".join(parts)


def too_large(place: str, size_limit: int) -> InputError:
    """The error of a text that nobody could annotate in one piece."""
    return InputError(
        f"{place} holds more than {size_limit:,} characters",
        hint="cut it into smaller documents, or raise --size-limit",
    )


def _spooled_pipe(path: Path) -> BinaryIO:
    """What comes through a named pipe; InputError if nobody writes to it for some seconds: it would never end."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    with os.fdopen(descriptor, "rb", buffering=0) as file:
        give_up_at = time.monotonic() + PIPE_PATIENCE
        # No bytes: nobody has opened it for writing. None: somebody has, and has not written yet.
        while (head := file.read(_CHUNK)) == b"" and not poll.poll(_MILLISECONDS_BETWEEN):
            if time.monotonic() > give_up_at:
                raise InputError(
                    f"nobody writes to the named pipe {path}", hint="give a file, or - for a pipe"
                )
        os.set_blocking(descriptor, True)
        spool = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the source
        spool.write(head or b"")
        shutil.copyfileobj(file, spool)
    return spool


def _shortened(content: bytes, size: int) -> bytes:
    """The beginning of JSON with its long strings cut, and behind it on the same line the keys that come later."""
    plain = _LONG_STRING.sub(rb'"\1"', content)
    line, line_feed, rest = plain.partition(b"\n")
    if len(line) > size:
        keys = dict.fromkeys(_KEY.findall(line, size))
        line = line[:size] + b" " + b" ".join(keys)
    elif len(rest) > size:
        keys = dict.fromkeys(_KEY.findall(rest, size))
        rest = rest[:size] + b" " + b" ".join(keys)
    return line + line_feed + rest[: 2 * size]


def _spooled(stream: BinaryIO) -> BinaryIO:
    spool = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the source
    shutil.copyfileobj(stream, spool)
    return spool


def _refuse_binary(name: str, chunk: bytes, offset: int) -> None:
    if offset == 0:
        for magic, kind in _MAGIC.items():
            if chunk.startswith(magic):
                raise InputError(f"{name} is {kind}, not text", hint="turn it into plain text first")
        if chunk.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise EncodingError(f"{name} begins as UTF-16 does", hint="read it with --encoding utf-16")
    if (at := chunk.find(b"\0")) >= 0:
        raise InputError(
            f"{name} is a binary file: a NUL byte at offset {offset + at:,}",
            hint="only text can be annotated; if it is text in UTF-16 or UTF-32, say so with --encoding",
        )


def _wrong_encoding(
    name: str, encoding: str, error: UnicodeDecodeError, base: int, lines: int
) -> EncodingError:
    before = error.object[: error.start].decode(encoding, "ignore").count("\n")
    wrong = error.object[error.start : error.start + 1].hex()
    return EncodingError(
        f"{name} is not {encoding}: byte 0x{wrong} at offset {base + error.start:,}, line {lines + before + 1:,}",
        hint="name the encoding that it is in, for instance --encoding latin-1",
    )


def _natural(name: str) -> list[tuple[int, int, str]]:
    """A key by which "a2" stands before "a10"; ties of letter case are broken by the name itself."""
    pieces = re.split(r"([0-9]+)", name.casefold())
    return [(0, int(piece), "") if piece.isdecimal() else (1, 0, piece) for piece in pieces] + [(2, 0, name)]
