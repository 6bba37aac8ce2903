"""What the audit screen is made of and shows: findings above, the places of the one under the cursor below."""

from __future__ import annotations

from typing import NamedTuple

from textual import events, on
from textual.app import ComposeResult
from textual.widgets import Static

from annotator.cells.fitting import fitted
from annotator.measure.consistency import Finding, Place
from annotator.model.counting import counted
from annotator.model.dismissals import FindingKind
from annotator.model.labels import LabelSet
from annotator.tui.keys.footer import footer
from annotator.tui.keys.keyed_screen import KeyedScreen
from annotator.tui.keys.keymap import Keymap
from annotator.tui.screens.audit import rows as drawing
from annotator.tui.screens.audit.choices import AuditState, Choices
from annotator.tui.widgets.bar import Bar, Piece, pieces_width
from annotator.tui.widgets.context_row import AROUND
from annotator.tui.widgets.line_list import LineList, Row
from annotator.workspace.audit.search import Audit
from annotator.workspace.audit.texts import told_judgement, told_kind
from annotator.workspace.contexts import Contexts


class GoTo(NamedTuple):
    """A place in a document that is to be opened."""

    document_id: str
    offset: int


class AuditLists(KeyedScreen[GoTo | None]):
    """Both lists and the bars around them, of the sets of `annotator`; nothing is chosen or done here."""

    AUTO_FOCUS = "#findings"

    def __init__(
        self, annotator: str, contexts: Contexts, *, keymap: Keymap, label_set: LabelSet, state: AuditState
    ) -> None:
        super().__init__(keymap)
        self.state = state
        self.choices = Choices([], AuditState())
        self.label_set = label_set
        self.audit: Audit | None = None
        self._annotator = annotator
        self._contexts = contexts
        self._at = 0

    def compose(self) -> ComposeResult:
        """Totals, findings, what the one under the cursor may become, its places, and the keys."""
        yield Bar(id="totals")
        yield Bar(id="headings")
        yield LineList(self._draw_finding, id="findings")
        yield Bar(id="about")
        yield LineList(self._draw_place, id="places")
        yield Static(id="message", markup=False)
        yield Bar(id="treatments")
        yield Bar(id="keys")

    @property
    def findings(self) -> LineList:
        """The list of findings."""
        return self.query_one("#findings", LineList)

    @property
    def places(self) -> LineList:
        """The list of places."""
        return self.query_one("#places", LineList)

    @property
    def lines(self) -> LineList:
        """The list with the keyboard."""
        return self.places if self.focused is self.places else self.findings

    @property
    def row_cursor(self) -> LineList:
        """What the keys for rows move."""
        return self.lines

    @property
    def finding(self) -> Finding | None:
        """The finding under the cursor, if there is any."""
        return self.choices.findings[self.findings.cursor] if self.choices.findings else None

    @property
    def place(self) -> Place | None:
        """The place under the cursor, while the places have the keyboard."""
        if self.finding is None or self.lines is not self.places:
            return None
        if self._at != self.findings.cursor:
            self._show_places()
        return self.choices.places(self._at)[self.places.cursor]

    # Showing

    def show(self, audit: Audit) -> None:
        """Show what an audit has found, with the cursor where it was."""
        self.audit = audit
        dismissed = audit.dismissed if self.state.shows_dismissed else []
        self.choices = Choices(audit.findings, self.state, dismissed)
        self._at = 0
        self.places.show(0)
        self.findings.show(len(self.choices.findings), self.choices.index_of(self.state.finding))
        self._show_places(self.state.place)
        self.say_message("" if self.choices.findings else self._nothing(audit))
        self.say_all()

    def _nothing(self, audit: Audit) -> str:
        if not audit.dismissed:
            return "Everything is treated alike."
        key, count = self.keymap.key("show_dismissed"), counted(len(audit.dismissed), "finding")
        return f"Everything is treated alike, but for {count} that somebody dismissed; {key} shows that."

    def _show_places(self, at: Place | None = None) -> None:
        self._at = self.findings.cursor
        if self.finding is None:
            self.places.show(0)
            return
        places = self.choices.places(self._at)
        self.places.show(len(places), places.index(at) if at in places else 0)

    def on_resize(self, event: events.Resize) -> None:
        """Lay the columns out anew."""
        self.say_all()
        self.findings.refresh()
        self.places.refresh()

    def _draw_finding(self, index: int, width: int, is_cursor: bool) -> Row:
        choices, look = self.choices, self.findings.look
        runs = drawing.finding_row(
            choices.findings[index],
            list(choices.chosen_of(index).values()),
            width,
            self.label_set,
            is_dismissed=choices.is_dismissed(index),
        )
        return [(text, look(name)) for text, name in runs]

    def _draw_place(self, index: int, width: int, is_cursor: bool) -> Row:
        place = self.choices.places(self._at)[index]
        runs = drawing.place_row(
            self.choices.findings[self._at],
            place,
            self.choices.chosen(self._at, place),
            self._contexts.around(place, AROUND),
            self._contexts.title(place.document),
            width,
            self.label_set,
        )
        return [(text, self.places.look(name)) for text, name in runs]

    def say_message(self, message: str) -> None:
        """Show a message in place of the lists, or the lists if there is none."""
        static = self.query_one("#message", Static)
        static.update(message)
        static.display = bool(message)
        for name in ("#findings", "#places", "#about", "#headings"):
            self.query_one(name).display = not message

    def say_all(self) -> None:
        """Show totals, what the finding is, and what it may become, as they are now."""
        choices, width = self.choices, self.size.width
        totals = [Piece(f"Audit of {self._annotator}", "strong")]
        if self.audit is not None:
            totals.append(Piece(f"   {counted(len(self.audit.findings), 'finding')}", "plain"))
            if self.audit.dismissed:
                told = f", {len(self.audit.dismissed):,} dismissed"
                totals.append(Piece(told, "muted", "show_dismissed"))
            totals.append(Piece(f" in {counted(self.audit.sets, 'annotation set')}", "muted"))
        chosen = choices.total
        key = self.keymap.key("mend")
        pending = [Piece(f"{key} mends {counted(chosen, 'place')}", "hit", "mend")] if chosen else []
        self.query_one("#totals", Bar).put(totals, pending)
        self.query_one("#headings", Bar).put(
            [Piece(*run) for run in drawing.finding_headings(max(0, width - 2))]
        )
        self.query_one("#keys", Bar).put(footer(self.keymap, width=width - 2))
        self._say_finding()

    def _say_finding(self) -> None:
        finding = self.finding
        if finding is None:
            self.query_one("#about", Bar).put([])
            self.query_one("#treatments", Bar).put([])
            return
        index = self.findings.cursor
        about = [Piece(finding.surface, "strong"), Piece(f"  {told_kind(finding)}  ", "muted")]
        about += [Piece(*run) for run in drawing.count_runs(finding, self.label_set)]
        judgement = self.audit.judgements.get(finding.key) if self.audit is not None else None
        if judgement is not None:
            is_dismissed = self.choices.is_dismissed(index)
            told = told_judgement(judgement, is_dismissed=is_dismissed)
            about.append(Piece(f"  {told}", "muted" if is_dismissed else "warn"))
        self.query_one("#about", Bar).put(
            about, [Piece(f"{self.places.cursor + 1:,} of {self.places.count:,}", "muted")]
        )
        if self.choices.is_dismissed(index):
            key = Piece(f"{self.keymap.key('restore_finding')} ", "key", "restore_finding")
            says = Piece("has it told again", "muted", "restore_finding")
            self.query_one("#treatments", Bar).put([key, says])
            return
        whom = "all places become" if self.place is None else "this place becomes"
        pieces = [Piece(f"{whom}  ", "muted")]
        for number, name in enumerate(self.choices.treatments(index)[:9], 1):
            run = drawing.treatment_run(finding, name, self.label_set)
            pieces += [Piece(f"{number} ", "key"), Piece(*run), Piece("   ")]
        if finding.kind is not FindingKind.EDGES:
            pieces.append(Piece(f"{self.keymap.key('pick_label')} another label", "muted", "pick_label"))
        at = self.place or self.choices.places(index)[0]
        room = self.size.width - pieces_width(pieces) - 4
        self.query_one("#treatments", Bar).put(
            pieces, [Piece(fitted(self._contexts.title(at.document), room), "muted")]
        )

    @on(LineList.Highlighted, "#findings")
    def _on_finding_highlighted(self) -> None:
        self._show_places()
        self._settle()

    @on(LineList.Highlighted, "#places")
    def _on_place_highlighted(self) -> None:
        self._settle()

    def _settle(self) -> None:
        """Keep the cursor's place for the next time, and say what is there."""
        if self.finding is not None:
            self.state.finding, self.state.place = self.finding.key, self.place
        self._say_finding()

    # Moving

    def action_switch(self) -> None:
        """Go to the places, or back to the findings."""
        if self.finding is not None:
            self.set_focus(self.findings if self.lines is self.places else self.places)
            self._settle()
