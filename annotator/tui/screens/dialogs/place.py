"""Asking for a file: one line to type its path in."""

from __future__ import annotations

from pathlib import Path

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static

from annotator.tui.keys.action import Action
from annotator.tui.keys.footer import footer
from annotator.tui.screens.dialogs.dialog import Dialog
from annotator.tui.widgets.bar import Bar, Piece

_WIDEST = 76


class PlaceDialog(Dialog[Path]):
    """Asks for the path of a file that is not there yet: dismissed with it, or None. `proposed` stands there first."""

    AUTO_FOCUS = "Input"
    DEFAULT_CSS = """
    PlaceDialog {
        #asked { height: 3; padding: 1 1; }
        #asked Static { width: auto; color: $text-accent; text-style: bold; }
        #asked Input { width: 1fr; height: 1; border: none; padding: 0 1; background: $panel; }
    }
    """

    def __init__(self, title: str, proposed: Path, *, aside: str = "") -> None:
        super().__init__(_KEYS)
        self._heading = title
        self._aside = aside
        self._proposed = str(proposed)

    def compose(self) -> ComposeResult:
        """The box."""
        with Vertical(id="box"):
            yield Bar(id="title")
            with Horizontal(id="asked"):
                yield Static("file ", markup=False)
                yield Input(self._proposed, compact=True, select_on_focus=False)
            yield Bar(id="keys")

    def on_mount(self) -> None:
        """Say what it is for."""
        self.query_one("#title", Bar).put([Piece(self._heading, "strong")], [Piece(self._aside, "muted")])
        self.query_one("#keys", Bar).put(footer(self.keymap))

    def on_resize(self, event: events.Resize) -> None:
        """Fit this terminal."""
        self.query_one("#box").styles.width = min(_WIDEST, event.size.width)

    def on_input_key(self, event: events.Key) -> None:
        """Esc leaves."""
        if event.key == "escape":
            self.action_close()

    @on(Input.Submitted)
    def action_save(self) -> None:
        """Answer with the path; an empty line is none."""
        if typed := self.query_one(Input).value.strip():
            self.dismiss(Path(typed).expanduser().absolute())


_KEYS = (
    Action("save", ("enter",), "save there", "Save to this file.", bar=True, handler=PlaceDialog.action_save),
    Action("close", ("escape",), "back", "Save nothing.", bar=True, handler=Dialog.action_close),
)
