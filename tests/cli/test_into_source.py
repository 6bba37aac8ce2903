"""`annotator export OUT --into-source FOLDER`: spans back in the pages that documents came from."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = [sys.executable, "-m", "annotator"]
PAGE = '<p><mark data-entity="PERSON">Ada</mark> <b>votes</b> in <mark data-entity="GPE">Porto</mark>.</p>'


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Runs the program in a folder with a page in `pages`; its exit code and what it said."""
    for name in [name for name in os.environ if name.startswith("ANNOTATOR_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "ada.html").write_text(PAGE, encoding="utf-8")

    def go(*arguments: str) -> tuple[int, str]:
        done = subprocess.run([*PROGRAM, *arguments], capture_output=True, text=True, check=False)
        return done.returncode, done.stderr

    return go


def test_a_page_goes_through_the_store_and_back(run, tmp_path: Path) -> None:
    assert run("import", "pages/ada.html")[0] == 0
    code, said = run("export", "marked", "--into-source", "pages")
    assert (code, said) == (0, "marked: 1 document, 2 spans\n")
    page = (tmp_path / "marked" / "ada.html").read_text(encoding="utf-8")
    assert '<mark data-entity="GPE" data-entity-number="2">' in page
    assert run("import", "marked/ada.html", "--store", "again")[1].endswith("1 annotated, with 2 spans\n")


def test_a_page_that_is_gone_is_a_loss(run, tmp_path: Path) -> None:
    run("import", "pages/ada.html")
    (tmp_path / "pages" / "ada.html").write_text("<p>Bo</p>", encoding="utf-8")
    code, said = run("export", "marked", "--into-source", "pages")
    assert code == 1
    assert "its source is not in pages, or was changed since" in said
    assert "lost: 1 document" in said


def test_it_goes_with_neither_a_format_nor_a_split(run) -> None:
    run("import", "pages/ada.html")
    code, said = run("export", "marked", "--into-source", "pages", "--format", "conll")
    assert code == 2
    assert "without --format and --split" in said
