"""The label picker: type a part of a label's name, and Enter."""

from __future__ import annotations

from rich.style import Style
from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static

from annotator.cells.fitting import cell_width, filled, fitted
from annotator.editing.search import FoldedText, folded
from annotator.model.labels import Label, LabelSet
from annotator.tui.keys.action import Action
from annotator.tui.screens.dialogs.dialog import Dialog
from annotator.tui.widgets.bar import Bar, Piece
from annotator.tui.widgets.line_list import LineList, Row

_KEYS = (Action("close", ("escape",), "close", "Pick none.", handler=Dialog.action_close),)
_MOST_ROWS = 9
IN_DESCRIPTIONS = "/"
"""What is typed before words that are sought in the descriptions."""
_WIDEST_NAME = 24


def ranked(label_set: LabelSet, query: str) -> list[Label]:
    """The labels whose name `query` fits, best first: one that begins with it, one that has it, one with its letters
    in this order. Case and accents make no difference. Behind a `/`, those whose description has the words.
    """
    query = query.strip()
    if query.startswith(IN_DESCRIPTIONS):
        words = folded(query.removeprefix(IN_DESCRIPTIONS).strip())
        return [label for label in label_set.by_name.values() if words in folded(label.description)]
    sought = folded(query)
    found = [
        (rank, label) for label in label_set.by_name.values() if (rank := _rank(label, sought)) is not None
    ]
    return [label for _, label in sorted(found, key=lambda pair: pair[0])]


def _rank(label: Label, sought: str) -> int | None:
    name = folded(label.name)
    if name.startswith(sought):
        return 0
    if sought in name:
        return 1
    letters = iter(name)
    return 2 if all(letter in letters for letter in sought) else None


class LabelPicker(Dialog[str]):
    """Asks for a label of `label_set`: dismissed with its name, or None. `last` is what Enter alone gives.

    What was found by its description is not given at once: Enter writes its name, and Enter again gives it.
    """

    AUTO_FOCUS = "Input"
    DEFAULT_CSS = """
    LabelPicker {
        align: center bottom;
        background: $background 0%;
        #box { width: 80; margin-bottom: 3; }
        #asked { height: 1; padding: 0 1; }
        #asked Static { width: auto; color: $text-accent; text-style: bold; }
        #asked Input { width: 1fr; height: 1; border: none; padding: 0 1; background: $surface; }
        #labels { background: $surface; padding-left: 1; }
        #labels > .line-list--cursor { background: $block-cursor-background; }
        #labels:nocolor > .line-list--cursor { text-style: reverse; }
        #labels:ansi > .line-list--cursor { text-style: reverse; }
    }
    """

    def __init__(self, label_set: LabelSet, last: str | None) -> None:
        super().__init__(_KEYS)
        self._label_set = label_set
        self._last = last
        self._found = ranked(label_set, "")
        self._name_cells = min(_WIDEST_NAME, max(cell_width(name) for name in label_set.by_name))

    def compose(self) -> ComposeResult:
        """What is typed, the labels that it fits, and an example."""
        with Vertical(id="box"):
            with Horizontal(id="asked"):
                yield Static("label", markup=False)
                yield Input(compact=True, select_on_focus=False)
            yield LineList(self._draw_row, id="labels")
            yield Bar(id="example")

    @property
    def _lines(self) -> LineList:
        return self.query_one(LineList)

    def on_mount(self) -> None:
        """Show all labels, the last one given being pointed at."""
        self._lines.can_focus = False
        self._show()

    def on_resize(self, event: events.Resize) -> None:
        """Keep the number of rows, so that nothing jumps while typing."""
        rows = max(1, min(_MOST_ROWS, len(self._label_set.labels), event.size.height // 2 - 4))
        self._lines.styles.height = rows
        self.query_one("#box").styles.width = min(80, event.size.width)
        self.call_after_refresh(self._say_example)

    def _show(self) -> None:
        names = [label.name for label in self._found]
        cursor = names.index(self._last) if self._last in names and not self._typed else 0
        self._lines.show(len(names), cursor)
        self._say_example()

    @property
    def _typed(self) -> str:
        return self.query_one(Input).value.strip()

    @property
    def _is_in_descriptions(self) -> bool:
        return self._typed.startswith(IN_DESCRIPTIONS)

    def _draw_row(self, index: int, width: int, is_cursor: bool) -> Row:
        look = self._lines.look
        label = self._found[index]
        runs = [("▸ " if is_cursor else "  ", look("key")), (f"{label.key or '·'}  ", look("key"))]
        name = filled(label.name, self._name_cells)
        end = 0
        for start, stop in FoldedText(name).find_all(self._typed):
            runs += [
                (name[end:start], look(label.colour)),
                (name[start:stop], look(label.colour) + Style(bold=True, underline=True)),
            ]
            end = stop
        runs.append((name[end:], look(label.colour)))
        room = width - self._name_cells - 8
        return [*runs, ("  ", look("plain")), (fitted(label.description, max(0, room)), look("muted"))]

    def _say_example(self) -> None:
        bar = self.query_one("#example", Bar)
        if not self._found:
            bar.put([Piece("No label has these letters. A / before them searches descriptions.", "warn")])
            return
        label = self._found[self._lines.cursor]
        does = " takes the name " if self._is_in_descriptions else " gives "
        gives = [Piece("⏎", "key"), Piece(does, "muted"), Piece(label.name, label.colour)]
        room = bar.size.width - sum(cell_width(piece.text) for piece in gives) - 2
        bar.put([Piece(_examples(label, room), "muted")], gives)

    @on(Input.Changed)
    def _on_typed(self) -> None:
        self._found = ranked(self._label_set, self._typed)
        self._show()

    @on(Input.Submitted)
    def _on_submitted(self) -> None:
        self._lines.choose()

    @on(LineList.Highlighted)
    def _on_highlighted(self) -> None:
        self._say_example()

    @on(LineList.Chosen)
    def _on_chosen(self) -> None:
        if not self._found:
            return
        name = self._found[self._lines.cursor].name
        if not self._is_in_descriptions:
            self.dismiss(name)
            return
        typed = self.query_one(Input)
        typed.value = name
        typed.cursor_position = len(name)

    def on_input_key(self, event: events.Key) -> None:
        """Up and down walk through the labels, Esc leaves."""
        match event.key:
            case "up":
                self._lines.move(-1)
            case "down":
                self._lines.move(1)
            case "pageup":
                self._lines.page(-1)
            case "pagedown":
                self._lines.page(1)
            case "escape":
                self.action_close()


def _examples(label: Label, cells: int) -> str:
    """As many of the label's examples as there is room for."""
    said = ""
    for count in range(1, len(label.examples) + 1):
        longer = f"such as {', '.join(label.examples[:count])}"
        if cell_width(longer) > cells:
            break
        said = longer
    return said
