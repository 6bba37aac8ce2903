"""All mentions in the store: what a correction would do to them is looked for, shown, and done when it is confirmed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from textual import events, on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Static

from annotator.cells.fitting import fitted
from annotator.errors import AnnotatorError
from annotator.model.labels import LabelSet
from annotator.store.plans import Plan
from annotator.tui.keys.action import ROWS, Action, page_down
from annotator.tui.keys.footer import footer
from annotator.tui.keys.keymap import Keymap
from annotator.tui.progress import Looking, LookingStopped
from annotator.tui.screens.dialogs.dialog import Dialog
from annotator.tui.screens.dialogs.mention_rows import mention_row, numbers
from annotator.tui.screens.dialogs.message import error_dialog
from annotator.tui.widgets.bar import Bar, Piece, spaced
from annotator.tui.widgets.context_row import AROUND
from annotator.tui.widgets.line_list import LineList, Row
from annotator.tui.widgets.looks import content
from annotator.workspace.contexts import Contexts
from annotator.workspace.steps.mentions import FoundMention, MentionService, MentionSurvey

_WIDEST = 116
_NUMBERS = 6
"""The most rows for what is counted, with a blank one above and below."""
_FRAME_ROWS = 5
"""The border, the title, the keys, and what the list shows."""
_FEWEST_ROWS, _MOST_ROWS = 6, 18


@dataclass(frozen=True, slots=True)
class Applied:
    """A step that was made: how many mentions it decided on, and how many were left alone."""

    plan: Plan
    mentions: int
    skipped: int


class MentionsDialog(Dialog[Applied]):
    """Looks for the mentions on a thread, shows them, and makes the step on Enter; dismissed with it, or None."""

    AUTO_FOCUS = "LineList"
    DEFAULT_CSS = """
    MentionsDialog {
        #numbers { height: auto; padding: 1; }
        #mentions { background: $surface; padding-left: 1; }
        #mentions > .line-list--cursor { background: $block-cursor-background; }
    }
    """

    @dataclass
    class Progressed(Message):
        """So many of so many documents have been read, by another thread."""

        done: int
        total: int

    def __init__(
        self, bench: MentionService, label_set: LabelSet, *, flush: Callable[[], AnnotatorError | None]
    ) -> None:
        """`flush` has all saved that is to be found; it gives why something is not."""
        super().__init__(_KEYS)
        self._flush = flush
        self._bench = bench
        self._label_set = label_set
        self._contexts = Contexts(bench.store)
        self._survey: MentionSurvey | None = None
        self._takes_done = False
        self._is_applying = False
        self._lists: list[tuple[str, list[FoundMention]]] = []
        self._shown = 0
        self._looking = Looking(lambda done, total: self.post_message(self.Progressed(done, total)))

    def compose(self) -> ComposeResult:
        """What is done, the numbers, the mentions, and the keys."""
        with Vertical(id="box"):
            yield Bar(id="title")
            yield Static(id="numbers", markup=False)
            yield Bar(id="shown")
            yield LineList(self._draw_row, id="mentions")
            yield Bar(id="keys")

    @property
    def lines(self) -> LineList:
        """The mentions."""
        return self.query_one(LineList)

    @property
    def row_cursor(self) -> LineList:
        """What the keys for rows move."""
        return self.lines

    def on_mount(self) -> None:
        """Begin to look."""
        self._say("looking…")
        self._look()

    def on_unmount(self) -> None:
        """Look no further."""
        self._looking.stop()

    def on_resize(self, event: events.Resize) -> None:
        """Fit into the terminal."""
        self.query_one("#box").styles.width = min(_WIDEST, event.size.width)
        self._make_room()
        self._show()

    def _make_room(self) -> None:
        """Give the list as many rows as the longest that it shows, as far as the terminal has them."""
        longest = max((len(found) for _, found in self._lists), default=0)
        wanted = min(max(_FEWEST_ROWS, longest), _MOST_ROWS)
        self.lines.styles.height = max(1, min(wanted, self.size.height - _NUMBERS - _FRAME_ROWS))

    # Looking

    @work(exclusive=True)
    async def _look(self) -> None:
        try:
            self._survey = await asyncio.to_thread(self._found)
        except LookingStopped:
            return
        except AnnotatorError as error:
            self._fail(error)
            return
        self._say("")
        self._show()

    def _found(self) -> MentionSurvey:
        if (error := self._flush()) is not None:
            raise error
        return self._bench.look(self._looking)

    @on(Progressed)
    def _on_progressed(self, message: Progressed) -> None:
        if self._survey is None and message.total:
            self._say(f"looking… {100 * message.done // message.total} %")

    def _say(self, aside: str) -> None:
        correction = self._bench.correction
        room = max(8, self.size.width // 2 - 20)
        self.query_one("#title", Bar).put(
            [
                Piece(fitted(correction.surface, room), "strong"),
                Piece(f"  {correction.summary()}", "strong"),
                Piece(" in all your documents", "muted"),
            ],
            [Piece(aside, "muted")],
        )

    # Showing

    def _to_list(self, survey: MentionSurvey) -> list[tuple[str, list[FoundMention]]]:
        """What the list can show: what will change first, and all else that there is any of."""
        finished = [] if self._takes_done else survey.finished
        others = [("in finished documents", finished), ("left alone", survey.left)]
        changing = survey.changing(takes_done=self._takes_done)
        return [("will change", changing), *(each for each in others if each[1])]

    @property
    def _changing(self) -> list[FoundMention]:
        return self._lists[0][1] if self._lists else []

    def _show(self) -> None:
        if (survey := self._survey) is None:
            return
        self._lists = self._to_list(survey)
        self._shown = min(self._shown, len(self._lists) - 1)
        self._make_room()
        key = self.keymap.key(_FINISHED.name)
        self.query_one("#numbers", Static).update(content(numbers(survey, key, takes_done=self._takes_done)))
        pieces = [
            Piece(f"{name} {len(found):,}", "heading" if index == self._shown else "muted", f"list:{index}")
            for index, (name, found) in enumerate(self._lists)
        ]
        self.query_one("#shown", Bar).put(spaced(pieces))
        self.lines.show(len(self._lists[self._shown][1]))
        self._show_keys(survey)

    def _show_keys(self, survey: MentionSurvey) -> None:
        is_of_use = {
            _APPLY: bool(self._changing),
            _FINISHED: bool(survey.finished),
            _OTHERS: len(self._lists) > 1,
        }
        actions = [each for each in _KEYS if is_of_use.get(each, True)]
        self.query_one("#keys", Bar).put(footer(Keymap(actions)))

    def _draw_row(self, index: int, width: int, is_cursor: bool) -> Row:
        mention = self._lists[self._shown][1][index]
        label = self._bench.correction.place.label
        context = self._contexts.around(mention, AROUND)
        title = self._contexts.title(mention.document)
        runs = mention_row(mention, context, title, width, label, self._label_set)
        return [(text, self.lines.look(look)) for text, look in runs]

    # Answering

    def capture(self, key: str, character: str | None) -> bool:
        """While the step is made, keys wait for nothing and do nothing."""
        return self._is_applying

    def click(self, name: str) -> None:
        """Show the list, or do the action, that was clicked; while the step is made, nothing."""
        if self._is_applying:
            return
        if name.startswith("list:"):
            self._shown = int(name.removeprefix("list:"))
            self._show()
        else:
            super().click(name)

    def action_finished(self) -> None:
        """Take finished documents in, or leave them."""
        if self._survey is not None and self._survey.finished:
            self._takes_done = not self._takes_done
            self._shown = 0
            self._show()

    def action_others(self) -> None:
        """Show the next list that there is."""
        if self._lists:
            self._shown = (self._shown + 1) % len(self._lists)
            self._show()

    def action_apply(self) -> None:
        """Make the step, if there is anything to do."""
        if self._survey is not None and self._changing:
            self._apply(self._survey)

    @work
    async def _apply(self, survey: MentionSurvey) -> None:
        self._is_applying = True
        self._say("applying…")
        try:
            plan = await asyncio.to_thread(self._made, survey)
        except AnnotatorError as error:
            self._is_applying = False
            self._fail(error)
            return
        left_out = {each.document for each in plan.left_out}
        done = sum(each.document not in left_out for each in self._changing)
        self.dismiss(Applied(plan, done, len(survey.left) + len(self._changing) - done))

    def _made(self, survey: MentionSurvey) -> Plan:
        return self._bench.make(self._bench.plan(survey, takes_done=self._takes_done))

    def _fail(self, error: AnnotatorError) -> None:
        self._say("")
        self.app.push_screen(error_dialog(error), lambda _: self.dismiss(None))


_APPLY = Action(
    "apply", ("enter",), "apply", "Do it, in one step.", bar=1, handler=MentionsDialog.action_apply
)
_FINISHED = Action(
    "finished",
    ("f",),
    "finished too",
    "Take finished documents in, or leave them.",
    bar=2,
    handler=MentionsDialog.action_finished,
)
_OTHERS = Action(
    "others",
    ("tab",),
    "others",
    "Show those that will not change.",
    bar=3,
    handler=MentionsDialog.action_others,
)
_KEYS = (
    _APPLY,
    _FINISHED,
    _OTHERS,
    Action("close", ("escape", "q"), "leave", "Leave all as it is.", bar=1, handler=Dialog.action_close),
    *(row for row in ROWS if row.name != "page_down"),
    Action("page_down", ("pagedown", "space"), "page down", "Go a page down.", handler=page_down),
)
