"""Looks: the few styles that bars, lists and dialogs draw text in, by name."""

from __future__ import annotations

from collections.abc import Iterable

from rich.style import Style
from textual.color import Color
from textual.content import Content
from textual.widget import Widget

from annotator.cells.fitting import drawable
from annotator.model.labels import COLOURS

Run = tuple[str, str]
"""A text and the name of the look it is drawn in."""

_STYLES = {
    # look: colour, text style
    "plain": ("$foreground", ""),
    "strong": ("$foreground", "bold"),
    "muted": ("$text-muted", ""),
    "key": ("$foreground", "bold"),
    "good": ("$text-success", ""),
    "warn": ("$text-warning", "bold"),
    "bad": ("$text-error", "bold reverse"),
    "heading": ("$text-accent", "bold"),
    "hit": ("$text-accent", "bold underline"),
}

LOOKS = (*_STYLES, *COLOURS)
"""The names of the looks; a label's colour is one too."""

LOOK_CLASSES = {f"look--{name}" for name in _STYLES}
"""The component classes of all but the colours, for a widget that draws with them."""

LOOK_CSS = "".join(
    f"    & > .look--{name} {{ color: {colour}; text-style: {style or 'none'}; }}\n"
    for name, (colour, style) in _STYLES.items()
)
"""The rules of these classes, for within a widget's own."""


def content(lines: Iterable[Iterable[Run]]) -> Content:
    """Lines of runs as the content of a widget that wraps and paints by itself."""
    parts: list[tuple[str, str] | str] = []
    for index, line in enumerate(lines):
        if index:
            parts.append("\n")
        for text, look in line:
            colour, style = _STYLES.get(look) or (f"$hue-{look}", "")
            parts.append((drawable(text), f"{style} {colour}".strip()))
    return Content.assemble(*parts)


def screen_look(widget: Widget, name: str) -> Style:
    """The look `name` as the widget's screen has it, without a ground: a class for each widget would cost a start."""
    if name in COLOURS:
        return Style(color=hue(widget, name).rich_color)
    return widget.screen.get_component_rich_style(f"look--{name}", partial=True)


def hue(widget: Widget, name: str) -> Color:
    """One of COLOURS in the theme as it is; its variables are those of `annotator.tui.themes`."""
    return Color.parse(widget.app.theme_variables[f"hue-{name}"])
