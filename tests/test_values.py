"""Values do not change: every dataclass is frozen and has slots, but for those that are filled while something is done."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1] / "annotator"
FILLED = {
    "editing/overview.py": {"Group"},
    "store/locks.py": {"_Held"},
    "store/merge/report.py": {"MergeReport"},
    "store/repair/repair.py": {"Repair"},
    "store/repair/salvage.py": {"Salvaged"},
    "store/writer.py": {"_Waiting"},
    "model/annotations.py": {"Effort", "_Step"},
}
"""What is filled or used up, by file; all other dataclasses of the rooms below are values."""
CACHING = {"Conflict", "Feedback", "Statistics"}
"""What keeps properties that were computed once, and so has a dictionary."""
ROOMS = ("model", "editing", "measure", "store", "review")


def dataclasses_of(path: Path) -> Iterator[tuple[str, dict[str, object]]]:
    """The name of each dataclass in a file, and the options of its decorator; pydantic's are told by their `config`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        for decorator in getattr(node, "decorator_list", ()):
            if isinstance(node, ast.ClassDef) and ast.unparse(decorator).startswith("dataclass"):
                keywords = decorator.keywords if isinstance(decorator, ast.Call) else []
                yield node.name, {keyword.arg or "": ast.unparse(keyword.value) for keyword in keywords}


FILES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py") if any(dataclasses_of(path)))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_dataclass_is_a_value(path: Path) -> None:
    filled = FILLED.get(path.relative_to(ROOT).as_posix(), set())
    for name, options in dataclasses_of(path):
        assert (options.get("frozen") == "True") is (name not in filled), name
        assert options.get("slots") == "True" or "config" in options or name in CACHING, name
