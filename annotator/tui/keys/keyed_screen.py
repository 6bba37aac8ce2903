"""A screen whose keys are looked up in the keymap, and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from textual import events, on
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Input

from annotator.tui.keys.action import Action
from annotator.tui.keys.keymap import Keymap
from annotator.tui.widgets.bar import Bar
from annotator.tui.widgets.looks import LOOK_CLASSES, LOOK_CSS

Result = TypeVar("Result")

_LEFT_TO_THE_APP = frozenset({"ctrl+q", "ctrl+p", "ctrl+c"})


class KeyedScreen(Screen[Result], Generic[Result]):
    """Keys lead to the handlers of actions by the screen's keymap.

    A key goes to the input that has the focus, if one has; else to `capture`, by which a mode takes all keys;
    else to the keymap. No key falls through to anything below, but for quitting and the command palette.
    """

    COMPONENT_CLASSES = LOOK_CLASSES
    DEFAULT_CSS = f"""
    KeyedScreen {{
    {LOOK_CSS}
    }}
    """

    @dataclass
    class HelpAsked(Message):
        """The keys of a screen were asked for."""

        keymap: Keymap

    class LeaveAsked(Message):
        """The person is to be asked whether to quit."""

    def __init__(self, keymap: Keymap) -> None:
        super().__init__()
        self.keymap = keymap

    def on_key(self, event: events.Key) -> None:
        """Act on a key, and let it go no further."""
        if event.key in _LEFT_TO_THE_APP:
            return
        if isinstance(self.focused, Input):
            if event.is_printable and event.character:
                # Sent on its way before the input had the focus, or the input would have kept it.
                event.stop()
                self.focused.insert_text_at_cursor(event.character)
                return
            bound = self.active_bindings.get(event.key)
            if bound is None or bound.node is not self.focused:
                event.stop()
            self.on_input_key(event)
            return
        event.stop()
        event.prevent_default()
        self.press(event.key, event.character)

    def on_paste(self, event: events.Paste) -> None:
        """Text pasted outside an input is ignored."""
        event.stop()

    def press(self, key: str, character: str | None) -> None:
        """What a key does while no input has the focus."""
        if self.capture(key, character):
            return
        if (name := self.keymap.action(key, character)) is not None:
            self.act(name)

    def act(self, name: str) -> None:
        """Do the action called `name`, as its key would."""
        self.perform(self.keymap.actions[name])

    def perform(self, action: Action) -> None:
        """Do an action."""
        action.handler(self)

    @on(Bar.Clicked)
    def _on_bar_clicked(self, message: Bar.Clicked) -> None:
        self.click(message.action)

    def click(self, name: str) -> None:
        """Do what a piece of a bar that was clicked is for: the action called `name`."""
        self.act(name)

    def action_help(self) -> None:
        """Ask for the keys to be shown."""
        self.post_message(self.HelpAsked(self.keymap))

    def action_palette(self) -> None:
        """Show all that can be done here."""
        self.app.action_command_palette()

    def action_theme(self) -> None:
        """Choose the colours of the screen."""
        self.app.action_change_theme()

    def action_leave_program(self) -> None:
        """Ask whether to quit."""
        self.post_message(self.LeaveAsked())

    def action_quit(self) -> None:
        """Quit once everything is saved."""
        self.app.call_later(self.app.action_quit)

    def capture(self, key: str, character: str | None) -> bool:
        """True if a mode of the screen takes this key before the keymap."""
        return False

    def on_input_key(self, event: events.Key) -> None:
        """What a key does that types nothing into the focused input; where the input binds it, that is done too."""
