"""Pytest ends when a test of a screen fails."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

FAILING = """
from annotator.model.documents import new_document
from annotator.model.resources import load_label_set
from annotator.settings import Settings
from annotator.store.repository import Store
from annotator.tui.app import AnnotatorApp
from annotator.workspace import Workspace

async def test_that_fails_while_its_screen_is_open(tmp_path):
    store = Store.create(tmp_path / "S", label_set=load_label_set("news"))
    store.add_document(new_document("Barack Obama met Angela Merkel in Berlin.", id="one"))
    workspace = Workspace(store, annotator="me", settings=Settings(), model="blank:en")
    app = AnnotatorApp(workspace, first=workspace.first())
    async with app.run_test() as pilot:
        await pilot.press("f")
        await pilot.pause()
        raise AssertionError("this test fails on purpose")
"""
"""A test that leaves its workspace open, as any that fails before its last line does."""


def test_pytest_ends_when_a_test_of_a_screen_fails(tmp_path: Path) -> None:
    project = Path(__file__).parents[2]
    file = tmp_path / "test_that_fails.py"
    file.write_text(FAILING, encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        "-c",
        str(project / "pyproject.toml"),
    ]
    ended = subprocess.run([*command, str(file)], cwd=project, capture_output=True, text=True, timeout=120)
    assert ended.returncode == 1, ended.stdout + ended.stderr
    assert "this test fails on purpose" in ended.stdout
    assert "1 failed" in ended.stdout
