"""The help: every key of a screen, made from the registry of actions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from annotator.cells.fitting import cell_width
from annotator.model.labels import LabelSet
from annotator.tui.keys.action import Action
from annotator.tui.keys.keymap import BY_PALETTE, Keymap
from annotator.tui.screens.dialogs.dialog import Dialog, TextDialog
from annotator.tui.screens.dialogs.entries import Entry, Line, laid_out, side_by_side

_CLOSE = Action(
    "close",
    ("escape", "q", "question_mark", "f1", "enter"),
    "close",
    "Close the help.",
    bar=True,
    handler=Dialog.action_close,
)
_WIDEST = 126
_TWO_COLUMNS_FROM = 100
_GUTTER = 3
_WIDEST_TERM = 14
_SINGLE_KEY = 2
"""A section whose terms are no wider, as labels' keys are, has a narrow column for them."""


@dataclass(frozen=True, slots=True)
class HelpSection:
    """A heading and entries below it."""

    heading: str
    entries: tuple[Entry, ...]

    @property
    def term_cells(self) -> int:
        """The width of its widest term."""
        return max((cell_width(entry.term) for entry in self.entries), default=0)


class HelpDialog(TextDialog[None]):
    """The keys by group, each with its action's name for the settings; then the labels and what else there is.

    `settings` is where the file is that may give actions other keys.
    """

    def __init__(
        self,
        title: str,
        keymap: Keymap,
        *,
        settings: Path,
        label_set: LabelSet | None = None,
        sections: Sequence[HelpSection] = (),
    ) -> None:
        super().__init__(title, (_CLOSE,), widest=_WIDEST, aside=f"settings: {settings}")
        self._settings = settings
        labels = [_labels(label_set, keymap)] if label_set is not None else []
        self._sections = [*_groups(keymap), *labels, *sections]

    def lines(self, width: int) -> list[Line]:
        """The sections in two columns, or in one where that is too narrow, and a word on the settings."""
        if width < _TWO_COLUMNS_FROM:
            lines = self._column(self._sections, width)
        else:
            half = (width - _GUTTER) // 2
            split = _split([len(self._column([section], half)) for section in self._sections])
            left, right = (
                self._column(self._sections[:split], half),
                self._column(self._sections[split:], half),
            )
            lines = side_by_side(left, right, width=half + _GUTTER)
        return lines + laid_out([self._about_settings()], width, term_cells=0)

    def _column(self, sections: Sequence[HelpSection], width: int) -> list[Line]:
        shared = min(_WIDEST_TERM, max(section.term_cells for section in self._sections))
        lines: list[Line] = []
        for section in sections:
            own = section.term_cells
            lines.append([(section.heading, "heading")])
            lines += laid_out(section.entries, width, term_cells=own if own <= _SINGLE_KEY else shared)
            lines.append([])
        return lines

    def _about_settings(self) -> Entry:
        return Entry(
            "",
            (
                ("Any action can have other keys: under", "muted"),
                (" [keys]", "plain"),
                (" in", "muted"),
                (f" {self._settings}", "plain"),
                (" write its name, which stands behind its description, such as", "muted"),
                (' accept = "enter,ctrl+y"', "plain"),
            ),
        )


def _groups(keymap: Keymap) -> list[HelpSection]:
    """A section for each group of actions with keys, and a last one for those that only the menu leads to."""
    groups: dict[str, list[Entry]] = {}
    without_keys: list[Entry] = []
    for action in keymap.actions.values():
        keys = " ".join(keymap.keys(action.name))
        runs = ((action.help, "plain"), (f" {action.name}", "muted"))
        if keys:
            groups.setdefault(action.group, []).append(Entry(keys, runs))
        else:
            without_keys.append(Entry("·", runs, "muted"))
    sections = [HelpSection(group, tuple(entries)) for group, entries in groups.items()]
    if without_keys:
        sections.append(HelpSection(f"Only in the menu ({BY_PALETTE})", tuple(without_keys)))
    return sections


def _labels(label_set: LabelSet, keymap: Keymap) -> HelpSection:
    picker = keymap.keys("pick_label")[:1] if "pick_label" in keymap.actions else ()
    entries = tuple(
        Entry(
            label.key or " ".join(picker),
            ((name, label.colour), *((f" {label.description}", "plain") for _ in label.description[:1])),
        )
        for name, label in label_set.by_name.items()
    )
    return HelpSection(f"Labels: {label_set.name}", entries)


def _split(heights: Sequence[int]) -> int:
    """After how many sections the left column ends, so that both are as equally high as they can be."""
    return min(range(len(heights) + 1), key=lambda split: max(sum(heights[:split]), sum(heights[split:])))
