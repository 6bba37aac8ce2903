"""What one annotator's work tells: how far it is, what it cost, and how good the suggestions were.

A suggestion has an outcome once a person has decided on it: accepted as it was, accepted with another label, with other
edges, with both, or rejected; what no suggestion offered is added. Outcomes are those that stand at the end, so what
was taken back does not count. Accepted by its own key, in bulk and with the document are told apart, since nobody may
have looked twice at the last.
"""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import Any

from annotator.model.annotations import AnnotationSet, DecidedSpan
from annotator.model.decisions import By, Status, Verb

FASTEST_READING = 600
"""Words per minute from which on a text has hardly been read: silent reading of English is at about 240 (Brysbaert 2019)."""


class Outcome(enum.StrEnum):
    """What became of a suggestion, or that there was none."""

    ACCEPTED = "accepted"
    RELABELLED = "relabelled"
    RESIZED = "resized"
    BOTH = "relabelled and resized"
    REJECTED = "rejected"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class SetFacts:
    """What counts of one annotation set. `finished` is when it was finished last, in ISO 8601; "" if it is not done.

    `outcomes` has each outcome by how it was decided; what an import brought is in none of them. `words` is how long the
    text is.
    """

    document_id: str
    status: Status
    is_blind: bool
    seconds: float
    keys: int
    finished: str
    labels: Counter[str]
    outcomes: Counter[tuple[Outcome, By]]
    words: int

    @property
    def words_per_minute(self) -> float | None:
        """How fast the text was worked through; None where the time or the length is not counted."""
        return 60 * self.words / self.seconds if self.seconds and self.words else None

    def count(self, *outcomes: Outcome) -> int:
        """How many of these outcomes there are, however they were decided."""
        return sum(count for (outcome, _), count in self.outcomes.items() if outcome in outcomes)


def facts_of(annotation_set: AnnotationSet, *, words: int = 0) -> SetFacts:
    """What counts of a set; `words` is the length of its text, 0 where that does not matter."""
    outcomes: Counter[tuple[Outcome, By]] = Counter()
    rejected_by = {
        decision.suggestion.key: decision.by
        for decision in annotation_set.decisions
        if decision.verb is Verb.REJECT and decision.suggestion
    }
    for decided in annotation_set.spans:
        if decided.decision.by is not By.IMPORT:
            outcomes[_outcome(decided), decided.decision.by] += 1
    for rejection in annotation_set.rejections:
        by = rejected_by[rejection.key]
        if by is not By.IMPORT:
            outcomes[Outcome.REJECTED, by] += 1
    finished = ""
    if annotation_set.status is Status.DONE:
        finished = max(decision.when for decision in annotation_set.decisions if decision.verb is Verb.FINISH)
    effort = annotation_set.effort
    return SetFacts(
        annotation_set.document_id,
        annotation_set.status,
        effort.is_blind,
        effort.seconds,
        effort.keys,
        finished,
        Counter(decided.label for decided in annotation_set.spans),
        outcomes,
        words,
    )


def _outcome(decided: DecidedSpan) -> Outcome:
    suggestion = decided.suggestion
    if suggestion is None:
        return Outcome.ADDED
    same_place = (suggestion.start, suggestion.end) == (decided.start, decided.end)
    if suggestion.label == decided.label:
        return Outcome.ACCEPTED if same_place else Outcome.RESIZED
    return Outcome.RELABELLED if same_place else Outcome.BOTH


@dataclass(frozen=True, slots=True)
class Quality:
    """How good suggestions were, by the outcomes of decided documents: `right` of `offered`, and of `wanted` spans."""

    right: int
    offered: int
    wanted: int

    @classmethod
    def of(cls, facts: Iterable[SetFacts]) -> Quality:
        """The sum over sets."""
        right = offered = wanted = 0
        for fact in facts:
            accepted = fact.count(Outcome.ACCEPTED)
            corrected = fact.count(Outcome.RELABELLED, Outcome.RESIZED, Outcome.BOTH)
            right += accepted
            offered += accepted + corrected + fact.count(Outcome.REJECTED)
            wanted += accepted + corrected + fact.count(Outcome.ADDED)
        return cls(right, offered, wanted)

    @property
    def precision(self) -> float | None:
        """The share of the suggestions that were accepted as they were; None if there was none."""
        return self.right / self.offered if self.offered else None

    @property
    def recall(self) -> float | None:
        """The share of the spans that were suggested just so; None if there is none."""
        return self.right / self.wanted if self.wanted else None

    @property
    def f1(self) -> float | None:
        """Strict F1 of the suggestions against what was decided; None for 0/0."""
        total = self.offered + self.wanted
        return 2 * self.right / total if total else None


@dataclass(frozen=True, slots=True)
class Cost:
    """What done documents cost: medians a document, and means a span; None where there is nothing to divide by."""

    documents: int
    spans: int
    seconds: float | None
    keys: float | None
    seconds_a_span: float | None
    keys_a_span: float | None
    words_per_minute: float | None = None
    too_fast: int = 0
    """How many documents were finished faster than they can be read."""

    @classmethod
    def of(cls, facts: Sequence[SetFacts]) -> Cost:
        """Of these sets, those that have cost any key: what an import has finished tells nothing of work."""
        worked = [fact for fact in facts if fact.keys]
        spans = sum(fact.labels.total() for fact in worked)
        speeds = [speed for fact in worked if (speed := fact.words_per_minute) is not None]
        return cls(
            len(worked),
            spans,
            median(fact.seconds for fact in worked) if worked else None,
            median(fact.keys for fact in worked) if worked else None,
            sum(fact.seconds for fact in worked) / spans if spans else None,
            sum(fact.keys for fact in worked) / spans if spans else None,
            median(speeds) if speeds else None,
            sum(speed > FASTEST_READING for speed in speeds),
        )


@dataclass(frozen=True)
class Statistics:
    """The work of one annotator on a store of `documents`. `done` are the finished sets in the order of finishing."""

    annotator: str
    documents: int
    statuses: Counter[Status]
    labels: Counter[str]
    outcomes: Counter[tuple[Outcome, By]]
    done: tuple[SetFacts, ...] = field(repr=False)

    @classmethod
    def of(cls, annotator: str, documents: int, facts: Iterable[SetFacts]) -> Statistics:
        """The sum over an annotator's sets; documents without one are to do."""
        statuses: Counter[Status] = Counter()
        labels: Counter[str] = Counter()
        outcomes: Counter[tuple[Outcome, By]] = Counter()
        done = []
        for fact in facts:
            statuses[fact.status] += 1
            labels += fact.labels
            outcomes += fact.outcomes
            if fact.status is Status.DONE:
                done.append(fact)
        statuses[Status.TODO] += max(0, documents - statuses.total())
        done.sort(key=lambda set_facts: (set_facts.finished, set_facts.document_id))
        return cls(annotator, documents, statuses, labels, outcomes, tuple(done))

    def kind(self, *, is_blind: bool) -> tuple[SetFacts, ...]:
        """The finished sets that were made blind, or those that were not."""
        return tuple(fact for fact in self.done if fact.is_blind is is_blind)

    def quality_over_time(self, parts: int) -> list[Quality]:
        """The quality of suggestions in at most `parts` runs of finished sets of about equal length, in order.

        Sets made blind are left out: nothing was offered there.
        """
        seen = self.kind(is_blind=False)
        count = min(parts, len(seen))
        edges = [len(seen) * number // count for number in range(count + 1)] if count else []
        return [Quality.of(seen[start:end]) for start, end in pairwise(edges)]

    def as_json(self) -> dict[str, Any]:
        """All figures; null where undefined."""
        return {
            "annotator": self.annotator,
            "documents": self.documents,
            "status": {status.value: self.statuses[status] for status in Status},
            "labels": dict(self.labels.most_common()),
            "outcomes": [
                {"outcome": outcome.value, "by": by.value, "count": count}
                for (outcome, by), count in sorted(self.outcomes.items())
            ],
            **{
                name: {"cost": _cost_json(Cost.of(sets)), "suggestions": _quality_json(Quality.of(sets))}
                for name, sets in (
                    ("all", self.done),
                    ("assisted", self.kind(is_blind=False)),
                    ("blind", self.kind(is_blind=True)),
                )
            },
            "finished": [
                {
                    "document": fact.document_id,
                    "when": fact.finished,
                    "blind": fact.is_blind,
                    "seconds": fact.seconds,
                    "keys": fact.keys,
                    "words": fact.words,
                    "words_per_minute": fact.words_per_minute,
                    "spans": fact.labels.total(),
                    "suggestions": _quality_json(Quality.of([fact])),
                }
                for fact in self.done
            ],
        }


def _cost_json(cost: Cost) -> dict[str, Any]:
    return {
        "documents": cost.documents,
        "spans": cost.spans,
        "median_seconds": cost.seconds,
        "median_keys": cost.keys,
        "seconds_per_span": cost.seconds_a_span,
        "keys_per_span": cost.keys_a_span,
        "median_words_per_minute": cost.words_per_minute,
        "finished_faster_than_read": cost.too_fast,
    }


def _quality_json(quality: Quality) -> dict[str, Any]:
    return {
        "right": quality.right,
        "offered": quality.offered,
        "wanted": quality.wanted,
        "precision": quality.precision,
        "recall": quality.recall,
        "f1": quality.f1,
    }
