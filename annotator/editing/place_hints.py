"""Place hints: capitals that are no label's key, standing on the places where a person is most likely to go next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from annotator.editing.editor import Editor
from annotator.editing.hint_letters import LETTERS
from annotator.model.spans import Level

MOST_NAMES = 18
"""So many hints go to unmarked names before the others, as long as there are unsure suggestions."""
_BLANKS = " \xa0\n\r\t"


class PlaceHints:
    """The hints on one screenful. A place keeps its letter as long as it is on the screen and likely.

    Likely are unmarked names, in text order, and open suggestions that are not confident, the least sure first. A hint
    stands in the blank before its place; where there is none, or a digit beside it, the place gets no hint.
    """

    def __init__(self) -> None:
        self.letters: Mapping[int, str] = MappingProxyType({})
        """By offset."""
        self._known: object = None

    def update(self, editor: Editor, start: int, end: int) -> None:
        """Give letters to what is likely now between two offsets; costs nothing where nothing has changed."""
        state = editor.suggestion_state
        texts = (
            editor.document.id,
            start,
            end,
            editor.annotation_set.revision,
            tuple(_open(editor, start, end)),
        )
        if texts == self._known:
            return
        self._known = texts
        free = [letter for letter in LETTERS.upper() if letter not in editor.label_set.by_key]
        marks = state.marks(start, end)
        names = [name[0] for name in editor.names.unmarked(start, end, marks)]
        unsure = sorted(
            (
                suggestion
                for suggestion in state.open.overlapping(start, end)
                if suggestion.level is not Level.HIGH
            ),
            key=lambda suggestion: (1.0 if suggestion.score is None else suggestion.score, suggestion.start),
        )
        likely = [*names[:MOST_NAMES], *(suggestion.start for suggestion in unsure), *names[MOST_NAMES:]]
        places = dict.fromkeys(
            offset for offset in likely if start <= offset and has_room(editor.document.text, offset)
        )
        chosen = list(places)[: len(free)]
        kept = {
            offset: letter for offset, letter in self.letters.items() if offset in chosen and letter in free
        }
        rest = iter([letter for letter in free if letter not in kept.values()])
        given = {offset: kept.get(offset) or next(rest) for offset in sorted(chosen)}
        self.letters = MappingProxyType(given)

    def clear(self) -> None:
        """Take all hints away."""
        self.letters = MappingProxyType({})
        self._known = None

    def offset(self, letter: str) -> int | None:
        """Where a hint leads; None if there is none of that letter."""
        return next((offset for offset, other in self.letters.items() if other == letter), None)


def has_room(text: str, offset: int) -> bool:
    """True if the character before a place is blank, or nothing, with no digit on either side of it."""
    if offset and text[offset - 1] not in _BLANKS:
        return False
    return not text[offset].isdigit() and not text[max(offset - 2, 0) : max(offset - 1, 0)].isdigit()


def _open(editor: Editor, start: int, end: int) -> Iterator[tuple[int, int, str, Level]]:
    """What the hints depend on of the open suggestions."""
    for suggestion in editor.suggestion_state.open.overlapping(start, end):
        yield suggestion.start, suggestion.end, suggestion.label, suggestion.level
