"""The guide: what the tour says, above the document that it is about."""

from __future__ import annotations

from collections.abc import Callable

from textual.widgets import Static

from annotator.tui.keys.keymap import Keymap
from annotator.tui.screens.tour.steps import STEPS, Progress, is_astray, next_step
from annotator.tui.widgets.looks import Run, content

_INTERVAL = 0.1
"""Seconds between two looks at the screen: the tour watches it, so that the screen knows nothing of the tour."""


class Guide(Static):
    """The current step of the tour; `progress` says what is on the screen now."""

    DEFAULT_CSS = """
    Guide {
        dock: top;
        height: 5;
        padding: 1 2 1 2;
        background: $boost;
        border-left: outer $primary;
    }
    """

    def __init__(self, keymap: Keymap, progress: Callable[[], Progress]) -> None:
        super().__init__(markup=False)
        self.step = 0
        """The number of the step that is shown, from 0."""
        self._keymap = keymap
        self._progress = progress
        self._shown: list[Run] = []

    def on_mount(self) -> None:
        """Begin to follow what the person does."""
        self.follow()
        self.set_interval(_INTERVAL, self.follow)

    def follow(self) -> None:
        """Go on to the next step if the person has done what the current one says."""
        progress = self._progress()
        self.step = next_step(self.step, progress)
        step = STEPS[self.step]
        keys = {label: key for key, label in progress.editor.label_set.by_key.items()}
        runs: list[Run] = [
            (f"{self.step + 1} of {len(STEPS)}  ", "muted"),
            (step.says(self._keymap, keys), "strong"),
        ]
        if is_astray(step, progress):
            runs.append((f"  That was another key: {self._keymap.key('undo')} takes it back.", "warn"))
        if runs != self._shown:
            self._shown = runs
            self.update(content([runs]))
