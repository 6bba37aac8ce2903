"""A prompt: one row to type in, at the place of the status line, so that nothing else moves."""

from __future__ import annotations

import re
from dataclasses import dataclass

from textual import events
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Static

_LINE_BREAK = "⏎"
"""How a line break is drawn among what is typed."""
_LINE_BREAKS = re.compile(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")


def with_line_breaks(typed: str) -> str:
    """What a person has typed and pasted into one row, as lines again."""
    return typed.replace(_LINE_BREAK, "\n")


class OneRowInput(Input):
    """An input that keeps all lines of what is pasted, each line break drawn as a sign."""

    def put(self, text: str) -> None:
        """Take `text` in place of what is there, with the cursor behind it."""
        self.value = _LINE_BREAKS.sub(_LINE_BREAK, text)
        self.cursor_position = len(self.value)

    def on_paste(self, event: events.Paste) -> None:
        """Insert all lines, where Textual would take the first one only; the last line's end is none of the text."""
        event.stop()
        event.prevent_default()
        pasted = _LINE_BREAKS.sub(_LINE_BREAK, event.text.rstrip("\r\n"))
        if self.selection.is_empty:
            self.insert_text_at_cursor(pasted)
        else:
            self.replace(pasted, *sorted(self.selection))


class Prompt(Horizontal):
    """Asks for a text in one row, and tells of each change of it; hidden while it asks nothing."""

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
                OneRowInput(id="typed", compact=True, select_on_focus=False),
                Static("", id="said", markup=False),
            )

    def ask(self, purpose: str, text: str = "") -> None:
        """Show the prompt and put the keyboard to it; `text` is there to begin with."""
        self.purpose = purpose
        self._fill()
        self.query_one("#asked", Static).update(f"{purpose} ")
        self.say("")
        typed = self.query_one(OneRowInput)
        with self.prevent(Input.Changed):
            typed.put(text)
        self.display = True
        self.screen.set_focus(typed)  # at once: the next key is the first letter

    def say(self, text: str) -> None:
        """Say something behind the text, such as how often it was found."""
        self.query_one("#said", Static).update(text)

    def end(self) -> str:
        """Hide the prompt; what was typed."""
        self.purpose = ""
        self.display = False
        return with_line_breaks(self.query_one(Input).value)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Pass a change on."""
        event.stop()
        if self.purpose:
            self.post_message(self.Changed(self.purpose, with_line_breaks(event.value)))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Pass Enter on."""
        event.stop()
        self.post_message(self.Answered(self.purpose, with_line_breaks(event.value)))

    def on_key(self, event: events.Key) -> None:
        """Escape leaves."""
        if event.key == "escape":
            event.stop()
            event.prevent_default()
            self.leave()

    def leave(self) -> None:
        """Tell that the answer is not wanted."""
        self.post_message(self.Left(self.purpose, with_line_breaks(self.query_one(Input).value)))
