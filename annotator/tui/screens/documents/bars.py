"""What the bars around the list of documents say, and what stands in place of an empty list; pure."""

from __future__ import annotations

from annotator.cells.fitting import cell_width
from annotator.model.assignments import Returned
from annotator.model.decisions import Status
from annotator.tui.keys.keymap import Keymap
from annotator.tui.screens.documents.columns import STATUS_RUNS, bar
from annotator.tui.screens.documents.rows import DocumentList, Filter
from annotator.tui.widgets.bar import SENT_BACK, Piece

_SHARE_CELLS = 24
_WIDE = 100
_NOTHING_IMPORTED = """\
There are no documents yet. Leave with ctrl+q, and then:

  annotator annotate FOLDER
      takes the text files of a folder and opens the first

  annotator import FILE
      takes CoNLL, spaCy, brat, doccano, JSON lines and more\
"""


def counts(documents: DocumentList, *, width: int) -> tuple[list[Piece], list[Piece]]:
    """How many documents have each status, and which share is finished, for a bar of `width` cells."""
    gap = "   " if width >= _WIDE else "  "
    pieces = [Piece("Documents", "strong")]
    for status, (text, look) in STATUS_RUNS.items():
        glyph, word = text.split()
        count = documents.counts[status]
        pieces += [Piece(f"{gap}{glyph} {count}", look if count else "muted"), Piece(f" {word}", "muted")]
    if documents.returned:
        pieces += [Piece(f"{gap}{SENT_BACK} {len(documents.returned)}", "warn"), Piece(" sent back", "muted")]
    room = width - 4 - sum(cell_width(piece.text) for piece in pieces)
    return pieces, _share_finished(documents, room)


def _share_finished(documents: DocumentList, room: int) -> list[Piece]:
    total = len(documents.rows)
    is_ended = (Status.DONE, Status.SKIPPED)
    finished = sum(documents.counts[status] for status in is_ended)
    if documents.returned:
        finished -= sum(row.status in is_ended and row.id in documents.returned for row in documents.rows)
    share = f" {100 * finished // total if total else 0:3} %"
    cells = min(_SHARE_CELLS, room - len(share))
    runs = bar(finished, total, cells) if cells >= _SHARE_CELLS // 4 else []
    return [*(Piece(*run) for run in runs), Piece(share, "muted")]


def back(returned: Returned | None) -> list[Piece]:
    """Who sent a document back and why, behind its title; nothing if nobody did."""
    if returned is None:
        return []
    return [Piece(f"   {SENT_BACK} {returned.who}: ", "warn"), Piece(f"“{returned.comment}”")]


def shown(documents: DocumentList) -> tuple[list[Piece], list[Piece]]:
    """Filter, order and search, each to be clicked on, and how many documents they leave."""
    state = documents.state
    pieces = [
        *_setting("show", state.filter.value, "filter"),
        *_setting("sort", f"{state.order.value} {documents.arrow}", "sort"),
        *_setting("search", f"“{state.search}”" if state.search else "none", "search"),
    ]
    return pieces, [Piece(f"{len(documents)} shown", "muted")]


def _setting(name: str, value: str, action: str) -> list[Piece]:
    return [Piece(f"{name} ", "muted", action), Piece(value, "key", action), Piece("   ")]


def why_nothing(documents: DocumentList, keymap: Keymap) -> str:
    """Why no document is shown, and what to do about it."""
    if not documents.rows:
        return _NOTHING_IMPORTED
    state = documents.state
    is_filtered = state.filter is not Filter.ALL
    what = f"{state.filter.value} document" if is_filtered else "document"
    having = f" has “{state.search}” in its title" if state.search else " is there"
    ways = [f"{keymap.key('filter')} shows others"] if is_filtered else []
    ways += [f"{keymap.key('search')} searches for something else"] if state.search else []
    return f"No {what}{having}.\n\n{', '.join(ways)}."
