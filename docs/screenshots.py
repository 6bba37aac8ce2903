"""Takes the pictures in docs/images anew: `python docs/screenshots.py`, from a checkout with the program installed.

The screens are the real ones, on the bundled articles, with the pipeline's real suggestions and a handful of
decisions made by keys. Nothing on them depends on who runs this, on the settings at home, or on the hour.
"""

from __future__ import annotations

import asyncio
import html
import os
import re
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import NamedTuple

from rich.cells import cell_len
from textual.pilot import Pilot

from annotator.editing.editor import Editor
from annotator.formats.registry import read
from annotator.model.resources import corpora_path
from annotator.model.spans import Span
from annotator.settings import Settings
from annotator.store.repository import Store
from annotator.tui.app import AnnotatorApp
from annotator.tui.base_app import BaseApp
from annotator.tui.layout.lines import Mode
from annotator.tui.review_app import ReviewApp
from annotator.tui.screens.agreement.screen import AgreementScreen
from annotator.tui.screens.audit.screen import AuditScreen
from annotator.tui.screens.feedback.screen import FeedbackScreen
from annotator.workspace import Workspace, open_store
from annotator.workspace.agreement.selection import FinishedSets
from annotator.workspace.audit.search import AuditOf
from annotator.workspace.review.feedback import feedback_report
from annotator.workspace.review.workspace import ReviewWorkspace
from annotator.workspace.saving import SavingWorkspace
from annotator.workspace.transfer.importing import import_documents
from annotator.workspace.viewing import ViewedWorkspace

IMAGES = Path(__file__).parent / "images"
NEWS = corpora_path() / "news"
ANNOTATOR = "ada"
FONTS = "'Fira Code', 'Cascadia Mono', 'JetBrains Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace"
SETTINGS_PATH = "~/.config/annotator/settings.toml"
FINISHES = " ".join(["space"] * 14)
SECONDS_A_KEY = 2.5
"""What statistics count a person's key as."""
_BACK = {"s": "d", "d": "s", "k": "l", "l": "k"}
"""The keys that take the step of others back."""
_CELL = 12.2
"""Units of the drawing that a terminal's cell is wide."""
_TEXT = re.compile(r'<text ([^>]*?) x="([\d.]+)" y="([\d.]+)" textLength="[\d.]+" ([^>]*)>([^<]*)</text>')
_PATIENCE = 120.0
"""Seconds that the pipeline may take for an answer."""


class Stage(NamedTuple):
    """A running program, and when it shows all that its keys are about."""

    app: BaseApp
    workspace: SavingWorkspace
    is_ready: Callable[[], bool]


Setting = Callable[[Store, Settings], Stage]
"""Fills a new store, and puts the program on it."""


def annotating(store: Store, settings: Settings) -> Stage:
    """The articles, with suggestions on each of them."""
    import_documents(store, read([NEWS]), annotator=ANNOTATOR)
    workspace = Workspace(store, annotator=ANNOTATOR, settings=settings)
    app = AnnotatorApp(workspace, first=workspace.first())

    def is_ready() -> bool:
        return all(row.undecided is not None for row in workspace.rows())

    return Stage(app, workspace, is_ready)


def auditing(store: Store, settings: Settings) -> Stage:
    """The audit of the gold annotations."""
    import_documents(store, read([NEWS / "gold.jsonl"]), annotator=ANNOTATOR)
    workspace = Workspace(store, annotator=ANNOTATOR, settings=settings)
    app = AnnotatorApp(
        workspace, first=workspace.first(), begin=lambda openers: openers.show_audit(AuditOf())
    )

    def is_ready() -> bool:
        return isinstance(app.screen, AuditScreen) and app.screen.audit is not None

    return Stage(app, workspace, is_ready)


def reviewing(store: Store, settings: Settings) -> Stage:
    """The review of what two colleagues have annotated."""
    _import_colleagues(store)
    workspace = ReviewWorkspace(store, reviewer="lea", settings=settings)
    app = ReviewApp(workspace, first=workspace.route.first())
    return Stage(app, workspace, lambda: workspace.route.is_counted)


def comparing(store: Store, settings: Settings) -> Stage:
    """The agreement of three: the colleagues, and whoever has made the gold annotations."""
    _import_colleagues(store)
    import_documents(store, read([NEWS / "gold.jsonl"]), annotator=ANNOTATOR)
    workspace = Workspace(store, annotator=ANNOTATOR, settings=settings)
    sets = FinishedSets(store)
    app = AnnotatorApp(workspace, first=workspace.first(), begin=lambda openers: openers.show_agreement(sets))

    def is_ready() -> bool:
        return isinstance(app.screen, AgreementScreen) and app.screen.views is not None

    return Stage(app, workspace, is_ready)


def giving_feedback(store: Store, settings: Settings) -> Stage:
    """What a lead sees of a colleague's annotations, held against gold."""
    _import_colleagues(store)
    gold = read([NEWS / "gold.jsonl"])
    import_documents(store, (replace(each, annotator="lea", is_gold=True) for each in gold))
    workspace = ViewedWorkspace(store, annotator="mira", seen_by="lea", settings=settings)
    report = feedback_report(store, "mira")
    app = AnnotatorApp(
        workspace, first=workspace.first(), begin=lambda openers: openers.show_feedback(report)
    )
    return Stage(app, workspace, lambda: isinstance(app.screen, FeedbackScreen))


def _import_colleagues(store: Store) -> None:
    for name in ("mira", "jonas"):
        import_documents(store, read([NEWS / f"{name}.jsonl"]), annotator=name)


def _typed(text: str) -> str:
    """The keys that type it."""
    return " ".join({" ": "space"}.get(letter, letter) for letter in text)


@dataclass(frozen=True)
class Picture:
    """One screen: its file's name, the terminal's size, the settings, what is on stage, and the keys that lead to it."""

    name: str
    columns: int = 120
    rows: int = 40
    theme: str = "annotator-dark"
    mode: Mode = "compact"
    decisions: int = 0
    """How many keys towards the gold annotations come before the keys."""
    keys: str = ""
    of: Setting = annotating


PICTURES = (
    Picture("annotate-dark", decisions=30),
    Picture("annotate-light", theme="annotator-light", decisions=30),
    Picture("annotate-80x24", columns=80, rows=24, decisions=30),
    Picture("roomy", mode="roomy", decisions=30),
    Picture("documents", decisions=30, keys=f"greater_than_sign {FINISHES} z enter y o"),
    Picture("help", rows=56, keys="question_mark"),
    Picture("audit", rows=26, keys="a down", of=auditing),
    Picture("review", keys=" ".join(["greater_than_sign"] * 3 + ["2", "x"]), of=reviewing),
    Picture("agreement", rows=24, keys="right", of=comparing),
    Picture("confusion", rows=29, keys=" ".join(["4", *["down"] * 16, "right"]), of=comparing),
    Picture(
        "feedback", keys=f"down down b {_typed('all is no part of the number')} enter", of=giving_feedback
    ),
    Picture("statistics", rows=56, decisions=600, keys=f"ctrl+p {_typed('statistics')} enter"),
)


async def take(picture: Picture, folder: Path) -> str:
    """The SVG of one picture; its store is made in `folder`."""
    settings = Settings(theme=picture.theme, mode=picture.mode, opening_guard_ms=0, ahead=14)
    store = open_store(folder / picture.name, create=True)
    app, workspace, is_ready = picture.of(store, settings)
    async with app.run_test(size=(picture.columns, picture.rows)) as pilot:
        await _until(pilot, is_ready)
        before = ""
        for _ in range(picture.decisions):
            before = _towards_gold(app.document_screen.editor, before)
            await _press(app, pilot, before)
        for key in picture.keys.split():
            await _press(app, pilot, key)
        await _until(pilot, lambda: workspace.save_state(app.document_screen.editor).is_saved)
        await pilot.pause()
        svg = app.export_screenshot(title="annotator")
    workspace.close()
    return without_blanks(without_remote_fonts(svg))


async def _press(app: BaseApp, pilot: Pilot[None], key: str) -> None:
    """Press a key, and let all until then have taken as long as it takes a person."""
    effort = app.document_screen.editor.annotation_set.effort
    effort.seconds = (effort.keys + 1) * SECONDS_A_KEY
    await pilot.press(key)
    await pilot.pause()


def _towards_gold(editor: Editor, before: str) -> str:
    """The key that brings what is in focus nearer to the gold annotations, and `before` was pressed before."""
    focus = editor.focus
    if focus is None:
        return "enter" if editor.suggestion_state.open else "space"
    meant = [
        each for each in _gold()[editor.document.text] if focus.start < each.end and each.start < focus.end
    ]
    if not meant:
        return "x" if focus.decided is None else "enter"
    right = meant[0]
    edges = {
        "s": right.start < focus.start,
        "d": focus.start < right.start,
        "k": right.end < focus.end,
        "l": focus.end < right.end,
    }
    for key, is_wrong in edges.items():
        if is_wrong and key != _BACK.get(before):  # which it would be where gold's edge is within a token
            return key
    if focus.label != right.label:
        return editor.label_set.by_name[right.label].key
    return "enter" if focus.decided is None or editor.suggestion_state.open else "space"


@cache
def _gold() -> dict[str, tuple[Span, ...]]:
    """The gold annotations of each text."""
    return {each.document.text: each.spans for each in read([NEWS / "gold.jsonl"])}


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
    """Write all pictures, or those that the arguments name."""
    IMAGES.mkdir(exist_ok=True)
    wanted = sys.argv[1:]
    os.environ["ANNOTATOR_SETTINGS"] = SETTINGS_PATH  # the help shows it
    with tempfile.TemporaryDirectory() as folder:
        for picture in (each for each in PICTURES if each.name in wanted or not wanted):
            svg = asyncio.run(take(picture, Path(folder)))
            (IMAGES / f"{picture.name}.svg").write_text(svg, encoding="utf-8")
            print(IMAGES / f"{picture.name}.svg")  # noqa: T201 - a script says what it wrote


if __name__ == "__main__":
    main()
