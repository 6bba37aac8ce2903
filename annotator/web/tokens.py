"""Tokens: what a browser must show to be one annotator on one store.

Only the SHA-256 of a token is kept, in a file of this machine outside the store: a store is copied and put under
version control, and whoever has a copy must not be able to enter.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from annotator.errors import InputError, SettingsError
from annotator.settings import ANNOTATOR_NAME
from annotator.state_folder import replace_file, state_path

_BYTES = 24
"""Random bytes of a token: 192 bits, 32 characters in URL-safe base64."""


class Token(BaseModel):
    """A token as it is kept. `created` is UTC in ISO 8601."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    annotator: str = Field(pattern=f"^{ANNOTATOR_NAME.pattern}$")
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    created: str


_TOKENS = TypeAdapter(tuple[Token, ...])


class TokenFile:
    """The tokens of one store on this machine. Each method reads the file anew, so a revocation holds at once."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def of_store(cls, uid: str) -> TokenFile:
        """The file for the store with this uid, in the user's state folder."""
        name = hashlib.sha256(uid.encode()).hexdigest()[:32]
        return cls(state_path("tokens", f"{name}.json"))

    def tokens(self) -> tuple[Token, ...]:
        """All tokens, the oldest first; SettingsError if the file cannot be read as tokens."""
        try:
            return _TOKENS.validate_json(self.path.read_bytes())
        except FileNotFoundError:
            return ()
        except (OSError, ValidationError) as error:
            raise SettingsError(
                f"{self.path} cannot be read as tokens",
                hint="remove the file, then create the tokens again with annotator serve --token NAME",
            ) from error

    def create(self, annotator: str) -> str:
        """A new token for an annotator; it is not kept, so this is the only time that it can be seen."""
        kept, token = new_token(annotator)
        self._write((*self.tokens(), kept))
        return token

    def revoke(self, annotator: str) -> int:
        """Revoke every token of an annotator; how many there were. InputError if there was none."""
        tokens = self.tokens()
        kept = tuple(token for token in tokens if token.annotator != annotator)
        if len(kept) == len(tokens):
            raise InputError(f"{annotator} has no token", hint="annotator serve --tokens lists all tokens")
        self._write(kept)
        return len(tokens) - len(kept)

    def _write(self, tokens: Iterable[Token]) -> None:
        """Replace the file; only this user can read it."""
        content = json.dumps([token.model_dump() for token in tokens], indent=2).encode() + b"\n"
        try:
            replace_file(self.path, content)
        except OSError as error:
            raise SettingsError(
                f"{self.path} could not be written: {error.strerror}", hint="is there room on the disk?"
            ) from error


def new_token(annotator: str) -> tuple[Token, str]:
    """A token for an annotator: what is kept of it, and the token itself."""
    token = secrets.token_urlsafe(_BYTES)
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Token(annotator=annotator, sha256=digest(token), created=now), token


def digest(token: str) -> str:
    """The SHA-256 of a token in hexadecimal digits."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def owner(tokens: Iterable[Token], token: str) -> Token | None:
    """The kept token that `token` is, or None.

    Every kept one is compared, each in constant time, so that the time taken says nothing about any of them.
    """
    asked = digest(token)
    match = None
    for kept in tokens:
        if hmac.compare_digest(kept.sha256, asked):
            match = kept
    return match
