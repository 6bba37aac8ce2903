"""From document to document: where one was left, which comes next, and what must not happen just after one opened."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from annotator.model.seen_text import SeenText
from annotator.tui.screens.document.host import DocumentHost
from annotator.tui.screens.document.pane import DocumentPane
from annotator.tui.screens.document.project import DocumentProject


class Navigation:
    """Opens the next document and neighbours on a screen, and keeps how far each was scrolled."""

    def __init__(
        self,
        host: DocumentHost,
        project: DocumentProject,
        pane: DocumentPane,
        *,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._host = host
        self._project = project
        self._pane = pane
        self._clock = clock
        self._tops: dict[str, int] = {}
        self._guarded_from = 0.0
        self._seen_before: SeenText = ()
        """What of the document had been on the screen before it opened."""

    # One document

    def opened(self) -> None:
        """A document has come onto the screen: finish and skip are dead for a moment."""
        self._guarded_from = self._clock()
        self._seen_before = self._host.editor.annotation_set.effort.seen

    @property
    def is_guarded(self) -> bool:
        """True while finish and skip are dead; a key held down keeps them so."""
        now = self._clock()
        if (now - self._guarded_from) * 1000 >= self._project.settings.opening_guard_ms:
            return False
        self._guarded_from = now
        return True

    def is_new(self, document_id: str) -> bool:
        """True if a document has not been left yet."""
        return document_id not in self._tops

    def top(self, document_id: str) -> int:
        """The offset of the row that stood topmost when a document was left; 0 if it was not."""
        return self._tops.get(document_id, 0)

    def leave(self) -> None:
        """Keep how far the document on screen is scrolled and read, and what it has cost.

        A document of one screen, which is seen as a whole whenever it opens, is saved only once it is decided on.
        """
        editor = self._host.editor
        view = self._pane.view
        self._tops[editor.document.id] = view.top_offset
        is_read_on = editor.annotation_set.effort.seen != self._seen_before
        if editor.annotation_set.revision or (is_read_on and view.is_longer_than_screen):
            self._project.save(editor)

    def open_anew(self, message: str) -> None:
        """Show the document as the store has it now, whatever was on screen."""
        editor = self._host.editor
        document_id, offset = editor.document.id, editor.cursor.offset
        self._tops[document_id] = self._pane.view.top_offset
        if self._host.open(document_id, message=message, is_anew=True):
            self._host.editor.navigation.go(offset)
            self._host.refresh_view()

    def is_refused(self) -> bool:
        """True, and said, while nothing can be saved, since what is decided now could be lost; looks each time."""
        if self._project.read_only is None:
            return False
        if self._project.try_writing():
            self.open_anew("no longer read-only: you can decide now")
        else:
            self._pane.say(f"read-only: {self._project.read_only}")
        return True

    def go_to(self, document_id: str, offset: int) -> bool:
        """Open a document if it is not on screen, and stand at a place in it; False if it cannot be read."""
        if self._host.editor.document.id != document_id and not self._host.open(document_id):
            return False
        self._host.editor.navigation.go(offset)
        self._host.cursor_moved()
        self._host.refresh_view()
        return True

    # Others

    def open_next(self, message: str) -> None:
        """Open the next document to be worked on, and say `message` there; say so if there is none."""
        following = self._project.following(self._host.editor.document.id)
        if following is None:
            self._pane.say(f"all done · {message}" if message else "all documents are done")
        elif not self._host.open(following, message=message):
            self._pane.say(message)

    def open_neighbour(self, step: int) -> bool:
        """Open the document before (-1) or behind (1); False if there is none, which is said, or it cannot be read."""
        neighbour = self._project.neighbour(self._host.editor.document.id, step)
        if neighbour is None:
            self._pane.say("this is the first document" if step < 0 else "this is the last document")
            return False
        return self._host.open(neighbour)
