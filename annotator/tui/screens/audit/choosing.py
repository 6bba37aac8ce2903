"""Choosing on the audit screen: what findings, or single places, are to become."""

from __future__ import annotations

from collections.abc import Callable

from textual.screen import Screen

from annotator.model.counting import counted
from annotator.model.dismissals import FindingKind
from annotator.model.labels import LabelSet
from annotator.tui.keys.keymap import Keymap
from annotator.tui.screens.audit.choices import AuditState
from annotator.tui.screens.audit.lists import AuditLists
from annotator.workspace.contexts import Contexts


class AuditChoosing(AuditLists):
    """The lists with the keys that choose in the one that has the keyboard; nothing is done yet.

    `pick_label` is put over the screen and gives a label's name. While `is_busy`, keys choose nothing.
    """

    def __init__(
        self,
        annotator: str,
        contexts: Contexts,
        *,
        keymap: Keymap,
        label_set: LabelSet,
        state: AuditState,
        pick_label: Callable[[], Screen[str | None]],
    ) -> None:
        super().__init__(annotator, contexts, keymap=keymap, label_set=label_set, state=state)
        self.is_busy = False
        self._pick_label = pick_label

    def capture(self, key: str, character: str | None) -> bool:
        """Digits choose a treatment by its number, capitals a label by its key; while something is done, nothing."""
        if self.is_busy:
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
        if self.choices.is_dismissed(index):
            self.notify(
                f"It is dismissed; {self.keymap.key('restore_finding')} has it told again.", markup=False
            )
            return
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
            self.app.push_screen(self._pick_label(), lambda name: self._choose_label(name) if name else None)

    def action_take_majorities(self) -> None:
        """Choose the majority wherever nothing is chosen."""
        taken = self.choices.choose_majorities()
        self.notify(f"The majority holds for {counted(taken, 'finding')}.", markup=False)
        self.findings.refresh()
        self.places.refresh()
        self.say_all()
