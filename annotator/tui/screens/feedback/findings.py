"""The findings of a feedback as a person filters and walks them, and how a row tells of one; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from annotator.cells.fitting import cell_width, filled, fitted
from annotator.model.decisions import Comment
from annotator.model.labels import LabelSet
from annotator.model.spans import Labelled
from annotator.review.feedback import DocumentFeedback, Error, Feedback, Finding
from annotator.tui.widgets.bar import SENT_BACK
from annotator.tui.widgets.looks import Run

REMARK = "comment"
"""The kind of a comment that is on no finding."""

KINDS: dict[str, Error | None] = {
    "missed": Error.MISSED,
    "spurious": Error.SPURIOUS,
    "label": Error.LABEL,
    "boundary": Error.BOUNDARY,
    "both": Error.BOTH,
    REMARK: None,
}
"""What may be shown alone, by the word for it on the screen."""

COMMENTED = "!"
NOTHING = "–"

_WORDS = {error: word for word, error in KINDS.items() if error is not None}
_KIND_CELLS = 8
_MARK_CELLS = 2
_GAP: Run = ("  ", "plain")


@dataclass(frozen=True, slots=True)
class Entry:
    """A finding in a document, or a comment there that is on none."""

    document: DocumentFeedback
    what: Finding | Comment

    @property
    def kind(self) -> str:
        """The word for what it is, one of KINDS."""
        return REMARK if isinstance(self.what, Comment) else _WORDS[self.what.error]

    @property
    def document_id(self) -> str:
        """The document it is in."""
        return self.document.document.id

    @property
    def own(self) -> Labelled | None:
        """The annotator's span, if it is about one."""
        return None if isinstance(self.what, Comment) else self.what.own

    @property
    def gold(self) -> Labelled | None:
        """Gold's span, if it is about one."""
        return None if isinstance(self.what, Comment) else self.what.gold

    @property
    def comments(self) -> Sequence[Comment]:
        """What the reviewer said about it."""
        return (self.what,) if isinstance(self.what, Comment) else self.what.comments


@dataclass(slots=True)
class FeedbackState:
    """What stays when the screen is left and opened again: the kind that is shown alone, and the cursor's place."""

    kind: str | None = None
    document_id: str = ""
    start: int = 0


class Findings:
    """The entries of a feedback, of which those of the state's kind are shown; `arrange` after it has changed."""

    def __init__(self, feedback: Feedback, state: FeedbackState) -> None:
        self.state = state
        self.all = [Entry(document, what) for document in feedback.documents for what in _in_order(document)]
        self.counts = Counter(entry.kind for entry in self.all)
        self.shown: Sequence[Entry] = self.all
        self._places = {each.document.id: place for place, each in enumerate(feedback.documents)}
        self.arrange()

    def arrange(self) -> None:
        """Show what the state says."""
        kind = self.state.kind
        self.shown = self.all if kind is None else [entry for entry in self.all if entry.kind == kind]

    def nearest(self) -> int:
        """Where the cursor's place is among what is shown, or what stands next behind it; the last beyond the end."""
        here = (self._places.get(self.state.document_id, 0), self.state.start)
        places = ((self._places[each.document_id], each.what.start) for each in self.shown)
        behind = (index for index, place in enumerate(places) if place >= here)
        return next(behind, max(0, len(self.shown) - 1))

    def document_beside(self, index: int, step: int) -> int | None:
        """The first entry shown of the document behind (1) or before (-1) that of `index`; None beyond either end."""
        here = self.shown[index].document_id
        beside = index
        while 0 <= beside < len(self.shown) and self.shown[beside].document_id == here:
            beside += step
        if not 0 <= beside < len(self.shown):
            return None
        there = self.shown[beside].document_id
        return next(place for place, each in enumerate(self.shown) if each.document_id == there)


def _in_order(document: DocumentFeedback) -> list[Finding | Comment]:
    found: list[Finding | Comment] = [*document.findings, *document.remarks]
    return sorted(found, key=lambda each: (each.start, each.end))


class Columns:
    """What a row says in `width` cells: kind, the annotator's span, gold's, marks, and the document's title."""

    def __init__(self, width: int, *, annotator: str, label_set: LabelSet) -> None:
        room = max(0, width - _KIND_CELLS - _MARK_CELLS - 4 * cell_width(_GAP[0]))
        self._span_cells = min(40, room * 3 // 8)
        self._title_cells = room - 2 * self._span_cells
        self._annotator = annotator
        self._label_set = label_set

    def headings(self) -> list[Run]:
        """The row of headings."""
        texts = (
            ("", _KIND_CELLS),
            (self._annotator, self._span_cells),
            ("gold", self._span_cells),
            ("", _MARK_CELLS),
            ("document", self._title_cells),
        )
        runs: list[Run] = []
        for text, cells in texts:
            runs += [(filled(text, cells), "muted"), _GAP]
        return runs[:-1]

    def runs(self, entry: Entry, *, returned: Collection[str]) -> list[Run]:
        """One entry."""
        document = entry.document.document
        marks = (SENT_BACK if entry.document_id in returned else " ") + (COMMENTED if entry.comments else " ")
        return [
            (filled(entry.kind, _KIND_CELLS), "strong"),
            _GAP,
            *self._span(entry, entry.own),
            _GAP,
            *self._span(entry, entry.gold),
            _GAP,
            (marks, "warn"),
            _GAP,
            (fitted(document.title or document.id, self._title_cells), "muted"),
        ]

    def _span(self, entry: Entry, span: Labelled | None) -> list[Run]:
        text = entry.document.document.text
        if isinstance(entry.what, Comment):
            return [(filled(text[entry.what.start : entry.what.end], self._span_cells), "muted")]
        if span is None:
            return [(filled(NOTHING, self._span_cells), "muted")]
        label = self._label_set.by_name.get(span.label)
        shown = fitted(text[span.start : span.end], max(0, self._span_cells - cell_width(span.label) - 1))
        blanks = max(0, self._span_cells - cell_width(shown) - 1 - cell_width(span.label))
        return [
            (f"{shown} ", "plain"),
            (span.label, label.colour if label else "warn"),
            (" " * blanks, "plain"),
        ]
