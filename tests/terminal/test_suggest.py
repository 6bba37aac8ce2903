"""`annotator suggest` on a terminal: the bar, Ctrl-C in the middle, and going on from there."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.suggest.plugin_packages import write_package
from tests.terminal.harness import Terminal

COUNT, BEFORE = 100, 64

HESITANT = """
    import os, threading
    from pathlib import Path

    HERE = Path(__file__).parent

    class Hesitant:
        calls = 0

        def suggest(self, texts, labels):
            with open(HERE / "pids", "a") as pids:
                print(os.getpid(), file=pids)
            self.calls += 1
            if self.calls > 1 and not (HERE / "go").exists():
                threading.Event().wait()
            return [[(0, 4, labels[0], 0.9)] for _ in texts]
"""
"""Does a batch, and then waits for ever, unless there is a file that bids it go on."""


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    """The folder of a package with a plug-in."""
    folder = tmp_path / "packages"
    folder.mkdir()
    write_package(folder, HESITANT, hesitant="Hesitant")
    return folder


@pytest.fixture
def environment(environment: dict[str, str], packages: Path) -> dict[str, str]:
    """A person's, with the plug-in installed."""
    paths = [str(packages), *map(str, map(Path.absolute, map(Path, filter(None, sys.path))))]
    return {**environment, "PYTHONPATH": os.pathsep.join(paths)}


def contents(store: Path) -> dict[str, bytes]:
    """The cache of suggestions, by file."""
    paths = (store / ".cache").glob("suggestions-*/**/*")
    return {path.name: path.read_bytes() for path in paths if path.is_file()}


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_stopped_by_ctrl_c_it_leaves_no_process_and_goes_on_from_there(
    start: Callable[..., Terminal], tmp_path: Path, packages: Path
) -> None:
    rows = [json.dumps({"text": f"Text {index}", "id": f"d{index}"}) for index in range(COUNT)]
    (tmp_path / "in.jsonl").write_text("\n".join(rows), encoding="utf-8")
    for name in ("store", "whole"):
        assert start("import", "in.jsonl", "--store", name).wait_exit() == 0
    suggest = ("suggest", "--model", "plugin:hesitant", "--processes", 2, "--store")

    stopped = start(*suggest, "store")
    stopped.wait_for(f"/{COUNT}, ")
    stopped.wait(lambda: len(contents(tmp_path / "store")) == BEFORE, f"{BEFORE} answers")
    stopped.send("\x03")
    assert stopped.wait_exit() == 1
    assert "annotator: stopped" in stopped.text
    assert "the same command again goes on from there" in stopped.text
    assert "Traceback" not in stopped.text
    pids = {int(line) for line in (packages / "pids").read_text().split()}
    assert len(pids) == 2
    assert not any(map(is_running, pids))
    assert len(contents(tmp_path / "store")) == BEFORE

    (packages / "go").touch()
    continued = start(*suggest, "store")
    assert continued.wait_exit() == 0
    said = continued.text.replace("\n", "")  # a long path makes the line wrap
    assert f"suggestions for {COUNT - BEFORE} documents by hesitant-1.2" in said
    assert f"{BEFORE} had them before" in said
    assert start(*suggest, "whole").wait_exit() == 0
    assert contents(tmp_path / "store") == contents(tmp_path / "whole")
