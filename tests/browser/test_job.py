"""A person with a browser and no terminal: enters with a token, decides by key, and closes the tab."""

from __future__ import annotations

import asyncio

import pytest

pytest.importorskip("textual_serve", reason="the extra `serve` is not installed")

from annotator.model.spans import Span
from annotator.store.repository import Store
from tests.browser.chromium import PROGRAM, browser_page
from tests.browser.conftest import Served

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(PROGRAM is None, reason="no Chromium is installed (Debian: chromium)"),
]

_HAS_TERMINAL = "document.querySelector('.textual-terminal canvas, .textual-terminal .xterm-screen') !== null"
_IS_PAINTED = "document.body.classList.contains('-first-byte')"


def decided(served: Served) -> list[Span]:
    """What stands in ada's set in the store."""
    annotation_set = Store.open(served.store).load_set("venezuela", "ada")
    return [span.span for span in annotation_set.spans]


async def test_a_decision_in_the_browser_is_in_the_store_after_the_tab_is_closed(served: Served) -> None:
    async with browser_page() as page:
        await page.open(f"{served.url}/?token={served.token}")
        await page.wait_for(f"{_HAS_TERMINAL} && {_IS_PAINTED}")
        assert "token" not in await page.value("location.href")
        await page.value("document.querySelector('.xterm-helper-textarea').focus()")
        async with asyncio.timeout(60):
            while not decided(served):
                await page.press("Enter", code=13)
                await asyncio.sleep(0.2)
        page.close()
    assert decided(served)[0] == Span(0, 11, "PERSON")


async def test_a_wrong_token_shows_nothing(served: Served) -> None:
    async with browser_page() as page:
        await page.open(f"{served.url}/?token=wrong")
        text = await page.value("document.body.innerText")
        assert "not valid" in text
        assert not await page.value(_HAS_TERMINAL)
        await page.open(f"{served.url}/")
        assert not await page.value(_HAS_TERMINAL)
