"""Annotation sets made again from what is left of them, and from two versions of them.

A set is the fold of its decisions, so what cannot be folded any more must be made foldable, and openly: where a
decision is lost, an ordinary decision by whoever repairs, made in bulk, brings the span to where the next decision
on it begins.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from annotator.errors import FoldError
from annotator.model.annotations import AnnotationSet
from annotator.model.decisions import By, Decision, Status, Verb, new_uid
from annotator.model.spans import Span

_VERB_TO = {Status.DONE: Verb.FINISH, Status.SKIPPED: Verb.SKIP, Status.STARTED: Verb.REOPEN}


@dataclass(frozen=True, slots=True)
class Signature:
    """Who repairs, and when, in UTC and ISO 8601."""

    who: str
    when: str

    def decision(self, annotation_set: AnnotationSet, verb: Verb, step: int) -> Decision:
        """The next decision of a set, made in bulk."""
        return Decision(
            annotation_set.revision + 1, step, verb, self.who, self.when, by=By.BULK, uid=new_uid()
        )


@dataclass(frozen=True, slots=True)
class Replayed:
    """A set made again: `left_out` are decisions that could not be folded, `added` how many had to be added."""

    annotation_set: AnnotationSet
    left_out: tuple[Decision, ...]
    added: int


def verb_between(before: Span | None, after: Span | None) -> Verb:
    """What a person would have done to get from one value of a span to the other."""
    if before is None:
        return Verb.ADD
    if after is None:
        return Verb.REMOVE
    if before.label != after.label:
        return Verb.RELABEL
    if (before.start, before.end) != (after.start, after.end):
        return Verb.RESIZE
    return Verb.DOUBT if before.doubt != after.doubt else Verb.NOTE


def replayed(empty: AnnotationSet, decisions: Iterable[Decision], *, by: Signature) -> Replayed:
    """Fold `decisions`, of which some may be missing, into `empty`; they are numbered anew."""
    made, left_out, added = empty, [], 0
    for decision in decisions:
        if _is_applied(made, decision):
            continue
        if decision.span is None or decision.verb in (Verb.UNDO, Verb.REDO):
            left_out.append(decision)
            continue
        there = made.get(decision.span)
        value = there.span if there else None
        if value != decision.before:
            bridge = _change(made, decision.span, value, decision.before, decision.step, by)
            added += _is_applied(made, bridge)
        if not _is_applied(made, decision):
            left_out.append(decision)
    return Replayed(made, tuple(left_out), added)


def reconcile(
    annotation_set: AnnotationSet,
    wanted: Mapping[str, Span],
    *,
    is_whole: bool,
    status: Status | None,
    by: Signature,
) -> list[Decision]:
    """Bring the spans of a set, by uid, and its status to what is wanted, as one step; the decisions added.

    Without `is_whole`, spans that are not in `wanted` stay.
    """
    step = annotation_set.last_step + 1
    there = {decided.uid: decided.span for decided in annotation_set.spans}
    changes = [
        (uid, there.get(uid), wanted.get(uid))
        for uid in [*there, *(uid for uid in wanted if uid not in there)]
        if (uid in wanted or is_whole) and there.get(uid) != wanted.get(uid)
    ]
    # What goes makes room first, so that no two spans overlap on the way.
    changes.sort(key=lambda change: change[2] is not None)
    begin = annotation_set.revision
    status = annotation_set.status if status is None else status
    for uid, before, after in changes:
        annotation_set.apply(_change(annotation_set, uid, before, after, step, by))
    if status is not annotation_set.status and status in _VERB_TO:
        annotation_set.apply(by.decision(annotation_set, _VERB_TO[status], step))
    return annotation_set.decisions[begin:]


def merged(
    new_set: Callable[[], AnnotationSet],
    ours: Sequence[Decision],
    theirs: Sequence[Decision],
    *,
    nested: bool,
) -> AnnotationSet | None:
    """One history out of two that begin alike: the common beginning, then ours, then theirs, numbered anew.

    Decisions are told apart by their uids; the same one is kept once. None if theirs do not follow from ours, such
    as after different decisions on one span or an undo of what both began with, or if spans would get into
    each other's way that did not before.
    """
    common = 0
    for one, other in zip(ours, theirs, strict=False):
        if one.uid != other.uid:
            break
        common += 1
    result = new_set()
    last_common = max((decision.step for decision in ours[:common]), default=0)
    try:
        for decision in ours:
            result.apply(decision)
        known = {decision.uid for decision in ours}
        shift = result.last_step - last_common
        for decision in theirs[common:]:
            if decision.uid not in known:
                step = decision.step + (shift if decision.step > last_common else 0)
                result.apply(replace(decision, seq=result.revision + 1, step=step))
    except FoldError:
        return None
    alone = [_folded(new_set(), each) for each in (ours, theirs)]
    ends = {each.status for each in alone} - {Status.TODO, Status.STARTED}
    if len(ends) > 1 or _in_the_way(result, nested=nested) > max(
        _in_the_way(each, nested=nested) for each in alone
    ):
        return None
    return result


def _folded(empty: AnnotationSet, decisions: Iterable[Decision]) -> AnnotationSet:
    for decision in decisions:
        if not _is_applied(empty, decision):
            break
    return empty


def _in_the_way(annotation_set: AnnotationSet, *, nested: bool) -> int:
    """How many spans stand in the way of one before them: in a flat label set any that overlaps it."""
    count, end, before = 0, 0, None
    for each in annotation_set.spans:
        here = (each.start, each.end, each.label)
        count += here == before or (not nested and each.start < end)
        end, before = max(end, each.end), here
    return count


def _is_applied(annotation_set: AnnotationSet, decision: Decision) -> bool:
    try:
        annotation_set.apply(replace(decision, seq=annotation_set.revision + 1))
    except FoldError:
        return False
    return True


def _change(
    annotation_set: AnnotationSet,
    uid: str,
    before: Span | None,
    after: Span | None,
    step: int,
    by: Signature,
) -> Decision:
    decision = by.decision(annotation_set, verb_between(before, after), step)
    return replace(decision, span=uid, before=before, after=after)
