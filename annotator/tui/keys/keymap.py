"""The keymap: which action a key leads to, with what a person changed in the settings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

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
    "asterisk": "*",
    "minus": "-",
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


@dataclass(frozen=True, slots=True)
class Clash:
    """A key that the settings give to one action, and that another one has by default and so loses."""

    key: str
    action: str
    loser: str


def key_sign(key: str) -> str:
    """What a key is called on screen."""
    return _SIGNS.get(key, key)


class Keymap:
    """Keys of one screen. `changes` gives other keys to actions by name, as in the settings.

    A key that the settings give to an action is taken from the one that has it by default: `clashes` names both.
    """

    def __init__(
        self, actions: Iterable[Action], changes: Mapping[str, str] | None = None, *, keyboard: str = ""
    ) -> None:
        self.actions = {action.name: action for action in actions}
        asked = {
            name: _asked_keys(name, keys) for name, keys in (changes or {}).items() if name in self.actions
        }
        owners = _owners(asked)
        self.clashes: list[Clash] = []
        self._keys = dict(asked)
        for name, action in self.actions.items():
            if name not in asked:
                self.clashes += [Clash(key, owners[key], name) for key in action.keys if key in owners]
                self._keys[name] = tuple(key for key in action.keys if key not in owners)
        self._keyboard = keyboard
        self._by_key = _owners(self._keys)

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
        return tuple(key_sign(key) for key in self._keys[name])

    def key(self, name: str) -> str:
        """The key to name for an action; that of the palette where the settings leave it none."""
        return next(iter(self.keys(name)), BY_PALETTE)


def _owners(keys: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """The action that each key leads to; SettingsError if one leads to two."""
    owners: dict[str, str] = {}
    for name, own_keys in keys.items():
        for key in own_keys:
            if key in owners:
                raise SettingsError(
                    f"the key {key} is for both {owners[key]} and {name}",
                    hint="give one of them another key in the settings",
                )
            owners[key] = name
    return owners


def _asked_keys(name: str, asked: str) -> tuple[str, ...]:
    keys = tuple(key.strip() for key in asked.split(",") if key.strip())
    if taken := [key for key in keys if key in LABEL_KEYS]:
        raise SettingsError(
            f"the settings give {taken[0]} to {name}, but digits and capitals are labels",
            hint="give it another key",
        )
    return keys


def clash_message(keymaps: Iterable[Keymap]) -> str:
    """What the settings took from actions that had a key by default, and what these have left; empty for nothing."""
    sentences: dict[str, None] = {}
    for keymap in keymaps:
        for clash in keymap.clashes:
            left = ", ".join(keymap.keys(clash.loser)) or f"no key: {BY_PALETTE} leads to it"
            sentences[
                f"Your settings give {key_sign(clash.key)} to {clash.action}; {clash.loser} has {left}."
            ] = None
    return "\n".join(sentences)


def check_changes(changes: Mapping[str, str], known: Iterable[Action]) -> None:
    """Raise SettingsError if a change names an action that no screen has."""
    names = {action.name for action in known}
    if unknown := sorted(set(changes) - names):
        raise SettingsError(
            f"the settings give keys to an unknown action: {unknown[0]}",
            hint=f"the actions are {', '.join(sorted(names))}",
        )
