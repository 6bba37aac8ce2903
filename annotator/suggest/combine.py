"""One rule for what several sources propose: their labels mapped, repetitions and overlaps settled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from annotator.model.intervals import Intervals
from annotator.model.labels import LabelSet
from annotator.model.spans import Suggestion, walking_order

SOURCES = ("memory", "pattern", "model")
"""Whose word counts more, first to last: what people decided, what somebody wrote down, what a model guesses."""


def combined(suggestions: Iterable[Suggestion], label_set: LabelSet) -> tuple[Suggestion, ...]:
    """The suggestions to show, in walking order, with labels of the label set.

    A model's label goes through the label set's map, which may drop it; any other source's label is the project's
    own and goes through the map only if the set does not have it. Of suggestions for the same span and label the
    strongest stays. In a flat set, of those that overlap the strongest stays and what it overlaps goes.

    The strongest has the better source (SOURCES; unknown ones last), then is the longest, then has the highest score
    (none being the lowest), then begins first, then has the label that the set lists first.
    """
    order = {name: index for index, name in enumerate(label_set.by_name)}
    mapped = (_mapped(suggestion, label_set) for suggestion in suggestions)
    kept: Intervals[Suggestion] = Intervals()
    for one in sorted((one for one in mapped if one is not None), key=lambda one: _strength(one, order)):
        rivals = kept.overlapping(one.start, one.end)
        if not any(rival.key == one.key or not label_set.nested for rival in rivals):
            kept.add(one)
    return tuple(sorted(kept, key=lambda one: (walking_order(one), order[one.label])))


def _mapped(suggestion: Suggestion, label_set: LabelSet) -> Suggestion | None:
    if suggestion.source != "model" and suggestion.label in label_set:
        return suggestion
    label = label_set.mapped(suggestion.source_label or suggestion.label)
    return replace(suggestion, label=label) if label is not None else None


def _strength(suggestion: Suggestion, order: dict[str, int]) -> tuple[int, int, float, int, int]:
    """A sort key: the strongest suggestion first."""
    source = SOURCES.index(suggestion.source) if suggestion.source in SOURCES else len(SOURCES)
    score = -1.0 if suggestion.score is None else suggestion.score
    return (source, suggestion.start - suggestion.end, -score, suggestion.start, order[suggestion.label])
