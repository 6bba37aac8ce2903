"""The review screen: one conflict after the other, from document to document."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from textual import events, on
from textual.app import ComposeResult

from annotator.cells.fitting import fitted
from annotator.editing.change import Change
from annotator.editing.editor import Editor
from annotator.errors import AnnotatorError, InputError, StoreError
from annotator.review.conflict_navigation import Filter
from annotator.review.conflict_state import Outcome
from annotator.review.conflicts import Conflict
from annotator.review.session import ReviewSession
from annotator.review.settlement import Settlement
from annotator.tui.keys.action import Action
from annotator.tui.keys.keyed_screen import KeyedScreen
from annotator.tui.keys.keymap import Keymap
from annotator.tui.screens.document import bars as document_bars
from annotator.tui.screens.document.messages import Failed, Happened
from annotator.tui.screens.document.navigation import Navigation
from annotator.tui.screens.document.pane import WIDE_FROM, DocumentPane
from annotator.tui.screens.review import bars
from annotator.tui.screens.review.marks import marks_of
from annotator.tui.screens.review.openers import ReviewOpeners
from annotator.tui.screens.review.overview import overview
from annotator.tui.screens.review.trail import Trail
from annotator.tui.screens.review.versions import panel
from annotator.tui.widgets.bar import Piece, pieces_width
from annotator.tui.widgets.document_view import DocumentView
from annotator.tui.widgets.line_panel import LinePanel
from annotator.workspace import BackupFailed, Event, Saved
from annotator.workspace.events import ConflictsCounted, Weighed, Weighing
from annotator.workspace.review.workspace import ReviewWorkspace

_BELOW = 7
"""Rows of the versions below the text; a seventh of what a terminal has more than the smallest is added."""
_LISTED = 10
"""At most so many rows at the bottom list the document's conflicts."""
_FEWEST_LISTED = 4
"""Fewer are not worth it."""
_SAVE_AFTER = 0.03
"""Seconds until a decision goes to the writer: encoding a large set takes the processor that painting needs."""
_COMMENT, _NOTE = "comment", "note"
_TAKE, _CONFLICT, _LABEL = "take:", "conflict:", "label:"


class ReviewScreen(KeyedScreen[None]):
    """A document under review: its text with the conflicts in it, the versions of the current one, and every verb by key."""

    AUTO_FOCUS = "#document"

    def __init__(
        self,
        workspace: ReviewWorkspace,
        keymap: Keymap,
        *,
        first: str,
        openers: Callable[[], ReviewOpeners],
    ) -> None:
        """`first` is the document to begin with; `openers` gives what opens over the screen."""
        super().__init__(keymap)
        self.workspace = workspace
        self.versions = LinePanel(id="versions")
        self.pane = DocumentPane(self, project=workspace, keymap=keymap, beside=self.versions)
        self.navigation = Navigation(self, workspace, self.pane)
        self._first = first
        self._openers = openers
        self._session: ReviewSession | None = None
        self._trail = Trail()
        self._settlement: Settlement | None = None
        """How the conflict before was settled, in this document or the last one."""
        self._alike: tuple[Conflict, ...] = ()
        self._awaits_label = False
        """True once the key was pressed behind which a label's key gives that label."""

    def compose(self) -> ComposeResult:
        """The document, with the versions beside or below it."""
        yield self.pane

    @property
    def view(self) -> DocumentView:
        """The text."""
        return self.pane.view

    @property
    def session(self) -> ReviewSession:
        """The review of the document on screen."""
        assert self._session is not None  # set on mounting, before any key arrives
        return self._session

    @property
    def editor(self) -> Editor:
        """The gold set on screen."""
        return self.session.editor

    @property
    def openers(self) -> ReviewOpeners:
        """What opens over the screen."""
        return self._openers()

    def on_mount(self) -> None:
        """Open the first document; what is to be worked out for all of them begins when that has been painted."""
        self.workspace.listener = self._on_event
        self.pane.fit_into(*self.app.size)
        self.open(self._first, message=self._welcome())
        self.pane.say_small()
        if (damage := self.workspace.damage) is not None:
            self.post_message(Failed(damage, "A part of this store is damaged"))
        self.call_after_refresh(self.workspace.start_survey)

    def _welcome(self) -> str:
        """What there is to say first: how many documents wait for others."""
        waiting = self.workspace.route.waiting
        return f"{waiting} more wait for a second annotator" if waiting else ""

    def on_resize(self, event: events.Resize) -> None:
        """Give everything its place in the new size, in one frame."""
        self.pane.fit_into(*event.size)
        if self._session is not None:
            self.show_bars()
            self.call_after_refresh(self.refresh_view)
        self.pane.say_small()

    def make_room(self, width: int, height: int) -> None:
        """The versions stand beside the text, or below it where the terminal is narrow."""
        is_narrow = width < WIDE_FROM
        self.set_class(is_narrow, "-narrow")
        below = _BELOW + max(0, height - 24) // 7
        self.versions.styles.height = min(below, max(3, height // 3)) if is_narrow else "100%"

    # Opening

    def open(self, document_id: str, *, message: str = "", is_anew: bool = False) -> bool:
        """Show a document, where it was left or at its first open conflict.

        False, and what is on screen stays, if it cannot be read; a dialog says why. With `is_anew`, what is on screen
        is not left first.
        """
        try:
            opened = self.workspace.open(document_id)
        except (StoreError, InputError) as error:
            self.post_message(Failed(error, "This document cannot be opened"))
            return False
        if self._session is not None and not is_anew:
            self.leave()
        session = self._session = opened.session
        self.pane.leave_modes()
        if self.workspace.has_versions(document_id):
            opened = opened._replace(message="two versions of the gold: ctrl+p, choose a version")
        self.pane.message = message or opened.message
        self.navigation.opened()
        self._find_alike()
        self.view.show(
            session.editor.document.text,
            marks=marks_of(session),
            label_set=session.editor.label_set,
            top=self.navigation.top(document_id),
        )
        self.refresh_view()
        return True

    def leave(self) -> None:
        """Keep the place in the document on screen, and what it has cost."""
        self.navigation.leave()

    def say(self, message: str) -> None:
        """Say something in the status line until the next key."""
        self.pane.say(message)

    # Keys

    def press(self, key: str, character: str | None) -> None:
        """Count the key, and act on it."""
        if self.pane.is_too_small:
            return
        self.workspace.count_key(self.editor)
        self.pane.message = ""
        super().press(key, character)

    def capture(self, key: str, character: str | None) -> bool:
        """A label's key behind `pick_label` and modes come first; then digits take versions, capitals give labels."""
        if self._awaits_label:
            self._press_label(key, character)
        elif self.pane.capture(key, character):
            pass
        elif (pressed := self.keymap.label_key(character)) is None:
            return False
        elif pressed.isdigit():
            self.take(int(pressed))
        else:
            self._label_by_key(pressed)
        return True

    def on_input_key(self, event: events.Key) -> None:
        """A key that the prompt has no use for."""
        self.pane.press_in_prompt(event.key)

    def perform(self, action: Action) -> None:
        """Do an action, unless it decides something that could not be saved."""
        self._awaits_label = False
        if not (action.decides and self.navigation.is_refused()):
            super().perform(action)

    def click(self, name: str) -> None:
        """Take the version, go to the conflict, give the label, or do the action that was clicked."""
        self._awaits_label = False
        if name.startswith(_TAKE):
            self.take(int(name.removeprefix(_TAKE)))
        elif name.startswith(_CONFLICT):
            self._go_to(int(name.removeprefix(_CONFLICT)))
        elif name.startswith(_LABEL):
            self.label(name.removeprefix(_LABEL))
        else:
            super().click(name)

    def take(self, number: int) -> None:
        """Take a version, as its digit would."""
        if not self.navigation.is_refused():
            self.apply_change(self.session.take(number))

    def label(self, name: str) -> None:
        """Give a label, as its key would."""
        if not self.navigation.is_refused():
            self.apply_change(self.session.label(name))

    def _press_label(self, key: str, character: str | None) -> None:
        self._awaits_label = False
        pressed = self.keymap.label_key(character)
        if pressed is not None:
            self._label_by_key(pressed)
        elif key == "enter" or self.keymap.action(key, character) == "pick_label":
            self.openers.pick_label()
        else:
            self.refresh_view()

    def _label_by_key(self, key: str) -> None:
        name = self.editor.label_set.by_key.get(key)
        if name is None:
            self.say(f"no label has the key {key}")
        else:
            self.label(name)

    # Changes

    def apply_change(self, change: Change) -> None:
        """Show what a verb did, note where it was done, and have it saved."""
        if change:
            self._trail.add(self.editor.document.id)
        self._show_change(change)

    def _show_change(self, change: Change) -> None:
        self.pane.message = change.message
        if change:
            self.workspace.route.note(self.session)
            self.set_timer(_SAVE_AFTER, partial(self.workspace.save, self.editor))
            self._settlement = self.session.settlement
            self._repaint(change)
        self.refresh_view()

    def _repaint(self, change: Change) -> None:
        """Repaint what a change touched: conflicts are drawn whole."""
        navigation = self.session.navigation
        whole = {(each.start, each.end) for place in change.ranges for each in navigation.overlapping(*place)}
        self.view.repaint([*change.ranges, *whole])
        self._find_alike()

    def _find_alike(self) -> None:
        """Look which open conflicts the last settlement would settle too."""
        self._alike = self.session.same_text(self._settlement)[0] if self._settlement is not None else ()

    def stretch_to(self, offset: int) -> None:
        """Let the span in focus, the selection or the word at the cursor reach to the token at `offset`; go there if it must not."""
        if self.navigation.is_refused():
            self.pane.go(offset)
        else:
            self.apply_change(self.session.stretch_to(offset))

    # Showing

    def refresh_view(self, *, follow: bool = True) -> None:
        """Show the cursor, the current conflict, its versions and the bars as they are now."""
        editor = self.editor
        focus = self._focus()
        if follow:
            self.view.keep_in_view(*(editor.cursor.selection or (focus[:2] if focus else editor.cursor.word)))
        boxes = tuple((conflict.start, conflict.end) for conflict in self._alike)
        self.view.set_overlay(self.pane.overlay(focus, boxes=boxes))
        self._show_versions()
        self.show_bars()

    def text_fitted(self) -> None:
        """Nothing over the text depends on its rows here."""

    def cursor_moved(self) -> None:
        """The conflict at the cursor is the current one."""
        self.session.go_to_cursor()

    def _focus(self) -> tuple[int, int, str] | None:
        """What is reversed out: an edited or added span, else the current conflict, else what the cursor stands on."""
        conflict, focus = self.session.current, self.editor.focus
        is_outside = conflict is None or not (conflict.start <= self.editor.cursor.offset < conflict.end)
        is_edited = focus is not None and focus.decided is not None and not focus.is_shared
        if conflict is not None and not is_outside and not (is_edited and self._is_settled(conflict)):
            return conflict.start, conflict.end, conflict.label
        return (focus.start, focus.end, focus.label) if focus is not None else None

    def _is_settled(self, conflict: Conflict) -> bool:
        return self.session.outcome(conflict) is not Outcome.OPEN

    def _show_versions(self) -> None:
        width, height = self.versions.size
        if width:
            key = self.keymap.key("take_preselection")
            lines = panel(self.session, width=width, height=height, key=key)
            listed = min(_LISTED, height // 4, height - len(lines) - 1)
            if listed >= _FEWEST_LISTED:
                below = overview(self.session, width=width, rows=listed)
                lines += [[]] * (height - listed - len(lines)) + below
            self.versions.put(lines)

    def show_bars(self) -> None:
        """Say what there is to say."""
        workspace, session, width = self.workspace, self.session, self.app.size.width
        if (reason := workspace.read_only) is not None:
            progress = [Piece(fitted(f" READ-ONLY: {reason} ", width // 2), "bad")]
        else:
            space = self.keymap.key("finish")
            progress = bars.progress(session, space, is_short=width < WIDE_FROM)
        header = document_bars.header(
            session.editor.document.title,
            workspace.position(session.editor.document.id),
            workspace.reviewer,
            session.editor.label_set.name,
            session.gold.status,
            width=width - 4 - pieces_width(progress),
        )
        self.pane.header.put(header, progress)
        self.pane.status.put(*self._status(width - 2))

    def _status(self, width: int) -> tuple[list[Piece], list[Piece]]:
        """The left and the right of the status line."""
        left = self._status_left(width)
        saving: list[Piece] = []
        if self.workspace.read_only is None:
            state = self.workspace.save_state(self.editor)
            saving = document_bars.saving(state, self.editor.annotation_set.revision)
        if self.pane.message and self.pane.jump is None:
            return document_bars.with_message(left, self.pane.message, saving, width=width)
        return left, [*self._beside(), Piece("   "), *saving]

    def _status_left(self, width: int) -> list[Piece]:
        if self.pane.jump is not None:
            return self.pane.jump_pieces()
        route = self.workspace.route
        return bars.standing(self.session, route.totals, is_counted=route.is_counted, width=width // 2)

    def _beside(self) -> list[Piece]:
        """What else there is to say, while there is no message."""
        if self._alike:
            return [
                Piece(f"{self.keymap.key('same_text')}: ", "muted"),
                Piece(f"{len(self._alike)} more with this text", "key", "same_text"),
            ]
        if (weighing := self.workspace.weighing) is not None:
            return [Piece(f"weighing annotators {weighing.done}/{weighing.total or '…'}", "warn")]
        return []

    # What happens elsewhere

    def _on_event(self, event: Event) -> None:
        """Bring an event of the workspace over from another thread."""
        self.post_message(Happened(event))

    @on(Happened)
    def _on_happened(self, message: Happened) -> None:
        match message.event:
            case Saved():
                if (changed := self.workspace.follow_labels()) is not None:
                    self.navigation.open_anew(changed)
                self.show_bars()
            case BackupFailed(error):
                self.post_message(Failed(error, "There is no backup of today"))
            case ConflictsCounted() | Weighing() as event:
                self.workspace.take(event)
                self.show_bars()
            case Weighed() as event:
                self._take_weights(event)

    def _take_weights(self, event: Weighed) -> None:
        self.workspace.take(event)
        if isinstance(event.error, AnnotatorError):
            self.post_message(Failed(event.error, "The annotators could not be weighed"))
        self.refresh_view(follow=False)

    @on(DocumentView.Painted)
    def _on_painted(self, message: DocumentView.Painted) -> None:
        self.editor.suggestion_state.mark_seen(message.start, message.end)

    # Actions

    def action_pick_label(self) -> None:
        """Wait for a label's key; the same key again, or Enter, asks for the label's name."""
        self._awaits_label = True
        self.say(f"label: its key, or {self.keymap.key('pick_label')} again to type its name")

    def action_take_majorities(self) -> None:
        """Take what is preselected, up to the next tie or the end of the screen."""
        self.apply_change(self.session.take_majorities(self.view.visible_range()[1]))

    def action_same_text(self) -> None:
        """Settle the boxed conflicts as the last one."""
        self.apply_change(self.session.settle_same_text(self._settlement))

    def action_save_again(self) -> None:
        """Try at once to save what could not be saved."""
        self.workspace.retry()
        self.say("trying to save again")

    def action_hide_names(self) -> None:
        """Show letters instead of names, or the names again."""
        hides = self.workspace.hides_names = not self.workspace.hides_names
        self.session.is_blind = hides
        self.pane.message = "names are hidden" if hides else "names are shown"
        self.refresh_view()

    def action_who(self) -> None:
        """Show who has which version, and where the gold comes from."""
        if self.session.current is None:
            self.say("no conflict here")
        else:
            self.openers.who()

    def action_filter(self) -> None:
        """Ask which conflicts to stop at."""
        self.openers.filter()

    def filter_by(self, chosen: Filter) -> None:
        """Stop only at the conflicts that a filter lets through, here and in all other documents."""
        self.workspace.route.filter = self.session.filter = chosen
        current = self.session.current
        if current is None or not chosen.fits(current) or current not in self.session.navigation.open:
            self.session.next_open(wraps=True)
        self.pane.message = f"only {bars.filter_name(chosen)}" if chosen != Filter() else "all conflicts"
        self.refresh_view()

    # From conflict to conflict

    def _go_to(self, number: int) -> None:
        """Go to a conflict by its number in the document."""
        navigation = self.session.navigation
        conflict = next((shown for shown in navigation.shown if navigation.position(shown) == number), None)
        if conflict is not None:
            self.session.go_to(conflict)
            self.refresh_view()

    def action_next_conflict(self) -> None:
        """Go to the next open conflict, in any document."""
        self._walk(1)

    def action_previous_conflict(self) -> None:
        """Go to the open conflict before, in any document."""
        self._walk(-1)

    def _walk(self, direction: int) -> None:
        """Go to the next open conflict, in the documents behind if there is none here, or to the one before."""
        session, here = self.session, self.editor.document.id
        if session.next_open(direction):
            self.refresh_view()
            return
        route = self.workspace.route
        other = route.following(here, is_open=True) if direction > 0 else route.preceding(here)
        if other is not None:
            if self.open(other):
                open_ones = self.session.navigation.open
                self.session.go_to(open_ones[0 if direction > 0 else -1])
                self.refresh_view()
        elif session.next_open(direction, wraps=True):
            self.pane.message = "from the top" if direction > 0 else "from the end"
            self.refresh_view()
        else:
            session.next_conflict(direction)
            is_filtered = session.filter != Filter()
            self.pane.message = "the filter shows no open one" if is_filtered else "none is open"
            self.refresh_view()

    def action_next_tie(self) -> None:
        """Go to the next conflict without a preselection, in the documents behind if there is none here."""
        here = self.editor.document.id
        document_id = None if self.session.next_tie() else self.workspace.route.next_tie(here)
        if document_id is not None and self.open(document_id):
            self.session.navigation.current = None
            self.session.next_tie()
        elif document_id is None and not self._is_at_open_tie():
            self.pane.message = "no tie is open"
        self.refresh_view()

    def _is_at_open_tie(self) -> bool:
        proposal = self.session.proposal()
        return (
            self.session.current in self.session.navigation.open
            and proposal is not None
            and proposal.version is None
        )

    # Comments and notes

    def action_comment(self) -> None:
        """Ask for what the annotators shall be told; what they all were told here stands there to be changed."""
        current = self.session.current
        place = (current.start, current.end) if current is not None else None
        before = (
            comment.text
            for comment in self.session.gold.comments
            if (comment.start, comment.end) == place and not comment.to
        )
        self.pane.ask(_COMMENT, next(before, ""), aside="for all · 2: … for those of version 2")

    def action_note(self) -> None:
        """Ask for the note of the gold span."""
        focus = self.editor.focus
        if focus is None:
            self.say("no span here")
        else:
            self.pane.ask(_NOTE, focus.decided.span.note if focus.decided else "")

    def answered(self, purpose: str, text: str) -> None:
        """Keep a comment or a note."""
        if purpose == _NOTE:
            self.apply_change(self.session.note(text))
        else:
            comment, to = bars.addressed(self.session, text)
            self.apply_change(self.session.comment(comment, to=to))

    def given_up(self, purpose: str, text: str) -> None:
        """What was typed is dropped."""

    # Undo, and from document to document

    def action_undo(self) -> None:
        """Drop a selection; else take back the last step, in whichever document it was made."""
        if self.pane.drop_selection():
            return
        if self._go_to_step(self._trail.last):
            change = self.session.undo()
            if change:
                self._trail.undo()
            self._show_change(change)

    def action_redo(self) -> None:
        """Bring back the step undone last, in whichever document it was made."""
        if self._go_to_step(self._trail.last_undone):
            change = self.session.redo()
            if change:
                self._trail.redo()
            self._show_change(change)

    def _go_to_step(self, document_id: str | None) -> bool:
        """Open the document in which a step was made, if it is another one; False if it cannot be read."""
        return document_id in (None, self.editor.document.id) or self.open(document_id)

    def action_finish(self) -> None:
        """Go to the first open conflict; where all are settled finish the document and open the next."""
        if self.navigation.is_guarded:
            return
        change = self.session.finish()
        self.apply_change(change)
        if change:
            spans, undo = len(self.session.gold.spans), self.keymap.key("undo")
            self.navigation.open_next(f"finished {self.pane.short_title()}: {spans} · {undo} reopens")
        elif not self.session.counts.open:
            self.navigation.open_next("")

    def action_previous_document(self) -> None:
        """Open the document before."""
        self.navigation.open_neighbour(-1)

    def action_next_document(self) -> None:
        """Open the document after."""
        self.navigation.open_neighbour(1)
