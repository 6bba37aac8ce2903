"""What the mending of one file works with and reports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from annotator.model.annotations import AnnotationSet
from annotator.store.backups import read_from
from annotator.store.damage import Finding
from annotator.store.files import Files
from annotator.store.inspection import DocumentFacts, inspect_document
from annotator.store.layout import document_path
from annotator.store.repair.quarantine import Quarantine
from annotator.store.repair.replay import Signature
from annotator.store.sets import SetFile, SetSnapshot


@dataclass(frozen=True, slots=True)
class Mended:
    """What became of one damage, and what is left for a person to do, if anything."""

    finding: Finding
    done: str
    todo: str = ""
    is_mended: bool = True


@dataclass(frozen=True, slots=True)
class Workbench:
    """The store's files, who repairs, where originals are kept, and the backups made before, the newest first."""

    files: Files
    by: Signature
    quarantine: Quarantine
    older: list[Path]

    def put_aside(self, finding: Finding, *, reason: str = "", todo: str = "") -> Mended:
        """Move a file to the quarantine."""
        moved = self.quarantine.move(finding.path, f"{finding.damage}: {reason or finding.reason}")
        return Mended(finding, f"put aside as {moved}", todo)

    def facts(self, document_id: str) -> DocumentFacts | None:
        """What a set on a document must fit; None if the document is not there or damaged."""
        path = document_path(document_id)
        facts, _ = inspect_document(self.files.read(self.files.root / path) or b"", origin=path)
        return facts

    def from_backups(self, path: str) -> Iterator[bytes]:
        """A file as the backups have it, the newest first."""
        for archive in self.older:
            if (data := read_from(archive, path)) is not None:
                yield data

    def bring_back(self, document_id: str) -> bool:
        """Take a document that is gone from a backup; False if none has it."""
        path = document_path(document_id)
        for data in self.from_backups(path):
            facts, problems = inspect_document(data, origin=path)
            if facts is not None and facts.id == document_id and not problems:
                self.files.write(self.files.root / path, data)
                return True
        return False

    def write_set(self, path: str, annotation_set: AnnotationSet, sha256: str) -> None:
        """Replace a set's file."""
        file = SetFile(annotation_set.document_id, annotation_set.annotator, sha256)
        self.files.write(self.files.root / path, file.data(SetSnapshot.of(annotation_set)))
