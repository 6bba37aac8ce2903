"""Where the screen can be drawn, and what is said where it cannot."""

from __future__ import annotations

import sys

import pytest

from annotator.cli.annotate import can_address_cursor, check_terminal
from annotator.errors import AnnotatorError


class _Terminal:
    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        return 1

    closed = False


@pytest.fixture
def at_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let standard input and output pass for terminals."""
    monkeypatch.delenv("TEXTUAL_DRIVER", raising=False)
    for name in ("stdin", "stdout"):
        monkeypatch.setattr(sys, name, _Terminal())


@pytest.mark.parametrize("kind", ["dumb", "unknown", "", "vt52"])
def test_a_terminal_that_cannot_draw_the_screen_is_refused(
    kind: str, at_terminal: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", kind)
    with pytest.raises(AnnotatorError, match="cannot be drawn on this terminal") as caught:
        check_terminal()
    assert "xterm-256color" in caught.value.hint


@pytest.mark.parametrize(
    "kind", ["xterm-256color", "screen", "tmux-256color", "linux", "a-terminal-of-next-year"]
)
def test_other_terminals_are_taken(kind: str, at_terminal: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", kind)
    check_terminal()
    assert can_address_cursor(kind)


@pytest.mark.parametrize("name", ["stdin", "stdout"])
def test_no_terminal_is_refused(name: str, at_terminal: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, name, None)
    with pytest.raises(AnnotatorError, match="needs a terminal"):
        check_terminal()


def test_a_browser_needs_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    monkeypatch.setenv("TEXTUAL_DRIVER", "textual_serve:Driver")
    check_terminal()
