"""What the annotate screen is made of and shows; its actions are in `screen`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from time import monotonic

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Static

from annotator.editing.change import Change
from annotator.editing.editor import Editor
from annotator.editing.mentions import Correction
from annotator.editing.overview import Overview
from annotator.editing.recorder import Draft
from annotator.errors import AnnotatorError, InputError, StoreError
from annotator.model.decisions import Status
from annotator.tui import phrases
from annotator.tui.footer import footer
from annotator.tui.keymap import Keymap
from annotator.tui.layout.fitting import fitted
from annotator.tui.layout.overlay import Overlay
from annotator.tui.phrases import Coming, Place
from annotator.tui.screens.annotate.jumping import Jump
from annotator.tui.screens.keyed import KeyedScreen
from annotator.tui.widgets.bar import Bar, Piece, pieces_width
from annotator.tui.widgets.document_view import DocumentView
from annotator.tui.widgets.prompt import Prompt
from annotator.tui.widgets.span_table import SpanTable
from annotator.workspace import Event, Workspace

TABLE_FROM = 100
"""The side table is shown from this width on."""
MADE_FOR = (80, 24)
"""Columns and rows from which on everything has its place; smaller terminals work, with a notice."""
USABLE = (30, 8)
"""On a smaller terminal than this the text would not be seen: it shows one message and takes no decision."""
_LONG_TEXT = 50_000
"""From so many characters on, looking for the mentions of a frequent name would delay the next key."""
_REST = 0.05
_SAVE_AFTER = 0.03
"""Seconds until a decision goes to the writer: encoding a large set takes the processor that painting needs."""
_LONGEST_PAUSE = 30.0
"""Seconds between two keys that still count as work."""


class AnnotateBase(KeyedScreen[None]):
    """The document on screen, its editor, and the bars around it."""

    AUTO_FOCUS = "#document"

    @dataclass
    class Happened(Message):
        """Something happened in the workspace, on another thread."""

        event: Event

    @dataclass
    class Failed(Message):
        """Something could not be done, and a dialog shall say so."""

        error: AnnotatorError
        title: str

    def __init__(self, workspace: Workspace, keymap: Keymap, *, first: str) -> None:
        super().__init__(keymap)
        self.workspace = workspace
        self.jump: Jump | None = None
        self.hits: list[tuple[int, int]] = []
        self.hit: int | None = None
        self._first = first
        self._found: tuple[Correction, list[Draft]] | None = None
        self._mentions_timer: Timer | None = None
        self.is_too_small = False
        self._message = ""
        self._opened_at = 0.0
        self._last_key = monotonic()
        self._tops: dict[str, int] = {}
        self._editor: Editor | None = None
        self._overview: Overview | None = None

    # What it is made of

    def compose(self) -> ComposeResult:
        """Header, text and side table, labels, status line, footer."""
        yield Bar(id="header")
        with Horizontal(id="body"):
            yield DocumentView(
                mode=self.workspace.settings.mode,
                text_width=self.workspace.settings.text_width,
                id="document",
            )
            yield SpanTable(id="spans")
        yield Bar(id="labels")
        yield Bar(id="more-labels")
        yield Bar(id="status")
        yield Prompt(id="prompt")
        yield Bar(id="footer")
        yield Static(id="too-small", markup=False)

    @property
    def view(self) -> DocumentView:
        """The text."""
        return self.query_one("#document", DocumentView)

    @property
    def table(self) -> SpanTable:
        """The side table."""
        return self.query_one("#spans", SpanTable)

    @property
    def prompt(self) -> Prompt:
        """Where search words and notes are typed."""
        return self.query_one("#prompt", Prompt)

    @property
    def editor(self) -> Editor:
        """The document on screen."""
        assert self._editor is not None  # set on mounting, before any key arrives
        return self._editor

    def on_mount(self) -> None:
        """Open the first document; the worker starts when that has been painted."""
        self.workspace.listener = self._tell
        self.open(self._first)
        self._say_small()
        if (damage := self.workspace.damage) is not None:
            self.post_message(self.Failed(damage, "A part of this store is damaged"))
        self.call_after_refresh(self._start_suggesting)

    def _tell(self, event: Event) -> None:
        """Bring an event over from another thread."""
        self.post_message(self.Happened(event))

    def _start_suggesting(self) -> None:
        self.workspace.start_suggesting()
        self.workspace.want_suggestions(self.editor.document.id)
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
        self.jump = None
        self.hits, self.hit = [], None
        if not message and self.workspace.has_versions(document_id):
            message = "two versions: ctrl+p, choose a version"
        self._message = message
        self._find_mentions()
        self._opened_at = monotonic()
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

    def open_anew(self, message: str) -> None:
        """Show the document as the store has it now, whatever was on screen."""
        document_id, offset = self.editor.document.id, self.editor.cursor.offset
        self._tops[document_id] = self.view.top_offset
        before, self._editor = self._editor, None
        if self.open(document_id, message=message):
            self.editor.walk.go(offset)
            self.look()
        else:
            self._editor = before

    def leave(self) -> None:
        """Keep the place in the document on screen, and what it has cost."""
        document_id = self.editor.document.id
        self._tops[document_id] = self.view.top_offset
        if self.editor.annotation_set.revision:
            self.workspace.save(self.editor)

    @property
    def is_guarded(self) -> bool:
        """True while finish and skip are dead; a key held down keeps them so."""
        now = monotonic()
        if (now - self._opened_at) * 1000 >= self.workspace.settings.opening_guard_ms:
            return False
        self._opened_at = now
        return True

    # Showing

    def done(self, change: Change) -> None:
        """Show what a verb did, and have it saved."""
        self._message = change.message
        if change:
            self.set_timer(_SAVE_AFTER, partial(self.workspace.save, self.editor))
            self.changed(change)
        self.look()

    def changed(self, change: Change) -> None:
        """Repaint what a change touched."""
        self.view.repaint(change.ranges)
        if self._overview is not None:
            self._overview.update(change.ranges)
        self.table.changed()
        self._find_mentions()

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
            Overlay(
                cursor=editor.cursor.word,
                focus=(focus.start, focus.end, focus.label) if focus else None,
                selection=editor.cursor.selection,
                boxes=self._boxes(),
                hits=tuple(self.hits),
                hit=self.hits[self.hit] if self.hit is not None else None,
                hints=self._hints(),
                hint_typed=self.jump.typed.lower() if self.jump else "",
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

    def _hints(self) -> Mapping[int, str]:
        return self.jump.hints if self.jump else {}

    def show_bars(self) -> None:
        """Say what there is to say."""
        editor, width = self.editor, self.size.width
        queue = self.workspace.queue
        place = Place(queue.position(editor.document.id), len(queue.ids), queue.order)
        if (reason := self.workspace.read_only) is not None:
            progress = [Piece(fitted(f" READ-ONLY: {reason} ", width // 2), "bad")]
        else:
            progress = phrases.progress(
                editor, self.coming, self.keymap.key("finish"), is_short=width < TABLE_FROM
            )
        header = phrases.header(
            editor.document.title,
            place,
            self.workspace.annotator,
            editor.label_set.name,
            editor.status,
            width=width - 4 - pieces_width(progress),
        )
        self.query_one("#header", Bar).put(header, progress)
        left = self._status_left(width)
        self.query_one("#status", Bar).put(left, self._status_right(width, left))

    def _status_left(self, width: int) -> list[Piece]:
        if self.jump is not None:
            return [
                Piece("jump ", "key"),
                Piece(self.jump.typed or "…", "strong"),
                Piece("  a capital stretches the span to there · esc leaves", "muted"),
            ]
        return phrases.standing(self.editor, width=width // 2)

    def _status_right(self, width: int, left: list[Piece]) -> list[Piece]:
        pieces: list[Piece] = []
        saving = phrases.saving(self.workspace.save_state(self.editor), self.editor.annotation_set.revision)
        if self._message:
            room = width - width // 2 - 6 - pieces_width(saving)
            pieces.append(Piece(fitted(self._message, room), "strong"))
        elif self._found is not None:
            end = self.view.visible_range()[1]
            below = sum(start >= end for start, _ in self._boxes())
            room = width - 6 - pieces_width(left) - pieces_width(saving)
            pieces += phrases.correction(
                self._found, self.keymap.key("correct_others"), below=below, room=room
            )
        return [*pieces, Piece("   "), *saving]

    def say(self, message: str) -> None:
        """Say something in the status line until the next key."""
        self._message = message
        self.show_bars()

    @property
    def coming(self) -> Coming:
        """What is known of the suggestions of the document on screen."""
        if self.editor.is_suggested:
            return Coming.THERE if len(self.editor.board.suggestions) else Coming.NONE
        return phrases.coming_of(self.workspace.suggester, self.editor.document.id)

    def on_resize(self, event: events.Resize) -> None:
        """Let the table and the second row of labels give way."""
        width, height = event.size
        self._say_too_small(width, height)
        self.table.display = width >= TABLE_FROM
        rows = 2 if height >= 30 else 1
        more = f"{self.keymap.key('pick_label')} more…"
        bars = phrases.label_bar(self.workspace.label_set, width=width - 2, rows=rows, more=more)
        self.query_one("#labels", Bar).put(bars[0])
        second = self.query_one("#more-labels", Bar)
        second.display = len(bars) > 1
        second.put(bars[1] if len(bars) > 1 else [])
        self.query_one("#footer", Bar).put(footer(self.keymap, width=width - 2))
        if self._editor is not None:
            self.call_after_refresh(self.look)
        self._say_small()

    def _say_small(self) -> None:
        """Say that a terminal is smaller than the screen was made for."""
        if self.size.width < MADE_FOR[0] or self.size.height < MADE_FOR[1]:
            self.say(f"small: made for {MADE_FOR[0]}x{MADE_FOR[1]}")

    def _say_too_small(self, width: int, height: int) -> None:
        """Show nothing but a message where there is no room for the text; keys wait until there is."""
        self.is_too_small = width < USABLE[0] or height < USABLE[1]
        self.set_class(self.is_too_small, "-too-small")
        self.query_one("#too-small", Static).update(
            f"{width}x{height} is too small: enlarge to {USABLE[0]}x{USABLE[1]}"
        )
        if self.is_too_small and self.prompt.purpose:
            self.prompt.leave()

    def label(self, name: str) -> None:
        """Give a label."""
        raise NotImplementedError

    def count_key(self) -> None:
        """Note a key and the time since the last one as spent on this document."""
        now = monotonic()
        effort = self.editor.annotation_set.effort
        effort.keys += 1
        effort.seconds += min(now - self._last_key, _LONGEST_PAUSE)
        self._last_key = now
