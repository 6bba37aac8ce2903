"""The server: pages for browsers with a valid token, and a web socket a browser with a process of its own behind it."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import json
import logging
import signal
import ssl
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import textual_serve
from aiohttp import WSMsgType, web

from annotator.cells.fitting import drawable
from annotator.errors import AnnotatorError, InputError
from annotator.web import pages
from annotator.web.connection import Connection
from annotator.web.sessions import Attempts, Session, Sessions
from annotator.web.tokens import Token, owner

COOKIE = "annotator_session"
_LARGEST_MESSAGE = 1 << 20
"""Bytes of one message of a browser: a paste is the largest."""
_LARGEST_FORM = 4 << 10
_CHECK_EVERY = 2.0
"""Seconds between looks for revoked tokens."""
_FONT_SIZES = range(8, 41)

Command = Callable[[Token], Sequence[str]]
"""The command of the process for a token's annotator."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How much one server takes on: connections in all, and of one annotator."""

    connections: int = 20
    per_annotator: int = 3


@dataclass(frozen=True, kw_only=True)
class Address:
    """Where the server listens, and the URL under which browsers reach it.

    `public_url` is that of a proxy in front of the server; empty where browsers connect directly.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = ""
    certificate: Path | None = None
    key: Path | None = None

    @property
    def is_loopback(self) -> bool:
        """True if only programs on this machine can connect."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def url(self) -> str:
        """The URL to open, without a slash at its end."""
        if self.public_url:
            return self.public_url.rstrip("/")
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.certificate else 'http'}://{host}:{self.port}"

    @property
    def names(self) -> frozenset[str]:
        """The values of the header Host that mean this server; InputError if they cannot be known."""
        if self.public_url:
            return frozenset({urlsplit(self.url).netloc})
        if self.is_loopback:
            return frozenset(f"{name}:{self.port}" for name in ("localhost", "127.0.0.1", "[::1]"))
        try:
            is_any = ipaddress.ip_address(self.host).is_unspecified
        except ValueError:
            is_any = False
        if is_any:
            raise InputError(
                "a server on all addresses needs to know the name that browsers use",
                hint="name it, such as --public-url https://annotate.example.org",
            )
        return frozenset({urlsplit(self.url).netloc})

    def context(self) -> ssl.SSLContext | None:
        """TLS with the certificate, or None without one; InputError if it cannot be used."""
        if self.certificate is None:
            return None
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        try:
            context.load_cert_chain(self.certificate, self.key)
        except (OSError, ssl.SSLError) as error:
            raise InputError(
                f"{self.certificate} cannot be used as a TLS certificate: {error}",
                hint="give a PEM certificate with --tls-cert, and its key with --tls-key",
            ) from error
        return context


@dataclass(eq=False, slots=True)
class _OpenConnection:
    """One open connection, as the look for revoked tokens needs it."""

    token: Token
    socket: web.WebSocketResponse


class BrowserServer:
    """Serves the screen of `command` to browsers with one of the `tokens`, which are asked for again each time.

    `say` takes one line for the person who runs the server; it never gets a token.
    """

    def __init__(
        self,
        address: Address,
        *,
        tokens: Callable[[], tuple[Token, ...]],
        command: Command,
        say: Callable[[str], None],
        limits: Limits | None = None,
    ) -> None:
        self._address = address
        self._names = address.names
        self._tokens = tokens
        self._command = command
        self._say = say
        self._limits = limits or Limits()
        self._sessions = Sessions()
        self._attempts = Attempts()
        self._open: set[_OpenConnection] = set()
        self._endings: set[asyncio.Task[None]] = set()
        library = logging.getLogger("textual-serve")  # it would log what a process prints
        library.addHandler(logging.NullHandler())
        library.propagate = False

    def application(self) -> web.Application:
        """The web application, for the server and for tests."""
        application = web.Application(middlewares=[self._guard], client_max_size=_LARGEST_FORM)
        static = Path(textual_serve.__file__).parent / "static"
        application.add_routes(
            [
                web.get("/", self._index),
                web.post("/enter", self._enter),
                web.get("/ws", self._socket),
                web.static("/static", static, show_index=False),
            ]
        )
        application.on_shutdown.append(self._close_all)
        application.on_cleanup.append(self._wait_for_endings)
        return application

    async def serve(self) -> None:
        """Serve until SIGINT or SIGTERM, then let every process save and end; InputError if the port is taken."""
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            with contextlib.suppress(NotImplementedError):
                loop.add_signal_handler(number, stop.set)
        runner = web.AppRunner(self.application(), access_log=None, handle_signals=False)
        await runner.setup()
        address = self._address
        try:
            site = web.TCPSite(runner, address.host, address.port, ssl_context=address.context())
            await site.start()
        except OSError as error:
            await runner.cleanup()
            raise InputError(
                f"{address.host}:{address.port} cannot be used: {error.strerror or error}",
                hint="choose another --port or --host",
            ) from error
        self._say(f"Serving on {address.url}. ctrl+c stops the server.")
        revoking = asyncio.create_task(self._end_revoked())
        try:
            await stop.wait()
        finally:
            revoking.cancel()
            await runner.cleanup()

    @web.middleware
    async def _guard(
        self, request: web.Request, handler: Callable[[web.Request], object]
    ) -> web.StreamResponse:
        """Refuse requests for another host name, which a page of another site may have resolved to this machine."""
        if request.host not in self._names:
            return web.Response(status=421, text="This server does not answer for that host name.")
        response: web.StreamResponse = await handler(request)  # type: ignore[misc]  # aiohttp types it as any callable
        if not response.prepared:
            response.headers.update(pages.HEADERS)
        return response

    async def _index(self, request: web.Request) -> web.StreamResponse:
        if "token" in request.query:  # a link with the token: put it into a cookie and out of the address bar
            return self._admit(request, request.query["token"])
        session = self._session(request)
        if session is None:
            return web.Response(text=pages.token_page(), content_type="text/html", status=401)
        page = pages.terminal_page(
            annotator=session.token.annotator,
            socket_url=f"{'wss' if self._is_secure else 'ws'}://{request.host}/ws",
            font_size=_font_size(request.query.get("fontsize", "")),
        )
        return web.Response(text=page, content_type="text/html")

    async def _enter(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        token = form.get("token", "")
        return self._admit(request, token if isinstance(token, str) else "")

    def _admit(self, request: web.Request, token: str) -> web.StreamResponse:
        """A cookie and the way to the terminal for a valid token, the token page for any other."""
        address = request.remote or ""
        if self._attempts.are_used_up(address):
            page = pages.token_page(problem="Too many wrong tokens. Wait a minute, then try again.")
            return web.Response(text=page, content_type="text/html", status=429)
        kept = owner(self._tokens(), token.strip())
        if kept is None:
            self._attempts.note_failure(address)
            page = pages.token_page(
                problem="This token is not valid. Check it, or ask for a new one: a token can be revoked."
            )
            return web.Response(text=page, content_type="text/html", status=403)
        response = web.Response(status=303, headers={"Location": "/"})
        response.set_cookie(
            COOKIE,
            self._sessions.start(kept).id,
            httponly=True,
            samesite="Lax",
            secure=self._is_secure,
            path="/",
        )
        return response

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        session = self._session(request)
        if session is None or not self._is_same_origin(request):
            return web.Response(status=403, text="Open the page and enter your token first.")
        token = session.token
        counts = Counter(opened.token.annotator for opened in self._open)
        if counts.total() >= self._limits.connections:
            return web.Response(status=503, text="Too many people are connected. Try again later.")
        if counts[token.annotator] >= self._limits.per_annotator:
            return web.Response(status=503, text="You have too many windows open. Close one, then try again.")
        socket = web.WebSocketResponse(heartbeat=15, max_msg_size=_LARGEST_MESSAGE)
        opened = _OpenConnection(token, socket)
        self._open.add(opened)
        try:
            await socket.prepare(request)
            await self._run(opened, request)
        finally:
            self._open.discard(opened)
        return socket

    async def _run(self, opened: _OpenConnection, request: web.Request) -> None:
        """Start a process for the browser, pass on what either says, and see that it ends with the browser."""
        socket = opened.socket

        async def close() -> None:
            await socket.close()

        connection = Connection(
            self._command(opened.token),
            write_bytes=socket.send_bytes,
            write_str=socket.send_str,
            close=close,
        )
        width, height = (_number(request.query.get(name, "")) for name in ("width", "height"))
        annotator = opened.token.annotator
        try:
            await connection.start(width or 80, height or 24)
            self._say(f"{annotator} connected")
            await _pass_on(socket, connection)
        except (ConnectionError, OSError) as error:
            self._say(f"the connection of {annotator} broke: {error}")
        finally:
            # A task of its own: when the server stops, aiohttp cancels this one, and the process must still save.
            ending = asyncio.create_task(self._end(connection, annotator))
            self._endings.add(ending)
            ending.add_done_callback(self._endings.discard)
            await asyncio.shield(ending)

    async def _end(self, connection: Connection, annotator: str) -> None:
        """See that a process ends, and say what it reported."""
        await connection.stop()
        if failure := connection.failure:
            self._say(f"the screen of {annotator} failed: {drawable(failure)}")
        self._say(f"{annotator} disconnected")

    def _session(self, request: web.Request) -> Session | None:
        session = self._sessions.get(request.cookies.get(COOKIE, ""))
        return session if session is not None and session.token in self._tokens() else None

    def _is_same_origin(self, request: web.Request) -> bool:
        """True if a page of this server opened the web socket: a browser lets any page try."""
        origin = urlsplit(request.headers.get("Origin", ""))
        return origin.netloc == request.host and origin.scheme == ("https" if self._is_secure else "http")

    @property
    def _is_secure(self) -> bool:
        return self._address.url.startswith("https:")

    async def _end_revoked(self) -> None:
        """End what belongs to tokens that have been revoked, again and again."""
        while True:
            await asyncio.sleep(_CHECK_EVERY)
            try:
                valid = frozenset(await asyncio.to_thread(self._tokens))
            except AnnotatorError as error:
                self._say(f"{error.message}: nobody can connect until that is mended")
                valid = frozenset()
            self._sessions.keep_only(valid)
            for opened in tuple(self._open):
                if opened.token not in valid:
                    await opened.socket.close()

    async def _close_all(self, application: web.Application) -> None:
        await asyncio.gather(*(opened.socket.close() for opened in tuple(self._open)))

    async def _wait_for_endings(self, application: web.Application) -> None:
        await asyncio.gather(*tuple(self._endings))


async def _pass_on(socket: web.WebSocketResponse, connection: Connection) -> None:
    """Pass on what a browser sends until it goes. Messages of another form end the connection."""
    async for message in socket:
        if message.type is not WSMsgType.TEXT:
            return
        try:
            kind, *values = json.loads(message.data)
            match kind, values:
                case "stdin", [str(keys)]:
                    await connection.send_bytes(keys.encode("utf-8", "replace"))
                case "resize", [{"width": int(width), "height": int(height)}]:
                    await connection.set_terminal_size(width, height)
                case "ping", [sent]:
                    await socket.send_json(["pong", sent])
                case "blur", _:
                    await connection.blur()
                case "focus", _:
                    await connection.focus()
        except (ValueError, TypeError, RecursionError):
            return


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else 0


def _font_size(text: str) -> int:
    size = _number(text)
    return size if size in _FONT_SIZES else 16
