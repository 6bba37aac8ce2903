"""Mending what people told memory: each record stands alone, so whatever is whole is kept."""

from __future__ import annotations

from annotator.model.counting import counted
from annotator.model.memory_edits import BlockedForm, ForgottenForm, MemoryEdits, PinnedForm
from annotator.store.damage import Damage, Finding
from annotator.store.memory_file import MEMORY_TABLES, memory_data
from annotator.store.repair.context import Mended, Workbench
from annotator.store.repair.salvage import salvaged, sides

_TODO = "annotator memory shows what is pinned and blocked now; what memory learnt is not lost"


def mend_memory(bench: Workbench, finding: Finding) -> Mended:
    """Mend the file, of both sides of what version control could not merge theirs; put it aside if nothing is whole."""
    path, files = finding.path, bench.files
    data = files.read(files.root / path) or b""
    parts = sides(data) if finding.damage is Damage.MARKERS else (data,)
    salvages = [salvaged(part, MEMORY_TABLES) for part in parts]
    pinned = {
        form.surface: form
        for salvage in salvages
        for form in salvage.records("pinned", PinnedForm, has_uid=False)
    }
    blocked = {
        form.surface: form
        for salvage in salvages
        for form in salvage.records("blocked", BlockedForm, has_uid=False)
    }
    forgotten = {
        form.surface: form
        for salvage in salvages
        for form in salvage.records("forgotten", ForgottenForm, has_uid=False)
    }
    kept = len(pinned) + len(blocked) + len(forgotten)
    if not kept:
        return bench.put_aside(finding, todo=_TODO)
    original = bench.quarantine.keep(path, f"{finding.damage}: {finding.reason}")
    edits = MemoryEdits(tuple(pinned.values()), tuple(blocked.values()), tuple(forgotten.values()))
    files.write(files.root / path, memory_data(edits))
    lost = sum(sum(salvage.lost.values()) for salvage in salvages)
    return Mended(
        finding,
        f"{counted(kept, 'record')} kept, {lost} unreadable; the original is {original}",
        _TODO if lost else "",
    )
