"""Messages: something to read, and keys to answer with."""

from __future__ import annotations

from collections.abc import Sequence

from annotator.cells.fitting import cell_width
from annotator.errors import AnnotatorError
from annotator.tui.keys.action import Action
from annotator.tui.screens.dialogs.dialog import Dialog, TextDialog
from annotator.tui.screens.dialogs.entries import Entry, Line, laid_out

_WIDEST = 76
CLOSE = Action("close", ("escape", "enter", "q"), "close", "Close it.", bar=1, handler=Dialog.action_close)


def choice(name: str, keys: str, text: str, help: str, *, bar: int = 1) -> Action:
    """An answer to a message, which is dismissed with its name; `keys` stand in one string, with blanks between them."""

    def answer(dialog: MessageDialog) -> None:
        dialog.dismiss(name)

    return Action(name, tuple(keys.split()), text, help, bar=bar, handler=answer)


class MessageDialog(TextDialog[str]):
    """Says `body`, and is dismissed with the name of the choice whose key was pressed; Esc gives None.

    `choices` are made by `choice`; by default there is only closing, for which
    Enter does too.
    """

    def __init__(
        self,
        title: str,
        body: str | Sequence[Entry],
        *,
        choices: Sequence[Action] = (),
        stay: str = "close",
    ) -> None:
        closing = (
            Action("close", ("escape",), stay, "Close it.", bar=1, handler=Dialog.action_close)
            if choices
            else CLOSE
        )
        super().__init__(title, (*choices, closing), widest=_WIDEST)
        self._body_entries = (
            [Entry("", ((paragraph, "plain"),)) for paragraph in body.split("\n")]
            if isinstance(body, str)
            else body
        )

    def lines(self, width: int) -> list[Line]:
        """The body."""
        terms = max((cell_width(entry.term) for entry in self._body_entries), default=0)
        return laid_out(self._body_entries, width, term_cells=terms)


def error_dialog(error: AnnotatorError, *, title: str = "That did not work") -> MessageDialog:
    """An error with its hint."""
    message = _sentence(error.message)
    return MessageDialog(title, f"{message}\n\n{_sentence(error.hint)}" if error.hint else message)


def unsaved_dialog(error: AnnotatorError, *, kept: int, can_save_elsewhere: bool = True) -> MessageDialog:
    """Asks what to do about `kept` decisions that could not be saved: "retry", "elsewhere", "quit", or None to stay.

    `can_save_elsewhere` is False where the person may not write files of their own choice on this machine. Quitting, which loses them, has a key that nobody holds down or presses by mistake.
    """
    decisions = "1 decision is" if kept == 1 else f"{kept} decisions are"
    hint = f" {_sentence(error.hint)}" if error.hint else ""
    elsewhere = choice("elsewhere", "f", "save to a file", "Save to a file in another place.")
    return MessageDialog(
        "Not everything is saved",
        f"{decisions} only in memory.\n\n{_sentence(error.message)}{hint}",
        choices=(
            choice("retry", "r enter", "try again", "Save again."),
            *([elsewhere] if can_save_elsewhere else []),
            choice("quit", "Q", "lose them", "Quit without saving."),
        ),
        stay="stay",
    )


def leave_dialog() -> MessageDialog:
    """Asks whether to quit: "leave", or None to stay."""
    return MessageDialog(
        "Quit annotator?",
        "Everything is saved first.",
        choices=(choice("leave", "enter q", "quit", "Quit."),),
        stay="stay",
    )


def _sentence(text: str) -> str:
    """`text` with a capital letter and a full stop."""
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?")) else f"{text}."
