"""The application that annotates: one workspace on the terminal, and what opens over it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from textual import on
from textual.screen import Screen

from annotator.settings import Settings
from annotator.tui.base_app import BaseApp, keymap, show
from annotator.tui.screens.annotate.screen import AnnotateScreen
from annotator.tui.screens.document_actions import ANNOTATE
from annotator.workspace import Workspace

if TYPE_CHECKING:
    from annotator.tui.openers.openers import Desks

Begin = Callable[["Desks"], None]
"""Opens what a program begins with."""


class AnnotatorApp(BaseApp):
    """One workspace on the terminal, from the document `first` on; `begin` opens something over it at once."""

    _workspace: Workspace

    def __init__(self, workspace: Workspace, *, first: str, begin: Begin | None = None) -> None:
        self._first = first
        self._begin = begin
        super().__init__(workspace)
        self._annotate_keys = keymap(workspace.settings, ANNOTATE)
        if workspace.settings.keys:
            _check_keys(workspace.settings)

    @property
    def desk(self) -> AnnotateScreen:
        """The annotate screen."""
        return self._annotate

    @cached_property
    def desks(self) -> Desks:
        """What opens over the annotate screen."""
        from annotator.tui.openers.openers import Desks

        return Desks(self, self._workspace, self._annotate)

    def get_default_screen(self) -> Screen[None]:
        """The annotate screen: one pushed later would be styled and laid out after an empty one."""
        self._annotate = AnnotateScreen(self._workspace, self._annotate_keys, first=self._first)
        return self._annotate

    def on_mount(self) -> None:
        """Open what the program was started for."""
        super().on_mount()
        if self._begin is not None:
            self._begin(self.desks)

    @on(AnnotateScreen.Wanted)
    def _on_wanted(self, message: AnnotateScreen.Wanted) -> None:
        if message.name == "labels":
            self.pick_label()
        elif message.name == "versions":
            self.choose_version()
        else:
            self.desks.open(message.name)


def _check_keys(settings: Settings) -> None:
    """SettingsError if two actions of one screen would have the same key."""
    from annotator.tui.all_actions import OF_ANNOTATING

    for actions in OF_ANNOTATING:
        keymap(settings, actions)


def run(workspace: Workspace, *, begin: Begin | None = None) -> int:
    """Show the workspace on the terminal until the person quits, and close it; 1 if something was left unsaved."""
    return show(workspace, lambda: AnnotatorApp(workspace, first=workspace.first(), begin=begin))
