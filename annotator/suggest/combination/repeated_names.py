"""Repeated names: the other mentions of a name that a model saw in some places of a document and not in all.

A model looks at a few words around a place, so that it misses a name here that it is sure of two lines above. The same
name is nearly always the same thing within a document. Of what this adds two in five are right as they are and two in
three are names (wikigold, en_core_web_sm), and a wrong one costs a key where a missed name costs three: worth .03 keys
an entity there.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from annotator.model.lookup import FormIndex, Words, surface_of
from annotator.model.spans import Suggestion
from annotator.suggest.memory.facts import last_word

SOURCE = "document"
"""What these suggestions say they are from."""
_SHARE = 0.6
"""So much of what a model says of a name, by score, must be one label."""
_TRUST = 0.5
"""A repeated name's score is that of the others on average, times this; it has none where they have none."""
_UNSCORED = 0.5
"""How much a suggestion without a score counts among the others."""
_PERSONS = frozenset({"PERSON", "PER"})
"""What pipelines call people, whose last names stand alone for them."""


def repeated_names(words: Words, suggestions: Sequence[Suggestion], *, digits: int) -> Iterator[Suggestion]:
    """What a model's `suggestions` on a text, in walking order, leave out of themselves, in the order of the text.

    Only capitalised names count, and people's last names as well. Scores are rounded to so many digits.
    """
    said: dict[str, list[Suggestion]] = defaultdict(list)
    for each in suggestions:
        for name in _names(words.text, each):
            said[name].append(each)
    labels = {name: label for name, votes in said.items() if (label := _agreed(votes)) is not None}
    index = FormIndex()
    for name in labels:
        index.add(name)
    ends = list(_reach(suggestions))
    for mention in index.find(words, lambda mention: mention.is_exact):
        before = bisect_right(suggestions, mention.end - 1, key=lambda suggestion: suggestion.start)
        if before and ends[before - 1] > mention.start:
            continue
        scores = [suggestion.score for suggestion in said[mention.surface] if suggestion.score is not None]
        score = round(_TRUST * sum(scores) / len(scores), digits) if scores else None
        label = labels[mention.surface]
        yield Suggestion(mention.start, mention.end, label, source=SOURCE, score=score, source_label=label)


def _names(text: str, suggestion: Suggestion) -> Iterator[str]:
    """The name that a suggestion is about, and a person's last name."""
    surface = surface_of(text, suggestion.start, suggestion.end)
    if not surface[:1].isupper():
        return
    yield surface
    if suggestion.label in _PERSONS and (last := last_word(text, suggestion.start, suggestion.end)):
        yield last


def _agreed(votes: Iterable[Suggestion]) -> str | None:
    """The label that has enough of the votes, each counted by its score."""
    totals: dict[str, float] = defaultdict(float)
    for vote in votes:
        totals[vote.label] += _UNSCORED if vote.score is None else vote.score
    label, weight = min(totals.items(), key=lambda item: (-item[1], item[0]))
    return label if weight >= _SHARE * sum(totals.values()) else None


def _reach(suggestions: Iterable[Suggestion]) -> Iterator[int]:
    """How far each and those before it reach."""
    reached = 0
    for suggestion in suggestions:
        reached = max(reached, suggestion.end)
        yield reached
