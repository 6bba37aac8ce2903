"""How grids and cases of agreement are laid out in cells, and the sentences about them; pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from annotator.cells.fitting import cell_width, drawable, filled, fitted
from annotator.measure.agreement import Agreement
from annotator.measure.alignment import Kind
from annotator.model.counting import counted
from annotator.model.spans import Labelled
from annotator.tui.widgets.looks import Run
from annotator.workspace.agreement.cases import PairCase
from annotator.workspace.agreement.grids import Figure, Grid, alphas, figure_text

GAP = 2
_FREE = 2
_WIDEST_NAME = 28
_WIDEST_HEADING = 14
_FIGURE_CELLS = 10
"""A figure of four digits, and the gaps on either side."""
_KIND_CELLS = 10
_TITLE_CELLS = 24
_NARROW_TITLE = 14
_WIDE = 100

NOTHING = "–"
"""What stands for an annotator who has nothing there."""


class GridLayout:
    """A grid in `width` cells: a column of names, then columns that are set flush right, as many as fit.

    Names are cut only to let all columns fit, and never to fewer cells than _WIDEST_NAME. The cell behind them and the
    last one of all stay free, for what says that there is more.
    """

    def __init__(self, grid: Grid, width: int) -> None:
        self._width = width
        self.names = [drawable(name) for name, _ in grid.rows]
        self.headings = [fitted(heading, _WIDEST_HEADING) for heading in grid.headings]
        self.widths = [
            GAP + max(map(cell_width, [heading, *(cells[column].text for _, cells in grid.rows)]))
            for column, heading in enumerate(self.headings)
        ]
        room = max(_WIDEST_NAME, width - sum(self.widths) - _FREE)
        self.name_cells = min(room, max(map(cell_width, [grid.corner, *self.names])))

    def shown(self, first: int) -> range:
        """The columns from `first` on that fit beside the names; at least one."""
        room = self._width - self.name_cells - _FREE
        end = first
        while end < len(self.widths) and (end == first or self.widths[end] <= room):
            room -= self.widths[end]
            end += 1
        return range(first, end)

    def first_showing(self, column: int, first: int) -> int:
        """The first column to show, as near to `first` as may be, so that `column` is in sight."""
        first = min(first, column)
        while column not in self.shown(first):
            first += 1
        return first

    def right(self, text: str, column: int) -> str:
        """`text` flush right in a column, but for a cell behind it, so that it stands free on its ground."""
        text = fitted(text, self.widths[column] - GAP)
        return " " * (self.widths[column] - 1 - cell_width(text)) + text + " "


def overall(found: Agreement, remarks: Sequence[str], width: int) -> list[list[Run]]:
    """The figures over all annotators, a line each in `width` cells, and then what else is to be known."""
    lines = [(name, figure_text(value, digits=4), meaning) for name, value, meaning in alphas(found)]
    widest = max(len(name) for name, _, _ in lines)
    room = width - widest - _FIGURE_CELLS
    figures: list[list[Run]] = [
        [(f"{name:<{widest}}  ", "plain"), (f"{value:>6}  ", "strong"), (fitted(meaning, room), "muted")]
        for name, value, meaning in lines
    ]
    return [*figures, [], [(fitted(" · ".join(remarks), width), "muted")]]


def pair_sentence(found: Agreement, a: str, b: str) -> list[Run]:
    """All that is known of a pair, in one line that may wrap."""
    [pair] = [each for each in found.pairs if {each.a, each.b} == {a, b}]
    low_high = (
        f" ({figure_text(pair.interval[0])} to {figure_text(pair.interval[1])})" if pair.interval else ""
    )
    runs: list[Run] = [
        (f"{pair.a} and {pair.b}", "strong"),
        (f"  {counted(pair.documents, 'document')}", "muted"),
        (f"  {pair.strict.spans_a:,} and {pair.strict.spans_b:,} spans", "muted"),
    ]
    for figure in Figure:
        runs += [
            (f"  {figure.title_} ", "muted"),
            (figure_text(figure.of(pair)), "strong"),
            (low_high if figure is Figure.STRICT else "", "muted"),
        ]
    return runs


def kind_word(each: PairCase) -> str:
    """How a case differs, in a word or two."""
    kind = each.case.kind
    return {Kind.ONLY_A: f"only {each.a}", Kind.ONLY_B: f"only {each.b}"}.get(kind, kind.value)


def case_headings(names: Sequence[str], width: int) -> list[Run]:
    """The headings over rows of cases between two, or among several."""
    a, b = names if len(names) == 2 else ("one", "another")
    title, side = _case_cells(width)
    gap = " " * GAP
    return [
        (filled("document", title) + gap + filled(a, side) + gap + filled(b, side) + gap + "kind", "muted")
    ]


def case_row(
    each: PairCase,
    title: str,
    text: str | None,
    width: int,
    *,
    names_sides: bool,
    colour: Callable[[str], str],
) -> list[Run]:
    """A case in `width` cells: its document, what either side has there, and how they differ.

    `names_sides` puts before each side whose it is; `colour` gives the look of a label.
    """
    title_cells, side_cells = _case_cells(width)
    gap = (" " * GAP, "plain")
    runs: list[Run] = [(filled(title, title_cells), "muted"), gap]
    for name, span in ((each.a, each.case.a), (each.b, each.case.b)):
        runs += [*_side(name if names_sides else "", span, text, side_cells, colour), gap]
    return [
        *runs,
        (fitted(kind_word(each), _KIND_CELLS), "muted" if each.case.kind is Kind.SAME else "plain"),
    ]


def _side(
    name: str, span: Labelled | None, text: str | None, cells: int, colour: Callable[[str], str]
) -> list[Run]:
    before = f"{name}: " if name else ""
    if span is None:
        return [(filled(f"{before}{NOTHING}", cells), "muted")]
    words = f"{span.start}–{span.end}" if text is None else text[span.start : span.end]
    label = f" {span.label}"
    room = max(1, cells - cell_width(before) - cell_width(label))
    words = fitted(words, room)
    rest = cells - cell_width(before) - cell_width(words)
    return [(before, "muted"), (words, "plain"), (filled(label, max(0, rest)), colour(span.label))]


def _case_cells(width: int) -> tuple[int, int]:
    """The widths of the title and of either side."""
    title = _TITLE_CELLS if width >= _WIDE else _NARROW_TITLE
    return title, max(8, (width - title - _KIND_CELLS - 3 * GAP) // 2)
