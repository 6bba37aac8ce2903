"""What a screen with a document on it is made of: the text, the bars around it, and the prompt."""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic

from textual import events
from textual.app import ComposeResult
from textual.containers import Container
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from annotator.cells.fitting import fitted
from annotator.editing.change import Change
from annotator.editing.editor import Editor
from annotator.errors import AnnotatorError
from annotator.tui.keys.footer import footer
from annotator.tui.keys.keyed_screen import KeyedScreen
from annotator.tui.keys.keymap import Keymap
from annotator.tui.screens import text_bars as phrases
from annotator.tui.widgets.bar import Bar
from annotator.tui.widgets.document_view import DocumentView
from annotator.tui.widgets.prompt import Prompt
from annotator.workspace import Event
from annotator.workspace.saving import SavingWorkspace

WIDE_FROM = 100
"""From this width on there is room for something beside the text."""
MADE_FOR = (80, 24)
"""Columns and rows from which on everything has its place; smaller terminals work, with a notice."""
USABLE = (30, 8)
"""On a smaller terminal than this the text would not be seen: it shows one message and takes no decision."""

_SMALL = f"small: made for {MADE_FOR[0]}x{MADE_FOR[1]}"
_LONGEST_PAUSE = 30.0
"""Seconds between two keys that still count as work."""


class TextScreenBase(KeyedScreen[None]):
    """A document of a workspace on the screen, the bars around it, and whether there is room for all that.

    A subclass gives the widget beside the text, opens documents, and says what the bars say.
    """

    AUTO_FOCUS = "#document"

    @dataclass
    class Happened(Message):
        """Something happened in the workspace, on another thread."""

        event: Event

    @dataclass
    class Failed(Message):
        """Something could not be done, and a dialog shall say so."""

        error: AnnotatorError
        title: str

    @dataclass
    class Wanted(Message):
        """A dialog or another screen is asked for, by its name."""

        name: str

    def __init__(self, workspace: SavingWorkspace, keymap: Keymap) -> None:
        super().__init__(keymap)
        self.workspace = workspace
        self.is_too_small = False
        self._editor: Editor | None = None
        self._message = ""
        self._opened_at = 0.0
        self._last_key = monotonic()
        self._tops: dict[str, int] = {}

    # What it is made of

    def compose(self) -> ComposeResult:
        """Header, text and what is beside it, labels, status line, footer."""
        yield Bar(id="header")
        with Container(id="body"):
            yield DocumentView(
                mode=self.workspace.settings.mode,
                text_width=self.workspace.settings.text_width,
                id="document",
            )
            yield self.beside()
        yield Bar(id="labels")
        yield Bar(id="more-labels")
        yield Bar(id="status")
        yield Prompt(id="prompt")
        yield Bar(id="footer")
        yield Static(id="too-small", markup=False)

    def beside(self) -> Widget:
        """What stands beside the text."""
        raise NotImplementedError

    @property
    def view(self) -> DocumentView:
        """The text."""
        return self.query_one("#document", DocumentView)

    @property
    def prompt(self) -> Prompt:
        """Where search words and notes are typed."""
        return self.query_one("#prompt", Prompt)

    @property
    def editor(self) -> Editor:
        """The document on screen."""
        assert self._editor is not None  # set on mounting, before any key arrives
        return self._editor

    def tell(self, event: Event) -> None:
        """Bring an event over from another thread."""
        self.post_message(self.Happened(event))

    # What a subclass does

    def open(self, document_id: str, *, message: str = "") -> bool:
        """Show a document; False, and what is on screen stays, if it cannot be read: a dialog says why."""
        raise NotImplementedError

    def done(self, change: Change) -> None:
        """Show what a verb did, and have it saved."""
        raise NotImplementedError

    def look(self, *, follow: bool = True) -> None:
        """Show the cursor, the focus and the bars as they are now; `follow` keeps the cursor in view."""
        raise NotImplementedError

    def show_bars(self) -> None:
        """Say what there is to say."""
        raise NotImplementedError

    def label(self, name: str) -> None:
        """Give a label."""
        raise NotImplementedError

    def make_room(self, width: int, height: int) -> None:
        """Let what is beside the text have its place in a terminal of this size."""
        raise NotImplementedError

    # Opening

    def open_anew(self, message: str) -> None:
        """Show the document as the store has it now, whatever was on screen."""
        document_id, offset = self.editor.document.id, self.editor.cursor.offset
        self._tops[document_id] = self.view.top_offset
        before, self._editor = self._editor, None
        if self.open(document_id, message=message):
            self.editor.walk.go(offset)
            self.look()
        else:
            self._editor = before

    def leave(self) -> None:
        """Keep the place in the document on screen, and what it has cost."""
        self._tops[self.editor.document.id] = self.view.top_offset
        if self.editor.annotation_set.revision:
            self.workspace.save(self.editor)

    def now_opened(self) -> None:
        """A document has come onto the screen: finish and skip are dead for a moment."""
        self._opened_at = monotonic()

    @property
    def is_guarded(self) -> bool:
        """True while finish and skip are dead; a key held down keeps them so."""
        now = monotonic()
        if (now - self._opened_at) * 1000 >= self.workspace.settings.opening_guard_ms:
            return False
        self._opened_at = now
        return True

    def is_refused(self) -> bool:
        """True, and said, while nothing can be saved, since what is decided now could be lost; looks each time."""
        if self.workspace.read_only is None:
            return False
        if self.workspace.try_writing():
            self.open_anew("no longer read-only: you can decide now")
        else:
            self.say(f"read-only: {self.workspace.read_only}")
        return True

    # Keys

    def press(self, key: str, character: str | None) -> None:
        """Count the key, and act on it."""
        if self.is_too_small:
            return
        self._count_key()
        self._message = ""
        super().press(key, character)

    def _count_key(self) -> None:
        """Note a key and the time since the last one as spent on this document."""
        now = monotonic()
        effort = self.editor.annotation_set.effort
        effort.keys += 1
        effort.seconds += min(now - self._last_key, _LONGEST_PAUSE)
        self._last_key = now

    # Showing

    def say(self, message: str) -> None:
        """Say something in the status line until the next key."""
        self._message = message
        self.show_bars()

    def short_title(self) -> str:
        """So much of the document's title that there is room in the status line for what is said of it."""
        return fitted(self.editor.document.title, 20 if self.app.size.width >= WIDE_FROM else 9)

    def on_resize(self, event: events.Resize) -> None:
        """Give everything its place in the new size, in one frame."""
        self.fit_into(event.size)
        if self._editor is not None:
            self.show_bars()
            self.call_after_refresh(self.look)
        self.say_small()

    def fit_into(self, size: Size) -> None:
        """Let what is beside the text and the second row of labels give way to the text in a terminal of this size."""
        width, height = size
        self._say_too_small(width, height)
        self.make_room(width, height)
        rows = 2 if height >= 30 else 1
        more = f"{self.keymap.key('pick_label')} more…"
        bars = phrases.label_bar(self.workspace.label_set, width=width - 2, rows=rows, more=more)
        self.query_one("#labels", Bar).put(bars[0])
        second = self.query_one("#more-labels", Bar)
        second.display = len(bars) > 1
        second.put(bars[1] if len(bars) > 1 else [])
        self.query_one("#footer", Bar).put(footer(self.keymap, width=width - 2))

    def say_small(self) -> None:
        """Say that a terminal is smaller than the screen was made for, and no longer once it is not."""
        width, height = self.app.size
        if width < MADE_FOR[0] or height < MADE_FOR[1]:
            self.say(_SMALL)
        elif self._message == _SMALL:
            self.say("")

    def _say_too_small(self, width: int, height: int) -> None:
        """Show nothing but a message where there is no room for the text; keys wait until there is."""
        self.is_too_small = width < USABLE[0] or height < USABLE[1]
        self.set_class(self.is_too_small, "-too-small")
        self.query_one("#too-small", Static).update(
            f"{width}x{height} is too small: enlarge to {USABLE[0]}x{USABLE[1]}"
        )
        if self.is_too_small and self.prompt.purpose:
            self.prompt.leave()
