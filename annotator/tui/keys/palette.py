"""The command palette's commands: what the keys of the screen do, by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from textual.app import SystemCommand
from textual.command import DiscoveryHit, Hit, Hits, Provider

from annotator.tui.keys.action import Action
from annotator.tui.keys.keyed_screen import KeyedScreen

_SENSIBLE = frozenset({"Theme", "Quit"})


def sensible(commands: Iterable[SystemCommand]) -> Iterator[SystemCommand]:
    """Textual's own commands that make sense here: its list of keys and maximizing know nothing of the screens."""
    return (command for command in commands if command.title in _SENSIBLE)


class ActionCommands(Provider):
    """One command for each action of the screen that the palette was opened on."""

    async def discover(self) -> Hits:
        """All of them, in the registry's order."""
        for screen, action in self._actions():
            yield DiscoveryHit(
                _title(screen, action), partial(screen.act, action.name), text=action.text, help=action.help
            )

    async def search(self, query: str) -> Hits:
        """Those whose text or help has the letters of `query`; a hit in the text counts for more."""
        matcher = self.matcher(query)
        for screen, action in self._actions():
            score = max(matcher.match(action.text), matcher.match(action.help) / 2)
            if score > 0:
                yield Hit(
                    score,
                    _title(screen, action),
                    partial(screen.act, action.name),
                    text=action.text,
                    help=action.help,
                )

    def _actions(self) -> Iterator[tuple[KeyedScreen[object], Action]]:
        screen = self.screen
        if isinstance(screen, KeyedScreen) and not screen.is_modal:
            for action in screen.keymap.actions.values():
                yield screen, action


def _title(screen: KeyedScreen[object], action: Action) -> str:
    keys = screen.keymap.keys(action.name)
    return f"{action.text}  ({', '.join(keys)})" if keys else action.text
