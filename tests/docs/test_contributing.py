"""CONTRIBUTING's map has every sub-package, and the tests that its recipes name exist."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
FOLDERS_OF_THE_MAP = 2
"""How deep the map goes: `tui/screens` has its line, its folders have none."""


def _map() -> dict[str, tuple[str, str]]:
    rows = re.findall(r"^\| `([a-z_/]+)` \| (.+) \| (.+) \|$", CONTRIBUTING, re.MULTILINE)
    return {name: (does, never) for name, does, never in rows}


def test_every_sub_package_has_its_line_on_the_map() -> None:
    packages = {path.parent.relative_to(ROOT / "annotator").as_posix() for path in _initialisers()}
    assert _map().keys() == {name for name in packages - {"."} if name.count("/") < FOLDERS_OF_THE_MAP}


def _initialisers() -> list[Path]:
    return sorted((ROOT / "annotator").rglob("__init__.py"))


NAMED = sorted(
    set(re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", CONTRIBUTING)) - {("tests/formats/test_NAME.py", "")}
)


def test_the_recipes_name_tests() -> None:
    assert len([name for _, name in NAMED if name]) > 10


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_the_tests_of_the_recipes_exist(path: str, name: str) -> None:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    functions = {
        node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert not name or name in functions
