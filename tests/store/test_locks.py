"""One program writes an annotator's sets, a second one is told who, and a dead one holds nothing."""

from __future__ import annotations

import errno
import os
import re
import signal
import subprocess
import sys

import pytest

from annotator.errors import HeldError, InputError
from annotator.store.locks import HeldBy, Hold
from annotator.store.repository import Store
from annotator.store.sets import SetSnapshot

_HOLDER = """
import sys
from annotator.store.repository import Store
hold = Store.open(sys.argv[1]).hold("anna")
print(type(hold).__name__, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def other(store):
    """Another process that holds anna's sets; give it back with `kill` or `communicate`."""
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLDER, store.path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    with process:
        assert process.stdout
        assert process.stdout.readline() == b"Hold\n"
        yield process
        process.kill()


def test_the_second_is_told_who_holds_them(store, other):
    held = store.hold("anna")
    assert isinstance(held, HeldBy)
    assert held.process == other.pid
    assert held.host
    assert held.who
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", held.since)
    assert str(held) == (
        f"{held.who} on {held.host}, process {other.pid}, since {held.since[:10]} {held.since[11:16]} UTC"
    )


def test_who_does_not_hold_them_cannot_save_them(store, other, add_spans, files_of):
    before = files_of(store)
    snapshot = SetSnapshot.of(add_spans(store.load_set("one", "anna")))
    with pytest.raises(HeldError, match=f"process {other.pid}") as told:
        store.save(snapshot)
    assert "--annotator" in told.value.hint
    with pytest.raises(HeldError), store.batch() as batch:
        batch.save(snapshot)
    assert files_of(store) == before
    store.save(SetSnapshot.of(add_spans(store.load_set("one", "ben"))))  # others go on


def test_what_a_killed_program_held_is_free_at_once(store, other, add_spans):
    lock = store.path / ".cache" / "locks" / "anna.lock"
    os.kill(other.pid, signal.SIGKILL)
    other.wait()
    assert str(other.pid).encode() in lock.read_bytes()  # left behind, and means nothing
    hold = store.hold("anna")
    assert isinstance(hold, Hold)
    assert str(os.getpid()).encode() in lock.read_bytes().partition(b"\n")[0]
    store.save(SetSnapshot.of(add_spans(store.load_set("one", "anna"))))
    hold.release()


def test_each_hold_counts_and_releasing_twice_does_nothing(store):
    second = Store.open(store.path)
    first, again = store.hold("anna"), store.hold("anna")
    assert isinstance(first, Hold)
    assert isinstance(again, Hold)
    first.release()
    first.release()
    assert isinstance(second.hold("anna"), HeldBy)
    again.release()
    with second.hold("anna") as hold:
        assert isinstance(hold, Hold)
        assert isinstance(store.hold("anna"), HeldBy)
        assert isinstance(store.hold("gold"), Hold)
    assert isinstance(store.hold("anna"), Hold)


def test_a_batch_holds_until_it_has_ended(store, add_spans):
    second = Store.open(store.path)
    with store.batch() as batch:
        batch.save(SetSnapshot.of(add_spans(store.load_set("one", "anna"))))
        assert isinstance(second.hold("anna"), HeldBy)
    assert isinstance(second.hold("anna"), Hold)


@pytest.mark.parametrize("content", [b"", b"{", b"[]\n", b'{"who": "kim", "hat": 1}\n', b"\xff\n"])
def test_a_file_that_does_not_say_who_is_borne(store, other, content):
    (store.path / ".cache" / "locks" / "anna.lock").write_bytes(content)
    held = store.hold("anna")
    assert held == HeldBy("anna")
    assert str(held) == "another program"


@pytest.mark.parametrize("error", [errno.ENOLCK, errno.EROFS, errno.EACCES, errno.ENOSYS])
def test_where_a_disk_has_no_locks_one_can_write_all_the_same(store, disk, add_spans, error):
    disk.fail_from_now(*range(9), error=error)
    hold = store.hold("anna")
    disk.fail_from_now()
    assert isinstance(hold, Hold)
    store.save(SetSnapshot.of(add_spans(store.load_set("one", "anna"))))
    hold.release()


def test_a_call_that_fails_while_locking_leaves_nothing_locked(store, disk):
    class Killed(BaseException):
        pass

    store.hold("anna").release()  # makes the folders
    disk.fail_from_now()
    store.hold("anna").release()
    assert disk.calls == ["open_lock", "lock", "write", "close"]
    disk.death = Killed()
    for number in range(3):
        disk.fail_from_now(number)
        with pytest.raises(Killed):
            store.hold("anna")
        disk.fail_from_now()
        with Store.open(store.path).hold("anna") as hold:
            assert isinstance(hold, Hold)


def test_only_annotators_can_be_held(store):
    with pytest.raises(InputError):
        store.hold("../anna")
