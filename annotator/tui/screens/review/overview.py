"""The conflicts of a document as a short list around the current one; pure."""

from __future__ import annotations

from annotator.cells.fitting import cell_width, fitted
from annotator.review.conflict_state import Outcome
from annotator.review.conflicts import Conflict
from annotator.review.session import ReviewSession
from annotator.tui.screens.review.versions import Line, kind_of
from annotator.tui.widgets.bar import Piece

_SIGNS = {Outcome.OPEN: ("?", "warn"), Outcome.NO_ENTITY: ("×", "muted")}
_SETTLED = ("✓", "good")
_KIND_CELLS = 11


def overview(session: ReviewSession, *, width: int, rows: int) -> list[Line]:
    """At most `rows` lines: a heading, and conflicts with their sign, kind and text, the current one in sight.

    A click on a line goes to its conflict.
    """
    conflicts = session.navigation.shown
    if not conflicts or rows < 2:
        return []
    here = next((index for index, each in enumerate(conflicts) if each is session.current), 0)
    first = max(0, min(here - (rows - 1) // 2, len(conflicts) - rows + 1))
    shown = conflicts[first : first + rows - 1]
    return [[Piece(" conflicts here", "heading")], *(_line(session, each, width) for each in shown)]


def _line(session: ReviewSession, conflict: Conflict, width: int) -> Line:
    number = session.navigation.position(conflict)
    action = f"conflict:{number}"
    is_current = conflict is session.current
    sign, look = _SIGNS.get(session.outcome(conflict), _SETTLED)
    text = session.editor.text(conflict.start, conflict.end)
    kind = fitted(kind_of(conflict), _KIND_CELLS)
    lead = f"{'▸' if is_current else ' '}{number:>3} "
    room = width - cell_width(lead) - 2 - _KIND_CELLS - 1
    return [
        Piece(lead, "key" if is_current else "muted", action),
        Piece(f"{sign} ", look, action),
        Piece(kind + " " * (_KIND_CELLS - cell_width(kind)), "muted", action),
        Piece(fitted(text, room), "strong" if is_current else "plain", action),
    ]
