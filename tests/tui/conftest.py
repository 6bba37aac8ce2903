"""What the tests of screens share: an app with the house's themes that shows one screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from textual import events
from textual.app import App
from textual.binding import Binding
from textual.screen import Screen

from annotator.tui.keys.palette import ActionCommands
from annotator.tui.themes import THEMES, hue_variables


class Stage(App[None]):
    """Shows `shown`, keeps what it is dismissed with in `results`, and counts keys that fell through to it."""

    COMMANDS = {ActionCommands}
    BINDINGS = [Binding(key, "fall", key) for key in ("x", "q", "escape", "enter", "tab", "1", "Q")]

    def __init__(self, shown: Screen[Any], theme: str) -> None:
        super().__init__()
        for each in THEMES:
            self.register_theme(each)
        self.theme = theme
        self.shown = shown
        self.results: list[Any] = []
        self.fallen = 0

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return hue_variables(self.current_theme)

    def on_mount(self) -> None:
        self.push_screen(self.shown, self.results.append)

    def action_fall(self) -> None:
        self.fallen += 1

    def type(self, keys: str) -> None:
        """Send keys, given by their names between blanks, as fast as a terminal may."""
        for key in keys.split():
            self.post_message(events.Key(key, " " if key == "space" else key if len(key) == 1 else None))

    def lines(self) -> list[str]:
        """What is on the terminal, a string a row."""
        return ["".join(segment.text for segment in row) for row in self.screen._compositor.render_strips()]


@pytest.fixture
def stage() -> Callable[..., Stage]:
    """Makes an app that shows a screen."""

    def make(shown: Screen[Any], theme: str = "annotator-dark") -> Stage:
        return Stage(shown, theme)

    return make
