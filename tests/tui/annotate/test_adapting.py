"""A model that adapts, on the screen: what is said of it, and what may be done about it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from typing import Any

import pytest

from annotator.model.adaptations import Adaptation, AdaptingState
from annotator.store.repository import Store
from annotator.store.trust import allow_pipeline
from annotator.suggest.sources.resolution import resolve
from annotator.tui.screens.annotate.adapting_texts import facts, figure, outcome
from annotator.tui.screens.dialogs.message import MessageDialog
from annotator.workspace import Adapted
from annotator.workspace.adapting.models import AdaptedModels

Opener = Callable[..., AbstractAsyncContextManager[Any]]

TAKEN = Adaptation(
    when="2026-11-22T10:15:00Z",
    base=resolve().name,
    finished=24,
    folder="20261122-101500",
    learnt_from=19,
    rehearsed=17,
    held_out=5,
    base_f1=0.41,
    before_f1=0.41,
    after_f1=0.52,
    new_labels=("DISEASE",),
    seconds=31.4,
    meanings={"PERSON": "PERSON"},
)
REFUSED = replace(TAKEN, folder="", after_f1=0.4, finished=34)
FAILED = replace(TAKEN, folder="", failed="the process that adapts died: it was ended by SIGKILL")


@pytest.mark.parametrize(
    ("attempt", "said"),
    [
        (TAKEN, "the model adapted: .41 → .52 on 5 held out"),
        (REFUSED, "the model stays as it was: adapting made it .41 → .40 on 5 held out"),
        (FAILED, "the model did not adapt: the process that adapts died: it was ended by SIGKILL"),
    ],
)
def test_how_an_attempt_ended_is_said_in_a_line(attempt: Adaptation, said: str) -> None:
    assert outcome(attempt) == said


def test_an_undefined_score_is_not_a_nought() -> None:
    assert (figure(None), figure(0.0), figure(1.0)) == ("n/a", ".00", "1.00")


def test_the_dialog_says_on_what_it_learnt_and_how_it_scored() -> None:
    said = dict(facts(TAKEN))
    assert said["result"] == "taken"
    assert said["score"].startswith(".41 before, .52 after (the model as it came: .41)")
    assert said["learnt from"].startswith("19 finished documents, beside 17 others")
    assert said["new labels"] == "DISEASE"


def with_copy(store: Store) -> None:
    """Have a copy in use in the store, by its record and folder."""
    models = AdaptedModels(store, "me")
    models.new_folder(TAKEN.folder).mkdir()
    (models.folder / TAKEN.folder / "meta.json").write_text("{}")
    allow_pipeline(models.folder / TAKEN.folder)
    models.write(AdaptingState(is_on=True, in_use=TAKEN, last=REFUSED))


def dialog(desk: Any) -> MessageDialog:
    (found,) = [screen for screen in desk.app.screen_stack if isinstance(screen, MessageDialog)]
    return found


def words(desk: Any) -> str:
    return "\n".join("".join(text for text, _ in line) for line in dialog(desk).lines(70))


async def test_the_palette_shows_it_and_goes_back(desk: Opener, store: Store) -> None:
    with_copy(store)
    async with desk() as found:
        workspace = found.workspace
        assert workspace.adapting.copy_in_use is not None
        found.screen.act("adapting")
        await found.pilot.pause()
        assert "adapted" in words(found)
        assert ".41 before, .52 after" in words(found)
        assert "not taken: it would have been worse" in words(found)
        await found.press("b")
        assert workspace.adapting.copy_in_use is None
        assert "back to the model as it came" in found.bar("status")


async def test_it_is_switched_on_and_off_from_the_palette(desk: Opener, store: Store) -> None:
    async with desk() as found:
        found.screen.act("adapting")
        await found.pilot.pause()
        assert "off" in words(found)
        await found.press("a")
        assert found.workspace.adapting.is_on
        found.screen.act("adapting")
        await found.pilot.pause()
        assert "on: again after 10 more finished documents" in words(found)
        await found.press("a")
        assert not found.workspace.adapting.is_on


async def test_how_it_ended_is_told_once_and_the_work_goes_on(desk: Opener, store: Store) -> None:
    async with desk() as found:
        found.workspace.listener(Adapted(FAILED))
        await found.pilot.pause()
        assert "the model did not adapt" in found.bar("status")
        await found.press("enter")
        assert "the model did not adapt" not in found.bar("status")
        assert found.spans
