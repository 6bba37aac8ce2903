"""A prompt: one line to type in, at the place of the status line, so that nothing else moves."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Static


class Prompt(Horizontal):
    """Asks for one line of text, and tells of each change of it; hidden while it asks nothing."""

    DEFAULT_CSS = """
    Prompt {
        height: 1;
        display: none;
        padding: 0 1;
        & > Static { width: auto; color: $text-accent; text-style: bold; }
        & > #said { color: $text-muted; text-style: none; }
        & > Input { width: 1fr; height: 1; border: none; padding: 0 1; background: $surface; }
        & > Input:focus { border: none; }
    }
    """

    @dataclass
    class Changed(Message):
        """Another text was typed."""

        purpose: str
        text: str

    @dataclass
    class Answered(Message):
        """Enter was pressed."""

        purpose: str
        text: str

    @dataclass
    class Left(Message):
        """Escape was pressed."""

        purpose: str
        text: str

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.purpose = ""

    def on_mount(self) -> None:
        """Fill the prompt once the text is there: an input's styles take longer to read than all else here."""
        self.call_after_refresh(self._fill)

    def _fill(self) -> None:
        """What is asked, where it is typed, and what there is to say about it."""
        if not self.children:
            self.mount(
                Static("", id="asked", markup=False),
                Input(id="typed", compact=True, select_on_focus=False),
                Static("", id="said", markup=False),
            )

    def ask(self, purpose: str, text: str = "") -> None:
        """Show the prompt and put the keyboard to it; `text` is there to begin with."""
        self.purpose = purpose
        self._fill()
        self.query_one("#asked", Static).update(f"{purpose} ")
        self.say("")
        typed = self.query_one(Input)
        with self.prevent(Input.Changed):
            typed.value = text
        typed.cursor_position = len(text)
        self.display = True
        self.screen.set_focus(typed)  # at once: the next key is the first letter

    def say(self, text: str) -> None:
        """Say something behind the text, such as how often it was found."""
        self.query_one("#said", Static).update(text)

    def end(self) -> str:
        """Hide the prompt; what was typed."""
        self.purpose = ""
        self.display = False
        return self.query_one(Input).value

    def on_input_changed(self, event: Input.Changed) -> None:
        """Pass a change on."""
        event.stop()
        if self.purpose:
            self.post_message(self.Changed(self.purpose, event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Pass Enter on."""
        event.stop()
        self.post_message(self.Answered(self.purpose, event.value))

    def on_key(self, event: events.Key) -> None:
        """Escape leaves."""
        if event.key == "escape":
            event.stop()
            event.prevent_default()
            self.leave()

    def leave(self) -> None:
        """Tell that the answer is not wanted."""
        self.post_message(self.Left(self.purpose, self.query_one(Input).value))
