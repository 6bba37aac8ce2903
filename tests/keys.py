"""Keys as a terminal sends them."""

from __future__ import annotations

from textual import events
from textual.keys import _character_to_key


def key_event(key: str) -> events.Key:
    """What the program is told when a key is pressed, which is given by its name or by what it types."""
    if len(key) == 1:
        return events.Key(_character_to_key(key), key)
    return events.Key(key, " " if key == "space" else None)
