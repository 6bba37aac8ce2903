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
from annotator.measure.consistency import Finding, Place
from annotator.model.counting import counted
from annotator.model.dismissals import FindingKey
from annotator.model.labels import LabelSet
from annotator.store.plans import Plan
from annotator.tui.keys.keymap import Keymap
from annotator.tui.progress import Looking, LookingStopped
from annotator.tui.screens.audit.choices import AuditState
from annotator.tui.screens.audit.choosing import AuditChoosing
from annotator.tui.screens.audit.lists import GoTo
from annotator.tui.widgets.line_list import LineList
from annotator.workspace.audit.harmonise import Mending
from annotator.workspace.audit.search import Audit
from annotator.workspace.audit.service import AuditService
from annotator.workspace.contexts import Contexts

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


class AuditScreen(AuditChoosing):
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
        bench: AuditService,
        *,
        keymap: Keymap,
        label_set: LabelSet,
        state: AuditState,
        look: Callable[[Place], None] | None,
        dialogs: Dialogs,
        on_step: Callable[[Plan], None],
    ) -> None:
        super().__init__(
            bench.annotator,
            Contexts(bench.store),
            keymap=keymap,
            label_set=label_set,
            state=state,
            pick_label=dialogs.label,
        )
        self._bench = bench
        self._look = look
        self._dialogs = dialogs
        self._on_step = on_step
        self._looking: Looking | None = None

    # Looking

    def on_mount(self) -> None:
        """Begin to look."""
        self._look_anew("")

    def on_unmount(self) -> None:
        """Stop looking: nobody waits for it any more, and the program would not end before it."""
        if self._looking is not None:
            self._looking.stop()

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
        except AnnotatorError as error:
            self.app.push_screen(self._dialogs.error(error), lambda _: self.dismiss(None))
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
        """Take back what was dismissed last, or else the last mend once that is confirmed."""
        if self.audit is None:
            return
        if self.state.dismissed_here:
            self._restore(self.audit, self.state.dismissed_here[-1])
        else:
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
        self.state.dismissed_here.clear()
        if plan.left_out:
            await self.app.push_screen_wait(self._dialogs.left_out(plan))
        self._look_anew(message)

    # Dismissing

    def action_dismiss_finding(self) -> None:
        """Judge the finding under the cursor to be fine, for good."""
        if self.finding is None or self.audit is None:
            return
        if self.choices.is_dismissed(self.findings.cursor):
            self.notify(
                f"It is dismissed; {self.keymap.key('restore_finding')} has it told again.", markup=False
            )
        else:
            self._dismiss(self.audit, self.finding)

    @work
    async def _dismiss(self, audit: Audit, finding: Finding) -> None:
        dismissed = await self._done(self._bench.dismiss, audit, {finding.key})
        if dismissed is None:
            return
        self.state.dismissed_here.append(finding.key)
        at = min(self.findings.cursor, len(dismissed.findings) - 1)
        self._show_judged(dismissed, dismissed.findings[at].key if dismissed.findings else None)
        told = f"{finding.surface} is dismissed; {self.keymap.key('undo')} takes it back."
        self.notify(told, markup=False)

    def action_restore_finding(self) -> None:
        """Take back that the finding under the cursor was dismissed."""
        if self.finding is None or self.audit is None:
            return
        if self.choices.is_dismissed(self.findings.cursor):
            self._restore(self.audit, self.finding.key)
        else:
            self.notify("This one is not dismissed.", markup=False)

    @work
    async def _restore(self, audit: Audit, key: FindingKey) -> None:
        restored = await self._done(self._bench.restore, audit, {key})
        if restored is not None:
            self.state.dismissed_here = [each for each in self.state.dismissed_here if each != key]
            self._show_judged(restored, key)

    def action_show_dismissed(self) -> None:
        """Show what was dismissed as well, or hide it."""
        if self.audit is None:
            return
        if not self.audit.dismissed:
            self.notify("Nothing is dismissed.", markup=False)
            return
        self.state.shows_dismissed = not self.state.shows_dismissed
        self._show_judged(self.audit, self.state.finding)

    def _show_judged(self, audit: Audit, at: FindingKey | None) -> None:
        """Show the findings as they are told now, with the cursor on one of them."""
        self.state.finding, self.state.place = at, None
        self.show(audit)
        self.set_focus(self.findings)
        self.say_all()

    async def _done(self, deed: Callable[..., Result], *arguments: object) -> Result | None:
        """What `deed` gives, done on a thread while keys wait; None, and a dialog says why, if it failed."""
        self.is_busy = True
        try:
            return await asyncio.to_thread(deed, *arguments)
        except AnnotatorError as error:
            self.app.push_screen(self._dialogs.error(error))
            return None
        finally:
            self.is_busy = False

    # Moving

    def action_open(self) -> None:
        """Go to the places; on a place, open the document there."""
        self.lines.choose()

    def action_close(self) -> None:
        """Go back from the places to the findings, and from there out; whatever is looked through is left."""
        if self.lines is self.places:
            self.action_switch()
        else:
            self.dismiss(None)
