"""The actions that all screens with a document have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from annotator.editing.change import Change
from annotator.editing.editor import Editor
from annotator.tui.keys.action import DECIDE, EDGE, FILES, MOVE, SHOW, Action, Handler, action
from annotator.tui.screens.document import moves
from annotator.tui.screens.document.moves import CursorMove, HasPane
from annotator.tui.screens.document.openers import DocumentOpeners
from annotator.tui.screens.document.pane import DocumentPane

Verb = Callable[[Editor], Change]


class HasOpeners(Protocol):
    """A screen over which something can be opened."""

    @property
    def openers(self) -> DocumentOpeners:
        """What opens it."""


class SharedHandlers(Protocol):
    """The handlers that each screen with a document has as methods of its own."""

    def action_undo(self) -> None: ...
    def action_redo(self) -> None: ...
    def action_save_again(self) -> None: ...
    def action_previous_document(self) -> None: ...
    def action_next_document(self) -> None: ...


@dataclass(frozen=True, slots=True)
class InPane:
    """The handler of an action that the document's pane does."""

    do: Callable[[DocumentPane], object]

    def __call__(self, screen: HasPane) -> None:
        """Do it on a screen."""
        self.do(screen.pane)


def choose_version(screen: HasOpeners) -> None:
    """Ask which of several versions of the set on screen shall hold."""
    screen.openers.choose_version()


def show_documents(screen: HasOpeners) -> None:
    """Show all documents."""
    screen.openers.documents()


def grow_left(editor: Editor) -> Change:
    """Move the left edge out."""
    return editor.resize("left", "out")


def shrink_left(editor: Editor) -> Change:
    """Move the left edge in."""
    return editor.resize("left", "in")


def shrink_right(editor: Editor) -> Change:
    """Move the right edge in."""
    return editor.resize("right", "in")


def grow_right(editor: Editor) -> Change:
    """Move the right edge out."""
    return editor.resize("right", "out")


def history_actions(screen: type[SharedHandlers]) -> tuple[Action, ...]:
    """Undo and redo on a screen."""
    undo, redo = screen.action_undo, screen.action_redo
    return (
        action("undo", "u ctrl+z", "undo", "Take back the last step.", DECIDE, bar=2, handler=undo, decides=True),
        action("redo", "r ctrl+y", "redo", "Bring back what was undone.", DECIDE, handler=redo, decides=True),
    )  # fmt: skip


def edge_actions(edit: Callable[[Verb], Handler]) -> tuple[Action, ...]:
    """The actions on the edges of a span; `edit` gives the handler of a verb on a screen."""
    return (
        action(
            "left_out",
            "s",
            "left edge out",
            "Grow the span, or a selection, to the left.",
            EDGE,
            handler=edit(grow_left),
            decides=True,
        ),
        action(
            "left_in",
            "d",
            "left edge in",
            "Shrink it from the left.",
            EDGE,
            handler=edit(shrink_left),
            decides=True,
        ),
        action(
            "right_in",
            "k shift+left",
            "right edge in",
            "Shrink it from the right.",
            EDGE,
            handler=edit(shrink_right),
            decides=True,
        ),
        action(
            "right_out",
            "l shift+right",
            "right edge out",
            "Grow it to the right.",
            EDGE,
            handler=edit(grow_right),
            decides=True,
        ),
        action(
            "select_word",
            "asterisk",
            "select word",
            "Select the word, also inside a span; a label then adds a span of its own in a nested label set.",
            EDGE,
            handler=edit(Editor.select_word),
        ),
        action(
            "by_character",
            "e",
            "by character",
            "Move edges by character, or by token again.",
            EDGE,
            handler=edit(Editor.toggle_characters),
        ),
    )


JUMP = action(
    "jump",
    "f",
    "jump",
    "Jump by hint letters; a capital stretches the focus to there.",
    MOVE,
    bar=2,
    handler=InPane(DocumentPane.begin_jump),
)

MOVES: tuple[Action, ...] = (
    action("back", "b", "back", "Go back to what was decided last.", MOVE, handler=CursorMove(moves.back)),
    action(
        "next_here",
        "w",
        "next here",
        "Focus the next span at this place.",
        MOVE,
        handler=CursorMove(moves.next_here),
    ),
    action("left", "left", "left", "Go a token to the left.", MOVE, handler=InPane(DocumentPane.left)),
    action("right", "right", "right", "Go a token to the right.", MOVE, handler=InPane(DocumentPane.right)),
    action("up", "up", "up", "Go a row up.", MOVE, handler=InPane(DocumentPane.up)),
    action("down", "down", "down", "Go a row down.", MOVE, handler=InPane(DocumentPane.down)),
    action(
        "previous_paragraph",
        "shift+up",
        "paragraph up",
        "Go to the paragraph before.",
        MOVE,
        handler=CursorMove(moves.previous_paragraph),
    ),
    action(
        "next_paragraph",
        "shift+down",
        "paragraph down",
        "Go to the next paragraph.",
        MOVE,
        handler=CursorMove(moves.next_paragraph),
    ),
    action(
        "previous_sentence",
        "comma",
        "sentence back",
        "Go to the sentence before.",
        MOVE,
        handler=CursorMove(moves.previous_sentence),
    ),
    action(
        "next_sentence",
        "semicolon",
        "sentence on",
        "Go to the next sentence.",
        MOVE,
        handler=CursorMove(moves.next_sentence),
    ),
    action(
        "page_up",
        "pageup",
        "page up",
        "Scroll a page up; the cursor stays.",
        MOVE,
        handler=InPane(DocumentPane.page_up),
    ),
    action(
        "page_down",
        "pagedown",
        "page down",
        "Scroll a page down; the cursor stays.",
        MOVE,
        handler=InPane(DocumentPane.page_down),
    ),
    action(
        "first",
        "home",
        "beginning",
        "Go to the beginning of the text.",
        MOVE,
        handler=CursorMove(moves.first),
    ),
    action("last", "end", "end", "Go to the end of the text.", MOVE, handler=CursorMove(moves.last)),
    action(
        "search",
        "slash ctrl+f",
        "search",
        "Search the text.",
        MOVE,
        handler=InPane(DocumentPane.begin_search),
    ),
)

TOGGLE_MODE = action(
    "toggle_mode",
    "v",
    "labels below",
    "Show labels in a row of their own, or as keys.",
    SHOW,
    handler=InPane(DocumentPane.toggle_mode),
)


def neighbour_actions(screen: type[SharedHandlers]) -> tuple[Action, ...]:
    """The ways from one document to another on a screen."""
    return (
        action(
            "previous_document",
            "less_than_sign",
            "document before",
            "Open the document before.",
            FILES,
            handler=screen.action_previous_document,
        ),
        action(
            "next_document",
            "greater_than_sign",
            "next document",
            "Open the document after.",
            FILES,
            handler=screen.action_next_document,
        ),
        action("documents", "o", "documents", "Show all documents.", FILES, bar=4, handler=show_documents),
    )


def save_again_action(screen: type[SharedHandlers]) -> Action:
    """The action that tries to save at once."""
    return action(
        "save_again",
        "",
        "save again",
        "Try at once to save what could not be saved.",
        FILES,
        handler=screen.action_save_again,
    )
