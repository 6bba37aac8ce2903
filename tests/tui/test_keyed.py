"""Keys of a screen: to the focused input, else to the keymap, and never further."""

from __future__ import annotations

from textual import events
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.widgets import Input

from annotator.tui.keys.action import Action
from annotator.tui.keys.keyed_screen import KeyedScreen
from annotator.tui.keys.keymap import Keymap
from annotator.tui.themes import hue_variables


class _Screen(KeyedScreen[None]):
    def __init__(self) -> None:
        super().__init__(
            Keymap((Action("ring", ("b",), "ring", "Ring the bell.", handler=_Screen.action_ring),))
        )
        self.seen: list[str] = []

    def compose(self) -> ComposeResult:
        yield Input()

    def action_ring(self) -> None:
        self.seen.append("rung")

    def on_input_key(self, event: events.Key) -> None:
        self.seen.append(event.key)


class _App(App[None]):
    BINDINGS = [Binding("x", "fall", "what must not be reached"), Binding("b", "fall", "nor by this key")]
    fallen = 0

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return hue_variables(self.current_theme)

    def on_mount(self) -> None:
        self.push_screen(_Screen())

    def action_fall(self) -> None:
        self.fallen += 1


async def test_an_input_keeps_the_keys_that_it_edits_with() -> None:
    app = _App()
    async with app.run_test() as pilot:
        await pilot.press("a", "b", "c", "backspace", "left", "x")
        assert app.screen.query_one(Input).value == "axb"
        assert app.fallen == 0


async def test_what_the_input_has_no_use_for_reaches_the_screen_and_goes_no_further() -> None:
    app = _App()
    async with app.run_test() as pilot:
        screen = app.screen
        assert isinstance(screen, _Screen)
        await pilot.press("escape", "down", "tab")
        assert screen.seen == ["escape", "down", "tab"]
        assert screen.focused is screen.query_one(Input)


async def test_keys_typed_before_the_input_had_the_focus_are_typed_into_it() -> None:
    app = _App()
    async with app.run_test() as pilot:
        screen = app.screen
        typed = screen.query_one(Input)
        screen.set_focus(None)
        screen.call_later(screen.set_focus, typed)
        for key in ("a", "b", "x", "backspace"):
            app.simulate_key(key)
        await pilot.pause()
        assert typed.value == "ab"
        assert app.fallen == 0


async def test_without_an_input_keys_go_by_the_keymap_and_unknown_ones_nowhere() -> None:
    app = _App()
    async with app.run_test() as pilot:
        screen = app.screen
        assert isinstance(screen, _Screen)
        screen.set_focus(None)
        await pilot.press("b", "x", "tab")
        assert screen.seen == ["rung"]
        assert app.fallen == 0
        assert screen.focused is None
