"""Mending an annotation set's file: everything that is whole of its decisions is kept."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from tinydb.table import Document as Row

from annotator.errors import DamageError, FoldError
from annotator.model.annotations import AnnotationSet, Effort
from annotator.model.counting import counted
from annotator.model.decisions import Decision, new_uid
from annotator.model.records import SetStatus
from annotator.model.spans import Span
from annotator.store.damage import Damage, Finding
from annotator.store.inspection import DocumentFacts, inspect_document, inspect_info, inspect_set
from annotator.store.layout import DOCUMENTS, STORE_FILE, is_version, main_path, set_path
from annotator.store.merge.histories import Relation, merged, relation
from annotator.store.merge.second_versions import keep_version
from annotator.store.records import SET_TABLES, decisions_of, span_of, status_of
from annotator.store.repair.context import Mended, Workbench
from annotator.store.repair.replay import Replayed, Signature, reconcile, replayed
from annotator.store.repair.salvage import Salvaged, salvaged, sides
from annotator.store.repair.unmerged import CHOOSE

_OTHER_TEXT = "import its document again, with the text it was made on, then move the set back"


@dataclass(frozen=True, slots=True)
class Remains:
    """What is whole of a set's file."""

    status: SetStatus | None
    decisions: list[Decision]
    spans: dict[str, Span]
    are_spans_whole: bool
    lost: int

    @classmethod
    def of(cls, data: bytes) -> Remains:
        """Read a file of which any part may be damaged."""
        salvage = salvaged(data, SET_TABLES)
        rows = salvage.rows.get("status", [])
        spans = {}
        for row in salvage.rows.get("spans", []):
            with suppress(ValueError):
                spans[row["uid"]] = span_of(row)
        return cls(
            next(filter(None, map(_status, rows)), None),
            _unique(_decisions(salvage)),
            spans,
            salvage.is_whole("spans"),
            salvage.lost.get("decisions", 0),
        )

    @property
    def effort(self) -> Effort:
        return self.status.effort if self.status else Effort()

    def rebuilt(self, document_id: str, annotator: str, by: Signature) -> Replayed:
        """The set that follows from what is there, with the spans as they were last."""
        annotation_set = self.folded(document_id, annotator)
        if annotation_set is not None:
            return Replayed(annotation_set, (), 0)
        empty = AnnotationSet(document_id, annotator, effort=self.effort)
        again = replayed(empty, self.decisions, by=by)
        status = self.status.status if self.status else None
        more = reconcile(
            again.annotation_set, self.spans, is_whole=self.are_spans_whole, status=status, by=by
        )
        return replace(again, added=again.added + len(more))

    def folded(self, document_id: str, annotator: str) -> AnnotationSet | None:
        """The fold of the decisions, if none is missing."""
        try:
            rebuilt = AnnotationSet(document_id, annotator, self.decisions, effort=self.effort)
        except FoldError:
            return None
        if self.lost or (self.status is not None and self.status.revision != rebuilt.revision):
            return None
        if self.status is None and self.are_spans_whole:
            return rebuilt if {span.uid: span.span for span in rebuilt.spans} == self.spans else None
        return rebuilt


def mend_set(bench: Workbench, finding: Finding) -> Mended:
    """Mend the file of one annotation set, or put it aside."""
    path = finding.path
    if path.count("/") == 1:
        return _join_spellings(bench, finding)
    data = bench.files.read(bench.files.root / path) or b""
    if is_version(path):
        return _join_version(bench, finding, data)
    status, loaded, _ = inspect_set(data, origin=path)
    if status is not None and (expected := set_path(status.document, status.annotator)) != path:
        if loaded is None:
            return bench.put_aside(finding, todo="it is damaged as well, and has another place")
        return _move(bench, finding, loaded, expected)
    if finding.damage is Damage.ORPHAN and status is not None and bench.bring_back(status.document):
        return Mended(finding, "its document was brought back from a backup")
    if finding.damage in (Damage.ORPHAN, Damage.TEXT):
        return bench.put_aside(finding, todo=_OTHER_TEXT)
    facts = _facts(bench, path, data)
    if facts is None:
        return bench.put_aside(finding, todo=_OTHER_TEXT)
    annotator = path.split("/")[1]
    if finding.damage is Damage.MARKERS:
        return _join_sides(bench, finding, data, facts, annotator)
    if finding.damage is Damage.OFFSETS and loaded is not None:
        inside = {span.uid: span.span for span in loaded.spans if span.end <= facts.length}
        gone = reconcile(loaded, inside, is_whole=True, status=loaded.status, by=bench.by)
        bench.quarantine.keep(path, finding.reason)
        bench.write_set(path, loaded, facts.sha256)
        return Mended(finding, f"removed {counted(len(gone), 'span')} that had no text", "mark them again")
    remains = Remains.of(data)
    expected = bench.quarantine.keep(path, f"{finding.damage}: {finding.reason}")
    again = remains.rebuilt(facts.id, annotator, bench.by)
    bench.write_set(path, again.annotation_set, facts.sha256)
    return Mended(finding, _summary(remains, again), f"the original is {expected}")


def _summary(remains: Remains, again: Replayed) -> str:
    kept = len(remains.decisions) - len(again.left_out)
    parts = [f"{counted(kept, 'decision')} kept"]
    if remains.lost:
        parts.append(f"{remains.lost} unreadable")
    if again.left_out:
        numbers = ", ".join(str(decision.seq) for decision in again.left_out[:5])
        parts.append(f"{len(again.left_out)} left out, for they follow from lost ones (number {numbers})")
    if again.added:
        parts.append(f"{again.added} added in bulk, to bring the spans to what they were")
    return ", ".join(parts)


def _join_sides(
    bench: Workbench, finding: Finding, data: bytes, facts: DocumentFacts, annotator: str
) -> Mended:
    """Merge two versions that version control could not merge, decision by decision."""
    ours, theirs = (Remains.of(side) for side in sides(data))
    original = bench.quarantine.keep(finding.path, f"{finding.damage}: {finding.reason}")
    both = [side.folded(facts.id, annotator) for side in (ours, theirs)]
    joined = None
    if both[0] is not None and both[1] is not None:
        joined = merged(both[0], both[1], nested=_is_nested(bench))
    if joined is not None:
        bench.write_set(finding.path, joined, facts.sha256)
        return Mended(finding, f"merged into {counted(joined.revision, 'decision')}")
    if both[0] is not None and both[1] is not None:
        bench.write_set(finding.path, both[0], facts.sha256)
        name = keep_version(bench.files, both[1], facts.sha256, source="theirs")
        return Mended(finding, f"yours stays, theirs is {name} beside it", CHOOSE)
    longer = max((ours, theirs), key=lambda annotation_set: len(annotation_set.decisions))
    kept = longer.rebuilt(facts.id, annotator, bench.by)
    bench.write_set(finding.path, kept.annotation_set, facts.sha256)
    side = "ours" if longer is ours else "theirs"
    return Mended(
        finding,
        f"two histories that do not go together: kept {side}, with {counted(kept.annotation_set.revision, 'decision')}",
        f"both stand in {original}; do by hand what the other one had",
    )


def _join_version(bench: Workbench, finding: Finding, data: bytes) -> Mended:
    """Merge a version that another program put beside a set's file."""
    main = main_path(finding.path)
    status, version, _ = inspect_set(data, origin=finding.path)
    old = bench.files.read(bench.files.root / main)
    _, standing, _ = inspect_set(old or b"", origin=main)
    if version is None or status is None or standing is None:
        if old is None and version is not None and status is not None:
            bench.write_set(main, version, status.text_sha256)
            return bench.put_aside(finding, reason=f"it is the only version and stands in {main} now")
        return bench.put_aside(
            finding, todo="one of the two versions is damaged; the other stands in its place"
        )
    if (
        relation(standing.decisions, version.decisions) is not Relation.SAME
        and merged(standing, version, nested=_is_nested(bench)) is None
    ):
        return Mended(finding, "both versions stay, for they do not go together", CHOOSE, is_mended=False)
    return _join(bench, finding, version, standing, main, status.text_sha256)


def _move(bench: Workbench, finding: Finding, loaded: AnnotationSet, target: str) -> Mended:
    """Bring a set to where it belongs, into the one that stands there if there is one."""
    files = bench.files
    status, standing, _ = inspect_set(old := files.read(files.root / target) or b"", origin=target)
    if not old:
        data = files.read(files.root / finding.path) or b""
        files.write(files.root / target, data)
        files.remove(files.root / finding.path)
        return Mended(finding, f"moved to {target}")
    if standing is None or status is None:
        return bench.put_aside(finding, todo=f"{target} is damaged; compare the two once it is mended")
    return _join(bench, finding, loaded, standing, target, status.text_sha256)


def _join(
    bench: Workbench, finding: Finding, other: AnnotationSet, standing: AnnotationSet, path: str, sha256: str
) -> Mended:
    if relation(standing.decisions, other.decisions) is Relation.SAME:
        joined: AnnotationSet | None = standing
    else:
        joined = merged(standing, other, nested=_is_nested(bench))
    if joined is None:
        return bench.put_aside(finding, todo=f"it goes another way than {path}; do by hand what it had more")
    if joined.revision > standing.revision:
        bench.write_set(path, joined, sha256)
    done = bench.put_aside(finding, reason=f"all of it stands in {path} now")
    return replace(done, done=f"merged into {path}; {done.done}")


def _join_spellings(bench: Workbench, finding: Finding) -> Mended:
    """Bring the sets of a name that differs from another's in capitals alone to that other."""
    folder = bench.files.root / finding.path
    name = folder.name
    other = next(
        other for other in bench.files.names(folder.parent) if other != name and other.lower() == name.lower()
    )
    paths = [path for path in bench.files.walk(folder) if path.suffix == ".json"]
    for path in paths:
        here = path.relative_to(bench.files.root).as_posix()
        status, loaded, _ = inspect_set(bench.files.read(path) or b"", origin=here)
        finding_there = Finding(here, finding.damage, finding.reason)
        if loaded is None or status is None:
            bench.put_aside(finding_there)
            continue
        moved = AnnotationSet(loaded.document_id, other, loaded.decisions, effort=loaded.effort)
        expected = set_path(loaded.document_id, other)
        if not (bench.files.root / expected).exists():
            bench.write_set(expected, moved, status.text_sha256)
            bench.files.remove(path)
        else:
            _move(bench, finding_there, moved, expected)
    for empty in sorted((path for path in folder.rglob("*") if path.is_dir()), reverse=True):
        empty.rmdir()
    folder.rmdir()
    return Mended(finding, f"{counted(len(paths), 'set')} brought to {other}, or put aside")


def _facts(bench: Workbench, path: str, data: bytes) -> DocumentFacts | None:
    """The document of a set, told by the place of the set's file."""
    _, _, shard, name = path.split("/")
    origin = f"{DOCUMENTS}/{shard}/{name}"
    facts, _ = inspect_document(bench.files.read(bench.files.root / origin) or b"", origin=origin)
    return facts


def _is_nested(bench: Workbench) -> bool:
    info, _ = inspect_info(bench.files.read(bench.files.root / STORE_FILE) or b"", origin=STORE_FILE)
    return info is not None and info.label_set.nested


def _decisions(salvage: Salvaged) -> list[Decision]:
    decisions: list[Decision] = []
    for row in salvage.rows.get("decisions", []):
        try:
            decisions += decisions_of([row], origin="")
        except DamageError:
            salvage.lose("decisions")
    return decisions


def _unique(decisions: Sequence[Decision]) -> list[Decision]:
    """The decisions without repetitions; others that share a uid get one of their own."""
    by_uid: dict[str, Decision] = {}
    for decision in decisions:
        if by_uid.get(decision.uid) == decision:
            continue
        if decision.uid in by_uid:
            decision = replace(decision, uid=new_uid())
        by_uid[decision.uid] = decision
    return list(by_uid.values())


def _status(row: Row) -> SetStatus | None:
    try:
        return status_of(row, origin="")
    except DamageError:
        return None
