"""The styles of everything that can be seen on the text, resolved once a theme."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from rich.style import Style

from annotator.editing.marks import Mark, State


class LabelLook(NamedTuple):
    """One label's styles."""

    key: str
    """What stands in the chip at the focus; empty where the label has no key."""
    decided: Style
    undecided: Style
    shared: Style
    """Where all annotators agree, and no person has decided since."""
    name: Style
    """The label's name where somebody decided, on the text's background; also good for label bars and tables."""
    undecided_name: Style
    chip: Style
    """A half block before a span that somebody decided on."""
    undecided_chip: Style
    shared_chip: Style
    sign_chip: Style = Style.null()
    """A character instead of the block, on a ground of its own."""


class Palette(NamedTuple):
    """Styles to be added up; later ones win: text, mark, box, hit, selection, focus, cursor, current hit, hint."""

    text: Style
    labels: Mapping[str, LabelLook]
    unknown: LabelLook
    """For labels that the label set does not have."""
    doubtful: Style
    rejected: Style
    rejected_chip: Style
    covered_chip: Style
    """For the chip of a mark that begins within a decided one: it takes that one's colours."""
    nested: Style
    """Added where a mark lies within another one."""
    box: Style
    hit: Style
    current_hit: Style
    selection: Style
    focus: Style
    undecided_focus: Style
    """Added to a focus nobody has decided on."""
    rejected_focus: Style
    cursor: Style
    focus_cursor: Style
    """The cursor's token where it is only a part of the focus."""
    remark: Style
    """The sign in the margin of a row in which something begins that was commented on."""
    hint: Style
    """A hint of one letter, which leads to a likely place."""
    long_hint: Style
    """A hint of more letters: quieter, since there are many."""
    place_hint: Style
    """A letter in the blank before a place, which leads there at once: quiet, since it stands there all the time."""
    typed_hint: Style
    receding: Style
    """Added to text without marks while there are hints."""
    has_key_at_focus: bool = True
    """False where a key could not be told from the text beside it, as without colours."""

    def look(self, label: str) -> LabelLook:
        """The styles of `label`."""
        return self.labels.get(label, self.unknown)

    def mark(self, mark: Mark) -> Style:
        """What `mark` adds to its text."""
        if mark.state is State.REJECTED:
            return self.rejected
        look = self.look(mark.label)
        if mark.state is State.UNDECIDED:
            style = look.undecided
        else:
            style = look.shared if mark.is_shared else look.decided
        return style + self.doubtful if mark.doubt else style

    def name(self, mark: Mark) -> Style:
        """What the label's name under `mark` adds."""
        if mark.state is State.REJECTED:
            return self.rejected_chip
        look = self.look(mark.label)
        return look.name if mark.state is State.DECIDED else look.undecided_name

    def sign_chip(self, mark: Mark) -> Style:
        """What a chip before `mark` that is a character adds."""
        return self.rejected_chip if mark.state is State.REJECTED else self.look(mark.label).sign_chip

    def chip(self, mark: Mark) -> Style:
        """What the chip before `mark` adds."""
        if mark.state is State.REJECTED:
            return self.rejected_chip
        look = self.look(mark.label)
        if mark.state is State.UNDECIDED:
            return look.undecided_chip
        return look.shared_chip if mark.is_shared else look.chip
