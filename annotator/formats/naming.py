"""A file a document: how documents are called by their files, and files by their documents."""

from __future__ import annotations

from pathlib import PurePosixPath
from urllib.parse import quote, unquote

from annotator.formats.sources import Source
from annotator.model.documents import text_hash

_LONGEST = 200
"""Bytes of a file's name without suffix: file systems take 255."""
_SETS = {"annotation", "curation"}
_NOBODY = {"INITIAL_CAS", "CURATION_USER"}
_SUFFIXES = (".txt", ".tsv", ".xmi", ".json", ".conll")


def file_name(document_id: str) -> str:
    """A name without suffix from which `named_by` finds the id again; ids beyond 200 bytes are hashed instead."""
    name = "".join(
        char if char.isalnum() or char in " -_.,()" else quote(char, safe="") for char in document_id
    )
    if name.startswith("."):
        name = f"%2E{name[1:]}"
    if name.endswith((".", " ")):
        name = f"{name[:-1]}{'%2E' if name.endswith('.') else '%20'}"
    return name if len(name.encode()) <= _LONGEST else text_hash(document_id)


def named_by(source: Source) -> tuple[str | None, str | None]:
    """The document's id and the annotator, as far as a file's name tells them.

    The id is the name without suffix, with the path from the folder that is read. In a project that INCEpTION has
    exported, annotation/DOCUMENT/ANNOTATOR.tsv, the folders tell both.
    """
    path = PurePosixPath(source.stem)
    parts = path.parts
    if len(parts) > 2 and parts[-3] in _SETS:
        document = parts[-2]
        for suffix in _SUFFIXES:
            document = document.removesuffix(suffix)
        return unquote(document), None if parts[-1] in _NOBODY else parts[-1]
    return unquote(source.stem) or None, None
