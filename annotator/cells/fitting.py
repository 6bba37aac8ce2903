"""Text for bars and tables: safe to draw, and cut to a number of cells."""

from __future__ import annotations

from functools import lru_cache

from annotator.cells.directions import has_right_to_left, is_rtl, levels, mirrored, visual_order
from annotator.cells.shaping import shaped
from annotator.cells.widths import clusters, is_plain


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


def fitted_inside(text: str, cells: int) -> str:
    """`text` made drawable and cut to `cells` cells in its middle, so that its beginning and its end are both there."""
    text = drawable(text)
    if cell_width(text) <= cells:
        return text
    tail: list[str] = []
    width = 0
    for cluster in reversed(list(clusters(text))):
        if width + cluster.width > max(0, cells - 1) // 2:
            break
        tail.append(cluster.glyph)
        width += cluster.width
    end = "".join(reversed(tail)).lstrip()
    return fitted(text, cells - cell_width(end)) + end


def filled(text: str, cells: int) -> str:
    """`text` fitted and then filled with blanks to exactly `cells` cells."""
    text = fitted(text, cells)
    return text + " " * (cells - cell_width(text))


@lru_cache(maxsize=2048)
def left_to_right(text: str) -> str:
    """Drawable text in the order of its cells, as the document view draws it too; the last thing done to it."""
    if not has_right_to_left(text):
        return text
    pieces = list(clusters(text))
    letters = shaped([text[piece.start : piece.end] for piece in pieces])
    found = levels([text[piece.start] for piece in pieces], base=int(is_rtl(text)))
    drawn = [letter + piece.glyph[1:] for letter, piece in zip(letters, pieces, strict=True)]
    return "".join(
        mirrored(drawn[index]) if found[index] % 2 else drawn[index] for index in visual_order(found)
    )
