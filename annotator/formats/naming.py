"""A file a document: how documents are called by their files, and files by their documents."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import quote, unquote

from annotator.formats.exchange import AnnotatedDocument, Problem
from annotator.formats.sources import Source
from annotator.model.decisions import Status
from annotator.model.documents import Document, text_hash
from annotator.model.spans import Span, Suggestion

_LONGEST = 200
"""Bytes of a file's name without suffix: file systems take 255."""
_ANNOTATION, _CURATION = "annotation", "curation"
_NOBODY = "INITIAL_CAS"
"""INCEpTION's name for a document as it was before anybody annotated it."""
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


@dataclass(frozen=True, slots=True)
class FileName:
    """What a file's name tells: the document's id, whose work it holds, and whether that is a curator's or nobody's."""

    id: str | None = None
    annotator: str | None = None
    is_gold: bool = False
    is_nobodys: bool = False

    def work(
        self,
        document: Document,
        spans: tuple[Span, ...],
        problems: tuple[Problem, ...],
        *,
        is_annotated: bool = True,
    ) -> AnnotatedDocument:
        """The file's document: done, or with its spans as suggestions where they are nobody's work."""
        if self.is_nobodys:
            suggestions = tuple(Suggestion(span.start, span.end, span.label, name=_NOBODY) for span in spans)
            return AnnotatedDocument(document, suggestions=suggestions, problems=problems)
        return AnnotatedDocument(
            document,
            spans=spans,
            status=Status.DONE if is_annotated else Status.TODO,
            annotator=self.annotator,
            is_gold=self.is_gold,
            problems=problems,
        )


def named_by(source: Source) -> FileName:
    """What a source's name tells.

    The id is the name without suffix, with the path from the folder that is read. In a project that INCEpTION has
    exported, annotation/DOCUMENT/ANNOTATOR.tsv and curation/DOCUMENT/CURATION_USER.tsv, the folders tell it.
    """
    parts = PurePosixPath(source.stem).parts
    if len(parts) > 2 and parts[-3] in (_ANNOTATION, _CURATION):
        document = parts[-2]
        for suffix in _SUFFIXES:
            document = document.removesuffix(suffix)
        if parts[-3] == _CURATION:
            return FileName(unquote(document), is_gold=True)
        if parts[-1] == _NOBODY:
            return FileName(unquote(document), is_nobodys=True)
        return FileName(unquote(document), parts[-1])
    return FileName(unquote(source.stem) or None)
