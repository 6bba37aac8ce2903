"""Formats that hold one document a file: a folder of them, or a single file where there is a single document."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from annotator.errors import OutputError
from annotator.formats.naming import file_name
from annotator.formats.targets import replacing, unwritable
from annotator.model.documents import Document


class Files:
    """Takes the content of each document: files of a folder, named by the documents' ids, or one open file."""

    def __init__(self, folder: Path | None, file: BinaryIO | None, target: str) -> None:
        self._folder = folder
        self._file = file
        self._target = target
        self._taken: set[str] = set()

    def put(self, document: Document, contents: Mapping[str, bytes]) -> None:
        """Write a document's content by suffix. OutputError if its name, or the only file, is taken."""
        name = file_name(document.id)
        if self._file is not None and self._taken:
            raise OutputError(
                f"{self._target} holds one document, and {document.title} ({document.id}) is another",
                hint="name a folder: a new one gets a file for each document",
            )
        if name.casefold() in self._taken:
            raise OutputError(
                f"{self._target} would hold two files called {name}",
                hint="choose one annotator's sets with --annotator; a document has one set here",
            )
        self._taken.add(name.casefold())
        for suffix, content in contents.items():
            if self._file is not None:
                self._file.write(content)
            elif self._folder is not None:
                (self._folder / f"{name}{suffix}").write_bytes(content)

    def add(self, name: str, content: bytes) -> None:
        """Write a file that belongs to all documents into the folder."""
        if self._folder is not None:
            (self._folder / name).write_bytes(content)


@contextmanager
def file_each(target: Path | None, suffixes: tuple[str, ...]) -> Iterator[Files]:
    """Where each document gets a file of its own; all of it appears when the block ends well, or nothing does.

    A target that ends in one of `suffixes`, and standard output, hold one document. Anything else is a folder, which
    must be new or empty. OutputError if the system does not let us write.
    """
    if target is None or target.name.lower().endswith(suffixes):
        with replacing(target) as file:
            yield Files(None, file, "standard output" if target is None else str(target))
        return
    with new_folder(target) as folder:
        yield Files(folder, None, str(target))


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """A folder to fill that becomes `target` when the block ends well, and is gone otherwise.

    OutputError if there is a file, or a folder that is not empty, or the system does not let us write.
    """
    part = target.resolve().with_name(f".annotator-{secrets.token_hex(4)}.part")
    try:
        if target.exists() and not (target.is_dir() and not any(target.iterdir())):
            raise OutputError(
                f"{target} is there already, and would be written over",
                hint="name a folder that is new or empty",
            )
        part.mkdir()
        try:
            yield part
            part.replace(target.resolve())
        finally:
            shutil.rmtree(part, ignore_errors=True)
    except OSError as error:
        raise unwritable(str(target), error) from error
