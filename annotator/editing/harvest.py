"""The harvest: which open suggestions accepting all of them would take, and how many those are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby

from annotator.model.spans import Level, Suggestion, overlaps, walking_order

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


class Harvest:
    """How many of the open suggestions are acceptable together, and how many of these are doubtful.

    The suggestions fall into clusters that do not exclude one another; a decision costs a recount of those it
    touches.
    """

    def __init__(self, suggestions: Sequence[Suggestion] = (), *, nested: bool) -> None:
        self._nested = nested
        self._clusters = list(_clusters(suggestions, nested=nested))
        self._cluster_of = {
            each.key: index for index, cluster in enumerate(self._clusters) for each in cluster
        }
        self._counts = [(0, 0)] * len(self._clusters)
        self.count = 0
        self.doubtful = 0

    def recount(self, changed: Iterable[Key], is_open: Callable[[Suggestion], bool]) -> None:
        """Count again around the suggestions with these keys, which have been opened or closed."""
        for index in {self._cluster_of[key] for key in changed}:
            taken = list(acceptable(filter(is_open, self._clusters[index]), nested=self._nested))
            was_count, was_doubtful = self._counts[index]
            now = self._counts[index] = (len(taken), sum(each.level is Level.LOW for each in taken))
            self.count += now[0] - was_count
            self.doubtful += now[1] - was_doubtful


def _clusters(suggestions: Iterable[Suggestion], *, nested: bool) -> Iterator[list[Suggestion]]:
    if nested:
        for _, same_place in groupby(suggestions, key=walking_order):
            yield list(same_place)
        return
    cluster: list[Suggestion] = []
    end = 0
    for each in suggestions:
        if cluster and each.start >= end:
            yield cluster
            cluster = []
        cluster.append(each)
        end = max(end, each.end)
    if cluster:
        yield cluster
