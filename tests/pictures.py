"""Pictures of screens as text: what is written, and in which styles.

A picture that has changed on purpose is written anew with ANNOTATOR_UPDATE_SNAPSHOTS=1; look at the difference.
"""

from __future__ import annotations

import os
import string
from pathlib import Path

from rich.style import Style
from textual.screen import Screen

_LETTERS = string.ascii_uppercase + string.ascii_lowercase + string.digits
_ATTRIBUTES = ("bold", "dim", "italic", "underline", "underline2", "overline", "reverse", "strike")


def picture(screen: Screen[object]) -> str:
    """Each row of the screen, with its styles below it: a letter for each, explained at the end."""
    letters: dict[str, str] = {}
    lines: list[str] = []
    for strip in screen._compositor.render_strips():
        lines.append("".join(segment.text for segment in strip).rstrip())
        marks = (_letter(letters, segment.style) * segment.cell_length for segment in strip)
        lines.append("".join(marks))
    lines += [f"{letter}  {look}" for look, letter in letters.items()]
    return "\n".join(lines) + "\n"


def check_picture(path: Path, found: str) -> None:
    """A picture is the one in this file."""
    if os.environ.get("ANNOTATOR_UPDATE_SNAPSHOTS"):
        path.write_text(found, encoding="utf-8")
    assert found == path.read_text(encoding="utf-8")


def _letter(letters: dict[str, str], style: Style | None) -> str:
    style = style or Style.null()
    attributes = [name for name in _ATTRIBUTES if getattr(style, name)]
    colours = [colour.name for colour in (style.color, style.bgcolor) if colour is not None]
    return letters.setdefault(" ".join([*attributes, *colours]), _LETTERS[len(letters)])
