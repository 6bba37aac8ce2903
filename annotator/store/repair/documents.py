"""Mending a document's file: it is written once, so any whole copy of it is the right one."""

from __future__ import annotations

from annotator.model.documents import text_hash
from annotator.store.damage import Damage, Finding
from annotator.store.inspection import inspect_document
from annotator.store.layout import document_path
from annotator.store.records import DOCUMENT_TABLES
from annotator.store.repair.context import Mended, Workbench
from annotator.store.repair.salvage import salvaged, sides
from annotator.store.storage import StoreFile, numbered, sealed

_LOST = "import the same text under this id again, then move its sets back from the quarantine"


def mend_document(bench: Workbench, finding: Finding) -> Mended:
    """Mend the file of one document, or put it aside."""
    files, path = bench.files, finding.path
    data = files.read(files.root / path) or b""
    facts, problems = inspect_document(data, origin=path)
    if facts is not None and (expected := document_path(facts.id)) != path:
        if finding.damage is Damage.PLACE and not problems:
            files.write(files.root / expected, data)
            files.remove(files.root / path)
            return Mended(finding, f"moved to {expected}")
        other, _ = inspect_document(files.read(files.root / expected) or b"", origin=expected)
        is_same = other is not None and other.sha256 == facts.sha256
        todo = "" if is_same else "it has another text: import it under another id"
        return bench.put_aside(finding, todo=todo)
    for source, candidate in _candidates(bench, data, path):
        candidate_facts, problems = inspect_document(candidate, origin=path)
        if candidate_facts is not None and not problems and document_path(candidate_facts.id) == path:
            bench.quarantine.keep(path, finding.reason)
            files.write(files.root / path, candidate)
            return Mended(finding, source)
    if facts is not None and finding.damage is Damage.CHANGED:
        bench.quarantine.keep(path, finding.reason)
        files.write(files.root / path, _sealed(data))
        return Mended(
            finding,
            "its text is the imported one; the rest is kept as it was changed, for no backup has it",
            todo="look at its title and metadata",
        )
    return bench.put_aside(finding, todo=_LOST)


def _candidates(bench: Workbench, data: bytes, path: str) -> list[tuple[str, bytes]]:
    """What may be the whole document, by where it comes from."""
    candidates = (
        [("taken from one side of the merge", side) for side in sides(data)] if b"<<<<<<<" in data else []
    )
    candidates += [("brought back from a backup", old) for old in bench.from_backups(path)]
    rows = salvaged(data, DOCUMENT_TABLES).rows
    if len(documents := rows.get("document", [])) == 1:
        suggestions = rows.get("suggestions", [])
        lost = documents[0].get("suggestions", 0) - len(suggestions)
        record = {**documents[0], "suggestions": len(suggestions)}
        file = StoreFile.of({"document": [(1, record)], "suggestions": numbered(suggestions)})
        candidates.append((f"the text is whole; {lost} of its suggestions are lost", file.content()))
    return candidates


def _sealed(data: bytes) -> bytes:
    """The file with all its checksums made anew."""
    from annotator.store.inspection import tables_of

    tables, _ = tables_of(data, origin="")
    record = tables["document"][0]
    assert text_hash(record["text"]) == record["sha256"]
    return sealed(tables)
