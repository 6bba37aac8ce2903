"""Preselection: which version of a conflict is proposed. It is shown and one key takes it; nothing takes it silently."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from annotator.model.counting import counted
from annotator.review.conflicts import Conflict, Version
from annotator.review.provenance import Source


@dataclass(frozen=True, slots=True)
class Proposal:
    """The version proposed and how sure that is, in [0, 1]; or none, and `reason` says why in few words."""

    version: Version | None
    confidence: float
    source: Source
    reason: str = ""


Preselection = Callable[[Conflict], Proposal]
"""What proposes a version for each conflict."""


@dataclass(frozen=True, slots=True)
class Majority:
    """The version with most votes, under INCEpTION's thresholds with the single best kept.

    `min_votes` annotators must have it, and at least the share `confidence` of all who finished the document; those
    who marked nothing count, as INCEpTION's do not. Equal votes are a tie.
    """

    min_votes: int = 2
    confidence: float = 0.5
    source: ClassVar[Source] = Source.MAJORITY

    def __call__(self, conflict: Conflict) -> Proposal:
        top = conflict.versions[0]
        share = top.votes / conflict.votes
        if reason := _tie([version.votes for version in conflict.versions], "votes"):
            return Proposal(None, share, self.source, reason)
        # One annotator alone is all there are, so that a minimum would refuse what nobody disputes.
        if top.votes < min(self.min_votes, conflict.votes) or share < self.confidence:
            reason = f"the most is {counted(top.votes, 'vote')} of {conflict.votes}"
            return Proposal(None, share, self.source, reason)
        return Proposal(top, share, self.source)


@dataclass(frozen=True, slots=True)
class Weighted:
    """The version with the highest posterior probability, such as one by Dawid and Skene's model (1979).

    `posteriors` gives a probability for each version of a conflict, in its order; None where it knows none. The
    highest must be at least `confidence`.
    """

    posteriors: Callable[[Conflict], Sequence[float] | None]
    confidence: float = 0.5
    source: ClassVar[Source] = Source.WEIGHTED

    def __call__(self, conflict: Conflict) -> Proposal:
        posteriors = self.posteriors(conflict)
        if posteriors is None:
            return Proposal(None, 0.0, self.source, "nothing is known about these versions")
        values = list(posteriors)
        if len(values) != len(conflict.versions):
            raise ValueError(f"{len(values)} posteriors for {len(conflict.versions)} versions")
        top = max(values)
        if reason := _tie(values, "probability"):
            return Proposal(None, top, self.source, reason)
        if top < self.confidence:
            return Proposal(None, top, self.source, f"the most probable has {top:.2f}")
        return Proposal(conflict.versions[values.index(top)], top, self.source)


def _tie(values: Sequence[float], noun: str) -> str:
    """What ties: the numbers, from 1, of the versions that share the highest value; empty if one has it alone."""
    top = max(values)
    best = [str(number) for number, value in enumerate(values, 1) if value == top]
    return f"a tie of {noun} between {', '.join(best[:-1])} and {best[-1]}" if len(best) > 1 else ""
