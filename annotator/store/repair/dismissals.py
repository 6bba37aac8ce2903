"""Mending what was dismissed of audits: each record stands alone, so whatever is whole is kept."""

from __future__ import annotations

from annotator.model.counting import counted
from annotator.model.dismissals import Dismissal
from annotator.model.record_merge import united_records
from annotator.store.damage import Damage, Finding
from annotator.store.dismissals import DISMISSAL_TABLES, dismissals_data
from annotator.store.repair.context import Mended, Workbench
from annotator.store.repair.salvage import salvaged, sides

_TODO = "annotator audit tells again what was lost; --dismiss dismisses it"


def mend_dismissals(bench: Workbench, finding: Finding) -> Mended:
    """Mend the file: both sides of what version control could not merge, and every record that is whole."""
    path, files = finding.path, bench.files
    data = files.read(files.root / path) or b""
    parts = sides(data) if finding.damage is Damage.MARKERS else (data,)
    salvages = [salvaged(part, DISMISSAL_TABLES) for part in parts]
    mended: tuple[Dismissal, ...] = ()
    for part_salvaged in salvages:
        mended = united_records(mended, part_salvaged.records("dismissed", Dismissal))
    original = bench.quarantine.keep(path, f"{finding.damage}: {finding.reason}")
    files.write(files.root / path, dismissals_data(mended))
    lost = sum(sum(salvage.lost.values()) for salvage in salvages)
    return Mended(
        finding,
        f"{counted(len(mended), 'record')} kept, {lost} unreadable; the original is {original}",
        _TODO if lost else "",
    )
