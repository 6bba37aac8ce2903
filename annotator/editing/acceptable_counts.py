"""Acceptable counts: which open suggestions accepting all of them would take, and how many those are."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import groupby

from annotator.model.spans import Suggestion, overlaps, walking_order

Key = tuple[int, int, str]


def acceptable(suggestions: Iterable[Suggestion], *, nested: bool) -> Iterator[Suggestion]:
    """Those of `suggestions`, given in walking order, that can be accepted together.

    In a flat label set none may overlap one before it, in a nested one none may stand at the same place.
    """
    taken: Suggestion | None = None
    for suggestion in suggestions:
        if taken is None or not _excludes(taken, suggestion, nested=nested):
            taken = suggestion
            yield suggestion


def _excludes(taken: Suggestion, other: Suggestion, *, nested: bool) -> bool:
    return walking_order(taken) == walking_order(other) if nested else overlaps(taken, other)


class AcceptableCounts:
    """How many of the open suggestions are acceptable together, and how many of these are doubtful.

    The suggestions fall into clusters that do not exclude one another; a decision costs a recount of those it
    touches.
    """

    def __init__(
        self,
        suggestions: Sequence[Suggestion] = (),
        *,
        nested: bool,
        is_doubtful: Callable[[Suggestion], bool],
    ) -> None:
        self._is_doubtful = is_doubtful
        self._nested = nested
        self._clusters: dict[int, list[Suggestion]] = {}
        self._cluster_of: dict[Key, int] = {}
        self._counts: dict[int, tuple[int, int]] = {}
        self._last = 0
        self.count = 0
        self.doubtful = 0
        self._add(suggestions)

    def exchange(self, gone: Collection[Key], around: Iterable[Suggestion]) -> None:
        """Take out the suggestions with these keys, and form clusters anew of what is `around` them and what is new.

        `around` has all that overlaps what went or came. What becomes of the clusters is to be recounted by whoever
        asks for this.
        """
        touched = [*around]
        indices = {
            self._cluster_of[key]
            for key in (*gone, *(suggestion.key for suggestion in touched))
            if key in self._cluster_of
        }
        members = {
            suggestion.key: suggestion
            for index in indices
            for suggestion in self._drop(index)
            if suggestion.key not in gone
        }
        members.update((suggestion.key, suggestion) for suggestion in touched)
        self._add(sorted(members.values(), key=lambda member: (walking_order(member), member.label)))

    def _add(self, suggestions: Iterable[Suggestion]) -> None:
        for cluster in _clusters(suggestions, nested=self._nested):
            self._last += 1
            self._clusters[self._last] = cluster
            self._counts[self._last] = (0, 0)
            self._cluster_of.update((suggestion.key, self._last) for suggestion in cluster)

    def _drop(self, index: int) -> list[Suggestion]:
        taken, doubtful = self._counts.pop(index)
        self.count -= taken
        self.doubtful -= doubtful
        cluster = self._clusters.pop(index)
        for suggestion in cluster:
            del self._cluster_of[suggestion.key]
        return cluster

    def recount(self, changed: Iterable[Key], is_acceptable: Callable[[Suggestion], bool]) -> None:
        """Count again around the suggestions with these keys, which may be accepted now, or no longer."""
        for index in {self._cluster_of[key] for key in changed}:
            taken = list(acceptable(filter(is_acceptable, self._clusters[index]), nested=self._nested))
            was_count, was_doubtful = self._counts[index]
            now = self._counts[index] = (len(taken), sum(map(self._is_doubtful, taken)))
            self.count += now[0] - was_count
            self.doubtful += now[1] - was_doubtful


def _clusters(suggestions: Iterable[Suggestion], *, nested: bool) -> Iterator[list[Suggestion]]:
    if nested:
        for _, same_place in groupby(suggestions, key=walking_order):
            yield list(same_place)
        return
    cluster: list[Suggestion] = []
    end = 0
    for suggestion in suggestions:
        if cluster and suggestion.start >= end:
            yield cluster
            cluster = []
        cluster.append(suggestion)
        end = max(end, suggestion.end)
    if cluster:
        yield cluster
