"""Text for bars and tables: safe to draw, and cut to a number of cells."""

from __future__ import annotations

from functools import lru_cache

from annotator.tui.layout.cells import clusters, is_plain


@lru_cache(maxsize=2048)
def drawable(text: str) -> str:
    """`text` as it can be drawn in one row: line breaks as blanks, control characters as glyphs."""
    if is_plain(text):
        return text
    return "".join(cluster.glyph for cluster in clusters(text.replace("\r\n", " ").replace("\n", " ")))


@lru_cache(maxsize=2048)
def cell_width(text: str) -> int:
    """How many cells `text` takes."""
    return len(text) if is_plain(text) else sum(cluster.width for cluster in clusters(text))


def fitted(text: str, cells: int) -> str:
    """`text` made drawable and cut to `cells` cells, with an ellipsis where something was cut."""
    text = drawable(text)
    if cell_width(text) <= cells:
        return text
    if cells <= 0:
        return ""
    kept: list[str] = []
    width = 0
    for cluster in clusters(text):
        if width + cluster.width > cells - 1:
            break
        kept.append(cluster.glyph)
        width += cluster.width
    return "".join(kept).rstrip() + "…"


def filled(text: str, cells: int) -> str:
    """`text` fitted and then filled with blanks to exactly `cells` cells."""
    text = fitted(text, cells)
    return text + " " * (cells - cell_width(text))
