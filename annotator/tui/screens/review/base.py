"""What the review screen is made of and shows; its actions are in `screen`."""

from __future__ import annotations

from functools import partial

from textual import on
from textual.widget import Widget

from annotator.cells.fitting import fitted
from annotator.editing.change import Change
from annotator.errors import AnnotatorError, InputError, StoreError
from annotator.review.conflict_state import Outcome
from annotator.review.conflicts import Conflict
from annotator.review.session import ReviewSession
from annotator.review.settlement import Settlement
from annotator.tui.keys.keymap import Keymap
from annotator.tui.screens import text_bars as phrases
from annotator.tui.screens.review import bars as review_phrases
from annotator.tui.screens.review.marks import marks_of
from annotator.tui.screens.review.overview import overview
from annotator.tui.screens.review.versions import panel
from annotator.tui.screens.text_bars import Place
from annotator.tui.screens.text_base import WIDE_FROM
from annotator.tui.screens.text_screen import TextScreen
from annotator.tui.widgets.bar import Bar, Piece, pieces_width
from annotator.tui.widgets.document_view import DocumentView
from annotator.tui.widgets.line_panel import LinePanel
from annotator.workspace import BackupFailed, Saved
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


class ReviewBase(TextScreen):
    """A document under review: its text with the conflicts in it, and the versions of the current one."""

    workspace: ReviewWorkspace

    def __init__(self, workspace: ReviewWorkspace, keymap: Keymap, *, first: str) -> None:
        super().__init__(workspace, keymap)
        self._first = first
        self._session: ReviewSession | None = None
        self._settlement: Settlement | None = None
        """How the conflict before was settled, in this document or the last one."""
        self._alike: tuple[Conflict, ...] = ()

    def beside(self) -> Widget:
        """The versions of the current conflict; below the text in a narrow terminal."""
        return LinePanel(id="versions")

    @property
    def versions(self) -> LinePanel:
        """The panel with the versions."""
        return self.query_one("#versions", LinePanel)

    @property
    def session(self) -> ReviewSession:
        """The review of the document on screen."""
        assert self._session is not None  # set on mounting, before any key arrives
        return self._session

    def on_mount(self) -> None:
        """Open the first document; what is to be worked out for all of them begins when that has been painted."""
        self.workspace.listener = self.tell
        self.fit_into(self.app.size)
        self.open(self._first, message=self._welcome())
        self.say_small()
        if (damage := self.workspace.damage) is not None:
            self.post_message(self.Failed(damage, "A part of this store is damaged"))
        self.call_after_refresh(self.workspace.start_survey)

    def _welcome(self) -> str:
        """What there is to say first: how many documents wait for others."""
        waiting = self.workspace.route.waiting
        return f"{waiting} more wait for a second annotator" if waiting else ""

    # Opening

    def open(self, document_id: str, *, message: str = "") -> bool:
        """Show a document, where it was left or at its first open conflict.

        False, and what is on screen stays, if it cannot be read; a dialog says why.
        """
        try:
            opened = self.workspace.open(document_id)
        except (StoreError, InputError) as error:
            self.post_message(self.Failed(error, "This document cannot be opened"))
            return False
        if self._editor is not None:
            self.leave()
        session = self._session = opened.session
        self._editor = session.editor
        self.forget_places()
        if self.workspace.has_versions(document_id):
            opened = opened._replace(message="two versions of the gold: ctrl+p, choose a version")
        self._message = message or opened.message
        self.now_opened()
        self._find_alike()
        self.view.show(
            session.editor.document.text,
            marks=marks_of(session),
            label_set=session.editor.label_set,
            top=self._tops.get(document_id, 0),
        )
        self.look()
        return True

    # Showing

    def done(self, change: Change) -> None:
        """Show what a verb did, and have it saved."""
        self._message = change.message
        if change:
            self.workspace.route.note(self.session)
            self.set_timer(_SAVE_AFTER, partial(self.workspace.save, self.editor))
            self._settlement = self.session.settlement
            self._show_change(change)
        self.look()

    def _show_change(self, change: Change) -> None:
        """Repaint what a change touched: conflicts are drawn whole."""
        walk = self.session.walk
        whole = {(each.start, each.end) for place in change.ranges for each in walk.overlapping(*place)}
        self.view.repaint([*change.ranges, *whole])
        self._find_alike()

    def _find_alike(self) -> None:
        """Look which open conflicts the last settlement would settle too."""
        self._alike = self.session.same_text(self._settlement)[0] if self._settlement is not None else ()

    def look(self, *, follow: bool = True) -> None:
        """Show the cursor, the current conflict, its versions and the bars as they are now."""
        editor = self.editor
        focus = self._focus()
        if follow:
            self.view.keep_in_view(*(editor.cursor.selection or (focus[:2] if focus else editor.cursor.word)))
        self.view.set_overlay(
            self.overlay(
                focus,
                selection=editor.cursor.selection,
                boxes=tuple((each.start, each.end) for each in self._alike),
            )
        )
        self._show_versions()
        self.show_bars()

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
        number, total = workspace.route.place(session.editor.document.id)
        if (reason := workspace.read_only) is not None:
            progress = [Piece(fitted(f" READ-ONLY: {reason} ", width // 2), "bad")]
        else:
            space = self.keymap.key("finish")
            progress = review_phrases.progress(session, space, is_short=width < WIDE_FROM)
        header = phrases.header(
            session.editor.document.title,
            Place(number, total, "review"),
            workspace.reviewer,
            session.editor.label_set.name,
            session.gold.status,
            width=width - 4 - pieces_width(progress),
        )
        self.query_one("#header", Bar).put(header, progress)
        left = self._status_left(width)
        self.query_one("#status", Bar).put(left, self._status_right(width, left))

    def _status_left(self, width: int) -> list[Piece]:
        if self.jump is not None:
            return self.said_of_jump()
        return review_phrases.standing(
            self.session,
            self.workspace.route.totals,
            is_counted=self.workspace.route.is_counted,
            width=width // 2,
        )

    def _status_right(self, width: int, left: list[Piece]) -> list[Piece]:
        pieces: list[Piece] = []
        saving: list[Piece] = []
        if self.workspace.read_only is None:
            state = self.workspace.save_state(self.editor)
            saving = [Piece("   "), *phrases.saving(state, self.editor.annotation_set.revision)]
        if self._message:
            pieces.append(Piece(fitted(self._message, width // 2 - 4 - pieces_width(saving)), "strong"))
        elif self._alike:
            pieces += [
                Piece(f"{self.keymap.key('same_text')}: ", "muted"),
                Piece(f"{len(self._alike)} more with this text", "key", "same_text"),
            ]
        elif (weighing := self.workspace.weighing) is not None:
            pieces.append(Piece(f"weighing annotators {weighing.done}/{weighing.total or '…'}", "warn"))
        return [*pieces, *saving]

    def make_room(self, width: int, height: int) -> None:
        """The versions stand beside the text, or below it where the terminal is narrow."""
        is_narrow = width < WIDE_FROM
        self.set_class(is_narrow, "-narrow")
        below = _BELOW + max(0, height - 24) // 7
        self.versions.styles.height = min(below, max(3, height // 3)) if is_narrow else "100%"

    # What happens elsewhere

    @on(TextScreen.Happened)
    def _on_happened(self, message: TextScreen.Happened) -> None:
        match message.event:
            case Saved():
                self.show_bars()
            case BackupFailed(error):
                self.post_message(self.Failed(error, "There is no backup of today"))
            case ConflictsCounted() | Weighing() as event:
                self.workspace.take(event)
                self.show_bars()
            case Weighed() as event:
                self._weighed(event)

    def _weighed(self, event: Weighed) -> None:
        self.workspace.take(event)
        if isinstance(event.error, AnnotatorError):
            self.post_message(self.Failed(event.error, "The annotators could not be weighed"))
        self.look(follow=False)

    @on(DocumentView.Painted)
    def _on_painted(self, message: DocumentView.Painted) -> None:
        self.editor.board.mark_seen(message.start, message.end)
