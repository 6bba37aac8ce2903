"""Decisions: the events that an annotation set is the fold of."""

from __future__ import annotations

import enum
import secrets
from dataclasses import dataclass

from annotator.model.spans import Span, Suggestion


class Verb(enum.StrEnum):
    """What a decision did."""

    ACCEPT = "accept"
    RELABEL = "relabel"
    RESIZE = "resize"
    ADD = "add"
    REJECT = "reject"
    REMOVE = "remove"
    DOUBT = "doubt"
    NOTE = "note"
    FINISH = "finish"
    SKIP = "skip"
    REOPEN = "reopen"
    UNDO = "undo"
    REDO = "redo"


class By(enum.StrEnum):
    """How a decision was made: one key for one span, one key for many, with the document, or by an import."""

    KEY = "key"
    BULK = "bulk"
    DOCUMENT = "document"
    IMPORT = "import"


class Status(enum.StrEnum):
    """How far an annotator is with a document. Done without spans means "nothing here"."""

    TODO = "todo"
    STARTED = "started"
    DONE = "done"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Decision:
    """One event. `step` groups what one undo takes back; an undo or redo names the step that it is about.

    `span` is the uid of the span decided on; `before` and `after` are its values, None where it was not there
    or is no longer. `suggestion` is a full copy of the one decided on. `when` is UTC in ISO 8601 to the second,
    such as 2026-11-22T14:02:11Z.
    """

    seq: int
    step: int
    verb: Verb
    who: str
    when: str
    span: str | None = None
    before: Span | None = None
    after: Span | None = None
    suggestion: Suggestion | None = None
    by: By = By.KEY
    uid: str = ""


def new_uid() -> str:
    """A random name for a record: 12 hex digits."""
    return secrets.token_hex(6)
