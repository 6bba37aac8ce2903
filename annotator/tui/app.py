"""The application that annotates: one workspace on the terminal, and what opens over it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from textual.screen import Screen

from annotator.tui.base_app import BaseApp, keymap, show
from annotator.tui.keys.keymap import Keymap
from annotator.tui.screens.annotate.actions import ANNOTATE
from annotator.tui.screens.annotate.screen import AnnotateScreen
from annotator.tui.screens.annotate.table_actions import TABLE
from annotator.workspace import Workspace

if TYPE_CHECKING:
    from annotator.tui.keys.action import Action
    from annotator.tui.openers.openers import Openers

Begin = Callable[["Openers"], None]
"""Opens what a program begins with."""


class AnnotatorApp(BaseApp):
    """One workspace on the terminal, from the document `first` on; `begin` opens something over it at once."""

    _workspace: Workspace

    def __init__(self, workspace: Workspace, *, first: str, begin: Begin | None = None) -> None:
        self._first = first
        self._begin = begin
        super().__init__(workspace)
        self._annotate_keys = keymap(workspace.settings, ANNOTATE)

    def action_tables(self) -> Iterable[Iterable[Action]]:
        """Those of the annotate screen and of what opens over it."""
        from annotator.tui.all_actions import OF_ANNOTATING

        return OF_ANNOTATING

    @property
    def document_screen(self) -> AnnotateScreen:
        """The annotate screen."""
        return self._annotate

    @cached_property
    def openers(self) -> Openers:
        """What opens over the annotate screen."""
        from annotator.tui.openers.openers import Openers

        return Openers(self, self._workspace, self._annotate)

    def get_default_screen(self) -> Screen[None]:
        """The annotate screen: one pushed later would be styled and laid out after an empty one."""
        self._annotate = AnnotateScreen(
            self._workspace,
            self._annotate_keys,
            first=self._first,
            table_keymap=Keymap(TABLE),
            openers=lambda: self.openers,
        )
        return self._annotate

    def on_mount(self) -> None:
        """Open what the program was started for; Textual calls the base's own `on_mount` as well."""
        if self._begin is not None:
            self._begin(self.openers)


def run(workspace: Workspace, *, begin: Begin | None = None) -> int:
    """Show the workspace on the terminal until the person quits, and close it; 1 if something was left unsaved."""
    return show(workspace, lambda: AnnotatorApp(workspace, first=workspace.first(), begin=begin))
