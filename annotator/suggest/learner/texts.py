"""What the learner reads: texts as words, with what other sources guess in them, and the spans of finished ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from annotator.model.spans import Suggestion
from annotator.model.tokens import Tokens
from annotator.suggest.learner.tags import TokenSpan

MOST_IN_SENTENCE = 120
"""A longer run of tokens without the end of a sentence is cut: a list, or a text without punctuation."""
WEIGHED = 10
"""Whether the learner is trusted is decided on so many finished documents, the last ones."""

Key = tuple[int, int, str]
"""Start, end and label, in code points."""


@dataclass(frozen=True, slots=True)
class Guess:
    """What another source says of some tokens: its own label, whether it is the model, and its score, if any."""

    first: int
    last: int
    label: str
    is_model: bool = True
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """One text as the learner reads it: words, the ranges of tokens that are sentences, and guesses."""

    document_id: str
    words: tuple[str, ...]
    sentences: tuple[tuple[int, int], ...]
    guesses: tuple[Guess, ...] = ()


@dataclass(frozen=True, slots=True)
class Lesson:
    """A finished document: what it reads like, and the spans that it has."""

    reading: Reading
    spans: tuple[TokenSpan, ...]


@dataclass(frozen=True, slots=True)
class SourceText:
    """A document as the interface knows it: text, tokens, what other sources suggest, and its spans if it is finished.

    Values that do not change, so that they can be handed to another thread.
    """

    document_id: str
    text: str
    tokens: Tokens
    suggestions: tuple[Suggestion, ...] = ()
    spans: tuple[Key, ...] = ()

    @property
    def record(self) -> dict[str, Any]:
        """All of it as JSON can hold it."""
        return {
            "document": self.document_id,
            "text": self.text,
            "starts": list(self.tokens.starts),
            "ends": list(self.tokens.ends),
            "guesses": [
                [
                    suggestion.start,
                    suggestion.end,
                    suggestion.source_label or suggestion.label,
                    suggestion.source == "model",
                    suggestion.score,
                ]
                for suggestion in self.suggestions
            ],
            "spans": [list(key) for key in self.spans],
        }


def lesson_of(record: Mapping[str, Any]) -> tuple[Lesson, Tokens]:
    """What `SourceText.record` wrote, on its tokens; spans and guesses that touch no token are left out."""
    text = record["text"]
    tokens = Tokens(zip(record["starts"], record["ends"], strict=True), tokenizer="")
    guesses = []
    for start, end, label, is_model, score in record["guesses"]:
        if inside := tokens.within(start, end):
            guesses.append(Guess(inside[0], inside[-1] + 1, label, is_model, score))
    spans = []
    for start, end, label in record["spans"]:
        if inside := tokens.within(start, end):
            spans.append((inside[0], inside[-1] + 1, label))
    reading = Reading(
        document_id=record["document"],
        words=tuple(text[start:end] for start, end in tokens),
        sentences=_sentences(text, tokens),
        guesses=tuple(guesses),
    )
    return Lesson(reading, tuple(spans)), tokens


def _sentences(text: str, tokens: Tokens) -> tuple[tuple[int, int], ...]:
    """The sentences as ranges of tokens, none of them longer than MOST_IN_SENTENCE."""
    if not len(tokens):
        return ()
    firsts = {0, *(tokens.within(start, len(text))[0] for start in _starts(text, tokens))}
    return tuple(_pieces(sorted(firsts), len(tokens)))


def _starts(text: str, tokens: Tokens) -> Iterable[int]:
    from annotator.model.segments import sentences  # not wanted before the first paint

    return (start for start in sentences(text).starts if start < tokens.ends[-1])


def _pieces(firsts: Sequence[int], length: int) -> Iterable[tuple[int, int]]:
    for first, last in zip(firsts, [*firsts[1:], length], strict=True):
        for start in range(first, last, MOST_IN_SENTENCE):
            yield start, min(start + MOST_IN_SENTENCE, last)
