"""Documents: a text that never changes, and what came with it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import field
from typing import Annotated, Any

from pydantic import SkipValidation
from pydantic.dataclasses import dataclass

from annotator.model.tokens import Tokens
from annotator.model.validation import STRICT, Offset

SIZE_LIMIT = 10_000_000
"""The text of a document may hold this many code points, unless its reader is told otherwise."""

TITLE_LENGTH = 120
"""A title longer than this many code points is cut, with an ellipsis."""


@dataclass(frozen=True, slots=True, config=STRICT)
class Document:
    """One immutable text. Offsets of spans count its code points.

    `tokens` and `sentences` (start offsets) are there only where the source brought them. `sha256` is the hash of the
    text in UTF-8, as 64 hex digits: it follows from the text, and where it is given it has to fit, else ValueError.
    """

    id: str
    text: str
    title: str
    meta: Annotated[Mapping[str, Any], SkipValidation] = field(default_factory=dict)
    tokens: Tokens | None = field(default=None, compare=False)
    sentences: tuple[Offset, ...] | None = None
    sha256: str = ""

    def __post_init__(self) -> None:
        """Work out the hash, or compare it."""
        actual = text_hash(self.text)
        if self.sha256 not in ("", actual):
            raise ValueError("its text is not the one that was imported")
        object.__setattr__(self, "sha256", actual)


def text_hash(text: str) -> str:
    """The sha256 of `text` in UTF-8, as 64 hex digits. A lone surrogate is hashed as its three bytes."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def title_of(text: str) -> str:
    """The first line of `text` that is not blank, cut to TITLE_LENGTH; "(empty)" where there is none."""
    for line in text.splitlines():
        if stripped := line.strip():
            return stripped if len(stripped) <= TITLE_LENGTH else stripped[: TITLE_LENGTH - 1].rstrip() + "…"
    return "(empty)"


def clean_text(text: str) -> str:
    """`text` as a document keeps it: without a byte order mark, with line feeds for CRLF; nothing else changes."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n")


def new_document(
    text: str,
    *,
    id: str | None = None,
    title: str | None = None,
    meta: Mapping[str, Any] | None = None,
    tokens: Tokens | None = None,
    sentences: tuple[int, ...] | None = None,
) -> Document:
    """A document whose id is the source's, else the sha256 of the text, so that colleagues agree on it.

    `text` is taken as it is; readers call `clean_text` first, before any offset is counted.
    """
    return Document(
        id=id or text_hash(text),
        text=text,
        title=title or title_of(text),
        meta=dict(meta or {}),
        tokens=tokens,
        sentences=sentences,
    )
