"""What every full-screen program of the house does: themes, dialogs, and quitting only when all is saved."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import PurePath
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import App
from textual.theme import Theme
from textual.widget import Widget

from annotator.errors import SettingsError
from annotator.settings import Settings, settings_path
from annotator.tui.keys.action import Action
from annotator.tui.keys.keyed_screen import KeyedScreen
from annotator.tui.keys.keymap import Keymap, check_changes, clash_message
from annotator.tui.keys.palette import ActionCommands
from annotator.tui.notices import is_first_showing
from annotator.tui.screens.document.messages import Failed
from annotator.tui.signals import on_ending_signal
from annotator.tui.themes import THEMES, hue_variables
from annotator.workspace.saving import SavingWorkspace

if TYPE_CHECKING:
    from annotator.tui.screens.annotate.screen import AnnotateScreen
    from annotator.tui.screens.dialogs import HelpSection
    from annotator.tui.screens.review.screen import ReviewScreen

_YIELDING = 0.0005
"""Seconds for which saving a large set may keep the interface's thread waiting."""

_OBJECTS_BETWEEN_COLLECTIONS = 10_000
"""Looking through that many takes less than a frame."""

_TWICE_WITHIN = 3.0
"""Seconds within which ctrl+c pressed twice quits."""


class BaseApp(App[None]):
    """One workspace on the terminal, its documents on one screen; a subclass gives that screen.

    Dialogs are imported when first wanted: the text shall be there before them.
    """

    TITLE = "annotator"
    # Textual reads a screen's own style sheet when the screen is pushed, which the first one never is.
    CSS_PATH: ClassVar[list[str | PurePath]] = ["screens/document/document.tcss"]
    COMMANDS = {ActionCommands}

    def __init__(self, workspace: SavingWorkspace) -> None:
        self._workspace = workspace
        self._is_quitting = False
        self._interrupted_at = -_TWICE_WITHIN
        self._clash_message = ""
        self.gives_up = False
        """True once the person has quit without what could not be saved."""
        settings = workspace.settings
        if settings.keys:
            from annotator.tui.all_actions import EVERYWHERE

            check_changes(settings.keys, EVERYWHERE)
            keymaps = [keymap(settings, actions) for actions in self.action_tables()]
            self._clash_message = clash_message(keymaps)
        # Before Textual asks for the colours: a theme set later has it read all style sheets twice.
        self.set_reactive(App.theme, settings.theme)
        super().__init__()
        for theme in THEMES:
            self.register_theme(theme)
        if settings.theme not in self.available_themes:
            raise SettingsError(
                f"there is no theme {settings.theme}",
                hint=f"the themes are {', '.join(sorted(self.available_themes))}",
            )

    def action_tables(self) -> Iterable[Iterable[Action]]:
        """The actions of the screens that this program has, a table a screen."""
        raise NotImplementedError

    @property
    def document_screen(self) -> AnnotateScreen | ReviewScreen:
        """The screen with the documents."""
        raise NotImplementedError

    def get_theme(self, theme_name: str) -> Theme | None:
        """A theme by its name; the house's own even before they can be registered."""
        own = (theme for theme in THEMES if theme.name == theme_name)
        return super().get_theme(theme_name) or next(own, None)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Every theme has the hues of labels."""
        return hue_variables(self.current_theme)

    def on_mount(self) -> None:
        """Save and restore the terminal when the system ends the program.

        Once painted, look for garbage again, though seldom, and never among what start-up has made.
        """
        if not self.is_headless:
            on_ending_signal(self._end_by_signal)
        self.call_after_refresh(self._collect_garbage)

        if self._clash_message and is_first_showing(self._clash_message):
            self.notify(self._clash_message, title="Keys", markup=False)

    def _collect_garbage(self) -> None:
        gc.freeze()
        gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS, 100, 100)
        gc.enable()

    # What a screen asks for

    @on(Failed)
    def _on_failed(self, message: Failed) -> None:
        from annotator.tui.screens.dialogs import error_dialog

        self.push_screen(error_dialog(message.error, title=message.title))

    @on(KeyedScreen.HelpAsked)
    def _on_help_asked(self, message: KeyedScreen.HelpAsked) -> None:
        from annotator.tui.screens.dialogs import HelpDialog

        is_document_screen = message.keymap is self.document_screen.keymap
        self.push_screen(
            HelpDialog(
                "Keys",
                message.keymap,
                settings=settings_path(),
                label_set=self._workspace.label_set if is_document_screen else None,
                sections=self.help_sections() if is_document_screen else (),
            )
        )

    @on(KeyedScreen.LeaveAsked)
    def _on_leave_asked(self) -> None:
        from annotator.tui.screens.dialogs import leave_dialog

        def answer(choice: str | None) -> None:
            if choice is not None:
                self.call_later(self.action_quit)

        if not self.screen.is_modal:  # a key held down asks once
            self.push_screen(leave_dialog(), answer)

    def help_sections(self) -> Sequence[HelpSection]:
        """What the help of the screen with the documents says besides actions and labels."""
        return ()

    # Quitting

    def action_help_quit(self) -> None:
        """Ctrl+c: say how to leave; leave, all saved, when it is pressed again."""
        now = monotonic()
        if now - self._interrupted_at < _TWICE_WITHIN:
            self.call_later(self.action_quit)
        else:
            self._interrupted_at = now
            self.notify("Press ctrl+c again to quit; everything is saved first.", timeout=_TWICE_WITHIN)

    async def action_quit(self) -> None:
        """Leave when all is saved, or when the person gives the rest up."""
        if not self._is_quitting:
            self._is_quitting = True
            self._call_behind_keys(self._quit)

    def _call_behind_keys(self, callback: Callable[[], object]) -> None:
        """Call something once the keys pressed before were acted on: they go from what has the focus to its screen."""
        stations: list[Widget] = [self.focused] if self.focused is not None else []
        stations += [node for node in (stations[0].ancestors if stations else ()) if isinstance(node, Widget)]
        for station in reversed(stations or [self.document_screen]):
            callback = partial(station.call_later, callback)
        callback()

    @work(exclusive=True, group="signal")
    async def _end_by_signal(self, number: int) -> None:
        """Leave at once, all saved, with the exit code that a shell gives to a program that the signal ends."""
        from annotator.tui.openers.quit import departure_by_signal

        self.document_screen.leave()
        found = await departure_by_signal(self._workspace)
        self.gives_up = found.gives_up
        self.exit(return_code=128 + number, message=found.message or None)

    @work
    async def _quit(self) -> None:
        from annotator.tui.openers.quit import departure

        self.document_screen.leave()
        found = await departure(self, self._workspace)
        self._is_quitting = found is not None
        if found is not None:
            self.gives_up = found.gives_up
            self.exit(return_code=int(found.gives_up), message=found.message or None)


def keymap(settings: Settings, actions: Iterable[Action]) -> Keymap:
    """The keymap of a screen, with what the settings change."""
    return Keymap(actions, settings.keys, keyboard=settings.keyboard)


def show(workspace: SavingWorkspace, make: Callable[[], BaseApp]) -> int:
    """Show an app on the terminal until the person quits, and close its workspace; 1 if something was left unsaved."""
    sys.setswitchinterval(_YIELDING)
    app: BaseApp | None = None
    try:
        app = make()
        with _own_reading_order():
            app.run()
    finally:
        # Whatever ended the screen, an error as well: what was decided is saved, unless the person gave it up.
        workspace.close(wait=app is None or not app.gives_up)
    return app.return_code or 0


@contextmanager
def _own_reading_order() -> Iterator[None]:
    """Ask terminals that turn right-to-left text round by themselves to leave it as we draw it (ECMA-48, BDSM)."""
    sys.stderr.write("\x1b[8l")
    sys.stderr.flush()
    try:
        yield
    finally:
        sys.stderr.write("\x1b[8h")
        sys.stderr.flush()
