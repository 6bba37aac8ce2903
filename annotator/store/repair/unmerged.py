"""Mending what git could not merge: theirs is in git's index alone, and is brought into the store."""

from __future__ import annotations

import shlex

from annotator.store.damage import Finding
from annotator.store.merge.files import FileMerge, merge_files
from annotator.store.repair.context import Mended, Workbench
from annotator.store.version_control import Unmerged, unmerged

CHOOSE = "open it as its annotator and choose a version in the palette (ctrl+p)"
"""What a person does about two versions of a set."""


def mend_unmerged(bench: Workbench, finding: Finding) -> Mended:
    """Merge both sides of a file, or let ours stand and put theirs beside it for a person to choose."""
    entry = next((entry for entry in unmerged(bench.files.root) if entry.path == finding.path), None)
    if entry is None or entry.ours is None or entry.theirs is None:
        return Mended(finding, "nothing could be done", todo=_one_sided(finding), is_mended=False)
    path = bench.files.root / finding.path
    here = bench.files.read(path)
    outcome = _merged(bench, entry, here) if here is not None else None
    ours = here
    if outcome is None or (outcome.data is None and not outcome.kept):  # the file has markers, or is gone
        ours = entry.ours
        outcome = _merged(bench, entry, ours)
    if outcome.data is None and not outcome.kept:
        return Mended(finding, f"nothing could be done: {outcome.reason}", _one_sided(finding), False)
    result = ours if outcome.data is None else outcome.data
    if result is not None and result != here:
        if here is not None:
            bench.quarantine.keep(finding.path, f"{finding.damage}: {finding.reason}")
        bench.files.write(path, result)
    staged = f"git add {shlex.quote(finding.path)}, in the store's folder"
    if outcome.data is not None:
        return Mended(finding, "merged with theirs, which git kept", staged)
    return Mended(finding, f"yours stays, theirs is {outcome.kept} beside it", f"{CHOOSE}, then {staged}")


def _merged(bench: Workbench, entry: Unmerged, ours: bytes) -> FileMerge:
    return merge_files(ours, entry.theirs or b"", bench.files.root / entry.path, base=entry.base)


def _one_sided(finding: Finding) -> str:
    name = shlex.quote(finding.path)
    return f"git checkout --ours {name} or --theirs {name}, then git add {name}, in the store's folder"
