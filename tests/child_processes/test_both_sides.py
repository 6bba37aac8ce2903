"""A parent and a child over real pipes: messages, the end of either, and what others print."""

from __future__ import annotations

import ast
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import annotator
from annotator.child_processes.parent_side import ChildDiedError, ChildProcess, python_command

SECONDS = 60.0
"""What a child of these tests may take before it counts as hung."""


def program(body: str) -> list[str]:
    """The command of a child that has its parent as `parent`, unless `body` makes another."""
    head = "import os, sys, threading\nfrom annotator.child_processes.child_side import Parent\n"
    return [sys.executable, "-c", head + textwrap.dedent(body)]


ECHO = program("""
    parent = Parent()
    parent.send({"pid": os.getpid()})
    while True:
        parent.send({"echo": parent.receive()})
""")


def test_messages_go_both_ways_in_order() -> None:
    with ChildProcess(ECHO) as child, child.deadline(SECONDS):
        assert child.receive().keys() == {"pid"}
        for value in ({"text": "Zoë \ud83d 👍\n\u2028"}, {"numbers": [1, None, 0.5]}):
            child.send(value)
        assert child.receive() == {"echo": {"text": "Zoë \ud83d 👍\n\u2028"}}
        assert child.receive() == {"echo": {"numbers": [1, None, 0.5]}}


def test_what_others_print_or_read_stays_out_of_the_pipes() -> None:
    command = program("""
        import subprocess
        parent = Parent()
        print("printed", flush=True)
        os.write(1, b"written")
        subprocess.run([sys.executable, "-c", "print('from a child')"], check=True)
        parent.send({"read": sys.stdin.read()})
        parent.send({"got": parent.receive()})
    """)
    with ChildProcess(command) as child, child.deadline(SECONDS):
        assert child.receive() == {"read": ""}
        child.send({"a": 1})
        assert child.receive() == {"got": {"a": 1}}


def test_an_interrupt_from_the_keyboard_does_not_end_the_child() -> None:
    with ChildProcess(ECHO) as child, child.deadline(SECONDS):
        os.kill(child.receive()["pid"], signal.SIGINT)
        child.send({})
        assert child.receive() == {"echo": {}}


@pytest.mark.skipif(os.name != "posix", reason="priorities of processes are POSIX")
@pytest.mark.parametrize("niceness", [0, 7])
def test_a_child_steps_back_as_far_as_it_says(niceness: int) -> None:
    command = program(f"""
        parent = Parent(niceness={niceness})
        parent.send({{"priority": os.getpriority(os.PRIO_PROCESS, 0)}})
    """)
    with ChildProcess(command) as child, child.deadline(SECONDS):
        own = os.getpriority(os.PRIO_PROCESS, 0)
        assert child.receive() == {"priority": min(own + niceness, 19)}


def test_the_child_ends_with_its_parent_whatever_it_is_at() -> None:
    command = program("""
        parent = Parent()
        parent.send({"ready": True})
        threading.Event().wait()
    """)
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    with process.stdout:
        process.stdout.readline()
        process.stdin.close()
        try:
            assert process.wait(SECONDS) == 0
        finally:
            process.kill()


def test_a_child_may_finish_in_its_own_way_when_its_input_is_closed() -> None:
    command = program("""
        is_over = threading.Event()
        parent = Parent(on_gone=is_over.set)
        parent.send({"ready": True})
        is_over.wait()
        parent.send({"ended": True})
    """)
    with ChildProcess(command) as child, child.deadline(SECONDS):
        child.receive()
        assert child.close_input()
        assert not child.close_input()
        assert child.receive() == {"ended": True}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("sys.stderr.write('first\\nout of memory\\n'); os._exit(3)", "it ended with code 3: out of memory"),
        ("os._exit(0)", "it ended with code 0"),
        ("os.kill(os.getpid(), 9)", "it was ended by SIGKILL"),
        ("print('hello', flush=True)", "it says b'hello\\n', which is no answer"),
        ("print('[1]', flush=True)", "it says b'[1]\\n', which is no answer"),
        ("os.close(1); threading.Event().wait()", "it closed its pipes"),
    ],
)
def test_a_death_is_said_with_its_reason(body: str, reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotator.child_processes.parent_side._GRACE", 0.5)
    with ChildProcess(program(body)) as child, pytest.raises(ChildDiedError) as caught:
        child.receive()
    assert str(caught.value) == reason


def test_a_child_that_takes_too_long_is_ended() -> None:
    with ChildProcess(program("threading.Event().wait()")) as child:
        with child.deadline(0.05), pytest.raises(ChildDiedError, match=r"it took longer than 0\.05 s"):
            child.receive()
        assert not child.is_alive


def test_a_program_that_cannot_be_started_is_a_death(tmp_path: Path) -> None:
    with pytest.raises(ChildDiedError, match="it cannot be started: No such file"):
        ChildProcess([str(tmp_path / "nothing")])


def send_until_it_fails(child: ChildProcess) -> None:
    while True:
        child.send({"text": "a" * 100_000})


def test_a_message_to_a_dead_child_says_why_it_died() -> None:
    with (
        ChildProcess(program("os._exit(4)")) as child,
        child.deadline(SECONDS),
        pytest.raises(ChildDiedError, match="it ended with code 4"),
    ):
        send_until_it_fails(child)


def test_no_child_outlives_the_block_that_uses_it() -> None:
    with ChildProcess(ECHO) as child, child.deadline(SECONDS):
        pid = child.receive()["pid"]
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_numeric_libraries_of_a_child_use_one_thread() -> None:
    command = program(
        "Parent().send({name: os.environ[name] for name in os.environ if 'NUM_THREADS' in name})"
    )
    with ChildProcess(command) as child, child.deadline(SECONDS):
        assert set(child.receive().values()) == {"1"}


def test_a_module_in_the_users_folder_is_not_taken_for_a_librarys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('taken')", encoding="utf-8")
    monkeypatch.syspath_prepend(str(Path.cwd()))  # as an absolute path, for the folder changes
    monkeypatch.chdir(tmp_path)
    command = python_command("annotator.suggest.worker.worker", "blank:en", "x")
    with ChildProcess(command) as child, child.deadline(SECONDS):
        assert child.receive() == {"ready": True}


def imported_names(source: str) -> set[str]:
    """The parts of the names of all modules that a source imports, and what it imports from them."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names |= {part for alias in node.names for part in alias.name.split(".")}
        if isinstance(node, ast.ImportFrom):
            names |= set(str(node.module).split("."))
    return names


def test_nothing_else_starts_processes_or_takes_the_standard_streams() -> None:
    """The other ways are the web server's, which speaks to a child with asyncio and another protocol, and asking git."""
    package = Path(annotator.__file__).parent
    importers = {
        path.relative_to(package).parts[0] if path.name != "version_control.py" else "git"
        for path in package.rglob("*.py")
        if {"subprocess", "multiprocessing"} & imported_names(path.read_text(encoding="utf-8"))
    }
    assert importers == {"child_processes", "git", "web"}
