"""Two histories of one annotation set made one: for repairs, for colleagues' stores, and for version control.

Every decision has a uid that it keeps in every copy, so two copies of a set are compared decision by decision. What
both begin with is their common part; what follows in each is its tail. Only `merged` joins two tails:

1. There is a common part. Two histories that share no decision were begun apart, perhaps by two people with one name.
2. Their tail, numbered anew, folds onto ours: each decision finds the span that it changes as it expects it, and none
   of their undos reaches back across our tail.
3. It does not matter which tail comes first: if the other order folds as well, it leads to the same spans, rejections,
   comments and status. So accepting here what was rejected there, or finishing here and skipping there, is a clash.
4. No two spans get into each other's way that did not in either history: in a flat label set none overlap, in a
   nested one none are alike.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import replace

from annotator.errors import FoldError
from annotator.model.annotations import AnnotationSet
from annotator.model.decisions import Decision
from annotator.model.seen_text import united

History = Sequence[Decision]


class Relation(enum.Enum):
    """How their history of a set stands to ours."""

    SAME = "there already"
    """Ours has every decision of theirs."""
    LONGER = "continued"
    """Theirs begins with all of ours and goes on."""
    APART = "apart"
    """Each has something that the other has not."""


def relation(ours: History, theirs: History) -> Relation:
    """How `theirs` stands to `ours`; decisions that a merge has brought are known, wherever they stand."""
    begin = common_length(ours, theirs)
    if begin == len(ours):
        return Relation.LONGER if len(theirs) > begin else Relation.SAME
    by_uid = {decision.uid: decision for decision in ours}
    if all(_is_known(decision, by_uid) for decision in theirs[begin:]):
        return Relation.SAME
    return Relation.APART


def common_length(ours: History, theirs: History) -> int:
    """How many decisions both histories begin with."""
    count = 0
    for one, other in zip(ours, theirs, strict=False):
        if one != other:
            break
        count += 1
    return count


def merged(ours: AnnotationSet, theirs: AnnotationSet, *, nested: bool) -> AnnotationSet | None:
    """The common part, then our tail, then theirs, numbered anew; None if they clash, as the module says.

    The result has our set's name. Its effort is the larger one of the two, since what they share is not known.
    """
    if not common_length(ours.decisions, theirs.decisions):
        return None
    result = _joined(ours, theirs)
    if result is None:
        return None
    turned = _joined(theirs, ours)
    if turned is not None and _state(turned) != _state(result):
        return None
    if (
        _in_the_way(result, nested=nested)
        - _in_the_way(ours, nested=nested)
        - _in_the_way(theirs, nested=nested)
    ):
        return None
    return result


def _joined(first: AnnotationSet, second: AnnotationSet) -> AnnotationSet | None:
    """All of `first`, then what `second` has more; None if that does not follow."""
    begin = common_length(first.decisions, second.decisions)
    last_common = max((decision.step for decision in first.decisions[:begin]), default=0)
    by_uid = {decision.uid: decision for decision in first.decisions}
    effort = max((first.effort, second.effort), key=lambda effort: (effort.keys, effort.seconds))
    result = AnnotationSet(
        first.document_id,
        first.annotator,
        first.decisions,
        effort=replace(effort, seen=united((*first.effort.seen, *second.effort.seen))),
    )
    # A step of the tail gets a number that no step before it has, so an undo of it finds no other one.
    shift = result.last_step - last_common
    try:
        for decision in second.decisions[begin:]:
            if decision.uid in by_uid:
                if not _is_known(decision, by_uid):
                    return None
                continue
            step = decision.step + (shift if decision.step > last_common else 0)
            result.apply(replace(decision, seq=result.revision + 1, step=step))
    except FoldError:
        return None
    return result


def _is_known(decision: Decision, by_uid: dict[str, Decision]) -> bool:
    """True if the same decision is there, under whatever number."""
    same = by_uid.get(decision.uid)
    return same is not None and replace(same, seq=decision.seq, step=decision.step) == decision


def _state(annotation_set: AnnotationSet) -> tuple[object, ...]:
    """What a set says, whatever way led to it."""
    spans = {span.uid: (span.span, span.suggestion) for span in annotation_set.spans}
    rejections = {rejection.key for rejection in annotation_set.rejections}
    return spans, rejections, annotation_set.status, annotation_set.comments, annotation_set.remarks


def _in_the_way(annotation_set: AnnotationSet, *, nested: bool) -> set[tuple[str, str]]:
    """The uids of each two spans that are in each other's way."""
    overlaps: set[tuple[str, str]] = set()
    open_spans: list[tuple[int, str, tuple[int, int, str]]] = []
    for span in annotation_set.spans:  # by start, so that what has ended before it never comes back
        open_spans = [item for item in open_spans if item[0] > span.start]
        here = (span.start, span.end, span.label)
        overlaps |= {(uid, span.uid) for _, uid, interval in open_spans if not nested or interval == here}
        open_spans.append((span.end, span.uid, here))
    return {(min(pair), max(pair)) for pair in overlaps}
