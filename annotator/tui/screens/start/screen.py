"""The start page: shown where there is no store yet, it says what the program does and offers the ways to begin."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Input, Static

from annotator.cells.fitting import filled
from annotator.errors import AnnotatorError
from annotator.model.counting import counted
from annotator.model.resources import label_set_names, load_label_set
from annotator.tui.keys.footer import footer
from annotator.tui.keys.keyed_screen import KeyedScreen
from annotator.tui.keys.keymap import Keymap
from annotator.tui.screens.start.choice import Choice, Way
from annotator.tui.screens.start.paths import PathSuggester, texts_in
from annotator.tui.widgets.bar import Bar, Piece
from annotator.tui.widgets.line_list import LineList, Row
from annotator.tui.widgets.looks import Run, content

_JOB: tuple[str, ...] = (
    "A spaCy pipeline suggests entities; you see them highlighted in the text.",
    "One key decides: ⏎ accepts, a label's key corrects the label, x rejects, f marks what was missed.",
    "space finishes a document and opens the next one. Every decision is saved at once, and u undoes it.",
    "annotator export writes training data for spaCy, Prodigy, brat, INCEpTION, Label Studio and others.",
)
_PATH, _LABELS = "path", "labels"
_DEFAULT_LABELS = "news"


class StartScreen(KeyedScreen[Choice | None]):
    """The ways to begin; dismissed with the one that was chosen, or None.

    `store` is where annotations would go; `recent` are stores that were opened here before, `texts` how many text files lie
    in the folder that the program was started in.
    """

    CSS_PATH = "start.tcss"
    AUTO_FOCUS = "LineList"

    def __init__(self, keymap: Keymap, *, store: Path, recent: Sequence[Path], texts: int) -> None:
        super().__init__(keymap)
        self._store = store
        self._texts = texts
        self._ways: list[tuple[Choice, str, str]] = [
            (Choice(Way.TOUR), "Take the tour", "two minutes on a sample text, key by key"),
            (Choice(Way.TEXTS), "Annotate my own texts", "a text file, or a folder of them"),
            (Choice(Way.SAMPLES), "Open the samples", f"14 news articles, in {_short(store)}"),
        ]
        self._ways += [
            (Choice(Way.STORE, path), f"Continue {path.name}", _short(path.parent)) for path in recent
        ]
        self._asks = ""
        """What is being asked for: a path or labels; empty while the list has the keyboard."""
        self._path = ""

    def compose(self) -> ComposeResult:
        """The job in four lines, the ways to begin, and a line to type in."""
        yield Bar(id="title")
        with VerticalScroll(id="page", can_focus=False):
            yield Static(id="job", markup=False)
            yield LineList(self._draw_row, count=len(self._ways), id="ways")
            yield Static(id="asked", markup=False)
            yield Input(id="typed", compact=True, select_on_focus=False, suggester=PathSuggester())
            yield Static(id="said", markup=False)
        yield Bar(id="keys")

    def on_mount(self) -> None:
        """Say what it is about."""
        self.query_one("#title", Bar).put(
            [
                Piece("annotator", "heading"),
                Piece("  gold-standard entity annotations in the terminal", "muted"),
            ]
        )
        lines: list[list[Run]] = [[("How it works", "strong")]]
        lines += [[(f"  {number}  ", "muted"), (line, "plain")] for number, line in enumerate(_JOB, 1)]
        self.query_one("#job", Static).update(content(lines))
        self.query_one(LineList).styles.height = len(self._ways)
        self._show_keys()

    @property
    def row_cursor(self) -> LineList:
        """What the keys for rows move."""
        return self.query_one(LineList)

    def _draw_row(self, index: int, width: int, is_cursor: bool) -> Row:
        _, text, aside = self._ways[index]
        look = self.row_cursor.look
        column = min(28, width // 2)
        return [
            ("▸ " if is_cursor else "  ", look("key")),
            (filled(text, column), look("strong" if is_cursor else "plain")),
            (filled(aside, max(0, width - column - 2)), look("muted")),
        ]

    def _show_keys(self) -> None:
        if self._asks:
            pieces = [Piece("⏎", "key"), Piece(" go on  ", "muted"), Piece("→", "key")]
            pieces += [Piece(" complete  ", "muted"), Piece("esc", "key"), Piece(" back", "muted")]
        else:
            pieces = footer(self.keymap)
        self.query_one("#keys", Bar).put(pieces)

    # Choosing

    @on(LineList.Chosen)
    def _on_chosen(self, message: LineList.Chosen) -> None:
        choice = self._ways[message.index][0]
        if choice.way is Way.TEXTS:
            self._ask(_PATH, "." if self._texts else "")
        else:
            self.dismiss(choice)

    def action_choose(self) -> None:
        """Begin in the way under the cursor."""
        self.row_cursor.choose()

    def action_leave(self) -> None:
        """Leave the program."""
        self.dismiss(None)

    # Asking for texts and labels

    def _ask(self, what: str, text: str) -> None:
        self._asks = what
        asked = "Which texts? A file or a folder:" if what == _PATH else "Which labels?"
        self.query_one("#asked", Static).update(asked)
        typed = self.query_one(Input)
        typed.suggester = PathSuggester() if what == _PATH else None
        typed.value = text
        typed.cursor_position = len(text)
        self.query_one("#page").set_class(True, "-asking")
        self.set_focus(typed)  # at once: the next key is the first letter
        self._say_what_is_typed()
        self._show_keys()

    @on(Input.Changed)
    def _say_what_is_typed(self) -> None:
        said = texts_in(self._typed)[1] if self._asks == _PATH else self._labels_said()
        self.query_one("#said", Static).update(content([[(said, "muted")]]))

    @property
    def _labels_asked(self) -> str:
        """What was typed, as --labels takes it: a single word that is neither a name nor a file is a label."""
        typed = self._typed
        is_label = (
            typed
            and "," not in typed
            and typed not in label_set_names()
            and not Path(typed).expanduser().exists()
        )
        return f"{typed}," if is_label and "/" not in typed and "." not in typed else typed

    def _labels_said(self) -> str:
        try:
            label_set = load_label_set(self._labels_asked)
        except AnnotatorError:
            names = ", ".join(label_set_names())
            return f"a name ({names}), a label set file, or your own labels with commas between: PARTY, CANDIDATE"
        return f"{counted(len(label_set.labels), 'label')}: {', '.join(label.name for label in label_set.labels)}"

    @property
    def _typed(self) -> str:
        return self.query_one(Input).value.strip()

    @on(Input.Submitted)
    def _on_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if self._asks == _PATH:
            count, said = texts_in(self._typed)
            if count:
                self._path = self._typed
                self._ask(_LABELS, _DEFAULT_LABELS)
            else:
                self._warn(said)
            return
        try:
            load_label_set(self._labels_asked)
        except AnnotatorError as error:
            self._warn(f"{error.message}: {error.hint}" if error.hint else error.message)
        else:
            self.dismiss(Choice(Way.TEXTS, Path(self._path).expanduser(), self._labels_asked))

    def _warn(self, text: str) -> None:
        self.query_one("#said", Static).update(content([[(text, "warn")]]))

    def on_input_key(self, event: object) -> None:
        """Escape goes a question back."""
        if getattr(event, "key", "") != "escape":
            return
        if self._asks == _LABELS:
            self._ask(_PATH, self._path)
        else:
            self._asks = ""
            self.query_one("#page").set_class(False, "-asking")
            self.row_cursor.focus()
            self._show_keys()


def _short(path: Path) -> str:
    """A path as a person would write it: from here, or from home."""
    absolute = path.absolute()
    for base, start in ((Path.cwd(), "."), (Path.home(), "~")):
        if absolute.is_relative_to(base):
            return (
                str(Path(start) / absolute.relative_to(base))
                if start == "~"
                else f"./{absolute.relative_to(base)}"
            )
    return str(absolute)
