"""The parent's end: messages to a child process and from it, a deadline, and why it ended."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

_KEPT_LINES = 20
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""Variables that keep numeric libraries to one thread: several children share the processors."""
_GRACE = 2.0
"""Seconds for a child that closed its pipes to be gone."""


class ChildDiedError(Exception):
    """The child ended, was ended because it took too long, or says what it must not; its text says which.

    Whoever starts a child catches it, and says what that means for the person.
    """


def python_command(module: str, *arguments: str) -> list[str]:
    """The command that runs a module of this program in a process of its own.

    `-P`: a `json.py` in the user's folder must not be imported.
    """
    return [sys.executable, "-P", "-m", module, *arguments]


class ChildProcess:
    """A running child. Used by one thread, apart from `kill`; a context manager that leaves no process behind."""

    def __init__(self, command: Sequence[str]) -> None:
        self._late = ""
        self._said: deque[str] = deque(maxlen=_KEPT_LINES)
        try:
            self._process = subprocess.Popen(  # noqa: S603 - this Python, with a module of our own
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env={**os.environ, **ONE_THREAD, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            )
        except OSError as error:
            raise ChildDiedError(f"it cannot be started: {error.strerror}") from error
        self._listener = threading.Thread(target=self._listen, name="child-stderr", daemon=True)
        self._listener.start()

    def __enter__(self) -> ChildProcess:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        self._process.wait()
        self._listener.join(_GRACE)
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            with suppress(BrokenPipeError):  # what was not written yet has nobody to read it
                pipe.close()

    @property
    def is_alive(self) -> bool:
        """False once the process has ended."""
        return self._process.poll() is None

    def kill(self) -> None:
        """End the process at once; it keeps nothing that could be lost. From any thread."""
        self._process.kill()

    def close_input(self) -> bool:
        """Tell the child that nothing more comes, upon which it ends in its own way; False if it was told before."""
        assert self._process.stdin is not None
        if self._process.stdin.closed:
            return False
        self._process.stdin.close()
        return True

    def send(self, message: dict[str, Any]) -> None:
        """Write one message; ChildDiedError if nobody is there to read it."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(message).encode("ascii") + b"\n")
            self._process.stdin.flush()
        except OSError as error:
            raise self.death() from error

    def receive(self) -> dict[str, Any]:
        """Wait for one message; ChildDiedError if none comes, or none that can be read."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line.endswith(b"\n"):
            raise self.death()
        try:
            message = json.loads(line)
        except ValueError:
            message = None
        if not isinstance(message, dict):
            raise ChildDiedError(f"it says {line[:40]!r}, which is no answer")
        return message

    @contextmanager
    def deadline(self, seconds: float) -> Iterator[None]:
        """End the process if the block takes longer."""
        timer = threading.Timer(seconds, self._expire, args=(seconds,))
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def death(self) -> ChildDiedError:
        """Why the process ended, in words: its end, and the last line that it wrote to standard error."""
        try:
            code = self._process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            self.kill()
            return ChildDiedError("it closed its pipes")
        self._listener.join(_GRACE)
        if self._late:
            return ChildDiedError(self._late)
        try:
            ended = (
                f"it was ended by {signal.Signals(-code).name}" if code < 0 else f"it ended with code {code}"
            )
        except ValueError:
            ended = f"it was ended by signal {-code}"
        said = next((line for line in reversed(self._said) if line.strip()), "")
        return ChildDiedError(f"{ended}: {said.strip()}" if said else ended)

    def _expire(self, seconds: float) -> None:
        self._late = f"it took longer than {seconds:.3g} s"
        self.kill()

    def _listen(self) -> None:
        assert self._process.stderr is not None
        with self._process.stderr as pipe:
            for line in pipe:
                self._said.append(line.decode("utf-8", "replace")[:500])
