"""Looks: the few styles that bars, lists and dialogs draw text in, by name."""

from __future__ import annotations

from annotator.model.labels import COLOURS

LOOKS = ("plain", "strong", "muted", "key", "good", "warn", "bad", "hit", *COLOURS)
"""The names of the looks; a label's colour is one too."""

LOOK_CLASSES = {f"look--{name}" for name in LOOKS}
"""Their component classes, for a widget that draws with them."""

LOOK_CSS = """
    & > .look--plain { color: $foreground; }
    & > .look--strong { color: $foreground; text-style: bold; }
    & > .look--muted { color: $text-muted; }
    & > .look--key { color: $foreground; text-style: bold; }
    & > .look--good { color: $text-success; }
    & > .look--warn { color: $text-warning; text-style: bold; }
    & > .look--bad { color: $text-error; text-style: bold reverse; }
    & > .look--hit { color: $text-accent; text-style: bold underline; }
""" + "".join(f"    & > .look--{name} {{ color: $hue-{name}; }}\n" for name in COLOURS)
"""Their rules, for within a widget's own; the hues are variables, see `annotator.tui.themes`."""
