"""Takes the pictures in docs/images anew: `python docs/screenshots.py`, from a checkout with the program installed.

The screens are the real ones, on the bundled articles, with the pipeline's real suggestions and a handful of
decisions made by keys. Nothing on them depends on who runs this, on the settings at home, or on the hour.
"""

from __future__ import annotations

import asyncio
import html
import os
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rich.cells import cell_len
from textual.pilot import Pilot

from annotator.formats.registry import read
from annotator.model.resources import corpora_path
from annotator.settings import Settings
from annotator.tui.app import AnnotatorApp
from annotator.tui.audit_app import AuditApp
from annotator.tui.screens.audit import AuditScreen
from annotator.workspace import Workspace, open_store
from annotator.workspace.auditing import AuditOf
from annotator.workspace.importing import import_documents

IMAGES = Path(__file__).parent / "images"
ANNOTATOR = "ada"
FONTS = "'Fira Code', 'Cascadia Mono', 'JetBrains Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace"
SETTINGS_PATH = "~/.config/annotator/settings.toml"
DECISIONS = (
    "enter enter 2 s 1 enter enter enter enter enter enter enter l Q enter enter enter enter enter enter enter "
    "l l enter enter enter 2 enter"
)
"""On the first article: acceptances, labels' keys and moved edges."""
FINISHES = " ".join(["space"] * 14)
_CELL = 12.2
"""Units of the drawing that a terminal's cell is wide."""
_TEXT = re.compile(r'<text ([^>]*?) x="([\d.]+)" y="([\d.]+)" textLength="[\d.]+" ([^>]*)>([^<]*)</text>')
_PATIENCE = 120.0
"""Seconds that the pipeline may take for an answer."""


@dataclass(frozen=True)
class Picture:
    """One screen: its file's name, the terminal's size, the settings, and the keys that lead to it."""

    name: str
    columns: int = 120
    rows: int = 40
    theme: str = "annotator-dark"
    mode: str = "compact"
    keys: str = DECISIONS
    is_audit: bool = False
    """On finished annotations, with the audit open."""


PICTURES = (
    Picture("annotate-dark"),
    Picture("annotate-light", theme="annotator-light"),
    Picture("annotate-80x24", columns=80, rows=24),
    Picture("roomy", mode="roomy"),
    Picture("documents", keys=f"{DECISIONS} greater_than_sign {FINISHES} z enter y o"),
    Picture("help", rows=56, keys="question_mark"),
    Picture("audit", rows=26, keys="a down", is_audit=True),
)


async def take(picture: Picture, folder: Path) -> str:
    """The SVG of one picture; its store is made in `folder`."""
    store = open_store(folder / picture.name, create=True)
    articles = corpora_path() / "news"
    import_documents(
        store, read([articles / "gold.jsonl" if picture.is_audit else articles]), annotator=ANNOTATOR
    )
    settings = Settings(theme=picture.theme, mode=picture.mode, opening_guard_ms=0, ahead=14)
    workspace = Workspace(store, annotator=ANNOTATOR, settings=settings)
    first = workspace.first()
    assert first is not None  # articles have just been imported
    app = (
        AuditApp(workspace, first=first, of=AuditOf())
        if picture.is_audit
        else AnnotatorApp(workspace, first=first)
    )
    async with app.run_test(size=(picture.columns, picture.rows)) as pilot:
        desk = app.desk
        await _until(pilot, lambda: _is_ready(app, workspace))
        for key in picture.keys.split():
            await pilot.press(key)
            await pilot.pause()
        await _until(pilot, lambda: workspace.save_state(desk.editor).is_saved)
        await pilot.pause()
        svg = app.export_screenshot(title="annotator")
    workspace.close()
    return without_blanks(without_remote_fonts(svg))


def _is_ready(app: AnnotatorApp, workspace: Workspace) -> bool:
    """True once an audit is there, or all articles have their suggestions."""
    if isinstance(app, AuditApp):
        return isinstance(app.screen, AuditScreen) and app.screen.audit is not None
    return len(workspace.rows()) == sum(row.undecided is not None for row in workspace.rows())


def without_remote_fonts(svg: str) -> str:
    """The SVG with the reader's own fonts: it asks no other host for any."""
    svg = re.sub(r"\s*@font-face \{.*?\}", "", svg, flags=re.DOTALL)
    svg = re.sub(r"font-family: (?:Fira Code|arial)[^;]*;", f"font-family: {FONTS};", svg)
    return "\n".join(line.rstrip() for line in svg.splitlines()) + "\n"


def without_blanks(svg: str) -> str:
    """The SVG with the blanks around each piece of text in its place and not in it, since some viewers trim them."""

    def placed(match: re.Match[str]) -> str:
        before, x, y, after, escaped = match.groups()
        text = html.unescape(escaped)
        inner = text.strip("\u00a0")
        if not inner:
            return ""
        left = float(x) + _CELL * (len(text) - len(text.lstrip("\u00a0")))
        content = html.escape(inner, quote=False).replace("\u00a0", "&#160;")
        return f'<text {before} x="{left:g}" y="{y}" textLength="{_CELL * cell_len(inner):g}" {after}>{content}</text>'

    return _TEXT.sub(placed, svg)


async def _until(pilot: Pilot[None], is_so: Callable[[], bool]) -> None:
    """Wait until `is_so`, at most for _PATIENCE seconds."""
    async with asyncio.timeout(_PATIENCE):
        while not is_so():
            await pilot.pause(0.05)


def main() -> None:
    """Write all pictures."""
    IMAGES.mkdir(exist_ok=True)
    os.environ["ANNOTATOR_SETTINGS"] = SETTINGS_PATH  # the help shows it
    with tempfile.TemporaryDirectory() as folder:
        for picture in PICTURES:
            svg = asyncio.run(take(picture, Path(folder)))
            (IMAGES / f"{picture.name}.svg").write_text(svg, encoding="utf-8")
            print(IMAGES / f"{picture.name}.svg")  # noqa: T201 - a script says what it wrote


if __name__ == "__main__":
    main()
