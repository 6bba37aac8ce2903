"""The editor: every verb of the annotator over one annotation set."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from annotator.editing.bulk import acceptances, confident_run, room_for, snappings
from annotator.editing.change import Change, Range, refused
from annotator.editing.correction import Correction, last_correction
from annotator.editing.cursor import Cursor
from annotator.editing.extents import (
    crosses_blank_line,
    crosses_line,
    is_sound,
    resized,
    trimmed,
)
from annotator.editing.focus import FocusNavigation
from annotator.editing.history import Completion, History
from annotator.editing.marks import Mark, State
from annotator.editing.names import Names
from annotator.editing.recorder import Clock, Draft, utc_now
from annotator.editing.suggestion_state import SuggestionState
from annotator.model.annotations import AnnotationSet, DecidedSpan
from annotator.model.decisions import By, Status, Verb, new_uid
from annotator.model.documents import Document
from annotator.model.labels import LabelSet
from annotator.model.seen_text import first_unseen, united
from annotator.model.spans import Span, Suggestion
from annotator.model.tokens import Tokens, stand_in_tokens


class Editor:
    """All that a person may do on one document: the verbs on the focus, those on many at once, and history.

    It is composed of a suggestion state (the set and the suggestions that are open), a cursor, a navigation (the focus and the moves from
    one mark to the next) and a history. The focus is the mark at the cursor that the navigation chose; where there is none,
    verbs act on the selection or plain text. Each returns a `Change`. What the editor holds is always the fold of the
    decisions made; nothing else changes it.
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
        complete: Completion | None = None,
    ) -> None:
        self.document = document
        self.label_set = label_set
        self.annotation_set = annotation_set
        self.suggestion_state = SuggestionState(annotation_set, label_set, text=document.text)
        self.tokens = tokens or document.tokens or stand_in_tokens(document.text)
        self.cursor = Cursor(document.text, self.tokens)
        self.names = Names(document.text, self.tokens)
        self.navigation = FocusNavigation(self.suggestion_state, self.cursor)
        who = annotator or annotation_set.annotator
        self._history = History(
            self.suggestion_state, self.cursor, self.navigation, annotator=who, clock=clock, complete=complete
        )
        self.last_label: str | None = None
        self.is_suggested = False
        self._asked: tuple[str, int, int, int] | None = None
        """The key that was to be pressed again to make a span over a line break, the span, and the revision then."""

    # What there is

    @property
    def status(self) -> Status:
        """How far the annotator is with the document."""
        return self.annotation_set.status

    @property
    def revision(self) -> int:
        """How many decisions there are; it only grows."""
        return self.annotation_set.revision

    @property
    def focus(self) -> Mark | None:
        """The mark that verbs act on; None on plain text and while a selection is made."""
        return None if self.cursor.selection else self.navigation.focus

    def text(self, start: int, end: int) -> str:
        """The document's text between the offsets."""
        return self.document.text[start:end]

    def mark_seen(self, start: int, end: int) -> None:
        """Note that the text between the offsets, and the suggestions on it, have been on the screen."""
        self.suggestion_state.mark_seen(start, end)
        effort = self.annotation_set.effort
        effort.seen = united((*effort.seen, (start, end)))

    def first_unseen(self) -> int | None:
        """The offset of the first character that has never been on the screen; None if all have."""
        return first_unseen(self.document.text, self.annotation_set.effort.seen)

    def addition(self) -> Range | None:
        """What a label would add here: the selection, else the name grown from the word; None at a mark."""
        if self.cursor.selection:
            return self.cursor.selection
        if self.navigation.focus is not None or not len(self.tokens):
            return None
        spans = self.annotation_set.spans.overlapping(self.cursor.word[1], len(self.document.text))
        limit = None if self.label_set.nested else next((span.start for span in spans), None)
        return self.names.grown(self.cursor.offset, limit=limit)

    def correction(self) -> tuple[Correction, list[Draft]] | None:
        """The last correction and what it would do to the other mentions; None if there is nothing to do."""
        text = self.document.text
        if self.status is Status.DONE or (correction := last_correction(self.suggestion_state, text)) is None:
            return None
        from annotator.editing.mentions import other_mentions

        drafts = other_mentions(self.suggestion_state, text, self.tokens, correction)
        return (correction, drafts) if drafts else None

    def misaligned(self) -> list[DecidedSpan]:
        """The decided spans whose edges are off the tokens."""
        return [
            decided
            for decided in self.annotation_set.spans
            if not self.tokens.is_aligned(decided.start, decided.end)
        ]

    # What arrives

    def suggest(self, suggestions: Iterable[Suggestion], *, within: Range | None = None) -> Sequence[Range]:
        """Take these as all suggestions on the document, or as those that begin `within` a range.

        The cursor and the focus on a decided span stay. Returns the ranges of text that look different afterwards.
        """
        self.is_suggested = True
        length = len(self.document.text)
        sound = (suggestion for suggestion in suggestions if 0 <= suggestion.start < suggestion.end <= length)
        return self.suggestion_state.suggest(sound, within=within)

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
            return Change(message=self.navigation.next_undecided())
        suggestion = focus.suggestion
        if (refusal := self._unsound(suggestion.start, suggestion.end)) is not None:
            return refusal
        draft = Draft.take(Verb.ACCEPT, suggestion, self.suggestion_state.span_of(suggestion))
        change = self._history.record([draft])
        self.navigation.advance(focus)
        return change

    def label(self, name: str) -> Change:
        """Give the focus this label and accept it; on plain text or a selection add a span with it."""
        self.label_set.check(name)
        if (warning := self._history.warning(f"label {name}")) is not None:
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
        if (refusal := self._unsound(suggestion.start, suggestion.end)) is not None:
            return refusal
        verb = Verb.ACCEPT if suggestion.label == name else Verb.RELABEL
        span = replace(self.suggestion_state.span_of(suggestion), label=name, doubt=False)
        change = self._history.record([Draft.take(verb, suggestion, span)])
        self.navigation.advance(focus)
        return change

    def _relabel(self, decided: DecidedSpan, name: str) -> Change:
        old = decided.span
        if old.label == name and not old.doubt:
            return refused(f"it is {name} already")
        after = replace(old, label=name, doubt=False)
        if self.suggestion_state.holds(after, but=decided.uid):
            return refused(f"another {name} stands here already")
        change = self._history.record([Draft.change(Verb.RELABEL, decided, after)])
        self.navigation.stay_on(decided.uid)
        return change

    def _add(self, name: str) -> Change:
        interval = self.addition()
        if interval is None or self._trimmed(*interval) is None:
            return refused("no word here to mark")
        span = Span(*interval, name)
        if self.suggestion_state.holds(span):
            return refused(f"it is {name} already")
        if (refusal := self._refusal(*interval, f"label {name}")) is not None:
            return refusal
        room = room_for(span, self.suggestion_state)
        uid = new_uid()
        change = self._history.record([*room, Draft(Verb.ADD, uid, None, span)], message=_replaced(room))
        self.cursor.selection = None
        if not self.navigation.return_to_left():
            self.navigation.stay_on(uid)
        return change

    def reject(self) -> Change:
        """Reject an undecided focus; take a decided span out, and reject the suggestion it came from."""
        focus = self.focus
        if focus is None:
            return refused("nothing here to reject")
        if (warning := self._history.warning("reject")) is not None:
            return warning
        if focus.decided is None:
            change = self._history.record([Draft(Verb.REJECT, suggestion=focus.suggestion)])
            self.navigation.advance(focus)
            return change
        verb = Verb.REJECT if focus.decided.suggestion else Verb.REMOVE
        change = self._history.record([Draft.change(verb, focus.decided, None)])
        self.navigation.release()
        return change

    def _unsound(self, start: int, end: int) -> Change | None:
        """What to return instead of making `[start, end)` a span, if no key may do that."""
        if crosses_blank_line(self.document.text, start, end):
            return refused("a span cannot cross a blank line: move an edge")
        if not is_sound(self.document.text, start, end):
            return refused("a span cannot begin or end with white space: move an edge")
        return None

    def _refusal(self, start: int, end: int, action: str, *, was: Range | None = None) -> Change | None:
        """What to return instead of making `[start, end)` a span by `action`, if that must not be or is to be asked.

        Over a line break it is made when the same action comes again, or where `was`, the span so far, crosses one.
        """
        if (refusal := self._unsound(start, end)) is not None:
            return refusal
        text = self.document.text
        if not crosses_line(text, start, end) or (was is not None and crosses_line(text, *was)):
            return None
        attempt = (action, start, end, self.revision)
        if self._asked == attempt:
            return None
        self._asked = attempt
        return refused("this crosses a line break: the same key again does it")

    def resize(self, edge: str, direction: str) -> Change:
        """Move the "left" or "right" edge of the focus "out" or "in" by a unit; on plain text select."""
        focus = self.focus
        if focus is None:
            return self._resize_selection(edge, direction)
        if (warning := self._history.warning(f"resize {edge} {direction}")) is not None:
            return warning
        moved = self.resized(focus.start, focus.end, edge, direction)
        if moved is None:
            return refused("the span cannot get smaller" if direction == "in" else "the text ends here")
        return self.resize_to(*moved, action=f"resize {edge} {direction}")

    def resized(self, start: int, end: int, edge: str, direction: str) -> Range | None:
        """The range with an edge moved by a key: past white space, and by token past lone marks; None if it cannot."""
        return resized(self.cursor, start, end, edge, direction)

    def resize_to(self, start: int, end: int, *, action: str = "resize") -> Change:
        """Give the focus these offsets; an undecided one is decided by that, and the focus stays on it.

        Over a line break only when the same `action` comes again.
        """
        focus = self.focus
        if focus is None:
            return refused("no span here to resize")
        if (warning := self._history.warning("resize")) is not None:
            return warning
        if (focus.start, focus.end) == (start, end):
            return refused("it is there already")
        if not 0 <= start < end <= len(self.document.text):
            return refused("no characters there")
        if (refusal := self._refusal(start, end, action, was=(focus.start, focus.end))) is not None:
            return refusal
        if focus.decided is not None:
            old = focus.decided.span
            span = replace(old, start=start, end=end)
            draft = Draft.change(Verb.RESIZE, focus.decided, span)
        elif focus.suggestion is not None:
            span = replace(self.suggestion_state.span_of(focus.suggestion), start=start, end=end)
            draft = Draft.take(Verb.RESIZE, focus.suggestion, span)
        else:
            return refused("no span here to resize")
        if self.suggestion_state.holds(span, but=draft.span):
            return refused(f"another {span.label} stands there already")
        room = room_for(span, self.suggestion_state, but=draft.span)
        change = self._history.record([*room, draft], message=_replaced(room))
        if not start <= self.cursor.offset < end:
            self.cursor.offset = start if self.cursor.offset < start else max(start, end - 1)
        self.navigation.stay_on(draft.span or "")
        return change

    def stretch_to(self, offset: int) -> Change:
        """Let the focus, the selection or the word at the cursor reach as far as the token at `offset`."""
        if not len(self.tokens):
            return refused("no word here")
        token = self.tokens[self.tokens.at(offset)]
        start, end = self._base_range()
        start, end = min(start, token[0]), max(end, token[1])
        if self.focus is not None:
            return self.resize_to(start, end, action="stretch")
        self.select(start, end)
        return Change()

    def _base_range(self) -> Range:
        focus = self.focus
        return (focus.start, focus.end) if focus else self.cursor.selection or self.cursor.word

    def _resize_selection(self, edge: str, direction: str) -> Change:
        if self.cursor.selection is None:
            self.select(*self.cursor.word)
            if self.cursor.selection is None:
                return refused("no word here to select")
            if direction == "in":
                return Change()
        moved = self.resized(*self.cursor.selection, edge, direction)
        if moved is None:
            return refused("the selection cannot get smaller" if direction == "in" else "the text ends here")
        if direction == "out" and crosses_blank_line(self.document.text, *moved):
            return refused("a selection cannot cross a blank line")
        self.cursor.selection = moved
        return Change()

    def select(self, start: int, end: int) -> None:
        """Select the tokens that `[start, end)` touches, or just these characters in character mode.

        White space and lone marks at the edges are left out, unless there is nothing else.
        """
        self.navigation.leave()
        if self.cursor.select(start, end) and self.cursor.selection is not None:
            self.cursor.selection = self._trimmed(*self.cursor.selection) or self.cursor.selection

    def _trimmed(self, start: int, end: int) -> Range | None:
        return trimmed(self.document.text, self.tokens, start, end, by_character=self.cursor.by_character)

    def select_word(self) -> Change:
        """Select the word at the cursor, also inside a span: a label then adds a span there."""
        self.select(*self.cursor.word)
        return Change() if self.cursor.selection else refused("no word here to select")

    def deselect(self) -> bool:
        """Drop the selection and the character mode; False if there was neither."""
        return self.cursor.deselect()

    def toggle_characters(self) -> Change:
        """Let edges move by character instead of token, or by token again."""
        self.cursor.by_character = not self.cursor.by_character
        return Change(message="edges by character" if self.cursor.by_character else "edges by token")

    def doubt(self, *, takes: bool = False) -> Change:
        """Flag the focus as doubtful; a label key clears the flag.

        An undecided one stays undecided; with `takes` it is taken with the flag, as in a review.
        """
        return self._remark("doubt", Verb.DOUBT, doubt=True, takes=takes)

    def note(self, text: str, *, takes: bool = False) -> Change:
        """Set the note of the focus; an empty text takes it away. `takes` as for a doubt."""
        return self._remark("note", Verb.NOTE, note=text.strip(), takes=takes)

    def _remark(
        self,
        action: str,
        verb: Verb,
        *,
        note: str | None = None,
        doubt: bool | None = None,
        takes: bool,
    ) -> Change:
        focus = self.focus
        if focus is None:
            return refused("no span here")
        if (warning := self._history.warning(action)) is not None:
            return warning
        if focus.decided is not None:
            old = focus.decided.span
        elif focus.suggestion is not None:
            old = self.suggestion_state.span_of(focus.suggestion)
        else:
            return refused("no span here")
        span = replace(
            old,
            note=old.note if note is None else note,
            doubt=old.doubt if doubt is None else doubt,
        )
        if span == old:
            return refused(f"the {action} is there already" if note != "" else f"no {action} given")
        if focus.decided is not None:
            draft = Draft.change(verb, focus.decided, span)
        elif focus.suggestion is not None and takes:
            draft = Draft.take(verb, focus.suggestion, span)
        else:
            remark = Draft(verb, after=span, suggestion=focus.suggestion)
            return self._history.write([remark], message=f"{action} on {focus.label}: still undecided")
        change = self._history.record([draft])
        self.navigation.stay_on(draft.span or "")
        return change

    # Verbs on many

    def correct_others(self) -> Change:
        """Do the last correction to the other mentions of its text, as one step."""
        if (warning := self._history.warning("correct others")) is not None:
            return warning
        if (repeatable := self.correction()) is None:
            return refused("no other mention to correct")
        correction, drafts = repeatable
        count = len(drafts)
        return self._history.record(
            drafts, by=By.BULK, message=f"{correction.summary()}: {count} more · u takes all back"
        )

    def accept_confident(self, until: int) -> Change:
        """Accept open suggestions from the focus or cursor on, up to the first unsure one or offset `until`.

        Unsure are a low score and a model's suggestion without one. The focus moves to where it stopped.
        """
        if (warning := self._history.warning("accept confident")) is not None:
            return warning
        run, stop = confident_run(self.navigation.undecided_from_here(), until, self.suggestion_state)
        drafts = acceptances(run, self.suggestion_state)
        message = f"accepted {len(drafts)}" if drafts else "none to accept before the next doubtful one"
        change = self._history.record(drafts, by=By.BULK, message=message)
        if (last := stop or (run[-1] if run else None)) is not None:
            self.navigation.advance(last)
        return change

    def finishing(self) -> tuple[int, int]:
        """What finishing would accept: how many suggestions, and how many of them are doubtful."""
        return self.suggestion_state.finishing

    def finish(self) -> Change:
        """Accept what is open and not hidden, and call the document done, as one step."""
        if self.status is Status.DONE:
            return refused("the document is done")
        drafts = acceptances(self.suggestion_state.open, self.suggestion_state)
        return self._history.record([*drafts, Draft(Verb.FINISH)], by=By.DOCUMENT)

    def skip(self) -> Change:
        """Put the document aside; nothing is accepted."""
        if (warning := self._history.warning("skip")) is not None:
            return warning
        if self.status is Status.SKIPPED:
            return refused("the document is skipped already")
        return self._history.record([Draft(Verb.SKIP)])

    def reopen(self) -> Change:
        """Take up a done or skipped document again."""
        if self.status not in (Status.DONE, Status.SKIPPED):
            return refused("the document is open")
        return self._history.reopen()

    def snap(self) -> Change:
        """Let decided spans that are off the tokens reach to the tokens they touch, as one step."""
        if (warning := self._history.warning("snap")) is not None:
            return warning
        drafts = snappings(self.misaligned(), self.suggestion_state, self.tokens)
        message = f"snapped {len(drafts)} to tokens" if drafts else "nothing to snap"
        return self._history.record(drafts, by=By.BULK, message=message)

    def decide(
        self, drafts: Sequence[Draft], *, action: str = "", by: By = By.KEY, message: str = ""
    ) -> Change:
        """Make just these drafts one step. The cursor stays; in a done document a named `action` warns first."""
        if action and (warning := self._history.warning(action)) is not None:
            return warning
        return self._history.write(drafts, by=by, message=message)

    # History

    def undo(self) -> Change:
        """Take back the last step; the cursor goes to where it was made."""
        return self._history.undo()

    def redo(self) -> Change:
        """Bring back the step undone last; the cursor goes to what it changed."""
        return self._history.redo()


def _replaced(room: Sequence[Draft]) -> str:
    names = ", ".join(draft.before.label for draft in room if draft.before)
    return f"replaced {names}" if names else ""
