"""The list of names that vulture is to take as used holds only names that exist, each with who uses it."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_what_is_called_used_elsewhere_exists_and_says_where() -> None:
    lines = (
        (ROOT / ".ci" / "used_elsewhere.py").read_text(encoding="utf-8").partition('"""\n\n')[2].splitlines()
    )
    entries = [re.fullmatch(r"(\w+)  # (.{8,})", line) for line in lines]
    assert len(entries) > 5
    assert [line for line, entry in zip(lines, entries, strict=True) if entry is None] == []
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "annotator").rglob("*.py"))
    words = set(re.findall(r"\w+", code))
    assert {entry[1] for entry in entries if entry} - words == set()
