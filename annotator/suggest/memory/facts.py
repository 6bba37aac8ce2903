"""Facts: what memory counts of an annotation set. A set gives the same facts whenever it is looked at.

Facts are plain values that are added up, so the order in which documents are learnt does not matter, and taking
facts away is exactly the inverse of adding them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from annotator.model.annotations import AnnotationSet, DecidedSpan
from annotator.model.decisions import By, Status
from annotator.model.edges import Edge, at_edges
from annotator.model.lookup import surface_of
from annotator.model.memory_edits import Outcome
from annotator.model.spans import Suggestion


class FormFact(NamedTuple):
    """A surface form under a label, and what was decided; `by` tells how."""

    surface: str
    label: str
    outcome: Outcome
    by: By


class EdgeFact(NamedTuple):
    """At a span of this label an edge was taken in or left out."""

    label: str
    edge: Edge
    is_within: bool


class CallFact(NamedTuple):
    """What the model calls `called` is `label` here; an empty label means that it was nothing."""

    called: str
    label: str


class ShortFact(NamedTuple):
    """In a finished document the last word of a longer span of this label stands alone: marked just so, or not."""

    label: str
    is_same: bool


class PlainFact(NamedTuple):
    """A word stands outside every span of a finished document."""

    word: str


Fact = FormFact | EdgeFact | CallFact | ShortFact | PlainFact
Facts = Counter[Fact]

_LONGEST = 120
"""A span of more code points is a passage, not a name that is met again."""
_WORD = re.compile(r"[^\W_]+")
_LAST_WORD = re.compile(r"(?<!\w)[^\W\d_]{3,}\Z")


def facts_of(text: str, annotation_set: AnnotationSet) -> Facts:
    """All facts of a set on `text`."""
    facts: Facts = Counter()
    for decided in annotation_set.spans:
        facts.update(span_facts(text, decided))
    for rejection in annotation_set.rejections:
        facts.update(rejection_facts(text, rejection))
    facts.update(document_facts(text, annotation_set))
    return facts


def span_facts(text: str, decided: DecidedSpan) -> Iterator[Fact]:
    """What a span that stands says. A doubtful one says nothing: the person may yet decide otherwise."""
    span, suggestion = decided.span, decided.suggestion
    if span.doubt or not 0 < span.end - span.start <= _LONGEST:
        return
    surface = surface_of(text, span.start, span.end)
    if not surface:
        return
    yield FormFact(surface, span.label, Outcome.ACCEPTED, decided.decision.by)
    for met in at_edges(text, span.start, span.end):
        yield EdgeFact(span.label, met.edge, met.is_within)
    if suggestion is None:
        return
    if (suggestion.start, suggestion.end, suggestion.label) != (span.start, span.end, span.label):
        before = surface_of(text, suggestion.start, suggestion.end)
        if before != surface and before:
            yield FormFact(before, suggestion.label, Outcome.RESIZED, decided.decision.by)
        elif suggestion.label != span.label:
            yield FormFact(before, suggestion.label, Outcome.RELABELLED, decided.decision.by)
    yield from _call_facts(suggestion, span.label)


def rejection_facts(text: str, rejection: Suggestion) -> Iterator[Fact]:
    """What a rejection says. Nobody rejects in passing, so it does not matter how it was done."""
    surface = surface_of(text, rejection.start, rejection.end)
    if surface and rejection.end - rejection.start <= _LONGEST:
        yield FormFact(surface, rejection.label, Outcome.REJECTED, By.KEY)
        yield from _call_facts(rejection, "")


def document_facts(text: str, annotation_set: AnnotationSet) -> Iterator[Fact]:
    """What a finished document says as a whole. In any other, what is not marked says nothing."""
    if annotation_set.status is not Status.DONE:
        return
    marked = {(span.start, span.end): span.label for span in annotation_set.spans}
    covered = [*marked, *((rejection.start, rejection.end) for rejection in annotation_set.rejections)]
    label_of = short_forms(text, ((*interval, label) for interval, label in marked.items()))
    for interval, label in marked.items():
        if (full := label_of.get(text[slice(*interval)])) is not None:
            yield ShortFact(full, label == full)
    position = 0
    for start, end in [*sorted(covered), (len(text), len(text))]:
        for match in _WORD.finditer(text, position, max(position, start)):
            word = match.group()
            yield PlainFact(word)
            if (full := label_of.get(word)) is not None:
                yield ShortFact(full, False)
        position = max(position, end)


def short_forms(text: str, spans: Iterable[tuple[int, int, str]]) -> dict[str, str]:
    """The last words of the spans that have several, with the label, where all that end in the word agree on it.

    Only a capitalised word of three letters or more counts: a surname, not a numeral.
    """
    labels: dict[str, str] = {}
    contested = set()
    for start, end, label in spans:
        word = last_word(text, start, end)
        if word and labels.setdefault(word, label) != label:
            contested.add(word)
    return {word: label for word, label in labels.items() if word not in contested}


def last_word(text: str, start: int, end: int) -> str:
    """The last word of a span of several, if it may stand for all of them; else an empty text."""
    last = _LAST_WORD.search(text, start, end)
    if last is None or last.start() == start or (word := last.group())[0].islower():
        return ""
    return word


def _call_facts(suggestion: Suggestion, label: str) -> Iterator[Fact]:
    if suggestion.source == "model":
        yield CallFact(suggestion.source_label or suggestion.label, label)
