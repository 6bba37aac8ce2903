"""What the annotate screen is made of and shows; its actions are in `screen`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

from textual.timer import Timer
from textual.widget import Widget

from annotator.cells.fitting import fitted
from annotator.editing.change import Change, Range
from annotator.editing.overview import Overview
from annotator.errors import InputError, StoreError
from annotator.model.decisions import Status
from annotator.tui.keys.keymap import Keymap
from annotator.tui.screens import text_bars as phrases
from annotator.tui.screens.text_bars import Coming, Place
from annotator.tui.screens.text_base import WIDE_FROM
from annotator.tui.screens.text_screen import TextScreen
from annotator.tui.widgets.bar import Bar, Piece, pieces_width
from annotator.tui.widgets.span_table import SpanTable
from annotator.workspace import Workspace
from annotator.workspace.assignments.messages import Told

if TYPE_CHECKING:
    from annotator.editing.correction import Correction
    from annotator.editing.recorder import Draft
    from annotator.model.assignments import Returned
    from annotator.model.decisions import Comment

_LONG_TEXT = 50_000
"""From so many characters on, looking for the mentions of a frequent name would delay the next key."""
_REST = 0.05
_SAVE_AFTER = 0.03
"""Seconds until a decision goes to the writer: encoding a large set takes the processor that painting needs."""


class AnnotateBase(TextScreen):
    """The document on screen, its editor, and the bars around it."""

    workspace: Workspace

    def __init__(self, workspace: Workspace, keymap: Keymap, *, first: str) -> None:
        super().__init__(workspace, keymap)
        self._first = first
        self._found: tuple[Correction, list[Draft]] | None = None
        self._mentions_timer: Timer | None = None
        self._overview: Overview | None = None
        self.told = Told()
        """What was said to the annotator about the document on screen."""
        self._key_before = 0.0

    def beside(self) -> Widget:
        """The table of spans."""
        return SpanTable(id="spans")

    @property
    def table(self) -> SpanTable:
        """The side table."""
        return self.query_one("#spans", SpanTable)

    def on_mount(self) -> None:
        """Open the first document; the worker starts when that has been painted."""
        self.workspace.listener = self.tell
        self.fit_into(self.app.size)
        self.open(self._first)
        self.say_small()
        if (damage := self.workspace.damage) is not None:
            self.post_message(self.Failed(damage, "A part of this store is damaged"))
        self.call_after_refresh(self._start_suggesting)

    def _start_suggesting(self) -> None:
        self.workspace.start_suggesting()
        self.workspace.want_suggestions(self.editor.document.id)
        if len(self.editor.board.suggestions):
            self.refresh_all()  # imported ones follow memory from now on
        else:
            self.show_bars()

    # Opening

    def open(self, document_id: str, *, message: str = "") -> bool:
        """Show a document, where it was left or at its first undecided suggestion.

        False, and what is on screen stays, if it cannot be read; a dialog says why.
        """
        try:
            editor = self.workspace.editor(document_id)
        except (StoreError, InputError) as error:
            self.post_message(self.Failed(error, "This document cannot be opened"))
            return False
        if self._editor is not None:
            self.leave()
        is_new = document_id not in self._tops
        self._editor = editor
        self._overview = Overview(editor.board, editor.document.text, editor.label_set)
        self.told = self.workspace.told(document_id)
        self.forget_places()
        if not message and self.workspace.has_versions(document_id):
            message = "two versions: ctrl+p, choose a version"
        self._message = message
        self._find_mentions()
        self._opened_at = monotonic()
        self._key_before = self._last_key
        self.view.show(
            editor.document.text,
            marks=editor.board.marks,
            label_set=editor.label_set,
            top=self._tops.get(document_id, 0),
        )
        self.table.show(self._overview, editor.label_set)
        if is_new and editor.status is not Status.DONE:
            editor.walk.to_first()
        if self.workspace.is_started:
            self.workspace.want_suggestions(document_id)
        self.look()
        return True

    # Showing

    def done(self, change: Change) -> None:
        """Let suggestions follow what a verb did, show it, and have it saved."""
        change = self.workspace.follow(self.editor, change)
        self._message = change.message
        if change:
            self.set_timer(_SAVE_AFTER, partial(self.workspace.save, self.editor))
            self.changed(change)
        self.look()

    def changed(self, change: Change) -> None:
        """Repaint what a change touched."""
        self.redraw(change.ranges)
        self.table.changed()
        self._find_mentions()

    def redraw(self, ranges: Sequence[Range]) -> None:
        """Repaint the text in these ranges, and group the marks there anew."""
        self.view.repaint(ranges)
        if self._overview is not None:
            self._overview.update(ranges)

    def _find_mentions(self) -> None:
        """Look for what the last correction fits; in a long text only once the keys have come to rest."""
        if self._mentions_timer is not None:
            self._mentions_timer.stop()
        if len(self.editor.document.text) <= _LONG_TEXT:
            self._found = self.editor.correction()
        else:
            self._found = None
            self._mentions_timer = self.set_timer(_REST, self._found_mentions)

    def _found_mentions(self) -> None:
        self._found = self.editor.correction()
        self.look(follow=False)

    def refresh_all(self) -> None:
        """Show all marks afresh; the cursor and the view stay."""
        self.view.repaint([(0, len(self.editor.document.text))])
        if self._overview is not None:
            self._overview.rebuild()
        self.table.changed()
        self._find_mentions()
        self.look(follow=False)

    def look(self, *, follow: bool = True) -> None:
        """Show the cursor, the focus and the bars as they are now; `follow` keeps the cursor in view."""
        editor = self.editor
        focus = editor.focus
        place = editor.cursor.selection or ((focus.start, focus.end) if focus else editor.cursor.word)
        if follow:
            self.view.keep_in_view(*place)
        self.view.set_overlay(
            self.overlay(
                (focus.start, focus.end, focus.label) if focus else None,
                selection=editor.cursor.selection,
                boxes=self._boxes(),
                remarks=tuple((each.start, each.end) for each in self.told.comments),
            )
        )
        if focus is not None:
            self.table.follow(focus.label, editor.text(focus.start, focus.end))
        self.show_bars()

    def _boxes(self) -> tuple[tuple[int, int], ...]:
        if self._found is None:
            return ()
        places = (draft.after or draft.suggestion for draft in self._found[1])
        return tuple((place.start, place.end) for place in places if place is not None)

    def show_bars(self) -> None:
        """Say what there is to say."""
        editor, width = self.editor, self.app.size.width
        queue = self.workspace.queue
        place = Place(queue.position(editor.document.id), len(queue.ids), queue.order)
        if (reason := self.workspace.read_only) is not None:
            progress = [Piece(fitted(f" READ-ONLY: {reason} ", width // 2), "bad")]
        else:
            progress = phrases.progress(
                editor,
                self.coming,
                self.keymap.key("finish"),
                is_short=width < WIDE_FROM,
                is_sent_back=self.is_sent_back,
            )
        header = phrases.header(
            editor.document.title,
            place,
            self.workspace.annotator,
            editor.label_set.name,
            editor.status,
            is_sent_back=self.is_sent_back,
            width=width - 4 - pieces_width(progress),
        )
        self.query_one("#header", Bar).put(header, progress)
        left = self._status_left(width)
        self.query_one("#status", Bar).put(left, self._status_right(width, left))

    def _status_left(self, width: int) -> list[Piece]:
        if self.jump is not None:
            return self.said_of_jump()
        if (notice := self._notice) is not None:
            return phrases.notice(notice)
        return phrases.standing(self.editor, width=width // 2)

    def _status_right(self, width: int, left: list[Piece]) -> list[Piece]:
        pieces: list[Piece] = []
        saving = phrases.saving(self.workspace.save_state(self.editor), self.editor.annotation_set.revision)
        if self._message:
            room = width - width // 2 - 6 - pieces_width(saving)
            pieces.append(Piece(fitted(self._message, room), "strong"))
        elif self._notice is not None:
            pieces.append(Piece(f"{self.keymap.key('why')} says all", "muted", "why"))
        elif comments := self._comments_here():
            room = width - 8 - pieces_width(left) - pieces_width(saving)
            pieces += phrases.comment(comments[0], self.keymap.key("why"), room=room)
        elif self._found is not None:
            end = self.view.visible_range()[1]
            below = sum(start >= end for start, _ in self._boxes())
            room = width - 6 - pieces_width(left) - pieces_width(saving)
            pieces += phrases.correction(
                self._found, self.keymap.key("correct_others"), below=below, room=room
            )
        return [*pieces, Piece("   "), *saving]

    def _comments_here(self) -> tuple[Comment, ...]:
        focus = self.editor.focus
        return self.told.on(focus.start, focus.end) if focus else self.told.on(*self.editor.cursor.word)

    @property
    def _notice(self) -> Returned | None:
        """Why the document was sent back, until a key is pressed on it."""
        is_untouched = self._last_key == self._key_before
        return self.told.returned if is_untouched and self.is_sent_back else None

    @property
    def is_sent_back(self) -> bool:
        """True if a lead sent the document back and it has not been finished since."""
        return self.told.is_waiting(self.editor.annotation_set.decisions)

    @property
    def coming(self) -> Coming:
        """What is known of the suggestions of the document on screen."""
        if self.editor.board.is_blind:
            return Coming.BLIND
        if self.workspace.is_arriving(self.editor):
            return Coming.COMING
        if self.editor.is_suggested:
            return Coming.THERE if len(self.editor.board.suggestions) else Coming.NONE
        return phrases.coming_of(self.workspace.suggester, self.editor.document.id)

    def make_room(self, width: int, height: int) -> None:
        """The table gives way in a narrow terminal."""
        self.table.display = width >= WIDE_FROM
