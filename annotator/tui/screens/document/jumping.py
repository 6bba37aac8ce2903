"""Jump mode: letters over the words on screen lead there."""

from __future__ import annotations

from annotator.editing.editor import Editor
from annotator.editing.jump import assign_hints, matching


class Jump:
    """The hints over one screenful, and what was typed of one so far.

    Where a person is most likely to go costs one letter: unmarked names, the nearest first, then open suggestions, the
    least sure first (worth .01 keys an entity on the sample articles).
    """

    def __init__(self, editor: Editor, start: int, end: int) -> None:
        self._editor = editor
        names = [
            place[0] for place in editor.names.unmarked(start, end, editor.suggestion_state.marks(start, end))
        ]
        text = editor.document.text
        words = [editor.tokens[index] for index in editor.tokens.within(start, end)]
        others = [first for first, last in words if any(char.isalnum() for char in text[first:last])]
        here = editor.cursor.offset
        names.sort(key=lambda offset: abs(offset - here))
        others.sort(key=lambda offset: abs(offset - here))
        unsure = sorted(
            (each for each in editor.suggestion_state.open if start <= each.start < end),
            key=lambda each: 1.0 if each.score is None else each.score,
        )
        self.hints = assign_hints([*names, *(each.start for each in unsure)], others)
        self.typed = ""

    def press(self, key: str, character: str | None) -> int | bool | None:
        """Type a letter or take one back; the offset chosen, True while more may be typed, None to leave."""
        if key == "backspace":
            self.typed = self.typed[:-1]
            return True
        if character is None or not character.isalpha():
            return None
        typed = self.typed + character
        offset, goes_on = matching(self.hints, typed)
        if offset is None and not goes_on:
            return None
        self.typed = typed
        return True if offset is None else offset

    @property
    def stretches(self) -> bool:
        """True if a letter was typed as a capital: the focus shall reach as far as the word."""
        return self.typed != self.typed.lower()
