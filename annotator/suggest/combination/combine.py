"""One rule for what several sources propose: labels mapped, habits heeded, repetitions joined, overlaps settled.

1. A model's label goes through the label set's map, which may drop it; any other source's label is the project's own
   and goes through the map only if the set does not have it.
2. Memory gives a form that it knows its label, a model's or the learner's suggestion the edges that are usual here, and a
   model's the label as well. What
   was rejected as often as it was marked is dropped, whoever proposes it and however sure a model is: letting a score
   of .95 or .99 through again was worth .006 keys an entity at most on four corpora, and breaks the word given to who
   rejected it.
3. Suggestions of the same span and label are one, the strongest, which names all their sources.
4. In a flat label set, of those that overlap the strongest stays: a form pinned by hand, then a pattern, which somebody
   wrote down, then the longest, whether of memory, the learner or the model (keys an entity on wikigold: longest first .96, the higher
   score first .96, memory first .99); any other source comes last. Among those as long the highest score, then the better
   source (SOURCES), then the first, then the label that the set lists first. What lost covers nothing. In a nested set
   all stay.
5. The last word of a longer name in the document, where it stands alone, is proposed like it if that is the custom
   (surnames); a single word that is proposed at just that place gets the label.

The outcome does not depend on the order of what came in.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from annotator.model.intervals import Intervals
from annotator.model.labels import LabelSet
from annotator.model.spans import Labelled, Suggestion, walking_order
from annotator.suggest.combination.proposals import Proposal

if TYPE_CHECKING:
    from annotator.model.lookup import Words
    from annotator.suggest.memory.memory import Memory
    from annotator.suggest.memory.opinions import Opinions

SOURCES = ("memory", "pattern", "learner", "model", "document")
"""Whose word counts more, first to last: what people decided, what somebody wrote down, what was learnt from finished
documents, what a model guesses, and what it guessed of the same name elsewhere in the document."""


def combined(suggestions: Iterable[Suggestion], label_set: LabelSet) -> tuple[Suggestion, ...]:
    """The suggestions to show where there is no memory, in walking order."""
    return tuple(proposal.suggestion for proposal in proposals(suggestions, label_set))


def proposals(
    suggestions: Iterable[Suggestion],
    label_set: LabelSet,
    *,
    memory: Memory | None = None,
    words: Words | None = None,
    decided: Sequence[Labelled] = (),
) -> tuple[Proposal, ...]:
    """What to show on a document, in walking order, by the rule above.

    `suggestions` are the model's and patterns', with the labels that they use; what `memory` proposes itself is added.
    It needs `words`, the text. `decided` are the spans on the document, whose last words count like the proposals';
    whether a proposal stands under one of them is for the suggestion state to say.
    """
    rule = Rule(label_set)
    if memory is None or words is None:
        return rule.shown(rule.kept(filter(None, map(rule.own, suggestions))))
    # The first document is painted before there is a memory, and does not wait for these to be loaded.
    from annotator.suggest.combination.surnames import LastWords
    from annotator.suggest.memory.recall import mentions, short_mentions

    corrected = (rule.corrected(one, memory, words) for one in suggestions)
    kept = rule.kept([*filter(None, corrected), *mentions(memory, words, nested=label_set.nested)])
    marks = [*kept, *decided]
    names = LastWords(words, marks)
    return rule.shown(kept, short_mentions(memory, words, names, names.several_words(marks)))


class Rule:
    """The steps of the rule, for one label set."""

    def __init__(self, label_set: LabelSet) -> None:
        self._label_set = label_set
        self._order = {name: index for index, name in enumerate(label_set.by_name)}

    def own(self, suggestion: Suggestion) -> Proposal | None:
        """A suggestion with the label set's label, as it is without memory; None if the label is none of the set's."""
        mapped = _mapped(suggestion, self._label_set)
        return None if mapped is None else Proposal(mapped, (mapped.source,))

    def corrected(self, suggestion: Suggestion, opinions: Opinions, words: Words) -> Proposal | None:
        """A suggestion as memory would have it; None if it is dropped."""
        from annotator.suggest.memory.corrections import corrected

        mapped = _mapped(suggestion, self._label_set)
        return None if mapped is None else corrected(mapped, opinions, words)

    def kept(self, proposals: Iterable[Proposal]) -> Intervals[Proposal]:
        """Those that stay, with repetitions joined."""
        order = self._order
        joined: dict[tuple[int, int, str], Proposal] = {}
        labelled = (one for one in proposals if one.label in self._label_set)
        for one in sorted(labelled, key=lambda one: _strength(one, order)):
            stronger = joined.get(one.suggestion.key)
            joined[one.suggestion.key] = one if stronger is None else _joined(stronger, one)
        return Intervals(joined.values() if self._label_set.nested else _without_overlaps(joined.values()))

    def shown(self, kept: Intervals[Proposal], short: Iterable[Proposal] = ()) -> tuple[Proposal, ...]:
        """What to show: those that were kept, and last words put in their places; in walking order."""
        places = Intervals(kept)
        for one in short:
            if one.label in self._label_set:
                _add_short(one, places, self._label_set)
        return tuple(
            sorted(map(_with_origin, places), key=lambda one: (walking_order(one), self._order[one.label]))
        )


def _mapped(suggestion: Suggestion, label_set: LabelSet) -> Suggestion | None:
    if suggestion.source != "model" and suggestion.label in label_set:
        return suggestion
    label = label_set.mapped(suggestion.source_label or suggestion.label)
    if label is None:
        return None
    return suggestion if label == suggestion.label else replace(suggestion, label=label)


def _without_overlaps(proposals: Iterable[Proposal]) -> Iterator[Proposal]:
    """Each that overlaps none of those before it that stayed. What stayed is disjoint, so its neighbours tell."""
    starts: list[int] = []
    ends: list[int] = []
    for one in proposals:
        index = bisect_right(ends, one.start)
        if index == len(starts) or starts[index] >= one.end:
            starts.insert(index, one.start)
            ends.insert(index, one.end)
            yield one


def _strength(one: Proposal, order: Mapping[str, int]) -> tuple[object, ...]:
    """A sort key: the strongest first. It ends with all else that may differ, so that no order of input matters."""
    suggestion = one.suggestion
    source = SOURCES.index(suggestion.source) if suggestion.source in SOURCES else len(SOURCES)
    score = -1.0 if suggestion.score is None else suggestion.score
    return (
        *(
            _rank(suggestion),
            suggestion.start - suggestion.end,
            -score,
            source,
            suggestion.start,
            order[suggestion.label],
        ),
        *(
            suggestion.source,
            suggestion.name,
            suggestion.source_label,
            one.reasons,
            one.proposed.key if one.proposed else (),
        ),
    )


def _rank(suggestion: Suggestion) -> int:
    """What comes before length. A suggestion of memory without a score was pinned by hand."""
    if suggestion.source == "memory" and suggestion.score is None:
        return 0
    return {"pattern": 1, "memory": 2, "learner": 2, "model": 2, "document": 2}.get(suggestion.source, 3)


def _joined(stronger: Proposal, weaker: Proposal) -> Proposal:
    return replace(
        stronger,
        sources=tuple(dict.fromkeys((*stronger.sources, *weaker.sources))),
        reasons=tuple(dict.fromkeys((*stronger.reasons, *weaker.reasons))),
    )


def _add_short(short: Proposal, kept: Intervals[Proposal], label_set: LabelSet) -> None:
    """Put a last word in its place: a free one, or that of a single word whose label is then the longer name's."""
    longer = kept.at(short.start, short.end)
    if longer is None:
        if label_set.nested or next(kept.overlapping(short.start, short.end), None) is None:
            kept.add(short)
    elif longer.label == short.label:
        kept.remove(longer)
        kept.add(_joined(longer, short))
    elif not label_set.nested and _rank(longer.suggestion) == _rank(short.suggestion):
        kept.remove(longer)
        kept.add(short if longer.suggestion.source == "memory" else _relabelled(longer, short))


def _relabelled(longer: Proposal, short: Proposal) -> Proposal:
    return Proposal(
        replace(longer.suggestion, label=short.label),
        sources=longer.sources,
        reasons=short.reasons,
        proposed=longer.proposed or longer.suggestion,
    )


def _with_origin(one: Proposal) -> Proposal:
    """The proposal with a first reason that says what its source said, where memory did not speak itself."""
    suggestion = one.suggestion
    if suggestion.source == "memory":
        return one
    name = f" {suggestion.name}" if suggestion.name else ""
    who = "the rest of the document" if suggestion.source == "document" else f"{suggestion.source}{name}"
    called = suggestion.source_label or (one.proposed or suggestion).label
    reasons = (f"{who} says {called}", *one.reasons)
    return Proposal(suggestion, one.sources, reasons, one.proposed)
