"""The examples in the documentation do what they show."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HOME = "/home/ada"
"""Where the examples are run, as the pages tell it."""


@pytest.fixture
def shell(tmp_path):
    """Run a command line in an empty folder with `corpora/` in it; what it says on both streams."""
    home, programs = tmp_path / "home", tmp_path / "bin"
    home.mkdir()
    programs.mkdir()
    (home / "corpora").symlink_to(ROOT / "corpora")
    for name, command in {"annotator": "-m annotator", "python": ""}.items():
        program = programs / name
        program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} {command} "$@"\n')
        program.chmod(0o755)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ANNOTATOR_")}
    environment = {
        **kept,
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "LC_ALL": "C.UTF-8",
        "COLUMNS": "80",
        "NO_COLOR": "1",
    }

    def run(command: str) -> str:
        ended = subprocess.run(
            ["sh", "-c", command],
            cwd=home,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=120,
        )
        return ended.stdout.replace(str(home.resolve()), HOME)

    return run


def examples(content: str) -> list[tuple[str, list[str]]]:
    """The commands of a `console` block, each with the lines that it should say."""
    found: list[tuple[str, list[str]]] = []
    for line in content.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        elif line.startswith("> ") and found:
            found[-1] = (f"{found[-1][0]}\n{line[2:]}", [])
        else:
            found[-1][1].append(line)
    return found


def fits(said: str, lines: list[str]) -> bool:
    """True if `said` is `lines`, of which "..." stands for any others."""
    pattern = "".join(r"(?:.*\n)*" if line == "..." else f"{re.escape(line)}\n" for line in lines)
    return re.fullmatch(pattern, said) is not None


PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    if "```console" in path.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("name", PAGES)
def test_a_pages_examples_say_what_they_show(name, pages, shell):
    for kind, content in pages[name].blocks:
        if kind == "console":
            for command, lines in examples(content):
                said = shell(command)
                assert fits(said, lines), f"$ {command}\n{said}"


def test_an_example_that_says_something_else_fails(shell):
    [(command, lines)] = examples("$ annotator --version\nannotator 0.0.0\n")
    assert not fits(shell(command), lines)
    assert fits("a\nb\nc\n", ["a", "...", "c"])


@pytest.mark.slow
def test_the_readmes_training_ends_in_a_pipeline_that_suggests(pages, shell):
    page = pages["README.md"]
    content = next(content for kind, content in page.blocks if kind == "console")
    for command, _ in examples(content):
        shell(command)
    initialize, train = [command for command in page.commands if command.startswith("python -m spacy")]
    shell(initialize)
    said = shell(f"{train} --training.max_steps 4 --training.eval_frequency 2")
    assert "Saved pipeline to output directory" in said
    assert (
        shell("annotator export x.conll --store dev --model model/model-best")
        == "conll does not hold ids (3), metadata (3)\nx.conll: 3 documents, 568 spans\n"
    )
