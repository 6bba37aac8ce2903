"""The server: who gets the terminal, and what becomes of the processes behind it."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

pytest.importorskip("textual_serve", reason="the extra `serve` is not installed")

from aiohttp import ClientWebSocketResponse, WSMsgType, WSServerHandshakeError
from aiohttp.test_utils import TestClient, TestServer

from annotator.errors import InputError
from annotator.web import connection
from annotator.web.server import COOKIE, Address, BrowserServer, Limits
from annotator.web.sessions import ATTEMPTS
from annotator.web.tokens import Token, new_token
from tests.waiting import until

ECHO = """
import os, sys
out = sys.stdout.buffer
out.write(b"__GANGLION__\\n"); out.flush()
def packet(kind, data): out.write(kind + len(data).to_bytes(4, "big") + data); out.flush()
packet(b"D", f"size {os.environ['COLUMNS']}x{os.environ['ROWS']}".encode())
packet(b"M", b'{"type": "open_url", "url": "http://127.0.0.1/", "new_tab": true}')
while True:
    kind = sys.stdin.buffer.read(1)
    if not kind: break
    data = sys.stdin.buffer.read(int.from_bytes(sys.stdin.buffer.read(4), "big"))
    if kind == b"D": packet(b"D", data.upper())
    elif b"quit" in data: open(sys.argv[1], "w").write("quit"); break
"""
"""A screen that says its size, answers in capitals, and notes that it was asked to quit."""
FAILING = """
import sys
sys.stdout.buffer.write(b"__GANGLION__\\n"); sys.stdout.flush()
sys.exit("the store is \\x1b]0;gone\\x07")
"""
"""A screen that ends with an error, with control characters in it."""
STUBBORN = """
import signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
sys.stdout.buffer.write(b"__GANGLION__\\n"); sys.stdout.flush()
open(sys.argv[1], "w").write(str(__import__("os").getpid()))
while True: time.sleep(1)
"""
"""A screen that does not end when it is asked to."""


class Site:
    """A server for two annotators under test, with a client and all that it said."""

    def __init__(
        self, client: TestClient, tokens: list[tuple[Token, str]], said: list[str], note: Path
    ) -> None:
        self.client = client
        self.tokens = tokens
        self.said = said
        self.note = note

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.client.port}"

    async def enter(self, index: int = 0) -> None:
        """Give the token of one of the annotators."""
        token = self.tokens[index][1]
        answer = await self.client.get("/", params={"token": token}, allow_redirects=False)
        assert answer.status == 303

    async def connect(self, *, origin: str | None = None) -> ClientWebSocketResponse:
        """Open the web socket as the page does."""
        return await self.client.ws_connect(
            "/ws?width=100&height=30", headers={"Origin": origin or self.origin}
        )


def site_with(program: str):  # type: ignore[no-untyped-def]  # a fixture, which pytest gives its type
    """A fixture of a server whose screen is `program`."""

    @pytest.fixture
    async def made(tmp_path: Path) -> AsyncIterator[Site]:
        tokens = [new_token("ada"), new_token("ben")]
        said: list[str] = []
        note = tmp_path / "note"

        def command(token: Token) -> Sequence[str]:
            return [sys.executable, "-c", program, str(note)]

        test_server = TestServer(None, host="127.0.0.1")  # type: ignore[arg-type]  # set below, once the port is known
        test_server.port = test_server.port or _free_port()
        browser_server = BrowserServer(
            Address(port=test_server.port),
            tokens=lambda: tuple(kept for kept, _ in tokens),
            command=command,
            say=said.append,
            limits=Limits(connections=3, per_annotator=2),
        )
        test_server.app = browser_server.application()
        ending = asyncio.create_task(browser_server._end_revoked())
        async with TestClient(test_server) as client:
            yield Site(client, tokens, said, note)
        ending.cancel()

    return made


site = site_with(ECHO)
stubborn = site_with(STUBBORN)
failing = site_with(FAILING)


def _free_port() -> int:
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


async def test_without_a_token_there_is_no_terminal(site: Site) -> None:
    answer = await site.client.get("/")
    assert answer.status == 401
    assert 'textual-terminal" data' not in await answer.text()
    with pytest.raises(WSServerHandshakeError, match="403"):
        await site.connect()


async def test_a_token_gives_the_terminal_and_goes_out_of_the_address(site: Site) -> None:
    await site.enter()
    answer = await site.client.get("/")
    text = await answer.text()
    assert answer.status == 200
    assert "data-session-websocket-url" in text
    assert site.tokens[0][1] not in text
    assert "https://" not in text
    socket = await site.connect()
    assert (await socket.receive_bytes()) == b"size 100x30"
    await socket.send_json(["stdin", "héllo"])
    assert (await socket.receive_bytes()).decode(errors="replace").startswith("H")
    await socket.close()


async def test_a_form_takes_the_token_too(site: Site) -> None:
    answer = await site.client.post("/enter", data={"token": f" {site.tokens[1][1]} "}, allow_redirects=False)
    assert answer.status == 303
    assert answer.cookies[COOKIE]["httponly"]
    assert answer.cookies[COOKIE]["samesite"] == "Lax"


async def test_the_process_is_asked_to_quit_when_the_browser_goes(site: Site) -> None:
    await site.enter()
    socket = await site.connect()
    await socket.receive_bytes()
    await socket.close()
    await until(lambda: "ada disconnected" in site.said)
    assert site.note.read_text() == "quit"


async def test_the_process_is_asked_to_quit_when_the_server_stops(site: Site) -> None:
    await site.enter()
    socket = await site.connect()
    await socket.receive_bytes()
    await site.client.server.close()
    assert site.note.read_text() == "quit"


async def test_a_process_that_does_not_end_is_killed(stubborn: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "END_WITHIN", 0.2)
    await stubborn.enter()
    socket = await stubborn.connect()
    await until(lambda: stubborn.note.exists() and stubborn.note.read_text())
    await socket.close()
    await until(lambda: "ada disconnected" in stubborn.said)
    with pytest.raises(ProcessLookupError):
        os.kill(int(stubborn.note.read_text()), 0)


async def test_why_a_screen_failed_is_said_without_control_characters(failing: Site) -> None:
    await failing.enter()
    socket = await failing.connect()
    await socket.close()
    await until(lambda: "ada disconnected" in failing.said)
    line = next(line for line in failing.said if "failed" in line)
    assert "the store is" in line
    assert line.isprintable()


async def test_another_sites_page_cannot_connect(site: Site) -> None:
    await site.enter()
    for origin in ("http://evil.example", f"https://127.0.0.1:{site.client.port}", "null"):
        with pytest.raises(WSServerHandshakeError, match="403"):
            await site.connect(origin=origin)


async def test_another_host_name_is_not_answered(site: Site) -> None:
    answer = await site.client.get("/", headers={"Host": "evil.example"})
    assert answer.status == 421


async def test_wrong_tokens_are_counted(site: Site) -> None:
    for _ in range(ATTEMPTS):
        assert (await site.client.get("/", params={"token": "wrong"})).status == 403
    assert (await site.client.get("/", params={"token": site.tokens[0][1]})).status == 429
    assert not any(site.tokens[0][1] in line or "wrong" in line for line in site.said)


async def test_a_revoked_token_ends_what_is_open(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    await site.enter()
    socket = await site.connect()
    await socket.receive_bytes()
    del site.tokens[0]
    async with asyncio.timeout(20):
        assert (await socket.receive()).type in (WSMsgType.CLOSE, WSMsgType.CLOSED)
    assert (await site.client.get("/")).status == 401


async def test_connections_are_limited_in_all_and_for_each_annotator(site: Site) -> None:
    await site.enter(0)
    open_sockets = [await site.connect(), await site.connect()]
    with pytest.raises(WSServerHandshakeError, match="503"):
        await site.connect()
    await site.enter(1)
    open_sockets.append(await site.connect())
    with pytest.raises(WSServerHandshakeError, match="503"):
        await site.connect()
    for socket in open_sockets:
        await socket.close()


@pytest.mark.parametrize(
    "message",
    [
        "",
        "[",
        "1",
        "{}",
        '["stdin"]',
        '["stdin", 5]',
        '["resize", {"width": "x"}]',
        pytest.param("[" * 5000, id="deep"),
        '["stdin", "\\ud800"]',
    ],
)
async def test_a_malformed_message_harms_nobody(site: Site, message: str) -> None:
    await site.enter()
    socket = await site.connect()
    await socket.receive_bytes()
    await socket.send_str(message)
    await socket.close()
    again = await site.connect()
    assert (await again.receive_bytes()) == b"size 100x30"
    await again.close()


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_a_server_on_all_addresses_must_know_its_name(host: str) -> None:
    with pytest.raises(InputError, match="needs to know the name"):
        _ = Address(host=host).names
    assert Address(host=host, public_url="https://a.example/").names == {"a.example"}


def test_only_loopback_is_loopback() -> None:
    assert Address(host="127.0.0.1").is_loopback
    assert Address(host="::1").is_loopback
    assert Address(host="localhost").is_loopback
    assert not Address(host="192.168.1.5").is_loopback
    assert not Address(host="example.org").is_loopback


def test_a_certificate_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "cert.pem").write_text("none")
    with pytest.raises(InputError, match="TLS certificate"):
        Address(certificate=tmp_path / "cert.pem").context()
