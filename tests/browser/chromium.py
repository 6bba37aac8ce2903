"""A headless Chromium, driven by its DevTools protocol: pages, keys and what they show."""

from __future__ import annotations

import asyncio
import itertools
import json
import shutil
import subprocess
import tempfile
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_ARGUMENTS = (
    "--headless",
    "--no-sandbox",  # Chromium's own sandbox does not start for root, as which CI may run
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--window-size=1280,800",
    "--remote-debugging-port=0",
)
_WITHIN = 60.0
"""Seconds within which a page has to come to what a test waits for."""


class Page:
    """One tab."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, close_url: str) -> None:
        self._socket = socket
        self._ids = itertools.count(1)
        self._close_url = close_url

    async def call(self, method: str, **parameters: Any) -> Any:
        """A command of the protocol, and its result."""
        id = next(self._ids)
        await self._socket.send_json({"id": id, "method": method, "params": parameters})
        while True:
            answer = await asyncio.wait_for(self._socket.receive_json(), _WITHIN)
            if answer.get("id") == id:
                assert "error" not in answer, answer
                return answer["result"]

    async def value(self, script: str) -> Any:
        """What a JavaScript expression gives on the page."""
        return (await self.call("Runtime.evaluate", expression=script, returnByValue=True))["result"].get(
            "value"
        )

    async def wait_for(self, script: str) -> None:
        """Wait until a JavaScript expression is true."""
        async with asyncio.timeout(_WITHIN):
            while not await self.value(script):
                await asyncio.sleep(0.05)

    async def open(self, url: str) -> None:
        """Go to `url` and wait for the page."""
        await self.call("Page.enable")
        await self.call("Page.navigate", url=url)
        await self.wait_for("document.readyState === 'complete' && location.href !== 'about:blank'")

    async def press(self, key: str, *, code: int) -> None:
        """Press a key; `code` is its Windows virtual key code."""
        text = "\r" if key == "Enter" else key if len(key) == 1 else ""
        common = {"key": key, "windowsVirtualKeyCode": code, "nativeVirtualKeyCode": code}
        await self.call("Input.dispatchKeyEvent", type="keyDown", text=text, **common)
        await self.call("Input.dispatchKeyEvent", type="keyUp", **common)

    def close(self) -> None:
        """Close the tab, as a person does who has had enough."""
        urllib.request.urlopen(self._close_url).read()


@asynccontextmanager
async def browser_page() -> AsyncIterator[Page]:
    """A tab of a new Chromium without history or settings."""
    assert PROGRAM is not None
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        process = subprocess.Popen(
            [PROGRAM, *_ARGUMENTS, f"--user-data-dir={folder}", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            port = await _port(Path(folder) / "DevToolsActivePort")
            base = f"http://127.0.0.1:{port}/json"
            async with aiohttp.ClientSession() as client:
                async with client.get(f"{base}/list") as answer:
                    tab = next(tab for tab in json.loads(await answer.text()) if tab["type"] == "page")
                async with client.ws_connect(tab["webSocketDebuggerUrl"], max_msg_size=0) as socket:
                    yield Page(socket, f"{base}/close/{tab['id']}")
        finally:
            process.kill()
            process.wait()


async def _port(path: Path) -> int:
    async with asyncio.timeout(_WITHIN):
        while True:
            if path.exists() and (lines := path.read_text().splitlines()):
                return int(lines[0])
            await asyncio.sleep(0.05)
