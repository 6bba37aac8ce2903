"""The cases behind a figure of agreement: a list, and below it the text as either side has marked it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from textual import events, on
from textual.app import ComposeResult
from textual.message import Message
from textual.widgets import Static
from textual.worker import get_current_worker

from annotator.errors import InputError, StoreError
from annotator.measure.alignment import KINDS, Kind
from annotator.measure.corpus import Corpus
from annotator.model.labels import LabelSet
from annotator.model.spans import Labelled
from annotator.store.repository import Store
from annotator.tui.keys.footer import footer
from annotator.tui.keys.keyed_screen import KeyedScreen
from annotator.tui.keys.keymap import Keymap
from annotator.tui.layout.lines import Mode
from annotator.tui.screens.agreement.rows import case_headings, case_row, kind_word
from annotator.tui.widgets.bar import Bar, Piece
from annotator.tui.widgets.line_list import LineList, Row
from annotator.tui.widgets.two_texts import Side, TwoTexts
from annotator.workspace.agreement.cases import Behind, PairCase, cases_behind

_TEXTS = 64
"""So many texts stay in memory."""
_EACH = 1000
"""After so many cases the search looks whether anybody still wants them."""


class Place(NamedTuple):
    """A place in a document that is to be opened."""

    document_id: str
    offset: int


class CasesScreen(KeyedScreen[Place | None]):
    """The cases behind one cell, at first those where the two differ; Enter gives the text the whole screen.

    Dismissed with a place to open, or None to go back.
    """

    CSS_PATH = "cases.tcss"
    AUTO_FOCUS = "LineList"

    @dataclass
    class CasesFound(Message):
        """All cases of the cell are there."""

        cases: list[PairCase]

    def __init__(
        self, store: Store, corpus: Corpus, behind: Behind, *, keymap: Keymap, label_set: LabelSet, mode: Mode
    ) -> None:
        super().__init__(keymap)
        self._store = store
        self._corpus = corpus
        self._behind = behind
        self._label_set = label_set
        self._mode: Mode = mode
        self._all: list[PairCase] | None = None
        self._shown: list[PairCase] = []
        self._filters: list[tuple[str, frozenset[Kind]]] = []
        self._filter = 0
        self._text = lru_cache(maxsize=_TEXTS)(self._read)

    def compose(self) -> ComposeResult:
        """What the cell is, what is shown of it, the list, the text on both sides, and the keys."""
        yield Bar(id="title")
        yield Bar(id="shown")
        yield Bar(id="headings")
        yield LineList(self._draw_row, id="rows")
        yield Static("looking for the cases…", id="nothing", markup=False)
        yield TwoTexts(self._label_set, mode=self._mode, id="texts")
        yield Bar(id="keys")

    @property
    def lines(self) -> LineList:
        """The rows."""
        return self.query_one(LineList)

    @property
    def row_cursor(self) -> LineList:
        """What the keys for rows move."""
        return self.lines

    @property
    def pointed_at(self) -> PairCase | None:
        """The case under the cursor, if any is shown."""
        return self._shown[self.lines.cursor] if self._shown else None

    @property
    def texts(self) -> TwoTexts:
        """The text on both sides."""
        return self.query_one(TwoTexts)

    @property
    def is_reading(self) -> bool:
        """True while the text has the whole screen."""
        return self.has_class("-reading")

    def on_mount(self) -> None:
        """Look for the cases; large corpora have many."""
        self._say()
        self.run_worker(self._find, thread=True)

    def _find(self) -> None:
        worker = get_current_worker()
        found: list[PairCase] = []
        for each in cases_behind(self._corpus, self._behind):
            found.append(each)
            if len(found) % _EACH == 0 and worker.is_cancelled:
                return
        self.post_message(self.CasesFound(found))

    def on_cases_screen_cases_found(self, message: CasesFound) -> None:
        """Show those that differ or, where none does, all."""
        self._all = message.cases
        counts = Counter(each.case.kind for each in message.cases)
        agreeing = self._behind.matching.agreeing
        kinds = [("differences", frozenset(KINDS) - agreeing), ("all", frozenset(KINDS))]
        words = {each.case.kind: kind_word(each) for each in message.cases}
        several = len(self._behind.pairs) > 1
        for kind in KINDS:
            if counts[kind]:
                is_lone = kind in (Kind.ONLY_A, Kind.ONLY_B)
                kinds.append((kind.value if several and is_lone else words[kind], frozenset({kind})))
        self._filters = [(name, fitting) for name, fitting in kinds if any(counts[kind] for kind in fitting)]
        self._filter = 0
        self._arrange()

    def on_resize(self, event: events.Resize) -> None:
        """Let columns give way."""
        self._say()
        self.lines.refresh()
        self.call_after_refresh(self._look)

    # Showing

    def _arrange(self) -> None:
        """Show the cases of the filter; the cursor stays on its case where that is shown."""
        before = self.pointed_at
        wanted = self._filters[self._filter][1] if self._filters else frozenset(KINDS)
        self._shown = [each for each in self._all or () if each.case.kind in wanted]
        place = self._shown.index(before) if before in self._shown else 0
        self.lines.show(len(self._shown), place)
        self._say()
        self.call_after_refresh(self._look)

    def _say(self) -> None:
        width = self.size.width
        total = "" if self._all is None else f"{len(self._all):,} cases"
        self.query_one("#title", Bar).put([Piece(self._behind.title, "strong")], [Piece(total, "muted")])
        self.query_one("#shown", Bar).put(*self._shown_pieces())
        names = self._behind.pairs[0] if len(self._behind.pairs) == 1 else ()
        headings = case_headings(names, width - 2)
        self.query_one("#headings", Bar).put([Piece(*run) for run in headings])
        self.query_one("#keys", Bar).put(footer(self.keymap, width=width - 2))
        nothing = self.query_one("#nothing", Static)
        nothing.display = not self._shown
        if self._all is not None:
            nothing.update("There is no case behind this figure.")
        for each in ("#rows", "#headings", "#texts"):
            self.query_one(each).display = bool(self._shown)
        if self.is_reading:
            for each in ("#rows", "#headings"):
                self.query_one(each).display = False

    def _shown_pieces(self) -> tuple[list[Piece], list[Piece]]:
        if self.is_reading and (case := self.pointed_at) is not None:
            return [Piece(self._title(case), "plain")], [
                Piece(f"  {kind_word(case)}", "strong"),
                Piece(f"  {self.lines.cursor + 1:,} of {len(self._shown):,}", "muted"),
            ]
        pieces = [Piece("show", "muted")]
        for index, (name, _) in enumerate(self._filters):
            pieces += [Piece("  "), Piece(name, "hit" if index == self._filter else "muted", "filter")]
        return pieces, [Piece(f"{len(self._shown):,} shown" if self._all is not None else "", "muted")]

    def _draw_row(self, index: int, width: int, is_cursor: bool) -> Row:
        each = self._shown[index]
        known = self._label_set.by_name
        runs = case_row(
            each,
            self._title(each),
            self._text(each.case.document),
            width,
            names_sides=len(self._behind.pairs) > 1,
            colour=lambda label: known[label].colour if label in known else "muted",
        )
        return [(text, self.lines.look(look)) for text, look in runs]

    def _look(self) -> None:
        """Show the text where the cursor's case is, as either side has marked it."""
        each = self.pointed_at
        text = self._text(each.case.document) if each is not None else None
        if each is None or text is None:
            return
        case = each.case
        sides = (
            Side(name, self._spans(name, case.document), span)
            for name, span in ((each.a, case.a), (each.b, case.b))
        )
        self.texts.show(case.document, text, each.place, *sides)

    def _spans(self, annotator: str, document_id: str) -> list[Labelled]:
        """What an annotator has marked in a document, as it was measured."""
        corpus = self._corpus
        row = corpus.position(annotator)
        spans = corpus.spans[row]
        items = spans.item[spans.document == corpus.ids.index(document_id)]
        return [corpus.items[row][item] for item in items.tolist()]

    def _title(self, each: PairCase) -> str:
        entry = self._store.catalogue.get(each.case.document)
        return entry.title if entry is not None else each.case.document

    def _read(self, document_id: str) -> str | None:
        try:
            return self._store.document(document_id).text
        except (StoreError, InputError):  # damaged since it was measured: offsets are shown instead
            return None

    @on(LineList.Highlighted)
    def _on_highlighted(self) -> None:
        if self.is_reading:
            self._say()
        self._look()

    @on(LineList.Chosen)
    def _on_chosen(self) -> None:
        self._read_in_full(True)

    def _read_in_full(self, is_reading: bool) -> None:
        self.set_class(is_reading, "-reading")
        self._say()
        self.call_after_refresh(self._look)

    # Actions

    def action_open(self) -> None:
        """Give the text the whole screen."""
        self.lines.choose()

    def action_annotate(self) -> None:
        """Leave for the annotator's own document at this place."""
        if (each := self.pointed_at) is not None:
            self.dismiss(Place(each.case.document, each.place[0]))

    def action_filter(self) -> None:
        """Show the next kind of cases."""
        if self._filters:
            self._filter = (self._filter + 1) % len(self._filters)
            self._arrange()

    def action_toggle_mode(self) -> None:
        """Show labels in a row of their own, or as keys."""
        if (each := self.pointed_at) is not None:
            self.texts.toggle_mode(each.place[0])

    def action_page_up(self) -> None:
        """Go a page up: in the text where that is read, else in the list."""
        self._page(-1)

    def action_page_down(self) -> None:
        """Go a page down: in the text where that is read, else in the list."""
        self._page(1)

    def _page(self, pages: int) -> None:
        if self.is_reading:
            self.texts.page(pages)
        else:
            self.lines.page(pages)

    def action_close(self) -> None:
        """Go back to the list, and from there to the figures."""
        if self.is_reading:
            self._read_in_full(False)
        else:
            self.dismiss(None)
