"""Names that somebody has written down, suggested on a real pseudo-terminal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.terminal.harness import Terminal


def test_patterns_are_suggested_and_what_is_none_is_said(
    tmp_path: Path, start: Callable[..., Terminal]
) -> None:
    (tmp_path / "text.txt").write_text("Then the Rail Union met in Ghent.\n", encoding="utf-8")
    patterns = tmp_path / "names.jsonl"
    patterns.write_text(
        '{"label": "ORG", "pattern": "Rail Union"}\nno pattern\n{"label": "CITY", "pattern": "Ghent"}\n',
        encoding="utf-8",
    )
    terminal = start("annotate", "text.txt", "--store", "s", "--model", "blank:en", "--patterns", patterns)
    terminal.wait_for("of 1 decided")
    terminal.press_and_see("tab")
    assert "Rail Union" in terminal.status
    assert "pattern" in terminal.status
    terminal.press("ctrl+q")
    assert terminal.wait_exit() == 0


def test_a_file_without_patterns_is_one_message(tmp_path: Path, start: Callable[..., Terminal]) -> None:
    (tmp_path / "text.txt").write_text("Then the Rail Union met.\n", encoding="utf-8")
    (tmp_path / "names.jsonl").write_text("no pattern\n", encoding="utf-8")
    terminal = start("annotate", "text.txt", "--store", "s", "--patterns", "names.jsonl")
    assert terminal.wait_exit() == 1
    assert "names.jsonl holds no patterns, line 1: not JSON" in terminal.text
    assert not (tmp_path / "s").exists()
