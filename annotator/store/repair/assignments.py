"""Mending an annotator's assignment: each record stands alone, so whatever is whole is kept."""

from __future__ import annotations

from annotator.errors import InputError
from annotator.model.assignments import Assigned, Assignment, Returned, united
from annotator.model.counting import counted
from annotator.store.assignments import ASSIGNMENT_TABLES, assignment_data
from annotator.store.damage import Damage, Finding
from annotator.store.inspection import inspect_assignment
from annotator.store.layout import assignment_path, check_annotator
from annotator.store.repair.context import Mended, Workbench
from annotator.store.repair.salvage import Salvaged, salvaged, sides

_TODO = "annotator assign gives out what nobody has now"


def mend_assignment(bench: Workbench, finding: Finding) -> Mended:
    """Mend the file of one assignment, or put it aside."""
    path, files = finding.path, bench.files
    data = files.read(files.root / path) or b""
    annotator = path.rpartition("/")[2].removesuffix(".json")
    try:
        check_annotator(annotator)
    except InputError as error:
        return bench.put_aside(finding, reason=error.message, todo=_TODO)
    whole, _ = inspect_assignment(data, origin=path)
    if whole is not None:
        return _move(bench, finding, whole, data)
    parts = sides(data) if finding.damage is Damage.MARKERS else (data,)
    salvages = [salvaged(part, ASSIGNMENT_TABLES) for part in parts]
    mended = Assignment(annotator)
    for part_salvaged in salvages:
        mended = united(mended, _assignment(annotator, part_salvaged))
    original = bench.quarantine.keep(path, f"{finding.damage}: {finding.reason}")
    files.write(files.root / path, assignment_data(mended))
    kept = counted(len(mended.assigned) + len(mended.returned), "record")
    lost = sum(sum(salvage.lost.values()) for salvage in salvages)
    return Mended(
        finding, f"{kept} kept, {lost} unreadable; the original is {original}", _TODO if lost else ""
    )


def _move(bench: Workbench, finding: Finding, whole: Assignment, data: bytes) -> Mended:
    """Bring an assignment to where it belongs, unless one stands there."""
    expected = assignment_path(whole.annotator)
    if (bench.files.root / expected).exists():
        return bench.put_aside(finding, todo=f"{expected} is there as well and was left as it is")
    bench.files.write(bench.files.root / expected, data)
    bench.files.remove(bench.files.root / finding.path)
    return Mended(finding, f"moved to {expected}")


def _assignment(annotator: str, salvage: Salvaged) -> Assignment:
    return Assignment(annotator, salvage.records("assigned", Assigned), salvage.records("returned", Returned))
