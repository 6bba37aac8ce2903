"""A board: one annotation set and the suggestions that are still open on its document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from annotator.editing.marks import Mark, State
from annotator.model.annotations import AnnotationSet
from annotator.model.decisions import Decision, Status
from annotator.model.intervals import Intervals
from annotator.model.labels import LabelSet
from annotator.model.spans import Level, Suggestion, walking_order

Range = tuple[int, int]


class Board:
    """What lies on one text: decided spans, rejections, and the suggestions that nobody has decided on.

    A suggestion is open unless it was rejected, a span came from it, or a span covers it: in a flat label set
    any that overlaps it, in a nested one a span at the same place. In a done document none is open.
    """

    def __init__(self, annotation_set: AnnotationSet, label_set: LabelSet) -> None:
        self.annotation_set = annotation_set
        self.label_set = label_set
        self.open: Intervals[Suggestion] = Intervals()
        self.hides_doubtful = False
        self._all: Intervals[Suggestion] = Intervals()
        self._seen: set[tuple[int, int, str]] = set()

    @property
    def suggestions(self) -> Intervals[Suggestion]:
        """All suggestions on the document, open or not."""
        return self._all

    def suggest(self, suggestions: Iterable[Suggestion]) -> None:
        """Take these as all the suggestions there are. None of them counts as seen."""
        self._all = Intervals(suggestions)
        self._seen.clear()
        self._reopen_all()

    def hide_doubtful(self, hides: bool) -> None:
        """Hide the suggestions whose score is low, or show them again."""
        self.hides_doubtful = hides
        self._reopen_all()

    @property
    def hidden(self) -> int:
        """How many suggestions are open but hidden for their low score."""
        if not self.hides_doubtful:
            return 0
        return sum(self._is_free(suggestion) for suggestion in self._all if suggestion.level is Level.LOW)

    def is_open(self, suggestion: Suggestion) -> bool:
        """True if a person may still decide on `suggestion`, and sees it."""
        return self._is_free(suggestion) and not (self.hides_doubtful and suggestion.level is Level.LOW)

    def _is_free(self, suggestion: Suggestion) -> bool:
        annotations = self.annotation_set
        if annotations.status is Status.DONE:
            return False
        if annotations.is_rejected(suggestion) or annotations.is_taken(suggestion):
            return False
        covering = annotations.spans.overlapping(suggestion.start, suggestion.end)
        if self.label_set.nested:
            return not any(walking_order(span) == walking_order(suggestion) for span in covering)
        return next(covering, None) is None

    def apply(self, decisions: Sequence[Decision]) -> tuple[Range, ...]:
        """Fold the decisions in; the ranges of text that look different afterwards."""
        was = self.annotation_set.status
        ranges: list[Range] = []
        for decision in decisions:
            ranges.extend(self._touched(decision))
            self.annotation_set.apply(decision)
        if Status.DONE in (was, self.annotation_set.status) and was is not self.annotation_set.status:
            ranges.extend((suggestion.start, suggestion.end) for suggestion in self._all)
            self._reopen_all()
            return tuple(ranges)
        for start, end in tuple(ranges):
            for suggestion in self._all.overlapping(start, end):
                self._reopen(suggestion)
                ranges.append((suggestion.start, suggestion.end))
        return tuple(ranges)

    def _touched(self, decision: Decision) -> Iterator[Range]:
        annotations = self.annotation_set
        step = {"undo": annotations.undo_step, "redo": annotations.redo_step}.get(decision.verb, [decision])
        for touched in step or ():
            for place in (touched.before, touched.after, touched.suggestion):
                if place is not None:
                    yield place.start, place.end

    def _reopen(self, suggestion: Suggestion) -> None:
        was_open = any(
            other.key == suggestion.key for other in self.open.overlapping(suggestion.start, suggestion.end)
        )
        if self.is_open(suggestion) is not was_open:
            (self.open.remove if was_open else self.open.add)(suggestion)

    def _reopen_all(self) -> None:
        self.open = Intervals(suggestion for suggestion in self._all if self.is_open(suggestion))

    def marks(self, start: int, end: int) -> list[Mark]:
        """What is to be seen between the offsets, in walking order; a decided span hides a rejection under it."""
        decided = [Mark.of_span(span) for span in self.annotation_set.spans.overlapping(start, end)]
        marks = decided + [Mark.of_suggestion(each) for each in self.open.overlapping(start, end)]
        places = {walking_order(mark) for mark in marks}
        marks += [
            Mark.of_suggestion(rejection, State.REJECTED)
            for rejection in self.annotation_set.rejections.overlapping(start, end)
            if walking_order(rejection) not in places
        ]
        return sorted(marks, key=walking_order)

    def mark_seen(self, start: int, end: int) -> None:
        """Note that the text between the offsets has been painted."""
        self._seen.update(
            suggestion.key
            for suggestion in self.open.overlapping(start, end)
            if start <= suggestion.start and suggestion.end <= end
        )

    def unseen(self) -> list[Suggestion]:
        """The open suggestions that have not been painted since they arrived, in walking order."""
        return [suggestion for suggestion in self.open if suggestion.key not in self._seen]

    @property
    def decided(self) -> int:
        """How many questions are answered: spans and rejections."""
        return len(self.annotation_set.spans) + len(self.annotation_set.rejections)

    @property
    def total(self) -> int:
        """How many marks there are, decided or not."""
        return self.decided + len(self.open)

    def number(self, mark: Mark) -> int:
        """The place of `mark` among all marks, counted from 1 in walking order."""
        annotations = self.annotation_set
        return 1 + sum(
            items.rank(mark)
            for items in (annotations.spans, annotations.rejections, self.open)
        )  # fmt: skip
