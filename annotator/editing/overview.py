"""An overview: the marks of a document grouped by label and text, kept up to date change by change."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from annotator.editing.change import Range
from annotator.editing.marks import Mark, State
from annotator.editing.suggestion_state import SuggestionState
from annotator.model.intervals import Intervals
from annotator.model.labels import LabelSet

Key = tuple[str, str]
"""A label and a text."""


@dataclass(slots=True)
class Group:
    """The marks of one label on one text: where they begin, and how many are decided or doubtful."""

    label: str
    text: str
    starts: list[int] = field(default_factory=list)
    decided: int = 0
    doubtful: int = 0


class Row(NamedTuple):
    """A row of the overview: a label's heading (without a group), or one of its groups."""

    label: str
    group: Group | None = None


class Overview:
    """Groups by label, in the label set's order, and within it by text. Rejections are not in it."""

    def __init__(self, suggestion_state: SuggestionState, text: str, label_set: LabelSet) -> None:
        self._suggestion_state = suggestion_state
        self._text = text
        self._order = {name: index for index, name in enumerate(label_set.by_name)}
        self.rebuild()

    def rebuild(self) -> None:
        """Read the annotation set and the open suggestions afresh."""
        self._known: Intervals[Mark] = Intervals()
        self._groups: dict[Key, Group] = {}
        self._keys: dict[str, list[tuple[str, str]]] = {}
        self._add(self._marks(0, len(self._text)))

    def update(self, ranges: Iterable[Range]) -> None:
        """Read again what lies in these ranges."""
        for start, end in ranges:
            for mark in list(self._known.overlapping(start, end)):
                self._remove(mark)
            self._add(self._marks(start, end))

    def _marks(self, start: int, end: int) -> list[Mark]:
        return [mark for mark in self._suggestion_state.marks(start, end) if mark.state is not State.REJECTED]

    def _add(self, marks: list[Mark]) -> None:
        for mark in marks:
            self._known.add(mark)
            text = " ".join(self._text[mark.start : mark.end].split())
            group = self._groups.get((mark.label, text))
            if group is None:
                group = self._groups[mark.label, text] = Group(mark.label, text)
                insort(self._keys.setdefault(mark.label, []), (text.casefold(), text))
            insort(group.starts, mark.start)
            group.decided += mark.state is State.DECIDED
            group.doubtful += mark.doubt

    def _remove(self, mark: Mark) -> None:
        self._known.remove(mark)
        text = " ".join(self._text[mark.start : mark.end].split())
        group = self._groups[mark.label, text]
        group.starts.remove(mark.start)
        group.decided -= mark.state is State.DECIDED
        group.doubtful -= mark.doubt
        if not group.starts:
            del self._groups[mark.label, text]
            self._keys[mark.label].remove((text.casefold(), text))

    @property
    def labels(self) -> list[str]:
        """The labels that have groups, in the label set's order."""
        labels = [label for label, keys in self._keys.items() if keys]
        return sorted(labels, key=lambda label: (self._order.get(label, len(self._order)), label))

    def __len__(self) -> int:
        return sum(len(self._keys[label]) + 1 for label in self.labels)

    def row(self, index: int) -> Row:
        """The row at `index`; IndexError beyond the end."""
        for label in self.labels:
            keys = self._keys[label]
            if index == 0:
                return Row(label)
            if index <= len(keys):
                return Row(label, self._groups[label, keys[index - 1][1]])
            index -= len(keys) + 1
        raise IndexError(index)

    def index_of(self, label: str, text: str) -> int | None:
        """The row of the group of `label` on `text`; None if there is none."""
        offset = 0
        text = " ".join(text.split())
        for other in self.labels:
            keys = self._keys[other]
            if other == label:
                inner = bisect_left(keys, (text.casefold(), text))
                return offset + 1 + inner if inner < len(keys) and keys[inner][1] == text else None
            offset += len(keys) + 1
        return None
