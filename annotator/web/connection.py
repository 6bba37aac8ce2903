"""One browser's connection: a process of its own, whose screen goes to the browser and whose end is seen to.

`textual_serve.app_service.AppService` speaks the protocol of Textual's web driver. What is changed here: the process is
started without a shell, what it prints as an error is kept and never written to this terminal, files are not delivered,
and a process that does not end is ended. This is the only file that uses what that class keeps to itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
from asyncio.subprocess import PIPE, Process
from collections.abc import Awaitable, Callable, Sequence

from textual_serve.app_service import AppService
from textual_serve.download_manager import DownloadManager

END_WITHIN = 10.0
"""Seconds that a process has to save and to end once its browser has gone; then it is terminated, then killed."""
_ERRORS_KEPT = 4_096
"""Bytes of standard error that are kept for the message on a process that failed."""
LARGEST = 500
"""The widest and highest terminal that a browser may ask for, in cells."""
_SMALLEST = 10


class Connection(AppService):
    """The process of one browser. `command` is started as it is, without a shell."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        write_bytes: Callable[[bytes], Awaitable[None]],
        write_str: Callable[[str], Awaitable[None]],
        close: Callable[[], Awaitable[None]],
    ) -> None:
        super().__init__(
            "", write_bytes=write_bytes, write_str=write_str, close=close, download_manager=DownloadManager()
        )
        self._arguments = tuple(command)
        self._errors = bytearray()
        self._error_reader: asyncio.Task[None] | None = None

    @property
    def failure(self) -> str:
        """The last line that a process which failed wrote to standard error; empty if it ended well.

        It is text from outside: clean it before it reaches a terminal.
        """
        if self._process is None or self._process.returncode == 0:
            return ""
        lines = self._errors.decode("utf-8", "replace").strip().splitlines()
        return lines[-1] if lines else f"exit code {self._process.returncode}"

    async def start(self, width: int, height: int) -> None:
        """Start the process with a terminal of this size, in cells."""
        await super().start(_within(width), _within(height))

    async def set_terminal_size(self, width: int, height: int) -> None:
        """Tell the process about a new size, in cells."""
        await super().set_terminal_size(_within(width), _within(height))

    async def stop(self) -> None:
        """Ask the process to quit, which saves first, and see that it ends."""
        task, self._task = self._task, None
        process = self._process
        if task is None or process is None:
            return
        await self.send_meta({"type": "quit"})
        for number in (signal.SIGTERM, signal.SIGKILL):
            try:
                await asyncio.wait_for(process.wait(), END_WITHIN)
                break
            except TimeoutError:
                _signal_group(process, number)
        await process.wait()
        _signal_group(process, signal.SIGKILL)  # what it started and left behind, such as a worker
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        if self._error_reader is not None:
            await self._error_reader

    async def on_meta(self, data: bytes) -> None:
        """Close the connection when the screen has ended; nothing else that the process may ask for is done."""
        with contextlib.suppress(ValueError, KeyError, TypeError):
            if json.loads(data)["type"] == "exit":
                await self.remote_close()

    async def on_packed(self, payload: bytes) -> None:
        """Files are not delivered."""

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        process = await asyncio.create_subprocess_exec(
            *self._arguments,
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env=self._build_environment(width=width, height=height),
            start_new_session=True,
        )
        assert process.stdin is not None
        assert process.stderr is not None
        self._process, self._stdin = process, process.stdin
        self._error_reader = asyncio.create_task(self._read_errors(process.stderr))
        silent = asyncio.StreamReader()
        silent.feed_eof()
        process.stderr = silent  # the base class would print it
        return process

    async def _read_errors(self, stream: asyncio.StreamReader) -> None:
        while data := await stream.read(_ERRORS_KEPT):
            self._errors += data
            del self._errors[:-_ERRORS_KEPT]


def _within(cells: object) -> int:
    """A size that a browser asks for, as one that a terminal can have."""
    return max(_SMALLEST, min(LARGEST, cells)) if isinstance(cells, int) else 80


def _signal_group(process: Process, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)
