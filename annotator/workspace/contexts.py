"""Contexts: what stands around places in a store's texts, of which only the last few are kept."""

from __future__ import annotations

from collections import OrderedDict
from typing import NamedTuple, Protocol

from annotator.errors import InputError, StoreError
from annotator.store.repository import Store

_KEPT = 64


class Located(Protocol):
    """Anything with a place in a document."""

    @property
    def document(self) -> str: ...

    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


class Context(NamedTuple):
    """The text at a place and on either side of it, white space as single blanks."""

    before: str
    at: str
    behind: str


class Contexts:
    """Texts of a store, read when they are wanted."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._texts: OrderedDict[str, str] = OrderedDict()

    def around(self, located: Located, characters: int) -> Context:
        """The place, with up to so many characters on either side; empty where the document cannot be read."""
        text = self._text(located.document)
        return Context(
            _blanks(text[max(0, located.start - characters) : located.start]),
            _blanks(text[located.start : located.end]),
            _blanks(text[located.end : located.end + characters]),
        )

    def title(self, document_id: str) -> str:
        """What a document is called; its id where it has no title."""
        entry = self._store.catalogue.get(document_id)
        return entry.title if entry is not None and entry.title.strip() else document_id

    def _text(self, document_id: str) -> str:
        text = self._texts.get(document_id)
        if text is None:
            try:
                text = self._store.document(document_id).text
            except (StoreError, InputError):
                text = ""  # the audit has told of it
            self._texts[document_id] = text
            if len(self._texts) > _KEPT:
                self._texts.popitem(last=False)
        self._texts.move_to_end(document_id)
        return text


def _blanks(text: str) -> str:
    """`text` with white space as single blanks, also at its ends."""
    words = " ".join(text.split())
    if not words:
        return " " if text else ""
    return f"{' ' * text[0].isspace()}{words}{' ' * text[-1].isspace()}"
