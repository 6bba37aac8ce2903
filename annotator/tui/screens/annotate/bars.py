"""What the bars of the annotate screen say beside what all screens with a document say, as pieces; pure."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from annotator.cells.fitting import cell_width, fitted
from annotator.editing.editor import Editor
from annotator.model.decisions import Status
from annotator.tui.screens.document.bars import DOT
from annotator.tui.widgets.bar import SENT_BACK, Piece, pieces_width
from annotator.workspace import ServiceKind, ServiceState

if TYPE_CHECKING:
    from annotator.model.assignments import Returned
    from annotator.model.decisions import Comment


class Coming(enum.Enum):
    """What is known of a document's suggestions."""

    COMING = "suggestions coming"
    THERE = ""
    NONE = "none found"
    NO_MODEL = "no model"
    FAILED = "no suggestions: the pipeline failed"
    GIVEN_UP = "no suggestions: the pipeline cannot read this"
    BLIND = "BLIND"


def progress(
    editor: Editor, coming: Coming, space: str, *, is_short: bool, is_sent_back: bool = False
) -> list[Piece]:
    """How much is decided, and beforehand what finishing would accept."""
    if editor.status is Status.DONE:
        spans = Piece(f"{len(editor.annotation_set.spans)} spans", "muted")
        return [spans, DOT, Piece(f"{space} reopens", "muted", "finish")] if is_sent_back else [spans]
    decided, total = editor.suggestion_state.decided, editor.suggestion_state.total
    pieces = [Piece(f"{decided}/{total}" if is_short else f"{decided} of {total} decided")]
    taken, doubtful = editor.finishing()
    pieces.append(DOT)
    if coming is not Coming.THERE and not taken:
        pieces.append(Piece(coming.value, "muted" if coming is Coming.NONE else "warn"))
        return pieces
    pieces.append(Piece(f"{space} accepts {taken}" if taken else f"{space} finishes", "muted", "finish"))
    if doubtful:
        pieces += [Piece(", ", "muted"), Piece(f"{doubtful} doubtful", "warn")]
    return pieces


def coming_of(state: ServiceState, document_id: str) -> Coming:
    """What the pipeline's state means for a document that has no suggestions yet."""
    if document_id in state.given_up:
        return Coming.GIVEN_UP
    match state.kind:
        case ServiceKind.NO_MODEL:
            return Coming.NO_MODEL
        case ServiceKind.FAILED:
            return Coming.FAILED
    return Coming.COMING


def notice(returned: Returned) -> list[Piece]:
    """Who sent the document back, and why."""
    return [
        Piece(f"{SENT_BACK} sent back by {returned.who}: ", "warn"),
        Piece(f"“{returned.comment}”", "strong"),
    ]


def comment(said: Comment, key: str, *, room: int) -> list[Piece]:
    """What a reviewer said, cut to `room` cells, behind the key that shows it whole."""
    return [
        Piece(f"{key}: ", "muted"),
        Piece(fitted(f"“{said.text}”", room - cell_width(key) - 2), "warn", "why"),
    ]


def correction(summary: str, count: int, key: str, *, below: int, room: int) -> list[Piece]:
    """The last correction and how many other mentions it fits; `below` of them begin behind the screen.

    Where `room` cells are too few, what the correction was goes first, and then where the mentions are.
    """
    hidden = f" ({below} below)" if below else ""
    ask = Piece(f"{key}: ", "muted")
    short, long = (Piece(f"{count} more{where}", "key", "correct_others") for where in ("", hidden))
    for pieces in ([Piece(summary, "strong"), DOT, ask, long], [ask, long]):
        if pieces_width(pieces) <= room:
            return pieces
    return [ask, short]
