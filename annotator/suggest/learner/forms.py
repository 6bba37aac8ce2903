"""Forms: the names that finished documents have, by label, and how often their words stood outside of any."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from annotator.suggest.learner.tags import OUTSIDE, TokenSpan
from annotator.suggest.learner.texts import Lesson

NO_FORM = "-"
_LONGEST = 8
_SURE, _LIKELY = 0.8, 0.4
"""Shares of the times that a form was met with its label."""
_OFTEN = 3

Form = tuple[str, ...]


class Forms:
    """Counts over lessons, which can be taken back. Letter case does not matter."""

    def __init__(self) -> None:
        self._forms: defaultdict[Form, Counter[str]] = defaultdict(Counter)
        self._words: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def copy(self) -> Forms:
        """The counts as they are now."""
        new = Forms()
        for counts, others in ((self._forms, new._forms), (self._words, new._words)):
            for item, labels in counts.items():
                others[item] = Counter(labels)  # type: ignore[index]
        return new

    def add(self, lesson: Lesson, times: int = 1) -> None:
        """Count a lesson so many times more; -1 takes it back."""
        words = [word.lower() for word in lesson.reading.words]
        outside = set(range(len(words)))
        for first, last, label in lesson.spans:
            _count(self._forms, tuple(words[first:last]), label, times)
            for index in range(first, last):
                _count(self._words, words[index], label, times)
                outside.discard(index)
        for index in outside:
            _count(self._words, words[index], OUTSIDE, times)

    def tags(self, words: Sequence[str]) -> list[str]:
        """For each word of a lower-cased text the form that it stands in, as position, label and how sure that is."""
        tags = [NO_FORM] * len(words)
        for first, last, label in self._matches(words):
            form = tuple(words[first:last])
            labels = self._forms[form]
            against = self._words[form[0]][OUTSIDE] if len(form) == 1 else 0
            share = labels[label] / (labels.total() + against)
            strength = "high" if share >= _SURE else "middle" if share >= _LIKELY else "low"
            often = "often" if labels.total() >= _OFTEN else "seldom"
            for index in range(first, last):
                tags[index] = f"{'B' if index == first else 'I'}-{label} {strength} {often}"
        return tags

    def _matches(self, words: Sequence[str]) -> list[TokenSpan]:
        """Forms that are met, from left to right, the longest at each place, with their most frequent label."""
        spans: list[TokenSpan] = []
        index = 0
        while index < len(words):
            longest = min(_LONGEST, len(words) - index) if words[index] in self._words else 0
            for length in range(longest, 0, -1):
                form = tuple(words[index : index + length])
                if form in self._forms:
                    labels = self._forms[form]
                    label = min(labels, key=lambda name: (-labels[name], name))
                    spans.append((index, index + length, label))
                    index += length
                    break
            else:
                index += 1
        return spans

    def usual(self, word: str) -> str:
        """What a lower-cased word mostly was, how sure that is and how well founded; "new" where it was never met."""
        labels = self._words.get(word)
        if not labels:
            return "new"
        label = min(labels, key=lambda name: (-labels[name], name))
        total = labels.total()
        strength = "high" if labels[label] >= _SURE * total else "middle"
        return f"{label} {strength} {'often' if total >= _OFTEN else 'seldom'}"


def _count(counts: defaultdict[Any, Counter[str]], item: Form | str, label: str, times: int) -> None:
    labels = counts[item]
    labels[label] += times
    if not labels[label]:
        del labels[label]
    if not labels:
        del counts[item]
