"""The dialog about a model that adapts: what it has learnt, and what may be done about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotator.errors import StoreError
from annotator.model.counting import counted
from annotator.model.decisions import Status
from annotator.tui.screens.annotate.adapting_texts import facts
from annotator.tui.screens.dialogs import MessageDialog, error_dialog
from annotator.tui.screens.dialogs.entries import Entry
from annotator.tui.screens.dialogs.message import choice

if TYPE_CHECKING:
    from textual.app import App

    from annotator.model.adaptations import Adaptation
    from annotator.tui.screens.annotate.screen import AnnotateScreen
    from annotator.workspace import Workspace

_BLANK = Entry("", ())
_SWITCH_ON = choice("on", "a", "switch on", "Let the model adapt by itself in this store.")
_SWITCH_OFF = choice("off", "a", "switch off", "Let it adapt no more; what it has learnt stays.")
_NOW = choice("now", "n", "adapt now", "Begin now.")
_BACK = choice("back", "b", "go back", "Let the model suggest as it came, and adapt no more.")


def show_adapting(app: App[None], workspace: Workspace, annotate: AnnotateScreen) -> None:
    """Show how the model has adapted, and do what the person chooses."""

    def do(choice: str | None) -> None:
        try:
            if (said := _done(choice, workspace)) is not None:
                annotate.say(said)
        except StoreError as error:
            app.push_screen(error_dialog(error, title="That cannot be kept"))

    app.push_screen(adapting_dialog(workspace), do)


def _done(choice: str | None, workspace: Workspace) -> str | None:
    """Do what was chosen; what to say of it."""
    adapting = workspace.adapting
    match choice:
        case "on":
            adapting.switch(on=True)
            adapting.consider(_finished(workspace))
            return "the model adapts while you work" if adapting.is_busy else "the model will adapt"
        case "off":
            adapting.switch(on=False)
            return "the model adapts no more; what it has learnt stays"
        case "now":
            adapting.begin()
            return "the model adapts while you work"
        case "back":
            workspace.roll_back()
            return "back to the model as it came; adapting is off"
    return None


def adapting_dialog(workspace: Workspace) -> MessageDialog:
    """Says what suggests, what it has learnt from, and how it scored; dismissed with "on", "off", "now" or "back"."""
    adapting = workspace.adapting
    used, last = adapting.copy_in_use, adapting.last
    entries = [
        _entry("suggests", f"{adapting.base.title}, {'adapted' if used is not None else 'as it came'}"),
        _entry("adapting", _state(workspace)),
    ]
    if used is not None:
        entries += [_BLANK, Entry("", (("The copy that suggests", "strong"),)), *_entries(used)]
    if last is not None and last != used:
        entries += [_BLANK, Entry("", (("The last attempt", "strong"),)), *_entries(last)]
    choices = [_SWITCH_OFF if adapting.is_on else _SWITCH_ON]
    if workspace.read_only is not None:
        choices = []
    elif not adapting.is_busy:
        choices.append(_NOW)
    if used is not None and workspace.read_only is None:
        choices.append(_BACK)
    return MessageDialog("A model that adapts", entries, choices=choices)


def _state(workspace: Workspace) -> str:
    adapting = workspace.adapting
    if adapting.is_busy:
        return "a copy is learning now"
    if not adapting.is_on:
        return "off"
    waits = adapting.waits_for(_finished(workspace))
    return f"on: again after {counted(max(waits, 0), 'more finished document')}"


def _finished(workspace: Workspace) -> int:
    return sum(status is Status.DONE for status in workspace.statuses().values())


def _entry(term: str, text: str) -> Entry:
    return Entry(term, ((text, "plain"),), "muted")


def _entries(attempt: Adaptation) -> list[Entry]:
    return [_entry(term, text) for term, text in facts(attempt)]
