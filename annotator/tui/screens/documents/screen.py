"""The documents screen: every document of the store, to filter, search, sort and open."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from textual import events, on
from textual.app import ComposeResult
from textual.widgets import Static

from annotator.cells.fitting import fitted
from annotator.model.assignments import Returned
from annotator.store.catalogue import CatalogueRow
from annotator.tui.keys.footer import footer
from annotator.tui.keys.keyed_screen import KeyedScreen
from annotator.tui.keys.keymap import Keymap
from annotator.tui.screens.documents import bars as document_phrases
from annotator.tui.screens.documents import columns as document_columns
from annotator.tui.screens.documents.columns import Columns
from annotator.tui.screens.documents.rows import DocumentList, ListState
from annotator.tui.widgets.bar import Bar, Piece
from annotator.tui.widgets.line_list import LineList, Row
from annotator.tui.widgets.prompt import Prompt

_ID_CELLS = 24


class DocumentsScreen(KeyedScreen[str | None]):
    """A list of documents; dismissed with the id of the one to open, or None to go back.

    `rows` stand in the queue's order; `returned` has those that a lead sent back, by id. `state` is kept by whoever opens the screen, so that it comes back as it was
    left. `next_unfinished` says which document is to be opened when none is pointed at; `show_agreement` is called
    once the list is left for the figures.
    """

    CSS_PATH = "documents.tcss"
    AUTO_FOCUS = "LineList"

    def __init__(
        self,
        rows: Sequence[CatalogueRow],
        *,
        keymap: Keymap,
        current: str | None,
        next_unfinished: Callable[[], str | None],
        show_agreement: Callable[[], None],
        state: ListState,
        returned: Mapping[str, Returned] | None = None,
    ) -> None:
        super().__init__(keymap)
        self.state = state
        self._returned = returned or {}
        self._current = current
        self._next_unfinished = next_unfinished
        self._show_agreement = show_agreement
        self._now = document_columns.now()
        if state.cursor is None or state.current != current:
            state.cursor = current
        state.current = current
        self._documents = DocumentList(rows, state, returned=self._returned)
        self._columns = self._columns_for(80)
        self._put_on = self._documents.nearest(state.cursor)
        self._search_before = state.search

    def compose(self) -> ComposeResult:
        """Counts, what is shown, the list, and the keys."""
        yield Bar(id="counts")
        yield Bar(id="shown")
        yield Bar(id="headings")
        yield LineList(
            self._draw_row,
            count=len(self._documents),
            cursor=self._put_on,
            id="rows",
        )
        yield Static(id="nothing", markup=False)
        yield Bar(id="status")
        yield Prompt(id="prompt")
        yield Bar(id="keys")

    @property
    def lines(self) -> LineList:
        """The rows."""
        return self.query_one(LineList)

    @property
    def row_cursor(self) -> LineList:
        """What the keys for rows move."""
        return self.lines

    @property
    def pointed_at(self) -> CatalogueRow | None:
        """The document under the cursor, if any is shown."""
        return self._documents.row(self.lines.cursor) if self._documents else None

    @property
    def prompt(self) -> Prompt:
        """Where the search is typed."""
        return self.query_one(Prompt)

    def on_mount(self) -> None:
        """Say how it is arranged."""
        self._say()

    def on_resize(self, event: events.Resize) -> None:
        """Let columns give way."""
        self._columns = self._columns_for(event.size.width)
        self._say()
        self.lines.refresh()

    # Showing

    def _columns_for(self, width: int) -> Columns:
        # A cell on either side of the list, and one for the scrollbar whether it shows or not.
        return Columns(
            max(0, width - 3),
            rows=len(self._documents.rows),
            order=self.state.order,
            now=self._now,
            returned=self._returned,
        )

    def _draw_row(self, index: int, width: int, is_cursor: bool) -> Row:
        row = self._documents.row(index)
        runs = self._columns.runs(
            self._documents.number(index) + 1,
            row,
            is_current=row.id == self._current,
            search=self.state.search,
        )
        return [(text, self.lines.look(look)) for text, look in runs]

    def _say(self) -> None:
        """Show counts, filter, search, order and headings as they are now."""
        documents, width = self._documents, self.size.width
        self.query_one("#counts", Bar).put(*document_phrases.counts(documents, width=width))
        self.query_one("#shown", Bar).put(*document_phrases.shown(documents))
        headings = self._columns.headings() if documents else []
        self.query_one("#headings", Bar).put([Piece(*run) for run in headings])
        self.query_one("#keys", Bar).put(footer(self.keymap))
        self.lines.display = bool(documents)
        nothing = self.query_one("#nothing", Static)
        nothing.display = not documents
        if not documents:
            nothing.update(document_phrases.why_nothing(documents, self.keymap))
        self._say_status()

    def _say_status(self) -> None:
        """Show the whole title under the cursor, which its column may have cut."""
        row = self.pointed_at
        title, name = (row.title, fitted(row.id, _ID_CELLS)) if row is not None else ("", "")
        back = document_phrases.back(self._returned.get(row.id) if row is not None else None)
        self.query_one("#status", Bar).put([Piece(title, "strong"), *back], [Piece(name, "muted")])

    def _arrange(self) -> None:
        """Arrange anew; the cursor stays on its document or, where that is not shown, goes to the nearest.

        It comes back to the document when that is shown again, unless it was moved meanwhile.
        """
        if self.lines.cursor != self._put_on:
            self._settle()
        self._documents.arrange()
        self._columns = self._columns_for(self.size.width)
        self.lines.show(len(self._documents), self._documents.nearest(self.state.cursor))
        self._put_on = self.lines.cursor
        self._say()

    def _settle(self) -> None:
        """Take the document that the cursor is on as its place from now on."""
        if (row := self.pointed_at) is not None:
            self.state.cursor = row.id

    @on(LineList.Highlighted)
    def _on_highlighted(self) -> None:
        self._settle()
        self._say_status()

    @on(LineList.Chosen)
    def _on_chosen(self) -> None:
        if (row := self.pointed_at) is not None:
            self.open(row.id)

    # Actions

    def open(self, document_id: str | None) -> None:
        """Leave, for a document to be opened or None to go back."""
        self.state.cursor = document_id or self.state.cursor
        self.dismiss(document_id)

    def action_open(self) -> None:
        """Open the document under the cursor."""
        self.lines.choose()

    def action_next_unfinished(self) -> None:
        """Open the next document that is neither done nor skipped."""
        if (document_id := self._next_unfinished()) is None:
            self.notify("All documents are done or skipped.", markup=False)
        else:
            self.open(document_id)

    def action_search(self) -> None:
        """Ask for what to search in the titles."""
        self._search_before = self.state.search
        self.query_one("#status").display = False
        self.prompt.ask("search titles", self.state.search)

    def action_filter(self) -> None:
        """Show the next kind of documents."""
        self.state.filter = _after(self.state.filter)
        self._arrange()

    def action_sort(self) -> None:
        """Sort by the next column."""
        self._settle()
        self.state.order = _after(self.state.order)
        self._arrange()

    def action_reverse(self) -> None:
        """Turn the order round."""
        self._settle()
        self.state.reverse = not self.state.reverse
        self._arrange()

    def action_agreement(self) -> None:
        """Go back, and from there to the agreement of all annotators."""
        self.open(None)
        self._show_agreement()

    def action_close(self) -> None:
        """Go back."""
        self.open(None)

    # Searching

    @on(Prompt.Changed)
    def _on_search_changed(self, message: Prompt.Changed) -> None:
        self.state.search = message.text
        self._arrange()

    @on(Prompt.Answered)
    def _on_search_answered(self, message: Prompt.Answered) -> None:
        self._end_search(message.text)
        self._settle()

    @on(Prompt.Left)
    def _on_search_left(self, message: Prompt.Left) -> None:
        self._end_search(self._search_before)

    def _end_search(self, search: str) -> None:
        self.prompt.end()
        self.query_one("#status").display = True
        self.set_focus(self.lines)
        if search != self.state.search:
            self.state.search = search
            self._arrange()

    def on_input_key(self, event: events.Key) -> None:
        """Up and down walk through what is found while the search is typed; Esc leaves it."""
        if event.key in ("up", "down"):
            self.lines.move(1 if event.key == "down" else -1)
        elif event.key == "escape":
            self.prompt.leave()


_Choice = TypeVar("_Choice", bound=enum.Enum)


def _after(choice: _Choice) -> _Choice:
    """The next member of an enumeration, from the first again behind the last."""
    members = list(type(choice))
    return members[(members.index(choice) + 1) % len(members)]
