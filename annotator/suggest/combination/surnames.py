"""Last words: which word ends the longer names of a text, and of which label these are, kept up name by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from annotator.model.intervals import Intervals
from annotator.model.lookup import Words
from annotator.model.spans import Labelled, Span
from annotator.suggest.memory.facts import last_word


class LastWords:
    """The names of several words among the marks on a text, by the word that they end in."""

    def __init__(self, words: Words, marks: Iterable[Labelled] = ()) -> None:
        self._words = words
        self._labels: dict[str, Counter[str]] = {}
        self._names: Intervals[Span] = Intervals()
        self._add(marks)

    def exchange(self, start: int, end: int, marks: Iterable[Labelled]) -> dict[str, set[str | None]]:
        """Take these as all the marks that begin in `[start, end)`.

        Returns the words whose label is another afterwards, with the labels before and after.
        """
        gone = [name for name in self._names.overlapping(start, end) if start <= name.start]
        new = [Span(mark.start, mark.end, mark.label) for mark in marks]
        touched = {last_word(self._words.text, name.start, name.end) for name in (*gone, *new)}
        before = {word: self.label_of(word) for word in touched}
        for name in gone:
            self._names.remove(name)
            self._count(name, -1)
        self._add(new)
        labels = {word: {label, self.label_of(word)} for word, label in before.items()}
        return {word: both for word, both in labels.items() if len(both) > 1}

    def _add(self, marks: Iterable[Labelled]) -> None:
        for name in self.several_words(marks):
            self._names.add(name)
            self._count(name, 1)

    def _count(self, name: Span, times: int) -> None:
        if not (word := last_word(self._words.text, name.start, name.end)):
            return
        labels = self._labels.setdefault(word, Counter())
        labels[name.label] += times
        if not labels[name.label]:
            del labels[name.label]
        if not labels:
            del self._labels[word]

    def label_of(self, word: str) -> str | None:
        """The label of the names that end in `word`; None if there are none, or they differ."""
        labels = self._labels.get(word, ())
        return next(iter(labels)) if len(labels) == 1 else None

    def of_label(self, label: str) -> list[str]:
        """The words for which `label_of` gives this label."""
        return [word for word in self._labels if self.label_of(word) == label]

    def several_words(self, marks: Iterable[Labelled]) -> Intervals[Span]:
        """Those of these marks that are names of several words."""
        return Intervals(
            Span(mark.start, mark.end, mark.label)
            for mark in marks
            if len(self._words.within(mark.start, mark.end)) > 1
        )
