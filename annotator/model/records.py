"""Records: what stands in a store's files on documents and annotation sets, beside the models themselves."""

from __future__ import annotations

from dataclasses import field
from typing import Any, Literal

from pydantic.dataclasses import dataclass

from annotator.model.annotations import Effort
from annotator.model.decisions import Status
from annotator.model.documents import Document
from annotator.model.labels import LabelSet
from annotator.model.seen_text import united
from annotator.model.spans import Span
from annotator.model.validation import STRICT, AnnotatorName, Count, Flag, Offset, Seconds, Version

SCHEMA_VERSION = 1
"""The version of all that stands in a store; files of a newer one are read as far as they go, and never written."""


Access = Literal["open", "assigned"]
"""Which documents an annotator sees: all of them, or only those that are assigned or were sent back to them."""


@dataclass(frozen=True, kw_only=True, config=STRICT)
class StoreInfo:
    """What holds for a whole store: the one record of `store.json`, in its table `store`.

    `tokenizer` names the tokenizer, with its version, that the spans are aligned to; `model` the pipeline that
    suggests. Both are None until somebody has settled them, and so is `access`: a store that does not say is assigned
    once it has assignments. `created` is UTC in ISO 8601.
    """

    uid: str
    schema_version: Version = SCHEMA_VERSION
    created: str
    tokenizer: str | None = None
    model: str | None = None
    access: Access | None = None
    label_set: LabelSet


@dataclass(frozen=True, kw_only=True, config=STRICT)
class StoredDocument(Document):
    """The one record of the table `document`: the document, and how many suggestions came with it.

    `order` grows from import to import.
    """

    meta: dict[str, Any] = field(default_factory=dict)
    uid: str
    schema_version: Version
    order: Count
    suggestions: Count

    @property
    def document(self) -> Document:
        """The document without what only its file has."""
        return Document(
            self.id, self.text, self.title, self.meta, self.tokens, self.sentences, sha256=self.sha256
        )


@dataclass(frozen=True, kw_only=True, config=STRICT)
class ListHeader:
    """The one record of the first table of a list of records: the version of the file."""

    uid: str
    schema_version: Version


@dataclass(frozen=True, kw_only=True, config=STRICT)
class SetStatus:
    """The one record of the table `status`: how far the annotator is with the document, and what that cost.

    `seconds` at the keyboard and `keys` pressed; `blind` if suggestions were hidden. `revision` is the number of
    decisions, `updated` when the last one was made. `seen` are the ranges of the text that have been on the screen.
    """

    uid: str
    schema_version: Version
    document: str
    text_sha256: str
    annotator: AnnotatorName
    status: Status
    seconds: Seconds
    keys: Count
    revision: Count
    updated: str
    blind: Flag = False
    seen: tuple[tuple[Offset, Offset], ...] = ()

    @property
    def effort(self) -> Effort:
        """What the set has cost."""
        return Effort(self.seconds, self.keys, self.blind, united(self.seen))


@dataclass(frozen=True, kw_only=True, config=STRICT)
class StoredSpan(Span):
    """A span that is decided on, and the number of the last decision on it."""

    uid: str
    decision: Count
