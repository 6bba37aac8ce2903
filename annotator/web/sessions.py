"""Sessions: browsers that have shown a valid token, and how often wrong ones may be tried."""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass

from annotator.web.tokens import Token

ATTEMPTS = 10
"""Wrong tokens that one address may try in WINDOW seconds."""
WINDOW = 60.0
_ADDRESSES = 10_000
"""Addresses whose attempts are remembered; the oldest is forgotten first."""
_SESSIONS = 1_000


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that may open the screen as the token's annotator."""

    id: str
    token: Token


class Sessions:
    """The sessions of one server: in memory only, so a restart asks every browser for its token again."""

    def __init__(self) -> None:
        self._sessions: OrderedDict[str, Session] = OrderedDict()

    def start(self, token: Token) -> Session:
        """A new session; the oldest one ends if there are too many."""
        session = Session(secrets.token_urlsafe(24), token)
        self._sessions[session.id] = session
        if len(self._sessions) > _SESSIONS:
            self._sessions.popitem(last=False)
        return session

    def get(self, id: str) -> Session | None:
        """The session with this id, if there is one."""
        return self._sessions.get(id)

    def keep_only(self, tokens: frozenset[Token]) -> None:
        """End the sessions of all other tokens."""
        self._sessions = OrderedDict((id, s) for id, s in self._sessions.items() if s.token in tokens)


class Attempts:
    """Wrong tokens by address. `now` gives seconds of a clock that only moves forward."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._times: OrderedDict[str, deque[float]] = OrderedDict()

    def are_used_up(self, address: str) -> bool:
        """True if this address has to wait before it may try another token."""
        times = self._times.get(address)
        if times is None:
            return False
        while times and times[0] <= self._now() - WINDOW:
            times.popleft()
        if not times:
            del self._times[address]
        return len(times) >= ATTEMPTS

    def note_failure(self, address: str) -> None:
        """Count one wrong token."""
        self._times.setdefault(address, deque(maxlen=ATTEMPTS)).append(self._now())
        self._times.move_to_end(address)
        if len(self._times) > _ADDRESSES:
            self._times.popitem(last=False)
