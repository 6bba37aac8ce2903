"""The find screen: what stands where in all texts, each hit with its context, and one step that changes them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Input, Static

from annotator.cells.fitting import fitted
from annotator.errors import AnnotatorError
from annotator.model.counting import counted
from annotator.model.labels import LabelSet
from annotator.store.plans import Plan
from annotator.tui.keys.footer import footer
from annotator.tui.keys.keyed_screen import KeyedScreen
from annotator.tui.keys.keymap import Keymap
from annotator.tui.screens.find.state import FindState
from annotator.tui.widgets.bar import Bar, Piece
from annotator.tui.widgets.context_row import context_runs, filled_runs, label_look
from annotator.tui.widgets.line_list import LineList, Row
from annotator.workspace.contexts import Context, Contexts
from annotator.workspace.find.changes import REJECT, Change
from annotator.workspace.find.query import Query
from annotator.workspace.find.search import Hit
from annotator.workspace.find.service import FindService

Result = TypeVar("Result")

_TITLE_CELLS = 26
_HELP = "words, a word's beginning with * behind it, or a /pattern/"


@dataclass(frozen=True)
class Dialogs:
    """What is put over the screen. `change` and `undo` give anything but None if the step shall be made."""

    label: Callable[[], Screen[str | None]]
    change: Callable[[Change, str], Screen[str | None]]
    undo: Callable[[Plan], Screen[str | None]]
    left_out: Callable[[Plan], Screen[str | None]]
    error: Callable[[AnnotatorError], Screen[str | None]]


class FindScreen(KeyedScreen[Hit | None]):
    """A line to type in, and the hits below it; dismissed with the hit to open, or None to go back.

    `state` is kept by whoever opens the screen. `on_step` is told of each step that was made or taken back.
    """

    CSS_PATH = "find.tcss"
    AUTO_FOCUS = ""

    @dataclass
    class Progressed(Message):
        """So many of so many documents have been read into the index, by another thread."""

        done: int
        total: int

    def __init__(
        self,
        service: FindService,
        *,
        keymap: Keymap,
        label_set: LabelSet,
        state: FindState,
        dialogs: Dialogs,
        on_step: Callable[[Plan], None],
    ) -> None:
        super().__init__(keymap)
        self.state = state
        self._service = service
        self._label_set = label_set
        self._dialogs = dialogs
        self._on_step = on_step
        self._contexts = Contexts(service.store)
        self._is_busy = False

    def compose(self) -> ComposeResult:
        """What is sought, how much was found, the hits, and the keys."""
        with Horizontal(id="asked"):
            yield Static("Find in all texts:", markup=False)
            yield Input(value=self.state.typed, compact=True, select_on_focus=False, id="typed")
        yield Bar(id="counts")
        yield LineList(self._draw_row, count=len(self.state.hits), cursor=self.state.cursor, id="hits")
        yield Static(id="nothing", markup=False)
        yield Bar(id="keys")

    @property
    def lines(self) -> LineList:
        """The hits."""
        return self.query_one(LineList)

    @property
    def row_cursor(self) -> LineList:
        """What the keys for rows move."""
        return self.lines

    @property
    def _typed(self) -> Input:
        return self.query_one(Input)

    def on_mount(self) -> None:
        """Search at once for what the screen was opened with; without anything, ask."""
        self.set_focus(self._typed)
        self._say()
        if (query := self.state.query) is not None:
            self._find(query)

    def on_resize(self, event: events.Resize) -> None:
        """Let the footer have its room."""
        self._say()

    # Showing

    def _say(self) -> None:
        state, hits = self.state, self.state.hits
        if self._is_typing:
            keys = [
                Piece("⏎", "key"),
                Piece(" find  ", "muted"),
                Piece("esc", "key"),
                Piece(" hits", "muted"),
            ]
        else:
            keys = footer(self.keymap, width=self.app.size.width - 2)
        self.query_one("#keys", Bar).put(keys)
        documents = len({hit.document for hit in hits})
        counts = f"{counted(len(hits), 'hit')} in {counted(documents, 'document')}"
        chosen = len(state.chosen.intersection(hits))
        self.query_one("#counts", Bar).put(
            [Piece(counts if state.query else _HELP, "strong" if state.query else "muted")],
            [
                Piece(f"{chosen:,} chosen · " if chosen else "", "strong"),
                Piece(f"{state.shown.value} · {state.order_text}", "muted"),
            ],
        )
        nothing = self.query_one("#nothing", Static)
        nothing.display = not hits and state.query is not None and not self._is_busy
        nothing.update("Nothing was found.")

    @property
    def _is_typing(self) -> bool:
        return self.focused is self._typed

    def _show(self, cursor: int = 0) -> None:
        self.lines.show(len(self.state.hits), cursor)
        self._say()

    def _draw_row(self, index: int, width: int, is_cursor: bool) -> Row:
        hit = self.state.hits[index]
        look = self.lines.look
        sign = "✓ " if hit in self.state.chosen else "▸ " if is_cursor else "  "
        label = hit.span.label if hit.span is not None and hit.is_exact else ""
        room = max(20, width - _TITLE_CELLS - 4)
        context = Context(_blanks(hit.before), _blanks(hit.text), _blanks(hit.behind))
        runs = context_runs(
            context, label, label_look(label, self._label_set) if label else "hit", room, is_odd=is_cursor
        )
        title = fitted(self._contexts.title(hit.document), _TITLE_CELLS)
        shown = [(sign, "key"), *filled_runs(runs, room), ("  ", "plain"), (title, "muted")]
        return [(text, look(name)) for text, name in shown]

    # Searching

    @on(Input.Submitted)
    def _on_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.state.typed = event.value
        self.state.chosen.clear()
        if (query := self.state.query) is not None:
            self._find(query)

    @work(exclusive=True, group="find")
    async def _find(self, query: Query, message: str = "") -> None:
        """Search on a thread, and show what was found; `message` is said then."""
        found = await self._done(self._service.find, query, self._progressed)
        if found is None:
            return
        self.state.found = found
        self.state.chosen &= set(found.hits)
        self._show()
        if found.hits:
            self.set_focus(self.lines)
        self._say()
        if message:
            self.notify(message, markup=False)
        for document_id, problem in list(found.unreadable.items())[:1]:
            more = f" ({len(found.unreadable) - 1} more like this)" if len(found.unreadable) > 1 else ""
            self.notify(f"{document_id} is left out: {problem}{more}", severity="warning", markup=False)

    def _progressed(self, done: int, total: int) -> None:
        self.post_message(self.Progressed(done, total))

    @on(Progressed)
    def _on_progressed(self, message: Progressed) -> None:
        text = f"reading the texts for the first time: {message.done:,} of {message.total:,}"
        self.query_one("#counts", Bar).put([Piece(text, "muted")])

    async def _done(self, call: Callable[..., Result], *arguments: object) -> Result | None:
        """What `call` gives, made on a thread while keys wait; None, and a dialog says why, if it failed."""
        self._is_busy = True
        try:
            return await asyncio.to_thread(call, *arguments)
        except AnnotatorError as error:
            self.app.push_screen(self._dialogs.error(error))
            return None
        finally:
            self._is_busy = False

    # Keys

    def capture(self, key: str, character: str | None) -> bool:
        """No key works while a step is made; digits and capitals give the hits a label."""
        if self._is_busy:
            return True
        name = self._label_set.by_key.get(self.keymap.label_key(character) or "")
        if name is not None:
            self._change(name)
        return name is not None

    def on_input_key(self, event: events.Key) -> None:
        """Escape leads to the hits, and from there out; down does too."""
        if event.key in ("escape", "down") and self.state.hits:
            self.set_focus(self.lines)
            self._say()
        elif event.key == "escape":
            self.dismiss(None)

    def action_edit(self) -> None:
        """Type what is sought."""
        self.set_focus(self._typed)
        self._say()

    def action_open(self) -> None:
        """Open the document at the hit."""
        self.lines.choose()

    @on(LineList.Chosen)
    def _on_chosen(self, message: LineList.Chosen) -> None:
        self.state.cursor = message.index
        self.dismiss(self.state.hits[message.index])

    def action_choose_hit(self) -> None:
        """Choose the hit, or no longer, and go to the next one."""
        if self.state.hits:
            self.state.toggle(self.state.hits[self.lines.cursor])
            self.lines.redraw((self.lines.cursor,))
            self.lines.move(1)
            self._say()

    def action_sort(self) -> None:
        """Sort by the next: documents, words before, words behind, text."""
        if (query := self.state.sort_by_next()) is not None:
            self._find(query)

    def action_filter(self) -> None:
        """Show all hits, those without a span, or those with one."""
        self.state.show_next()
        self._show()

    def action_pick_label(self) -> None:
        """Pick the label that hits get by typing."""

        def give(name: str | None) -> None:
            if name is not None:
                self._change(name)

        self.app.push_screen(self._dialogs.label(), give)

    def action_reject(self) -> None:
        """Take out the spans of the hits."""
        self._change(REJECT)

    def action_close(self) -> None:
        """Go back to the document."""
        self.dismiss(None)

    # Steps

    @work
    async def _change(self, label: str) -> None:
        """Say what a label for the chosen hits, or all, would do, and do it once that is confirmed."""
        query = self.state.query
        if query is None or not self.state.hits:
            return
        hits = self.state.meant
        change = await self._done(lambda: self._service.plan(hits, label, sought=query.title))
        if change is None:
            return
        answer = await self.app.push_screen_wait(self._dialogs.change(change, label))
        if answer is None or not change.changed:
            return
        plan = await self._done(self._service.make, change)
        if plan is not None:
            done = f"{label}: " if label else "taken out: "
            undo = self.keymap.key("undo")
            await self._stepped(plan, query, f"{done}{counted(change.changed, 'hit')} · {undo} takes it back")

    def action_undo(self) -> None:
        """Take back the last step over several documents, once it is confirmed."""
        self._undo()

    @work
    async def _undo(self) -> None:
        plan = await self._done(self._service.last)
        if plan is None:
            return
        answer = await self.app.push_screen_wait(self._dialogs.undo(plan))
        if answer is not None:
            undone = await self._done(self._service.undo, plan)
            if undone is not None:
                await self._stepped(undone, self.state.query, "Taken back.")

    async def _stepped(self, plan: Plan, query: Query | None, message: str) -> None:
        self._on_step(plan)
        if plan.left_out:
            await self.app.push_screen_wait(self._dialogs.left_out(plan))
        if query is not None:
            self._find(query, message)


def _blanks(text: str) -> str:
    """White space as single blanks, also at the ends."""
    return "".join(" " if char.isspace() else char for char in text)
