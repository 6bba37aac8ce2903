"""The agreement screen: figures as heat maps, each cell with the cases behind it."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from textual import events, on
from textual.app import ComposeResult
from textual.message import Message
from textual.widgets import Static
from textual.worker import get_current_worker

from annotator.errors import AnnotatorError
from annotator.measure.agreement import Agreement, Progress
from annotator.model.counting import counted
from annotator.tui.agreement_drawing import overall, pair_sentence
from annotator.tui.footer import footer
from annotator.tui.keymap import Keymap
from annotator.tui.layout.lines import Mode
from annotator.tui.screens.agreement.cases import CasesScreen, Place
from annotator.tui.screens.agreement.grid_view import GridView
from annotator.tui.screens.keyed import KeyedScreen
from annotator.tui.widgets.bar import Bar, Piece
from annotator.tui.widgets.looks import Run, content
from annotator.workspace import agreement_grids as grids
from annotator.workspace.agreement import FinishedSets, remarks
from annotator.workspace.agreement_grids import EMPTY, Figure, Grid

_BETWEEN = 0.1
"""Seconds between two words on progress."""


class View(enum.Enum):
    """What of the figures is shown."""

    PAIRS = "pairs"
    FIGURES = "figures"
    LABELS = "labels"
    CONFUSION = "confusion"
    GOLD = "gold"
    DOCUMENTS = "documents"


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
        self.found: Agreement | None = None
        self.view = View.PAIRS
        self._sets = sets
        self._cases_keymap = cases_keymap
        self._mode: Mode = mode
        self._before = before
        self._remarks: list[str] = []
        self._figure = Figure.STRICT
        self._pair = 0
        """Whose confusion is shown: 0 for all pairs, else counted from 1."""
        self._cursors: dict[View, tuple[int, int]] = {}

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

    def on_mount(self) -> None:
        """Begin to compute."""
        self._tell([[("looking which documents are finished…", "muted")]])
        self.run_worker(self._measure, thread=True)

    def _measure(self) -> None:
        """Compute all figures, as long as anybody wants them."""
        worker = get_current_worker()
        try:
            self._before()
            steps, told_at = self._sets.measure(), 0.0
            while not worker.is_cancelled:
                progress = next(steps)
                if monotonic() - told_at > _BETWEEN:
                    told_at = monotonic()
                    self.post_message(self.Progressed(progress))
        except StopIteration as end:
            found: Agreement = end.value
            self.post_message(self.Measured(found, remarks(self._sets, found)))
        except AnnotatorError as error:
            self.post_message(self.NotMeasured(error))

    def on_agreement_screen_progressed(self, message: Progressed) -> None:
        """Say how far it is."""
        if self.found is not None:
            return
        progress = message.progress
        total = f" of {progress.total:,}" if progress.total is not None else ""
        stop = f"{self.keymap.key('close')} stops"
        self._tell([[(f"{progress.what}: {progress.done:,}{total}", "plain")], [(stop, "muted")]])

    def on_agreement_screen_measured(self, message: Measured) -> None:
        """Show the figures."""
        self.found, self._remarks = message.found, message.remarks
        if not message.found.pairs:
            self.view = View.GOLD
        self._show()

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

    def _show(self) -> None:
        """Show the view as it is now, with the cursor where it was left."""
        grid = self._grid()
        self.grid.show(grid, *self._cursors.get(self.view, _beginning(self.view)))
        self._say()

    def _grid(self) -> Grid:
        found = self.found
        assert found is not None  # views are shown only once there are figures
        if self.view is View.PAIRS:
            return grids.matrix(found, self._figure)
        if self.view is View.CONFUSION:
            return grids.confusion(found, found.pairs[self._pair - 1] if self._pair else None)
        if self.view is View.DOCUMENTS:
            return grids.documents(found, self._title_of)
        return {
            View.FIGURES: grids.pairs,
            View.LABELS: grids.labels,
            View.GOLD: grids.against_gold,
        }[self.view](found)

    def _title_of(self, document_id: str) -> str:
        entry = self._sets.store.catalogue.get(document_id)
        return entry.title if entry is not None else document_id

    def _say(self) -> None:
        """Show who is compared, the view's name and note, and what the cursor is on."""
        found, width = self.found, self.size.width
        who = ", ".join(self._sets.annotators)
        left = [Piece("Agreement", "strong"), Piece(f"   {who}", "muted")]
        compared = f"{counted(len(self._sets), 'document')} compared"
        self.query_one("#title", Bar).put(left, [Piece(compared, "muted")])
        self.query_one("#views", Bar).put(self._views())
        varies = self.view in (View.PAIRS, View.CONFUSION)
        keys = footer(self.keymap, width=width - 2)
        self.query_one("#keys", Bar).put([each for each in keys if varies or each.action != "vary"])
        for each in ("#note", "#grid", "#detail"):
            self.query_one(each).display = found is not None
        self.query_one("#message").display = found is None
        self.set_class(self.view is View.PAIRS, "-pairs")
        total = self.query_one("#overall", Static)
        total.display = found is not None and self.view is View.PAIRS
        if found is not None:
            note = self.grid.grid.note if self.grid.grid.rows else self._why_empty()
            self.query_one("#note", Static).update(content([[(self._varied(), "strong"), (note, "muted")]]))
            total.update(content(overall(found, self._remarks, width - 2)))
            self.query_one("#detail", Static).update(content([self._detail()]))

    def _views(self) -> list[Piece]:
        pieces: list[Piece] = []
        for view in View:
            action = f"show_{view.value}"
            look = "hit" if view is self.view else "plain"
            pieces += [
                Piece(f"{self.keymap.key(action)} ", "key", action),
                Piece(view.value, look, action),
                Piece("   "),
            ]
        return pieces

    def _varied(self) -> str:
        """Which figure of the pairs, or whose confusion, is shown."""
        if self.found is None:
            return ""
        if self.view is View.PAIRS:
            return f"{self._figure.title_}: "
        if self.view is View.CONFUSION:
            pair = self.found.pairs[self._pair - 1] if self._pair else None
            return f"{pair.a} and {pair.b}. " if pair else "All pairs. "
        return ""

    def _why_empty(self) -> str:
        if self.view is View.GOLD:
            return "No gold set is finished on a document that one of them has finished: annotator review makes gold."
        return "Nobody marked anything in the documents that two have finished."

    def _detail(self) -> list[Run]:
        """What the cursor is on, in words."""
        view, cell = self.grid, self.grid.cell
        if cell is None or self.found is None:
            return []
        if self.view in (View.PAIRS, View.FIGURES) and cell.behind is not None:
            return pair_sentence(self.found, *cell.behind.pairs[0])
        name, heading = view.grid.rows[view.row][0], view.grid.headings[view.column]
        if cell.behind is not None:
            return [(f"{cell.behind.title}: ", "muted"), (cell.text, "strong")]
        return [
            (f"{name}, {heading}: " if cell.text != EMPTY else "", "muted"),
            ("" if cell.text == EMPTY else cell.text, "strong"),
        ]

    @on(GridView.Moved)
    def _on_moved(self) -> None:
        if self.found is not None:
            self._cursors[self.view] = self.grid.row, self.grid.column
            self.query_one("#detail", Static).update(content([self._detail()]))

    @on(GridView.Chosen)
    def _on_chosen(self) -> None:
        self.action_open()

    @on(Bar.Clicked)
    def _on_bar_clicked(self, message: Bar.Clicked) -> None:
        self.act(message.action)

    # Actions

    def act(self, name: str) -> None:
        """Go to a view, or do what the name says; before there are figures nothing but help and going back."""
        if self.found is None and name not in ("close", "help"):
            return
        if name.startswith("show_"):
            self._go_to(View(name.removeprefix("show_")))
        else:
            super().act(name)

    def _go_to(self, view: View) -> None:
        self.view = view
        self._show()

    def action_open(self) -> None:
        """Show the cases behind the cell."""
        cell, found = self.grid.cell, self.found
        if cell is None or cell.behind is None or found is None:
            self.notify("There are no cases behind this.", markup=False)
            return
        screen = CasesScreen(
            self._sets.store,
            found.corpus,
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
        views = list(View)
        self._go_to(views[(views.index(self.view) + step) % len(views)])

    def action_vary(self) -> None:
        """Show the next figure of the pairs, or the confusion of the next pair."""
        if self.view is View.PAIRS:
            figures = list(Figure)
            self._figure = figures[(figures.index(self._figure) + 1) % len(figures)]
        elif self.view is View.CONFUSION and self.found is not None and len(self.found.pairs) > 1:
            self._pair = (self._pair + 1) % (len(self.found.pairs) + 1)
        else:
            return
        self._cursors[self.view] = self.grid.row, self.grid.column
        self._show()

    def action_left(self) -> None:
        """Go a cell to the left."""
        self.grid.go(self.grid.row, self.grid.column - 1)

    def action_right(self) -> None:
        """Go a cell to the right."""
        self.grid.go(self.grid.row, self.grid.column + 1)

    def action_up(self) -> None:
        """Go a row up."""
        self.grid.go(self.grid.row - 1, self.grid.column)

    def action_down(self) -> None:
        """Go a row down."""
        self.grid.go(self.grid.row + 1, self.grid.column)

    def action_page_up(self) -> None:
        """Go a page up."""
        self.grid.page(-1)

    def action_page_down(self) -> None:
        """Go a page down."""
        self.grid.page(1)

    def action_first(self) -> None:
        """Go to the first row."""
        self.grid.go(0, self.grid.column)

    def action_last(self) -> None:
        """Go to the last row."""
        self.grid.go(len(self.grid.grid.rows) - 1, self.grid.column)

    def action_close(self) -> None:
        """Go back; the thread that computes is told to stop."""
        self.workers.cancel_node(self)
        self.dismiss(None)


def _beginning(view: View) -> tuple[int, int]:
    """Where the cursor stands first: on a figure that has cases behind it."""
    return {View.PAIRS: (0, 1), View.FIGURES: (0, 3), View.LABELS: (0, 1), View.GOLD: (0, 3)}.get(
        view, (0, 0)
    )
