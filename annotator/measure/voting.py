"""Spans by vote: what enough annotators marked with the same offsets and label."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from annotator.errors import UsageError
from annotator.model.spans import Labelled, Span, overlaps


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When a span has enough votes.

    At least `votes` annotators marked it, None meaning more than half of those who finished; they are at least `share`
    of those who finished; and it is among the `best` most voted labels at its offsets, None meaning all. Labels with
    equal votes of which not all fit among the best are all left out. UsageError if a threshold can never hold.

    After INCEpTION's threshold-based merge, where however the share is of the annotators who marked the place.
    """

    votes: int | None = None
    share: float = 0.0
    best: int | None = 1

    def __post_init__(self) -> None:
        if self.votes is not None and self.votes < 1:
            raise UsageError(f"{self.votes} votes are too few", hint="a span needs at least one vote")
        if not 0 <= self.share <= 1:
            raise UsageError(f"a share of {self.share} is no share", hint="give a number from 0 to 1")
        if self.best is not None and self.best < 1:
            raise UsageError(f"the best {self.best} labels are none", hint="give 1 or more, or none for all")


MAJORITY = Thresholds()
"""More than half of those who finished the document."""


@dataclass(frozen=True, slots=True)
class Vote:
    """A span, who marked it (sorted), and the share of those who finished the document."""

    start: int
    end: int
    label: str
    voters: tuple[str, ...]
    share: float

    @property
    def span(self) -> Span:
        """The span without its votes."""
        return Span(self.start, self.end, self.label)


def votes(sets: Mapping[str, Iterable[Labelled]]) -> list[Vote]:
    """All spans of a document's finished sets with their voters, in walking order."""
    voters: dict[tuple[int, int, str], set[str]] = defaultdict(set)
    for annotator, spans in sets.items():
        for span in spans:
            voters[span.start, -span.end, span.label].add(annotator)
    return [
        Vote(start, -end, label, tuple(sorted(names)), len(names) / len(sets))
        for (start, end, label), names in sorted(voters.items())
    ]


def elect(
    sets: Mapping[str, Iterable[Labelled]], *, thresholds: Thresholds = MAJORITY, flat: bool = False
) -> list[Vote]:
    """The spans of a document's finished sets with enough votes, in walking order.

    `flat` is for label sets without nesting: of spans that overlap the one with more votes stays, and none of those
    with equally many.
    """
    needed = len(sets) // 2 + 1 if thresholds.votes is None else thresholds.votes
    candidates = [
        vote for vote in votes(sets) if len(vote.voters) >= needed and vote.share >= thresholds.share
    ]
    by_place: dict[tuple[int, int], list[Vote]] = defaultdict(list)
    for vote in candidates:
        by_place[vote.start, vote.end].append(vote)
    elected = [vote for rivals in by_place.values() for vote in _best(rivals, thresholds.best)]
    return _without_overlaps(elected) if flat else elected


def _best(rivals: list[Vote], best: int | None) -> list[Vote]:
    """The labels at one place that are among the best, without ties at the cut."""
    if best is None or len(rivals) <= best:
        return rivals
    too_few = sorted((len(vote.voters) for vote in rivals), reverse=True)[best]
    return [vote for vote in rivals if len(vote.voters) > too_few]


def _without_overlaps(elected: list[Vote]) -> list[Vote]:
    """Leave out each span that overlaps one with as many votes, or one with more that stays."""
    kept: list[Vote] = []
    for vote in sorted(elected, key=lambda vote: -len(vote.voters)):
        rivals = (other for other in elected if other is not vote and len(other.voters) == len(vote.voters))
        if not any(overlaps(vote, other) for other in (*kept, *rivals)):
            kept.append(vote)
    return sorted(kept, key=lambda vote: (vote.start, -vote.end, vote.label))
