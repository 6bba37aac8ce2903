"""A program on a pseudo-terminal that answers as a modern one does, and notes when what was painted."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.terminal.harness import KEYS, Terminal

COLUMNS, ROWS = 120, 40

_FRAME_END = b"\x1b[?2026l"
"""Textual writes it after each frame to a terminal that takes frames as a whole."""
_ASKS_FOR_FRAMES = b"\x1b[?2026$p"
_TAKES_FRAMES = "\x1b[?2026;2$y"
_ESCAPES = re.compile(rb"\x1b\[[0-9;:?<=>$ ]*[a-zA-Z]|\x1b[()][A-Z0-9]|\x1b[=>78]")
_PATIENCE = 60.0


class TimedTerminal(Terminal):
    """Times, in seconds, from an event to the last byte of what shows its effect, as the terminal reads it."""

    def __init__(self, command: list[str], *, cwd: Path, env: Mapping[str, str]) -> None:
        self.started = time.perf_counter()
        super().__init__(command, columns=COLUMNS, rows=ROWS, cwd=cwd, env=env)
        self._begun = b""

    def take(self, seconds: float = 0.0) -> bytes:
        """As any terminal; and answer the question whether frames are taken as a whole."""
        data = super().take(seconds)
        if _ASKS_FOR_FRAMES in data:
            self.send(_TAKES_FRAMES)
        return data

    def time_to(self, text: bytes) -> float:
        """From just before the program was started until `text` was painted, all of it in one go."""
        written = b""
        while text not in _ESCAPES.sub(b"", written):
            data = self._take_in_time(f"{text!r} to be painted")
            now = time.perf_counter()
            written += data
        self.show(written)
        return now - self.started

    def time_key(self, key: str, *, look: Callable[[], object]) -> float:
        """From pressing a key to the end of the first frame after which `look` sees something else than before."""
        before = look()
        self._begun = b""
        pressed = time.perf_counter()
        self.send(KEYS.get(key, key))
        while True:
            self._begun += self._take_in_time(f"{key} to be seen")
            now = time.perf_counter()
            *frames, self._begun = self._begun.split(_FRAME_END)
            for frame in frames:
                self.show(frame + _FRAME_END)
            if frames and look() != before:
                return now - pressed

    def time_key_to_last_look(self, key: str, *, look: Callable[[], object], quiet: float) -> float:
        """From pressing a key to the last output after which `look` sees something new, once all is quiet so long."""
        seen = look()
        pressed = last = time.perf_counter()
        self.send(KEYS.get(key, key))
        data = self._take_in_time(f"{key} to be seen")
        while data:
            now = time.perf_counter()
            self.show(data)
            if (sight := look()) != seen:
                seen, last = sight, now
            data = self.take(quiet)
        return last - pressed

    def time_key_to_rest(self, key: str, *, quiet: float) -> float:
        """From pressing a key to the last byte that comes before the program is quiet for so many seconds."""
        pressed = time.perf_counter()
        self.send(KEYS.get(key, key))
        written = [self._take_in_time(f"{key} to be seen")]
        last = time.perf_counter()
        while data := self.take(quiet):
            last = time.perf_counter()
            written.append(data)
        self.show(b"".join(written))
        return last - pressed

    def rest(self, quiet: float) -> None:
        """Read on until nothing has come for so many seconds."""
        self.show(self._begun)
        self._begun = b""
        while self.read(quiet):
            pass

    def pixels(self, top: int, bottom: int, width: int) -> int:
        """A hash of the cells and their looks in the rows from `top` to before `bottom`."""
        rows = (self.screen.buffer[y] for y in range(top, bottom))
        return hash(tuple(tuple(row[x] for x in range(width)) for row in rows))

    @property
    def age(self) -> float:
        """Seconds since the program was started."""
        return time.perf_counter() - self.started

    def processor_time(self) -> float:
        """Seconds of processor time of the program's own process so far; 0 where the system does not tell.

        It suffers less than a clock from what else the machine does.
        """
        try:
            threads = [
                path.read_text(encoding="ascii")
                for path in Path(f"/proc/{self.pid}/task").glob("*/schedstat")
            ]
        except OSError:
            return 0.0
        return sum(int(thread.split()[0]) for thread in threads) / 1e9

    def memory(self) -> float:
        """The resident memory of the program's own process, in MiB; 0 where the system does not tell."""
        try:
            status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        except OSError:
            return 0.0
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        return int(found.group(1)) / 1024 if found else 0.0

    def _take_in_time(self, what: str) -> bytes:
        data = self.take(_PATIENCE)
        if not data:
            raise TimeoutError(f"waited for {what} in vain; on screen:\n{self.text}")
        return data
