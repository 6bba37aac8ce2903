"""Records: what stands in a store's files beside the models themselves, and which tables each kind of file has."""

from __future__ import annotations

from dataclasses import field
from typing import Annotated, Any

from pydantic import StringConstraints
from pydantic.dataclasses import dataclass

from annotator.model.annotations import Effort
from annotator.model.assignments import Assigned, Returned
from annotator.model.decisions import Decision, Status
from annotator.model.dismissals import Dismissal
from annotator.model.documents import Document
from annotator.model.labels import LabelSet
from annotator.model.spans import Span, Suggestion
from annotator.model.validation import STRICT, Count, Flag, Seconds, Version

SCHEMA_VERSION = 1
"""The version of all that stands in a store; files of a newer one are read as far as they go, and never written."""

Number = Annotated[str, StringConstraints(pattern="^[1-9][0-9]{0,8}$")]
"""What a record of a table is called: TinyDB's id."""


@dataclass(frozen=True, kw_only=True, config=STRICT)
class StoreInfo:
    """What holds for a whole store: the one record of `store.json`, in its table `store`.

    `tokenizer` names the tokenizer, with its version, that the spans are aligned to; `model` the pipeline that
    suggests. Both are None until somebody has settled them. `created` is UTC in ISO 8601.
    """

    uid: str
    schema_version: Version = SCHEMA_VERSION
    created: str
    tokenizer: str | None = None
    model: str | None = None
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
class SetStatus:
    """The one record of the table `status`: how far the annotator is with the document, and what that cost.

    `seconds` at the keyboard and `keys` pressed; `blind` if suggestions were hidden. `revision` is the number of
    decisions, `updated` when the last one was made.
    """

    uid: str
    schema_version: Version
    document: str
    text_sha256: str
    annotator: str
    status: Status
    seconds: Seconds
    keys: Count
    revision: Count
    updated: str
    blind: Flag = False

    @property
    def effort(self) -> Effort:
        """What the set has cost."""
        return Effort(self.seconds, self.keys, self.blind)


@dataclass(frozen=True, kw_only=True, config=STRICT)
class StoredSpan(Span):
    """A span that is decided on, and the number of the last decision on it."""

    uid: str
    decision: Count


@dataclass(frozen=True, kw_only=True, config=STRICT)
class AssignmentHeader:
    """The one record of the table `assignment`: whose assignment it is."""

    uid: str
    schema_version: Version
    annotator: str


@dataclass(frozen=True, kw_only=True, config=STRICT)
class AuditHeader:
    """The one record of the table `audit`: the version of the file."""

    uid: str
    schema_version: Version


@dataclass(frozen=True, kw_only=True, config=STRICT)
class StepHeader:
    """The one record of the table `step` of a step over many documents; the label sets only where the step changes them."""

    uid: str
    schema_version: Version
    title: str
    who: str
    when: str
    order: Count
    is_undo: Flag
    labels_before: LabelSet | None = None
    labels_after: LabelSet | None = None


@dataclass(frozen=True, slots=True, config=STRICT)
class LeftOut:
    """A set that a step, or its undo, did not touch, and why."""

    document: str
    annotator: str
    reason: str


@dataclass(frozen=True, kw_only=True, config=STRICT)
class DocumentFile:
    """One document with the suggestions that its source brought; written once."""

    document: dict[Number, StoredDocument]
    suggestions: dict[Number, Suggestion]


@dataclass(frozen=True, kw_only=True, config=STRICT)
class AnnotationsFile:
    """One annotator's work on one document. Spans and status follow from the decisions."""

    status: dict[Number, SetStatus]
    spans: dict[Number, StoredSpan]
    decisions: dict[Number, Decision]


@dataclass(frozen=True, kw_only=True, config=STRICT)
class AssignmentFile:
    """What one annotator is asked to do, and what came back with a comment."""

    assignment: dict[Number, AssignmentHeader]
    assigned: dict[Number, Assigned]
    returned: dict[Number, Returned]


@dataclass(frozen=True, kw_only=True, config=STRICT)
class AuditFile:
    """The findings of audits that somebody judged to be fine."""

    audit: dict[Number, AuditHeader]
    dismissed: dict[Number, Dismissal]
