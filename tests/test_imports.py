"""What is loaded when: by each room alone, by `--help`, and by the interface's process while it runs."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from annotator.model.documents import new_document
from annotator.model.resources import load_label_set
from annotator.store.repository import Store
from tests.terminal.harness import Terminal, environment_of

HEAVY = ["numpy", "pydantic", "rich", "spacy", "textual", "tinydb", "typer"]

NAME_OF_LOADED = "loaded.json"
SPY = """
import json, os, sys, threading
from annotator.__main__ import main

def watch():
    # Written anew and moved, so that who reads it never finds half a file.
    while True:
        with open("loaded.new", "w") as file:
            json.dump(sorted(name for name in sys.modules if "." not in name), file)
        os.replace("loaded.new", "loaded.json")
        stop.wait(0.02)

stop = threading.Event()
threading.Thread(target=watch, daemon=True).start()
sys.argv[0] = "annotator"
main()
"""
"""The program, in a process that keeps saying which packages are loaded."""

PAINTED = """
import json, os, sys
from annotator.__main__ import main
from annotator.workspace import Workspace

def tell(workspace):
    with open("loaded.new", "w") as file:
        json.dump(sorted(sys.modules), file)
    os.replace("loaded.new", "loaded.json")

Workspace.start_suggesting = tell
sys.argv[0] = "annotator"
main()
"""
"""The program, in a process that says which modules are loaded when the text has just been painted."""

LATER = [
    "annotator.cli.splitting",
    "annotator.cli.transfer",
    "annotator.editing.jump",
    "annotator.editing.mentions",
    "annotator.editing.search",
    "annotator.formats",
    "annotator.measure",
    "annotator.model.assignments",
    "annotator.model.dismissals",
    "annotator.model.edges",
    "annotator.model.memory_edits",
    "annotator.review",
    "annotator.store.assignments",
    "annotator.store.backups",
    "annotator.store.batch",
    "annotator.store.check",
    "annotator.store.memory_file",
    "annotator.store.merge.histories",
    "annotator.store.repair.repair",
    "annotator.store.steps",
    "annotator.suggest.adapting.selection",
    "annotator.suggest.worker.answers",
    "annotator.suggest.memory.memory",
    "annotator.suggest.sources.patterns",
    "annotator.suggest.sources.plugins",
    "annotator.suggest.combination.proposer",
    "annotator.suggest.worker.service",
    "annotator.training",
    "annotator.tui.screens.agreement.actions",
    "annotator.tui.screens.audit.actions",
    "annotator.tui.screens.documents.actions",
    "annotator.tui.all_actions",
    "annotator.tui.screens.feedback.actions",
    "annotator.tui.screens.review.actions",
    "annotator.tui.openers.openers",
    "annotator.tui.screens.documents.rows",
    "annotator.tui.layout.motion",
    "annotator.tui.screens.agreement",
    "annotator.tui.screens.audit",
    "annotator.tui.screens.dialogs",
    "annotator.tui.screens.documents.screen",
    "annotator.tui.screens.feedback",
    "annotator.tui.screens.document.jumping",
    "annotator.tui.screens.review",
    "annotator.workspace.adapting.adapting",
    "annotator.workspace.agreement.selection",
    "annotator.workspace.audit.search",
    "annotator.workspace.review.feedback",
    "annotator.workspace.transfer.importing",
    "annotator.workspace.steps.mentions",
    "annotator.workspace.learning.memory_loader",
    "annotator.workspace.review.workspace",
    "annotator.workspace.statistics",
    "annotator.workspace.training.training",
]
"""What the first text on the screen has no need of, with all that is in it."""


def loaded(statement: str) -> set[str]:
    """Which of HEAVY a new process has loaded after the statement."""
    code = f"import sys\ntry:\n    {statement}\nexcept SystemExit:\n    pass\nprint(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(HEAVY) & set(done.stderr.split())


@pytest.mark.parametrize(
    ("statement", "allowed"),
    [
        ("import annotator.errors", ""),
        ("import annotator.settings", "pydantic"),
        ("import annotator.model.labels, annotator.model.annotations, annotator.model.resources", "pydantic"),
        ("import annotator.editing.editor, annotator.editing.overview, annotator.editing.queue", "pydantic"),
        (
            "import annotator.suggest.worker.service, annotator.suggest.combination.combine, annotator.suggest.worker.worker",
            "pydantic",
        ),
        (
            "import annotator.measure.agreement, annotator.measure.dawid_skene, annotator.measure.semeval",
            "pydantic",
        ),
        ("import annotator.formats.registry", "pydantic"),
        ("import annotator.store.repository, annotator.store.writer", "pydantic tinydb"),
        ("import annotator.workspace, annotator.workspace.transfer.importing", "pydantic tinydb"),
        ("import annotator.cli.main", "typer"),
        ("import annotator.tui.layout.painter, annotator.tui.layout.rows", "pydantic rich textual"),
        ("import annotator.tui.app", "pydantic rich textual tinydb"),
    ],
)
def test_a_room_loads_no_more_than_it_is_for(statement: str, allowed: str) -> None:
    assert loaded(statement) <= set(allowed.split())


def test_opening_a_store_needs_its_engine_and_its_models_and_no_more(tmp_path: Path) -> None:
    make = "from annotator.workspace.opening import open_store; open_store(Path('S'), create=True)"
    subprocess.run([sys.executable, "-c", f"from pathlib import Path; {make}"], cwd=tmp_path, check=True)
    opening = f"from annotator.store.repository import Store; Store.open({str(tmp_path / 'S')!r}).catalogue.rows('me')"
    assert loaded(opening) == {"pydantic", "tinydb"}


def test_help_loads_neither_the_screen_nor_spacy() -> None:
    asking = "from annotator.cli.main import run; assert run(['--help']) == 0"
    assert loaded(asking) & {"textual", "spacy", "numpy", "tinydb"} == set()


def test_the_text_is_up_and_suggestions_arrive_without_spacy_or_numpy(tmp_path: Path) -> None:
    """Both belong to the worker's process; the interface's never has them, not even once there are suggestions."""
    (tmp_path / "spy.py").write_text(SPY, encoding="utf-8")
    (tmp_path / "text.txt").write_text("Barack Obama met Angela Merkel in Berlin.\n", encoding="utf-8")
    command = [sys.executable, "spy.py", "annotate", "text.txt", "--store", "S", "--annotator", "me"]
    environment = {**environment_of(tmp_path), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    terminal = Terminal(command, columns=120, rows=40, cwd=tmp_path, env=environment)
    try:
        terminal.wait_for("Barack Obama")
        at_first = _told_now(terminal, tmp_path)
        terminal.wait_for("0 of 3 decided")
        later = _told_now(terminal, tmp_path)
    finally:
        terminal.close()
    assert "textual" in at_first
    assert (at_first | later) & {"spacy", "thinc", "numpy"} == set()


def test_the_text_is_painted_before_what_is_used_later_is_imported(tmp_path: Path) -> None:
    store = Store.create(tmp_path / "S", label_set=load_label_set("news"))
    store.add_documents([new_document("Barack Obama met Angela Merkel in Berlin.", id="one")])
    store.close()
    (tmp_path / "painted.py").write_text(PAINTED, encoding="utf-8")
    command = [sys.executable, "painted.py", "annotate", "--store", "S", "--annotator", "me"]
    environment = {**environment_of(tmp_path), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    terminal = Terminal(command, columns=120, rows=40, cwd=tmp_path, env=environment)
    try:
        terminal.wait((tmp_path / NAME_OF_LOADED).exists, "the modules to be told")
        terminal.wait_for("Barack Obama")
    finally:
        terminal.close()
    found = set(json.loads((tmp_path / NAME_OF_LOADED).read_text(encoding="utf-8")))
    assert "annotator.tui.screens.annotate.screen" in found
    assert {name for name in found if name.startswith(tuple(f"{each}." for each in LATER))} == set()
    assert found & {*LATER, "multiprocessing"} == set()


def test_what_is_imported_later_is_there() -> None:
    """Else the list would hold nothing once a module is renamed."""
    assert [name for name in LATER if importlib.util.find_spec(name) is None] == []


def _told_now(terminal: Terminal, folder: Path) -> set[str]:
    """What is loaded, told by the process after now."""
    path = folder / NAME_OF_LOADED
    before = path.stat().st_mtime_ns if path.exists() else 0
    terminal.wait(lambda: path.exists() and path.stat().st_mtime_ns > before, "the modules to be told")
    return set(json.loads(path.read_text(encoding="utf-8")))
