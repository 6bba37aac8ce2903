"""The command palette's commands: what the keys of the screen do, by name."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider

from annotator.tui.keys.action import PROGRAM, Action
from annotator.tui.keys.keyed_screen import KeyedScreen


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

    def _actions(self) -> Iterable[tuple[KeyedScreen[object], Action]]:
        """By group, those that every screen has first, and within it in the registry's order."""
        screen = self.screen
        if not isinstance(screen, KeyedScreen) or screen.is_modal:
            return []
        actions = [action for action in screen.keymap.actions.values() if action.name != "palette"]
        groups = list(dict.fromkeys(action.group for action in actions))
        groups.sort(key=lambda group: group != PROGRAM)
        return [(screen, action) for group in groups for action in actions if action.group == group]


def _title(screen: KeyedScreen[object], action: Action) -> str:
    keys = screen.keymap.keys(action.name)
    return (
        f"{action.text}  ({', '.join(keys)})  · {action.group}"
        if keys
        else f"{action.text}  · {action.group}"
    )
