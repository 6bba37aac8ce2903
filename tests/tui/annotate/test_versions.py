"""When somebody else has changed the set on screen, the screen says so, loses nothing, and lets one choose."""

from __future__ import annotations

import pytest

from annotator.model.decisions import Decision, Verb
from annotator.store.repository import Store
from annotator.store.sets import SetSnapshot


@pytest.fixture
def interfere(store):
    """Skips the first document as somebody else would, without asking for a lock."""

    def interfere() -> None:
        other = Store.open(store.path)
        theirs = other.load_set("first", "me")
        seq = theirs.revision + 1
        theirs.apply(Decision(seq, seq, Verb.SKIP, "me", "2026-11-22T15:00:00Z", uid="f" * 12))
        place, data = other.encoded(SetSnapshot.of(theirs))
        (store.path / place).parent.mkdir(parents=True, exist_ok=True)
        (store.path / place).write_bytes(data)

    return interfere


async def _save(it) -> None:
    it.workspace.save(it.editor)
    it.workspace.flush()
    await it.pilot.pause()


@pytest.mark.parametrize(("key", "status", "revision"), [("1", "skipped", 1), ("2", "started", 2)])
async def test_one_chooses_which_version_holds(desk, store, interfere, key, status, revision):
    async with desk() as it:
        interfere()
        await it.press("enter", "enter")
        await _save(it)
        assert "TWO VERSIONS" in it.bar("status")
        it.screen.act("choose_version")
        await it.pilot.pause()
        assert type(it.app.screen).__name__ == "MessageDialog"
        await it.press(key)
        assert "chosen" in it.bar("status")
        assert (it.editor.status.value, it.set.revision) == (status, revision)
        assert not store.has_versions("first", "me")
        await it.press("enter")
        await _save(it)
        assert "TWO VERSIONS" not in it.bar("status")
        assert Store.open(store.path).load_set("first", "me").decisions == it.set.decisions


async def test_what_was_not_chosen_yet_is_told_when_the_document_is_opened_again(desk, store, interfere):
    async with desk() as it:
        interfere()
        await it.press("enter")
        await _save(it)
        it.screen.act("choose_version")
        await it.pilot.pause()
        await it.press("escape")
    assert store.has_versions("first", "me")
    async with desk() as it:
        assert "choose a version" in it.bar("status")


async def test_with_one_version_there_is_nothing_to_choose(desk):
    async with desk() as it:
        it.screen.act("choose_version")
        await it.pilot.pause()
        assert "one version" in it.bar("status")
