"""What a copy of a pipeline learns from: spaCy's examples, made of finished documents and of the pipeline's own word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from annotator.model.labels import LabelSet
from annotator.suggest.adapting.selection import Finished, Key, ModelLabels
from annotator.suggest.sources.chunks import chunks
from annotator.suggest.sources.scores import has_scores, token_scores

if TYPE_CHECKING:
    from annotator.suggest.adapting.learner import Learner

SURE = 0.95
"""How sure the pipeline must be at a token for its word to count there.

Measured on wikigold: rehearsing all that it says teaches the copy its errors again (F1 .52 on unseen documents instead of
.56 without any rehearsal), rehearsing what it is sure of does not (.56).
"""
_PIECE = 3_000
"""Code points of the pieces that are learnt from: with whole long documents each step would take long."""
_MISSING = "-"
_OUTSIDE = "O"


class Examples:
    """Examples for a copy of `base`, the pipeline as it came, and what was noticed when they were made.

    Where that finds an entity that the project has no label for, the copy goes on finding it, unless a span is there: it
    need not unlearn what nobody sees.
    """

    def __init__(self, base: Learner, copy: Learner, label_set: LabelSet) -> None:
        self.examples: list[Any] = []
        self.new_labels: set[str] = set()
        """Labels to teach that the pipeline does not have."""
        self.unteachable = 0
        """Spans whose label cannot be taught; nothing is learnt at their tokens."""
        self._base = base
        self._copy = copy
        self._label_set = label_set
        self._has_scores = has_scores(base.recognizer)

    def add_finished(self, finished: Sequence[Finished]) -> None:
        """Add the spans of finished documents, in the pipeline's words for their labels."""
        pieces = [
            (
                self._copy.doc(document.text[start:end]),
                *self._word(document.text[start:end]),
                within(document.spans, start, end),
            )
            for document in finished
            for start, end in pieces_of(document)
        ]
        frequencies = Counter(ent.label_ for _, said, _, _ in pieces for ent in said.ents)
        labels = ModelLabels(self._label_set, frequencies, self._base.labels)
        for doc, said, sureness, spans in pieces:
            tags = [_OUTSIDE] * len(doc)
            for ent in said.ents:
                if labels.is_dropped(ent.label_):
                    is_sure = min(sureness[ent.start : ent.end]) >= SURE
                    _mark(tags, ent.start, ent.end, ent.label_ if is_sure else None)
            # In a nested label set the outermost spans are learnt: a recognizer knows no others.
            taken = [False] * len(doc)
            for start, end, label in sorted(spans, key=lambda span: (span[0] - span[1], span)):
                tokens = doc.char_span(start, end, alignment_mode="expand")
                if tokens is None or any(taken[tokens.start : tokens.end]):
                    continue
                taken[tokens.start : tokens.end] = [True] * len(tokens)
                _unmark(tags, tokens.start, tokens.end)
                is_exact = (tokens.start_char, tokens.end_char) == (start, end)
                called = labels.teaches(label, [token.ent_type_ for token in said[tokens.start : tokens.end]])
                self.unteachable += called is None
                if called is not None and called not in self._base.labels:
                    self.new_labels.add(called)
                _mark(tags, tokens.start, tokens.end, called if is_exact else None)
            self._add(doc, tags)

    def add_rehearsal(self, text: str) -> None:
        """Add what the pipeline is sure of on a text that nobody has finished; elsewhere nothing is learnt.

        Once a new label has been met, only its entities: it is just as sure that what has the new label is nothing.
        """
        for start, end in chunks(text, _PIECE):
            said, sureness = self._word(text[start:end])
            is_outside = [sure >= SURE and not self.new_labels for sure in sureness]
            tags = [_OUTSIDE if sure else _MISSING for sure in is_outside]
            for ent in said.ents:
                is_sure = min(sureness[ent.start : ent.end]) >= SURE
                _mark(tags, ent.start, ent.end, ent.label_ if is_sure else None)
            self._add(self._copy.doc(text[start:end]), tags)

    def _word(self, text: str) -> tuple[Any, list[float]]:
        """What the pipeline says about a text, and how sure it is at each token; quite, where that is not known."""
        doc = self._base.doc(text)
        if self._has_scores:
            return doc, token_scores(self._base.recognizer, [doc])[0]
        return self._base.recognizer(doc), [1.0] * len(doc)

    def _add(self, doc: Any, tags: list[str]) -> None:
        from spacy.training import Example

        if len(doc) and any(tag != _MISSING for tag in tags):
            self.examples.append(Example.from_dict(doc, {"entities": tags}))


def pieces_of(finished: Finished) -> Iterator[tuple[int, int]]:
    """Ranges of the text to learn from, which cut no span."""
    begin = 0
    for _, end in chunks(finished.text, _PIECE):
        if not any(start < end < stop for start, stop, _ in finished.spans):
            yield begin, end
            begin = end
    if begin < len(finished.text):
        yield begin, len(finished.text)


def within(spans: Iterable[Key], start: int, end: int) -> list[Key]:
    """The spans inside `[start, end)`, by their distance from its beginning."""
    return [
        (span[0] - start, span[1] - start, span[2]) for span in spans if start <= span[0] and span[1] <= end
    ]


def _mark(tags: list[str], start: int, end: int, label: str | None) -> None:
    """Write an entity of tokens in BILUO, or with no label that nothing is known there."""
    if label is None:
        tags[start:end] = [_MISSING] * (end - start)
    elif end - start == 1:
        tags[start] = f"U-{label}"
    else:
        inside = [f"I-{label}"] * (end - start - 2)
        tags[start:end] = [f"B-{label}", *inside, f"L-{label}"]


def _unmark(tags: list[str], start: int, end: int) -> None:
    """Take out every entity that reaches into `[start, end)`, whole: what is left of it would be none."""
    while start > 0 and tags[start][:1] in "IL":
        start -= 1
    while end < len(tags) and tags[end][:1] in "IL":
        end += 1
    tags[start:end] = [_OUTSIDE] * (end - start)
