"""The suggestion state: one annotation set and the suggestions that are still open on its document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from annotator.editing.acceptable_counts import AcceptableCounts, Key
from annotator.editing.extents import is_sound
from annotator.editing.marks import Mark, State
from annotator.model.annotations import AnnotationSet
from annotator.model.decisions import Decision, Status, Verb
from annotator.model.intervals import Intervals
from annotator.model.labels import LabelSet
from annotator.model.spans import Level, Span, Suggestion, walking_order

Range = tuple[int, int]

_FEW = 64
_FEW_OF = 8
"""Up to so many changed suggestions, or one in so many, are exchanged one by one; for more, all are looked through."""


class Applied(NamedTuple):
    """Where decisions were made, and all ranges of text that look different by them, those included."""

    decided: tuple[Range, ...]
    ranges: tuple[Range, ...]


class SuggestionState:
    """What lies on one text: decided spans, rejections, and the suggestions that nobody has decided on.

    A suggestion is open unless it was rejected, a span came from it, or a span covers it: in a flat label set
    any that overlaps it, in a nested one a span at the same place. In a done document none is open, and none
    that is hidden ever is.
    """

    def __init__(self, annotation_set: AnnotationSet, label_set: LabelSet, *, text: str) -> None:
        self.annotation_set = annotation_set
        self.label_set = label_set
        self.text = text
        self.open: Intervals[Suggestion] = Intervals()
        self.hides_doubtful = False
        self._all: Intervals[Suggestion] = Intervals()
        self._open_keys: set[Key] = set()
        self._hidden_keys: set[Key] = set()
        self._acceptable_counts = AcceptableCounts(nested=label_set.nested, is_doubtful=self.is_doubtful)
        self._begun: set[Key] = set()
        self._ended: set[Key] = set()

    @property
    def is_blind(self) -> bool:
        """True if suggestions are kept from view, so that what is decided owes nothing to them."""
        return self.annotation_set.effort.is_blind

    @property
    def suggestions(self) -> Intervals[Suggestion]:
        """All suggestions on the document, open or not; none where they are kept from view."""
        return self._all

    def suggest(self, suggestions: Iterable[Suggestion], *, within: Range | None = None) -> tuple[Range, ...]:
        """Take these as all the suggestions there are; of those with the same key, the first.

        With `within`, only those that begin in that range are exchanged, for these. One that was here before and has
        been seen stays seen. Returns the ranges of text that look different afterwards.
        """
        by_key: dict[Key, Suggestion] = {}
        for suggestion in () if self.is_blind else suggestions:
            by_key.setdefault(suggestion.key, suggestion)
        standing = self._all if within is None else self._all.overlapping(*within)
        before = {
            suggestion.key: suggestion
            for suggestion in standing
            if within is None or within[0] <= suggestion.start
        }
        gone = [suggestion for key, suggestion in before.items() if by_key.get(key) != suggestion]
        new = [suggestion for key, suggestion in by_key.items() if before.get(key) != suggestion]
        for outdated in gone:
            if outdated.key not in by_key:
                self._begun.discard(outdated.key)
                self._ended.discard(outdated.key)
        if len(gone) + len(new) <= max(_FEW, len(self._all) // _FEW_OF):
            self._exchange(gone, new)
        else:
            kept = (suggestion for suggestion in self._all if suggestion.key not in before)
            self._all = Intervals([*kept, *by_key.values()])
            self._reopen_all()
        return tuple((suggestion.start, suggestion.end) for suggestion in (*gone, *new))

    def _exchange(self, gone: Sequence[Suggestion], new: Sequence[Suggestion]) -> None:
        for suggestion in gone:
            self._all.remove(suggestion)
            self._hidden_keys.discard(suggestion.key)
            if suggestion.key in self._open_keys:
                self._open_keys.remove(suggestion.key)
                self.open.remove(suggestion)
        for suggestion in new:
            self._all.add(suggestion)
        around = {
            suggestion.key: suggestion
            for changed in (*gone, *new)
            for suggestion in self._all.overlapping(changed.start, changed.end)
        }
        self._acceptable_counts.exchange({suggestion.key for suggestion in gone}, around.values())
        for suggestion in new:
            self._reopen(suggestion)
        self._acceptable_counts.recount(around, self.is_acceptable)

    def hide_doubtful(self, hides: bool) -> None:
        """Hide the suggestions whose score is low, or show them again."""
        self.hides_doubtful = hides
        self._reopen_all()

    @property
    def hidden(self) -> int:
        """How many suggestions would be open but are hidden for their low score."""
        return len(self._hidden_keys)

    @property
    def finishing(self) -> tuple[int, int]:
        """How many suggestions finishing would accept, and how many of these are doubtful."""
        return self._acceptable_counts.count, self._acceptable_counts.doubtful

    def is_open(self, suggestion: Suggestion) -> bool:
        """True if `suggestion` is open, a person may still decide on it, and sees it."""
        return suggestion.key in self._open_keys

    def is_acceptable(self, suggestion: Suggestion) -> bool:
        """True if accepting many at once may take an open suggestion: nobody has turned anything down at its place.

        What was turned down there under another label comes back only by a key on it. One that no key could make,
        since it crosses a blank line or has white space at an edge, is left for its edges to be moved.
        """
        start, end = suggestion.start, suggestion.end
        return (
            self.is_open(suggestion)
            and not self.annotation_set.is_turned_down(start, end)
            and is_sound(self.text, start, end)
        )

    def is_doubtful(self, suggestion: Suggestion) -> bool:
        """True if the source is unsure of a suggestion, or a person flagged it."""
        remark = self.annotation_set.remark(suggestion)
        return suggestion.level is Level.LOW or (remark is not None and remark.doubt)

    def is_remarked(self, suggestion: Suggestion) -> bool:
        """True if a person has put a note or a doubt flag on a suggestion."""
        return self.annotation_set.remark(suggestion) is not None

    def span_of(self, suggestion: Suggestion) -> Span:
        """What accepting a suggestion makes of it: a span with the note and the flag that a person has put on it."""
        remark = self.annotation_set.remark(suggestion)
        return remark or Span(suggestion.start, suggestion.end, suggestion.label)

    def _open_mark(self, suggestion: Suggestion) -> Mark:
        return Mark.of_suggestion(suggestion, remark=self.annotation_set.remark(suggestion))

    def holds(self, span: Span, *, but: str | None = None) -> bool:
        """True if a decided span other than the one called `but` has the same offsets and label."""
        return any(
            (decided.start, decided.end, decided.label) == (span.start, span.end, span.label)
            and decided.uid != but
            for decided in self.annotation_set.spans.overlapping(span.start, span.end)
        )

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

    def apply(self, decisions: Sequence[Decision]) -> Applied:
        """Fold the decisions in."""
        was = self.annotation_set.status
        decided: list[Range] = []
        for decision in decisions:
            decided.extend(self._touched(decision))
            self.annotation_set.apply(decision)
        if Status.DONE in (was, self.annotation_set.status) and was is not self.annotation_set.status:
            self._reopen_all()
            whole = ((suggestion.start, suggestion.end) for suggestion in self._all)
            return Applied(tuple(decided), (*decided, *whole))
        places = set(decided)
        around = {
            suggestion.key: suggestion
            for interval in places
            for suggestion in self._all.overlapping(*interval)
        }
        changed = [key for key, suggestion in around.items() if self._reopen(suggestion)]
        remarked = {key for key in around if key[:2] in places}
        self._acceptable_counts.recount({*changed, *remarked}, self.is_acceptable)
        reopened = [(start, end) for start, end, _ in changed]
        return Applied(tuple(decided), (*decided, *reopened))

    def _touched(self, decision: Decision) -> Iterator[Range]:
        step: Sequence[Decision] | None = [decision]
        if decision.verb is Verb.UNDO:
            step = self.annotation_set.undo_step
        elif decision.verb is Verb.REDO:
            step = self.annotation_set.redo_step
        for touched in step or ():
            for interval in (touched.before, touched.after, touched.suggestion, touched.comment):
                if interval is not None:
                    yield interval.start, interval.end

    def _reopen(self, suggestion: Suggestion) -> bool:
        """Open or close `suggestion` as the set has it now; True if that changed anything."""
        key = suggestion.key
        is_free = self._is_free(suggestion)
        is_hidden = is_free and self.hides_doubtful and suggestion.level is Level.LOW
        (self._hidden_keys.add if is_hidden else self._hidden_keys.discard)(key)
        is_open = is_free and not is_hidden
        if is_open is (key in self._open_keys):
            return False
        if is_open:
            self._open_keys.add(key)
            self.open.add(suggestion)
        else:
            self._open_keys.remove(key)
            self.open.remove(suggestion)
        return True

    def _reopen_all(self) -> None:
        free = [suggestion for suggestion in self._all if self._is_free(suggestion)]
        hidden = (
            [suggestion for suggestion in free if suggestion.level is Level.LOW]
            if self.hides_doubtful
            else []
        )
        self._hidden_keys = {suggestion.key for suggestion in hidden}
        self.open = Intervals(suggestion for suggestion in free if suggestion.key not in self._hidden_keys)
        self._open_keys = {suggestion.key for suggestion in self.open}
        self._acceptable_counts = AcceptableCounts(
            list(self._all), nested=self.label_set.nested, is_doubtful=self.is_doubtful
        )
        self._acceptable_counts.recount(self._open_keys, self.is_acceptable)

    def marks(self, start: int, end: int) -> list[Mark]:
        """What is to be seen between the offsets, in walking order; a decided span hides a rejection under it."""
        decided = [Mark.of_span(span) for span in self.annotation_set.spans.overlapping(start, end)]
        marks = decided + [self._open_mark(suggestion) for suggestion in self.open.overlapping(start, end)]
        places = {walking_order(mark) for mark in marks}
        marks += [
            Mark.of_suggestion(rejection, State.REJECTED)
            for rejection in self.annotation_set.rejections.overlapping(start, end)
            if walking_order(rejection) not in places
        ]
        return sorted(marks, key=walking_order)

    def mark_seen(self, start: int, end: int) -> None:
        """Note that the text between the offsets has been painted; a suggestion may be painted in parts."""
        for suggestion in self.open.overlapping(start, end):
            if start <= suggestion.start:
                self._begun.add(suggestion.key)
            if suggestion.end <= end:
                self._ended.add(suggestion.key)

    def is_seen(self, suggestion: Suggestion) -> bool:
        """True if `suggestion` has been painted from end to end since it arrived."""
        return suggestion.key in self._begun and suggestion.key in self._ended

    def unseen(self) -> list[Suggestion]:
        """The open suggestions not painted from end to end since they arrived, in walking order."""
        seen = self._begun & self._ended
        return [suggestion for suggestion in self.open if suggestion.key not in seen]

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
