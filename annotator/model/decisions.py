"""Decisions: the events that an annotation set is the fold of."""

from __future__ import annotations

import enum
import secrets
from datetime import UTC, datetime
from typing import NamedTuple

from pydantic.dataclasses import dataclass

from annotator.model.spans import Span, Suggestion
from annotator.model.validation import STRICT, Count, Offset


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
    COMMENT = "comment"
    FINISH = "finish"
    SKIP = "skip"
    REOPEN = "reopen"
    UNDO = "undo"
    REDO = "redo"


class By(enum.StrEnum):
    """How a decision was made.

    One key for one span, one key for many, with the document, by an import, or because all annotators agree.
    """

    KEY = "key"
    BULK = "bulk"
    DOCUMENT = "document"
    IMPORT = "import"
    AGREEMENT = "agreement"


class Status(enum.StrEnum):
    """How far an annotator is with a document. Done without spans means "nothing here"."""

    TODO = "todo"
    STARTED = "started"
    DONE = "done"
    SKIPPED = "skipped"


class CommentKey(NamedTuple):
    """What makes a comment the same one: its place and whom it is for."""

    start: int
    end: int
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True, config=STRICT)
class Comment:
    """What a reviewer tells the annotators about the characters `[start, end)`.

    `to` names those it is for, sorted; empty means all of them. A comment without a text takes back the one that
    was there.
    """

    start: Offset
    end: Offset
    text: str
    to: tuple[str, ...] = ()

    @property
    def key(self) -> CommentKey:
        """What the comment replaces: one of the same place for the same people."""
        return CommentKey(self.start, self.end, self.to)

    def is_for(self, annotator: str) -> bool:
        """True if `annotator` is to read it."""
        return not self.to or annotator in self.to


@dataclass(frozen=True, slots=True, config=STRICT)
class Decision:
    """One event. `step` groups what one undo takes back; an undo or redo names the step that it is about.

    `span` is the uid of the span decided on; `before` and `after` are its values, None where it was not there
    or is no longer. `suggestion` is a full copy of the one decided on; a reopening with one takes back its rejection
    alone. A doubt or note that names no span is about the suggestion, which stays undecided: `after` is a span at its place
    with the note and the flag that stand on it from now on. `when` is UTC in ISO 8601 to the second, such as 2026-11-22T14:02:11Z.
    """

    seq: Count
    step: Count
    verb: Verb
    who: str
    when: str
    span: str | None = None
    before: Span | None = None
    after: Span | None = None
    suggestion: Suggestion | None = None
    by: By = By.KEY
    uid: str = ""
    comment: Comment | None = None

    @property
    def is_remark(self) -> bool:
        """True for a doubt or a note on a suggestion that stays undecided."""
        return self.span is None and self.verb in (Verb.DOUBT, Verb.NOTE)


def new_uid() -> str:
    """A random name for a record: 12 hex digits."""
    return secrets.token_hex(6)


def time_text(moment: datetime) -> str:
    """A moment as decisions and all records tell it: UTC in ISO 8601, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def local_time(when: str) -> datetime:
    """The moment that a record tells, on this machine's clock.

    A record may come from anywhere: what is no moment counts as the first one that there is, and one at the end of
    all years, which has no local time, stays in UTC.
    """
    try:
        moment = datetime.fromisoformat(when)
    except ValueError:
        moment = datetime.min
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone()
    except (OverflowError, ValueError):
        return moment
