"""What was on the screen is kept with the set, over restarts, also where nothing was decided."""

from __future__ import annotations

import pytest

from annotator.store.repository import Store
from annotator.workspace import Workspace
from tests.tui.annotate.conftest import make_store, open_desk

LONG = "\n".join(f"Line {number} of a text that says little." for number in range(72))


@pytest.fixture(autouse=True)
def _no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Workspace, "start_suggesting", lambda self: None)


async def test_pages_that_were_read_are_not_asked_for_again_after_a_restart(tmp_path) -> None:
    async with open_desk(make_store(tmp_path / "S", {"long": LONG}, {})) as at:
        for _ in range(2):
            await at.press("space")
        assert at.editor.first_unseen() is None
        assert at.set.revision == 0
        at.screen.leave()

    async with open_desk(Store.open(tmp_path / "S")) as at:
        assert at.editor.first_unseen() is None
        await at.press("space")
        assert at.set.revision, "one key finishes what was read"


@pytest.mark.parametrize("keys", [[], ["greater_than_sign"]])
async def test_a_document_of_one_screen_leaves_no_set_by_being_looked_at(tmp_path, keys) -> None:
    async with open_desk(make_store(tmp_path / "S")) as at:
        await at.press(*keys)
        at.screen.leave()
    assert not list((tmp_path / "S" / "annotations").rglob("*.json"))
