"""Where the screen can be drawn, and what is said where it cannot."""

from __future__ import annotations

import os
import pty
import subprocess
import sys

import pytest

from annotator.cli.annotate import check_terminal
from annotator.errors import AnnotatorError

CHECK = "from annotator.cli.annotate import check_terminal; check_terminal()"


def _checked_on_a_terminal(kind: str) -> tuple[int, str]:
    """The exit code and the errors of the check on a pseudo-terminal of a kind; a process, since curses reads it once."""
    own, other = pty.openpty()
    try:
        ended = subprocess.run(
            [sys.executable, "-c", CHECK],
            stdin=other,
            stdout=other,
            stderr=subprocess.PIPE,
            env={**os.environ, "TERM": kind},
            text=True,
            timeout=60,
            check=False,
        )
    finally:
        os.close(own)
        os.close(other)
    return ended.returncode, ended.stderr


@pytest.mark.parametrize("kind", ["dumb", "unknown", "", "vt52"])
def test_a_terminal_that_cannot_draw_the_screen_is_refused(kind: str) -> None:
    code, errors = _checked_on_a_terminal(kind)
    assert code == 1
    assert f"the screen cannot be drawn on this terminal: TERM is {kind or 'empty'}" in errors


@pytest.mark.parametrize("kind", ["xterm-256color", "screen", "linux", "a-terminal-of-next-year"])
def test_other_terminals_are_taken(kind: str) -> None:
    assert _checked_on_a_terminal(kind) == (0, "")


@pytest.mark.parametrize("name", ["stdin", "stdout"])
def test_no_terminal_is_refused(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TEXTUAL_DRIVER", raising=False)
    monkeypatch.setattr(sys, name, None)
    with pytest.raises(AnnotatorError, match="needs a terminal"):
        check_terminal()


def test_a_browser_needs_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    monkeypatch.setenv("TEXTUAL_DRIVER", "textual_serve:Driver")
    check_terminal()
