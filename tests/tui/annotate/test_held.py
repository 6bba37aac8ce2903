"""A second program on the same annotator's sets shows who holds them, and decides nothing."""

from __future__ import annotations

import os

import pytest

from annotator.store.repository import Store


@pytest.fixture
def held(store):
    """Holds the sets as another program would."""
    return Store.open(store.path).hold("me")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_header_says_who_holds_them(desk, held, size):
    async with desk(size=size) as it:
        assert "READ-ONLY: open by" in it.bar("header")
    async with desk(size=(200, 40)) as it:
        assert f"process {os.getpid()}" in it.bar("header")


@pytest.mark.parametrize("keys", [["enter"], ["x"], ["1"], ["a"], ["space"], ["z"], ["u"], ["n"], ["l"]])
async def test_what_would_decide_is_refused_with_one_message(desk, held, store, keys):
    async with desk() as it:
        await it.press(*keys)
        assert "read-only: " in it.bar("status")
        assert it.set.revision == 0
        assert it.screen.query_one("#status").display
    assert store.annotators() == []


async def test_looking_about_goes_on(desk, held):
    async with desk() as it:
        before = it.focus
        await it.press("tab")
        assert it.focus != before
        await it.press(">")
        assert it.editor.document.id == "second"
        assert "read-only: " not in it.bar("status")


async def test_when_the_other_program_ends_the_next_key_takes_over(desk, held, store):
    async with desk() as it:
        held.release()
        await it.press("enter")
        assert "you can decide now" in it.bar("status")
        assert it.set.revision == 0
        await it.press("enter")
        assert it.set.revision == 1
    assert store.load_set("first", "me").revision == 1
