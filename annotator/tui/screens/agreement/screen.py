"""The agreement screen: figures as heat maps, each cell with the cases behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from textual import events, on
from textual.app import ComposeResult
from textual.message import Message
from textual.widgets import Static
from textual.worker import get_current_worker

from annotator.errors import AnnotatorError
from annotator.measure.agreement import Agreement, Progress
from annotator.model.counting import counted
from annotator.throttle import Throttle
from annotator.tui.keys.footer import footer
from annotator.tui.keys.keyed_screen import KeyedScreen
from annotator.tui.keys.keymap import Keymap
from annotator.tui.layout.lines import Mode
from annotator.tui.screens.agreement.cases import CasesScreen, Place
from annotator.tui.screens.agreement.grid_view import GridView
from annotator.tui.screens.agreement.rows import overall
from annotator.tui.screens.agreement.views import VARYING, View, Views
from annotator.tui.widgets.bar import Bar, Piece
from annotator.tui.widgets.looks import Run, content
from annotator.workspace.agreement.selection import FinishedSets, remarks


class AgreementScreen(KeyedScreen[Place | None]):
    """Computes the figures on a thread of its own and shows them; dismissed with a place to open, or None.

    `before` is called on that thread first.
    """

    CSS_PATH = "agreement.tcss"
    AUTO_FOCUS = "GridView"

    @dataclass
    class Progressed(Message):
        """So far is the work."""

        progress: Progress

        def can_replace(self, message: Message) -> bool:
            """Only the last one matters."""
            return isinstance(message, AgreementScreen.Progressed)

    @dataclass
    class Measured(Message):
        """All figures are there, and what there is to say about them."""

        found: Agreement
        remarks: list[str]

    @dataclass
    class NotMeasured(Message):
        """There are no figures, and why."""

        error: AnnotatorError

    def __init__(
        self,
        sets: FinishedSets,
        *,
        keymap: Keymap,
        cases_keymap: Keymap,
        mode: Mode,
        before: Callable[[], object],
    ) -> None:
        super().__init__(keymap)
        self.views: Views | None = None
        """What there is to show, once there are figures."""
        self._sets = sets
        self._cases_keymap = cases_keymap
        self._mode: Mode = mode
        self._before = before
        self._remarks: list[str] = []

    def compose(self) -> ComposeResult:
        """Who is compared, the views, how to read the grid, the grid, figures over all, the cursor's cell, the keys."""
        yield Bar(id="title")
        yield Bar(id="views")
        yield Static(id="note", markup=False)
        yield Static(id="message", markup=False)
        yield GridView(id="grid")
        yield Static(id="overall", markup=False)
        yield Static(id="detail", markup=False)
        yield Bar(id="keys")

    @property
    def grid(self) -> GridView:
        """The figures."""
        return self.query_one(GridView)

    @property
    def row_cursor(self) -> GridView:
        """What the keys for rows move."""
        return self.grid

    def on_mount(self) -> None:
        """Begin to compute."""
        self._tell([[("looking which documents are finished…", "muted")]])
        self.run_worker(self._measure, thread=True)

    def _measure(self) -> None:
        """Compute all figures, as long as anybody wants them."""
        worker = get_current_worker()
        try:
            self._before()
            steps, throttle = self._sets.measure(), Throttle()
            while not worker.is_cancelled:
                progress = next(steps)
                if throttle.allow():
                    self.post_message(self.Progressed(progress))
        except StopIteration as end:
            found: Agreement = end.value
            self.post_message(self.Measured(found, remarks(self._sets, found)))
        except AnnotatorError as error:
            self.post_message(self.NotMeasured(error))

    def on_agreement_screen_progressed(self, message: Progressed) -> None:
        """Say how far it is."""
        if self.views is not None:
            return
        progress = message.progress
        total = f" of {progress.total:,}" if progress.total is not None else ""
        stop = f"{self.keymap.key('close')} stops"
        self._tell([[(f"{progress.what}: {progress.done:,}{total}", "plain")], [(stop, "muted")]])

    def on_agreement_screen_measured(self, message: Measured) -> None:
        """Show the figures."""
        self.views, self._remarks = Views(message.found), message.remarks
        self._show(self.views)

    def on_agreement_screen_not_measured(self, message: NotMeasured) -> None:
        """Say why there are none."""
        error = message.error
        self._tell([[(error.message, "strong")], [(error.hint, "muted")]])

    def on_resize(self, event: events.Resize) -> None:
        """Let keys give way."""
        self._say()

    # Showing

    def _tell(self, lines: list[list[Run]]) -> None:
        """Say something in place of figures."""
        self.query_one("#message", Static).update(content(lines))
        self._say()

    def _show(self, views: Views) -> None:
        """Show the view as it is now, with the cursor where it was left."""
        self.grid.show(views.grid(self._title_of), *views.cursor)
        self._say()

    def _title_of(self, document_id: str) -> str:
        entry = self._sets.store.catalogue.get(document_id)
        return entry.title if entry is not None else document_id

    def _say(self) -> None:
        """Show who is compared, the view's name and note, and what the cursor is on."""
        views, width = self.views, self.size.width
        who = ", ".join(self._sets.annotators)
        left = [Piece("Agreement", "strong"), Piece(f"   {who}", "muted")]
        compared = f"{counted(len(self._sets), 'document')} compared"
        self.query_one("#title", Bar).put(left, [Piece(compared, "muted")])
        shown = views.shown if views is not None else View.PAIRS
        self.query_one("#views", Bar).put(self._names(shown))
        keys = footer(self.keymap, width=width - 2)
        self.query_one("#keys", Bar).put([each for each in keys if shown in VARYING or each.action != "vary"])
        for each in ("#note", "#grid", "#detail"):
            self.query_one(each).display = views is not None
        self.query_one("#message").display = views is None
        self.set_class(shown is View.PAIRS, "-pairs")
        total = self.query_one("#overall", Static)
        total.display = views is not None and shown is View.PAIRS
        if views is not None:
            self.query_one("#note", Static).update(content([views.note(self.grid.grid)]))
            total.update(content(overall(views.found, self._remarks, width - 2)))
            self._say_detail(views)

    def _say_detail(self, views: Views) -> None:
        grid = self.grid
        self.query_one("#detail", Static).update(content([views.detail(grid.grid, grid.row, grid.column)]))

    def _names(self, shown: View) -> list[Piece]:
        pieces: list[Piece] = []
        for view in View:
            action = f"show_{view.value}"
            look = "hit" if view is shown else "plain"
            pieces += [
                Piece(f"{self.keymap.key(action)} ", "key", action),
                Piece(view.value, look, action),
                Piece("   "),
            ]
        return pieces

    @on(GridView.Moved)
    def _on_moved(self) -> None:
        if self.views is not None:
            self.views.cursor = self.grid.row, self.grid.column
            self._say_detail(self.views)

    @on(GridView.Chosen)
    def _on_chosen(self) -> None:
        self.action_open()

    # Actions

    def act(self, name: str) -> None:
        """Do the action called `name`; before there are figures nothing but help and going back."""
        if self.views is not None or name in ("close", "help"):
            super().act(name)

    def show_view(self, view: View) -> None:
        """Show one view of the figures."""
        if self.views is not None:
            self.views.shown = view
            self._show(self.views)

    def action_open(self) -> None:
        """Show the cases behind the cell."""
        cell, views = self.grid.cell, self.views
        if cell is None or cell.behind is None or views is None:
            self.notify("There are no cases behind this.", markup=False)
            return
        screen = CasesScreen(
            self._sets.store,
            views.found.corpus,
            cell.behind,
            keymap=self._cases_keymap,
            label_set=self._sets.store.info.label_set,
            mode=self._mode,
        )
        self.app.push_screen(screen, self._on_left)

    def _on_left(self, place: Place | None) -> None:
        if place is not None:
            self.dismiss(place)

    def action_next_view(self) -> None:
        """Show the next view."""
        self._step(1)

    def action_previous_view(self) -> None:
        """Show the view before."""
        self._step(-1)

    def _step(self, step: int) -> None:
        if self.views is not None:
            self.show_view(self.views.step(step))

    def action_vary(self) -> None:
        """Show the next figure of the pairs, or the confusion of the next pair."""
        if self.views is not None and self.views.vary():
            self.views.cursor = self.grid.row, self.grid.column
            self._show(self.views)

    def action_left(self) -> None:
        """Go a cell to the left."""
        self.grid.go(self.grid.row, self.grid.column - 1)

    def action_right(self) -> None:
        """Go a cell to the right."""
        self.grid.go(self.grid.row, self.grid.column + 1)

    def action_close(self) -> None:
        """Go back; the thread that computes is told to stop."""
        self.workers.cancel_node(self)
        self.dismiss(None)
