"""The columns of the list of documents: what each says of a document, and which give way on a narrow screen."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from annotator.cells.fitting import cell_width, filled, fitted
from annotator.editing.search import FoldedText
from annotator.model.decisions import Status, local_time
from annotator.store.catalogue import CatalogueRow
from annotator.tui.screens.documents.rows import Order
from annotator.tui.widgets.bar import SENT_BACK
from annotator.tui.widgets.looks import Run

STATUS_RUNS: dict[Status, Run] = {
    Status.TODO: ("○ todo", "plain"),
    Status.STARTED: ("◐ started", "blue"),
    Status.DONE: ("✓ done", "good"),
    Status.SKIPPED: ("– skipped", "muted"),
}
"""How a status is shown: by a glyph, a word and a look."""

RETURNED_RUN: Run = (f"{SENT_BACK} sent back", "warn")
"""How a document is shown that a lead sent back."""

UNKNOWN = "–"
_GAP = 2
_BAR_CELLS = 8
_TITLE_CELLS = 28
"""The narrowest title, or a third of the width, for which no other column gives way."""


def total(row: CatalogueRow) -> int | None:
    """The spans of a document and what there is still to decide on; None while nobody knows its suggestions."""
    if row.undecided is None:
        return row.spans if row.status is Status.DONE else None
    return row.spans + row.undecided


def bar(part: int, whole: int | None, cells: int) -> list[Run]:
    """How much of `whole` is done, heavy against light; never full before all is, nor empty once begun."""
    if not whole:
        return [(" " * cells, "muted")]
    full = part * cells // whole
    full = max(full, 1) if part else 0
    return [("━" * full, "good"), ("─" * (cells - full), "muted")]


def ago(when: str, now: datetime) -> str:
    """How long ago something was, in at most 10 cells; `when` is UTC in ISO 8601, or empty for never."""
    if not when:
        return UNKNOWN
    local = local_time(when)
    seconds = (now - local).total_seconds()
    if seconds < 60:
        return "just now"
    if seconds < 3600:
        return f"{seconds // 60:.0f} min ago"
    today = now.astimezone()
    if seconds < 86_400:
        return f"{seconds // 3600:.0f} h ago"
    return f"{local.day} {local:%b}" if local.year == today.year else f"{local:%b %Y}"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, its width in cells, what it is sorted as, and what it says of a document."""

    heading: str
    cells: int
    order: Order
    runs: Callable[[CatalogueRow], list[Run]]
    to_the_right: bool = True

    def filled(self, runs: Sequence[Run]) -> list[Run]:
        """`runs` with blanks before or behind them to the column's width; a run that is too long is cut."""
        runs = [(fitted(text, self.cells), look) for text, look in runs]
        blanks = (" " * max(0, self.cells - sum(cell_width(text) for text, _ in runs)), "plain")
        return [blanks, *runs] if self.to_the_right else [*runs, blanks]


class Columns:
    """The columns that have room in `width` cells beside the title, in the order in which they stand.

    The others give way one by one, the least needed first and the one that is sorted by last. Of documents that are
    `returned`, by id, their status says so.
    """

    def __init__(
        self, width: int, *, rows: int, order: Order, now: datetime, returned: Collection[str] = ()
    ) -> None:
        def status_run(row: CatalogueRow) -> Run:
            return RETURNED_RUN if row.id in returned else STATUS_RUNS[row.status]

        status_cells = cell_width(RETURNED_RUN[0]) if returned else 9
        number = Column("#", 1 + max(2, len(str(rows))), Order.QUEUE, lambda row: [])
        status = Column(
            "status", status_cells, Order.STATUS, lambda row: [status_run(row)], to_the_right=False
        )
        progress_bar = Column("", _BAR_CELLS, Order.QUEUE, lambda row: bar(row.spans, total(row), _BAR_CELLS))
        progress = Column("decided", 9, Order.QUEUE, _progress)
        spans = Column("spans", 5, Order.SPANS, lambda row: _count(row.spans))
        undecided = Column("undecided", 9, Order.UNDECIDED, lambda row: _count(row.undecided))
        doubts = Column("doubts", 6, Order.NOTES, lambda row: _marked(row.doubts, "warn"))
        notes = Column("notes", 5, Order.NOTES, lambda row: _marked(row.notes, "plain"))
        changed = Column("changed", 10, Order.CHANGED, lambda row: [(ago(row.updated, now), "muted")])
        before = [number, status]
        behind = [progress, progress_bar, spans, undecided, doubts, notes, changed]
        giving_way = [undecided, spans, progress_bar, notes, changed, doubts, progress]
        giving_way.sort(key=lambda column: column.order is order is not Order.QUEUE)
        least = max(_TITLE_CELLS, width // 3)
        while (title := width - sum(column.cells + _GAP for column in before + behind)) < least:
            if not giving_way:
                break
            behind.remove(giving_way.pop(0))
        self._before, self._behind = before, behind
        self._title_cells = max(0, title)
        self._order = order

    def headings(self) -> list[Run]:
        """The row of headings; that of the column sorted by stands out."""
        runs: list[Run] = []
        for column in self._before:
            runs += [*column.filled([self._heading(column.heading, column.order)]), _BLANKS]
        look = "key" if self._order is Order.TITLE else "muted"
        runs.append((filled("title", self._title_cells), look))
        for column in self._behind:
            runs += [_BLANKS, *column.filled([self._heading(column.heading, column.order)])]
        return runs

    def runs(self, number: int, row: CatalogueRow, *, is_current: bool, search: str) -> list[Run]:
        """A document's row. `number` counts from 1; what `search` finds in the title stands out."""
        numbered, status = self._before
        mark = "▸" if is_current else ""
        runs = [
            *numbered.filled([(f"{mark}{number}", "key" if is_current else "muted")]),
            _BLANKS,
            *status.filled(status.runs(row)),
            _BLANKS,
            *_title(row, self._title_cells, search),
        ]
        for column in self._behind:
            runs += [_BLANKS, *column.filled(column.runs(row))]
        return runs

    def _heading(self, text: str, order: Order) -> Run:
        return text, "key" if order is self._order and order is not Order.QUEUE else "muted"


_BLANKS: Run = (" " * _GAP, "plain")


def _title(row: CatalogueRow, cells: int, search: str) -> list[Run]:
    look = "muted" if row.status in (Status.DONE, Status.SKIPPED) or not row.title.strip() else "plain"
    shown = fitted(row.title if row.title.strip() else row.id, cells)
    runs: list[Run] = []
    end = 0
    for start, stop in FoldedText(shown).find_all(search):
        runs += [(shown[end:start], look), (shown[start:stop], "hit")]
        end = stop
    return [*runs, (shown[end:], look), (" " * (cells - cell_width(shown)), look)]


def _progress(row: CatalogueRow) -> list[Run]:
    if (whole := total(row)) is None:
        return [(f"{row.spans}/{UNKNOWN}" if row.spans else UNKNOWN, "muted")]
    return [(f"{row.spans}/{whole}", "muted" if row.status is Status.DONE else "plain")]


def _count(count: int | None) -> list[Run]:
    if count is None:
        return [(UNKNOWN, "muted")]
    return [(str(count), "plain" if count else "muted")]


def _marked(count: int, look: str) -> list[Run]:
    return [(str(count), look)] if count else []


def now() -> datetime:
    """The present time, in UTC."""
    return datetime.now(UTC)
