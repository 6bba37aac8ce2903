"""The least that a Textual app can be, to compare with."""

from __future__ import annotations

import os
import sys

os.environ.setdefault("TEXTUAL_FPS", "120")

from textual.app import App, ComposeResult
from textual.widgets import Static


class Hello(App[None]):
    """Says what it was told to."""

    def compose(self) -> ComposeResult:
        """One line of text."""
        yield Static(sys.argv[1])


if __name__ == "__main__":
    Hello().run()
