"""What the tests of formats share: files to read, and the folder of real data."""

from __future__ import annotations

import os
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from annotator.formats.exchange import AnnotatedDocument, ReadOptions, Report, WriteOptions
from annotator.formats.registry import read, write

Written = Callable[..., Path]
ReadAll = Callable[..., tuple[list[AnnotatedDocument], Report]]
ThereAndBack = Callable[..., tuple[list[AnnotatedDocument], Report]]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """Writes text or bytes to a file of that name and returns its path."""

    def write(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


@pytest.fixture
def read_all() -> ReadAll:
    """Reads paths to the end; the documents and the report."""

    def read_paths(
        *paths: Path | str, format: str | None = None, **options: object
    ) -> tuple[list[AnnotatedDocument], Report]:
        report = Report()
        chosen = ReadOptions(**options)  # type: ignore[arg-type]
        return list(read(paths, format=format, options=chosen, report=report)), report

    return read_paths


@pytest.fixture
def there_and_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ThereAndBack:
    """Writes documents by a format to a new place and reads them back; what came back, and the writer's report."""
    monkeypatch.setattr(
        os, "fsync", lambda _: None
    )  # hundreds of small files that need not outlive a power cut
    numbers = count()

    def go(
        documents: list[AnnotatedDocument], format: str, suffix: str = "", **options: object
    ) -> tuple[list[AnnotatedDocument], Report]:
        path = tmp_path / f"{next(numbers)}{suffix}"
        chosen = WriteOptions(**options)  # type: ignore[arg-type]
        report = write(documents, path, format=format, options=chosen)
        return list(read([path], format=format)), report

    return go


@pytest.fixture(scope="session")
def external() -> Path:
    """The folder of real data by others."""
    folder = os.environ.get("ANNOTATOR_EXTERNAL_DATA")
    if not folder:
        pytest.skip("ANNOTATOR_EXTERNAL_DATA is not set")
    return Path(folder)
