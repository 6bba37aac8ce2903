"""Mending: what an audit found, made alike through the store as one step."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from annotator.editing.recorder import Clock, utc_now
from annotator.errors import InputError, StoreError
from annotator.measure.consistency import Mend, Place
from annotator.model.annotations import AnnotationSet
from annotator.model.decisions import By, Decision, Status, Verb, new_uid, time_text
from annotator.model.documents import Document
from annotator.model.labels import LabelSet
from annotator.model.spans import Span
from annotator.model.tokens import Tokens
from annotator.store.plans import Plan, Planned
from annotator.store.repository import Store

TokensOf = Callable[[Document], Tokens | None]
"""The tokens that spans on a document must keep to, where they are known."""


@dataclass(frozen=True, slots=True)
class SkippedMend:
    """A place that is left as it is, and why."""

    place: Place
    reason: str


@dataclass(frozen=True, slots=True)
class Mending:
    """What mending would do, before it is done: how many spans in how many sets, and which places stay as they are."""

    plan: Plan
    spans: int
    sets: int
    skipped: tuple[SkippedMend, ...]


def plan_mends(
    store: Store,
    mends: Iterable[Mend],
    *,
    title: str,
    who: str,
    tokens_of: TokensOf | None = None,
    clock: Clock = utc_now,
) -> Mending:
    """Plan these mends as one step of the store, told as `title`; nothing is changed.

    Skipped are places that look different by now, labels that the label set does not have, what a person has
    rejected there, spans off the document's tokens, and, in a flat label set, spans that would overlap another.
    The status of each set stays. Several mends of one span, such as its label and an edge, add up.
    """
    by_set: dict[tuple[str, str], list[Mend]] = {}
    for mend in mends:
        by_set.setdefault((mend.place.annotator, mend.place.document), []).append(mend)
    when = time_text(clock())
    planned: list[Planned] = []
    skipped: list[SkippedMend] = []
    spans = sets = 0
    for (annotator, document_id), wanted in sorted(by_set.items()):
        try:
            mender = _Mender(store, document_id, annotator, who=who, when=when, tokens_of=tokens_of)
        except (StoreError, InputError) as error:
            skipped += [SkippedMend(mend.place, error.message) for mend in wanted]
            continue
        for mend in sorted(wanted, key=lambda mend: (mend.place, mend.start, mend.end, mend.label)):
            if reason := mender.mend(mend):
                skipped.append(SkippedMend(mend.place, reason))
        if decisions := mender.decisions():
            spans += mender.mended
            sets += 1
            planned += [Planned(document_id, annotator, decision) for decision in decisions]
    plan = Plan(new_uid(), title, who, when, tuple(planned)).with_own_uids()
    return Mending(plan, spans, sets, tuple(skipped))


class _Mender:
    """Mends one set, a copy of its own: each mend sees what those before it have made."""

    def __init__(
        self,
        store: Store,
        document_id: str,
        annotator: str,
        *,
        who: str,
        when: str,
        tokens_of: TokensOf | None,
    ) -> None:
        document = store.document(document_id)
        self._set: AnnotationSet = store.load_set(document_id, annotator, gold=True)
        self._status = self._set.status
        self._label_set: LabelSet = store.info.label_set
        self._text = document.text
        self._tokens = document.tokens or (tokens_of(document) if tokens_of else None)
        self._who, self._when = who, when
        self._uids = {(span.start, span.end, span.label): span.uid for span in self._set.spans}
        self._made: list[Decision] = []
        self.mended = 0

    def mend(self, mend: Mend) -> str:
        """Make one mend; why it is left out, or nothing."""
        treated = mend.place
        uid = self._uids.get((treated.start, treated.end, treated.label)) if treated.label else None
        standing = self._set.get(uid) if uid is not None else None
        if treated.label and standing is None:
            return "decided on since it was found"
        before = standing.span if standing is not None else None
        after = _changed(before, mend) if before is not None else Span(mend.start, mend.end, mend.label)
        if reason := self._obstacle(after, uid):
            return reason
        if after != before:
            self.mended += 1
            self._record(_verb(before, after), uid or new_uid(), before, after)
        return ""

    def decisions(self) -> list[Decision]:
        """What was made, as a step that leaves the status as it was."""
        if self._made and self._status is Status.SKIPPED:  # any decision on it takes it up again
            self._made.append(self._decision(Verb.SKIP, None, None, None))
        return self._made

    def _obstacle(self, after: Span, uid: str | None) -> str:
        if after.label not in self._label_set:
            return f"{after.label} is not in the label set"
        if any(
            (rejection.start, rejection.end, rejection.label) == (after.start, after.end, after.label)
            for rejection in self._set.rejections
        ):
            return f"rejected as {after.label} before"
        if self._tokens is not None and not self._tokens.is_aligned(after.start, after.end):
            return "its edges would be off the document's tokens"
        for other in self._set.spans.overlapping(after.start, after.end):
            is_same = (other.start, other.end, other.label) == (after.start, after.end, after.label)
            if other.uid != uid and (is_same or not self._label_set.nested):
                return f"it would overlap {self._text[other.start : other.end]} {other.label}"
        return ""

    def _record(self, verb: Verb, uid: str | None, before: Span | None, after: Span | None) -> None:
        decision = self._decision(verb, uid, before, after)
        self._made.append(decision)
        step = self._set.last_step + (len(self._made) == 1)
        self._set.apply(replace(decision, seq=self._set.revision + 1, step=step))

    def _decision(self, verb: Verb, uid: str | None, before: Span | None, after: Span | None) -> Decision:
        return Decision(0, 0, verb, self._who, self._when, uid, before, after, by=By.BULK, uid=new_uid())


def _changed(span: Span, mend: Mend) -> Span:
    """`span`, which other mends may have changed already, with what this one changes of its place."""
    treated = mend.place
    return replace(
        span,
        start=span.start if mend.start == treated.start else mend.start,
        end=span.end if mend.end == treated.end else mend.end,
        label=span.label if mend.label == treated.label else mend.label,
    )


def _verb(before: Span | None, after: Span) -> Verb:
    if before is None:
        return Verb.ADD
    return Verb.RELABEL if (before.start, before.end) == (after.start, after.end) else Verb.RESIZE
