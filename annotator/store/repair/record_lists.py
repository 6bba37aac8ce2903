"""Mending lists of records: each record stands alone, so whatever is whole is kept."""

from __future__ import annotations

from annotator.model.counting import counted
from annotator.model.record_merge import united_records
from annotator.store.damage import Damage, Finding
from annotator.store.record_list import ListKind, RecordList
from annotator.store.repair.context import Mended, Workbench
from annotator.store.repair.salvage import salvaged, sides


def mend_list(bench: Workbench, finding: Finding, record_list: RecordList[ListKind]) -> Mended:
    """Mend the file: both sides of what version control could not merge, and every record that is whole."""
    path, files = finding.path, bench.files
    data = files.read(files.root / path) or b""
    parts = sides(data) if finding.damage is Damage.MARKERS else (data,)
    salvages = [salvaged(part, record_list.tables) for part in parts]
    mended: tuple[ListKind, ...] = ()
    for salvage in salvages:
        mended = united_records(mended, salvage.records(record_list.tables[1], record_list.kind))
    original = bench.quarantine.keep(path, f"{finding.damage}: {finding.reason}")
    files.write(files.root / path, record_list.data(mended))
    lost = sum(sum(salvage.lost.values()) for salvage in salvages)
    return Mended(
        finding,
        f"{counted(len(mended), 'record')} kept, {lost} unreadable; the original is {original}",
        record_list.loss if lost else "",
    )
