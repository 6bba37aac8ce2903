"""The focus: which mark it is on, and how it moves from one mark to the next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, islice, takewhile
from typing import NamedTuple

from annotator.editing.cursor import Cursor
from annotator.editing.marks import Mark, State
from annotator.editing.suggestion_state import SuggestionState
from annotator.model.decisions import Decision, Verb
from annotator.model.spans import Interval, Span, Suggestion, walking_order


class Bookmark(NamedTuple):
    """A place of the cursor, the mark that was chosen there, and the suggestion that was left."""

    offset: int
    chosen: tuple[int, tuple[int, int, str, str]] | None
    left: Suggestion | None


class FocusNavigation:
    """The focus over one annotation set, its open suggestions and a cursor.

    The focus is the shortest undecided mark at the cursor, else the shortest decided one, unless a move or `w`
    chose another one there. A rejected mark is plain text again. While the cursor moves away from an undecided
    focus that nobody has moved on from, it is remembered, so that an addition elsewhere can return to it.
    """

    def __init__(self, suggestion_state: SuggestionState, cursor: Cursor) -> None:
        self._suggestion_state = suggestion_state
        self._cursor = cursor
        self._chosen: tuple[int, tuple[int, int, str, str]] | None = None
        self._left: Suggestion | None = None
        self._destination: tuple[int, Callable[[], object]] | None = None
        self._back = 0
        self._back_revision = -1

    @property
    def here(self) -> list[Mark]:
        """The marks at the cursor that can be in focus: undecided before decided, shorter before longer."""
        offset = self._cursor.offset
        return self._choices(offset, offset + 1) or self._choices(*self._cursor.word)

    def _choices(self, start: int, end: int) -> list[Mark]:
        return sorted(
            (mark for mark in self._suggestion_state.marks(start, end) if mark.state is not State.REJECTED),
            key=lambda mark: (mark.state is not State.UNDECIDED, mark.end - mark.start),
        )

    @property
    def focus(self) -> Mark | None:
        """The mark that verbs act on."""
        here = self.here
        if self._chosen is not None and self._chosen[0] == self._cursor.offset:
            for mark in here:
                if _identity(mark) == self._chosen[1]:
                    return mark
        return here[0] if here else None

    def rejected_here(self) -> Mark | None:
        """The rejected mark at the cursor, if there is no other."""
        marks = self._suggestion_state.marks(self._cursor.offset, self._cursor.offset + 1)
        return next((mark for mark in marks if mark.state is State.REJECTED), None)

    @property
    def bookmark(self) -> Bookmark:
        """Where the cursor and the focus are, to come back to."""
        return Bookmark(self._cursor.offset, self._chosen, self._left)

    def return_to(self, bookmark: Bookmark) -> None:
        """Go back to where a bookmark was taken; what was in focus there is again, if it still is there."""
        self._cursor.go(bookmark.offset)
        self._chosen, self._left = bookmark.chosen, bookmark.left
        self.forget_destination()

    # Moving off and on

    def go(self, offset: int) -> None:
        """Stand at `offset`; an undecided focus is remembered."""
        self.leave()
        self._cursor.go(offset)

    def step(self, count: int) -> None:
        """Move by tokens."""
        self.leave()
        self._cursor.step(count)

    def step_sentence(self, direction: int) -> None:
        """Move by a sentence."""
        self.leave()
        self._cursor.step_sentence(direction)

    def step_paragraph(self, direction: int) -> None:
        """Move by a paragraph."""
        self.leave()
        self._cursor.step_paragraph(direction)

    def leave(self) -> None:
        """Remember an undecided focus before the cursor moves away from it."""
        focus = self.focus
        if self._left is None and focus is not None and focus.state is State.UNDECIDED:
            self._left = focus.suggestion
        self.release()

    def release(self) -> None:
        """Let the focus be whatever the cursor stands on."""
        self._chosen = None
        self.forget_destination()

    def forget_destination(self) -> None:
        """A verb begins: what `choose_again` would do belongs to the one before."""
        self._destination = None

    def choose_again(self) -> None:
        """Choose anew where the last verb leads to: suggestions have changed since it chose."""
        if self._destination is not None:
            self._destination[1]()

    @property
    def origin(self) -> int:
        """The offset from which the last verb looked for the next suggestion; the cursor's, if it did not."""
        return self._cursor.offset if self._destination is None else self._destination[0]

    def settle_on(self, decisions: Sequence[Decision]) -> None:
        """Focus what these decisions were about if the cursor stands on it, else whatever it stands on."""
        self._settle_on(decisions)
        self._destination = (self._cursor.offset, partial(self.settle_on, decisions))

    def _settle_on(self, decisions: Iterable[Decision]) -> None:
        self.release()
        here = {_identity(mark): mark for mark in self.here}
        for decision in decisions if here else ():
            of_span = (0, 0, "", decision.span or "")
            of_suggestion = (*decision.suggestion.key, "") if decision.suggestion else None
            if mark := here.get(of_span) or (here.get(of_suggestion) if of_suggestion else None):
                self._choose(mark)
                return

    def stay_on(self, uid: str) -> None:
        """Keep the decided span `uid` in focus; the cursor moves only if it is not on it."""
        decided = self._suggestion_state.annotation_set.get(uid)
        if decided is None:
            return
        if not decided.start <= self._cursor.offset < decided.end:
            self._cursor.offset = decided.start
        self._choose(Mark.of_span(decided))

    def to_suggestion(self, suggestion: Suggestion) -> None:
        """Go to an open suggestion and focus it."""
        self._left = None
        self._cursor.go(suggestion.start)
        self._choose(Mark.of_suggestion(suggestion))

    def to_mark(self, mark: Mark) -> None:
        """Go to a mark and focus it; an undecided focus is remembered, unless the mark is one itself."""
        if mark.state is State.UNDECIDED:
            self._left = None
        else:
            self.leave()
        self._cursor.go(mark.start)
        self._choose(mark)

    def to_first(self) -> None:
        """Go to the first open suggestion, if there is one."""
        if len(self._suggestion_state.open):
            self.to_suggestion(self._suggestion_state.open[0])

    def return_to_left(self) -> bool:
        """Go back to the suggestion that was left, if it is still open; False if there is none."""
        left, self._left = self._left, None
        if left is None or not self._return_to(left):
            return False
        self._destination = (left.start, partial(self._return_to, left))
        return True

    def _return_to(self, left: Suggestion) -> bool:
        if self._suggestion_state.is_open(left):
            self.to_suggestion(left)
            return True
        follower = next(self._suggestion_state.open.after(left), None)
        if follower is None:
            return False
        self.to_suggestion(follower)
        return True

    def _choose(self, mark: Mark) -> None:
        self.forget_destination()
        self._chosen = (self._cursor.offset, _identity(mark))

    # The next one

    def advance(self, decided: Interval) -> None:
        """After a decision on `decided`, go to the next open suggestion; stay where there is none behind it."""
        self._left = None
        follower = next(self._suggestion_state.open.after(decided, inclusive=True), None)
        if follower is not None:
            self.to_suggestion(follower)
        else:
            self._cursor.go(decided.start)
            self.release()
        self._destination = (decided.start, partial(self.advance, decided))

    def undecided_from_here(self) -> Iterator[Suggestion]:
        """The open suggestions from the focus or cursor on, in walking order."""
        focus = self.focus
        undecided = focus is not None and focus.state is State.UNDECIDED
        return self._suggestion_state.open.after(
            focus if focus and undecided else self._place(), inclusive=True
        )

    def next_undecided(self) -> str:
        """Go to the next open suggestion; never past the end. The message says why it stays."""
        follower = self._follower()
        if follower is not None:
            self.to_suggestion(follower)
            return ""
        rest = len(self._suggestion_state.open) - self._is_on_open()
        return f"{rest} undecided further up: tab goes there" if rest > 0 else "no more undecided"

    def tab(self, direction: int) -> str:
        """Go to the next or previous open suggestion, past the end to the other end."""
        open_ones = self._suggestion_state.open
        if not len(open_ones):
            return "no more undecided"
        if direction > 0:
            follower = self._follower()
            self.to_suggestion(follower or open_ones[0])
            return "" if follower else "from the top"
        before = self._predecessor()
        self.to_suggestion(before or open_ones[-1])
        return "" if before else "from the end"

    def next_doubtful(self) -> str:
        """Go to the next mark that is doubtful: a low score, or a person's flag; past the end to the top."""
        focus = self.focus
        behind = self._first_doubtful(focus or self._place())
        doubtful = behind or self._first_doubtful(Span(-1, -1, ""))
        if doubtful is None:
            return "nothing doubtful"
        self.to_mark(doubtful)
        self._left = None
        return "" if behind else "from the top"

    def _first_doubtful(self, interval: Interval) -> Mark | None:
        low = (
            suggestion
            for suggestion in self._suggestion_state.open.after(interval)
            if self._suggestion_state.is_doubtful(suggestion)
        )
        flagged = (
            span for span in self._suggestion_state.annotation_set.spans.after(interval) if span.span.doubt
        )
        marks = [Mark.of_suggestion(suggestion) for suggestion in islice(low, 1)]
        marks += [Mark.of_span(decided) for decided in islice(flagged, 1)]
        return min(marks, key=walking_order, default=None)

    def next_here(self) -> str:
        """Focus the next mark at this place."""
        here = self.here
        if len(here) < 2:
            return "no other span here"
        focus = self.focus
        identities = [_identity(mark) for mark in here]
        index = identities.index(_identity(focus)) if focus else -1
        self._choose(here[(index + 1) % len(here)])
        return ""

    def back(self) -> str:
        """Go back to what was decided last, and with each further call to what was decided before."""
        annotations = self._suggestion_state.annotation_set
        if self._back_revision != annotations.revision:
            self._back_revision = annotations.revision
            self._back = annotations.revision
        while self._back > 0:
            self._back -= 1
            mark = self._outcome(annotations.decisions[self._back])
            if mark is None or mark.start == self._cursor.offset:
                continue
            self.leave()
            self._cursor.go(mark.start)
            self._choose(mark)
            return ""
        return "nothing decided before that"

    def _outcome(self, decision: Decision) -> Mark | None:
        """The span or rejection that this decision was the last word on, if it is in force."""
        annotations = self._suggestion_state.annotation_set
        if decision.span and (decided := annotations.get(decision.span)) is not None:
            return Mark.of_span(decided) if decided.decision is decision else None
        suggestion = decision.suggestion
        if decision.verb is Verb.REJECT and suggestion is not None and annotations.is_rejected(suggestion):
            return Mark.of_suggestion(suggestion, State.REJECTED)
        return None

    def _follower(self) -> Suggestion | None:
        focus = self.focus
        if focus is None:
            return next(self._suggestion_state.open.after(self._place()), None)
        same_place, index = self._beside(focus)
        return next(chain(same_place[index + 1 :], self._suggestion_state.open.after(focus)), None)

    def _predecessor(self) -> Suggestion | None:
        focus = self.focus
        if focus is None:
            return next(self._suggestion_state.open.before(self._place(-1)), None)
        same_place, index = self._beside(focus)
        return next(
            chain(reversed(same_place[: max(index, 0)]), self._suggestion_state.open.before(focus)), None
        )

    def _beside(self, focus: Mark) -> tuple[list[Suggestion], int]:
        """The open suggestions at the very place of `focus`, and which of them it is; -1 for none."""
        order = walking_order(focus)
        here = self._suggestion_state.open.after(focus, inclusive=True)
        same_place = list(takewhile(lambda suggestion: walking_order(suggestion) == order, here))
        labels = [mark.label for mark in same_place] if focus.state is State.UNDECIDED else []
        return same_place, labels.index(focus.label) if focus.label in labels else -1

    def _place(self, length: int = 1) -> Span:
        """The cursor's place in walking order: before all that begins here, or behind it for a negative length."""
        offset = self._cursor.offset
        return Span(offset, offset + (1 << 40 if length > 0 else 0), "")

    def _is_on_open(self) -> bool:
        focus = self.focus
        return focus is not None and focus.state is State.UNDECIDED


def _identity(mark: Mark) -> tuple[int, int, str, str]:
    uid = mark.decided.uid if mark.decided else ""
    return (0, 0, "", uid) if uid else (mark.start, mark.end, mark.label, "")
