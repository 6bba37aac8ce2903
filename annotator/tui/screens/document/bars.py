"""What the bars of a screen with a document say, as pieces; pure but for the clock's zone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from annotator.cells.fitting import cell_width, filled, fitted, fitted_inside
from annotator.editing.editor import Editor
from annotator.editing.extents import crosses_blank_line, crosses_line
from annotator.editing.marks import Mark, State
from annotator.errors import ConflictError
from annotator.model.counting import counted
from annotator.model.decisions import By, Status, Verb, local_time
from annotator.model.labels import LabelSet
from annotator.model.spans import Level, Suggestion
from annotator.tui.widgets.bar import SENT_BACK, Piece, pieces_width, spaced
from annotator.workspace import SaveState
from annotator.workspace.learning.learning import LabelChoice
from annotator.workspace.saving import QueuePosition

DOT = Piece(" · ", "muted")
_SAVING_CELLS = 16
"""What is kept free on the status line for whether all is saved."""
_STATUS_LOOK = {Status.DONE: ("✓ done", "good"), Status.SKIPPED: ("– skipped", "warn")}
_HOW = {
    By.KEY: "by",
    By.BULK: "in bulk by",
    By.DOCUMENT: "with the document by",
    By.IMPORT: "imported by",
    By.AGREEMENT: "as all agree by",
}
_DONE = {
    Verb.ACCEPT: "accepted",
    Verb.RELABEL: "relabelled",
    Verb.RESIZE: "resized",
    Verb.ADD: "added",
    Verb.DOUBT: "doubted",
    Verb.NOTE: "noted",
}


def header(
    title: str,
    position: QueuePosition,
    annotator: str,
    label_set: str,
    status: Status,
    *,
    width: int,
    is_sent_back: bool = False,
) -> list[Piece]:
    """Title, position in the queue and its order, annotator, label set, status, within `width` cells.

    The title gives way first, down to sixteen cells, and then the order.
    """
    number = f"{position.number} of {position.total}"
    rest = [annotator, label_set]
    choices = [[f"document {number}", position.order], [f"doc {number}", position.order], [f"doc {number}"]]
    fitting = (
        [*choice, *rest]
        for choice in choices
        if sum(map(cell_width, [*choice, *rest])) + 3 * len([*choice, *rest]) + 16 <= width
    )
    details = next(fitting, [number, *rest])
    pieces = spaced((Piece(detail, "muted") for detail in details), DOT)
    if is_sent_back:
        pieces += [Piece("  "), Piece(f"{SENT_BACK} sent back", "warn", "why")]
    elif status in _STATUS_LOOK:
        pieces += [Piece("  "), Piece(*_STATUS_LOOK[status])]
    room = width - pieces_width(pieces) - 2
    return [Piece(fitted(title, max(16, room)), "strong"), Piece("  "), *pieces]


def with_message(
    standing: Sequence[Piece], message: str, saving: Sequence[Piece], *, width: int
) -> tuple[list[Piece], list[Piece]]:
    """The left and the right of a status line of `width` cells on which a message has the room that it needs.

    Beside it stands so much of what the cursor stands on as there is room for, in whole pieces.
    """
    room = width - pieces_width(saving)
    text = fitted(message, room - 3)
    left: list[Piece] = []
    for piece in standing:
        if pieces_width([*left, piece]) > room - cell_width(text) - 6:
            break
        left.append(piece)
    while left and not left[-1].text.strip(" ·"):
        left.pop()
    return left, [Piece(text, "strong"), Piece("   "), *saving]


def standing(editor: Editor, *, width: int, choice: LabelChoice | None = None) -> list[Piece]:
    """What the cursor stands on: text, label, source, score and number, each at a fixed place.

    `width` is half the line; `choice` says how memory chose the label of the suggestion in focus, if it did.
    """
    if editor.cursor.selection:
        said = f"  selected · {_how_to_add(editor, *editor.cursor.selection)}"
        room = max(width // 3, 2 * width - cell_width(said) - _SAVING_CELLS)
        text = fitted_inside(editor.text(*editor.cursor.selection), room)
        return [Piece(text, "strong"), Piece(said, "muted")]
    focus = editor.focus
    if focus is None:
        return _plain_text(editor, width=width)
    name_width = max(14, min(28, width // 3))
    label = editor.label_set.by_name.get(focus.label)
    pieces = [
        Piece(filled(editor.text(focus.start, focus.end), name_width), "strong"),
        Piece("  "),
        Piece(filled(focus.label, 12), label.colour if label else "warn"),
        Piece(" "),
        *(
            _suggested(focus, choice, is_short=width < 50)
            if focus.state is State.UNDECIDED
            else _decided(editor, focus)
        ),
        DOT,
        Piece(f"{editor.suggestion_state.number(focus)} of {editor.suggestion_state.total}", "muted"),
        *(_added(editor, focus)),
    ]
    here = editor.navigation.here
    if len(here) > 1:
        number = 1 + next((index for index, mark in enumerate(here) if mark == focus), 0)
        pieces += [DOT, Piece(f"{number} of {len(here)} here", "warn")]
    if editor.cursor.by_character:
        pieces += [DOT, Piece("by character", "warn")]
    return pieces


def _how_to_add(editor: Editor, start: int, end: int) -> str:
    """What makes a span of the selection."""
    text = editor.document.text
    if crosses_blank_line(text, start, end):
        return "crosses a blank line: no label adds it"
    if crosses_line(text, start, end):
        return "crosses a line break: a label's key adds it when pressed twice"
    return "a label's key adds it"


def _plain_text(editor: Editor, *, width: int) -> list[Piece]:
    rejected = editor.navigation.rejected_here()
    said = f"rejected {rejected.label}" if rejected else "not marked"
    place = editor.addition()
    if place is None:
        return [Piece(said, "muted")]
    text = fitted_inside(editor.text(*place), max(12, width - cell_width(said) - 17))
    return [Piece(said, "muted"), DOT, Piece("label adds ", "muted"), Piece(f"“{text}”", "strong")]


def _suggested(mark: Mark, choice: LabelChoice | None, *, is_short: bool) -> list[Piece]:
    suggestion = mark.suggestion
    if suggestion is None:
        return []
    if choice is None:
        said = f"{suggestion.source}{_score(suggestion)}"
    else:
        proposed = choice.proposed
        decisions = f", from {counted(choice.decisions, 'decision')}"
        by = decisions if choice.decisions and not is_short else ""
        said = f"memory{by} ({proposed.source}: {proposed.label}{_score(proposed)})"
    pieces = [Piece(said, "muted")]
    if suggestion.level is Level.LOW:
        pieces += [Piece(" "), Piece("doubtful", "warn")]
    return pieces


def _score(suggestion: Suggestion) -> str:
    return "" if suggestion.score is None else f" {suggestion.score:.2f}".replace(" 0.", " .")


def _decided(editor: Editor, mark: Mark) -> list[Piece]:
    decided = mark.decided
    if decided is None:
        return []
    decision = decided.decision
    who = "you" if decision.who == editor.annotation_set.annotator else decision.who
    when = local_time(decision.when)
    shown = (
        when.strftime("%H:%M")
        if when.date() == datetime.now().astimezone().date()
        else when.strftime("%d %b")
    )
    done = "" if decision.by is By.IMPORT else f"{_DONE.get(decision.verb, decision.verb)} "
    return [Piece(f"{done}{_HOW[decision.by]} {who} {shown}", "good")]


def _added(editor: Editor, mark: Mark) -> list[Piece]:
    """What a person added to a span, and whether it is off the tokens."""
    span = mark.decided.span if mark.decided is not None else mark.remark
    if span is None:
        return []
    pieces = [DOT, Piece("undecided", "warn")] if mark.decided is None else []
    if span.doubt:
        pieces += [DOT, Piece("doubt", "warn")]
    if mark.decided is not None and not editor.tokens.is_aligned(mark.start, mark.end):
        pieces += [DOT, Piece("off the tokens", "warn")]
    if span.note:
        pieces += [DOT, Piece(f"“{fitted(span.note, 24)}”", "muted")]
    return pieces


def saving(state: SaveState, revision: int) -> list[Piece]:
    """Whether all `revision` decisions are saved."""
    behind = revision - state.acknowledged
    if isinstance(state.error, ConflictError):
        return [Piece(" TWO VERSIONS: choose one ", "bad", "choose_version")]
    if state.error is not None:
        reason = fitted(state.error.reason, 32)
        return [Piece(f" NOT SAVED: {reason}, {behind} kept, retrying ", "bad", "save_again")]
    if behind > 0:
        return [Piece(f"saved {state.acknowledged} of {revision}", "warn")]
    return [Piece("saved" if revision else "", "good")]


def label_bar(label_set: LabelSet, *, width: int, rows: int, more: str) -> list[list[Piece]]:
    """The labels with their keys, in at most `rows` rows; the last row ends with `more` if some do not fit."""
    pieces = [
        [Piece(label.key or "·", "key", f"label:{name}"), Piece(f" {name}", label.colour, f"label:{name}")]
        for name, label in label_set.by_name.items()
    ]
    found: list[list[Piece]] = [[]]
    used = 0
    for index, (key, name) in enumerate(pieces):
        cells = cell_width(key.text + name.text)
        is_last_row = len(found) == rows
        room = width - (cell_width(more) + 2 if is_last_row and index < len(pieces) - 1 else 0)
        if used and used + 2 + cells > room:
            if is_last_row:
                found[-1] += [Piece("  "), Piece(more, "muted", "pick_label")]
                return found
            found.append([])
            used = 0
        if used:
            found[-1].append(Piece("  "))
            used += 2
        found[-1] += [key, name]
        used += cells
    return found
