"""The feedback screen: where an annotator's spans differ from gold, each in its text, with what the reviewer said."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from textual import events, on
from textual.app import ComposeResult
from textual.widgets import Static

from annotator.model.assignments import Returned
from annotator.model.counting import counted
from annotator.model.labels import LabelSet
from annotator.review.feedback import Feedback
from annotator.tui.keys.footer import footer
from annotator.tui.keys.keyed_screen import KeyedScreen
from annotator.tui.keys.keymap import Keymap
from annotator.tui.layout.lines import Mode
from annotator.tui.screens.feedback.findings import KINDS, Columns, Entry, FeedbackState, Findings
from annotator.tui.widgets.bar import SENT_BACK, Bar, Piece
from annotator.tui.widgets.line_list import LineList, Row
from annotator.tui.widgets.looks import Run, content
from annotator.tui.widgets.prompt import Prompt
from annotator.tui.widgets.two_texts import Side, TwoTexts

_WIDE = 100


class Place(NamedTuple):
    """A place in a document that is to be opened."""

    document_id: str
    offset: int


@dataclass(frozen=True)
class Lead:
    """What only a lead may do: send a document back with a comment, and take that back. Both say what went wrong themselves.

    `send_back(document_id, comment)` gives what the annotator will see, None if it failed; `take_back` is True if it
    was done.
    """

    send_back: Callable[[str, str], Returned | None]
    take_back: Callable[[str], bool]


class FeedbackScreen(KeyedScreen[Place | None]):
    """A list of findings above the text, which stands twice: with the annotator's spans, and with gold's.

    Dismissed with the place to open, or None to go back. `state` is kept by whoever opens the screen, so that it
    comes back as it was left. `show_comments` shows whole what was said about an entry. Without `lead` it is about
    one's own work.
    """

    CSS_PATH = "feedback.tcss"
    AUTO_FOCUS = "LineList"

    def __init__(
        self,
        feedback: Feedback,
        *,
        returned: Mapping[str, Returned],
        keymap: Keymap,
        label_set: LabelSet,
        state: FeedbackState,
        mode: Mode,
        show_comments: Callable[[Entry, Returned | None], None],
        lead: Lead | None,
    ) -> None:
        super().__init__(keymap)
        self.state = state
        self.findings = Findings(feedback, state)
        self.returned = dict(returned)
        self._feedback = feedback
        self._label_set = label_set
        self._mode: Mode = mode
        self._show_comments = show_comments
        self._lead = lead
        self._columns = self._columns_for(80)
        self._put_on = self.findings.nearest()

    def compose(self) -> ComposeResult:
        """Totals, kinds, the list, both sides of the text, what was said, and the keys."""
        yield Bar(id="totals")
        yield Bar(id="kinds")
        yield Bar(id="headings")
        yield LineList(self._draw_row, count=len(self.findings.shown), cursor=self._put_on, id="rows")
        yield Static(id="nothing", markup=False)
        yield TwoTexts(self._label_set, mode=self._mode, id="sides")
        yield Static(id="said", markup=False)
        yield Prompt(id="prompt")
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
    def pointed_at(self) -> Entry | None:
        """What the cursor is on, if anything is shown."""
        return self.findings.shown[self.lines.cursor] if self.findings.shown else None

    @property
    def prompt(self) -> Prompt:
        """Where a comment is typed."""
        return self.query_one(Prompt)

    @property
    def sides(self) -> TwoTexts:
        """The text, twice."""
        return self.query_one(TwoTexts)

    def on_mount(self) -> None:
        """Show where the cursor is, once the sides have their width."""
        self._say()
        self.call_after_refresh(self._look)

    def on_resize(self, event: events.Resize) -> None:
        """Let columns give way."""
        self._columns = self._columns_for(event.size.width)
        self._say()
        self.lines.refresh()
        self.call_after_refresh(self._look)

    # Showing

    def _columns_for(self, width: int) -> Columns:
        # A cell on either side of the list, and one for the scrollbar whether it shows or not.
        return Columns(max(0, width - 3), annotator=self._feedback.annotator, label_set=self._label_set)

    def _draw_row(self, index: int, width: int, is_cursor: bool) -> Row:
        runs = self._columns.runs(self.findings.shown[index], returned=self.returned)
        return [(text, self.lines.look(look)) for text, look in runs]

    def _say(self) -> None:
        """Show totals, kinds and headings as they are now."""
        feedback, findings = self._feedback, self.findings
        golden = sum(len(each.gold) for each in feedback.documents)
        self.query_one("#totals", Bar).put(
            [
                Piece(f"Feedback to {feedback.annotator}", "strong"),
                Piece(f"   {counted(len(feedback.documents), 'document')}", "muted"),
                Piece(f"   {feedback.correct:,} of {golden:,} gold spans", "good"),
            ],
            [Piece(f"{SENT_BACK} {len(self.returned)} sent back", "warn" if self.returned else "muted")],
        )
        self.query_one("#kinds", Bar).put(self._kinds())
        self.query_one("#headings", Bar).put([Piece(*run) for run in self._columns.headings()])
        self.query_one("#keys", Bar).put(footer(self.keymap, width=self.size.width - 2))
        for each in ("#rows", "#headings", "#sides", "#said"):
            self.query_one(each).display = bool(findings.shown)
        nothing = self.query_one("#nothing", Static)
        nothing.display = not findings.shown
        nothing.update(
            f"Nothing of this kind; {self.keymap.key('show_all')} shows all."
            if findings.all
            else "No differences."
        )

    def _kinds(self) -> list[Piece]:
        pieces: list[Piece] = []
        for kind, count in (
            (None, len(self.findings.all)),
            *((kind, self.findings.counts[kind]) for kind in KINDS),
        ):
            word = kind or "all"
            action = f"show_{word}"
            is_shown = kind == self.state.kind
            if not (count or is_shown or self.size.width >= _WIDE):
                continue
            pieces += [
                Piece(f"{self.keymap.key(action)} ", "key", action),
                Piece(f"{word} {count:,}", "hit" if is_shown else "plain" if count else "muted", action),
                Piece("   " if self.size.width >= _WIDE else "  "),
            ]
        return pieces

    def _look(self) -> None:
        """Show the text where the cursor's entry is, and what was said about it."""
        entry = self.pointed_at
        if entry is None:
            return
        found = entry.document
        self.sides.show(
            entry.document_id,
            found.document.text,
            (entry.what.start, entry.what.end),
            Side(self._feedback.annotator, found.own, entry.own),
            Side("gold", found.gold, entry.gold),
        )
        self.query_one("#said", Static).update(content(self._said(entry)))

    def _said(self, entry: Entry) -> list[list[Run]]:
        """What was said about the entry, and about its document when it was sent back: at most a line each."""
        lines: list[list[Run]] = []
        if entry.comments:
            lines.append([(" · ".join(f"“{each.text}”" for each in entry.comments), "strong")])
        if (back := self.returned.get(entry.document_id)) is not None:
            lines.append([(f"{SENT_BACK} sent back by {back.who}: ", "warn"), (f"“{back.comment}”", "plain")])
        return lines

    @on(LineList.Highlighted)
    def _on_highlighted(self) -> None:
        self._settle()
        self._look()

    @on(LineList.Chosen)
    def _on_chosen(self) -> None:
        self.action_open()

    def _settle(self) -> None:
        """Take what the cursor is on as its place from now on."""
        if (entry := self.pointed_at) is not None:
            self.state.document_id, self.state.start = entry.document_id, entry.what.start

    # Actions

    def show_kind(self, kind: str | None) -> None:
        """Show the findings of one kind, or all."""
        if self.lines.cursor != self._put_on:
            self._settle()
        self.state.kind = kind
        self.findings.arrange()
        self._put_on = self.findings.nearest()
        self.lines.show(len(self.findings.shown), self._put_on)
        self._say()
        self.call_after_refresh(self._look)

    def action_open(self) -> None:
        """Open the document at the cursor's finding."""
        if (entry := self.pointed_at) is not None:
            self._settle()
            self.dismiss(Place(entry.document_id, entry.what.start))

    def action_comments(self) -> None:
        """Show all that was said about what the cursor is on."""
        if (entry := self.pointed_at) is None:
            return
        back = self.returned.get(entry.document_id)
        if entry.comments or back is not None:
            self._show_comments(entry, back)
        else:
            self.notify("Nobody has said anything about it.", markup=False)

    def action_toggle_mode(self) -> None:
        """Show labels in a row of their own, or as keys."""
        if (entry := self.pointed_at) is not None:
            self.sides.toggle_mode(entry.what.start)

    def action_next_document(self) -> None:
        """Go to the first finding of the next document."""
        self._go_to_document(1)

    def action_previous_document(self) -> None:
        """Go to the first finding of the document before."""
        self._go_to_document(-1)

    def _go_to_document(self, step: int) -> None:
        if (
            self.findings.shown
            and (place := self.findings.document_beside(self.lines.cursor, step)) is not None
        ):
            self.lines.move_to(place)

    def action_close(self) -> None:
        """Go back."""
        self._settle()
        self.dismiss(None)

    # Sending back

    def action_send_back(self) -> None:
        """Ask for the comment with which the document goes back."""
        entry = self.pointed_at
        if entry is None or not self._may_lead():
            return
        back = self.returned.get(entry.document_id)
        self.query_one("#keys").display = False
        self.prompt.ask("send back with the comment", back.comment if back else "")

    def action_take_back(self) -> None:
        """Take back the sending back of the document."""
        entry = self.pointed_at
        if entry is None or self._lead is None or not self._may_lead():
            return
        if entry.document_id not in self.returned:
            self.notify("This document has not been sent back.", markup=False)
        elif self._lead.take_back(entry.document_id):
            del self.returned[entry.document_id]
            self._returns_changed()

    def _may_lead(self) -> bool:
        if self._lead is None:
            self.notify("This is your own work: a lead sends documents back.", markup=False)
        return self._lead is not None

    @on(Prompt.Answered)
    def _on_comment_given(self, message: Prompt.Answered) -> None:
        self._end_prompt()
        entry = self.pointed_at
        if entry is None or self._lead is None:
            return
        if not message.text.strip():
            self.notify("Nothing was sent back: it needs a comment.", markup=False)
        elif (back := self._lead.send_back(entry.document_id, message.text)) is not None:
            self.returned[entry.document_id] = back
            self._returns_changed()

    @on(Prompt.Left)
    def _end_prompt(self) -> None:
        self.prompt.end()
        self.query_one("#keys").display = True
        self.set_focus(self.lines)

    def on_input_key(self, event: events.Key) -> None:
        """Esc leaves the comment."""
        if event.key == "escape":
            self.prompt.leave()

    def _returns_changed(self) -> None:
        self._say()
        self._look()
        self.lines.refresh()
