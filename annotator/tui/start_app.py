"""The application of the start page, before there is a store."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual.app import App
from textual.theme import Theme

from annotator.settings import Settings
from annotator.store.recent_stores import recent_stores
from annotator.tui.base_app import keymap
from annotator.tui.screens.start.actions import START
from annotator.tui.screens.start.choice import Choice
from annotator.tui.screens.start.paths import texts_in
from annotator.tui.screens.start.screen import StartScreen
from annotator.tui.themes import THEMES, hue_variables


class StartApp(App[Choice]):
    """Asks how to begin; exits with the choice, or None."""

    TITLE = "annotator"
    ENABLE_COMMAND_PALETTE: ClassVar[bool] = False

    def __init__(self, settings: Settings, *, store: Path) -> None:
        self._settings = settings
        self._store = store
        super().__init__()
        for theme in THEMES:
            self.register_theme(theme)
        if settings.theme in self.available_themes:
            self.theme = settings.theme

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Every theme has the hues of labels."""
        return hue_variables(self.current_theme)

    def get_theme(self, theme_name: str) -> Theme | None:
        """A theme by its name; the house's own even before they can be registered."""
        return super().get_theme(theme_name) or next((own for own in THEMES if own.name == theme_name), None)

    def on_mount(self) -> None:
        """Show the page."""
        screen = StartScreen(
            keymap(self._settings, START), store=self._store, recent=recent_stores(), texts=texts_in(".")[0]
        )
        self.push_screen(screen, self.exit)


def ask(settings: Settings, *, store: Path) -> Choice | None:
    """Show the start page on the terminal; how to begin, or None if the person leaves."""
    return StartApp(settings, store=store).run()
