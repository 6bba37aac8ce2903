"""The conflict state: how the gold set of a document stands to what its annotators marked."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from annotator.model.annotations import AnnotationSet, DecidedSpan
from annotator.model.decisions import By, Status
from annotator.model.intervals import Intervals
from annotator.model.labels import LabelSet
from annotator.model.spans import Span, Suggestion, walking_order
from annotator.review.checks import spot_checked
from annotator.review.conflicts import Comparison, Conflict, Key, Kind, Version, compare, key_of
from annotator.review.provenance import Source, is_unseen, provenance, suggestion_of


class Outcome(enum.StrEnum):
    """How a conflict is settled, if it is."""

    OPEN = "open"
    NO_ENTITY = "no entity"
    UNANIMOUS = "unanimous"
    MAJORITY = "majority"
    WEIGHTED = "weighted"
    VERSION = "version"
    EDITED = "edited"
    """By an edit, or by spans that came in different ways."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many conflicts of a document, or of several, are open and settled."""

    open: int = 0
    settled: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.open + other.open, self.settled + other.settled)


class ConflictState:
    """The conflicts and unanimous spans of one document, and what the gold set says to each.

    A span that somebody marked is decided if the gold set has it, has a span that came from it, or has rejected it;
    one that stands in gold only because all agreed, which they no longer do, is not. A conflict is settled if every
    span of each version is decided. So a settled conflict stays so when an annotator's set changes, unless that
    brings a span that nobody has decided on.

    A unanimous span is settled once it stands in gold, or was rejected while unanimous; one under a spot check only
    once a person has decided on it.
    """

    def __init__(
        self,
        comparison: Comparison,
        gold: AnnotationSet,
        *,
        nested: bool,
        checked: Iterable[Key] = (),
    ) -> None:
        self.comparison = comparison
        self.gold = gold
        self.nested = nested
        self.items = comparison.all
        self.home = {key: number for number, item in enumerate(self.items) for key in item.keys}
        """Which of `items` each span that anybody marked is in."""
        self.checked = frozenset(checked)
        self.offered = {
            key: suggestion_of(key, _holders(item, key), _source(item))
            for item in self.items
            for key in item.keys
        }
        """All that anybody marked, as suggestions on the gold set."""
        self._places = Intervals(self.items)

    def number(self, conflict: Conflict) -> int:
        """The place of a conflict in `items`."""
        return self.home[conflict.keys[0]]

    def overlapping(self, start: int, end: int) -> list[Conflict]:
        """The items that share a character with the range, in walking order."""
        return list(self._places.overlapping(start, end))

    def is_shown(self, conflict: Conflict) -> bool:
        """True unless all agree on it, it stands so in gold, and nobody asked for a check."""
        return conflict.kind is not Kind.CHECK or self._is_checked(conflict) or not self.is_settled(conflict)

    def is_settled(self, conflict: Conflict) -> bool:
        """True if nothing is left to decide in it."""
        if conflict.kind is Kind.CHECK:
            is_checked = self._is_checked(conflict)
            return all(self._is_confirmed(key, is_checked=is_checked) for key in conflict.keys)
        return all(self.is_decided(key) for key in conflict.keys)

    def _is_checked(self, conflict: Conflict) -> bool:
        return not self.checked.isdisjoint(conflict.keys)

    def is_decided(self, key: Key) -> bool:
        """True if a person has decided on a span that somebody marked."""
        stands = self.standing(key)
        if stands is not None and is_unseen(stands):
            return False
        offered = self.offered[key]
        return stands is not None or self.gold.is_rejected(offered) or self.gold.is_taken(offered)

    def _is_confirmed(self, key: Key, *, is_checked: bool) -> bool:
        """True if a unanimous span stands in gold, or was rejected although all agreed on it."""
        stands = self.standing(key)
        if stands is not None:
            return not (is_checked and is_unseen(stands))
        return self.gold.is_taken(self.offered[key]) or self.rejected_as(key) == Source.UNANIMOUS

    def standing(self, key: Key) -> DecidedSpan | None:
        """The gold span with just these offsets and label."""
        here = self.gold.spans.overlapping(key[0], key[1])
        return next((decided for decided in here if key_of(decided.span) == key), None)

    def rejected_as(self, key: Key) -> str | None:
        """The source that a span had when it was rejected; None if it is not."""
        here = self.gold.rejections.overlapping(key[0], key[1])
        return next((suggestion.source for suggestion in here if suggestion.key == key), None)

    def spans(self, conflict: Conflict) -> tuple[DecidedSpan, ...]:
        """The gold spans that are an answer to the conflict, in walking order: those that overlap it.

        In a nested label set not those that are a span of another conflict or come from one, and of those that the
        reviewer added only one that is no mention of its own: at the same offsets, or crossing.
        """
        here = self.gold.spans.overlapping(conflict.start, conflict.end)
        return tuple(decided for decided in here if not self.nested or self._belongs(decided, conflict))

    def _belongs(self, decided: DecidedSpan, conflict: Conflict) -> bool:
        own = key_of(decided.span)
        origin = decided.suggestion.key if decided.suggestion else own
        for key in (own, origin):
            if (home := self.home.get(key)) is not None:
                return home == self.number(conflict)
        return any(
            walking_order(decided) == walking_order(Span(*key))
            or (is_alternative(own, key) if decided.suggestion is None else _meets(own, key))
            for key in conflict.keys
        )

    def versions(self, conflict: Conflict) -> tuple[Version, ...]:
        """The annotators' versions and, once anything is decided, which of them stands in gold.

        If none does, what stands there comes last, as a version of its own.
        """
        spans = self.spans(conflict)
        if not spans and not any(self.gold.is_rejected(self.offered[key]) for key in conflict.keys):
            return conflict.versions
        keys = frozenset(key_of(decided.span) for decided in spans)
        if any(version.keys == keys for version in conflict.versions):
            return tuple(replace(version, in_gold=version.keys == keys) for version in conflict.versions)
        return (*conflict.versions, Version(tuple(decided.span for decided in spans), (), in_gold=True))

    def outcome(self, conflict: Conflict) -> Outcome:
        """How it is settled."""
        if not self.is_settled(conflict):
            return Outcome.OPEN
        origins = {provenance(decided).origin.value for decided in self.spans(conflict)}
        if not origins:
            return Outcome.NO_ENTITY
        is_one = len(origins) == 1 and origins <= set(Outcome)
        return Outcome(origins.pop()) if is_one else Outcome.EDITED

    def to_take(self) -> list[Suggestion]:
        """The unanimous spans that gold says nothing about: neither rejected, nor taken before and taken back.

        None where gold has something else already: in a flat label set any span that overlaps, in a nested one a span
        at the same offsets.
        """
        before = {
            decision.suggestion.key
            for decision in self.gold.decisions
            if decision.by is By.AGREEMENT and decision.suggestion
        }
        return [
            self.offered[key]
            for item in self.comparison.unanimous
            for key in item.keys
            if key not in before and self._is_free(key)
        ]  # fmt: skip

    def _is_free(self, key: Key) -> bool:
        offered = self.offered[key]
        if self.gold.is_taken(offered) or self.gold.is_rejected(offered):
            return False
        here = self.gold.spans.overlapping(key[0], key[1])
        return not any(
            not self.nested or walking_order(decided) == walking_order(offered) for decided in here
        )


def conflicts_of(
    sets: Mapping[str, Iterable[Span]],
    gold: AnnotationSet,
    label_set: LabelSet,
    *,
    check_share: float = 0.0,
    seed: int = 0,
) -> tuple[list[Conflict], list[Conflict]]:
    """The conflicts of a document, open and settled, without a session; for queues and progress.

    Unanimous spans that a session would take when it begins are neither; in a done document it takes none.
    """
    comparison = compare(sets, nested=label_set.nested)
    checked = spot_checked(comparison.unanimous, document_id=gold.document_id, share=check_share, seed=seed)
    conflict_state = ConflictState(comparison, gold, nested=label_set.nested, checked=checked)
    waiting = {conflict.key for conflict in conflict_state.to_take()} - checked
    if gold.status is Status.DONE:
        waiting.clear()
    conflicts: tuple[list[Conflict], list[Conflict]] = ([], [])
    for item in conflict_state.items:
        if conflict_state.is_shown(item) and waiting.isdisjoint(item.keys):
            conflicts[conflict_state.is_settled(item)].append(item)
    return conflicts


def count_conflicts(
    sets: Mapping[str, Iterable[Span]],
    gold: AnnotationSet,
    label_set: LabelSet,
    *,
    check_share: float = 0.0,
    seed: int = 0,
) -> Counts:
    """How many conflicts of a document are open and settled, as `conflicts_of` has them."""
    return Counts(*map(len, conflicts_of(sets, gold, label_set, check_share=check_share, seed=seed)))


def is_alternative(one: Key, other: Key) -> bool:
    """True if two spans cannot both be mentions even where spans may nest: they cross, or have the same offsets."""
    if one[:2] == other[:2]:
        return True
    return one[0] < other[0] < one[1] < other[1] or other[0] < one[0] < other[1] < one[1]


def _meets(one: Key, other: Key) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _holders(conflict: Conflict, key: Key) -> list[str]:
    return sorted(name for version in conflict.versions if key in version.keys for name in version.annotators)


def _source(conflict: Conflict) -> Source:
    return Source.UNANIMOUS if conflict.kind is Kind.CHECK else Source.VERSION
