"""Bad input to the installed program on a real pseudo-terminal: one message, nothing lost, nothing left running."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from annotator.store.repository import Store
from tests.terminal.harness import Terminal

Start = Callable[..., Terminal]

FIRST = "Ana Lima met Jan Kowalski in Lisbon.\n"
SECOND = "Maria Silva met Jan Novak in Porto.\n"


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    """Two short documents, the first with three suggestions and the second with two."""
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "1.txt").write_text(FIRST, encoding="utf-8")
    (folder / "2.txt").write_text(SECOND, encoding="utf-8")
    return folder


def refused(terminal: Terminal) -> str:
    """Wait until the program has ended with exit code 1; what it said, without line breaks."""
    assert terminal.wait_exit() == 1
    while terminal.read(0.1):
        pass
    said = "".join(line.ljust(terminal.screen.columns) for line in terminal.screen.display)
    assert "Traceback" not in said
    assert said.startswith("annotator: ")
    return " ".join(said.split())


# What is refused before the screen


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ('theme = "puce"', "there is no theme puce"),
        ('model = "nonsense"', "there is no spaCy pipeline nonsense"),
    ],
)
def test_broken_settings_end_the_program_with_a_message(
    start: Start, texts: Path, tmp_path: Path, settings: str, said: str
) -> None:
    """No thread keeps it from ending."""
    path = tmp_path / "settings.toml"
    path.write_text(settings)
    terminal = start("annotate", texts, "--store", "S", columns=200, env={"ANNOTATOR_SETTINGS": str(path)})
    assert said in refused(terminal)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["none.txt"], "none.txt does not exist"),
        (["--store", "S"], "there is no store in S"),
        (["texts", "--annotator", "gold"], "what reviews produce"),
        (["texts", "--labels", "nope"], "there is no label set nope"),
        (["texts", "--encoding", "utf-32"], "is not utf-32"),
    ],
)
def test_what_does_not_open_ends_the_program_with_a_message(
    start: Start, texts: Path, tmp_path: Path, arguments: list[str], said: str
) -> None:
    assert said in refused(start("annotate", *arguments, columns=200))
    assert not (tmp_path / "annotations").exists()


def test_a_store_in_which_nothing_can_be_read_ends_the_program_with_a_message(
    start: Start, texts: Path, tmp_path: Path
) -> None:
    terminal = start("annotate", texts, "--store", "S", "--annotator", "me")
    terminal.wait_for("Ana Lima met")
    terminal.press("ctrl+q")
    assert terminal.wait_exit() == 0
    for path in (tmp_path / "S" / "documents").rglob("*.json"):
        path.write_bytes(path.read_bytes()[:-9])
    assert "is damaged" in refused(start("annotate", "--store", "S", columns=200))


# Odd texts


def test_characters_that_would_disturb_the_terminal_are_drawn_as_glyphs(start: Start, tmp_path: Path) -> None:
    """Escape sequences of a text do nothing, and bidi marks turn nothing round."""
    (tmp_path / "odd.txt").write_bytes(
        "a\x01b\x1b[31mred\x1b[2J\x07\ttab\r\ncrlf \u202eabc\u202c \u2066x\u2069 end\x7f Paris\n".encode()
    )
    terminal = start("annotate", "odd.txt", "--store", "S", "--annotator", "me")
    terminal.wait_for("Paris")
    assert "a␁b␛[31mred␛[2J␇⇥" in terminal.text
    assert "tab\n" in terminal.text
    assert "crlf ⇄abc⇄ ⇄x⇄ end␡ Paris" in terminal.text.replace(
        "FParis", " Paris"
    )  # the letter that leads there
    terminal.press("ctrl+q")
    assert terminal.wait_exit() == 0


def test_a_line_of_300_000_characters_opens_and_moves_at_once(start: Start, tmp_path: Path) -> None:
    (tmp_path / "long.txt").write_text("Ana Lima met Jan. " * 17_000, encoding="utf-8")
    terminal = start("annotate", "long.txt", "--store", "S", "--annotator", "me", "--model", "blank:en")
    terminal.wait_for("Ana Lima met")
    terminal.wait_for("no model")
    terminal.press_and_see("end")
    for key in ("up", "left", "pageup", "home", "down", "right", "pagedown", "v"):
        while terminal.read(0.1):
            pass
        before = terminal.processor_seconds
        terminal.press(key)
        assert terminal.read(30.0)
        assert terminal.processor_seconds - before < 0.5, key
    terminal.press("ctrl+q")
    assert terminal.wait_exit() == 0


# The terminal itself


def test_a_terminal_may_shrink_to_nothing_and_grow_again(start: Start, texts: Path) -> None:
    terminal = start("annotate", texts, "--store", "S", "--annotator", "me", columns=60, rows=15)
    terminal.wait_for("small: made for 80")
    terminal.wait_for("Ana")
    for columns, rows in ((20, 5), (1, 1), (20, 5)):
        terminal.resize(columns, rows)
        terminal.press_and_see("tab", "enter", "1")
    terminal.wait_for("20x5 is too small")
    assert "Ana" not in terminal.text
    terminal.resize(100, 30)
    terminal.wait_for("0 of 3 decided")
    terminal.press_and_see("tab", "enter")
    terminal.wait_for("1 of 3 decided")
    terminal.press("ctrl+q")
    assert terminal.wait_exit() == 0


# The worker


def workers(terminal: Terminal) -> list[int]:
    """The process ids of the program's suggestion workers."""
    found = subprocess.run(
        ["pgrep", "-P", str(terminal.pid), "-f", "annotator.suggest.worker.worker"],
        capture_output=True,
        text=True,
    )
    return [int(line) for line in found.stdout.split()]


def end_worker(terminal: Terminal, how: signal.Signals = signal.SIGKILL) -> int:
    """Send a signal to the worker once there is one; its process id."""
    terminal.wait(lambda: workers(terminal), "a worker")
    worker = workers(terminal)[0]
    with contextlib.suppress(ProcessLookupError):
        os.kill(worker, how)
    return worker


def test_a_worker_that_dies_is_told_and_started_again(start: Start, texts: Path) -> None:
    """The person goes on deciding meanwhile."""
    terminal = start("annotate", texts, "--store", "S", "--annotator", "me")
    terminal.wait_for("Ana Lima met")
    dead = end_worker(terminal)
    terminal.wait_for("the worker died: it was ended by SIGKILL")
    terminal.press_and_see("home", "1")
    terminal.wait_for("1 of ")
    terminal.wait_for("of 3 decided")
    terminal.wait(lambda: workers(terminal) and workers(terminal) != [dead], "another worker")
    terminal.press("ctrl+q")
    assert terminal.wait_exit() == 0


def test_a_worker_that_dies_each_time_is_given_up_and_the_person_goes_on(
    start: Start, texts: Path, tmp_path: Path
) -> None:
    terminal = start("annotate", texts, "--store", "S", "--annotator", "me")
    terminal.wait_for("Ana Lima met")
    seen: set[int] = set()
    while "the pipeline failed" not in terminal.text and len(seen) < 6:
        terminal.wait(
            lambda: set(workers(terminal)) - seen or "the pipeline failed" in terminal.text, "the next worker"
        )
        for worker in set(workers(terminal)) - seen:
            seen.add(worker)
            with contextlib.suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)
    terminal.wait_for("no suggestions: the pipeline failed")
    terminal.press_and_see("home", "1")
    terminal.wait_for("1 of 1 decided")
    terminal.press("ctrl+q")
    assert terminal.wait_exit() == 0
    assert len(Store.open(tmp_path / "S").load_set(*_first_of(tmp_path)).spans) == 1


def test_a_worker_that_hangs_hinders_nobody(start: Start, texts: Path) -> None:
    """It is stopped, not dead: keys are acted on, saving goes on, and quitting ends it."""
    terminal = start("annotate", texts, "--store", "S", "--annotator", "me")
    terminal.wait_for("Ana Lima met")
    hung = end_worker(terminal, signal.SIGSTOP)
    terminal.wait_for("suggestions coming")
    terminal.press_and_see("home", "1")
    terminal.wait_for("1 of 1 decided")
    terminal.wait(lambda: terminal.status.rstrip().endswith(" saved"), "saved")
    terminal.press("ctrl+q")
    assert terminal.wait_exit(seconds=10) == 0
    with pytest.raises(ProcessLookupError):
        os.kill(hung, 0)


def _first_of(tmp_path: Path) -> tuple[str, str]:
    return Store.open(tmp_path / "S").catalogue.ids[0], "me"


# Disks


@contextlib.contextmanager
def mounted(folder: Path, *options: str) -> Iterator[None]:
    """Something mounted at `folder`; the test is skipped where that is not allowed."""
    folder.mkdir(exist_ok=True)
    try:
        done = subprocess.run(["mount", *options, str(folder)], capture_output=True, text=True)
    except FileNotFoundError:
        pytest.skip("this system has no mount command")
    if done.returncode:
        pytest.skip(f"nothing may be mounted here: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_disk_that_fills_up_keeps_decisions_and_saves_them_when_there_is_room(
    start: Start, texts: Path, tmp_path: Path
) -> None:
    disk = tmp_path / "disk"
    with mounted(disk, "-t", "tmpfs", "-o", "size=1m", "tmpfs"):
        terminal = start("annotate", texts, "--store", disk / "S", "--annotator", "me")
        terminal.wait_for("0 of 3 decided")
        with contextlib.suppress(OSError), (disk / "fill").open("wb", buffering=0) as fill:
            while True:
                fill.write(bytes(4096))
        terminal.press_and_see("enter")
        if "0 of 3 decided" in terminal.text:  # the cursor was on no suggestion yet
            terminal.press_and_see("enter")
        terminal.wait_for("NOT SAVED: the disk is full, 1 kept, retrying")

        terminal.press("ctrl+q")
        terminal.wait_for("Not everything is saved")
        terminal.press("escape")
        terminal.wait_gone("Not everything is saved")

        (disk / "fill").unlink()
        terminal.wait(lambda: terminal.status.rstrip().endswith(" saved"), "saved", seconds=40)
        terminal.press("ctrl+q")
        assert terminal.wait_exit() == 0
        store = Store.open(disk / "S")
        assert len(store.load_set(store.catalogue.ids[0], "me").spans) == 1


def test_a_store_on_a_read_only_disk_can_be_looked_at(start: Start, texts: Path, tmp_path: Path) -> None:
    terminal = start("annotate", texts, "--store", "S", "--annotator", "me")
    terminal.wait_for("0 of 3 decided")
    terminal.press("ctrl+q")
    assert terminal.wait_exit() == 0
    with mounted(tmp_path / "disk", "--bind", str(tmp_path / "S")):
        if subprocess.run(["mount", "-o", "remount,ro,bind", str(tmp_path / "disk")]).returncode:
            pytest.skip("nothing may be mounted read-only here")
        terminal = start("annotate", "--store", "disk", "--annotator", "me")
        terminal.wait_for("READ-ONLY: ")
        terminal.press_and_see("tab", "enter")
        terminal.wait_for("read-only: ")
        terminal.press("ctrl+q")
        assert terminal.wait_exit() == 0
    store = Store.open(tmp_path / "S")
    assert store.load_set(store.catalogue.ids[0], "me").revision == 0


def test_a_damaged_document_is_told_in_a_dialog(start: Start, texts: Path, tmp_path: Path) -> None:
    terminal = start("annotate", texts, "--store", "S", "--annotator", "me")
    terminal.wait_for("Ana Lima met")
    terminal.press("ctrl+q")
    assert terminal.wait_exit() == 0
    documents = (tmp_path / "S" / "documents").rglob("*.json")
    second = next(path for path in documents if "Maria" in path.read_text("utf-8"))
    second.write_text("{}")

    terminal = start("annotate", "--store", "S", "--annotator", "me")
    terminal.wait_for("Ana Lima met")
    terminal.press_and_see(">")
    terminal.wait_for("is damaged")
    terminal.press_and_see("escape")
    terminal.wait_gone("is damaged")
    assert "Ana Lima met" in terminal.text
    terminal.press("ctrl+q")
    assert terminal.wait_exit() == 0
