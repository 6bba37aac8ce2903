"""The editor: every verb of the annotator over one annotation set."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from annotator.editing.board import Board
from annotator.editing.bulk import acceptances, confident_run, snappings
from annotator.editing.change import Change, Range, refused
from annotator.editing.cursor import Cursor
from annotator.editing.marks import Mark, State
from annotator.editing.mentions import Correction, last_correction, other_mentions
from annotator.editing.names import Names
from annotator.editing.recorder import Clock, Draft, Recorder, utc_now
from annotator.editing.walk import Walk
from annotator.model.annotations import AnnotationSet, DecidedSpan
from annotator.model.decisions import By, Status, Verb, new_uid
from annotator.model.documents import Document
from annotator.model.labels import LabelSet
from annotator.model.spans import Level, Span, Suggestion
from annotator.model.tokens import Tokens, stand_in_tokens


class Editor:
    """A document, its annotation set and open suggestions, a cursor and a focus.

    Verbs act on the focus: the mark at the cursor that `walk` chose, else on the selection or plain text. Each
    returns a `Change`. What the editor holds is always the fold of the decisions made; nothing else changes it.
    """

    def __init__(
        self,
        document: Document,
        label_set: LabelSet,
        annotation_set: AnnotationSet,
        *,
        tokens: Tokens | None = None,
        annotator: str | None = None,
        clock: Clock = utc_now,
    ) -> None:
        self.document = document
        self.label_set = label_set
        self.annotation_set = annotation_set
        self.board = Board(annotation_set, label_set)
        self.tokens = tokens or document.tokens or stand_in_tokens(document.text)
        self.cursor = Cursor(document.text, self.tokens)
        self.names = Names(document.text, self.tokens)
        self.walk = Walk(self.board, self.cursor)
        self._recorder = Recorder(self.board, annotator=annotator or annotation_set.annotator, clock=clock)
        self._warned_of: str | None = None
        self._cursor_before: dict[int, int] = {}
        self.last_label: str | None = None

    # What there is

    @property
    def status(self) -> Status:
        """How far the annotator is with the document."""
        return self.annotation_set.status

    @property
    def focus(self) -> Mark | None:
        """The mark that verbs act on; None on plain text and while a selection is made."""
        return None if self.cursor.selection else self.walk.focus

    def text(self, start: int, end: int) -> str:
        """The document's text between the offsets."""
        return self.document.text[start:end]

    def addition(self) -> Range | None:
        """What a label would add here: the selection, else the name grown from the word; None at a mark."""
        if self.cursor.selection:
            return self.cursor.selection
        if self.walk.focus is not None or not len(self.tokens):
            return None
        spans = self.annotation_set.spans.overlapping(self.cursor.word[1], len(self.document.text))
        limit = None if self.label_set.nested else next((span.start for span in spans), None)
        return self.names.grown(self.cursor.offset, limit=limit)

    def correction(self) -> tuple[Correction, list[Draft]] | None:
        """The last correction and what it would do to the other mentions; None if there is nothing to do."""
        if self.status is Status.DONE or (correction := last_correction(self.board)) is None:
            return None
        drafts = other_mentions(self.board, self.document.text, self.tokens, correction)
        return (correction, drafts) if drafts else None

    def misaligned(self) -> list[DecidedSpan]:
        """The decided spans whose edges are off the tokens."""
        return [
            decided
            for decided in self.annotation_set.spans
            if not self.tokens.is_aligned(decided.start, decided.end)
        ]

    # What arrives

    def suggest(self, suggestions: Iterable[Suggestion]) -> None:
        """Take these as all suggestions on the document; the cursor and the focus on a decided span stay."""
        length = len(self.document.text)
        self.board.suggest(each for each in suggestions if 0 <= each.start < each.end <= length)

    def retokenize(self, tokens: Tokens) -> None:
        """Take the pipeline's tokens; cursor and selection are offsets and stay."""
        self.tokens = tokens
        self.cursor.tokens = tokens
        self.names = Names(self.document.text, tokens)

    # Verbs on the focus

    def accept(self) -> Change:
        """Accept an undecided focus; anywhere else only move on to the next undecided one."""
        focus = self.focus
        if focus is None or focus.state is not State.UNDECIDED or focus.suggestion is None:
            return self._moved(self.walk.next_undecided())
        if warning := self._warning("accept"):
            return warning
        suggestion = focus.suggestion
        span = Span(suggestion.start, suggestion.end, suggestion.label)
        change = self._record([Draft.take(Verb.ACCEPT, suggestion, span)])
        self.walk.advance(focus)
        return change

    def label(self, name: str) -> Change:
        """Give the focus this label and accept it; on plain text or a selection add a span with it."""
        self.label_set.check(name)
        if warning := self._warning(f"label {name}"):
            return warning
        self.last_label = name
        focus = self.focus
        if focus is None:
            return self._add(name)
        if focus.decided is not None:
            return self._relabel(focus.decided, name)
        if focus.suggestion is None:
            return refused("nothing to label here")
        suggestion = focus.suggestion
        verb = Verb.ACCEPT if suggestion.label == name else Verb.RELABEL
        span = Span(suggestion.start, suggestion.end, name)
        change = self._record([Draft.take(verb, suggestion, span)])
        self.walk.advance(focus)
        return change

    def _relabel(self, decided: DecidedSpan, name: str) -> Change:
        old = decided.span
        if old.label == name and not old.doubt:
            return refused(f"it is {name} already")
        after = replace(old, label=name, doubt=False)
        change = self._record([Draft.change(Verb.RELABEL, decided, after)])
        self.walk.stay_on(decided.uid)
        return change

    def _add(self, name: str) -> Change:
        place = self.addition()
        if place is None:
            return refused("no word here to mark")
        span = Span(*place, name)
        if any(
            (each.start, each.end, each.label) == (*place, name)
            for each in self.annotation_set.spans.overlapping(*place)
        ):
            return refused(f"it is {name} already")
        room = self._make_room(span)
        uid = new_uid()
        change = self._record([*room, Draft(Verb.ADD, uid, None, span)], message=_replaced(room))
        self.cursor.selection = None
        if not self.walk.return_to_left():
            self.walk.stay_on(uid)
        return change

    def reject(self) -> Change:
        """Reject an undecided focus; take a decided span out, and reject the suggestion it came from."""
        focus = self.focus
        if focus is None:
            return refused("nothing here to reject")
        if warning := self._warning("reject"):
            return warning
        if focus.decided is None:
            change = self._record([Draft(Verb.REJECT, suggestion=focus.suggestion)])
            self.walk.advance(focus)
            return change
        verb = Verb.REJECT if focus.decided.suggestion else Verb.REMOVE
        change = self._record([Draft.change(verb, focus.decided, None)])
        self.walk.release()
        return change

    def resize(self, edge: str, direction: str) -> Change:
        """Move the "left" or "right" edge of the focus "out" or "in" by a unit; on plain text select."""
        focus = self.focus
        if focus is None:
            return self._resize_selection(edge, direction)
        if warning := self._warning(f"resize {edge} {direction}"):
            return warning
        moved = self.cursor.resized(focus.start, focus.end, edge, direction)
        if moved is None:
            return refused("the span cannot get smaller" if direction == "in" else "the text ends here")
        return self.resize_to(*moved)

    def resize_to(self, start: int, end: int) -> Change:
        """Give the focus these offsets; an undecided one is decided by that, and the focus stays on it."""
        focus = self.focus
        if focus is None:
            return refused("no span here to resize")
        if warning := self._warning("resize"):
            return warning
        if (focus.start, focus.end) == (start, end):
            return refused("it is there already")
        if focus.decided is not None:
            old = focus.decided.span
            span = replace(old, start=start, end=end)
            draft = Draft.change(Verb.RESIZE, focus.decided, span)
        elif focus.suggestion is not None:
            span = Span(start, end, focus.label)
            draft = Draft.take(Verb.RESIZE, focus.suggestion, span)
        else:
            return refused("no span here to resize")
        room = self._make_room(span, but=draft.span)
        change = self._record([*room, draft], message=_replaced(room))
        if not start <= self.cursor.offset < end:
            self.cursor.offset = start if self.cursor.offset < start else max(start, end - 1)
        self.walk.stay_on(draft.span or "")
        return change

    def stretch_to(self, offset: int) -> Change:
        """Let the focus, the selection or the word at the cursor reach as far as the token at `offset`."""
        if not len(self.tokens):
            return refused("no word here")
        token = self.tokens[self.tokens.at(offset)]
        start, end = self._base_range()
        start, end = min(start, token[0]), max(end, token[1])
        if self.focus is not None:
            return self.resize_to(start, end)
        self.select(start, end)
        return Change()

    def _base_range(self) -> Range:
        focus = self.focus
        return (focus.start, focus.end) if focus else self.cursor.selection or self.cursor.word

    def _resize_selection(self, edge: str, direction: str) -> Change:
        if self.cursor.selection is None:
            self.walk.leave()
            self.cursor.selection = self.cursor.word
            if direction == "in":
                return Change()
        moved = self.cursor.resized(*self.cursor.selection, edge, direction)
        if moved is None:
            return refused("the selection cannot get smaller" if direction == "in" else "the text ends here")
        self.cursor.selection = moved
        return Change()

    def select(self, start: int, end: int) -> None:
        """Select the tokens that `[start, end)` touches, or just these characters in character mode."""
        if not self.cursor.by_character:
            start, end = self.tokens.snapped(start, end) or (start, end)
        if start < end:
            self.walk.leave()
            self.cursor.selection = (start, end)

    def deselect(self) -> bool:
        """Drop the selection and the character mode; False if there was neither."""
        had = self.cursor.selection is not None or self.cursor.by_character
        self.cursor.selection = None
        self.cursor.by_character = False
        return had

    def toggle_characters(self) -> Change:
        """Let edges move by character instead of token, or by token again."""
        self.cursor.by_character = not self.cursor.by_character
        return Change(message="edges by character" if self.cursor.by_character else "edges by token")

    def doubt(self) -> Change:
        """Flag the focus as doubtful; an undecided one is accepted with the flag. A label key clears it."""
        return self._annotate("doubt", Verb.DOUBT, doubt=True)

    def note(self, text: str) -> Change:
        """Set the note of the focus; an undecided one is accepted with it. An empty one takes the note away."""
        return self._annotate("note", Verb.NOTE, note=text.strip())

    def _annotate(
        self, action: str, verb: Verb, *, note: str | None = None, doubt: bool | None = None
    ) -> Change:
        focus = self.focus
        if focus is None:
            return refused("no span here")
        if warning := self._warning(action):
            return warning
        old = focus.decided.span if focus.decided else Span(focus.start, focus.end, focus.label)
        span = replace(
            old,
            note=old.note if note is None else note,
            doubt=old.doubt if doubt is None else doubt,
        )
        if focus.decided is not None:
            if span == old:
                return refused(f"the {action} is there already")
            draft = Draft.change(verb, focus.decided, span)
        elif focus.suggestion is not None:
            draft = Draft.take(verb, focus.suggestion, span)
        else:
            return refused("no span here")
        change = self._record([draft])
        self.walk.stay_on(draft.span or "")
        return change

    # Verbs on many

    def correct_others(self) -> Change:
        """Do the last correction to the other mentions of its text, as one step."""
        if warning := self._warning("correct others"):
            return warning
        if (found := self.correction()) is None:
            return refused("no other mention to correct")
        correction, drafts = found
        count = len(drafts)
        return self._record(
            drafts, by=By.BULK, message=f"{correction.summary()}: {count} more · u takes all back"
        )

    def accept_confident(self, until: int) -> Change:
        """Accept open suggestions from the focus or cursor on, up to the first unsure one or offset `until`.

        Unsure are a low score and a model's suggestion without one. The focus moves to where it stopped.
        """
        if warning := self._warning("accept confident"):
            return warning
        run, stop = confident_run(self.walk.undecided_from_here(), until)
        message = f"accepted {len(run)}" if run else "none to accept before the next doubtful one"
        change = self._record(acceptances(run, self.label_set), by=By.BULK, message=message)
        if stop is not None:
            self.walk.to_suggestion(stop)
        elif run:
            self.walk.to_last(run[-1])
        return change

    def finishing(self) -> tuple[int, int]:
        """What finishing would accept: how many suggestions, and how many of them are doubtful."""
        open_ones = list(self.board.open)
        return len(open_ones), sum(each.level is Level.LOW for each in open_ones)

    def finish(self) -> Change:
        """Accept what is open and not hidden, and call the document done, as one step."""
        if self.status is Status.DONE:
            return refused("the document is done")
        drafts = acceptances(self.board.open, self.label_set)
        return self._record([*drafts, Draft(Verb.FINISH)], by=By.DOCUMENT)

    def skip(self) -> Change:
        """Put the document aside; nothing is accepted."""
        if self.status is Status.DONE:
            return self._warning("skip") or refused("the document is done")
        if self.status is Status.SKIPPED:
            return refused("the document is skipped already")
        return self._record([Draft(Verb.SKIP)])

    def reopen(self) -> Change:
        """Take up a done or skipped document again."""
        if self.status not in (Status.DONE, Status.SKIPPED):
            return refused("the document is open")
        return self._record([Draft(Verb.REOPEN)], message="reopened")

    def snap(self) -> Change:
        """Let decided spans that are off the tokens reach to the tokens they touch, as one step."""
        if warning := self._warning("snap"):
            return warning
        drafts = snappings(self.misaligned(), self.board, self.tokens)
        message = f"snapped {len(drafts)} to tokens" if drafts else "nothing to snap"
        return self._record(drafts, by=By.BULK, message=message)

    # History

    def undo(self) -> Change:
        """Take back the last step; the cursor goes to where it was made."""
        step = self.annotation_set.undo_step
        change = self._recorder.undo()
        if change and step:
            self._go_to_change(change, self._cursor_before.get(step[0].step))
        return change

    def redo(self) -> Change:
        """Bring back the step undone last; the cursor goes to what it changed."""
        change = self._recorder.redo()
        if change:
            self._go_to_change(change, None)
        return change

    def _go_to_change(self, change: Change, offset: int | None) -> None:
        self._warned_of = None
        if offset is None and change.ranges:
            offset = change.ranges[0][0]
        if offset is not None:
            self.cursor.go(offset)
        self.walk.release()

    def _moved(self, message: str) -> Change:
        self._warned_of = None
        return Change(message=message)

    def _record(self, drafts: Sequence[Draft], *, by: By = By.KEY, message: str = "") -> Change:
        self._warned_of = None
        if drafts:
            self._cursor_before[self.annotation_set.last_step + 1] = self.cursor.offset
        return self._recorder.record(drafts, by=by, message=message)

    def _make_room(self, span: Span, *, but: str | None = None) -> list[Draft]:
        """In a flat label set: the removal of the other spans that `span` overlaps."""
        if self.label_set.nested:
            return []
        return [
            Draft.change(Verb.REMOVE, decided, None)
            for decided in self.annotation_set.spans.overlapping(span.start, span.end)
            if decided.uid != but
        ]

    def _warning(self, action: str) -> Change | None:
        """In a done document the first editing key warns; the same one again reopens, and no more than that."""
        if self.status is not Status.DONE:
            return None
        if self._warned_of == action:
            return self.reopen()
        self._warned_of = action
        return refused("this document is done: the same key again reopens it")


def _replaced(room: Sequence[Draft]) -> str:
    names = ", ".join(draft.before.label for draft in room if draft.before)
    return f"replaced {names}" if names else ""
