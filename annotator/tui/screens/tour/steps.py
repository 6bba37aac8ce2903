"""The steps of the tour: what each says, and what the person has done when it is over."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from annotator.editing.editor import Editor
from annotator.model.decisions import Status
from annotator.tui.keys.keymap import Keymap

FIRST_DOCUMENT = "tour-1"

_PLACEHOLDER = re.compile(r"\{(label:)?(\w+)\}")


class Progress(NamedTuple):
    """What the tour sees of the annotate screen. `is_covered` if a dialog is open over it."""

    editor: Editor
    is_jumping: bool
    is_roomy: bool
    is_covered: bool

    @property
    def is_past_first(self) -> bool:
        """True once the first document is done, or left."""
        return self.editor.document.id != FIRST_DOCUMENT or self.editor.status is Status.DONE

    def has_span(self, words: str, label: str) -> bool:
        """True if these words are a span with this label."""
        return any(
            span.label == label and self.editor.text(span.start, span.end) == words
            for span in self.editor.annotation_set.spans
        )

    def is_rejected(self, words: str) -> bool:
        """True if a suggestion on these words is rejected."""
        rejections = self.editor.annotation_set.rejections
        return any(self.editor.text(each.start, each.end) == words for each in rejections)

    def is_open(self, words: str) -> bool:
        """True if a suggestion on these words is undecided."""
        return any(
            self.editor.text(suggestion.start, suggestion.end) == words
            for suggestion in self.editor.suggestion_state.open
        )

    def has_focus_on(self, words: str) -> bool:
        """True if verbs act on these words now."""
        focus = self.editor.focus
        return focus is not None and self.editor.text(focus.start, focus.end) == words


@dataclass(frozen=True, slots=True)
class Step:
    """One step. In `text`, `{accept}` stands for the key of that action and `{label:GPE}` for the key of that label.

    `words` are what the step has the person decide on; a decision on them that does not end the step is to be undone.
    """

    text: str
    is_done: Callable[[Progress], bool]
    words: str = ""

    def says(self, keymap: Keymap, keys: dict[str, str]) -> str:
        """The text with the keys as they are; `keys` has those of the labels."""

        def key(match: re.Match[str]) -> str:
            return keys[match[2]] if match[1] else keymap.key(match[2])

        return _PLACEHOLDER.sub(key, self.text)


STEPS: tuple[Step, ...] = (
    Step(
        "The words in reverse, Mira Solano, are the current suggestion: PERSON. It is right. Press {accept} to accept it.",
        lambda progress: progress.has_span("Mira Solano", "PERSON"),
        "Mira Solano",
    ),
    Step(
        "Port Elise is a town, but the suggestion says PERSON. The bar below the text shows a key for each label. "
        "Press {label:GPE} for GPE: that corrects the label and accepts.",
        lambda progress: progress.has_span("Port Elise", "GPE"),
        "Port Elise",
    ),
    Step(
        "Monday and Valdora are right. Press {accept} twice.",
        lambda progress: progress.has_span("Monday", "DATE") and progress.has_span("Valdora", "GPE"),
    ),
    Step(
        "Here the left edge is wrong: the name is Harbour Office of Valdora. {left_out} moves the left edge out, "
        "{left_in} in; {right_out} and {right_in} move the right edge. Press {left_out}.",
        lambda progress: progress.has_span("Harbour Office of Valdora", "ORG"),
        "Office of Valdora",
    ),
    Step(
        "Moving an edge accepts the span, and the focus stays on it. Press {next_undecided} for the next suggestion.",
        lambda progress: not progress.has_focus_on("Harbour Office of Valdora"),
    ),
    Step(
        "Spring is a season here, not a person. Press {reject} to reject the suggestion.",
        lambda progress: progress.is_rejected("Spring"),
        "Spring",
    ),
    Step(
        "Anything can be undone, as far back as you like. Press {undo}.",
        lambda progress: not progress.is_rejected("Spring"),
    ),
    Step("And redone: press {redo}.", lambda progress: progress.is_rejected("Spring")),
    Step(
        "Northern Ferries is a company that nothing suggests. Press {jump}: letters appear on the words.",
        lambda progress: progress.is_jumping or progress.has_span("Northern Ferries", "ORG"),
    ),
    Step(
        "Press the letter on Northern, which takes you there, then {label:ORG} for ORG. The span grows to the whole name.",
        lambda progress: progress.has_span("Northern Ferries", "ORG"),
    ),
    Step(
        "What is left is right. {finish} accepts it, finishes the document and opens the next one.",
        lambda progress: progress.is_past_first,
    ),
    Step(
        "A new document, opened at its first suggestion. {toggle_mode} shows the name of each label below its span. "
        "Press it; the same key hides them again.",
        lambda progress: progress.is_roomy,
    ),
    Step(
        "{help} shows all keys of a screen, here and everywhere else. Press it; esc closes the list.",
        lambda progress: progress.is_covered,
    ),
    Step(
        "That is all you need. Each decision was saved as you made it. Finish this document as you like; ctrl+p finds any "
        "action by its name, and ctrl+q leaves the tour.",
        lambda progress: False,
    ),
)
"""The tour, in order. Those before the twelfth are about the first document."""

_FIRST_DOCUMENT_STEPS = 11


def next_step(current: int, progress: Progress) -> int:
    """The step to show, from `current` on: the first one that is not over."""
    while True:
        is_left = current < _FIRST_DOCUMENT_STEPS and progress.is_past_first
        if not (is_left or STEPS[current].is_done(progress)):
            return current
        current += 1


def is_astray(step: Step, progress: Progress) -> bool:
    """True if the person has decided on what the step is about, and not as it says."""
    return bool(step.words) and not progress.is_open(step.words) and not step.is_done(progress)
