"""The annotate screen: one document after the other, each suggestion decided on by a key."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual import events, on
from textual.app import ComposeResult

from annotator.cells.fitting import fitted
from annotator.editing.change import Change, Range
from annotator.editing.editor import Editor
from annotator.editing.focus import Bookmark
from annotator.editing.marks import State
from annotator.editing.overview import Overview
from annotator.editing.place_hints import PlaceHints
from annotator.errors import InputError, StoreError
from annotator.model.decisions import Comment, Status
from annotator.tui.keys.action import Action
from annotator.tui.keys.keyed_screen import KeyedScreen
from annotator.tui.keys.keymap import Keymap
from annotator.tui.screens.annotate import bars
from annotator.tui.screens.annotate.bars import Coming
from annotator.tui.screens.annotate.memory_follower import MemoryFollower
from annotator.tui.screens.annotate.mention_preview import MentionPreview
from annotator.tui.screens.annotate.openers import AnnotateOpeners
from annotator.tui.screens.annotate.verbs import EditorVerb
from annotator.tui.screens.document import bars as document_bars
from annotator.tui.screens.document.messages import Failed, Happened
from annotator.tui.screens.document.navigation import Navigation
from annotator.tui.screens.document.pane import WIDE_FROM, DocumentPane
from annotator.tui.widgets.bar import Piece, pieces_width
from annotator.tui.widgets.document_view import DocumentView
from annotator.tui.widgets.span_table import SpanTable
from annotator.workspace import (
    Adapted,
    BackupFailed,
    Event,
    Learned,
    LearnerFailed,
    MemoryLoaded,
    Saved,
    ServiceState,
    Suggested,
    SuggesterChanged,
    Workspace,
)
from annotator.workspace.assignments.messages import DocumentMessages

if TYPE_CHECKING:
    from annotator.model.assignments import Returned
    from annotator.store.plans import Plan

_NOTE = "note"
_LONG = 20_000
"""A text of more code points gets the capitals before likely places once it is on the screen."""
_ROWS_BESIDE_TEXT = 5
"""The rows of bars, and the blank one above the text, that every size of terminal has."""
_SAVE_AFTER = 0.03
"""Seconds until a decision goes to the writer: encoding a large set takes the processor that painting needs."""


class AnnotateScreen(KeyedScreen[None]):
    """A document of a workspace with its marks, what is beside it, and every verb by key."""

    AUTO_FOCUS = "#document"

    def __init__(
        self,
        workspace: Workspace,
        keymap: Keymap,
        *,
        first: str,
        table_keymap: Keymap,
        openers: Callable[[], AnnotateOpeners],
    ) -> None:
        """`first` is the document to begin with; `openers` gives what opens over the screen.

        `table_keymap` has the keys that work while the table of spans has the keyboard.
        """
        super().__init__(keymap)
        self.workspace = workspace
        self.table = SpanTable(id="spans")
        self.pane = DocumentPane(
            self,
            project=workspace,
            keymap=keymap,
            beside=self.table,
            search_everywhere=lambda words: self.openers.find(words),
        )
        self.navigation = Navigation(self, workspace, self.pane)
        self.mentions = MentionPreview(
            later=self.set_timer, on_change=partial(self.refresh_view, follow=False)
        )
        self.messages = DocumentMessages()
        """What was said to the annotator about the document on screen."""
        self.step: Plan | None = None
        """The step over several documents that was made last from here, while nothing has been decided since."""
        self.place_hints = PlaceHints()
        """The letters that lead to likely places on the screen at once."""
        self._shows_place_hints = workspace.settings.place_hints
        self._waits_with_place_hints = False
        """True until a long document has been painted, since its words and sentences are then looked at all at once."""
        self._memory = MemoryFollower(
            workspace,
            later=self.set_timer,
            first_visible=lambda: self.view.visible_range()[0],
            on_change=self._suggestions_followed,
        )
        self._first = first
        self._table_keymap = table_keymap
        self._before_table: Bookmark | None = None
        """Where the keyboard was in the text before it went to the table."""
        self._openers = openers
        self._editor: Editor | None = None
        self._overview: Overview | None = None
        self._is_untouched = True
        """True until a key is pressed or the cursor is moved on the document."""
        self._settled: str | None = None
        """The document that was finished or skipped last, while nothing has been decided since."""
        self._warned_of_coming: str | None = None
        """The document whose finishing was put off, since its suggestions are still coming."""
        self._note_drafts: Mapping[tuple[str, int], str] = {}
        self._trouble = ""
        """What was said last to be wrong with the pipeline."""

    def compose(self) -> ComposeResult:
        """The document, with the table of spans beside it."""
        yield self.pane

    @property
    def view(self) -> DocumentView:
        """The text."""
        return self.pane.view

    @property
    def editor(self) -> Editor:
        """The document on screen."""
        assert self._editor is not None  # set on mounting, before any key arrives
        return self._editor

    @property
    def openers(self) -> AnnotateOpeners:
        """What opens over the screen."""
        return self._openers()

    def on_mount(self) -> None:
        """Open the first document; the worker starts when that has been painted."""
        self.workspace.listener = self._on_event
        self.pane.fit_into(*self.app.size)
        self.open(self._first)
        self.pane.say_small()
        if (damage := self.workspace.damage) is not None:
            self.post_message(Failed(damage, "A part of this store is damaged"))
        self.call_after_refresh(self._start_suggesting)

    def on_resize(self, event: events.Resize) -> None:
        """Give everything its place in the new size, in one frame."""
        self.pane.fit_into(*event.size)
        if self._editor is not None:
            self.show_bars()
            self.call_after_refresh(self.refresh_view)
        self.pane.say_small()

    def make_room(self, width: int, height: int) -> None:
        """The table gives way in a narrow terminal."""
        self.table.display = width >= WIDE_FROM
        if not self.table.display and self.focused is self.table:
            self.pane.focus_text()

    # Opening

    def open(self, document_id: str, *, message: str = "", is_anew: bool = False) -> bool:
        """Show a document, where it was left or at its first undecided suggestion.

        False, and what is on screen stays, if it cannot be read; a dialog says why. An undo is about what was
        decided there. With `is_anew`, what is on screen is not left first.
        """
        try:
            editor = self.workspace.editor(document_id)
        except (StoreError, InputError) as error:
            self.post_message(Failed(error, "This document cannot be opened"))
            return False
        if self._editor is not None and not is_anew:
            self.leave()
        self._show_document(editor, message)
        if self.workspace.is_started:
            self.workspace.want_suggestions(document_id)
        is_new = self.navigation.is_new(document_id)
        self.refresh_view(follow=not is_new)
        self._memory.follow_later(editor)
        self.step = None
        return True

    def _show_document(self, editor: Editor, message: str) -> None:
        document = editor.document
        self._editor = editor
        self._before_table = None
        self._overview = Overview(editor.suggestion_state, document.text, editor.label_set)
        self.messages = self.workspace.messages_for(document.id)
        self.pane.leave_modes()
        if not message and self.workspace.has_versions(document.id):
            message = "two versions: ctrl+p, choose a version"
        self.pane.message = message
        self.mentions.find(editor)
        self._is_untouched = True
        self._waits_with_place_hints = len(document.text) > _LONG
        if self._waits_with_place_hints:
            self.call_after_refresh(self._stop_waiting_with_place_hints)
        self.navigation.opened()
        self.view.show(
            document.text,
            marks=editor.suggestion_state.marks,
            label_set=editor.label_set,
            top=self.navigation.top(document.id),
        )
        self.table.show(self._overview, editor.label_set)
        if self.navigation.is_new(document.id) and editor.status is not Status.DONE:
            editor.navigation.to_first()

    def _stop_waiting_with_place_hints(self) -> None:
        self._waits_with_place_hints = False
        self.refresh_view(follow=False)

    def leave(self) -> None:
        """Keep the place in the document on screen, and what it has cost."""
        self.navigation.leave()

    def say(self, message: str) -> None:
        """Say something in the status line until the next key."""
        self.pane.say(message)

    def _start_suggesting(self) -> None:
        self.workspace.start_suggesting()
        self.workspace.want_suggestions(self.editor.document.id)
        if len(self.editor.suggestion_state.suggestions):
            self.refresh_all()  # imported ones follow memory from now on
        else:
            self.show_bars()

    # Keys

    def press(self, key: str, character: str | None) -> None:
        """Count the key, and act on it."""
        if self.pane.is_too_small:
            return
        self.workspace.count_key(self.editor)
        self._is_untouched = False
        self.pane.message = ""
        super().press(key, character)

    def capture(self, key: str, character: str | None) -> bool:
        """Jump mode and the table of spans take keys first; then digits and capitals give labels."""
        if self.pane.jump is None and self.focused is self.table:
            self._press_in_table(key, character)
        elif self.pane.capture(key, character):
            pass
        elif (label_key := self.keymap.label_key(character)) is not None:
            self._press_label(label_key)
        else:
            return False
        return True

    def _press_in_table(self, key: str, character: str | None) -> None:
        name = self._table_keymap.action(key, character)
        if name is not None:
            self.perform(self._table_keymap.actions[name])
        else:
            self.say(f"{self._table_keymap.key('leave_table')} leads back to the text, where this key works")

    def on_descendant_focus(self) -> None:
        """The footer shows the keys of what has the keyboard."""
        self.pane.show_keys(self._table_keymap if self.focused is self.table else self.keymap)

    def click(self, name: str) -> None:
        """Give the label, or do the action, that was clicked."""
        if name.startswith("label:"):
            self.label(name.removeprefix("label:"))
        elif self.focused is self.table and name in self._table_keymap.actions:
            self.perform(self._table_keymap.actions[name])
        else:
            super().click(name)

    def action_table_help(self) -> None:
        """Ask for the keys of the table to be shown."""
        self.post_message(self.HelpAsked(self._table_keymap))

    def on_input_key(self, event: events.Key) -> None:
        """A key that the prompt has no use for."""
        self.pane.press_in_prompt(event.key)

    def perform(self, action: Action) -> None:
        """Do an action, unless it decides something that could not be saved."""
        if action.decides and self.navigation.is_refused():
            return
        if isinstance(action.handler, EditorVerb) and self._is_brought_into_view():
            return
        super().perform(action)

    def label(self, name: str) -> None:
        """Give a label, as its key would."""
        if not (self.navigation.is_refused() or self._is_brought_into_view()):
            self.apply_change(self.editor.label(name))

    @property
    def _is_focus_off_screen(self) -> bool:
        focus = self.editor.focus
        return focus is not None and not self.view.touches_screen(focus.start, focus.end)

    def _is_brought_into_view(self) -> bool:
        """True if what a verb would decide on was not on the screen, as when a document has just opened at its top.

        Then it is shown, and the same key decides.
        """
        if not self._is_focus_off_screen:
            return False
        self.refresh_view()
        self.say("not on the screen before: the same key again decides")
        return True

    def _press_label(self, key: str) -> None:
        name = self.editor.label_set.by_key.get(key)
        if name is not None:
            self.label(name)
        elif (offset := self.place_hints.offset(key)) is not None:
            self.pane.go(offset)
        else:
            self.say(f"no label has the key {key}")

    # Changes

    def apply_change(self, change: Change) -> None:
        """Let suggestions follow what a verb did, show it, and have it saved; what it decided is to be undone next."""
        change = self.workspace.follow(self.editor, change)
        self.pane.message = change.message
        if change:
            self._settled = self.step = None
            self.set_timer(_SAVE_AFTER, partial(self.workspace.save, self.editor))
            self._repaint(change.ranges)
            self.table.changed()
            self.mentions.find(self.editor)
            self._memory.follow_later(self.editor)
        self.refresh_view()

    def stretch_to(self, offset: int) -> None:
        """Let the focus, the selection or the word at the cursor reach to the token at `offset`; go there if it must not."""
        if self.navigation.is_refused():
            self.pane.go(offset)
        else:
            self.apply_change(self.editor.stretch_to(offset))

    def _repaint(self, ranges: Sequence[Range]) -> None:
        """Repaint the text in these ranges, and group the marks there anew."""
        self.view.repaint(ranges)
        if self._overview is not None:
            self._overview.update(ranges)

    def _suggestions_followed(self, ranges: Sequence[Range]) -> None:
        """Show what memory has changed; table and bars only if it is on the screen, or the last part."""
        self._focus_first_if_untouched()
        self._repaint(ranges)
        is_behind = self.workspace.is_behind(self.editor)
        if not is_behind:
            self.mentions.find(self.editor)
        top, end = self.view.visible_range()
        if not is_behind or any(start < end and stop > top for start, stop in ranges):
            self.table.changed()
            self.refresh_view(follow=False)

    # Showing

    def refresh_all(self) -> None:
        """Show all marks afresh; the cursor and the view stay."""
        self.view.repaint([(0, len(self.editor.document.text))])
        if self._overview is not None:
            self._overview.rebuild()
        self.table.changed()
        self.mentions.find(self.editor)
        self.refresh_view(follow=False)

    def refresh_view(self, *, follow: bool = True) -> None:
        """Show the cursor, the focus and the bars as they are now; `follow` keeps the cursor in view.

        A document that has just come stays at its top, wherever the focus is, until the person presses a key or points.
        """
        editor = self.editor
        focus = editor.focus
        is_at_top = self._is_untouched and self.navigation.is_new(editor.document.id)
        if follow and not is_at_top:
            span = (focus.start, focus.end) if focus else editor.cursor.word
            self.view.keep_in_view(*(editor.cursor.selection or span))
        self._show_overlay()
        if focus is not None:
            self.table.follow(focus.label, editor.text(focus.start, focus.end))
        self.show_bars()

    def _show_overlay(self) -> None:
        """Show what lies over the text: the cursor, the focus, boxes, and the hints of likely places."""
        editor = self.editor
        focus = editor.focus
        is_shown = self._shows_place_hints and not self._waits_with_place_hints
        if is_shown and editor.status is not Status.DONE:
            # The view has its height only once it is laid out, and what is painted first is to stay.
            room = self.app.size.height - _ROWS_BESIDE_TEXT
            self.place_hints.update(editor, *self.view.visible_range(height=room))
        else:
            self.place_hints.clear()
        self.view.set_overlay(
            self.pane.overlay(
                (focus.start, focus.end, focus.label) if focus else None,
                boxes=self.mentions.boxes,
                remarks=tuple((comment.start, comment.end) for comment in self.messages.comments),
                place_hints=self.place_hints.letters,
            )
        )

    def text_fitted(self) -> None:
        """Show the hints that fit the rows as they are now, in the frame that shows these rows."""
        if self._editor is not None:
            self._show_overlay()

    def cursor_moved(self) -> None:
        """Suggestions that come later leave the cursor where the person has put it."""
        self._is_untouched = False

    def show_bars(self) -> None:
        """Say what there is to say."""
        editor, width = self.editor, self.app.size.width
        progress = self._progress(width)
        header = document_bars.header(
            editor.document.title,
            self.workspace.position(editor.document.id),
            self.workspace.annotator,
            editor.label_set.name,
            editor.status,
            is_sent_back=self.is_sent_back,
            width=width - 4 - pieces_width(progress),
        )
        self.pane.header.put(header, progress)
        self.pane.status.put(*self._status(width - 2))

    def _progress(self, width: int) -> list[Piece]:
        if (reason := self.workspace.read_only) is not None:
            return [Piece(fitted(f" READ-ONLY: {reason} ", width // 2), "bad")]
        return bars.progress(
            self.editor,
            self.coming,
            self.keymap.key("finish"),
            is_short=width < WIDE_FROM,
            is_sent_back=self.is_sent_back,
        )

    def _status(self, width: int) -> tuple[list[Piece], list[Piece]]:
        """The left and the right of the status line."""
        left = self._status_left(width)
        state = self.workspace.save_state(self.editor)
        saving = document_bars.saving(state, self.editor.annotation_set.revision)
        if self.pane.message and self.pane.jump is None:
            return document_bars.with_message(left, self.pane.message, saving, width=width)
        return left, [*self._beside(width, left, saving), Piece("   "), *saving]

    def _status_left(self, width: int) -> list[Piece]:
        if self.pane.jump is not None:
            return self.pane.jump_pieces()
        if (notice := self._notice) is not None:
            return bars.notice(notice)
        focus = self.editor.focus
        source = focus.suggestion if focus is not None and focus.state is State.UNDECIDED else None
        choice = None if source is None else self.workspace.label_choice(self.editor, source)
        return document_bars.standing(self.editor, width=width // 2, choice=choice)

    def _beside(self, width: int, left: Sequence[Piece], saving: Sequence[Piece]) -> list[Piece]:
        """What else there is to say about where the cursor stands, while there is no message."""
        room = width - 4 - pieces_width(left) - pieces_width(saving)
        if self._notice is not None:
            return [Piece(f"{self.keymap.key('why')} says all", "muted", "why")]
        if self._is_focus_off_screen:
            return [Piece("further down: the next key on it shows it first", "muted")]
        if comments := self._comments_here():
            return bars.comment(comments[0], self.keymap.key("why"), room=room - 2)
        if self.mentions.correction is not None:
            end = self.view.visible_range()[1]
            return bars.correction(
                self.mentions.correction.summary(),
                len(self.mentions.drafts),
                self.keymap.key("correct_others"),
                below=sum(start >= end for start, _ in self.mentions.boxes),
                room=room,
            )
        return []

    def _comments_here(self) -> tuple[Comment, ...]:
        focus = self.editor.focus
        return (
            self.messages.on(focus.start, focus.end) if focus else self.messages.on(*self.editor.cursor.word)
        )

    @property
    def _notice(self) -> Returned | None:
        """Why the document was sent back, until a key is pressed on it."""
        return self.messages.returned if self._is_untouched and self.is_sent_back else None

    @property
    def is_sent_back(self) -> bool:
        """True if a lead sent the document back and it has not been finished since."""
        return self.messages.is_waiting(self.editor.annotation_set.decisions)

    @property
    def coming(self) -> Coming:
        """What is known of the suggestions of the document on screen."""
        if self.editor.suggestion_state.is_blind:
            return Coming.BLIND
        if self.workspace.is_arriving(self.editor):
            return Coming.COMING
        if self.editor.is_suggested:
            return Coming.THERE if len(self.editor.suggestion_state.suggestions) else Coming.NONE
        return bars.coming_of(self.workspace.suggester, self.editor.document.id)

    # What happens elsewhere

    def _on_event(self, event: Event) -> None:
        """Bring an event of the workspace over from another thread."""
        self.post_message(Happened(event))

    @on(Happened)
    def _on_happened(self, message: Happened) -> None:
        match message.event:
            case Suggested() as suggested:
                self._take_suggestions(suggested)
            case SuggesterChanged(state):
                self._say_trouble(state)
                self.show_bars()
            case Saved():
                if (changed := self.workspace.follow_labels()) is not None:
                    self.navigation.open_anew(changed)
                self.show_bars()
            case MemoryLoaded() as loaded:
                self._take_memory(loaded)
            case Learned() as learned:
                self._take_learned(learned)
            case LearnerFailed(reason):
                self.say(f"the learner does not work: {reason} · suggestions go on without it")
            case Adapted() as adapted:
                self._take_adapted(adapted)
            case BackupFailed(error):
                self.post_message(Failed(error, "There is no backup of today"))

    def _take_suggestions(self, suggested: Suggested) -> None:
        try:
            is_on_screen = self.workspace.take(suggested) is self.editor
        except (StoreError, InputError) as error:
            self.post_message(Failed(error, "There are no suggestions for a document"))
            return
        if not is_on_screen:
            return
        self._focus_first_if_untouched()
        if off := len(self.editor.misaligned()):
            self.pane.message = f"{off} spans are off the pipeline's tokens: ctrl+p, snap"
        if self.workspace.is_behind(self.editor):
            self.refresh_view(follow=False)
            self._memory.follow(self.editor)
        else:
            self.refresh_all()

    def _focus_first_if_untouched(self) -> None:
        """Go to the first suggestion that has come, unless the person has pressed a key or moved meanwhile."""
        editor = self.editor
        is_new = self.navigation.is_new(editor.document.id)
        if self._is_untouched and is_new and editor.status is not Status.DONE:
            editor.navigation.to_first()

    def _take_memory(self, loaded: MemoryLoaded) -> None:
        if loaded.error is not None:
            self.post_message(Failed(loaded.error, "Memory is not as you edited it"))
        self.workspace.learn(loaded)
        self._memory.follow(self.editor)

    def _take_learned(self, learned: Learned) -> None:
        """Show what the learner suggests on the document on screen, where that is not done."""
        editor, ranges = self.workspace.take_learned(learned)
        if editor is not self.editor:
            return
        if self.workspace.is_behind(editor):
            self._memory.follow(editor)
        elif ranges:
            self._suggestions_followed(ranges)

    def _take_adapted(self, adapted: Adapted) -> None:
        """What is opened from now on has the copy's suggestions, if it was taken; say how it went."""
        from annotator.tui.screens.annotate.adapting_texts import outcome

        try:
            self.workspace.take_adapted(adapted)
        except StoreError as error:
            self.post_message(Failed(error, "The model as it came cannot be kept as your choice"))
        self.workspace.want_suggestions(self.editor.document.id)
        self.say(outcome(adapted.attempt, is_broken=adapted.is_broken))

    def _say_trouble(self, state: ServiceState) -> None:
        """Say once what went wrong with the pipeline; it goes on by itself where it can."""
        if state.detail and state.detail != self._trouble:
            self.pane.message = state.detail
        self._trouble = state.detail

    @on(DocumentView.Painted)
    def _on_painted(self, message: DocumentView.Painted) -> None:
        self.editor.mark_seen(message.start, message.end)

    # Actions

    def action_toggle_doubtful(self) -> None:
        """Hide suggestions with a low score, or show them."""
        suggestion_state = self.editor.suggestion_state
        suggestion_state.hide_doubtful(not suggestion_state.hides_doubtful)
        self.refresh_all()
        self.say(
            f"{suggestion_state.hidden} doubtful hidden"
            if suggestion_state.hides_doubtful
            else "doubtful ones shown"
        )

    def action_toggle_place_hints(self) -> None:
        """Hide the letters before likely places, or show them."""
        self._shows_place_hints = not self._shows_place_hints
        self.refresh_view(follow=False)
        self.say("hints shown" if self._shows_place_hints else "hints hidden")

    def action_accept_confident(self) -> None:
        """Accept what is confident, up to the next doubtful one or the end of the screen."""
        self.apply_change(self.editor.accept_confident(self.view.visible_range()[1]))

    def action_save_again(self) -> None:
        """Try at once to save what could not be saved."""
        self.workspace.retry()
        self.say("trying to save again")

    def action_table(self) -> None:
        """Go to the table of spans."""
        if self.table.display:
            self._before_table = self.editor.navigation.bookmark
            self.set_focus(self.table)
            self.follow_table(self.table.begin())
        else:
            self.say("the table of spans needs a terminal of 100 columns")

    def action_leave_table(self) -> None:
        """Go back from the table to where the keyboard was in the text."""
        self.pane.focus_text()
        if self._before_table is not None:
            self.editor.navigation.return_to(self._before_table)
        self.refresh_view()

    def follow_table(self, offset: int | None) -> None:
        """Stand at the mention that is pointed at in the table."""
        if offset is not None:
            self.editor.navigation.go(offset)
            self.cursor_moved()
        self.refresh_view()

    def action_choose_mention(self) -> None:
        """Go back from the table to the text, at the mention."""
        self.pane.focus_text()
        self.follow_table(self.table.mention)

    @on(SpanTable.Clicked)
    def _on_span_clicked(self, message: SpanTable.Clicked) -> None:
        self.pane.focus_text()
        self.follow_table(message.offset)

    def action_pick_label(self) -> None:
        """Pick a label by typing."""
        self.openers.pick_label()

    def action_correct_everywhere(self) -> None:
        """Do the last correction in all documents, once it is confirmed."""
        self.openers.correct_everywhere()

    def action_undo_everywhere(self) -> None:
        """Take back the last step over several documents, once it is confirmed."""
        self.openers.undo_last_step()

    def action_why(self) -> None:
        """Show where the suggestion comes from and what the label means."""
        self.openers.why()

    def action_audit(self) -> None:
        """Show texts that are labelled inconsistently."""
        self.openers.audit()

    def action_feedback(self) -> None:
        """Show what reviews found in finished documents."""
        self.openers.feedback()

    def action_find(self) -> None:
        """Search all texts."""
        self.openers.find()

    def action_adapting(self) -> None:
        """Show how a copy of the model has adapted."""
        self.openers.adapting()

    def action_statistics(self) -> None:
        """Show how far the work is and what it costs."""
        self.openers.statistics()

    def action_agreement(self) -> None:
        """Show how far annotators agree."""
        self.openers.agreement()

    # Notes

    def action_note(self) -> None:
        """Ask for the note of the span."""
        focus = self.editor.focus
        if focus is None:
            self.say("no span here")
            return
        remarked = focus.decided.span if focus.decided else focus.remark
        old = remarked.note if remarked is not None else ""
        self.pane.ask(_NOTE, self._note_drafts.get((self.editor.document.id, focus.start), old))

    def answered(self, purpose: str, text: str) -> None:
        """Keep the note."""
        self._note_drafts = {}
        self.apply_change(self.editor.note(text))

    def given_up(self, purpose: str, text: str) -> None:
        """Keep what was typed for the next time, and the note as it was."""
        if (focus := self.editor.focus) is not None:
            self._note_drafts = {(self.editor.document.id, focus.start): text}

    # Undo, and from document to document

    def action_undo(self) -> None:
        """Drop a selection; else take back the last step. After finishing, go back to that document first."""
        if self.pane.drop_selection():
            return
        settled, self._settled = self._settled, None
        if settled is not None and not self.open(settled):
            return
        if self.step_behind() is not None:
            self.openers.undo_step()
        else:
            self.undo_here()

    def undo_here(self) -> None:
        """Take back the last step in this document, and in no other one."""
        self.apply_change(self.editor.undo())

    def step_behind(self) -> Plan | None:
        """The step over several documents that an undo here would be about; None if it is this document's own."""
        from annotator.workspace.steps.step_lookup import step_behind

        return self.step or step_behind(self.workspace.store, self.editor.annotation_set)

    def action_redo(self) -> None:
        """Bring back what was undone."""
        self.apply_change(self.editor.redo())

    def action_finish(self) -> None:
        """Show what was not seen, then accept the rest, finish, and open the next document."""
        if self.navigation.is_guarded:
            return
        editor = self.editor
        if editor.status is Status.DONE and self.is_sent_back:
            self.apply_change(editor.reopen())
            self.say(f"reopened · {self.keymap.key('finish')} finishes it")
        elif editor.status is Status.DONE:
            self.navigation.open_next("")
        elif (offset := editor.first_unseen()) is not None:
            self._show_unseen_text(offset)
        elif self.coming is Coming.COMING and self._warned_of_coming != editor.document.id:
            self._warned_of_coming = editor.document.id
            self.say("suggestions still coming: the same key finishes without them")
        elif unseen := editor.suggestion_state.unseen():
            self.view.set_top(self.view.move_rows(unseen[0].start, -1))
            editor.navigation.to_suggestion(unseen[0])
            self.pane.message = (
                f"{len(unseen)} suggestions not shown yet: {self.keymap.key('finish')} goes on"
            )
            self.refresh_view()
        else:
            self.apply_change(editor.finish())
            spans, undo = len(editor.annotation_set.spans), self.keymap.key("undo")
            self._open_next(f"finished {self.pane.short_title()}: {spans} · {undo} reopens")

    def _show_unseen_text(self, offset: int) -> None:
        """Show the page that begins at text which has never been on the screen, and stand there."""
        editor = self.editor
        self.view.set_top(offset)
        editor.navigation.go(offset)
        self.refresh_view(follow=False)
        _, end = self.view.visible_range()
        rest = "" if end < len(editor.document.text) else ", to the end"
        self.say(f"text not shown before{rest}: {self.keymap.key('finish')} goes on")

    def action_skip(self) -> None:
        """Skip this document and open the next."""
        if self.navigation.is_guarded:
            return
        change = self.editor.skip()
        self.apply_change(change)
        if change:
            self._open_next(f"skipped {self.pane.short_title()} · {self.keymap.key('undo')} undoes")

    def _open_next(self, message: str) -> None:
        self._settled = self.editor.document.id
        self.navigation.open_next(message)

    def action_previous_document(self) -> None:
        """Open the document before."""
        self._open_neighbour(-1)

    def action_next_document(self) -> None:
        """Open the document after."""
        self._open_neighbour(1)

    def _open_neighbour(self, step: int) -> None:
        if self.navigation.open_neighbour(step):
            self._settled = None
