"""The keymap: which action a key leads to, with what a person changed in the settings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from annotator.errors import SettingsError
from annotator.model.labels import LABEL_KEYS
from annotator.tui.keys.action import Action

_FRENCH_DIGITS = dict(zip("&é\"'(-è_çà", "1234567890", strict=True))
"""The unshifted top row of a French keyboard."""

_SIGNS = {
    "less_than_sign": "<",
    "greater_than_sign": ">",
    "question_mark": "?",
    "slash": "/",
    "comma": ",",
    "semicolon": ";",
    "escape": "esc",
    "shift+left": "⇧←",
    "shift+right": "⇧→",
    "shift+up": "⇧↑",
    "shift+down": "⇧↓",
    "shift+tab": "⇧tab",
    "left": "←",
    "right": "→",
    "up": "↑",
    "down": "↓",
    "enter": "⏎",
    "pageup": "pgup",
    "pagedown": "pgdn",
    "delete": "del",
}


BY_PALETTE = "ctrl+p"
"""What leads to an action that the settings have left without keys."""


class Keymap:
    """Keys of one screen. `changes` gives other keys to actions by name, as in the settings."""

    def __init__(
        self, actions: Iterable[Action], changes: Mapping[str, str] | None = None, *, keyboard: str = ""
    ) -> None:
        self.actions = {action.name: action for action in actions}
        self._keys = {name: action.keys for name, action in self.actions.items()}
        self._keyboard = keyboard
        for name, asked in (changes or {}).items():
            if name in self._keys:
                self._keys[name] = _asked_keys(name, asked)
        self._by_key: dict[str, str] = {}
        for name, keys in self._keys.items():
            for key in keys:
                if key in self._by_key:
                    raise SettingsError(
                        f"the key {key} is for both {self._by_key[key]} and {name}",
                        hint="give one of them another key in the settings",
                    )
                self._by_key[key] = name

    def action(self, key: str, character: str | None) -> str | None:
        """The action that a key leads to: by Textual's name of the key, else by the character it makes."""
        return self._by_key.get(key) or (self._by_key.get(character) if character else None)

    def label_key(self, character: str | None) -> str | None:
        """The digit or capital letter that a key means for labels; None for any other key."""
        if character is None:
            return None
        if self._keyboard == "fr":
            character = _FRENCH_DIGITS.get(character, character)
        return character if character in LABEL_KEYS else None

    def keys(self, name: str) -> tuple[str, ...]:
        """The keys of an action, as they are called on screen, the first being the one to show."""
        return tuple(_SIGNS.get(key, key) for key in self._keys[name])

    def key(self, name: str) -> str:
        """The key to name for an action; that of the palette where the settings leave it none."""
        return next(iter(self.keys(name)), BY_PALETTE)


def _asked_keys(name: str, asked: str) -> tuple[str, ...]:
    keys = tuple(key.strip() for key in asked.split(",") if key.strip())
    if taken := [key for key in keys if key in LABEL_KEYS]:
        raise SettingsError(
            f"the settings give {taken[0]} to {name}, but digits and capitals are labels",
            hint="give it another key",
        )
    return keys


def check_changes(changes: Mapping[str, str], known: Iterable[Action]) -> None:
    """Raise SettingsError if a change names an action that no screen has."""
    names = {action.name for action in known}
    if unknown := sorted(set(changes) - names):
        raise SettingsError(
            f"the settings give keys to an unknown action: {unknown[0]}",
            hint=f"the actions are {', '.join(sorted(names))}",
        )
