"""Painting one row: its cells, the marks that touch it and the overlay become one strip; nothing is remembered.

A strip begins with MARGIN cells. The last of them, and every blank before a mark, is where the mark's chip stands; the
first has a sign where something begins in the row that was commented on.

A chip stands between two words without a gap, so it must not be read as part of one: it is half a block, and a
character on a ground of its own only where that tells something the block cannot, and never beside a digit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from annotator.editing.marks import Mark, State
from annotator.tui.layout.overlay import Overlay, Range, touching
from annotator.tui.layout.palette import Palette
from annotator.tui.layout.row_cells import RowCells

MARGIN = 2
"""Blank cells before the text column."""
SPARE = 1
"""Cells behind it: for the blank at a row's end, and the chips of text that is set flush right."""

BLOCKS = "▐▌"
"""The half of a chip's cell that is beside its mark: on the mark's left, on its right."""
NO_KEY = "*"
SEVERAL = "+"
DOUBTFUL = "?"
REJECTED = "×"
REMARK = "!"


class _Patch(NamedTuple):
    """Something drawn instead of the text's own cells; `styles` holds the pieces of `text` with what they add."""

    left: int
    right: int
    pieces: tuple[tuple[str, Style], ...]


class _Layer(NamedTuple):
    """A style that is added in some cell ranges."""

    extents: list[Range]
    style: Style

    def covers(self, cell: int) -> bool:
        return any(left <= cell < right for left, right in self.extents)


def paint_text(
    cells: RowCells,
    marks: Sequence[Mark],
    overlay: Overlay,
    palette: Palette,
    *,
    width: int,
    has_chips: bool,
) -> Strip:
    """The text of a row. `width` is the strip's, in cells; `marks` are those that touch the row."""
    by_depth = [
        (mark, cells.extents(mark.start, mark.end))
        for mark in sorted(marks, key=lambda mark: mark.start - mark.end)
    ]
    over = list(_overlay_layers(cells, marks, overlay, palette))
    patches = list(_chips(cells, by_depth, overlay.focus, palette)) if has_chips else []
    if overlay.place_hints and not overlay.hints:
        places = {patch.left: patch for patch in _place_hints(cells, overlay, palette)}
        patches = [chip for chip in patches if chip.left not in places] + list(places.values())
    if any(cells.start <= start < cells.end for start, _ in overlay.remarks):
        patches.append(_Patch(-MARGIN, 1 - MARGIN, ((REMARK, palette.remark),)))
    if overlay.hints:
        hints = list(_hints(cells, overlay, palette))
        patches = [chip for chip in patches if not any(hint.left <= chip.left < hint.right for hint in hints)]
        patches += hints
    cuts = {cells.left, cells.right, -MARGIN, width - MARGIN}
    for extents in [extents for _, extents in by_depth] + [layer.extents for layer in over]:
        cuts.update(edge for extent in extents for edge in extent)
    cuts.update(edge for patch in patches for edge in (patch.left, patch.right))
    patched = {patch.left: patch for patch in patches}
    edges = sorted(cut for cut in cuts if -MARGIN <= cut <= width - MARGIN)
    base = palette.text + palette.receding if overlay.hints else palette.text
    row = _Row(base)
    hidden_up_to = -MARGIN
    for left, right in pairwise(edges):
        if left < hidden_up_to:
            continue
        style = _style(base, by_depth, over, palette, left)
        if (patch := patched.get(left)) is not None:
            row.add_pieces(patch, style)
            hidden_up_to = patch.right
        elif cells.left <= left < cells.right:
            row.add(cells.text(left, right), style)
        else:
            row.add(" " * (right - left), style)
    return row.strip(width)


class _Row:
    """Segments as they are added, one for each run of equal style."""

    def __init__(self, first: Style) -> None:
        self._segments: list[Segment] = []
        self._text: list[str] = []
        self._style = first

    def add(self, text: str, style: Style) -> None:
        if style != self._style:
            self._end()
            self._style = style
        self._text.append(text)

    def add_pieces(self, patch: _Patch, style: Style) -> None:
        for text, added in patch.pieces:
            self.add(text, style + added)

    def strip(self, width: int) -> Strip:
        self._end()
        return Strip(self._segments, width)

    def _end(self) -> None:
        if text := "".join(self._text):
            self._segments.append(Segment(text, self._style))
        self._text.clear()


def _style(
    base: Style,
    by_depth: Iterable[tuple[Mark, list[Range]]],
    over: Iterable[_Layer],
    palette: Palette,
    cell: int,
) -> Style:
    """The style of a cell: the innermost mark's, whether it lies within another one, and what lies over it."""
    covering = [mark for mark, extents in by_depth if any(left <= cell < right for left, right in extents)]
    style = base
    if covering:
        alive = [mark for mark in covering if mark.state is not State.REJECTED]
        style += palette.mark((alive or covering)[-1])
        if len(alive) > 1:
            style += palette.nested
    for layer in over:
        if layer.covers(cell):
            style += layer.style
    return style


def _overlay_layers(
    cells: RowCells, marks: Iterable[Mark], overlay: Overlay, palette: Palette
) -> Iterable[_Layer]:
    """What the overlay adds to this row, the lowest layer first."""
    ranged = (
        *((one, palette.box) for one in touching(overlay.boxes, cells.start, cells.end)),
        *((one, palette.hit) for one in touching(overlay.hits, cells.start, cells.end)),
        (overlay.selection, palette.selection),
    )
    for one, style in ranged:
        if one is not None and (extents := cells.extents(*one)):
            yield _Layer(extents, style)
    focus = overlay.focus
    if focus is not None and (extents := cells.extents(focus[0], focus[1])):
        yield _Layer(extents, _focus_style(marks, focus, palette))
    if (
        overlay.cursor is not None
        and (layer := _cursor_layer(cells, overlay.cursor, focus, palette)) is not None
    ):
        yield layer
    if overlay.hit is not None:
        yield _Layer(cells.extents(*overlay.hit), palette.current_hit)


def _cursor_layer(
    cells: RowCells, cursor: Range, focus: tuple[int, int, str] | None, palette: Palette
) -> _Layer | None:
    start, end = cursor
    if start == end:
        if not cells.start <= start <= cells.end:
            return None
        cell = cells.cell(start)
        return _Layer(cells.extents(start, start + 1) or [(cell, cell + 1)], palette.cursor)
    if focus is None or not (focus[0] <= start and end <= focus[1]):
        return _Layer(cells.extents(start, end), palette.cursor)
    if (start, end) == focus[:2]:
        return None
    return _Layer(cells.extents(start, end), palette.focus_cursor)


def _focus_style(marks: Iterable[Mark], focus: tuple[int, int, str], palette: Palette) -> Style:
    style = palette.focus
    for mark in marks:
        if (mark.start, mark.end, mark.label) == focus:
            if mark.state is State.UNDECIDED:
                style += palette.undecided_focus
            elif mark.state is State.REJECTED:
                style += palette.rejected_focus
            if mark.doubt:
                style += palette.doubtful
    return style


def _chips(
    cells: RowCells,
    by_depth: Sequence[tuple[Mark, list[Range]]],
    focus: tuple[int, int, str] | None,
    palette: Palette,
) -> Iterable[_Patch]:
    """One chip for each blank cell before which marks begin; the rejected ones only where no other begins."""
    beginning: dict[int, list[Mark]] = {}
    for mark, _ in by_depth:
        if cells.start <= mark.start < cells.end and (cell := cells.lead(mark.start)) is not None:
            beginning.setdefault(cell, []).append(mark)
    for cell, there in beginning.items():
        alive = [mark for mark in there if mark.state is not State.REJECTED] or there[:1]
        mark = alive[-1]
        sign = "" if _is_beside_digit(cells, cell) else _sign(alive, focus, palette)
        covering = [
            other for other, extents in by_depth if any(left <= cell < right for left, right in extents)
        ]
        if any(other.state is State.DECIDED for other in covering):
            style = palette.covered_chip
        else:
            style = palette.sign_chip(mark) if sign else palette.chip(mark)
        block = BLOCKS[cell > cells.cell(mark.start)]
        yield _Patch(cell, cell + 1, ((sign or block, style),))


def _sign(alive: Sequence[Mark], focus: tuple[int, int, str] | None, palette: Palette) -> str:
    """The one character that tells what a block before these marks cannot: empty for nothing."""
    if len(alive) > 1:
        return SEVERAL
    mark = alive[0]
    if mark.state is State.REJECTED:
        return REJECTED
    if mark.doubt:
        return DOUBTFUL
    if focus == (mark.start, mark.end, mark.label) and palette.has_key_at_focus:
        return palette.look(mark.label).key or NO_KEY
    return ""


def _is_beside_digit(cells: RowCells, cell: int) -> bool:
    """True if a digit is drawn on either side of a cell."""
    return any(
        cells.text(left, left + 1).isdigit()
        for left in (cell - 1, cell + 1)
        if cells.left <= left < cells.right
    )


def _hints(cells: RowCells, overlay: Overlay, palette: Palette) -> Iterable[_Patch]:
    """The hints of a row over the first cells of what they lead to; what is left of a wide letter is blanked."""
    typed = overlay.hint_typed
    offsets = sorted(
        offset
        for offset, letters in overlay.hints.items()
        if cells.start <= offset < cells.end and letters.startswith(typed)
    )
    taken = {cells.cell(offset) for offset in offsets}
    for offset in offsets:
        [(left, right)] = cells.extents(offset, offset + 1)
        stop = min([left + len(overlay.hints[offset]), *(cell for cell in taken if cell > left)])
        style = palette.hint if len(overlay.hints[offset]) == 1 else palette.long_hint
        letters = overlay.hints[offset][: stop - left]
        while right < stop:
            right = _next_edge(cells, right)
        pieces = (
            (letters[: len(typed)], palette.typed_hint),
            (letters[len(typed) :], style),
            (" " * (right - stop), style),
        )
        yield _Patch(left, right, tuple(piece for piece in pieces if piece[0]))


def _place_hints(cells: RowCells, overlay: Overlay, palette: Palette) -> Iterable[_Patch]:
    """The hints of a row in the blanks before their places; none that would touch a digit."""
    for offset, letter in overlay.place_hints.items():
        cell = cells.lead(offset) if cells.start <= offset < cells.end else None
        if cell is not None and not _is_beside_digit(cells, cell):
            yield _Patch(cell, cell + 1, ((letter, palette.place_hint),))


def _next_edge(cells: RowCells, cell: int) -> int:
    """The cell behind the grapheme at `cell`; one further where there is none."""
    if not cells.left <= cell < cells.right:
        return cell + 1
    [(_, right)] = cells.extents(cells.offset(cell), cells.offset(cell) + 1)
    return right
