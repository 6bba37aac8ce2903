"""A program on a real pseudo-terminal, read back with pyte."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pyte
import pytest

KEYS = {
    "enter": "\r",
    "tab": "\t",
    "shift+tab": "\x1b[Z",
    "escape": "\x1b",
    "backspace": "\x7f",
    "delete": "\x1b[3~",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "shift+up": "\x1b[1;2A",
    "shift+down": "\x1b[1;2B",
    "shift+right": "\x1b[1;2C",
    "shift+left": "\x1b[1;2D",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "space": " ",
    "ctrl+q": "\x11",
    "ctrl+p": "\x10",
    "ctrl+z": "\x1a",
}


def environment_of(home: Path) -> dict[str, str]:
    """The environment of a person without settings, whose home is `home`, at a terminal with true colour."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "VIRTUAL_ENV") if name in os.environ}
    pythonpath = os.environ.get("PYTHONPATH")
    return {
        **kept,
        **({"PYTHONPATH": str(Path(pythonpath).absolute())} if pythonpath else {}),
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / "config"),
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LC_ALL": "C.UTF-8",
        "PYTHONUNBUFFERED": "1",
    }


class Terminal:
    """A program under a pseudo-terminal of a fixed size."""

    def __init__(
        self, command: list[str], *, columns: int, rows: int, cwd: Path, env: Mapping[str, str]
    ) -> None:
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            os.chdir(cwd)
            os.execvpe(command[0], command, dict(env))
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.exit_code: int | None = None
        self.written = bytearray()
        """All that the program has written, as far as it was taken in."""

    def read(self, seconds: float = 0.0) -> bool:
        """Take in what the program has written, waiting for it up to `seconds`; False if there was nothing."""
        data = self.take(seconds)
        if data:
            self.show(data)
        return bool(data)

    def take(self, seconds: float = 0.0) -> bytes:
        """What the program has written and nobody has read, as it is; waits for it up to `seconds`."""
        ready, _, _ = select.select([self._fd], [], [], seconds)
        if not ready:
            return b""
        try:
            data = os.read(self._fd, 1 << 16)
        except OSError:
            data = b""
        if not data:
            self._reap()
        self.written += data
        return data

    def show(self, data: bytes) -> None:
        """Put on the screen what was taken."""
        # pyte does not know the private sequences by which Textual asks for a terminal's features.
        self._stream.feed(re.sub(rb"\x1b\[[<=>?][\d;$]*[a-zA-Z]", _known, data))

    @property
    def text(self) -> str:
        """What is on the screen, a line a row."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def wait(self, condition: Callable[[], object], what: str = "", *, seconds: float = 30.0) -> None:
        """Read until `condition` holds; fail with the screen if it does not in time."""
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end or (self.exit_code is not None and not self.read()):
                pytest.fail(
                    f"waited for {what or 'a condition'} in vain; exit {self.exit_code}; on screen:\n{self.text}"
                )
            self.read(0.05)

    def wait_for(self, text: str, *, seconds: float = 30.0) -> None:
        """Read until `text` is on the screen."""
        self.wait(lambda: text in self.text, repr(text), seconds=seconds)

    def wait_gone(self, text: str, *, seconds: float = 30.0) -> None:
        """Read until `text` is no longer on the screen."""
        self.wait(lambda: text not in self.text, f"{text!r} to go", seconds=seconds)

    def send(self, data: str) -> None:
        """Write to the program as a terminal does."""
        os.write(self._fd, data.encode())

    def press(self, *keys: str) -> None:
        """Press keys: names such as "enter", or characters."""
        for key in keys:
            self.send(KEYS.get(key, key))

    def press_and_see(self, *keys: str, quiet: float = 0.06) -> None:
        """Press keys one by one, each time until what the program paints has come to rest."""
        for key in keys:
            self.press(key)
            self.read(0.5)
            while self.read(quiet):
                pass

    @property
    def status(self) -> str:
        """The status line: the last row but one."""
        return self.screen.display[-2]

    def find(self, text: str) -> tuple[int, int]:
        """The row and column of the first place where `text` is on the screen."""
        for row, line in enumerate(self.screen.display):
            if (column := line.find(text)) >= 0:
                return row, column
        pytest.fail(f"no {text!r} on screen:\n{self.text}")

    def resize(self, columns: int, rows: int) -> None:
        """Change the size of the terminal."""
        self.screen.resize(rows, columns)
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        os.kill(self.pid, signal.SIGWINCH)

    def wait_exit(self, *, seconds: float = 30.0) -> int:
        """Read until the program has ended; its exit code."""
        end = time.monotonic() + seconds
        while self.exit_code is None:
            if time.monotonic() > end:
                pytest.fail(f"the program did not end; on screen:\n{self.text}")
            self.read(0.05)
            self._reap(wait=False)
        return self.exit_code

    @property
    def processor_seconds(self) -> float:
        """How long the program has used a processor, which other programs on the machine do not change."""
        stat = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii", errors="replace")
        user, system = stat.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def _reap(self, *, wait: bool = True) -> None:
        if self.exit_code is None:
            with contextlib.suppress(ChildProcessError):
                pid, status = os.waitpid(self.pid, 0 if wait else os.WNOHANG)
                if pid:
                    self.exit_code = os.waitstatus_to_exitcode(status)

    def kill(self) -> None:
        """End the program at once, as by `kill -9`."""
        if self.exit_code is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            self._reap()

    def hang_up(self) -> None:
        """Take the terminal away, as when its window is closed."""
        os.close(self._fd)
        self._fd, self._unread = os.pipe()

    def close(self) -> None:
        """Kill what still runs."""
        self.kill()
        os.close(self._fd)


def _known(match: re.Match[bytes]) -> bytes:
    sequence = match.group()
    return sequence if sequence[-1:] in b"hl" and sequence[2:3] == b"?" else b""
