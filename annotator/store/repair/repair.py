"""Repair: mends what a check finds, after a backup, and puts aside what it cannot mend."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from annotator.model.decisions import new_uid
from annotator.model.labels import Label, LabelSet, is_label_name
from annotator.model.records import StoreInfo
from annotator.store.backups import KEPT, Backup, back_up, backups, read_from
from annotator.store.catalogue_keeper import catalogue_files
from annotator.store.check import Progress, check
from annotator.store.damage import Damage, Finding
from annotator.store.files import Files
from annotator.store.inspection import inspect_info
from annotator.store.layout import (
    ANNOTATIONS,
    ASSIGNMENTS,
    DOCUMENTS,
    MEMORY_FILE,
    STEPS,
    STORE_FILE,
)
from annotator.store.locks import HeldBy, Hold, Locks
from annotator.store.record_lists_table import RECORD_LISTS
from annotator.store.records import info_data
from annotator.store.repair.assignments import mend_assignment
from annotator.store.repair.context import Mended, Workbench
from annotator.store.repair.documents import mend_document
from annotator.store.repair.memory import mend_memory
from annotator.store.repair.quarantine import Quarantine
from annotator.store.repair.record_lists import mend_list
from annotator.store.repair.replay import Signature
from annotator.store.repair.salvage import salvaged, sides
from annotator.store.repair.sets import mend_set
from annotator.store.repair.unmerged import mend_unmerged
from annotator.store.repository import Store

_PASSES = 5
"""Mending one file may show damage in another, such as sets whose document had to be put aside."""

_OUT_OF_REACH = (Damage.UNREADABLE, Damage.NEWER, Damage.LINK)


@dataclass(slots=True)
class Repair:
    """One repair of the store below `files.root`. `backup` is made before anything else."""

    files: Files
    by: Signature
    backup: Backup | None = None
    quarantine: str = ""

    def run(self, *, progress: Progress | None = None) -> Iterator[Mended]:
        """Mend, and tell of each thing done. Nothing is touched when a check finds nothing.

        SaveError if something cannot be written; what was mended until then stays so.
        """
        findings = list(check(self.files, progress=progress))
        if not findings:
            return
        older = [backup.path for backup in backups(self.files)]
        self.backup = back_up(self.files, reason="before-repair", kept=KEPT)
        bench = Workbench(self.files, self.by, Quarantine(self.files), older)
        self.quarantine = bench.quarantine.name
        locks = Locks(self.files)
        holds: dict[str, Hold | HeldBy] = {}
        reported: set[tuple[str, Damage]] = set()
        try:
            for _ in range(_PASSES):
                done = ""
                for path, of_file in _by_file(findings).items():
                    if (path, of_file[0].damage) in reported:
                        continue
                    if done.startswith(f"{DOCUMENTS}/") and not path.startswith(f"{DOCUMENTS}/"):
                        break  # what was said of sets may hold no longer
                    mended = self._mend(bench, path, of_file, locks, holds)
                    if mended.is_mended:
                        done = path
                    else:
                        reported.add((path, of_file[0].damage))
                    yield mended
                if not done or not (findings := list(check(self.files, progress=progress))):
                    break
        finally:
            for hold in holds.values():
                if isinstance(hold, Hold):
                    hold.release()
            for cached in catalogue_files(self.files) or ():  # a file edited in place has escaped it
                self.files.remove_disposable(cached)

    def _mend(
        self,
        bench: Workbench,
        path: str,
        findings: list[Finding],
        locks: Locks,
        holds: dict[str, Hold | HeldBy],
    ) -> Mended:
        first = findings[0]
        if first.damage in _OUT_OF_REACH:
            return Mended(first, "nothing could be done", todo=first.remedy, is_mended=False)
        if path.startswith(f"{ANNOTATIONS}/"):
            annotator = path.split("/")[1]
            if annotator not in holds:
                holds[annotator] = locks.hold(annotator)
            if isinstance(holder := holds[annotator], HeldBy):
                return Mended(first, f"left alone, for it is held by {holder}", holder.error.hint, False)
        if first.damage is Damage.LEFT_OVER:
            self.files.remove(self.files.root / path)
            return Mended(first, "removed")
        if first.damage is Damage.STRAY:
            return bench.put_aside(first)
        if first.damage is Damage.UNMERGED:
            return mend_unmerged(bench, first)
        if path == STORE_FILE:
            return _mend_info(bench, first)
        if path.startswith(f"{STEPS}/"):
            for hold in holds.values():
                if isinstance(hold, Hold):
                    hold.release()
            holds.clear()
            return _mend_step(bench, first)
        if path.startswith(f"{DOCUMENTS}/"):
            return mend_document(bench, first)
        if path.startswith(f"{ASSIGNMENTS}/"):
            return mend_assignment(bench, first)
        if path in RECORD_LISTS:
            return mend_list(bench, first, RECORD_LISTS[path])
        if path == MEMORY_FILE:
            return mend_memory(bench, first)
        if first.damage is Damage.LABEL:
            return _add_labels(bench, findings)
        return mend_set(bench, first)


def _by_file(findings: list[Finding]) -> dict[str, list[Finding]]:
    """Findings by file: the store's own and documents first, for sets are measured by them; steps last."""
    order = {STORE_FILE: 0, DOCUMENTS: 1, STEPS: 3}
    grouped: dict[str, list[Finding]] = {}
    for finding in sorted(findings, key=lambda finding: order.get(finding.path.split("/")[0], 2)):
        grouped.setdefault(finding.path, []).append(finding)
    return grouped


def _mend_step(bench: Workbench, finding: Finding) -> Mended:
    if finding.damage is Damage.UNFINISHED:
        Store.open(bench.files.root).close()  # which rolls it forward
        if (bench.files.root / finding.path).exists():
            return bench.put_aside(finding, todo="do the step again: annotator labels")
        return Mended(finding, "brought to its end")
    return bench.put_aside(finding, todo="annotator labels shows which labels there are now")


def _mend_info(bench: Workbench, finding: Finding) -> Mended:
    """Bring `store.json` back from version control's sides, a backup, or the labels in use."""
    files = bench.files
    data = files.read(files.root / STORE_FILE)
    if data is not None:
        bench.quarantine.keep(STORE_FILE, finding.reason)
    candidates = list(sides(data)) if data is not None and finding.damage is Damage.MARKERS else []
    candidates += [old for archive in bench.older if (old := read_from(archive, STORE_FILE)) is not None]
    for candidate in candidates:
        info, problems = inspect_info(candidate, origin=STORE_FILE)
        if info is not None and not problems:
            files.write(files.root / STORE_FILE, info_data(info))
            return Mended(
                finding, "brought back as it was last whole", todo="check its label set: annotator labels"
            )
    if data is not None and finding.damage is Damage.CHANGED:
        info, _ = inspect_info(data, origin=STORE_FILE)
        if info is not None:
            files.write(files.root / STORE_FILE, info_data(info))
            return Mended(
                finding,
                "kept as it was changed, for no backup has it",
                todo="check its label set: annotator labels",
            )
    labels = dict.fromkeys(_labels_in_use(files))
    label_set = LabelSet(name="rebuilt", labels=tuple(Label(name=name) for name in labels or ["ENTITY"]))
    info = StoreInfo(uid=new_uid(), label_set=label_set, created=bench.by.when)
    files.write(files.root / STORE_FILE, info_data(info))
    return Mended(
        finding,
        f"made anew with the labels in use: {', '.join(label_set.by_name)}",
        todo="the label set has lost its keys, colours and descriptions, and whether it was nested",
    )


def _labels_in_use(files: Files) -> Iterator[str]:
    for path in [path for path in files.walk(files.root / ANNOTATIONS) if path.suffix == ".json"]:
        data = files.read(path)
        for row in salvaged(data or b"", ("status", "spans", "decisions")).rows.get("spans", []):
            if isinstance(label := row.get("label"), str) and is_label_name(label):
                yield label


def _add_labels(bench: Workbench, findings: list[Finding]) -> Mended:
    """Let the label set have the labels that a set uses: so nothing is lost, and a person may rename them."""
    files = bench.files
    data = files.read(files.root / STORE_FILE)
    info, _ = inspect_info(data or b"", origin=STORE_FILE)
    path = files.root / findings[0].path
    in_use = {
        str(row.get("label"))
        for row in salvaged(files.read(path) or b"", ("status", "spans", "decisions")).rows.get("spans", [])
    }
    if info is None or not all(map(is_label_name, in_use)):
        return Mended(findings[0], "nothing could be done", todo=findings[0].remedy, is_mended=False)
    unknown = sorted(in_use - set(info.label_set.by_name))
    if renamed := [name for name in unknown if info.label_set.map.get(name)]:
        merges = " and ".join(f"annotator labels merge {name} {info.label_set.map[name]}" for name in renamed)
        return Mended(findings[0], "left alone, for the label was renamed here", todo=merges, is_mended=False)
    new = tuple(Label(name=name) for name in unknown)
    labels = replace(info.label_set, labels=(*info.label_set.labels, *new))
    files.write(files.root / STORE_FILE, info_data(replace(info, label_set=labels)))
    names = ", ".join(label.name for label in new)
    return Mended(
        findings[0],
        f"added to the label set: {names}",
        todo="if a label was misspelt: annotator labels rename OLD NEW, or merge OLD INTO",
    )
