"""Annotation sets made again from what is left of them.

A set is the fold of its decisions, so what cannot be folded any more must be made foldable, and openly: where a
decision is lost, an ordinary decision by whoever repairs, made in bulk, brings the span to where the next decision
on it begins.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
    replayed_set, left_out, added = empty, [], 0
    for decision in decisions:
        if _is_applied(replayed_set, decision):
            continue
        if decision.span is None or decision.verb in (Verb.UNDO, Verb.REDO):
            left_out.append(decision)
            continue
        standing = replayed_set.get(decision.span)
        value = standing.span if standing else None
        if value != decision.before:
            bridge = _change(replayed_set, decision.span, value, decision.before, decision.step, by)
            added += _is_applied(replayed_set, bridge)
        if not _is_applied(replayed_set, decision):
            left_out.append(decision)
    return Replayed(replayed_set, tuple(left_out), added)


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
    standing = {decided.uid: decided.span for decided in annotation_set.spans}
    changes = [
        (uid, standing.get(uid), wanted.get(uid))
        for uid in [*standing, *(uid for uid in wanted if uid not in standing)]
        if (uid in wanted or is_whole) and standing.get(uid) != wanted.get(uid)
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
