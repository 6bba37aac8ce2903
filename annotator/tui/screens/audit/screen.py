"""The audit screen: what is not treated alike, the places of each finding, and one step that makes them alike."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from textual import on, work
from textual.message import Message
from textual.screen import Screen

from annotator.errors import AnnotatorError
from annotator.measure.consistency import Place
from annotator.model.counting import counted
from annotator.model.dismissals import FindingKind
from annotator.model.labels import LabelSet
from annotator.store.plans import Plan
from annotator.tui.audit_choices import AuditState
from annotator.tui.keymap import Keymap
from annotator.tui.looking import Looking, LookingStopped
from annotator.tui.screens.audit.lists import AuditLists, GoTo
from annotator.tui.widgets.bar import Bar
from annotator.tui.widgets.line_list import LineList
from annotator.workspace.audit_bench import AuditBench
from annotator.workspace.contexts import Contexts
from annotator.workspace.mending import Mending

Result = TypeVar("Result")


@dataclass(frozen=True)
class Dialogs:
    """What is put over the screen: a label's name to pick, whether to do a step, and what is to be told.

    `mend` and `undo` give anything but None if the step shall be done.
    """

    label: Callable[[], Screen[str | None]]
    mend: Callable[[Mending], Screen[str | None]]
    undo: Callable[[Plan], Screen[str | None]]
    left_out: Callable[[Plan], Screen[str | None]]
    error: Callable[[AnnotatorError], Screen[str | None]]


class AuditScreen(AuditLists):
    """Findings above, the places of the one under the cursor below; choices are made in the list with the keyboard.

    Dismissed with a place to open, or None to go back. `state` is kept by whoever opens the screen. `look` shows a
    place in somebody else's set; without it places are opened. `on_step` is told of each step that was made or taken
    back.
    """

    CSS_PATH = "audit.tcss"

    @dataclass
    class Progressed(Message):
        """So many of so many sets have been read, by another thread."""

        done: int
        total: int

    def __init__(
        self,
        bench: AuditBench,
        *,
        keymap: Keymap,
        label_set: LabelSet,
        state: AuditState,
        look: Callable[[Place], None] | None,
        dialogs: Dialogs,
        on_step: Callable[[Plan], None],
    ) -> None:
        super().__init__(
            bench.annotator, Contexts(bench.store), keymap=keymap, label_set=label_set, state=state
        )
        self._bench = bench
        self._look = look
        self._dialogs = dialogs
        self._on_step = on_step
        self._looking: Looking | None = None
        self._is_busy = False

    # Looking

    def on_mount(self) -> None:
        """Begin to look."""
        self._look_anew("")

    @work(exclusive=True, group="look")
    async def _look_anew(self, message: str) -> None:
        """Make the audit on a thread, and show what it finds; `message` is said then."""
        self.audit = None
        self._looking = Looking(lambda done, total: self.post_message(self.Progressed(done, total)))
        self._say_progress(0, 0)
        try:
            found = await asyncio.to_thread(self._bench.audit, self._looking)
        except LookingStopped:
            return
        self.show(found)
        if message:
            self.notify(message, markup=False)
        for document_id, problem in list(found.unreadable.items())[:1]:
            more = f" ({len(found.unreadable) - 1} more like this)" if len(found.unreadable) > 1 else ""
            self.notify(f"{document_id} is left out: {problem}{more}", severity="warning", markup=False)

    @on(Progressed)
    def _on_progressed(self, message: Progressed) -> None:
        if self.audit is None:
            self._say_progress(message.done, message.total)

    def _say_progress(self, done: int, total: int) -> None:
        share = f" {100 * done // total} %" if total else ""
        self.say_message(f"Looking through the annotations of {self._bench.annotator}…{share}")

    @on(LineList.Chosen, "#findings")
    def _on_finding_chosen(self) -> None:
        self.action_switch()

    @on(LineList.Chosen, "#places")
    def _on_place_chosen(self) -> None:
        if (place := self.place) is None:
            return
        if self._look is not None:
            self._look(place)
        else:
            self.dismiss(GoTo(place.document, place.start))

    @on(Bar.Clicked)
    def _on_bar_clicked(self, message: Bar.Clicked) -> None:
        self.act(message.action)

    # Choosing

    def capture(self, key: str, character: str | None) -> bool:
        """Digits choose a treatment by its number, capitals a label by its key; while something is done, nothing."""
        if self._is_busy:
            return True
        label_key = self.keymap.label_key(character)
        if label_key is None:
            return False
        if self.finding is None:
            return True
        if label_key.isdecimal():
            treatments = self.choices.treatments(self.findings.cursor)
            if 0 < int(label_key) <= len(treatments):
                self._choose(treatments[int(label_key) - 1])
        elif (name := self.label_set.by_key.get(label_key)) is not None:
            self._choose_label(name)
        return True

    def _choose_label(self, name: str) -> None:
        if self.finding is not None and self.finding.kind is FindingKind.EDGES:
            self.notify("This is about an edge: its label stays.", markup=False)
        else:
            self._choose(name)

    def _choose(self, treatment: str | None) -> None:
        """Choose for the place under the cursor, or the finding, and go on to the next one."""
        if self.finding is None:
            return
        lines, index = self.lines, self.findings.cursor
        self.choices.choose(index, treatment, self.place)
        self.findings.redraw([index])
        self.places.refresh()
        self.say_all()
        lines.move(1)

    def action_leave_alone(self) -> None:
        """Leave the place, or the finding, as it is."""
        self._choose(None)

    def action_pick_label(self) -> None:
        """Pick a label by typing."""
        if self.finding is not None and self.finding.kind is not FindingKind.EDGES:
            self.app.push_screen(
                self._dialogs.label(), lambda name: self._choose_label(name) if name else None
            )

    def action_take_majorities(self) -> None:
        """Choose the majority wherever nothing is chosen."""
        taken = self.choices.choose_majorities()
        self.notify(f"The majority holds for {counted(taken, 'finding')}.", markup=False)
        self.findings.refresh()
        self.places.refresh()
        self.say_all()

    # Mending

    def action_mend(self) -> None:
        """Say what was chosen in numbers, and do it once that is confirmed."""
        if self.state.chosen and self.audit is not None:
            self._mend()
        else:
            self.notify("Nothing is chosen yet.", markup=False)

    @work
    async def _mend(self) -> None:
        bench, choices = self._bench, self.choices
        mending = await self._done(bench.plan, choices.changing(), list(choices.mends()))
        if mending is None:
            return
        answer = await self.app.push_screen_wait(self._dialogs.mend(mending))
        if answer is not None:
            plan = await self._done(bench.make, mending)
            if plan is not None:
                self.state.chosen.clear()
                await self._stepped(plan, f"{counted(mending.spans, 'span')} mended.")

    def action_undo(self) -> None:
        """Take back the last mend once that is confirmed."""
        if self.audit is not None:
            self._undo()

    @work
    async def _undo(self) -> None:
        plan = await self._done(self._bench.last)
        if plan is None:
            self.notify("There is no mend to take back.", markup=False)
            return
        answer = await self.app.push_screen_wait(self._dialogs.undo(plan))
        if answer is not None:
            undone = await self._done(self._bench.undo, plan)
            if undone is not None:
                await self._stepped(undone, "Taken back.")

    async def _stepped(self, plan: Plan, message: str) -> None:
        self._on_step(plan)
        if plan.left_out:
            await self.app.push_screen_wait(self._dialogs.left_out(plan))
        self._look_anew(message)

    async def _done(self, deed: Callable[..., Result], *arguments: object) -> Result | None:
        """What `deed` gives, done on a thread while keys wait; None, and a dialog says why, if it failed."""
        self._is_busy = True
        try:
            return await asyncio.to_thread(deed, *arguments)
        except AnnotatorError as error:
            self.app.push_screen(self._dialogs.error(error))
            return None
        finally:
            self._is_busy = False

    # Moving

    def action_open(self) -> None:
        """Go to the places; on a place, open the document there."""
        self.lines.choose()

    def action_close(self) -> None:
        """Go back from the places to the findings, and from there out; whatever is looked through is left."""
        if self.lines is self.places:
            self.action_switch()
            return
        if self._looking is not None:
            self._looking.stop()
        self.dismiss(None)
