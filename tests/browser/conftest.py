"""A server on a small store, as a person starts it."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from annotator.model.documents import new_document
from annotator.model.resources import load_label_set
from annotator.model.spans import Suggestion
from annotator.store.repository import Store

TEXT = "Hugo Chávez met the press in Caracas."


@dataclass(frozen=True)
class Served:
    """A running server: its store, the link that it printed, and its process."""

    store: Path
    url: str
    token: str
    process: subprocess.Popen[str]
    environment: dict[str, str]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    store = Store.create(tmp_path / "store", label_set=load_label_set("news"), model="blank:en")
    store.add_document(
        new_document(TEXT, id="venezuela"),
        suggestions=[Suggestion(0, 11, "PERSON"), Suggestion(29, 36, "GPE")],
    )
    store.close()
    environment = {
        **os.environ,
        "HOME": str(tmp_path / "home"),
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
    }
    command = [sys.executable, "-P", "-m", "annotator", "serve", "--store", str(tmp_path / "store")]
    process = subprocess.Popen(
        [*command, "--annotator", "ada", "--port", str(_free_port())],
        env=environment,
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    try:
        link = re.search(r"(http\S+)/\?token=(\S+)", process.stderr.readline())
        assert link is not None
        assert "Serving on" in process.stderr.readline()
        yield Served(tmp_path / "store", link[1], link[2], process, environment)
    finally:
        process.terminate()
        process.wait(30)
        process.stderr.close()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
